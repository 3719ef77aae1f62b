//! What threads may see of each other under the language's memory model: a copy of the library with loom's numbers in place of the
//! processor's, explored by loom; and copies with an order too few, each of which must be caught.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{self, below_target};
use crate::process::{Go, cargo};
use crate::tree;

/// The step.
pub fn loom(asked: &Asked) -> Result<()> {
    let folder = below_target("loom/tree");
    let patches = place::root().join("tests/loom/patches");
    fs::create_dir_all(&folder)?;
    prepare(&folder, &[&patches.join("loom.patch")])?;
    inside(&folder, "fmt --check").go()?;
    inside(&folder, "fetch --locked").persist()?;
    inside(&folder, "clippy --quiet --locked --all-targets -- -D warnings").go()?;
    explore(&folder, "").args(asked.test_filter()).go()?;

    let mut mutants = fs::read_dir(patches.join("mutants"))?.collect::<std::io::Result<Vec<_>>>()?;
    mutants.sort_by_key(fs::DirEntry::file_name);
    let mut cases = Cases::new();
    for mutant in mutants {
        let (patch, base, folder) = (mutant.path(), patches.join("loom.patch"), folder.clone());
        let about = fs::read_to_string(&patch)?.lines().next().unwrap_or_default().to_owned();
        cases.add(format!("caught: {about}"), move || {
            prepare(&folder, &[&base, &patch])?;
            // A test that cannot be built shows nothing.
            let built = explore(&folder, "--no-run").seen()?;
            ensure!(built.ok(), "it does not build: {}", built.both());
            let seen = explore(&folder, "").seen()?;
            let words = seen.both();
            let shown = words.lines().find(|line| line.starts_with("test ") && line.ends_with(" FAILED"));
            let shown =
                shown.or_else(|| words.lines().find(|line| line.starts_with("thread '") && line.contains("panicked")));
            ensure!(seen.status != 0, "NOT CAUGHT");
            println!("{}", shown.unwrap_or("it ended the process"));
            Ok(())
        });
    }
    cases.run(asked.filter())
}

fn prepare(folder: &Path, patches: &[&Path]) -> Result<()> {
    tree::fresh(folder)?;
    patches.iter().try_for_each(|patch| tree::patched(folder, patch))
}

fn inside(folder: &Path, words: &str) -> Command {
    let mut cargo = cargo(words);
    cargo.current_dir(folder.join("tests/loom")).env("CARGO_TARGET_DIR", below_target("loom/build"));
    // Little changes from one mutant to the next.
    cargo.env("CARGO_INCREMENTAL", "1");
    cargo
}

fn explore(folder: &Path, words: &str) -> Command {
    inside(folder, &format!("test --release --locked --test threads {words}"))
}
