//! Where frames come from: a camera, or the simulator.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::time::{ClockId, clock_gettime};
use vidbuf::error::{ErrorKind, Operation};
use vidbuf::node::{Controls, Format, FormatFlags, Formats, FrameInterval, QueryCapabilities, Wanted};
use vidbuf::queue::{MultiPlanar, SinglePlanar};
use vidbuf::v4l2::BufferType;
use vidbuf::{Error, FourCc, Queue};
use vidbuf_linux::find::{Finder, Which};
use vidbuf_linux::{Device, Errno};
use vidbuf_sim::{PixelFormat, Profile, Sim};

use crate::arguments::{Arguments, Camera, Setting};
use crate::layout::Meaning;
use crate::statistics::Statistics;
use crate::stream::{Taken, take};
use crate::video::Video;
use crate::{controls, names, nodes};

/// What a run gives, also one that ends with an error, which is a sentence.
pub struct Run {
    pub meaning: Meaning,
    pub statistics: Statistics,
    pub picture: Option<Vec<Vec<u8>>>,
    /// Whether the driver leaves a frame alone while it is copied.
    pub exclusive: bool,
    /// Ctrl-C ended it.
    pub interrupted: bool,
    pub outcome: Result<(), String>,
}

impl Run {
    fn new(meaning: Meaning, taken: Taken, sentence: impl FnOnce(Error) -> String) -> Self {
        let Taken { statistics, picture, exclusive, interrupted, outcome, written } = taken;
        let outcome = outcome.map_err(sentence).and(written);
        Self { meaning, statistics, picture, exclusive, interrupted, outcome }
    }
}

/// Opens a camera; its name is for messages.
fn open(camera: &Camera) -> Result<(String, Device), String> {
    let found = |which: Which<'_>| Finder::new(which).and_then(|finder| finder.find());
    let (name, device) = match camera {
        Camera::Number(number) => (format!("/dev/video{number}"), Device::open(*number)),
        Camera::Path(path) => {
            let name = path.display().to_string();
            // With feature `std`, `Device::open(path)` does.
            let node = path.to_str().ok_or_else(|| format!("{name} is not UTF-8"))?;
            (name, Device::open(node))
        }
        Camera::Name(name) => {
            let device = match found(Which::Name(name)) {
                Err(Errno::ENOENT) => found(Which::Bus(name)),
                found => found,
            };
            match device {
                Ok((device, node)) => (format!("/dev/video{}", node.number), Ok(device)),
                Err(Errno::ENOENT) => {
                    return Err(format!("no camera has the name or the place {name}: `capture list` shows them"));
                }
                Err(error) => (format!("the camera {name}"), Err(error)),
            }
        }
        Camera::First | Camera::Simulated | Camera::SimulatedWebcam => match found(Which::First) {
            Ok((device, node)) => (format!("/dev/video{}", node.number), Ok(device)),
            Err(Errno::ENOENT) => return Err("there is no camera: is one plugged in?".into()),
            Err(error) => ("a camera".into(), Err(error)),
        },
    };
    match device {
        Ok(device) => Ok((name, device)),
        Err(error) => Err(not_opened(&name, error)),
    }
}

/// Sets controls, and adds what a camera has.
pub fn info(camera: &Camera, settings: &[Setting], to: &mut String) -> Result<(), String> {
    if let Some(profile) = simulated(camera) {
        let mut memory = [];
        let (width, height) = SIMULATED;
        let sim = Sim::new(profile, &mut memory).format(FourCc::YUYV, width, height);
        let file = sim.open().map_err(|error| format!("the simulator: {error}"))?;
        return controls::set(&file, settings)
            .and_then(|()| nodes::info(&file, BufferType::VideoCapture, to))
            .map_err(|sentence| format!("the simulator: {sentence}"));
    }
    let (name, device) = open(camera)?;
    let buffer_type = captures(&name, &device)?;
    controls::set(&device, settings)
        .and_then(|()| nodes::info(&device, buffer_type, to))
        .map_err(|sentence| format!("{name}: {sentence}"))
}

/// The buffer type of a node that is a camera.
fn captures(name: &str, device: &impl QueryCapabilities) -> Result<BufferType, String> {
    let capabilities = device.capabilities().map_err(|error| match error {
        Errno::ENOTTY => format!("{name} is not a V4L2 device"),
        error => format!("{name}: VIDIOC_QUERYCAP: {error}"),
    })?;
    if capabilities.is_mem2mem() {
        let card = capabilities.card;
        return Err(format!("{name} ({card}) is no camera: frames go in and come out changed (memory to memory)"));
    }
    let Some(buffer_type) = capabilities.capture_type() else {
        return Err(format!("{name} ({}) does not capture video: `capture list` has the cameras", capabilities.card));
    };
    if !capabilities.can_stream() {
        return Err(format!("{name} ({}) cannot stream: it has no buffers to map", capabilities.card));
    }
    Ok(buffer_type)
}

