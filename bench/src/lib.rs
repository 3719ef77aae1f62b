//! Turns what strace, callgrind and the kernel said of the programs on the scales into figures, tables, a chart and a verdict.

pub mod callgrind;
#[cfg(feature = "report")]
pub mod chart;
pub mod figures;
pub mod marks;
pub mod strace;
#[cfg(feature = "report")]
pub mod table;
#[cfg(feature = "report")]
pub mod verdict;
