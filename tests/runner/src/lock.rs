//! One at a time: a lock file that the kernel releases with its process.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};

/// A lock that is held as long as this lives.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until nobody else holds the lock of this file.
    ///
    /// # Errors
    ///
    /// A file that cannot be made.
    pub fn take(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = File::options().create(true).append(true).open(path).with_context(|| path.display().to_string())?;
        file.lock()?;
        Ok(Self { _file: file })
    }
}
