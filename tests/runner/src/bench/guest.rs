//! What runs in the guest: the program `suite`, which runs every program of the folders 3 and z and keeps what was seen in /out.

use std::fs;

use anyhow::Result;

use super::build::{FLOORS, PROFILES};
use super::{Bench, Frames, IN_GUEST, boot};
use crate::workspace;

/// Counts on the driver.
pub fn count(bench: &Bench) -> Result<()> {
    suite(bench)?;
    if bench.is_check() {
        without_floors(bench)?;
    }
    let Frames { short, long } = IN_GUEST;
    let mut boot = boot(bench)?.command(&bench.files, &["suite", "scales", &short.to_string(), &long.to_string()]);
    boot.with.push("strace".into());
    boot.go()
}

/// What vidbuf is compared with has no budget: it builds, and is not run.
fn without_floors(bench: &Bench) -> Result<()> {
    for (_, opt) in PROFILES {
        for name in FLOORS {
            fs::remove_file(bench.files.join(opt).join(name))?;
        }
    }
    Ok(())
}

/// Counts vidbuf alone, with its source lines.
pub fn profile(bench: &Bench) -> Result<()> {
    suite(bench)?;
    let Frames { short, long } = IN_GUEST;
    boot(bench)?.command(&bench.files, &["suite", "profile", &short.to_string(), &long.to_string()]).go()
}

fn suite(bench: &Bench) -> Result<()> {
    fs::copy(workspace::for_guests("--quiet --bin suite")?.join("suite"), bench.files.join("suite"))?;
    Ok(())
}
