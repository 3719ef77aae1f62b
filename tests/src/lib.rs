//! What the tests share: the contract that every backend keeps, devices to keep it, and a backend that answers at once.

pub mod c_library;
pub mod contract;
pub mod counting;
#[cfg(target_pointer_width = "64")]
pub mod differential;
pub mod instant;
pub mod rig;
pub mod watched;

/// The programs in the repository's README: the one for Linux is compiled, the test is run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The example of the core's README, run as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../../core/README.md")]
pub struct CoreReadme;

/// The example of the simulator's README, run as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../../backend-sim/README.md")]
pub struct SimReadme;
