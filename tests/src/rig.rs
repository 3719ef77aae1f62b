//! Devices under test.

pub mod kernel;
pub mod simulator;
