//! Waiting for a buffer.

use core::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::BorrowedFd;
use rustix::io::Errno as Raw;
use rustix::thread::nanosleep;
use vidbuf::backend::Wake;

use crate::Errno;
use crate::errno::errno;

pub(crate) mod event;
mod signals;

/// How often a bare POLLERR is polled again before it counts as the queue's error. A signal that arrives while `poll` waits for
/// the driver's lock also gives POLLERR, once per signal; a queue in error gives it at once and every time.
const ERROR_TRIES: u32 = 100;

/// `ppoll(fd, POLLIN or POLLOUT, timeout)`: waits until a buffer can be dequeued.
///
/// Returns `Ready` only when DQBUF would not sleep. An error condition is therefore an error here: a blocking device could sleep
/// for ever in the DQBUF that follows.
///
/// A signal ends a wait without a time-out (EINTR). It neither ends nor restarts a wait with one: how much of the time-out had
/// passed at the first signal is not known, so a timer for the whole time-out starts then, and the wait ends when it expires. In
/// all that is less than twice the time-out, however many signals arrive; without a signal it is the time-out itself. (`poll`
/// of a driver may in addition wait for the driver's lock, which no time-out limits.)
///
/// # Errors
///
/// - EINTR: a signal arrived, and there is no time-out.
/// - ENODEV: the device is gone (POLLHUP).
/// - EIO: the queue is in error, or not streaming, or nothing was enqueued since STREAMON (POLLERR alone).
/// - EBADF: not an open descriptor (POLLNVAL).
///
/// # Kernel
///
/// `func-poll.rst`, `vb2_core_poll`, `v4l2_poll`.
#[inline]
pub(crate) fn wait(fd: BorrowedFd<'_>, output: bool, timeout: Option<Duration>) -> Result<Wake, Errno> {
    let wanted = if output { PollFlags::OUT } else { PollFlags::IN };
    // The kernel stores the remaining time, but rustix does not return it; reading a clock before every wait would cost more
    // instructions than all of the rest.
    match poll_once(fd, wanted, timeout.map(timespec).as_ref()) {
        Ok(events) if events.contains(wanted) => Ok(Wake::Ready),
        Ok(events) if events.is_empty() => Ok(Wake::TimedOut),
        outcome => wait_on(fd, wanted, timeout, outcome),
    }
}

/// Continues a wait whose first `poll` found an error condition or was interrupted.
#[cold]
#[inline(never)]
fn wait_on(
    fd: BorrowedFd<'_>,
    wanted: PollFlags,
    timeout: Option<Duration>,
    outcome: Result<PollFlags, Raw>,
) -> Result<Wake, Errno> {
    let ready = match outcome {
        Ok(events) => classify(fd, wanted, events)?,
        Err(Raw::INTR) => false,
        Err(error) => return Err(errno(error)),
    };
    match timeout {
        _ if ready => Ok(Wake::Ready),
        // Also after a POLLERR that a signal caused: the signal arrived during the wait.
        None => Err(Errno::EINTR),
        Some(timeout) => signals::wait(fd, wanted, timeout),
    }
}

/// Whether one of the wanted bits is set: a buffer can be dequeued; after a `poll` that returned `events`. False also after a POLLERR that a signal caused.
fn classify(fd: BorrowedFd<'_>, wanted: PollFlags, mut events: PollFlags) -> Result<bool, Errno> {
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    for _ in 0..ERROR_TRIES {
        if events.intersects(wanted) {
            return Ok(true);
        }
        if events.contains(PollFlags::NVAL) {
            return Err(Errno::EBADF);
        }
        if events.contains(PollFlags::HUP) {
            return Err(Errno::ENODEV);
        }
        if events.is_empty() {
            return Ok(false);
        }
        events = match poll_once(fd, wanted, Some(&at_once)) {
            Err(Raw::INTR) => PollFlags::empty(),
            outcome => outcome.map_err(errno)?,
        };
    }
    Err(Errno::EIO)
}

#[inline]
fn poll_once(fd: BorrowedFd<'_>, wanted: PollFlags, timeout: Option<&Timespec>) -> Result<PollFlags, Raw> {
    let mut descriptors = [PollFd::from_borrowed_fd(fd, wanted)];
    poll(&mut descriptors, timeout)?;
    Ok(descriptors[0].revents())
}

