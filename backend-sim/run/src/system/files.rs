//! Files by name, and what they are.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::{check, owned};

/// Links and `..` do not lead out of the folder (`RESOLVE_IN_ROOT`).
const IN_ROOT: u64 = 0x10;

fn path_of(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))
}

/// Opens a directory to begin names at.
///
/// # Errors
///
/// What the kernel fails with.
pub fn open_path(path: &Path) -> io::Result<OwnedFd> {
    open(path, libc::O_PATH, 0)
}

/// Opens a file.
///
/// # Errors
///
/// What the kernel fails with.
pub fn open(path: &Path, flags: i32, mode: u32) -> io::Result<OwnedFd> {
    let path = path_of(path)?;
    // SAFETY: a path that ends with a zero.
    owned(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, mode) }.into())
}

/// Opens a file below a directory, as if that were the root.
///
/// # Errors
///
/// What the kernel fails with.
pub fn open_in(root: &OwnedFd, path: &Path, flags: i32) -> io::Result<OwnedFd> {
    let path = path_of(path)?;
    // SAFETY: plain integers, for which zero is a value.
    let mut how: libc::open_how = unsafe { core::mem::zeroed() };
    how.flags = (flags | libc::O_CLOEXEC) as u64;
    how.resolve = IN_ROOT;
    let length = size_of::<libc::open_how>();
    // SAFETY: our own descriptor, a path that ends with a zero, and a structure of this length.
    owned(unsafe { libc::syscall(libc::SYS_openat2, root.as_raw_fd(), path.as_ptr(), &raw const how, length) })
}

/// What a file is, in the words of both calls that ask.
#[derive(Clone, Copy)]
pub struct Status {
    /// `stat`.
    pub stat: libc::stat,
    /// `statx`.
    pub statx: libc::statx,
}

/// Of an open file.
///
/// # Errors
///
/// What the kernel fails with.
pub fn status(file: &OwnedFd) -> io::Result<Status> {
    // SAFETY: plain integers, for which zero is a value.
    let mut status: Status = unsafe { core::mem::zeroed() };
    let mask = libc::STATX_BASIC_STATS | libc::STATX_BTIME;
    // SAFETY: our own descriptor, an empty path, and places for the results.
    unsafe {
        check(libc::fstat(file.as_raw_fd(), &mut status.stat).into())?;
        let flags = libc::AT_EMPTY_PATH;
        check(libc::statx(file.as_raw_fd(), c"".as_ptr(), flags, mask, &mut status.statx).into())?;
    }
    Ok(status)
}

impl Status {
    /// The same as a character device 81:`minor`, of the runner's user.
    #[must_use]
    pub fn as_node(mut self, minor: u32) -> Self {
        let mode = libc::S_IFCHR | 0o660;
        (self.stat.st_mode, self.stat.st_rdev, self.stat.st_size) = (mode, libc::makedev(81, minor), 0);
        self.statx.stx_mode = mode as u16;
        (self.statx.stx_rdev_major, self.statx.stx_rdev_minor, self.statx.stx_size) = (81, minor, 0);
        self
    }

    /// The bytes of `stat`.
    pub fn stat_bytes(&self) -> &[u8] {
        bytes(&self.stat)
    }

    /// The bytes of `statx`.
    pub fn statx_bytes(&self) -> &[u8] {
        bytes(&self.statx)
    }
}

/// A structure that the kernel wrote, on zeroes.
fn bytes<T>(value: &T) -> &[u8] {
    // SAFETY: the structure was zeroed as a whole, so that none of its bytes is without a value.
    unsafe { core::slice::from_raw_parts(core::ptr::from_ref(value).cast(), size_of::<T>()) }
}

/// Reads a link that is open itself.
///
/// # Errors
///
/// `EINVAL`: it is none.
pub fn read_link(file: &OwnedFd) -> io::Result<Vec<u8>> {
    let mut text = vec![0; 4096];
    // SAFETY: our own descriptor, an empty path, and room for the text.
    let length =
        check(unsafe { libc::readlinkat(file.as_raw_fd(), c"".as_ptr(), text.as_mut_ptr().cast(), text.len()) } as i64);
    text.truncate(length.map_err(|error| match error.raw_os_error() {
        // What is no link is "not found" this way.
        Some(libc::ENOENT) => io::Error::from_raw_os_error(libc::EINVAL),
        _ => error,
    })? as usize);
    Ok(text)
}

/// Whether the runner's user may use a file this way.
///
/// # Errors
///
/// What the kernel fails with.
pub fn access(path: &Path, mode: i32) -> io::Result<()> {
    let path = path_of(path)?;
    // SAFETY: a path that ends with a zero.
    check(unsafe { libc::access(path.as_ptr(), mode) }.into()).map(drop)
}
