//! Frames of an HDMI source, whose cable may be pulled out and put in, and which may change its resolution:
//! `hdmi [NODE [INPUT [FRAMES]]]`.
//!
//! Ends after 300 frames, or after 10 seconds without a signal.

mod follow;

use std::process::ExitCode;
use std::time::Duration;

use follow::{End, Receiver, Seen, follow};
use vidbuf::Errno;
use vidbuf::node::Timings;
use vidbuf_linux::Device;

impl Receiver for Device {
    fn arriving(&self) -> Result<Timings, Errno> {
        self.query_dv_timings()
    }

    fn adopt(&mut self, timings: &Timings) -> Result<(), Errno> {
        self.set_dv_timings(timings).map(drop)
    }
}

fn rate(timings: &Timings) -> f64 {
    f64::from(timings.refresh_millihertz().unwrap_or(0)) / 1000.0
}

fn run() -> Result<End, Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let node = words.next().unwrap_or_else(|| "/dev/video0".into());
    let input: u32 = words.next().map_or(Ok(0), |word| word.parse())?;
    let wanted: u32 = words.next().map_or(Ok(300), |word| word.parse())?;
    let mut receiver = Device::open(node.as_str())?;
    // A receiver that is no node of its own has no inputs.
    match receiver.set_input(input) {
        Err(Errno::ENOTTY) if input == 0 => {}
        outcome => outcome?,
    }
    let (mut frames, mut bytes) = (0, 0);
    let (_receiver, end) = follow(receiver, input, Duration::from_secs(10), |seen| {
        match seen {
            Seen::Signal(timings) => {
                let kind = if timings.interlaced { "i" } else { "p" };
                println!("signal: {}x{}{kind} at {:.2} Hz", timings.width, timings.height, rate(timings));
            }
            Seen::Frame(frame) => {
                frames += 1;
                bytes += frame.payload(0).map_or(0, |payload| payload.len());
            }
            Seen::Changed => println!("the signal is lost or another one, after {frames} frames"),
        }
        frames < wanted
    })?;
    println!("{frames} frames, {bytes} bytes: {end:?}");
    Ok(end)
}

fn main() -> ExitCode {
    match run() {
        Ok(End::Enough) => ExitCode::SUCCESS,
        Ok(End::NoSignal | End::NoFrames) => ExitCode::from(2),
        Err(error) => {
            eprintln!("hdmi: {error}");
            ExitCode::FAILURE
        }
    }
}
