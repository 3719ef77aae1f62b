//! Waiting for an event, alone or beside a buffer. A program that takes no events has none of this.

use core::time::Duration;

use rustix::event::{PollFlags, Timespec};
use rustix::fd::BorrowedFd;
use rustix::io::Errno as Raw;
use vidbuf::backend::Wake;
use vidbuf::node::FrameWait;

use super::{poll_once, timespec, wait_on};
use crate::Errno;
use crate::errno::errno;

const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// `poll(fd, POLLPRI)`: whether an event can be taken now.
pub(crate) fn is_there(fd: BorrowedFd<'_>) -> Result<bool, Errno> {
    match poll_once(fd, PollFlags::PRI, Some(&AT_ONCE)) {
        // Of a device that is gone, too: VIDIOC_DQEVENT fails with ENODEV then, and does not sleep.
        Ok(events) => Ok(events.contains(PollFlags::PRI)),
        // A signal came while the driver's lock was waited for.
        Err(Raw::INTR) => Ok(false),
        Err(error) => Err(errno(error)),
    }
}

/// `poll(fd, POLLPRI, timeout)`: waits for an event. Polling for nothing else, a driver reports no error of its queue.
pub(crate) fn wait(fd: BorrowedFd<'_>, timeout: Duration) -> Result<Wake, Errno> {
    match poll_once(fd, PollFlags::PRI, Some(&timespec(timeout))) {
        Ok(events) if events.is_empty() => Ok(Wake::TimedOut),
        outcome => wait_on(fd, PollFlags::PRI, Some(timeout), outcome),
    }
}

/// `poll(fd, POLLPRI | POLLIN)`, or POLLOUT: waits for an event, or until a buffer can be dequeued; what it returns of errors, signals and
/// time-outs is as in [`wait`](super::wait).
///
/// # Errors
///
/// As there. An event comes before an error of the queue.
pub(crate) fn wait_frame_or_event(
    fd: BorrowedFd<'_>,
    output: bool,
    timeout: Option<Duration>,
) -> Result<FrameWait, Errno> {
    let frame = if output { PollFlags::OUT } else { PollFlags::IN };
    let wanted = frame.union(PollFlags::PRI);
    let outcome = poll_once(fd, wanted, timeout.map(timespec).as_ref());
    match outcome {
        Ok(events) if events.is_empty() => return Ok(FrameWait::TimedOut),
        Ok(events) if events.contains(PollFlags::HUP) => return Err(Errno::ENODEV),
        Ok(events) if events.intersects(wanted) => return Ok(which(events)),
        _ => {}
    }
    match wait_on(fd, wanted, timeout, outcome)? {
        Wake::TimedOut => Ok(FrameWait::TimedOut),
        // It does not return which of them it was. If another thread has taken it meanwhile, the caller's call would sleep.
        Wake::Ready => match poll_once(fd, wanted, Some(&AT_ONCE)) {
            Ok(events) if events.intersects(wanted) => Ok(which(events)),
            Ok(_) | Err(Raw::INTR) => Ok(FrameWait::TimedOut),
            Err(error) => Err(errno(error)),
        },
    }
}

fn which(events: PollFlags) -> FrameWait {
    if events.contains(PollFlags::PRI) { FrameWait::Event } else { FrameWait::Frame }
}

#[cfg(test)]
mod tests {
    use super::{FrameWait, Wake, is_there, wait, wait_frame_or_event};
    use crate::Errno;
    use core::time::Duration;
    use rustix::fd::AsFd as _;
    use rustix::io::write;
    use rustix::pipe::pipe;

    const SHORT: Duration = Duration::from_millis(1);

    #[test]
    fn file_without_events_has_none() {
        let (reader, writer) = pipe().expect("a pipe");
        write(&writer, b"x").expect("one byte fits");
        assert_eq!(is_there(reader.as_fd()), Ok(false));
        assert_eq!(wait(reader.as_fd(), SHORT), Ok(Wake::TimedOut));
    }

    #[test]
    fn frame_without_an_event_is_a_frame() {
        let (reader, writer) = pipe().expect("a pipe");
        assert_eq!(wait_frame_or_event(reader.as_fd(), false, Some(SHORT)), Ok(FrameWait::TimedOut));
        assert_eq!(wait_frame_or_event(writer.as_fd(), true, None), Ok(FrameWait::Frame));
        write(&writer, b"x").expect("one byte fits");
        assert_eq!(wait_frame_or_event(reader.as_fd(), false, None), Ok(FrameWait::Frame));
    }

    #[test]
    fn hang_up_and_error_are_errors() {
        let (reader, writer) = pipe().expect("a pipe");
        drop(writer);
        assert_eq!(wait_frame_or_event(reader.as_fd(), false, None), Err(Errno::ENODEV));
        assert_eq!(wait(reader.as_fd(), SHORT), Err(Errno::ENODEV));
        let (reader, writer) = pipe().expect("a pipe");
        drop(reader);
        assert_eq!(wait_frame_or_event(writer.as_fd(), false, Some(SHORT)), Err(Errno::EIO));
    }
}
