//! Signals to the runner: which child ended, and what is passed on.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::{check, owned};

/// What a terminal or another process ends a program with: the program has it, not the runner.
const PASSED_ON: [i32; 7] =
    [libc::SIGINT, libc::SIGQUIT, libc::SIGTERM, libc::SIGHUP, libc::SIGUSR1, libc::SIGUSR2, libc::SIGCONT];

/// Signals, as a file.
#[derive(Debug)]
pub struct Signals {
    file: OwnedFd,
    before: libc::sigset_t,
}

impl Signals {
    /// From now on signals come here.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new() -> io::Result<Self> {
        // SAFETY: sets of signals that live here.
        unsafe {
            let (mut set, mut before) = (core::mem::zeroed(), core::mem::zeroed());
            libc::sigemptyset(&mut set);
            libc::sigaddset(&mut set, libc::SIGCHLD);
            for signal in PASSED_ON {
                libc::sigaddset(&mut set, signal);
            }
            libc::pthread_sigmask(libc::SIG_BLOCK, &set, &mut before);
            let file = owned(libc::signalfd(-1, &set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK).into())?;
            Ok(Self { file, before })
        }
    }

    /// The descriptor, to wait on.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// In a new child: signals are as they were.
    pub fn restore(&self) {
        // SAFETY: a set of signals that lives here.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.before, core::ptr::null_mut()) };
    }

    /// The next signal that the program is to have.
    pub fn next(&self) -> Option<i32> {
        loop {
            // SAFETY: plain integers, for which zero is a value.
            let mut info: libc::signalfd_siginfo = unsafe { core::mem::zeroed() };
            let length = size_of::<libc::signalfd_siginfo>();
            // SAFETY: our own descriptor, and room for one signal.
            check(unsafe { libc::read(self.file.as_raw_fd(), (&raw mut info).cast(), length) } as i64).ok()?;
            // What the terminal sends comes to the program as well.
            if PASSED_ON.contains(&(info.ssi_signo as i32)) && info.ssi_code <= 0 {
                return Some(info.ssi_signo as i32);
            }
        }
    }
}
