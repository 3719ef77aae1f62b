//! The steps: a row says what a step checks, what it needs and how many checks it has at least.

mod any_program;
mod api;
mod bare_metal;
mod bench;
mod boards;
mod boot;
mod capture;
pub mod compliance;
mod declared;
mod drivers;
mod firmware;
mod firmware_copy;
mod fuzz;
mod logged;
mod logs;
mod loom;
mod loopback;
mod model;
mod plain;
mod sanitizers;
mod sections;
mod simulator;
mod table;
mod tree;
mod vivid;
mod words;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::fetch::Thing;
use crate::{needs, process};

pub use plain::OUTSIDE;
pub use table::ALL;

/// Which steps go one after the other; the lanes go side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// On this machine.
    Host,
    /// Optimised programs, which are in one folder. Most of these steps wait for frames: beside the others they cost little.
    Programs,
    /// In guests and on other processors.
    Guests,
}

/// A step.
pub struct Step {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it checks.
    pub about: &'static str,
    /// Its lane.
    pub lane: Lane,
    /// Whether what it builds is in folders of its own, so that it may run beside another step of its lane.
    pub apart: bool,
    /// Whether it belongs to `tests/run quick`.
    pub quick: bool,
    /// How many checks it has: fewer are a failure, so that none gets lost.
    pub least: usize,
    /// Programs of this machine.
    pub needs: &'static [&'static str],
    /// What it fetches into the target folder.
    pub fetches: &'static [Thing],
    /// What it does.
    pub run: fn(&Asked) -> Result<()>,
}

impl Step {
    /// The programs that it and what it fetches need.
    pub fn all_needs(&self) -> impl Iterator<Item = &'static str> {
        self.needs.iter().copied().chain(self.fetches.iter().flat_map(|thing| thing.needs().iter().copied()))
    }
}

/// What a step is asked for.
#[derive(Args, Default)]
pub struct Asked {
    /// The step
    pub name: String,
    /// Only cases with this in their name
    #[arg(long)]
    pub filter: Option<String>,
    /// Words for the step
    #[arg(last = true)]
    pub rest: Vec<String>,
}

impl Asked {
    /// The filter, for `cases`.
    pub fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// A cargo test's filter, behind `--`.
    pub fn test_filter(&self) -> Vec<&str> {
        self.filter.iter().flat_map(|filter| ["--", filter]).collect()
    }
}

/// The step of that name.
pub fn by_name(name: &str) -> Option<&'static Step> {
    ALL.iter().find(|step| step.name == name)
}

/// Runs one step in this process.
///
/// # Errors
///
/// The step failed.
pub fn here(asked: &Asked) -> Result<ExitCode> {
    let step = by_name(&asked.name).ok_or_else(|| anyhow::anyhow!("there is no step {}", asked.name))?;
    needs::ensure(&step.all_needs().collect::<Vec<_>>())?;
    let outcome = (step.run)(asked);
    if let Some(seconds) = process::processor_time() {
        println!("{seconds} s of processor time");
    }
    Ok(match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("FAILED: {why:#}");
            ExitCode::FAILURE
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_a_name_of_its_own_and_checks_something() {
        for (number, step) in ALL.iter().enumerate() {
            assert!(step.least > 0, "{}", step.name);
            assert!(ALL[..number].iter().all(|other| other.name != step.name), "{} twice", step.name);
            let command = [
                "all",
                "quick",
                "no-guests",
                "list",
                "fetch",
                "guest",
                "table",
                "contract",
                "record",
                "mutants",
                "ahead",
                "step",
            ];
            assert!(!command.contains(&step.name), "{} is a command", step.name);
        }
    }

    #[test]
    fn every_program_that_a_step_needs_has_a_package() {
        for program in ALL.iter().flat_map(Step::all_needs) {
            assert!(!needs::package(program).starts_with('/'), "{program}");
        }
    }
}
