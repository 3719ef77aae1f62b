//! What is made once and kept: a folder with a stamp that is written last.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::lock::Lock;

/// The stamp's file.
const STAMP: &str = "stamp";

/// Whether the folder was made whole, by this recipe.
pub fn is_made(folder: &Path, recipe: &str) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| stamp == recipe)
}

/// Makes a folder by `make`, which gets an empty one, unless it was made by the same recipe before. What is made counts only
/// when all of it is there; two that want it at once make it once.
///
/// # Errors
///
/// As `make`, and files that cannot be written.
pub fn made(folder: &Path, recipe: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = |suffix: &str| folder.with_file_name(format!("{name}{suffix}"));
    if is_made(folder, recipe) {
        return Ok(folder.into());
    }
    let _lock = Lock::take(&beside(".lock"))?;
    if is_made(folder, recipe) {
        return Ok(folder.into());
    }
    let began = Instant::now();
    println!("making {}", folder.display());
    let new = beside(".new");
    for old in [&new, folder] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
    }
    fs::create_dir_all(&new)?;
    make(&new).with_context(|| format!("{name} could not be made"))?;
    fs::write(new.join(STAMP), recipe)?;
    fs::rename(&new, folder)?;
    println!("made {} in {} s", folder.display(), began.elapsed().as_secs());
    Ok(folder.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_once_by_each_recipe_and_never_by_halves() {
        let folder = std::env::temp_dir().join(format!("vidbuf-once-{}/thing", std::process::id()));
        let mut times = 0;
        let mut made = |recipe: &str, good: bool| {
            made(&folder, recipe, |new| {
                times += 1;
                fs::write(new.join("file"), recipe)?;
                anyhow::ensure!(good, "stopped in the middle");
                Ok(())
            })
        };
        assert!(made("one", false).is_err());
        assert!(!is_made(&folder, "one"));
        made("one", true).unwrap();
        made("one", true).unwrap();
        assert_eq!(fs::read_to_string(folder.join("file")).unwrap(), "one");
        made("two", true).unwrap();
        assert_eq!(times, 3);
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }
}
