//! Programs of crates.io that steps run, installed below the target folder, and the nightly toolchain.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::lock::Lock;
use crate::place::below_target;
use crate::process::{Go, cargo, command, nightly};

/// cargo-mutants; returns the folder that it is in.
///
/// # Errors
///
/// An installation that failed.
pub fn cargo_mutants() -> Result<PathBuf> {
    installed("cargo-mutants", "27.1.0", &["mutants", "--version"])
}

fn installed(name: &str, version: &str, asked: &[&str]) -> Result<PathBuf> {
    let tools = below_target("tools");
    let _lock = Lock::take(&tools.join("lock"))?;
    let program = tools.join("bin").join(name);
    let is = command(&program).args(asked).seen().is_ok_and(|seen| seen.out.trim() == format!("{name} {version}"));
    if !is {
        println!("installing {name} {version} from crates.io into {}", tools.display());
        cargo("install --quiet --locked --root").arg(&tools).args(["--version", version, name]).persist()?;
    }
    Ok(tools.join("bin"))
}

/// Makes sure that there is a nightly toolchain.
///
/// # Errors
///
/// There is none.
pub fn needs_nightly() -> Result<()> {
    let there = nightly("--version").seen().is_ok_and(|seen| seen.ok());
    ensure!(
        there,
        "no nightly toolchain: rustup toolchain install nightly --profile minimal (sanitizers and fuzzing are not stable)"
    );
    Ok(())
}
