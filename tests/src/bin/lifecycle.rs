//! Whole lifecycles on a real node, counted: `lifecycle NODE FRAMES RATE [TIMEOUT_MS]`.
//!
//! Prints frames, sequence gaps and allocations made between opening and closing the device. Run it under strace to count
//! system calls: each frame costs DQBUF and QBUF, and a poll with a time-out.

use std::process::ExitCode;
use std::time::Duration;

use vidbuf::queue::{Capture, Kind, MultiPlanar, Planes, SinglePlanar};
use vidbuf::{Error, Queue, Request};
use vidbuf_linux::{Device, Format, FrameInterval};
use vidbuf_tests::counting::{Counting, allocations};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, node, frames, rate, timeout @ ..] = arguments.as_slice() else {
        eprintln!("usage: lifecycle NODE FRAMES RATE [TIMEOUT_MS]");
        return ExitCode::FAILURE;
    };
    let (Ok(frames), Ok(rate)) = (frames.parse(), rate.parse()) else {
        eprintln!("lifecycle: FRAMES and RATE (frames a second) are numbers");
        return ExitCode::FAILURE;
    };
    let timeout = timeout.first().and_then(|ms| ms.parse().ok()).map(Duration::from_millis);
    let before = allocations();
    let outcome = capture(node, frames, rate, timeout);
    let allocated = allocations() - before;
    match outcome {
        Ok((taken, lost)) => {
            println!("{taken} of {frames} frames, {lost} lost, {allocated} allocations");
            if taken == frames && allocated == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn capture(node: &str, frames: u32, rate: u32, timeout: Option<Duration>) -> Result<(u32, u32), Error> {
    let refused = |error| Error::Refused { operation: vidbuf::error::Operation::RequestBuffers, index: None, error };
    let mut device = Device::open(node).map_err(refused)?;
    let capabilities = device.capabilities().map_err(refused)?;
    if let Some(buffer_type) = capabilities.capture_type() {
        // Small pictures, whatever an earlier test left: an emulated processor fills them.
        let current = device.format(buffer_type).map_err(refused)?;
        let mut small = Format::new(320, 180, current.pixel_format);
        small.num_planes = current.num_planes;
        device.set_format(buffer_type, &small).map_err(refused)?;
        let interval = FrameInterval { numerator: 1, denominator: rate };
        device.set_frame_interval(buffer_type, interval).map_err(refused)?;
    }
    if capabilities.captures_mplane() {
        stream::<MultiPlanar>(device, frames, timeout)
    } else {
        stream::<SinglePlanar>(device, frames, timeout)
    }
}

fn stream<P: Planes>(device: Device, frames: u32, timeout: Option<Duration>) -> Result<(u32, u32), Error> {
    let queue = Queue::<_, _, Kind<Capture, P>, 4>::new(device).start(Request::exactly(4))?;
    let (mut taken, mut lost) = (0, 0);
    while taken < frames {
        let frame = match timeout {
            Some(timeout) => queue.dequeue_timeout(timeout)?,
            None => queue.dequeue()?,
        };
        let Some(frame) = frame else { break };
        lost += frame.lost_before().unwrap_or(0);
        taken += u32::from(!frame.payload(0)?.is_empty());
        frame.requeue()?;
    }
    queue.stop()?;
    Ok((taken, lost))
}
