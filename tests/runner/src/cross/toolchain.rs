//! What builds and runs programs for other processors, in `target/targets`.
//!
//! - `compiler`: a Rust compiler with its library's source, for targets that rustup has not installed: Debian's rustc-web
//! - `arm64`, `armhf`: the C library and the start files that a static program of that processor is linked with, and strace
//! - `riscv`: QEMU for RISC-V

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::cargo::lld;
use crate::apt::Apt;
use crate::process::{Go, command};
use crate::{once, place};

const SUITE: &str = "bookworm";
/// Counts up when something else is fetched.
const RECIPE: &str = "1";

/// A part of what was fetched.
pub fn part(path: &str) -> PathBuf {
    place::below_target("targets/fetched").join(path)
}

/// Whether it was fetched.
pub fn is_there() -> bool {
    once::is_made(&part(""), RECIPE)
}

/// Fetches it, unless it is there. Nothing is installed on this machine.
///
/// # Errors
///
/// Packages that are missing.
pub fn fetch() -> Result<()> {
    let folder = place::below_target("targets").join("fetched");
    once::made(&folder, RECIPE, |new| {
        let jobs: [fn(&Path) -> Result<()>; 3] = [of_amd64, of_arm64, of_armhf];
        std::thread::scope(|scope| {
            let jobs = jobs.map(|job| scope.spawn(move || job(new)));
            jobs.into_iter().try_for_each(|job| job.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?)
        })
    })?;
    linker("arm64", "aarch64-linux-gnu")?;
    linker("armhf", "arm-linux-gnueabihf")
}

fn of_amd64(new: &Path) -> Result<()> {
    let apt = Apt::new(SUITE, "amd64", true)?;
    let compiler = new.join("compiler");
    let library = apt.dependency("libstd-rust-web-dev", "libstd-rust-web-", "")?;
    apt.download(&["rustc-web", "libstd-rust-web-dev", &library, "rust-web-src", "libllvm22", "qemu-system-misc"])?;
    apt.unpack("rustc-web", &compiler, &["./usr/bin/rustc"])?;
    apt.unpack("libstd-rust-web-dev", &compiler, &["./usr/lib"])?;
    apt.unpack(&library, &compiler, &["./usr/lib"])?;
    apt.unpack("libllvm22", &compiler, &["./usr/lib"])?;
    apt.unpack("rust-web-src", &compiler, &["./usr/lib/*", "./usr/src/*/library/*"])?;
    apt.unpack("qemu-system-misc", &new.join("riscv"), &["./usr/bin/qemu-system-riscv32"])
}

/// The compiler's ready-made standard library of this processor goes beside that of this machine; the C library is linked
/// statically, so that no header file and no shared library is needed.
fn of_arm64(new: &Path) -> Result<()> {
    let apt = Apt::new(SUITE, "arm64", true)?;
    apt.unpack("libstd-rust-web-dev", &new.join("compiler"), &["./usr/lib/rustlib"])?;
    of_arm(&apt, &new.join("arm64"))
}

/// The release's security part has been broken for this processor, and is not needed.
fn of_armhf(new: &Path) -> Result<()> {
    of_arm(&Apt::new(SUITE, "armhf", false)?, &new.join("armhf"))
}

fn of_arm(apt: &Apt, folder: &Path) -> Result<()> {
    apt.unpack("libc6-dev", folder, &["./usr/lib"])?;
    apt.unpack("libgcc-12-dev", folder, &["./usr/lib"])?;
    apt.unpack("strace", folder, &["./usr/bin/strace"])
}

/// A linker that knows where the C library is, and how a program begins and ends that wants it. A program that wants none gets
/// none. Written anew each time: it has whole paths.
fn linker(name: &str, triple: &str) -> Result<()> {
    let folder = part(name);
    let libraries = folder.join("usr/lib").join(triple);
    let versions = folder.join("usr/lib/gcc").join(triple);
    let gcc = fs::read_dir(&versions)?.next().context("no libgcc")??.path();
    let (libraries, gcc, lld) = (libraries.display(), gcc.display(), lld()?);
    let lld = lld.display();
    let script = format!(
        r#"#!/bin/sh
[ "$1" != -flavor ] || shift 2
case " $* " in
*" -lc "*)
    exec {lld} -flavor gnu {libraries}/crt1.o {libraries}/crti.o {gcc}/crtbeginT.o "$@" -L{libraries} -L{gcc} \
        --start-group -lgcc -lgcc_eh -lc --end-group {gcc}/crtend.o {libraries}/crtn.o
    ;;
*) exec {lld} -flavor gnu "$@" ;;
esac
"#
    );
    let path = folder.join("ld");
    if fs::read_to_string(&path).ok().as_ref() != Some(&script) {
        fs::write(&path, script)?;
        command("chmod").arg("+x").arg(&path).go()?;
    }
    Ok(())
}
