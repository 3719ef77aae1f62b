//! Sleeping threads: each waits for a timer of its own, which another thread's call can let go off at once.

use crate::errno::last;
use crate::next;
use vidbuf_sim::Errno;

/// The timers, in use and idle.
pub struct Waiters {
    busy: Vec<i32>,
    idle: Vec<i32>,
}

impl Waiters {
    /// None.
    pub const fn new() -> Self {
        Self { busy: Vec::new(), idle: Vec::new() }
    }

    /// A timer that goes off at `due` on CLOCK_MONOTONIC, or when it is rung.
    pub fn take(&mut self, due: Option<u64>) -> Result<i32, Errno> {
        let timer = match self.idle.pop() {
            Some(timer) => timer,
            // SAFETY: makes a descriptor.
            None => unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC) },
        };
        if timer < 0 {
            return Err(last());
        }
        set(timer, due);
        self.busy.push(timer);
        Ok(timer)
    }

    /// The thread is awake.
    pub fn give_back(&mut self, timer: i32) {
        self.busy.retain(|busy| *busy != timer);
        if self.idle.len() < 8 {
            self.idle.push(timer);
        } else {
            // SAFETY: our own descriptor, not used now.
            unsafe { next::close(timer) };
        }
    }

    /// Something happened: everybody looks again.
    pub fn ring(&self) {
        for timer in &self.busy {
            set(*timer, Some(1));
        }
    }
}

fn set(timer: i32, due: Option<u64>) {
    // No time at all disarms, so the earliest is 1.
    let due = due.map_or(0, |due| due.max(1));
    let zero = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let value = libc::timespec { tv_sec: (due / 1_000_000_000) as i64, tv_nsec: (due % 1_000_000_000) as i64 };
    let time = libc::itimerspec { it_interval: zero, it_value: value };
    // SAFETY: a timer of ours and a valid time.
    unsafe { libc::timerfd_settime(timer, libc::TFD_TIMER_ABSTIME, &time, core::ptr::null_mut()) };
}
