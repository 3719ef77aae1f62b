//! Records what a camera does as a text that the simulator plays again: `vidbuf_sim::recording` tells what the lines mean.
//!
//! ```sh
//! cargo run --release --example record -- --device /dev/video0 --frames 300 > camera.trace
//! ```
//!
//! It takes frames in the format that is set (`v4l2-ctl --set-fmt-video`). A queue error starts the stream anew; an unplugged
//! device ends the recording well. Then `Sim::replay` shows a firmware the same camera, as often as wanted.

use std::ffi::CString;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use vidbuf::{
    Capture, Error, ErrorKind, Frame, Idle, Kind, MAX_PLANES, MultiPlanar, PlanePayload, Planes, Queue, Request,
    SinglePlanar, Streaming,
};
use vidbuf_linux::{Device, Errno, Format};
use vidbuf_sim::recording::{FormatLine, HEADER, Happening, RecordedFrame};

const HELP: &str = "\
records what a camera does, for the simulator to play it again; the text goes to standard output

usage: record --device NODE [--frames N] [--timeout MS]

  --device NODE     a V4L2 capture device such as /dev/video0
  --frames N        how many frames to record (default 120)
  --timeout MS      end when no frame comes for so long, in milliseconds (default 5000)";

struct Arguments {
    device: CString,
    frames: u32,
    timeout: Duration,
}

fn main() -> ExitCode {
    let outcome = match arguments() {
        // Line by line, so that nothing is missing of a run that is ended by force.
        Ok(Some(arguments)) => record(&arguments, std::io::stdout().lock()),
        Ok(None) => {
            println!("{HELP}");
            Ok(())
        }
        Err(words) => Err(format!("{words} (--help tells more)")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("record: {words}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Option<Arguments>, String> {
    use lexopt::prelude::*;
    let mut parser = lexopt::Parser::from_env();
    let words = |error: lexopt::Error| error.to_string();
    let (mut device, mut frames, mut milliseconds) = (None, 120, 5000);
    while let Some(argument) = parser.next().map_err(words)? {
        match argument {
            Long("device") => device = Some(parser.value().map_err(words)?.into_encoded_bytes()),
            Long("frames") => frames = parser.value().map_err(words)?.parse().map_err(words)?,
            Long("timeout") => milliseconds = parser.value().map_err(words)?.parse().map_err(words)?,
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let device = CString::new(device.ok_or("--device is missing")?).map_err(|_| "a path cannot contain a NUL byte")?;
    Ok(Some(Arguments { device, frames, timeout: Duration::from_millis(milliseconds) }))
}

fn record(arguments: &Arguments, mut output: impl Write) -> Result<(), String> {
    let name = arguments.device.to_string_lossy();
    let words = |error: Errno| format!("{name}: {error}");
    let device = Device::open(&arguments.device).map_err(words)?;
    let capabilities = device.capabilities().map_err(words)?;
    let buffer_type = capabilities.capture_type().ok_or_else(|| format!("{name} does not capture video"))?;
    let format = device.format(buffer_type).map_err(words)?;
    let multiplanar = buffer_type.is_multiplanar();
    let written = writeln!(
        output,
        "{HEADER}\n# {} ({}), {}x{} {}\n{}",
        capabilities.card,
        capabilities.driver,
        format.width,
        format.height,
        format.pixel_format,
        FormatLine { format: &simulated(&format), multiplanar },
    );
    written.map_err(|error| error.to_string())?;
    let outcome = if multiplanar {
        record_frames::<MultiPlanar>(Queue::new(device), arguments, &mut output)
    } else {
        record_frames::<SinglePlanar>(Queue::new(device), arguments, &mut output)
    };
    outcome.map_err(|error| format!("{name}: {error}"))?;
    output.flush().map_err(|error| error.to_string())
}

/// The simulator's words for a format.
fn simulated(format: &Format) -> vidbuf_sim::Format {
    let plane = std::array::from_fn(|plane| vidbuf_sim::PlaneFormat {
        bytesperline: format.planes[plane].bytesperline,
        sizeimage: format.planes[plane].sizeimage,
        data_offset: 0,
    });
    vidbuf_sim::Format {
        width: format.width,
        height: format.height,
        pixelformat: format.pixel_format,
        field: format.field.0,
        planes: format.num_planes,
        plane,
    }
}

type Stream<P, S> = Queue<Device, S, Kind<Capture, P>, 8>;
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn record_frames<P: Planes>(queue: Stream<P, Idle>, arguments: &Arguments, output: &mut impl Write) -> Outcome<()> {
    let mut queue = queue.start(Request::up_to(6).at_least(3)).map_err(|failed| failed.error)?;
    let mut left = arguments.frames;
    loop {
        let began = now_us();
        writeln!(output, "{}", Happening::Start)?;
        if !record_stream(&queue, began, &mut left, arguments.timeout, output)? {
            break;
        }
        queue = queue.stream_off().map_err(|failed| failed.error)?.stream_on().map_err(|failed| failed.error)?;
    }
    queue.stop().map_err(|failed| failed.error)?;
    Ok(())
}

/// Records until there are enough frames or the stream ends. True if it failed and may be started anew.
fn record_stream<P: Planes>(
    queue: &Stream<P, Streaming>,
    began: i64,
    left: &mut u32,
    timeout: Duration,
    output: &mut impl Write,
) -> Outcome<bool> {
    while *left > 0 {
        let outcome = queue.dequeue_timeout(timeout);
        let at_us = u64::try_from(now_us() - began)?;
        match outcome {
            Ok(Some(frame)) => {
                if let Some(lost @ 1..) = frame.lost_before() {
                    writeln!(output, "{}", Happening::Lost(lost))?;
                }
                writeln!(output, "{}", Happening::Frame(recorded(&frame, at_us, began)))?;
                *left -= 1;
            }
            Ok(None) => {
                writeln!(output, "# no frame for {} ms", timeout.as_millis())?;
                return Ok(false);
            }
            Err(error) if error.is_retryable() => {}
            Err(error) if error.is_unplugged() => {
                writeln!(output, "{}", Happening::Unplug { at_us })?;
                return Ok(false);
            }
            Err(error) if error.is_end_of_stream() => return Ok(false),
            Err(error) if error.kind() == Some(ErrorKind::Io) => {
                writeln!(output, "{}", Happening::QueueError { at_us })?;
                return Ok(true);
            }
            // An answer that no recording can hold.
            Err(Error::Driver(fault)) => writeln!(output, "# {fault}")?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(false)
}

fn recorded<P: Planes>(frame: &Frame<'_, Device, Kind<Capture, P>>, at_us: u64, began: i64) -> RecordedFrame {
    let mut payload = [PlanePayload::default(); MAX_PLANES];
    for (plane, payload) in payload.iter_mut().enumerate() {
        *payload = frame.payload_range(plane).unwrap_or_default();
    }
    RecordedFrame {
        at_us,
        sequence: frame.sequence(),
        flags: frame.flags(),
        field: frame.field(),
        timestamp_us: frame.timestamp().as_micros() - began,
        planes: frame.planes() as u32,
        payload,
    }
}

/// CLOCK_MONOTONIC, which drivers stamp frames with.
fn now_us() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000 + now.tv_nsec / 1000
}
