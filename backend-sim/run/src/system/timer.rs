//! CLOCK_MONOTONIC.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::{check, owned};

/// Nanoseconds.
pub fn now_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a clock that always exists, and a place for the result.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// A timer, as a file.
#[derive(Debug)]
pub struct Timer {
    file: OwnedFd,
    set: Option<u64>,
}

impl Timer {
    /// One that is not set.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new() -> io::Result<Self> {
        let flags = libc::TFD_CLOEXEC | libc::TFD_NONBLOCK;
        // SAFETY: numbers only.
        let file = owned(unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, flags) }.into())?;
        Ok(Self { file, set: None })
    }

    /// The descriptor, to wait on.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// Sets it to a time, in nanoseconds, or not at all.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn set(&mut self, at: Option<u64>) -> io::Result<()> {
        if self.set == at {
            return Ok(());
        }
        self.set = at;
        // 0 stops it.
        let at = at.map_or(0, |at| at.max(1));
        let never = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        let value = libc::timespec { tv_sec: (at / 1_000_000_000) as i64, tv_nsec: (at % 1_000_000_000) as i64 };
        let time = libc::itimerspec { it_interval: never, it_value: value };
        // SAFETY: our own descriptor, and a time that the kernel reads.
        check(
            unsafe {
                libc::timerfd_settime(self.file.as_raw_fd(), libc::TFD_TIMER_ABSTIME, &time, core::ptr::null_mut())
            }
            .into(),
        )
        .map(drop)
    }

    /// It has run out, and is not set any more.
    pub fn acknowledge(&mut self) {
        let mut times = 0u64;
        // SAFETY: our own descriptor, and room for a number.
        unsafe { libc::read(self.file.as_raw_fd(), (&raw mut times).cast(), 8) };
        self.set = None;
    }
}
