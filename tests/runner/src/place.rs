//! Where things are: the repository and its target folder. Every step runs with the repository as its working folder.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
});

static TARGET: LazyLock<PathBuf> =
    LazyLock::new(|| root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into())));

static RUNNER: LazyLock<PathBuf> = LazyLock::new(|| std::env::current_exe().unwrap_or_else(|_| "tests/run".into()));

/// This program. Asked at its start: once it is built anew, the kernel has another name for the file that runs.
pub fn runner() -> &'static Path {
    &RUNNER
}

/// The repository.
pub fn root() -> &'static Path {
    &ROOT
}

/// The target folder, as a whole path.
pub fn target() -> &'static Path {
    &TARGET
}

/// A path below the target folder.
pub fn below_target(path: impl AsRef<Path>) -> PathBuf {
    target().join(path)
}

/// The processor and system of this machine, as Rust names them.
pub const HOST: &str = "x86_64-unknown-linux-gnu";

/// An empty folder below the target folder; what was in it is gone.
///
/// # Errors
///
/// A folder that cannot be removed or made.
pub fn emptied(path: impl AsRef<Path>) -> std::io::Result<PathBuf> {
    let folder = below_target(path);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
