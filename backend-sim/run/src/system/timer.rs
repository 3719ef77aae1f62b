//! Clocks, and a timer.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::{check, owned};

/// Nanoseconds.
pub fn now_ns() -> u64 {
    read_ns(libc::CLOCK_MONOTONIC)
}

/// Nanoseconds of a clock that always exists.
fn read_ns(clock: libc::clockid_t) -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: one of three clocks that always exist, and a place for the result.
    unsafe { libc::clock_gettime(clock, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// A clock that timestamps can be of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// That of drivers.
    #[default]
    Monotonic,
    /// The time of day.
    Realtime,
    /// As the first, with the time that the machine slept.
    Boottime,
    /// None: all timestamps are 0.
    Zero,
}

impl Clock {
    /// A time of CLOCK_MONOTONIC on this clock, in nanoseconds.
    pub fn at(self, monotonic_ns: u64) -> u64 {
        let other = match self {
            Self::Monotonic => return monotonic_ns,
            Self::Realtime => libc::CLOCK_REALTIME,
            Self::Boottime => libc::CLOCK_BOOTTIME,
            Self::Zero => return 0,
        };
        read_ns(other).saturating_sub(now_ns()).saturating_add(monotonic_ns)
    }
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
