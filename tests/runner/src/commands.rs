//! What `tests/run` can be asked to do.

pub mod ahead;
pub mod bench;
pub mod contract;
pub mod faults;
pub mod fetch;
pub mod guest;
pub mod headers;
pub mod list;
pub mod mutants;
pub mod need;
pub mod programs;
pub mod record;
pub mod run;
pub mod table;
