//! Follows an HDMI source: whenever its signal changes, stops, asks for the new timings, sets them, and starts again. For every kind of
//! receiver, a simulated one too.

use std::time::Duration;

use vidbuf::error::ErrorKind;
use vidbuf::node::{Events, Subscription, Timings};
use vidbuf::queue::FrameOrEvent;
use vidbuf::{Backend, Clock, Errno, Error, Frame, Queue, Request};

/// How often a receiver is asked for a signal, if it reports no change: some need time to lock onto one.
const AGAIN: Duration = Duration::from_millis(250);
/// How long a frame may take.
const STALL: Duration = Duration::from_secs(1);
/// How often in a row the stream may start without a frame.
const STARTS: u32 = 8;

/// What a receiver is asked besides buffers and events.
pub trait Receiver: Backend + Events + Clock {
    /// VIDIOC_QUERY_DV_TIMINGS.
    fn arriving(&self) -> Result<Timings, Errno>;
    /// VIDIOC_S_DV_TIMINGS, and what else the format needs.
    fn adopt(&mut self, timings: &Timings) -> Result<(), Errno>;
}

/// What a program sees.
pub enum Seen<'f, B: Backend> {
    /// The signal is this one now; frames of it follow.
    Signal(&'f Timings),
    /// A frame, good or bad.
    Frame(&'f Frame<'f, B>),
    /// The signal is lost, or another one.
    Changed,
}

/// Why following ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The program has seen enough.
    Enough,
    /// No signal for as long as it was to wait.
    NoSignal,
    /// A signal without frames, again and again.
    NoFrames,
}

/// Follows the source of an input until `see` returns false, or until there is no signal for `patience`. Each step is bounded, whatever
/// the receiver reports. The receiver comes back.
pub fn follow<R: Receiver>(
    mut receiver: R,
    input: u32,
    patience: Duration,
    mut see: impl FnMut(Seen<'_, R>) -> bool,
) -> Result<(R, End), Error> {
    receiver.subscribe(Subscription::source_change_of(input))?;
    let mut fruitless = 0;
    while fruitless < STARTS {
        let Some(timings) = signal(&receiver, patience)? else { return Ok((receiver, End::NoSignal)) };
        fruitless += 1;
        match receiver.adopt(&timings) {
            Ok(()) => {}
            // It has changed since, or is nothing that the receiver can have.
            Err(Errno::EINVAL | Errno::ERANGE) => continue,
            Err(error) => return Err(error.into()),
        }
        if !see(Seen::Signal(&timings)) {
            return Ok((receiver, End::Enough));
        }
        let queue = match Queue::capture(receiver).try_start(Request::up_to(4).at_least(2)) {
            Ok(queue) => queue,
            // A source that changes between the two calls is refused with EPIPE or ENOLINK.
            Err(failed) if is_of_signal(&failed.error) => {
                receiver = failed.value.into_backend()?;
                continue;
            }
            Err(failed) => return Err(failed.error),
        };
        let mut enough = false;
        while !enough {
            match queue.frame_or_event(Some(STALL)) {
                Ok(FrameOrEvent::Frame(frame)) => {
                    fruitless = 0;
                    enough = !see(Seen::Frame(&frame));
                    frame.requeue()?;
                }
                Ok(FrameOrEvent::Event(event)) if !event.is_source_change() => {}
                Ok(FrameOrEvent::Event(_) | FrameOrEvent::TimedOut) => break,
                // Most receivers fail the queue when the signal goes.
                Err(error) if error.is_end_of_stream() || error.kind() == Some(ErrorKind::Io) => break,
                Err(error) => return Err(error),
            }
        }
        receiver = queue.stop()?.into_backend()?;
        if enough || !see(Seen::Changed) {
            return Ok((receiver, End::Enough));
        }
    }
    Ok((receiver, End::NoFrames))
}

/// Waits for a signal with timings.
fn signal<R: Receiver>(receiver: &R, patience: Duration) -> Result<Option<Timings>, Errno> {
    let deadline = receiver.now() + patience;
    loop {
        // Older changes are in what is asked next; newer ones end the wait below.
        while receiver.event()?.is_some_and(|event| event.pending > 0) {}
        match receiver.arriving() {
            Ok(timings) => return Ok(Some(timings)),
            // No cable, no lock, or a signal that the receiver cannot take: states of the cable.
            Err(Errno::ENOLINK | Errno::ENOLCK | Errno::ERANGE) => {}
            Err(error) => return Err(error),
        }
        let left = deadline.saturating_sub(receiver.now());
        if left.is_zero() {
            return Ok(None);
        }
        receiver.event_timeout(left.min(AGAIN))?;
    }
}

fn is_of_signal(error: &Error) -> bool {
    matches!(error.kind(), Some(ErrorKind::BrokenPipe | ErrorKind::NotLinked))
}
