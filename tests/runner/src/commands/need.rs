//! `tests/run need PROGRAM...`: makes sure of programs of this machine.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::needs;

/// Which.
#[derive(Args)]
pub struct Options {
    /// Programs
    programs: Vec<String>,
}

/// Installs the packages of those that are missing.
pub fn need(options: &Options) -> Result<ExitCode> {
    needs::ensure(&options.programs.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok(ExitCode::SUCCESS)
}
