//! Checks libraries with no more of Rust than they promise, without and with all features. rustup need not have that version:
//! Debian 13's Rust 1.85 does it, with what became stable since switched on (`tests/declared/stabilised`). What is newer than the
//! promise is an unknown method or an unstable feature to it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::claims::holds;
use super::packages::Packages;
use crate::newer::{self, Newer};
use crate::place::{self, below_target};
use crate::process::{Go, cargo, command};

/// The check.
pub fn promised_rust(packages: &Packages) -> Result<()> {
    let mut versions: Vec<String> = Vec::new();
    for name in &packages.names {
        versions.push(packages.metadata(name)?["rust_version"].as_str().context("no Rust is promised")?.into());
    }
    versions.dedup();
    ensure!(versions.len() == 1, "not one Rust is promised: {}", versions.join(" "));
    let version = &versions[0];
    let work = place::below_target("declared/promised");
    fs::create_dir_all(&work)?;
    let compiler = compiler(&work)?;
    let patch = heapless(packages, &work)?;
    let list = fs::read_to_string(place::root().join("tests/declared/stabilised"))?;
    let features = stabilised(&list, minor(version)?);
    // A copy: the patch gets into the lock file.
    let copy = work.join("packages");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    holds(command("cp").arg("-r").arg(&packages.folder).arg(&copy))?;
    for all in ["", "--all-features"] {
        println!("Rust {version}: {} {all}", packages.names.join(" "));
        let mut check = cargo("check --quiet --offline --lib --ignore-rust-version --manifest-path");
        check.arg(copy.join("Cargo.toml")).arg("--target-dir").arg(below_target("declared/promised/built"));
        check.args(&patch).args(packages.arguments()).words(all);
        check
            .env("RUSTC", &compiler)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", format!("-Zcrate-attr=feature({features})"));
        holds(&mut check)?;
    }
    Ok(())
}

/// Debian's compiler, by its own loader and libraries.
fn compiler(work: &Path) -> Result<PathBuf> {
    let root = Newer::Rust.root()?;
    let script = work.join("rustc");
    let (loader, libraries, root) = (newer::loader(&root), newer::libraries(&root), root.display());
    let run = format!(
        "exec {} --library-path {} {root}/usr/bin/rustc --sysroot {root}/usr \"$@\"",
        loader.display(),
        libraries.display()
    );
    fs::write(&script, format!("#!/bin/sh\n{run}\n"))?;
    command("chmod").arg("+x").arg(&script).go()?;
    Ok(script)
}

/// heapless promises 1.88 itself. Its C strings, which nobody here uses, match on an error type that 1.85 has not made public.
fn heapless(packages: &Packages, work: &Path) -> Result<Vec<String>> {
    let mut metadata = cargo("metadata --quiet --locked --format-version 1 --manifest-path");
    let all: Value = serde_json::from_str(&metadata.arg(packages.folder.join("Cargo.toml")).text()?)?;
    let found = all["packages"].as_array().into_iter().flatten().find(|package| package["name"] == "heapless");
    let Some(manifest) = found.and_then(|package| package["manifest_path"].as_str()) else { return Ok(Vec::new()) };
    let copy = work.join("heapless");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    holds(command("cp").arg("-r").arg(Path::new(manifest).parent().context("no folder")?).arg(&copy))?;
    let source = copy.join("src/lib.rs");
    let text = fs::read_to_string(&source)?;
    let kept = text
        .lines()
        .filter(|line| !line.starts_with("pub use c_string::CString;") && !line.starts_with("pub mod c_string;"));
    fs::write(&source, kept.map(|line| format!("{line}\n")).collect::<String>())?;
    Ok(vec!["--config".into(), format!("patch.crates-io.heapless.path='{}'", copy.display())])
}

fn minor(version: &str) -> Result<u32> {
    let minor = version.strip_prefix("1.").and_then(|rest| rest.split('.').next());
    minor.and_then(|minor| minor.parse().ok()).with_context(|| format!("Rust {version}?"))
}

/// The features that became stable up to Rust 1.MOST, with commas.
fn stabilised(list: &str, most: u32) -> String {
    let rows = list.lines().filter_map(|line| line.split_once(' ')).filter(|(version, _)| version.starts_with("1."));
    let rows = rows.filter(|(version, _)| minor(version).is_ok_and(|minor| minor <= most));
    rows.map(|(_, name)| name.trim()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_what_is_stable_by_then_is_switched_on() {
        let list = "# 1.80 no\n1.86 one\n1.88 two\n1.89 three\n";
        assert_eq!(super::stabilised(list, super::minor("1.88").unwrap()), "one,two");
        assert_eq!(super::minor("1.88.1").unwrap(), 88);
    }
}
