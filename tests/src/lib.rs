//! What the tests share: a backend that answers at once, and the contract that every backend keeps.

pub mod contract;
pub mod instant;
