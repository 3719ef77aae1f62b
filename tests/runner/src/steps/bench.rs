//! What a frame costs, in instructions, system calls, allocations and bytes, against the budgets of bench/budgets.toml.

use anyhow::Result;

use super::Asked;
use crate::bench::{self, Mode};
use crate::place::below_target;
use crate::process::{Go, cargo};

/// The step.
pub fn budgets(_: &Asked) -> Result<()> {
    let mut clippy = cargo("clippy --locked --quiet --manifest-path bench/peers/Cargo.toml --target-dir");
    clippy.arg(below_target("bench/clippy")).words("-- -D warnings").go()?;
    bench::bench(Mode::Check)
}
