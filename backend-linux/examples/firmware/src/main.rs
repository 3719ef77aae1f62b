//! A whole camera program without std and without libc: `firmware [NODE [FRAMES]]`.
//!
//! Opens a camera (`/dev/video0`), streams with up to four buffers, takes frames (30) and gives them back, stops, unmaps, frees,
//! prints one line and ends. A lost frame or a queue in error does not end it; whatever does has an exit status of its own: see
//! `ending.rs`.
#![no_std]
#![no_main]

use core::ffi::CStr;

use vidbuf::{CaptureStream, Error, Frame, Queue, Recovery, Request};
use vidbuf_linux::Device;

mod ending;
mod line;
mod memory;
mod start;

use ending::{Ending, FIRMWARE, LINES};
use line::Line;
use start::Arguments;

/// Four buffers; two will do.
const BUFFERS: Request = Request::up_to(4).at_least(2);

/// How often in a row the program tries again after an error.
const TRIES: u32 = 10;

/// What was seen.
#[derive(Default)]
struct Summary {
    /// What is shown: frames, lost frames, bad frames, bytes of the last frame.
    shown: [u32; 4],
    /// Frames before which others may be lost or not: the driver does not count them.
    uncounted: u32,
    /// Errors in a row.
    errors: u32,
}

fn main(arguments: &Arguments) -> u8 {
    let mut summary = Summary::default();
    let node = arguments.get(1).unwrap_or(c"/dev/video0");
    let outcome = match arguments.get(2).map_or(Some(30), number) {
        Some(frames) => capture(node, frames, &mut summary),
        None => Err(Ending::Usage),
    };
    report(&summary, outcome)
}

/// One line for people, a status for programs.
fn report(summary: &Summary, outcome: Result<(), Ending>) -> u8 {
    let mut line = Line::default();
    let (status, wanted) = match outcome {
        Ok(()) => (0, u8::from(summary.uncounted > 0)),
        Err(ending) => {
            line.one_of(LINES, FIRMWARE, &summary.shown);
            (ending as u8, FIRMWARE + ending as u8)
        }
    };
    line.one_of(LINES, wanted, &summary.shown);
    line.print();
    status
}

/// All that a camera program does.
fn capture(node: &CStr, frames: u32, summary: &mut Summary) -> Result<(), Ending> {
    loop {
        stream(node, frames, summary)?;
        if summary.frames() >= frames {
            return Ok(());
        }
    }
}

/// Opens the camera and takes frames from one stream. A queue that is dropped stops, unmaps, frees and closes.
#[inline(never)]
fn stream(node: &CStr, frames: u32, summary: &mut Summary) -> Result<(), Ending> {
    // Looked at where it is: a queue is moved once less.
    let started = Queue::capture(Device::open(node)?).start(BUFFERS);
    take(started.as_ref().map_err(Ending::of)?, frames, summary)
}

/// Takes frames from one stream, until there are enough or another must be started.
#[inline(never)]
fn take(queue: &CaptureStream<Device>, frames: u32, summary: &mut Summary) -> Result<(), Ending> {
    while summary.frames() < frames {
        match queue.dequeue() {
            // Dropping the frame gives it back to the driver. If that fails, the next dequeue returns the error.
            Ok(Some(frame)) => summary.count(&frame),
            Ok(None) => {}
            Err(error) => {
                if let Some(outcome) = end(&error, &mut summary.errors) {
                    return outcome;
                }
            }
        }
    }
    Ok(())
}

/// How an error ends the stream; `None` if it goes on.
#[cold]
#[inline(never)]
fn end(error: &Error, errors: &mut u32) -> Option<Result<(), Ending>> {
    *errors += 1;
    match error.recovery() {
        Recovery::Again | Recovery::SkipFrame if *errors < TRIES => None,
        Recovery::Restart if *errors < TRIES => Some(Ok(())),
        _ => Some(Err(Ending::of(error))),
    }
}

impl Summary {
    fn frames(&self) -> u32 {
        self.shown[0]
    }

    fn count(&mut self, frame: &Frame<'_, Device>) {
        self.errors = 0;
        let [frames, lost, bad, bytes] = &mut self.shown;
        *frames += 1;
        match frame.lost_before() {
            Some(more) => *lost = lost.saturating_add(more),
            None => self.uncounted += 1,
        }
        *bytes = frame.payload_range(0).map_or(0, |payload| payload.bytesused);
        if frame.is_flagged_bad() || *bytes == 0 {
            *bad += 1;
        }
    }
}

/// A decimal number that fits 32 bits.
fn number(digits: &CStr) -> Option<u32> {
    let mut number = 0_u32;
    for digit in digits.to_bytes() {
        let next = u64::from(number) * 10 + u64::from(char::from(*digit).to_digit(10)?);
        number = u32::try_from(next).ok()?;
    }
    Some(number)
}
