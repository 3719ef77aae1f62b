//! Programs of the workspace that steps run. A step names the programs and never a package: then cargo gives the libraries the same
//! features in every command, and what steps have in common is built once.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::place::{HOST, below_target};
use crate::process::{Go, cargo};

/// An example that is soon built. With one, features that only tests and examples ask for count in every command.
const ANY_EXAMPLE: &str = "--example speed";

/// The flag of programs that run where no library of this machine is.
const STATIC: &str = "-C target-feature=+crt-static";

/// `cargo COMMAND` with words like `--bin NAME`, `--example NAME` and `--test NAME`, unoptimised, in `target/debug`.
pub fn unoptimised(command: &str, words: &str) -> Command {
    let mut cargo = cargo(command);
    cargo.words("--locked").words(if command == "build" { ANY_EXAMPLE } else { "" }).words(words);
    cargo
}

/// Builds optimised programs of this machine: `--bin NAME`, `--example NAME`. Returns their folder.
///
/// # Errors
///
/// They do not build.
pub fn optimised(words: &str) -> Result<PathBuf> {
    unoptimised("build", "--release").words(words).go()?;
    Ok(below_target("release"))
}

/// Programs for guests: linked statically, in a folder of their own. None is weighed, and there the kernel takes the time: they are
/// built quickly rather than well.
///
/// # Errors
///
/// They do not build.
pub fn for_guests(words: &str) -> Result<PathBuf> {
    for_guests_by("build", words).go()?;
    Ok(below_target(HOST).join("release"))
}

/// Colours are converted once a run; for that an unoptimised converter will do. An optimised one takes a minute, for every format there
/// is.
pub const COLOURS: &str = "--config profile.release.package.yuv.opt-level=0";

/// The command of cargo that builds those.
pub fn for_guests_by(command: &str, words: &str) -> Command {
    let mut cargo = unoptimised(command, "--release --target");
    cargo.arg(HOST).words(COLOURS).words(words).env("RUSTFLAGS", STATIC);
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    cargo
}
