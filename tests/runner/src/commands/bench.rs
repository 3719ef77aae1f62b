//! `bench/run [MODE]`: measures.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::bench::{self, Mode};
use crate::needs;

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// What is measured
    #[arg(value_enum, default_value = "all")]
    mode: Mode,
}

/// Measures. GUEST in the environment names another guest, LIBCLANG=no leaves out the crates that need libclang.
pub fn bench(options: &Options) -> Result<ExitCode> {
    needs::ensure(bench::NEEDS)?;
    bench::bench(options.mode)?;
    Ok(ExitCode::SUCCESS)
}
