//! A child that does nothing, to try on it what the runner does with programs.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use super::memory::Memory;
use super::{check, exit, fork, pipe, process, read_to_end};

/// The child.
#[derive(Debug)]
pub struct Probe {
    process: i32,
    /// Of the child as well: the same number.
    pipe: OwnedFd,
}

impl Probe {
    /// Starts one.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new() -> io::Result<Self> {
        let (ours, theirs) = pipe()?;
        let process = fork()?;
        if process == 0 {
            drop(theirs);
            read_to_end(&ours);
            exit(0);
        }
        // Its end of the pipe for writing is closed: only this one keeps it.
        Ok(Self { process, pipe: theirs })
    }

    /// Reads its memory (`process_vm_readv`).
    ///
    /// # Errors
    ///
    /// `EPERM` where that is forbidden.
    pub fn read(&self) -> io::Result<()> {
        static HERE: u64 = 0x7669_6462_7566;
        let mut bytes = [0; 8];
        let memory = Memory { thread: self.process };
        match memory.read(&raw const HERE as u64, &mut bytes) {
            Ok(()) if u64::from_ne_bytes(bytes) == HERE => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Borrows a descriptor (`pidfd_getfd`).
    ///
    /// # Errors
    ///
    /// `EPERM` where that is forbidden.
    pub fn borrow(&self) -> io::Result<()> {
        process::borrow(&process::open(self.process)?, 2).map(drop)
    }

    /// Stops it for a moment (`PTRACE_SEIZE`).
    ///
    /// # Errors
    ///
    /// `EPERM` where that is forbidden.
    pub fn seize(&self) -> io::Result<()> {
        // SAFETY: numbers only; the child is ours, and ends soon.
        check(unsafe { libc::ptrace(libc::PTRACE_SEIZE, self.process, 0, 0) }).map(drop)
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let mut status = 0;
        // SAFETY: our own child, and room for its status.
        unsafe {
            libc::kill(self.process, libc::SIGKILL);
            libc::waitpid(self.process, &mut status, libc::__WALL);
        }
        debug_assert!(self.pipe.as_raw_fd() >= 0);
    }
}
