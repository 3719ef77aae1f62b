//! Copies of the workspace that are patched before they are explored: with the queue's numbers in sight, with an interruption
//! before every access to them, or broken on purpose, where the model must show a way to see it.
//!
//! A mutant is a file of `patches/mutants`: its name, the claim that it breaks, how it is explored if not plainly, and the
//! change as a patch. It is caught by a counterexample to that claim and no other. A patch that does not apply is an error: the
//! library has changed, and the mutant has to follow.
use std::collections::HashSet;
use std::fs;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the patches.
const PATCHES: &str = "tests/model/patches";
/// Shows the queue's numbers; in every copy.
const NUMBERS: &str = "numbers.patch";
/// Makes every access to a number an interruption.
const CELLS: &str = "cells.patch";
/// Choices from the start after which a mutant must have shown, and the same with an interruption before every access.
const DEPTH: &str = "20";
const DEPTH_OF_CELLS: &str = "40";

/// A library that is wrong.
struct Mutant {
    file: PathBuf,
    name: String,
    /// The claim that must have a counterexample.
    breaks: String,
    /// Whether it takes an interruption between two accesses to the queue's numbers to see it.
    cells: bool,
    /// Whether it takes a device that sleeps.
    blocking: bool,
}

fn mutants(root: &Path) -> Result<Vec<Mutant>> {
    let mut mutants = Vec::new();
    for entry in fs::read_dir(root.join(PATCHES).join("mutants"))? {
        let file = entry?.path();
        let text = fs::read_to_string(&file)?;
        let head = || text.lines().take_while(|line| !line.is_empty());
        let after = |label: &str| head().find_map(|line| line.strip_prefix(label)).unwrap_or_default();
        let name = head().next().unwrap_or_default().to_owned();
        let (breaks, how) = (after("breaks: ").to_owned(), after("explore: "));
        mutants.push(Mutant { file, name, breaks, cells: how == "cells", blocking: how == "blocking" });
    }
    mutants.sort_by(|one, other| (one.cells, &one.name).cmp(&(other.cells, &other.name)));
    Ok(mutants)
}

/// Patches that do not fit the library at `root` any more.
///
/// # Errors
///
/// Files that cannot be read.
pub fn stale(root: &Path) -> Result<Vec<PathBuf>> {
    let patches = root.join(PATCHES);
    let mut all = vec![patches.join(NUMBERS), patches.join(CELLS)];
    all.extend(mutants(root)?.into_iter().map(|mutant| mutant.file));
    let mut stale = Vec::new();
    for patch in all {
        if !apply(root, &patch, &["--check"])? {
            stale.push(patch);
        }
    }
    Ok(stale)
}

/// Whether `git apply` finds every place of a patch.
fn apply(tree: &Path, patch: &Path, how: &[&str]) -> Result<bool> {
    let patch = std::path::absolute(patch)?;
    let mut git = Command::new("git");
    // The tree may lie inside of the repository, where git would look for the files at the repository's root.
    git.current_dir(tree).env("GIT_CEILING_DIRECTORIES", std::path::absolute(tree)?.parent().unwrap_or(tree));
    Ok(git.arg("apply").args(how).arg(patch).status()?.success())
}

/// Makes a copy of the workspace at `root`, below `scratch`, with these patches, and builds the model in it.
fn build(root: &Path, scratch: &Path, patches: &[&Path], quick: bool) -> Result<PathBuf> {
    let tree = scratch.join("tree");
    copy(root, &tree)?;
    for patch in [Path::new(NUMBERS)].iter().chain(patches) {
        if !apply(&tree, &root.join(PATCHES).join(patch), &[])? {
            return Err(Error::other(format!("{} does not apply", patch.display())));
        }
    }
    let mut cargo = Command::new("cargo");
    let folder = scratch.join(if quick { "build" } else { "build-whole" });
    cargo.current_dir(&tree).env("CARGO_TARGET_DIR", &folder).args(["build", "--quiet", "--release"]);
    cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    if quick {
        // Small explorations: built quickly rather than well.
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env("CARGO_INCREMENTAL", "1");
    } else {
        // Millions of plays, each through three crates: in one piece they take half the time.
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "fat").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    }
    if !cargo.args(["--locked", "--package", "vidbuf-model"]).status()?.success() {
        return Err(Error::other(format!("{patches:?} does not compile")));
    }
    Ok(folder.join("release/vidbuf-model"))
}

/// Breaks the workspace at `root` in every way, below `scratch`. Returns how many mutants were caught and how many not.
///
/// # Errors
///
/// A patch that does not apply, a mutant that does not compile, files that cannot be written.
pub fn run(root: &Path, scratch: &Path) -> Result<(usize, usize)> {
    let (mut caught, mut missed) = (0, 0);
    for Mutant { file, name, breaks, cells, blocking } in mutants(root)? {
        let file = std::path::absolute(file)?;
        let patches = if cells { vec![Path::new(CELLS), &file] } else { vec![&*file] };
        let mut model = Command::new(build(root, scratch, &patches, true)?);
        model.args(["--until", &breaks, if cells { DEPTH_OF_CELLS } else { DEPTH }]);
        model.args(blocking.then_some("--blocking"));
        let explored = model.output()?;
        let words = String::from_utf8_lossy(&explored.stdout);
        let broken = format!("not so: {breaks}: ");
        match words.lines().find(|line| line.starts_with(&broken)) {
            Some(line) => {
                println!("caught: {name}: {line}");
                caught += 1;
            }
            None => {
                println!("NOT CAUGHT: {name}: {words}");
                missed += 1;
            }
        }
    }
    Ok((caught, missed))
}

/// Explores a copy of the workspace at `root` with these arguments; with `cells`, its threads can be interrupted before every
/// access to a number. Returns whether every claim holds.
///
/// # Errors
///
/// As [`run`].
pub fn explore_copy(root: &Path, scratch: &Path, cells: bool, arguments: &[&str]) -> Result<bool> {
    let patches: &[&Path] = if cells { &[Path::new(CELLS)] } else { &[] };
    let model = build(root, scratch, patches, false)?;
    Ok(Command::new(model).args(arguments).status()?.success())
}

/// Copies what the model is built from; files that are the same already keep their time, so that little is built anew.
fn copy(root: &Path, tree: &Path) -> Result<()> {
    let listed = Command::new("git").current_dir(root).args(["ls-files", "-co", "--exclude-standard"]).output()?;
    if !listed.status.success() {
        return Err(Error::other("git ls-files"));
    }
    let listed: HashSet<PathBuf> = String::from_utf8_lossy(&listed.stdout).lines().map(PathBuf::from).collect();
    forget(tree, Path::new(""), &listed)?;
    for file in listed {
        let (from, to) = (root.join(&file), tree.join(&file));
        if !from.is_file() || (to.is_file() && fs::read(&from)? == fs::read(&to)?) {
            continue;
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        // Not a copy: the file's time must be now, or cargo does not see that a mutation is gone.
        fs::write(&to, fs::read(&from)?)?;
    }
    Ok(())
}

/// Removes what the repository does not have any more: cargo takes a file that was moved for a second program.
fn forget(tree: &Path, folder: &Path, listed: &HashSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(tree.join(folder)).into_iter().flatten() {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            forget(tree, &path, listed)?;
        } else if !listed.contains(&path) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
