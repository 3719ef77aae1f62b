//! A camera that looks after itself: it keeps the last frames, restarts after a stall, opens again after an unplug, counts losses.

use std::time::Duration;

use vidbuf::{Backend, CaptureStream, Error, Frame, Parked, Queue, Recovery, Request};

const BUFFERS: usize = 5;
const REQUEST: Request = Request::up_to(5).at_least(4);
/// A stream that gives nothing for so long is started again.
const SILENCE: Duration = Duration::from_secs(2);
/// Frames that are kept.
const KEPT: usize = 2;

/// A camera that `open` opens and sets up: on Linux, or on the simulator.
pub struct Camera<B: Backend, O: FnMut() -> Result<B, Error>> {
    open: O,
    queue: Option<CaptureStream<B, BUFFERS>>,
    /// Oldest first.
    kept: [Option<Parked>; KEPT],
    /// Frames that the driver counted and the program did not get.
    pub lost: u32,
    /// How often the stream was started again.
    pub restarts: u32,
    /// How often the device was opened.
    pub opened: u32,
}

impl<B: Backend, O: FnMut() -> Result<B, Error>> Camera<B, O> {
    /// Opens nothing yet.
    pub fn new(open: O) -> Self {
        Self { open, queue: None, kept: [const { None }; KEPT], lost: 0, restarts: 0, opened: 0 }
    }

    /// The number of the next good frame, which is kept; the buffer of the oldest one that was kept goes back to the driver.
    ///
    /// An error is for the caller to wait out: the next call goes on, and opens again what is gone.
    pub fn next(&mut self) -> Result<u32, Error> {
        loop {
            let queue = match &mut self.queue {
                Some(queue) => queue,
                closed => {
                    let device = (self.open)()?;
                    self.opened += 1;
                    closed.insert(Queue::capture(device).room().start(REQUEST)?)
                }
            };
            let recovery = match queue.dequeue_timeout(SILENCE) {
                Ok(Some(frame)) => {
                    self.lost += frame.lost_before().unwrap_or(0);
                    if frame.is_flagged_bad() {
                        continue; // It is dropped, which gives it back.
                    }
                    let sequence = frame.sequence();
                    self.kept.rotate_left(1);
                    queue.keep(frame, &mut self.kept[KEPT - 1])?;
                    return Ok(sequence);
                }
                Ok(None) => Recovery::Restart,
                Err(error) => match error.recovery() {
                    Recovery::Again | Recovery::SkipFrame => continue,
                    Recovery::GiveUp => return Err(error),
                    recovery => recovery,
                },
            };
            // The end of a stream ends its parked frames.
            self.kept = [const { None }; KEPT];
            if recovery == Recovery::Restart && queue.restart().is_ok() {
                self.restarts += 1;
            } else {
                self.queue = None;
            }
        }
    }

    /// Looks at the frames that are kept, oldest first.
    pub fn look(&self, mut look: impl FnMut(&Frame<'_, B>)) {
        let Some(queue) = &self.queue else { return };
        for parked in self.kept.iter().flatten() {
            // A frame of a stream that has ended is passed over.
            let _ = queue.look(parked, &mut look);
        }
    }
}
