//! The system calls that the runner makes, one file for each kind. All of its `unsafe` is here.

pub mod files;
pub mod inject;
pub mod listener;
pub mod memfd;
pub mod memory;
pub mod probe;
pub mod process;
pub mod signals;
pub mod socket;
pub mod spawn;
pub mod timer;
pub mod wait;

use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

use vidbuf_sim::Errno;

/// What a system call returned, or its error.
pub fn check(returned: i64) -> io::Result<i64> {
    if returned < 0 { Err(io::Error::last_os_error()) } else { Ok(returned) }
}

/// A descriptor that a system call has just returned.
pub fn owned(returned: i64) -> io::Result<OwnedFd> {
    let fd = check(returned)?;
    // SAFETY: the kernel has just made this descriptor for us, and nothing else knows its number.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as i32) })
}

/// The error as the kernel's number.
pub fn errno(error: &io::Error) -> Errno {
    error.raw_os_error().and_then(Errno::from_raw).unwrap_or(Errno::EIO)
}

/// A pipe: its end for reading, and for writing.
///
/// # Errors
///
/// What the kernel fails with.
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut pair = [0; 2];
    // SAFETY: room for two descriptors.
    check(unsafe { libc::pipe2(pair.as_mut_ptr(), libc::O_CLOEXEC) }.into())?;
    Ok((owned(pair[0].into())?, owned(pair[1].into())?))
}

/// A child that goes on from here: 0 in the child. The runner has one thread, so the child may do whatever it likes.
///
/// # Errors
///
/// What the kernel fails with.
pub fn fork() -> io::Result<i32> {
    // SAFETY: the runner has one thread.
    check(unsafe { libc::fork() }.into()).map(|process| process as i32)
}

/// In a child: leaves the terminal, and closes every descriptor but one.
pub fn leave(but: i32) {
    // SAFETY: numbers only; nothing of the parent's is used after this.
    unsafe {
        libc::setsid();
        for range in [(0, but - 1), (but + 1, i32::MAX)] {
            if range.0 <= range.1 {
                libc::syscall(libc::SYS_close_range, range.0, range.1, 0);
            }
        }
    }
}

/// Waits until the other end is closed.
pub fn read_to_end(pipe: &OwnedFd) {
    use std::os::fd::AsRawFd;
    let mut byte = 0u8;
    loop {
        // SAFETY: our own descriptor, and room for a byte.
        match unsafe { libc::read(pipe.as_raw_fd(), (&raw mut byte).cast(), 1) } {
            0 => return,
            -1 if io::Error::last_os_error().kind() != io::ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}

/// Ends a child, without what a program does at its end.
pub fn exit(status: i32) -> ! {
    // SAFETY: ends the process.
    unsafe { libc::_exit(status) }
}
