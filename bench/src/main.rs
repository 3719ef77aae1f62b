//! Frames through the queue alone: `vidbuf-bench FRAMES`, over a backend that answers at once.
//!
//! `bench/run` counts its instructions for two run lengths; the difference is what a frame costs.

use std::process::ExitCode;

use vidbuf::{CaptureQueue, Error, Request};
use vidbuf_tests::instant::{Instant, NothingEnqueued};

fn main() -> ExitCode {
    let Some(frames) = std::env::args().nth(1).and_then(|frames| frames.parse().ok()) else {
        eprintln!("usage: vidbuf-bench FRAMES");
        return ExitCode::FAILURE;
    };
    match run(frames) {
        Ok(bytes) => {
            println!("{bytes} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(frames: u32) -> Result<u64, Error<NothingEnqueued>> {
    let queue = CaptureQueue::<_>::new(Instant::new(1)).start(Request::exactly(4))?;
    let mut bytes = 0;
    for _ in 0..frames {
        let Some(frame) = queue.dequeue()? else { break };
        bytes += frame.bytes()?.len() as u64;
        frame.requeue()?;
    }
    queue.stop()?;
    Ok(bytes)
}