/// Frames from a camera.
pub fn camera(arguments: &Arguments) -> Result<Run, String> {
    let (name, mut device) = open(&arguments.camera)?;
    let buffer_type = captures(&name, &device)?;
    let (format, interval) =
        set_up(&mut device, buffer_type, arguments).map_err(|sentence| format!("{name}: {sentence}"))?;
    let compressed = device
        .formats(buffer_type)
        .map_while(Result::ok)
        .any(|offered| offered.pixel_format == format.pixel_format && offered.flags.contains(FormatFlags::COMPRESSED));
    let card = device.capabilities().map(|about| about.card.to_string()).unwrap_or_default();
    let meaning = meaning(&format, compressed);
    describe(arguments, &format!("{name} ({card})"), &meaning, interval);
    let video = Video::new(&arguments.sink, &meaning, interval)?;
    let stopped = stop_at_ctrl_c();
    let taken = if buffer_type.is_multiplanar() {
        take::<_, MultiPlanar>(Queue::new(device), arguments, &meaning, video, &stopped, monotonic_us)
    } else {
        take::<_, SinglePlanar>(Queue::new(device), arguments, &meaning, video, &stopped, monotonic_us)
    };
    Ok(Run::new(meaning, taken, |error| not_taken(&name, &error)))
}

/// Becomes true with Ctrl-C; a second one ends the program as usual.
fn stop_at_ctrl_c() -> Arc<AtomicBool> {
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let again = signal_hook::flag::register_conditional_default(signal, stopped.clone());
        if again.and_then(|_| signal_hook::flag::register(signal, stopped.clone())).is_err() {
            eprintln!("capture: Ctrl-C will end it without a table");
        }
    }
    stopped
}

fn meaning(format: &Format, compressed: bool) -> Meaning {
    Meaning {
        fourcc: format.pixel_format,
        width: format.width,
        height: format.height,
        bytesperline: format.used_planes().iter().map(|plane| plane.bytesperline).collect(),
        compressed,
    }
}

/// Prints what is taken, where no frames are printed.
fn describe(arguments: &Arguments, name: &dyn Display, meaning: &Meaning, interval: Option<FrameInterval>) {
    let rate = interval.map(|interval| format!(", {} frames/s", names::rate(interval))).unwrap_or_default();
    let line = format!("{name}: {}x{} {}{rate}", meaning.width, meaning.height, meaning.fourcc);
    if arguments.prints_frames() { eprintln!("{line}") } else { println!("{line}") }
}

/// What to do about a node that captures and has no format.
const NO_FORMAT: &str = "it has no format; a loopback device has none before its producer starts: start the producer";

/// Sets format, rate and controls.
fn set_up(
    device: &mut (impl Formats + Controls),
    buffer_type: BufferType,
    arguments: &Arguments,
) -> Result<(Format, Option<FrameInterval>), String> {
    let (format, interval) = choose_format(device, buffer_type, arguments)?;
    if arguments.settings.is_empty() {
        return Ok((format, interval));
    }
    // A format may have limits of its own, and a control (MODIFY_LAYOUT) may change the format.
    controls::set(device, &arguments.settings)?;
    Ok((device.format(buffer_type).map_err(|error| format!("VIDIOC_G_FMT: {error}"))?, interval))
}

/// Sets what was asked for, and accepts no other pixel format than that. Returns the rate where one is known.
fn choose_format(
    device: &mut impl Formats,
    buffer_type: BufferType,
    arguments: &Arguments,
) -> Result<(Format, Option<FrameInterval>), String> {
    let current = match device.format(buffer_type) {
        Ok(current) => Some(current),
        Err(Errno::EINVAL) => None,
        Err(error) => return Err(format!("VIDIOC_G_FMT: {error}")),
    };
    let size = arguments.size.or(current.map(|current| (current.width, current.height)));
    let pixel_format = arguments.format.or(current.map(|current| current.pixel_format));
    // Without a format, one that is named in full may do.
    let (Some((width, height)), Some(pixel_format)) = (size, pixel_format) else {
        return Err(format!("VIDIOC_G_FMT: {}: {NO_FORMAT}, or choose both --size and --format", Errno::EINVAL));
    };
    if let Some(rate) = arguments.rate {
        return negotiate(device, buffer_type, arguments, (width, height, pixel_format), rate);
    }
    let mut wanted = Format::new(width, height, pixel_format);
    wanted.num_planes = current.map_or(1, |current| current.num_planes);
    let format = device.set_format(buffer_type, &wanted).map_err(|error| match error {
        error if current.is_none() => format!("VIDIOC_S_FMT: {error}: {NO_FORMAT}"),
        Errno::EBUSY => format!("VIDIOC_S_FMT: {error}: end the other program first"),
        error => format!("VIDIOC_S_FMT: {error}: {width}x{height} {pixel_format} is not possible"),
    })?;
    if format.pixel_format != pixel_format {
        return Err(no_format(device, buffer_type, pixel_format));
    }
    Ok((format, device.frame_interval(buffer_type).ok()))
}

