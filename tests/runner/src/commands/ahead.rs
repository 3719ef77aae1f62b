//! `tests/run ahead STEP...`: fetches what steps will want, one thing after the other, while other steps run. `tests/run` calls it.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use clap::Args;

use crate::endings::Group;
use crate::process::{self, Go, cargo};
use crate::steps::{self, Step};
use crate::{needs, place};

/// For which.
#[derive(Args)]
pub struct Options {
    /// Steps
    steps: Vec<String>,
}

/// Fetches. What cannot be fetched is no failure here: the step tries again, and prints why.
pub fn ahead(options: &Options) -> Result<ExitCode> {
    for package in std::iter::once(".").chain(steps::OUTSIDE.iter().copied()) {
        let fetched = cargo("fetch --quiet --locked --manifest-path").arg(format!("{package}/Cargo.toml")).go();
        if let Err(why) = fetched {
            println!("crates of {package}: {why:#}");
        }
    }
    for thing in options.steps.iter().filter_map(|name| steps::by_name(name)).flat_map(|step| step.fetches) {
        if thing.is_there() {
            continue;
        }
        let fetched = needs::ensure(thing.needs()).and_then(|()| thing.fetch());
        if let Err(why) = fetched {
            println!("{thing}: {why:#}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A process that does this while it lives here.
pub struct Running {
    child: Child,
    _group: Group,
}

impl Running {
    /// Starts it: the first step's things first, whatever their lane. Its output is in `fetch.log`.
    ///
    /// # Errors
    ///
    /// A process or a file that cannot be made.
    pub fn start(lanes: &[Vec<&'static Step>], logs: &Path) -> Result<Self> {
        let longest = lanes.iter().map(Vec::len).max().unwrap_or_default();
        let steps = (0..longest).flat_map(|at| lanes.iter().filter_map(move |lane| lane.get(at)));
        let log = std::fs::File::create(logs.join("fetch.log"))?;
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM"]).arg(place::runner()).arg("ahead").args(steps.map(|step| step.name));
        command.current_dir(place::root()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.process_group(0).spawn().context("setpriv")?;
        let group = Group::led_by(child.id());
        Ok(Self { child, _group: group })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // By then it is through, unless a step has failed and ended the run.
        process::line("kill -TERM --").arg(format!("-{}", self.child.id())).succeeds();
        let _ = self.child.wait();
    }
}
