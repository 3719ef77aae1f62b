//! Cargo for other processors: with rustup's target where it is installed, else with the compiler that was fetched. No C compiler
//! is needed: `rust-lld` links.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::toolchain::part;
use crate::place;
use crate::process::{Go, cargo, line};

/// Processors without an operating system.
pub const BARE: [&str; 3] = ["thumbv6m-none-eabi", "thumbv7em-none-eabihf", "riscv32imac-unknown-none-elf"];
/// Other processors with Linux.
pub const LINUX: [&str; 2] = ["aarch64-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf"];

/// What of Rust's own library a program uses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Library {
    /// All of it.
    Std,
    /// `core` alone.
    Core,
}

/// Where the compiler's own files are.
///
/// # Errors
///
/// No compiler.
pub fn sysroot() -> Result<PathBuf> {
    Ok(line("rustc --print sysroot").text()?.trim().into())
}

/// The linker that comes with the compiler.
///
/// # Errors
///
/// No compiler.
pub fn lld() -> Result<PathBuf> {
    let host = line("rustc -vV").text()?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc has no host")?.to_owned();
    Ok(sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld"))
}

/// Whether rustup has installed the target.
///
/// # Errors
///
/// No compiler.
pub fn has_target(target: &str) -> Result<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(target).join("lib").exists())
}

/// Where programs for other processors are built: apart, because the compiler may be another one.
pub fn built() -> PathBuf {
    place::below_target("targets/built")
}

/// `cargo COMMAND --target TARGET`, with everything that takes.
///
/// # Errors
///
/// No compiler.
pub fn cross(target: &str, library: Library, words: &str) -> Result<Command> {
    let mut words = words.split_whitespace();
    let mut cargo = cargo(words.next().unwrap_or_default());
    let name = target.to_uppercase().replace('-', "_");
    if !has_target(target)? {
        fetched_compiler(&mut cargo);
        match (target, library) {
            (target, _) if target.contains("-none-") => drop(cargo.arg("-Zbuild-std=core")),
            (target, Library::Core) if target.starts_with("armv7-") => drop(cargo.arg("-Zbuild-std=core")),
            (target, _) if target.starts_with("armv7-") => drop(cargo.arg("-Zbuild-std=std,panic_abort")),
            _ => {}
        }
    }
    if library == Library::Std {
        // None of these is weighed, and none computes for long: built quickly rather than well.
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    }
    let linker = match target {
        target if target.starts_with("aarch64-") => part("arm64/ld"),
        target if target.starts_with("armv7-") => part("armhf/ld"),
        _ => lld()?,
    };
    let mut flags = String::new();
    if target.contains("-linux-") {
        flags += " -Clinker-flavor=ld.lld -Ctarget-feature=+crt-static -Crelocation-model=static";
    }
    if target.starts_with("aarch64-") && library == Library::Core {
        // Atomics that ask the processor at run time want `getauxval` of a C library.
        flags += " -Ctarget-feature=-outline-atomics";
    }
    // A message in a program names no folder of this machine, and is as long on every machine.
    let home = std::env::var("HOME").unwrap_or_default();
    for (folder, name) in
        [(place::root().display().to_string(), "."), (home, "~"), (part("").display().to_string(), "~")]
    {
        flags += &format!(" --remap-path-prefix={}={name}", folder.trim_end_matches('/'));
    }
    cargo.env(format!("CARGO_TARGET_{name}_LINKER"), linker).env(format!("CARGO_TARGET_{name}_RUSTFLAGS"), flags);
    cargo.env("CARGO_TARGET_DIR", built()).args(["--locked", "--target", target]).args(words);
    Ok(cargo)
}

/// Has a cargo use the compiler that was fetched.
pub fn fetched_compiler(cargo: &mut Command) {
    cargo.env("RUSTC", part("compiler/usr/bin/rustc")).env("RUSTC_BOOTSTRAP", "1");
    cargo.env("LD_LIBRARY_PATH", part("compiler/usr/lib/x86_64-linux-gnu"));
}
