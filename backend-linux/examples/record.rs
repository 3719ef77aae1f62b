//! Records what a camera does as a text that the simulator plays again; `vidbuf_sim::recording` describes its lines.
//!
//! ```sh
//! cargo run --release --example record -- --device /dev/video0 --frames 300 > camera.trace
//! ```
//!
//! It takes frames in the format that is set (`v4l2-ctl --set-fmt-video`). A queue error starts the stream again, up to ten times
//! in a row; an unplugged device ends the recording, which is a success. Then `Sim::replay` shows a firmware the same camera, as
//! often as wanted.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use vidbuf::backend::{MAX_PLANES, PlanePayload};
use vidbuf::error::ErrorKind;
use vidbuf::queue::{Capture, Idle, Kind, MultiPlanar, Planes, SinglePlanar, Streaming};
use vidbuf::{Frame, Queue, Recovery, Request};
use vidbuf_linux::{Device, Errno, Format};
use vidbuf_sim::recording::{FormatLine, HEADER, Happening, RecordedFrame};

const HELP: &str = "\
records what a camera does, for the simulator to play it again; the text goes to standard output

usage: record --device NODE [--frames N] [--timeout MS]

  --device NODE     a V4L2 capture device such as /dev/video0
  --frames N        how many frames to record (default 120)
  --timeout MS      end when no frame comes for so long, in milliseconds (default 5000)";

/// How often in a row the program tries again after an error.
const TRIES: u32 = 10;

struct Arguments {
    device: String,
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
        Err(sentence) => Err(format!("{sentence} (see --help)")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("record: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Option<Arguments>, String> {
    use lexopt::prelude::*;
    let mut parser = lexopt::Parser::from_env();
    let text = |error: lexopt::Error| error.to_string();
    let (mut device, mut frames, mut milliseconds) = (None, 120, 5000);
    while let Some(argument) = parser.next().map_err(text)? {
        match argument {
            Long("device") => device = Some(parser.value().map_err(text)?.string().map_err(text)?),
            Long("frames") => frames = parser.value().map_err(text)?.parse().map_err(text)?,
            Long("timeout") => milliseconds = parser.value().map_err(text)?.parse().map_err(text)?,
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let device = device.ok_or("--device is missing")?;
    Ok(Some(Arguments { device, frames, timeout: Duration::from_millis(milliseconds) }))
}

fn record(arguments: &Arguments, mut output: impl Write) -> Result<(), String> {
    let name = arguments.device.as_str();
    let failed = |call: &'static str| move |error: Errno| format!("{name}: {call}: {error}");
    let device = Device::open(name).map_err(failed("open"))?;
    let capabilities = device.capabilities().map_err(failed("VIDIOC_QUERYCAP"))?;
    let buffer_type = capabilities.capture_type().ok_or_else(|| format!("{name} does not capture video"))?;
    let format = device.format(buffer_type).map_err(failed("VIDIOC_G_FMT"))?;
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

/// A format as the simulator has it.
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
    let buffers = Request::up_to(6).at_least(2);
    let mut queue = queue.start(buffers)?;
    let mut recorder = Recorder { left: arguments.frames, tries: 0, uncounted: 0, timeout: arguments.timeout };
    loop {
        writeln!(output, "{}", Happening::Start)?;
        if !recorder.record_stream(&queue, output)? {
            break;
        }
        let stopped = queue.stop()?;
        queue = stopped.start(buffers)?;
    }
    queue.stop()?;
    if recorder.uncounted > 0 {
        writeln!(output, "# it is not known how many frames were lost before {} of these frames", recorder.uncounted)?;
    }
    Ok(())
}

struct Recorder {
    /// Frames still to be recorded.
    left: u32,
    /// Errors since the last frame.
    tries: u32,
    /// Frames before which others may be lost or not.
    uncounted: u32,
    timeout: Duration,
}

impl Recorder {
    /// Records until there are enough frames or the stream ends. True if it failed and is to be started again.
    fn record_stream<P: Planes>(&mut self, queue: &Stream<P, Streaming>, output: &mut impl Write) -> Outcome<bool> {
        let began = now_us();
        while self.left > 0 {
            let outcome = queue.dequeue_timeout(self.timeout);
            let at_us = u64::try_from(now_us().saturating_sub(began)).unwrap_or_default();
            let error = match outcome {
                Ok(Some(frame)) => {
                    match frame.lost_before() {
                        Some(0) => {}
                        Some(lost) => writeln!(output, "{}", Happening::Lost(lost))?,
                        None => self.uncounted += 1,
                    }
                    writeln!(output, "{}", Happening::Frame(recorded(&frame, at_us, began)))?;
                    self.left -= 1;
                    self.tries = 0;
                    continue;
                }
                Ok(None) => {
                    writeln!(output, "# no frame for {} ms", self.timeout.as_millis())?;
                    return Ok(false);
                }
                Err(error) if error.kind() == Some(ErrorKind::Interrupted) => continue,
                Err(error) if error.is_end_of_stream() => return Ok(false),
                Err(error) => error,
            };
            self.tries += 1;
            match error.recovery() {
                _ if self.tries > TRIES => return Err(error.into()),
                Recovery::Again => {}
                // Nothing that a recording can hold.
                Recovery::SkipFrame => writeln!(output, "# {error}")?,
                Recovery::Restart => {
                    match error.kind() {
                        Some(ErrorKind::Io) => writeln!(output, "{}", Happening::QueueError { at_us })?,
                        _ => writeln!(output, "# {error}")?,
                    }
                    return Ok(true);
                }
                Recovery::Reopen => {
                    writeln!(output, "{}", Happening::Unplug { at_us })?;
                    return Ok(false);
                }
                _ => return Err(error.into()),
            }
        }
        Ok(false)
    }
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
        timestamp_us: frame.timestamp().as_micros().saturating_sub(began),
        planes: frame.planes() as u32,
        payload,
    }
}

/// CLOCK_MONOTONIC, by which most drivers timestamp frames.
fn now_us() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec.saturating_mul(1_000_000).saturating_add(now.tv_nsec / 1000)
}
