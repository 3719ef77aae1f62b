//! The same random system calls on a real vivid node and on the simulator, compared answer by answer.
//!
//! [`program`] is what `tests/src/bin/differential.rs` runs. A step is data ([`operation`]), drawn from a seed ([`draw`]), done on both
//! sides ([`pair`]: [`kernel`] and [`simulated`]), and compared ([`world`]). What differs is shortened by replay ([`run`]).

mod argument;
pub mod draw;
pub mod frames;
pub mod kernel;
pub mod memories;
pub mod operation;
pub mod pair;
pub mod program;
pub mod run;
pub mod show;
pub mod signal;
pub mod simulated;
pub mod sleeper;
pub mod subject;
pub mod system;
pub mod world;
