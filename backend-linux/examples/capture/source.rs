//! Where frames come from: a camera, or the simulator.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::time::{ClockId, clock_gettime};
use vidbuf::{BufferType, Error, ErrorKind, FourCc, MultiPlanar, Operation, Queue, SinglePlanar};
use vidbuf_linux::{Device, Errno, Format};
use vidbuf_sim::{Profile, Sim, SimFile};

use crate::arguments::Arguments;
use crate::picture::Meaning;
use crate::stream::{Taken, take};

/// Frames from the node at `path`.
pub fn camera(path: &Path, arguments: &Arguments) -> Result<(Meaning, Taken), String> {
    let name = path.display();
    let node = CString::new(path.as_os_str().as_bytes()).map_err(|_| "a path cannot contain a NUL byte".to_string())?;
    let mut device = Device::open(&node).map_err(|error| not_opened(path, error))?;
    let capabilities = device.capabilities().map_err(|error| match error {
        Errno::NOTTY => format!("{name} is not a V4L2 device"),
        error => format!("{name}: {error}"),
    })?;
    let Some(buffer_type) = capabilities.capture_type() else {
        return Err(format!("{name} ({}) does not capture video: another node of it may", capabilities.card));
    };
    if !capabilities.can_stream() {
        return Err(format!("{name} ({}) cannot stream: it has no buffers to map", capabilities.card));
    }
    let format = choose_format(&mut device, buffer_type, arguments).map_err(|words| format!("{name}: {words}"))?;
    let meaning = Meaning {
        fourcc: format.pixel_format,
        width: format.width,
        height: format.height,
        bytesperline: format.used_planes().iter().map(|plane| plane.bytesperline).collect(),
    };
    println!("{name} ({}): {}x{} {}", capabilities.card, format.width, format.height, format.pixel_format);
    let taken = if buffer_type.is_multiplanar() {
        take::<_, MultiPlanar>(Queue::new(device), arguments, monotonic_us)
    } else {
        take::<_, SinglePlanar>(Queue::new(device), arguments, monotonic_us)
    };
    Ok((meaning, taken.map_err(|error| not_taken(path, &error))?))
}

/// Sets what was asked for, and refuses another pixel format than that.
fn choose_format(device: &mut Device, buffer_type: BufferType, arguments: &Arguments) -> Result<Format, String> {
    let current = device.format(buffer_type).map_err(|error| error.to_string())?;
    let (width, height) = arguments.size.unwrap_or((current.width, current.height));
    let pixel_format = arguments.format.unwrap_or(current.pixel_format);
    let mut wanted = Format::new(width, height, pixel_format);
    wanted.num_planes = current.num_planes;
    let format = device.set_format(buffer_type, &wanted).map_err(|error| match error {
        Errno::BUSY => "the device is busy: another program has its buffers".to_string(),
        error => format!("the format was refused: {error}"),
    })?;
    if format.pixel_format != pixel_format {
        let known: Vec<String> =
            device.formats(buffer_type).map_while(Result::ok).map(|known| known.pixel_format.to_string()).collect();
        return Err(format!("the device has no format {pixel_format}, but {}", known.join(" ")));
    }
    Ok(format)
}

fn not_opened(path: &Path, error: Errno) -> String {
    let name = path.display();
    match error {
        Errno::NOENT => format!("{name} does not exist: is the camera plugged in?"),
        Errno::ACCESS | Errno::PERM => format!("{name}: no permission: are you in its group (often `video`)?"),
        Errno::BUSY => format!("{name} is busy: another program uses it"),
        Errno::NODEV | Errno::NXIO => format!("{name} has no device behind it"),
        error => format!("{name} cannot be opened: {error}"),
    }
}

fn not_taken(path: &Path, error: &Error<Errno>) -> String {
    let name = path.display();
    match error {
        Error::Refused { operation: Operation::RequestBuffers, error, .. } if *error == Errno::BUSY => {
            format!("{name} is busy: another program has its buffers")
        }
        error if error.kind() == Some(ErrorKind::Unplugged) => format!("{name} was unplugged"),
        error => format!("{name}: {error}"),
    }
}

/// CLOCK_MONOTONIC, which drivers stamp frames with.
fn monotonic_us(_: &Device) -> Option<i64> {
    let now = clock_gettime(ClockId::Monotonic);
    Some(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)
}

/// Pictures that the simulator's memory has room for: five buffers, and some to spare.
const PICTURES: usize = 8;

/// Frames from a simulated camera.
pub fn simulator(arguments: &Arguments) -> Result<(Meaning, Taken), String> {
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
        let known: Vec<String> = Profile::VIVID.formats.iter().map(|known| known.fourcc.to_string()).collect();
        return Err(format!("the simulator has no format {pixel_format}, but {}", known.join(" ")));
    }
    let meaning = Meaning {
        fourcc: format.pixelformat,
        width: format.width,
        height: format.height,
        bytesperline: format.plane.iter().map(|plane| plane.bytesperline).collect(),
    };
    println!("simulator: {}x{} {pixel_format}", format.width, format.height);
    let now_us = |file: &SimFile<'_, '_>| i64::try_from(file.device().now().as_micros()).ok();
    let file = camera.open().map_err(|error| format!("the simulator: {error}"))?;
    let taken = take::<_, SinglePlanar>(Queue::new(file), arguments, now_us);
    Ok((meaning, taken.map_err(|error| format!("the simulator: {error}"))?))
}
