//! Programs of this machine that steps run: which package has each, what is missing, and its installation.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Result, bail};

use crate::lock::Lock;
use crate::process::{Go, line};

/// Programs (or files, by whole path) and the Debian packages that they are in.
const PACKAGES: &[(&str, &str)] = &[
    ("/usr/arm-linux-gnueabihf/include/sys/time.h", "libc6-dev-armhf-cross"),
    ("/usr/include/linux/videodev2.h", "linux-libc-dev"),
    ("/usr/include/x86_64-linux-gnu/gnu/stubs-32.h", "libc6-dev-i386"),
    ("apt-get", "apt"),
    ("arm-linux-gnueabihf-gcc", "gcc-arm-linux-gnueabihf"),
    ("c++", "g++"),
    ("cc", "gcc"),
    ("depmod", "kmod"),
    ("dpkg-deb", "dpkg"),
    ("git", "git"),
    ("make", "make"),
    ("modprobe", "kmod"),
    ("nm", "binutils"),
    ("patch", "patch"),
    ("qemu-aarch64-static", "qemu-user-static"),
    ("qemu-arm-static", "qemu-user-static"),
    ("qemu-system-aarch64", "qemu-system-arm"),
    ("qemu-system-arm", "qemu-system-arm"),
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("size", "binutils"),
    ("strace", "strace"),
    ("strip", "binutils"),
    ("v4l2-compliance", "v4l-utils"),
    ("v4l2-ctl", "v4l-utils"),
    ("valgrind", "valgrind"),
    ("xz", "xz-utils"),
    ("zstd", "zstd"),
];

/// The package of a program; by its own name where none is known.
pub fn package(program: &str) -> &str {
    PACKAGES.iter().find_map(|(name, package)| (*name == program).then_some(*package)).unwrap_or(program)
}

/// Whether a program, or a file by its whole path, is there.
pub fn is_there(program: &str) -> bool {
    if program.starts_with('/') {
        return Path::new(program).is_file();
    }
    std::env::var_os("PATH").is_some_and(|paths| std::env::split_paths(&paths).any(|path| path.join(program).is_file()))
}

/// The programs that are missing.
pub fn missing<'a>(programs: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    programs.into_iter().filter(|program| !is_there(program)).collect()
}

/// The packages of these programs.
pub fn packages<'a>(programs: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    programs.iter().map(|program| package(program)).collect()
}

/// Why nothing can be installed here; nothing if it can.
pub fn hindrance() -> Option<&'static str> {
    let root = line("id -u").text().is_ok_and(|id| id.trim() == "0");
    match (is_there("apt-get"), root) {
        (false, _) => Some("this machine has no apt to install it with"),
        (true, false) => Some("only root may install it"),
        (true, true) => None,
    }
}

/// One sentence for each program that is missing.
pub fn sentences(programs: &BTreeSet<&str>, hindrance: &str) -> Vec<String> {
    let sentence =
        |program: &&str| format!("{program} is missing and {hindrance}: install the package {}", package(program));
    programs.iter().map(sentence).collect()
}

/// Makes sure of these programs, installing the packages of those that are missing.
///
/// # Errors
///
/// One sentence for each that is missing, where nothing can be installed; or what apt printed.
pub fn ensure(programs: &[&str]) -> Result<()> {
    if missing(programs.iter().copied()).is_empty() {
        return Ok(());
    }
    // One at a time, whoever asks: two installations at once refuse each other.
    let _lock = Lock::take(&std::env::temp_dir().join("vidbuf-need.lock"))?;
    let missing = missing(programs.iter().copied());
    if missing.is_empty() {
        return Ok(());
    }
    if let Some(hindrance) = hindrance() {
        bail!("{}", sentences(&missing, hindrance).join("\n"));
    }
    install(&packages(&missing).into_iter().collect::<Vec<_>>())
}

/// Installs a package that is no program's.
///
/// # Errors
///
/// As [`ensure`].
pub fn ensure_package(package: &str) -> Result<()> {
    let _lock = Lock::take(&std::env::temp_dir().join("vidbuf-need.lock"))?;
    match hindrance() {
        Some(hindrance) => bail!("{package} is missing and {hindrance}"),
        None => install(&[package]),
    }
}

fn install(packages: &[&str]) -> Result<()> {
    println!("installing {}", packages.join(" "));
    let mut install = line("apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=300");
    install.args(packages).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
    // The first try is for a machine whose lists of packages are there and true.
    if install.seen().is_ok_and(|seen| seen.ok()) {
        return Ok(());
    }
    line("apt-get -qq update").persist()?;
    install.stderr(Stdio::inherit()).persist()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let missing = missing(["sh", "no-such-program", "/no/such/file"]);
        assert_eq!(missing, BTreeSet::from(["/no/such/file", "no-such-program"]));
        let words = sentences(&BTreeSet::from(["depmod"]), "only root may install it");
        assert_eq!(words, ["depmod is missing and only root may install it: install the package kmod"]);
    }
}
