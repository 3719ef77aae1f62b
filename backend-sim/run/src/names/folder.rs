//! A temporary folder that is gone when the runner is, even if it was killed.

use std::ffi::{CString, OsStr};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::system::{self, check};

/// How the names of all runners' folders begin.
pub const PREFIX: &str = "vidbuf-sim-";

/// The folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Open as long as the runner lives.
    _alive: OwnedFd,
}

impl Folder {
    /// An empty one. A process that does nothing else removes it in the end.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new() -> io::Result<Self> {
        let mut template = std::env::temp_dir().join(format!("{PREFIX}XXXXXX")).into_os_string().into_encoded_bytes();
        template.push(0);
        // SAFETY: a path that ends with a zero, in place.
        if unsafe { libc::mkdtemp(template.as_mut_ptr().cast()) }.is_null() {
            return Err(io::Error::last_os_error());
        }
        template.pop();
        let path = PathBuf::from(OsStr::from_bytes(&template));
        match Self::watched(&path) {
            Ok(alive) => Ok(Self { path, _alive: alive }),
            Err(error) => {
                // It is empty.
                let _ = std::fs::remove_dir(&path);
                Err(error)
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Starts the process that removes the folder when the other end is closed.
    fn watched(path: &Path) -> io::Result<OwnedFd> {
        let (ours, theirs) = system::pipe()?;
        if system::fork()? > 0 {
            return Ok(theirs);
        }
        drop(theirs);
        // Signals of the terminal are not meant for it, and nothing that the caller waits for is held open.
        system::leave(ours.as_raw_fd());
        system::read_to_end(&ours);
        let _ = std::fs::remove_dir_all(path);
        system::exit(0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // If this fails, the other process is left to try.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// A path for system calls.
///
/// # Errors
///
/// `EINVAL`: a zero in it.
pub fn c_path(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))
}

/// A character device without a number: needs no privilege, and shows as a device in listings.
///
/// # Errors
///
/// What the kernel fails with.
pub fn make_device(path: &Path) -> io::Result<()> {
    let path = c_path(path)?;
    // SAFETY: a path that ends with a zero.
    check(unsafe { libc::mknod(path.as_ptr(), libc::S_IFCHR | 0o660, 0) }.into()).map(drop)
}
