//! The firmware example, copied: what its README describes, in a copy outside of this repository. The programs are run, those for Arm
//! by an emulator. rustup need not have the targets for Arm: then Debian's compiler and its library are used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::cross::cargo::{LINUX, fetched_compiler, has_target, lld};
use crate::cross::toolchain;
use crate::process::{Go, Seen, command, line};
use crate::{endings, place};

/// The copy; it goes with its last user.
struct Outside(PathBuf);

impl Outside {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("vidbuf-copy.{}", std::process::id()));
        fs::create_dir_all(folder.join(".cargo"))?;
        endings::removed(&folder);
        command("cp")
            .arg("-r")
            .arg(place::root().join("backend-linux/examples/firmware"))
            .arg(folder.join("camera"))
            .go()?;
        let outside = Self(folder);
        if outside.camera("target").exists() {
            fs::remove_dir_all(outside.camera("target"))?;
        }
        // The folder above the copy stands in for crates.io.
        let root = place::root().display();
        let patch = format!(
            "[patch.crates-io]\nvidbuf = {{ path = \"{root}/core\" }}\nvidbuf-abi = {{ path = \"{root}/backend-linux/abi\" }}\n\
             vidbuf-linux = {{ path = \"{root}/backend-linux\" }}\n"
        );
        fs::write(outside.0.join(".cargo/config.toml"), patch)?;
        let manifest = fs::read_to_string(outside.camera("Cargo.toml"))?;
        fs::write(outside.camera("Cargo.toml"), as_published(&manifest))?;
        Ok(outside)
    }

    fn camera(&self, path: &str) -> PathBuf {
        self.0.join("camera").join(path)
    }

    fn inside(&self, words: &str) -> Command {
        let mut command = line(words);
        command.current_dir(self.0.join("camera")).env_remove("CARGO_TARGET_DIR");
        command
    }

    /// A command of the README.
    fn command(&self, words: &str) -> Result<Command> {
        let mut command = self.inside(words);
        for target in LINUX {
            if words.contains(target) && !has_target(target)? {
                fetched_compiler(&mut command);
                // As rustup's compiler finds its own.
                let linkers = lld()?;
                let path = std::env::var("PATH").unwrap_or_default();
                command.env("PATH", format!("{}:{path}", linkers.parent().unwrap_or(&linkers).display()));
                if target.starts_with("armv7-") {
                    command.arg("-Zbuild-std=core");
                }
            }
        }
        Ok(command)
    }

    /// Runs a command of the README. Warnings are faults: a user would see them.
    fn build(&self, words: &str) -> Result<()> {
        let seen = self.command(words)?.seen()?;
        let words = seen.both();
        print!("{words}");
        ensure!(seen.ok(), "status {}", seen.status);
        let wrong = complaints(&words);
        ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }

    fn run(&self, emulator: Option<&str>, program: &str) -> Result<Seen> {
        let program = self.camera(program);
        let mut run = match emulator {
            Some(emulator) => command(emulator),
            None => command(&program),
        };
        if emulator.is_some() {
            run.arg(&program);
        }
        run.arg("/dev/no-such-node").seen()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        // It is among temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A manifest whose paths are versions: `{ path = ".." }` is `"0.1"`.
fn as_published(manifest: &str) -> String {
    let line = |line: &str| match (line.find("{ path = \""), line.find("\" }")) {
        (Some(from), Some(to)) if from < to => format!("{}\"0.1\"{}", &line[..from], &line[to + 3..]),
        _ => line.to_owned(),
    };
    manifest.lines().map(|text| line(text) + "\n").collect()
}

/// Warnings and errors of cargo. What stands in for crates.io does so for Rust's own library, too, where that is built.
fn complaints(output: &str) -> Vec<&str> {
    let bad = |line: &&str| line.starts_with("warning") || line.starts_with("error");
    output
        .lines()
        .filter(bad)
        .filter(|line| !(line.starts_with("warning: patch ") && line.ends_with("was not used in the crate graph")))
        .collect()
}

/// The commands of a README: lines in its `sh` blocks that begin with `cargo`.
fn commands(readme: &str) -> Vec<String> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in readme.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && line.starts_with("cargo ") {
            commands.push(line.to_owned());
        }
    }
    commands
}

const ARM64: &str = "target/aarch64-unknown-linux-gnu/release/firmware";
const ARM: &str = "target/armv7-unknown-linux-gnueabihf/release/firmware";

