//! Processes and their descriptors.

use std::collections::HashSet;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use super::{check, owned};

/// `PIDFD_THREAD` (Linux 6.9): of a thread, not of a process.
const PIDFD_THREAD: i32 = libc::O_EXCL;

/// Device and inode of one of our descriptors.
///
/// # Errors
///
/// `EBADF`.
pub fn inode(fd: i32) -> io::Result<(u64, u64)> {
    // SAFETY: plain integers, for which zero is a value.
    let mut status: libc::stat = unsafe { core::mem::zeroed() };
    // SAFETY: a place for the result.
    check(unsafe { libc::fstat(fd, &mut status) }.into())?;
    Ok((status.st_dev, status.st_ino))
}

/// Device and inode of a descriptor of another process's; `None` if there is no such.
pub fn inode_of(thread: i32, fd: i32) -> Option<(u64, u64)> {
    let mut path = [0u8; 40];
    {
        use std::io::Write;
        write!(&mut path[..], "/proc/{thread}/fd/{fd}\0").ok()?;
    }
    // SAFETY: plain integers, for which zero is a value.
    let mut status: libc::stat = unsafe { core::mem::zeroed() };
    // SAFETY: a path that ends with a zero, and a place for the result.
    let found = unsafe { libc::stat(path.as_ptr().cast(), &mut status) } == 0;
    found.then_some((status.st_dev, status.st_ino))
}

/// Every descriptor of every other process, as far as they can be seen.
fn all_descriptors() -> impl Iterator<Item = (i32, i32)> {
    let own = std::process::id() as i32;
    let numbers = |folder: String| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
    };
    let processes = numbers("/proc".into()).filter(move |process| *process != own);
    processes.flat_map(move |process| numbers(format!("/proc/{process}/fd")).map(move |fd| (process, fd)))
}

/// A process that has a file open, and its descriptor of it.
pub fn find(inode: (u64, u64)) -> Option<(i32, i32)> {
    all_descriptors().find(|(process, descriptor)| inode_of(*process, *descriptor) == Some(inode))
}

/// The files that any process has open.
pub fn open_files() -> HashSet<(u64, u64)> {
    all_descriptors().filter_map(|(process, descriptor)| inode_of(process, descriptor)).collect()
}

/// The process of a thread.
pub fn process_of(thread: i32) -> Option<i32> {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Tgid:"))?.trim().parse().ok()
}

/// A process, as long as it lives: its number may come to be another one's.
///
/// # Errors
///
/// What the kernel fails with.
pub fn open(thread: i32) -> io::Result<OwnedFd> {
    // SAFETY: numbers only.
    let of_thread = owned(unsafe { libc::syscall(libc::SYS_pidfd_open, thread, PIDFD_THREAD) });
    of_thread.or_else(|_| {
        let process = process_of(thread).ok_or_else(|| io::Error::from_raw_os_error(libc::ESRCH))?;
        // SAFETY: numbers only.
        owned(unsafe { libc::syscall(libc::SYS_pidfd_open, process, 0) })
    })
}

/// Borrows a descriptor of a process's: a copy of it, for as long as it is kept.
///
/// # Errors
///
/// What the kernel fails with; `EPERM` where a container forbids it.
pub fn borrow(process: &OwnedFd, fd: i32) -> io::Result<OwnedFd> {
    // SAFETY: our own descriptor and a number.
    owned(unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), fd, 0) })
}

/// Opens as many files as this process may.
pub fn raise_file_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: a structure that lives here. If it fails, the limit stays.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}
