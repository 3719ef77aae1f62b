//! Waiting on after a signal, for a bounded time.

use core::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd as _, BorrowedFd, OwnedFd};
use rustix::io::Errno as Raw;
use rustix::thread::{NanosleepRelativeResult, nanosleep};
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime};
use vidbuf::backend::Wake;

use super::{classify, poll_once, timespec};
use crate::Errno;
use crate::errno::errno;

/// Without a timer, the device is polled this often.
const SLICE: Duration = Duration::from_millis(1);

/// Waits until a buffer can be dequeued, at most `timeout` from now, however many signals arrive.
pub(super) fn wait(fd: BorrowedFd<'_>, wanted: PollFlags, timeout: Duration) -> Result<Wake, Errno> {
    match start_timer(timeout) {
        Ok(timer) => wait_with_timer(fd, wanted, &timer),
        // EMFILE, ENFILE, ENOMEM, or ENOSYS of a kernel or sandbox without timers.
        Err(_) => wait_in_slices(fd, wanted, timeout),
    }
}

/// `timerfd_create`, `timerfd_settime`: a descriptor that becomes readable after `timeout`.
fn start_timer(timeout: Duration) -> Result<OwnedFd, Raw> {
    let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC)?;
    let never = Timespec { tv_sec: 0, tv_nsec: 0 };
    // A timer of 0 would be off.
    let it_value = timespec(timeout.max(Duration::from_nanos(1)));
    timerfd_settime(&timer, TimerfdTimerFlags::empty(), &Itimerspec { it_interval: never, it_value })?;
    Ok(timer)
}

/// Polls the device and the timer together. `poll` looks at both before it looks for signals, so that even a signal at every
/// call does not hide the timer.
fn wait_with_timer(fd: BorrowedFd<'_>, wanted: PollFlags, timer: &OwnedFd) -> Result<Wake, Errno> {
    loop {
        let mut descriptors =
            [PollFd::from_borrowed_fd(fd, wanted), PollFd::from_borrowed_fd(timer.as_fd(), PollFlags::IN)];
        match poll(&mut descriptors, None) {
            Ok(_) => {}
            Err(Raw::INTR) => continue,
            Err(error) => return Err(errno(error)),
        }
        let [device, timer] = descriptors.map(|descriptor| descriptor.revents());
        if !device.is_empty() && classify(fd, wanted, device)? {
            return Ok(Wake::Ready);
        }
        if !timer.is_empty() {
            return Ok(Wake::TimedOut);
        }
    }
}

/// `poll` and `nanosleep` in turns. An interrupted `nanosleep` returns the time that is left, so this ends in time, too; a buffer
/// is noticed up to a slice late.
fn wait_in_slices(fd: BorrowedFd<'_>, wanted: PollFlags, timeout: Duration) -> Result<Wake, Errno> {
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut left = timeout;
    loop {
        let ready = match poll_once(fd, wanted, Some(&at_once)) {
            Ok(events) => classify(fd, wanted, events)?,
            Err(Raw::INTR) => false,
            Err(error) => return Err(errno(error)),
        };
        if ready {
            return Ok(Wake::Ready);
        }
        if left.is_zero() {
            return Ok(Wake::TimedOut);
        }
        let slice = left.min(SLICE);
        left -= slice;
        if let NanosleepRelativeResult::Interrupted(rest) = nanosleep(&timespec(slice)) {
            left += duration(&rest).min(slice);
        }
    }
}

/// What the kernel stored, which is a valid duration.
fn duration(time: &Timespec) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Duration, PollFlags, Wake, start_timer, wait, wait_in_slices, wait_with_timer};
    use crate::Errno;
    use rustix::fd::AsFd as _;
    use rustix::io::write;
    use rustix::pipe::pipe;
    use std::time::Instant;

    const TIMEOUT: Duration = Duration::from_millis(20);

    #[test]
    fn both_ways_end_after_the_time_out_and_not_before() {
        let (reader, _writer) = pipe().expect("a pipe");
        for way in [wait, wait_in_slices] {
            let began = Instant::now();
            assert_eq!(way(reader.as_fd(), PollFlags::IN, TIMEOUT), Ok(Wake::TimedOut));
            assert!(began.elapsed() >= TIMEOUT, "{:?}", began.elapsed());
        }
    }

    #[test]
    fn time_out_of_zero_ends() {
        let (reader, _writer) = pipe().expect("a pipe");
        let timer = start_timer(Duration::ZERO).expect("a timer");
        assert_eq!(wait_with_timer(reader.as_fd(), PollFlags::IN, &timer), Ok(Wake::TimedOut));
        assert_eq!(wait_in_slices(reader.as_fd(), PollFlags::IN, Duration::ZERO), Ok(Wake::TimedOut));
    }

    #[test]
    fn longest_time_out_is_accepted_and_data_ends_both_ways() {
        let (reader, writer) = pipe().expect("a pipe");
        write(&writer, b"x").expect("one byte fits");
        start_timer(Duration::MAX).expect("a timer");
        for way in [wait, wait_in_slices] {
            assert_eq!(way(reader.as_fd(), PollFlags::IN, Duration::MAX), Ok(Wake::Ready));
        }
    }

    #[test]
    fn hang_up_and_error_end_both_ways() {
        let (reader, writer) = pipe().expect("a pipe");
        drop(writer);
        for way in [wait, wait_in_slices] {
            assert_eq!(way(reader.as_fd(), PollFlags::IN, TIMEOUT), Err(Errno::ENODEV));
        }
        let (reader, writer) = pipe().expect("a pipe");
        drop(reader);
        for way in [wait, wait_in_slices] {
            assert_eq!(way(writer.as_fd(), PollFlags::IN, TIMEOUT), Err(Errno::EIO));
        }
    }
}
