//! A copy of the repository that is patched before it is built. Files that are the same keep their time, so that little is built anew.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::place;
use crate::process::{Go, command, line};

/// Makes the tree what the repository is.
///
/// # Errors
///
/// Files that cannot be read or written.
pub fn fresh(tree: &Path) -> Result<()> {
    let listed = line("git ls-files -co --exclude-standard").text()?;
    let listed: HashSet<&Path> = listed.lines().map(Path::new).collect();
    forget(tree, Path::new(""), &listed)?;
    for file in listed {
        let (from, to) = (place::root().join(file), tree.join(file));
        if !from.is_file() {
            continue;
        }
        let bytes = fs::read(&from)?;
        if fs::read(&to).is_ok_and(|old| old == bytes) {
            continue;
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        // Not a copy: the file's time must be now, or cargo does not see that a patch is gone.
        fs::write(&to, bytes)?;
    }
    Ok(())
}

/// Removes what the repository does not have any more: cargo takes a file that was moved for a second program.
fn forget(tree: &Path, folder: &Path, listed: &HashSet<&Path>) -> Result<()> {
    for entry in fs::read_dir(tree.join(folder)).into_iter().flatten() {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            forget(tree, &path, listed)?;
        } else if !listed.contains(path.as_path()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Applies a patch to the tree.
///
/// # Errors
///
/// A patch that does not apply: the library has changed, and the patch has to follow.
pub fn patched(tree: &Path, patch: &Path) -> Result<()> {
    let mut git = command("git");
    // The tree may be inside of the repository, where git would look for the files at the repository's root.
    git.current_dir(tree).env("GIT_CEILING_DIRECTORIES", tree.parent().unwrap_or(tree));
    let seen = git.arg("apply").arg(patch).seen()?;
    ensure!(
        seen.ok(),
        "{} does not apply: the library has changed, and the patch has to follow: {}",
        patch.display(),
        seen.err
    );
    Ok(())
}
