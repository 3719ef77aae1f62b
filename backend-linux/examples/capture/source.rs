//! Where frames come from: a camera, or the simulator.

use std::path::Path;

use rustix::time::{ClockId, clock_gettime};
use vidbuf::error::{ErrorKind, Operation};
use vidbuf::queue::{MultiPlanar, SinglePlanar};
use vidbuf::v4l2::BufferType;
use vidbuf::{Error, FourCc, Queue};
use vidbuf_linux::{Device, Errno, Format, FormatFlags};
use vidbuf_sim::{Profile, Sim};

use crate::arguments::Arguments;
use crate::fourcc;
use crate::layout::Meaning;
use crate::statistics::Statistics;
use crate::stream::{Taken, take};

/// What a run gives, also one that ends with an error, which is a sentence.
pub struct Run {
    pub meaning: Meaning,
    pub statistics: Statistics,
    pub picture: Option<Vec<Vec<u8>>>,
    /// Whether the driver leaves a frame alone while it is copied.
    pub exclusive: bool,
    pub outcome: Result<(), String>,
}

impl Run {
    fn new(meaning: Meaning, taken: Taken, sentence: impl FnOnce(Error) -> String) -> Self {
        let Taken { statistics, picture, exclusive, outcome } = taken;
        Self { meaning, statistics, picture, exclusive, outcome: outcome.map_err(sentence) }
    }
}

/// Frames from the node at `path`.
pub fn camera(path: &Path, arguments: &Arguments) -> Result<Run, String> {
    let name = path.display();
    // With feature `std`, `Device::open(path)` does.
    let node = path.to_str().ok_or_else(|| format!("{name} is not UTF-8"))?;
    let mut device = Device::open(node).map_err(|error| not_opened(path, error))?;
    let capabilities = device.capabilities().map_err(|error| match error {
        Errno::ENOTTY => format!("{name} is not a V4L2 device"),
        error => format!("{name}: VIDIOC_QUERYCAP: {error}"),
    })?;
    let Some(buffer_type) = capabilities.capture_type() else {
        return Err(format!("{name} ({}) does not capture video: another node of it may", capabilities.card));
    };
    if !capabilities.can_stream() {
        return Err(format!("{name} ({}) cannot stream: it has no buffers to map", capabilities.card));
    }
    let format =
        choose_format(&mut device, buffer_type, arguments).map_err(|sentence| format!("{name}: {sentence}"))?;
    let compressed = device
        .formats(buffer_type)
        .map_while(Result::ok)
        .any(|offered| offered.pixel_format == format.pixel_format && offered.flags.contains(FormatFlags::COMPRESSED));
    let meaning = Meaning {
        fourcc: format.pixel_format,
        width: format.width,
        height: format.height,
        bytesperline: format.used_planes().iter().map(|plane| plane.bytesperline).collect(),
        compressed,
    };
    println!("{name} ({}): {}x{} {}", capabilities.card, format.width, format.height, format.pixel_format);
    let taken = if buffer_type.is_multiplanar() {
        take::<_, MultiPlanar>(Queue::new(device), arguments, &meaning, monotonic_us)
    } else {
        take::<_, SinglePlanar>(Queue::new(device), arguments, &meaning, monotonic_us)
    };
    Ok(Run::new(meaning, taken, |error| not_taken(path, &error)))
}

/// What to do about a node that captures and has no format.
const NO_FORMAT: &str = "it has no format; a loopback device has none before its producer starts: start the producer";

/// Sets what was asked for, and accepts no other pixel format than that.
fn choose_format(device: &mut Device, buffer_type: BufferType, arguments: &Arguments) -> Result<Format, String> {
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
    let mut wanted = Format::new(width, height, pixel_format);
    wanted.num_planes = current.map_or(1, |current| current.num_planes);
    let format = device.set_format(buffer_type, &wanted).map_err(|error| match error {
        error if current.is_none() => format!("VIDIOC_S_FMT: {error}: {NO_FORMAT}"),
        Errno::EBUSY => format!("VIDIOC_S_FMT: {error}: end the other program first"),
        error => format!("VIDIOC_S_FMT: {error}: {width}x{height} {pixel_format} is not possible"),
    })?;
    if format.pixel_format != pixel_format {
        let offered = device.formats(buffer_type).map_while(Result::ok).map(|offered| offered.pixel_format);
        let (wanted, offered) = (fourcc::name(pixel_format), fourcc::list(offered));
        return Err(format!("the device has no format {wanted}, but {offered}"));
    }
    Ok(format)
}

fn not_opened(path: &Path, error: Errno) -> String {
    let name = path.display();
    match error {
        Errno::ENOENT => format!("{name} does not exist: is the camera plugged in?"),
        Errno::EACCES | Errno::EPERM => format!("{name}: no permission: are you in its group (often `video`)?"),
        Errno::EBUSY => format!("{name} is busy: another program uses it"),
        Errno::ENODEV | Errno::ENXIO => format!("{name} has no device behind it"),
        error => format!("{name} cannot be opened: {error}"),
    }
}

fn not_taken(path: &Path, error: &Error) -> String {
    let name = path.display();
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

/// Pictures that the simulator's memory has room for: four buffers, and some to spare.
const PICTURES: usize = 8;

/// Frames from a simulated camera.
pub fn simulator(arguments: &Arguments) -> Result<Run, String> {
    let (width, height) = arguments.size.unwrap_or((640, 480));
    let pixel_format = arguments.format.unwrap_or(FourCc::YUYV);
    let most = Profile::LARGEST;
    if width > most || height > most {
        return Err(format!("the simulator: pictures have at most {most} by {most} pixels"));
    }
    // Three bytes a pixel at most, and whole pages.
    let mut memory = vec![0; PICTURES * (3 * width as usize * height as usize + (1 << 16))];
    let camera = Sim::new(Profile::VIVID, &mut memory).format(pixel_format, width, height);
    let format = camera.current_format();
    if format.pixelformat != pixel_format {
        let offered = fourcc::list(Profile::VIVID.formats.iter().map(|offered| offered.fourcc));
        return Err(format!("the simulator has no format {}, but {offered}", fourcc::name(pixel_format)));
    }
    let meaning = Meaning {
        fourcc: format.pixelformat,
        width: format.width,
        height: format.height,
        bytesperline: format.plane.iter().map(|plane| plane.bytesperline).collect(),
        compressed: false,
    };
    println!("simulator: {}x{} {pixel_format}", format.width, format.height);
    let file = camera.open().map_err(|error| format!("the simulator: {error}"))?;
    let now_us = || i64::try_from(camera.now().as_micros()).ok();
    let taken = take::<_, SinglePlanar>(Queue::new(file), arguments, &meaning, now_us);
    Ok(Run::new(meaning, taken, |error| format!("the simulator: {error}")))
}
