//! Packages as crates.io would get them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::place::{self, below_target};
use crate::process::{Go, cargo, command, limited};

/// Packages that are unpacked in a folder, as a workspace in which each finds the others as if they were published.
#[derive(Clone)]
pub struct Packages {
    /// The folder.
    pub folder: PathBuf,
    /// Their names.
    pub names: Vec<String>,
}

/// Seconds after which a command of cargo has failed: a test may hang.
const LIMIT: u64 = 900;

impl Packages {
    /// Packs the packages of a workspace as for crates.io and unpacks them. What is there is exactly what a user gets.
    pub fn pack(&self, manifest: &Path) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        fs::create_dir_all(&self.folder)?;
        let packed = self.folder.join("packed");
        let mut package = cargo("package --quiet --allow-dirty --no-verify --manifest-path");
        package.arg(manifest).arg("--target-dir").arg(&packed).args(self.arguments()).persist()?;
        let mut members = Vec::new();
        for entry in fs::read_dir(packed.join("package"))? {
            let file = entry?.path();
            if file.extension().is_some_and(|end| end == "crate") {
                // With the time of now: packed files are all of one day, and a changed one would look built.
                command("tar").arg("-C").arg(&self.folder).arg("-xmzf").arg(&file).go()?;
                members.push(file.file_stem().unwrap_or_default().to_string_lossy().into_owned());
            }
        }
        members.sort();
        let list: String = members.iter().map(|member| format!("\"{member}\", ")).collect();
        let mut workspace = format!("[workspace]\nresolver = \"3\"\nmembers = [{list}]\n\n[patch.crates-io]\n");
        for member in &members {
            let name = member.rsplit_once('-').map_or(&**member, |(name, _)| name);
            workspace += &format!("{name} = {{ path = \"{member}\" }}\n");
        }
        fs::write(self.folder.join("Cargo.toml"), workspace)?;
        // The versions of others that the tree is tested with.
        fs::copy(manifest.with_file_name("Cargo.lock"), self.folder.join("Cargo.lock"))?;
        let mut metadata = cargo("metadata --quiet --format-version 1 --manifest-path");
        metadata.arg(self.folder.join("Cargo.toml")).stdout(std::process::Stdio::null()).persist()
    }

    /// `-p NAME` for each.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        self.names.iter().flat_map(|name| ["-p", name])
    }

    /// A command of cargo, with the packages' own target folder.
    pub fn cargo(&self, name: &str, words: &str) -> Command {
        self.cargo_in(&self.folder, name, words)
    }

    /// The same in another copy of the packages.
    pub fn cargo_in(&self, folder: &Path, name: &str, words: &str) -> Command {
        let mut cargo = cargo(name);
        cargo.words("--quiet --locked --manifest-path").arg(folder.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(below_target("declared/built")).words(words).env("CARGO_PROFILE_DEV_DEBUG", "0");
        limited(LIMIT, &cargo)
    }

    /// What cargo reads of one of them.
    pub fn metadata(&self, name: &str) -> Result<Value> {
        let all = metadata(&self.folder)?;
        let mut packages = all.into_iter();
        packages.find(|package| package["name"] == name).with_context(|| format!("no package {name}"))
    }
}

fn metadata(folder: &Path) -> Result<Vec<Value>> {
    let text =
        cargo("metadata --quiet --no-deps --format-version 1 --manifest-path").arg(folder.join("Cargo.toml")).text()?;
    let all: Value = serde_json::from_str(&text)?;
    all["packages"].as_array().cloned().context("no packages")
}

/// The names of what is published.
pub fn published() -> Result<Vec<String>> {
    let packages = metadata(place::root())?;
    let published = packages.iter().filter(|package| package["publish"].is_null());
    Ok(published.filter_map(|package| package["name"].as_str()).map(Into::into).collect())
}
