//! The small model: every interleaving of two threads and a driver over three buffers, on the real code, until there is no new state;
//! to a depth, the same on a device that sleeps, and with interruptions before every access to the shared numbers; a driver that must
//! be caught; and copies of the library that are broken on purpose, each of which must be caught.

use std::process::Command;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::below_target;
use crate::process::{Go, cargo, command};
use crate::workspace;

/// The step.
pub fn model(asked: &Asked) -> Result<()> {
    cargo("fetch --locked").persist()?;
    // It explores little itself: what it explores for long are copies, which it builds better.
    workspace::unoptimised("build", "--quiet --bin vidbuf-model").go()?;
    let model = || command(below_target("debug/vidbuf-model"));
    let copies = |how: &str| {
        let mut model: Command = model();
        model.arg(how).arg(below_target("mutants"));
        model
    };
    copies("--whole").go()?;
    copies("--whole").words("--blocking --part 26").go()?;
    let mut cases = Cases::new();
    cases.add("a driver that writes what it gave away is caught", move || {
        let seen = command(below_target("debug/vidbuf-model")).words("--driver-scribbles 9").seen()?;
        print!("{}", seen.both());
        ensure!(seen.status == 1 && seen.out.contains("not so: "), "it was not caught: status {}", seen.status);
        Ok(())
    });
    cases.run(asked.filter())?;
    copies("--cells").words("--part 38").go()?;
    copies("--mutants").go()
}
