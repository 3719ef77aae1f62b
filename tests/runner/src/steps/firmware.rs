//! The firmware example: no std, no libc. Its size against the budget, and in a guest what it costs and how it ends.

use anyhow::{Result, ensure};

use super::Asked;
use super::vivid::copied;
use crate::cases::Cases;
use crate::guest::boot::Boot;
use crate::place::{self, below_target};
use crate::process::{Go, cargo};
use crate::{measure, workspace};

/// Bytes that the program may have in its file.
const MOST: u64 = 5400;

/// The step.
pub fn firmware(asked: &Asked) -> Result<()> {
    let on = |words: &str| {
        let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
        let mut cargo = cargo(command);
        cargo
            .words("--locked --quiet --manifest-path backend-linux/examples/firmware/Cargo.toml --target-dir")
            .arg(below_target("firmware"));
        cargo.words(rest);
        cargo
    };
    cargo("fetch --locked --manifest-path backend-linux/examples/firmware/Cargo.toml").persist()?;
    on("clippy -- -D warnings").go()?;
    on("build --release").go()?;
    let program = below_target("firmware/release/firmware");
    let mut cases = Cases::new();
    let measured = program.clone();
    cases.add(format!("the file has {MOST} bytes at most"), move || {
        let bytes = std::fs::metadata(&measured)?.len();
        let (code, data) = (measure::loaded(&measured, "R E")?, measure::loaded(&measured, "RW")?);
        println!("firmware, x86_64, opt-level z: {bytes} bytes in the file, code and constants {code}, data {data}");
        ensure!(bytes <= MOST, "{bytes} bytes");
        Ok(())
    });
    let outcome = cases.run(asked.filter());

    let suite = workspace::for_guests("--bin suite")?.join("suite");
    let files = place::emptied("guest-firmware")?;
    copied(&files, &[program, suite])?;
    let mut boot = Boot::new("amd64-6.1")?.counted().command(&files, &["suite", "firmware"]);
    boot.with = vec!["strace".into(), "v4l2-ctl".into()];
    boot.limit = 180;
    boot.go()?;
    outcome
}
