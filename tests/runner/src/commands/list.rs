//! `tests/run list`: the steps.

use std::process::ExitCode;

use anyhow::Result;

use crate::steps::{self, Lane};

/// Prints a line for each step.
pub fn list() -> Result<ExitCode> {
    for lane in [Lane::Host, Lane::Programs, Lane::Guests] {
        println!(
            "{}",
            match lane {
                Lane::Host => "on this machine:",
                Lane::Programs => "on this machine, optimised programs:",
                Lane::Guests => "in guests and on other processors:",
            }
        );
        for step in steps::ALL.iter().filter(|step| step.lane == lane) {
            println!(
                "  {:18} {:4} checks or more  {}{}",
                step.name,
                step.least,
                step.about,
                if step.quick { " (quick)" } else { "" }
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
