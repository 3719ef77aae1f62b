//! Frames and events from one wait.

use core::fmt;
use core::time::Duration;

use super::dequeue::{dequeue, prepare};
use super::{Queue, Streaming};
use crate::backend::Backend;
use crate::error::{Errno, Error, Operation};
use crate::frame::Frame;
use crate::node::{Event, Events, FrameWait};
use crate::queue::failure::{Call, Failure};
use crate::queue::raw::RawQueue;
use crate::queue_kind::{Capture, Kind, Memory, Planes, QueueKind};

/// What [`Queue::frame_or_event`] returns.
///
/// A later version adds no variant: anything else is an error.
pub enum FrameOrEvent<'q, B: Backend, P: Planes, M: Memory> {
    /// A frame.
    Frame(Frame<'q, B, Kind<Capture, P, M>>),
    /// An event. Frames may be waiting, too: [`Event::is_source_change`] is the reason not to use them.
    Event(Event),
    /// The time ran out, or another thread took what was there; nothing has changed.
    TimedOut,
}

impl<B: Backend, P: Planes, M: Memory> fmt::Debug for FrameOrEvent<'_, B, P, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(frame) => f.debug_tuple("Frame").field(frame).finish(),
            Self::Event(event) => f.debug_tuple("Event").field(event).finish(),
            Self::TimedOut => f.write_str("TimedOut"),
        }
    }
}

impl<B: Backend + Events, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    /// Waits for either. An event wakes a program that has left the driver no buffer, too, so that this is no obstacle.
    fn wait_frame_or_event(&self, timeout: Option<Duration>) -> Result<FrameWait, Error> {
        if self.shared.tally.obstacles().any()
            && let Err(failure) = prepare(self, Operation::Wait, false)
        {
            return Err(self.shared.error(failure));
        }
        self.shared.backend.wait_frame_or_event(K::QUEUE, timeout).map_err(|error| self.wait_error(error))
    }

    fn wait_error(&self, error: Errno) -> Error {
        self.shared.error(Failure::new(Call::of_queue(Operation::Wait), error))
    }
}

impl<B: Backend + Events, P: Planes, M: Memory, const N: usize> Queue<B, Streaming, Kind<Capture, P, M>, N> {
    /// `poll`, then `ioctl(fd, VIDIOC_DQEVENT, &event)` or `ioctl(fd, VIDIOC_DQBUF, &buffer)`: takes an event if there is one, else
    /// a finished frame; waits at most `timeout` for either, for ever with `None`.
    ///
    /// Events come first: one may be the reason why frames do not come any more, or are not what the format describes. They are those
    /// that [`subscribe`](Events::subscribe) of the [backend](Self::backend) has asked for.
    ///
    /// ```
    /// use core::time::Duration;
    /// use vidbuf::node::{Events, Subscription};
    /// use vidbuf::queue::FrameOrEvent;
    /// use vidbuf::{Backend, CaptureStream, Error};
    ///
    /// /// Whether the source stays what it is for so many frames.
    /// fn is_steady<B: Backend + Events>(queue: &CaptureStream<B>, frames: u32) -> Result<bool, Error> {
    ///     queue.backend().subscribe(Subscription::SOURCE_CHANGE)?;
    ///     for _ in 0..frames {
    ///         match queue.frame_or_event(Some(Duration::from_secs(1)))? {
    ///             FrameOrEvent::Frame(frame) => frame.requeue()?,
    ///             FrameOrEvent::Event(event) if event.is_source_change() => return Ok(false),
    ///             FrameOrEvent::Event(_) => {}
    ///             FrameOrEvent::TimedOut => return Ok(false),
    ///         }
    ///     }
    ///     Ok(true)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue); EINTR only without a time-out.
    #[doc(alias = "poll")]
    #[doc(alias = "VIDIOC_DQEVENT")]
    pub fn frame_or_event(&self, timeout: Option<Duration>) -> Result<FrameOrEvent<'_, B, P, M>, Error> {
        match self.raw.wait_frame_or_event(timeout)? {
            FrameWait::Event => {
                let event = self.raw.shared.backend.event().map_err(|error| self.raw.wait_error(error))?;
                Ok(event.map_or(FrameOrEvent::TimedOut, FrameOrEvent::Event))
            }
            FrameWait::Frame => {
                let taken = dequeue(&self.raw, false)?;
                Ok(taken.map_or(FrameOrEvent::TimedOut, |(slot, info)| {
                    FrameOrEvent::Frame(Frame::new(&self.raw.shared, slot, info))
                }))
            }
            FrameWait::TimedOut => Ok(FrameOrEvent::TimedOut),
        }
    }
}