/// A duration in the kernel's structure; one beyond its range becomes the longest that it can hold.
#[inline]
pub(crate) fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        // Below 10^9, which fits every type of this field.
        tv_nsec: duration.subsec_nanos() as _,
    }
}

/// Sleeps for a millisecond. A signal may end it sooner.
pub(crate) fn pause() {
    // It can only be interrupted, which is a pause, too.
    let _ = nanosleep(&Timespec { tv_sec: 0, tv_nsec: 1_000_000 });
}

#[cfg(test)]
mod tests {
    use super::{PollFlags, Raw, Wake, timespec, wait, wait_on};
    use crate::Errno;
    use core::time::Duration;
    use rustix::fd::AsFd as _;
    use rustix::io::write;
    use rustix::pipe::pipe;

    const SHORT: Option<Duration> = Some(Duration::from_millis(1));

    #[test]
    fn empty_pipe_times_out() {
        let (reader, _writer) = pipe().expect("a pipe");
        assert_eq!(wait(reader.as_fd(), false, SHORT), Ok(Wake::TimedOut));
    }

    #[test]
    fn filled_pipe_is_ready_without_a_limit() {
        let (reader, writer) = pipe().expect("a pipe");
        write(&writer, b"x").expect("one byte fits");
        assert_eq!(wait(reader.as_fd(), false, None), Ok(Wake::Ready));
    }

    #[test]
    fn data_before_a_hang_up_is_ready() {
        let (reader, writer) = pipe().expect("a pipe");
        write(&writer, b"x").expect("one byte fits");
        drop(writer);
        assert_eq!(wait(reader.as_fd(), false, SHORT), Ok(Wake::Ready));
    }

    #[test]
    fn hang_up_is_a_device_that_is_gone() {
        let (reader, writer) = pipe().expect("a pipe");
        drop(writer);
        assert_eq!(wait(reader.as_fd(), false, None), Err(Errno::ENODEV));
    }

    #[test]
    fn lasting_error_ends_as_a_queue_error() {
        // Polled for input, the writing end of a pipe without a reader gives POLLERR alone.
        let (reader, writer) = pipe().expect("a pipe");
        drop(reader);
        assert_eq!(wait(writer.as_fd(), false, None), Err(Errno::EIO));
    }

    #[test]
    fn interrupted_wait_goes_on_only_with_a_time_out() {
        let (reader, writer) = pipe().expect("a pipe");
        // A signal, and a signal while the driver's lock was waited for.
        for outcome in [Err(Raw::INTR), Ok(PollFlags::ERR)] {
            assert_eq!(wait_on(reader.as_fd(), PollFlags::IN, SHORT, outcome), Ok(Wake::TimedOut));
            assert_eq!(wait_on(reader.as_fd(), PollFlags::IN, None, outcome), Err(Errno::EINTR));
        }
        write(&writer, b"x").expect("one byte fits");
        for outcome in [Err(Raw::INTR), Ok(PollFlags::ERR)] {
            assert_eq!(wait_on(reader.as_fd(), PollFlags::IN, SHORT, outcome), Ok(Wake::Ready));
        }
        // An error that has passed, and a buffer behind it.
        assert_eq!(wait_on(reader.as_fd(), PollFlags::IN, None, Ok(PollFlags::ERR)), Ok(Wake::Ready));
    }

    #[test]
    fn output_waits_for_room() {
        let (_reader, writer) = pipe().expect("a pipe");
        assert_eq!(wait(writer.as_fd(), true, SHORT), Ok(Wake::Ready));
    }

    #[test]
    fn longest_duration_saturates() {
        assert_eq!(timespec(Duration::MAX).tv_sec, i64::MAX);
        assert_eq!(timespec(Duration::new(3, 7)).tv_nsec, 7);
        let (reader, writer) = pipe().expect("a pipe");
        write(&writer, b"x").expect("one byte fits");
        assert_eq!(wait(reader.as_fd(), false, Some(Duration::MAX)), Ok(Wake::Ready));
    }
}
