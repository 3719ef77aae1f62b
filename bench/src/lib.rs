//! Turns what strace, callgrind and the kernel reported about the weighed programs into figures, tables, a chart and a verdict.

pub mod callgrind;
#[cfg(feature = "report")]
pub mod chart;
pub mod figures;
pub mod marks;
#[cfg(feature = "report")]
pub mod results;
pub mod strace;
#[cfg(feature = "report")]
pub mod table;
#[cfg(feature = "report")]
pub mod verdict;
