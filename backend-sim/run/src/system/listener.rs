//! The listener of a seccomp filter: system calls come out of it, results go in.
//!
//! A call waits in the kernel until it is completed. Until then a signal may end it, and its process may be killed; then the result
//! finds no caller ([`Gone`]).

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use vidbuf_sim::Errno;

use super::{check, errno};

/// `SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP` (Linux 6.6): the processor goes straight from the caller to the runner and back, which makes
/// a call five times as fast.
const SYNC_WAKE_UP: u64 = 1;

/// A system call that waits for its result.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Which one, while it waits.
    pub id: u64,
    /// The thread that makes it.
    pub thread: i32,
    /// Its number.
    pub number: i64,
    /// The address behind its instruction.
    pub instruction: u64,
    /// Its arguments.
    pub arguments: [u64; 6],
}

impl Call {
    /// An argument that is a descriptor or other `int`.
    pub fn int(&self, place: usize) -> i32 {
        self.arguments[place] as i32
    }
}

/// The caller does not wait any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

/// The listener.
#[derive(Debug)]
pub struct Listener(OwnedFd);

impl Listener {
    /// Of a descriptor that `seccomp` returned.
    pub fn new(fd: OwnedFd) -> Self {
        // SAFETY: sets a flag of our own descriptor; the argument is the flags themselves. An older kernel refuses it, and is slower.
        unsafe { libc::ioctl(fd.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP) };
        Self(fd)
    }

    /// The descriptor, to wait on.
    pub fn fd(&self) -> BorrowedFd<'_> {
        use std::os::fd::AsFd;
        self.0.as_fd()
    }

    /// The next call; `None` if it went away while it was being read.
    pub fn receive(&self) -> io::Result<Option<Call>> {
        // SAFETY: plain integers, for which zero is a value.
        let mut raw: libc::seccomp_notif = unsafe { core::mem::zeroed() };
        // SAFETY: our own descriptor, and a structure of the size that the kernel writes.
        match check(unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &mut raw) }.into()) {
            Ok(_) => Ok(Some(Call {
                id: raw.id,
                thread: raw.pid as i32,
                number: raw.data.nr.into(),
                instruction: raw.data.instruction_pointer,
                arguments: raw.data.args,
            })),
            Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::EINTR)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn send(&self, id: u64, val: i64, error: i32, flags: u32) -> Result<(), Gone> {
        let raw = libc::seccomp_notif_resp { id, val, error, flags };
        // SAFETY: our own descriptor, and a structure that the kernel reads.
        check(unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw) }.into())
            .map(drop)
            .map_err(|_| Gone)
    }

    /// The kernel makes the call, as if it had not been seen.
    pub fn proceed(&self, id: u64) {
        // A caller that is gone needs nothing.
        let _ = self.send(id, 0, 0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32);
    }

    /// What the call returns.
    ///
    /// # Errors
    ///
    /// The caller does not know of it.
    pub fn answer(&self, id: u64, outcome: Result<i64, Errno>) -> Result<(), Gone> {
        match outcome {
            Ok(value) => self.send(id, value, 0, 0),
            Err(errno) => self.send(id, 0, -errno.raw(), 0),
        }
    }

    /// Whether the caller still waits: its memory is its own, and its number no other process's.
    pub fn waits(&self, id: u64) -> bool {
        // SAFETY: our own descriptor, and a number that the kernel reads.
        unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0 }
    }

    fn add_fd(&self, id: u64, file: BorrowedFd<'_>, cloexec: bool, flags: u64) -> io::Result<i32> {
        let raw = libc::seccomp_notif_addfd {
            id,
            flags: flags as u32,
            srcfd: file.as_raw_fd() as u32,
            newfd: 0,
            newfd_flags: if cloexec { libc::O_CLOEXEC as u32 } else { 0 },
        };
        // SAFETY: our own descriptors, and a structure that the kernel reads.
        check(unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ADDFD, &raw) }.into())
            .map(|fd| fd as i32)
    }

    /// Gives the caller a descriptor of this file, at the lowest number that is free, while it waits.
    ///
    /// # Errors
    ///
    /// - `EMFILE`: the caller has too many.
    /// - `ENOENT`: the caller is gone.
    pub fn add(&self, id: u64, file: BorrowedFd<'_>, cloexec: bool) -> Result<i32, Errno> {
        self.add_fd(id, file, cloexec, 0).map_err(|error| errno(&error))
    }

    /// Gives the caller a descriptor of this file. Returns its number, which the call returns, too. If the caller has too many, the call fails.
    ///
    /// # Errors
    ///
    /// The caller does not have it.
    pub fn answer_with(&self, id: u64, file: BorrowedFd<'_>, cloexec: bool) -> Result<i32, Gone> {
        match self.add_fd(id, file, cloexec, libc::SECCOMP_ADDFD_FLAG_SEND) {
            Ok(descriptor) => Ok(descriptor),
            Err(error) if error.raw_os_error() == Some(libc::ENOENT) => Err(Gone),
            Err(error) => {
                let _ = self.answer(id, Err(errno(&error)));
                Err(Gone)
            }
        }
    }
}
