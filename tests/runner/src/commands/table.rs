//! `tests/run table`: what the library takes on each processor.

use std::process::ExitCode;

use anyhow::Result;

use crate::cross::cargo::{BARE, LINUX};
use crate::measure;
use crate::place::HOST;

/// Prints what the last run of the steps `bare_metal` and `boards` measured.
pub fn table() -> Result<ExitCode> {
    let targets: Vec<&str> = [HOST].into_iter().chain(LINUX).chain(BARE).collect();
    print!("{}", measure::table(&targets)?);
    Ok(ExitCode::SUCCESS)
}
