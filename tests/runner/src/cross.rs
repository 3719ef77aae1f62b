//! Programs for other processors.

pub mod cargo;
pub mod toolchain;
