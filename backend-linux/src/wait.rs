//! Waiting for a buffer.

use core::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::BorrowedFd;
use vidbuf::Wake;

use crate::Errno;

/// How often a bare POLLERR is asked again. It also means "a signal came while poll waited for the driver's lock"; one such
/// answer is likely now and then, several in a row are not.
const ERROR_TRIES: u32 = 4;

/// `poll(fd, POLLIN or POLLOUT, timeout)`: waits until a buffer can be dequeued.
///
/// `Ready` is said only when dequeuing would not sleep. That is why an error condition is an error here: a blocking device
/// could sleep for ever in the DQBUF that follows.
///
/// # Errors
///
/// - EINTR: a signal came first.
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
    let timeout = timeout.map(timespec);
    let answer = poll_once(fd, wanted, timeout.as_ref())?;
    if answer.contains(wanted) {
        Ok(Wake::Ready)
    } else if answer.is_empty() {
        Ok(Wake::TimedOut)
    } else {
        look_closer(fd, wanted, answer)
    }
}

/// What an answer without data means.
#[cold]
fn look_closer(fd: BorrowedFd<'_>, wanted: PollFlags, mut answer: PollFlags) -> Result<Wake, Errno> {
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut tries = ERROR_TRIES;
    loop {
        if answer.contains(wanted) {
            return Ok(Wake::Ready);
        }
        if answer.contains(PollFlags::NVAL) {
            return Err(Errno::BADF);
        }
        if answer.contains(PollFlags::HUP) {
            return Err(Errno::NODEV);
        }
        if answer.is_empty() {
            // The lock was the trouble. Nothing is ready: as if the signal had come during the wait.
            return Err(Errno::INTR);
        }
        if tries == 0 {
            return Err(Errno::IO);
        }
        tries -= 1;
        answer = poll_once(fd, wanted, Some(&at_once))?;
    }
}

#[inline]
fn poll_once(fd: BorrowedFd<'_>, wanted: PollFlags, timeout: Option<&Timespec>) -> Result<PollFlags, Errno> {
    let mut descriptors = [PollFd::from_borrowed_fd(fd, wanted)];
    match poll(&mut descriptors, timeout) {
        Ok(_) => Ok(descriptors[0].revents()),
        Err(error) => Err(Errno::from_rustix(error)),
    }
}

/// A duration as the kernel counts it; one beyond its range waits as long as it can.
#[inline]
fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        // Below 10^9, which fits every type of this field.
        tv_nsec: duration.subsec_nanos() as _,
    }
}

#[cfg(test)]
mod tests {
    use super::{Wake, timespec, wait};
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
        assert_eq!(wait(reader.as_fd(), false, None), Err(Errno::NODEV));
    }

    #[test]
    fn lasting_error_ends_as_a_queue_error() {
        // The writing end of a pipe that nobody reads polls as POLLERR; asked for input, there is nothing else to say.
        let (reader, writer) = pipe().expect("a pipe");
        drop(reader);
        assert_eq!(wait(writer.as_fd(), false, None), Err(Errno::IO));
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
