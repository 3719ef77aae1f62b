//! A whole camera program without std and without libc: `firmware [NODE [FRAMES]]`.
//!
//! Opens a camera (`/dev/video0`), streams with up to four buffers, takes frames (30) and requeues them, stops, unmaps, frees,
//! prints one line and ends. What can go wrong has an exit status of its own: see `ending.rs`.
#![no_std]
#![no_main]

use core::ffi::CStr;

use vidbuf::{CaptureQueue, Error, Request};
use vidbuf_linux::{Device, Errno};

mod ending;
mod line;
mod memory;
mod start;

use ending::Ending;
use line::Line;
use start::Arguments;

/// What was seen.
#[derive(Default)]
struct Summary {
    frames: u32,
    lost: u32,
    bad: u32,
    bytes: u32,
}

fn main(arguments: &Arguments) -> u8 {
    let node = arguments.get(1).unwrap_or(c"/dev/video0");
    let frames = arguments.get(2).map_or(Some(30), number);
    report(frames.ok_or(Ending::USAGE).and_then(|frames| capture(node, frames)))
}

/// One line for whoever looks, the status for whoever does not. Out of line, or it is copied to every way out.
#[inline(never)]
fn report(outcome: Result<Summary, Ending>) -> u8 {
    let mut line = Line::new();
    let status = match outcome {
        Ok(Summary { frames, lost, bad, bytes }) => {
            line.number(frames).text(" frames, ").number(lost).text(" lost, ");
            line.number(bad).text(" bad, the last of ").number(bytes).text(" bytes");
            0
        }
        Err(ending) => {
            line.text("firmware: ").text(ending.words());
            ending.0
        }
    };
    line.print();
    status
}

/// All that a camera program does. On an error the queue is dropped, which stops, unmaps, frees and closes.
fn capture(node: &CStr, frames: u32) -> Result<Summary, Ending> {
    let device = Device::open(node)?;
    let queue = match CaptureQueue::<_>::new(device).start(Request::up_to(4).at_least(2)) {
        Ok(queue) => queue,
        Err(failed) => return Err(failed.error.into()),
    };
    let mut summary = Summary::default();
    while summary.frames < frames {
        let frame = match queue.dequeue() {
            Ok(Some(frame)) => frame,
            Ok(None) => continue,
            Err(error) => {
                again(error)?;
                continue;
            }
        };
        summary.frames += 1;
        summary.lost += frame.lost_before().unwrap_or(0);
        match frame.bytes() {
            Ok(bytes) => summary.bytes = bytes.len() as u32,
            Err(_) => summary.bad += 1,
        }
        // A signal in between leaves the frame to the queue, which hands it to the driver with the next call.
        if let Err(refused) = frame.requeue() {
            again(refused.error)?;
        }
    }
    match queue.stop() {
        Ok(_) => Ok(summary),
        Err(failed) => Err(failed.error.into()),
    }
}

/// A signal has changed nothing: the same call may be made again. Any other error is the end.
#[cold]
fn again(error: Error<Errno>) -> Result<(), Ending> {
    if error.is_retryable() { Ok(()) } else { Err(error.into()) }
}

/// A decimal number that fits 32 bits.
fn number(digits: &CStr) -> Option<u32> {
    let mut number = 0_u32;
    for digit in digits.to_bytes() {
        number = number.checked_mul(10)?.checked_add(char::from(*digit).to_digit(10)?)?;
    }
    Some(number)
}