fn no_format(device: &impl Formats, buffer_type: BufferType, wanted: FourCc) -> String {
    let offered = device.formats(buffer_type).map_while(Result::ok).map(|offered| offered.pixel_format);
    format!("the device has no format {wanted}, but {}", names::list(offered))
}

/// Formats that this program has pictures of, as good as the camera's own when only a rate was asked for.
const LIKED: [FourCc; 5] = [FourCc::YUYV, FourCc::NV12, FourCc::UYVY, FourCc::YUV420, FourCc::MJPEG];

/// Sets the nearest size and rate; of a format that was not asked for, also another one.
fn negotiate(
    device: &mut impl Formats,
    buffer_type: BufferType,
    arguments: &Arguments,
    (width, height, pixel_format): (u32, u32, FourCc),
    rate: FrameInterval,
) -> Result<(Format, Option<FrameInterval>), String> {
    let mut formats = vec![pixel_format];
    if arguments.format.is_none() {
        formats.extend(LIKED);
    }
    let wanted = Wanted::new(width, height, &formats).with_interval(rate);
    match wanted.set(device, buffer_type) {
        Ok(Some(got)) => {
            if got.interval.is_none() {
                return Err("the device has no rate that can be set: leave --rate out".into());
            }
            if got.interval_traded().is_some() || got.size_traded().is_some() || got.format_traded().is_some() {
                eprintln!("capture: {got}");
            }
            Ok((got.format, got.interval))
        }
        Ok(None) => Err(no_format(device, buffer_type, pixel_format)),
        Err(Errno::EBUSY) => Err(format!("VIDIOC_S_FMT: {}: end the other program first", Errno::EBUSY)),
        Err(error) => Err(format!("format and rate: {error}")),
    }
}

fn not_opened(name: &str, error: Errno) -> String {
    match error {
        Errno::ENOENT => format!("{name} does not exist: is the camera plugged in?"),
        Errno::EACCES | Errno::EPERM => format!("{name}: no permission: are you in its group (often `video`)?"),
        Errno::EBUSY => format!("{name} is busy: another program uses it"),
        Errno::ENODEV | Errno::ENXIO => format!("{name} has no device behind it"),
        error => format!("{name} cannot be opened: {error}"),
    }
}

fn not_taken(name: &str, error: &Error) -> String {
    match error {
        Error::Refused { operation: Operation::RequestBuffers, error, .. } if *error == Errno::EBUSY => {
            format!("{name} is busy: another program has its buffers")
        }
        error if error.kind() == Some(ErrorKind::Unplugged) => format!("{name} was unplugged"),
        error => format!("{name}: {error}"),
    }
}

/// CLOCK_MONOTONIC, by which most drivers timestamp frames.
fn monotonic_us() -> Option<i64> {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec.checked_mul(1_000_000)?.checked_add(now.tv_nsec / 1000)
}

/// The simulated camera's size, if no other is asked for.
const SIMULATED: (u32, u32) = (640, 480);

/// What is simulated. The webcam without its Motion JPEG: simulated frames of it are of the right length, and no pictures.
fn simulated(camera: &Camera) -> Option<Profile> {
    match camera {
        Camera::Simulated => Some(Profile::VIVID),
        Camera::SimulatedWebcam => Some(Profile::WEBCAM.formats(&[PixelFormat::YUYV])),
        _ => None,
    }
}

/// Pictures that the simulator's memory has room for: four buffers, and some to spare.
const PICTURES: usize = 8;

/// Frames from a simulated camera, by the same calls.
pub fn simulator(arguments: &Arguments) -> Result<Run, String> {
    let (width, height) = arguments.size.unwrap_or(SIMULATED);
    let most = Profile::LARGEST;
    if width > most || height > most {
        return Err(format!("the simulator: pictures have at most {most} by {most} pixels"));
    }
    let profile = simulated(&arguments.camera).unwrap_or(Profile::VIVID);
    // Three bytes a pixel at most, and whole pages; a webcam has larger pictures than it is asked for.
    let (most_width, most_height) = (width.max(1920) as usize, height.max(1080) as usize);
    let mut memory = vec![0; PICTURES * (3 * most_width * most_height + (1 << 16))];
    let camera = Sim::new(profile, &mut memory).format(FourCc::YUYV, SIMULATED.0, SIMULATED.1);
    let mut file = camera.open().map_err(|error| format!("the simulator: {error}"))?;
    let (format, interval) = set_up(&mut file, BufferType::VideoCapture, arguments)
        .map_err(|sentence| format!("the simulator: {sentence}"))?;
    let meaning = meaning(&format, false);
    describe(arguments, &"simulator", &meaning, interval);
    let video = Video::new(&arguments.sink, &meaning, interval)?;
    let stopped = stop_at_ctrl_c();
    let now_us = || i64::try_from(camera.now().as_micros()).ok();
    let taken = take::<_, SinglePlanar>(Queue::new(file), arguments, &meaning, video, &stopped, now_us);
    Ok(Run::new(meaning, taken, |error| format!("the simulator: {error}")))
}
