//! What the figures are of: versions, the commit, this machine.

use std::fs;

use anyhow::{Context, Result};

use super::{Bench, Mode};
use crate::guest::kind::Kind;
use crate::guest::modules;
use crate::place::{HOST, below_target};
use crate::process::{Go, cargo, line};

/// The commit that is measured; its own results and the README are no change of it.
pub fn revision() -> Result<String> {
    let changed = !line("git diff --quiet HEAD -- . :!bench/RESULTS.md :!README.md").succeeds();
    let commit = line("git rev-parse --short=10 HEAD").text()?;
    Ok(format!("{}{}", commit.trim(), if changed { " with changes" } else { "" }))
}

/// A line for each.
pub fn words(bench: &Bench, revision: &str) -> Result<String> {
    let kind = Kind::named(&bench.guest)?;
    let first =
        |command: &str| Ok::<_, anyhow::Error>(line(command).text()?.lines().next().unwrap_or_default().to_owned());
    let mode = match bench.mode {
        Mode::All => "all",
        Mode::Results => "results",
        Mode::Profile => "profile",
        Mode::Check => "check",
    };
    let guest = std::env::var("GUEST").map(|guest| format!(", GUEST={guest}")).unwrap_or_default();
    let cpu =
        kind.processor.machine.split_once("-cpu ").and_then(|(_, rest)| rest.split(' ').next()).unwrap_or_default();
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
    let mut words = format!(
        "kernel Linux {}, vivid\nrustc {}\ncc {}\nvalgrind {}\ndate {}\ncommit {revision}\ncommand bench/run {mode}{guest}\n\
         emulator {}, -cpu {cpu}\nprocessor {}\n",
        modules::version(&kind)?,
        first("rustc --version")?,
        first("cc --version")?,
        first("valgrind --version")?,
        first("date -u +%F")?,
        first(&format!("{} --version", kind.processor.emulator))?,
        model.map_or("unknown", |(_, name)| name),
    );
    if !bench.is_check() {
        words += &packages()?;
        words += &format!("firmware {}\n", firmware_bytes()?);
    }
    Ok(words)
}

/// Packages that a program gets with each crate, itself included, and with those that only build it.
fn packages() -> Result<String> {
    let mut words = String::new();
    for (name, package) in [
        ("floor-rustix", "rustix"),
        ("vidbuf", "vidbuf-linux"),
        ("linuxvideo", "linuxvideo"),
        ("moq-v4l", "moq-v4l"),
        ("v4l", "v4l"),
        ("v4l2r", "v4l2r"),
    ] {
        let count = |edges: &str| -> Result<usize> {
            let mut tree = cargo(
                "tree --locked --manifest-path bench/peers/Cargo.toml --all-features --prefix depth --no-dedupe --target",
            );
            Ok(below(&tree.args([HOST, "-e", edges]).text()?, package))
        };
        words += &format!("{name}.packages {} of {}\n", count("normal")?, count("normal,build")?);
    }
    Ok(words)
}

/// Different packages in the part of a tree that begins with a direct dependency, itself included. A line begins with its depth.
fn below(tree: &str, package: &str) -> usize {
    let (mut on, mut seen) = (false, std::collections::BTreeSet::new());
    for line in tree.lines() {
        let name = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let mut words = name.split_whitespace();
        let (first, version) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match &line[..line.len() - name.len()] {
            "1" => on = first == package,
            "0" => on = false,
            _ => {}
        }
        if on {
            seen.insert((first, version));
        }
    }
    seen.len()
}

/// Bytes of the firmware example's file.
fn firmware_bytes() -> Result<u64> {
    let mut build = cargo(
        "build --locked --quiet --release --manifest-path backend-linux/examples/firmware/Cargo.toml --target-dir",
    );
    build.arg(below_target("firmware")).go()?;
    Ok(fs::metadata(below_target("firmware/release/firmware")).context("the firmware example")?.len())
}

#[cfg(test)]
mod tests {
    #[test]
    fn packages_of_one_branch_are_counted_once() {
        let tree = "0peers v0\n1rustix v1\n2bitflags v2\n2libc v0\n3bitflags v2\n1v4l v0\n2other v1\n";
        assert_eq!((super::below(tree, "rustix"), super::below(tree, "v4l"), super::below(tree, "x")), (3, 2, 0));
    }
}
