//! `tests/run table`: what the library takes on each processor.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::measure;

/// Prints what the last run of the steps `bare_metal` and `boards` measured.
pub fn table() -> Result<ExitCode> {
    print!("{}", measure::table().context("run first: tests/run bare_metal boards")?);
    Ok(ExitCode::SUCCESS)
}