/// The step.
pub fn firmware_copy(asked: &Asked) -> Result<()> {
    let targets: Result<Vec<bool>> = LINUX.into_iter().map(has_target).collect();
    if targets?.contains(&false) {
        toolchain::fetch()?;
    }
    let outside = Arc::new(Outside::new()?);
    let mut cases = Cases::new();
    let copy = outside.clone();
    cases.add("no path is left", move || {
        let manifest = fs::read_to_string(copy.camera("Cargo.toml"))?;
        ensure!(!manifest.lines().any(|line| line.contains("path =") || line.contains("path=")), "{manifest}");
        Ok(())
    });
    outside.inside("cargo fetch").persist()?;
    let readme = commands(&fs::read_to_string(outside.camera("README.md"))?);
    let count = readme.len();
    cases.add("four commands", move || {
        ensure!(count == 4, "{count}");
        Ok(())
    });
    for words in &readme {
        let (copy, words) = (outside.clone(), words.clone());
        cases.add(words.clone(), move || copy.build(&words));
    }
    let for_arm64 = readme.get(2).context("no third command")?.clone();
    runs(&mut cases, &outside, "the dev profile's program", None, "target/debug/firmware");
    runs(&mut cases, &outside, "the program", None, "target/release/firmware");
    runs(&mut cases, &outside, "the program for 64-bit Arm", Some("qemu-aarch64-static"), ARM64);
    runs(&mut cases, &outside, "the program for 32-bit Arm", Some("qemu-arm-static"), ARM);
    for (name, program, most) in [
        ("5.5 KiB", "target/release/firmware", 5632),
        ("11 KiB for 64-bit Arm", ARM64, 11_264),
        ("12 KiB for 32-bit Arm", ARM, 12_288),
    ] {
        let copy = outside.clone();
        cases.add(name, move || {
            let bytes = fs::metadata(copy.camera(program))?.len();
            println!("{bytes} bytes: {program}");
            ensure!(bytes <= most, "{bytes} bytes");
            Ok(())
        });
    }
    other_linker(&mut cases, &outside, &for_arm64);
    let (copy, words) = (outside.clone(), for_arm64);
    cases.add("back to the linker of Rust", move || copy.build(&words));
    runs(&mut cases, &outside, "the program for 64-bit Arm again", Some("qemu-aarch64-static"), ARM64);
    drop(outside);
    cases.run(asked.filter())
}

/// The program takes its argument, opens that, prints why it cannot, and ends as the README describes.
fn runs(cases: &mut Cases, outside: &Arc<Outside>, name: &str, emulator: Option<&'static str>, program: &'static str) {
    let copy = outside.clone();
    cases.add(name, move || {
        let seen = copy.run(emulator, program)?;
        ensure!(
            seen.status == 3 && seen.out.trim_end() == "firmware: no such device",
            "status {}: {}",
            seen.status,
            seen.both()
        );
        Ok(())
    });
}

/// Another linker is configured: build.rs has other arguments for it. This one only keeps them.
fn other_linker(cases: &mut Cases, outside: &Arc<Outside>, words: &str) {
    let (copy, words) = (outside.clone(), words.to_owned());
    let build = move || -> Result<String> {
        let (linker, arguments) = (copy.0.join("compiler"), copy.0.join("arguments"));
        if !arguments.exists() {
            write_linker(&linker, &arguments)?;
            let mut command = copy.command(&words)?;
            let seen = command.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", &linker).seen()?;
            ensure!(!seen.ok(), "it linked without a linker");
        }
        Ok(fs::read_to_string(&arguments)?)
    };
    let build = Arc::new(build);
    for (name, argument) in [
        ("a C compiler gets none of its start files", "-nostartfiles"),
        ("and the linker's arguments as it takes them", "-Wl,-znorelro"),
    ] {
        let build = build.clone();
        cases.add(name, move || {
            let arguments = build()?;
            ensure!(arguments.split_whitespace().any(|word| word == argument), "no {argument} in: {arguments}");
            Ok(())
        });
    }
}

fn write_linker(linker: &Path, arguments: &Path) -> Result<()> {
    fs::write(linker, format!("#!/bin/sh\necho \"$@\" >{}\nexit 1\n", arguments.display()))?;
    command("chmod").arg("+x").arg(linker).go()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_and_a_readme_are_read_as_a_user_does() {
        assert_eq!(as_published("a = { path = \"../x\" }\nb = \"1\"\n"), "a = \"0.1\"\nb = \"1\"\n");
        assert_eq!(commands("```sh\ncargo a\nls\n```\ncargo b\n```toml\ncargo c\n```\n"), ["cargo a"]);
    }

    #[test]
    fn a_warning_is_a_fault() {
        assert_eq!(
            complaints("warning: x\nerror[E1]: y\n   Compiling\nwarning: patch a was not used in the crate graph\n")
                .len(),
            2
        );
    }
}
