//! A whole camera program without std and without libc: `firmware [NODE [FRAMES]]`.
//!
//! Opens a camera (`/dev/video0`), streams with up to four buffers, takes frames (30) and gives them back, stops, unmaps, frees,
//! prints one line and ends. A lost frame or a queue in error does not end it; whatever does has an exit status of its own: see
//! `ending.rs`.
#![no_std]
#![no_main]

use core::ffi::CStr;

use vidbuf::error::ErrorKind;
use vidbuf::{Error, Frame, Queue, Recovery, Request};
use vidbuf_linux::Device;

mod ending;
mod line;
mod memory;
mod start;

use ending::Ending;
use line::Line;
use start::Arguments;

/// Four buffers; two will do.
const BUFFERS: Request = Request::up_to(4).at_least(2);

/// How often in a row the program tries again after an error.
const TRIES: u32 = 10;

/// What was seen.
#[derive(Default)]
struct Summary {
    frames: u32,
    lost: u32,
    /// Frames before which others may be lost or not: the driver does not count them.
    uncounted: u32,
    bad: u32,
    bytes: u32,
}

fn main(arguments: &Arguments) -> u8 {
    let node = arguments.get(1).unwrap_or(c"/dev/video0");
    let frames = arguments.get(2).map_or(Some(30), number);
    report(frames.ok_or(Ending::USAGE).and_then(|frames| capture(node, frames)))
}

/// One line for people, a status for programs. Out of line, or it is copied to every way out.
#[inline(never)]
fn report(outcome: Result<Summary, Ending>) -> u8 {
    let mut line = Line::new();
    let status = match outcome {
        Ok(Summary { frames, lost, uncounted, bad, bytes }) => {
            line.number(frames).text(" frames, ").number(lost).text(if uncounted > 0 {
                " or more lost, "
            } else {
                " lost, "
            });
            line.number(bad).text(" bad, the last of ").number(bytes).text(" bytes");
            0
        }
        Err(ending) => {
            line.text("firmware: ").text(ending.text());
            ending.0
        }
    };
    line.print();
    status
}

/// All that a camera program does. A queue that is dropped stops, unmaps, frees and closes.
fn capture(node: &CStr, frames: u32) -> Result<Summary, Ending> {
    let mut summary = Summary::default();
    let mut tries = 0;
    loop {
        let queue = Queue::capture(Device::open(node)?).start(BUFFERS)?;
        loop {
            if summary.frames >= frames {
                return Ok(summary);
            }
            match queue.dequeue() {
                // Dropping the frame gives it back to the driver. If that fails, the next dequeue returns the error.
                Ok(Some(frame)) => {
                    tries = 0;
                    summary.count(&frame);
                }
                Ok(None) => {}
                Err(error) => match next(&error, &mut tries) {
                    Next::Frame => {}
                    Next::Stream => break,
                    Next::End(ending) => return Err(ending),
                },
            }
        }
    }
}

/// What comes after an error.
enum Next {
    Frame,
    Stream,
    End(Ending),
}

#[cold]
#[inline(never)]
fn next(error: &Error, tries: &mut u32) -> Next {
    if error.kind() == Some(ErrorKind::Interrupted) {
        return Next::Frame;
    }
    *tries += 1;
    match error.recovery() {
        Recovery::Again | Recovery::SkipFrame if *tries < TRIES => Next::Frame,
        Recovery::Restart if *tries < TRIES => Next::Stream,
        _ => Next::End(Ending::of(error)),
    }
}

impl Summary {
    fn count(&mut self, frame: &Frame<'_, Device>) {
        self.frames += 1;
        match frame.lost_before() {
            Some(lost) => self.lost = self.lost.saturating_add(lost),
            None => self.uncounted += 1,
        }
        self.bytes = frame.payload_range(0).map_or(0, |payload| payload.bytesused);
        if frame.is_flagged_bad() || self.bytes == 0 {
            self.bad += 1;
        }
    }
}

/// A decimal number that fits 32 bits.
fn number(digits: &CStr) -> Option<u32> {
    let mut number = 0_u32;
    for digit in digits.to_bytes() {
        number = number.checked_mul(10)?.checked_add(char::from(*digit).to_digit(10)?)?;
    }
    Some(number)
}
