//! Which node is which, and the simulator's description of it.

use vidbuf::node::CapabilityFlags;
use vidbuf_abi::capability::v4l2_capability;
use vidbuf_abi::format::{v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane};
use vidbuf_abi::ioctl::{VIDIOC_ENUM_DV_TIMINGS, VIDIOC_QUERYCAP, VIDIOC_S_INPUT, VIDIOC_S_OUTPUT};
use vidbuf_abi::timings::{v4l2_dv_timings, v4l2_enum_dv_timings};
use vidbuf_sim::kernel::{Node, OpenMode};
use vidbuf_sim::{Connector, ConnectorKind, Cookies, Kernel, PixelFormat, Profile};

use super::draw::Choice;
use super::kernel::Real;
use super::memories::Memories;
use super::run::Subject;
use super::system::is_multiplanar;

/// The number of vivid's HDMI input.
pub const HDMI: u32 = 3;

/// Timings that vivid lists as the simulator does.
pub fn timings() -> Vec<v4l2_dv_timings> {
    let mut node = Node::<1>::new(Profile::VIVID, Kernel::V6_12, 4096, 0);
    let file = node.open(OpenMode::NONBLOCKING).unwrap_or_else(|error| unreachable!("the first file: {error}"));
    let _ = node.call(file, VIDIOC_S_INPUT, &mut { HDMI }, &mut []);
    let mut ask = v4l2_enum_dv_timings::default();
    let mut list = Vec::new();
    while node.call(file, VIDIOC_ENUM_DV_TIMINGS, &mut ask, &mut []).is_ok() {
        list.push(ask.timings);
        ask.index += 1;
    }
    list
}

/// Those that an HDMI input has at first.
pub fn first_timings() -> v4l2_dv_timings {
    timings().into_iter().find(|timings| timings.timings.bt().cea861_vic == 4).unwrap_or_default()
}

/// vivid's inputs on 6.12, of its first and of its second instance.
const INPUTS: [[Connector; 4]; 2] = [
    [
        Connector::new("Webcam 000-0", ConnectorKind::Camera),
        Connector::new("TV 000-0", ConnectorKind::Tuner).audio_inputs(3),
        Connector::new("S-Video 000-0", ConnectorKind::Analog).audio_inputs(3),
        Connector::new("HDMI 000-0", ConnectorKind::Digital),
    ],
    [
        Connector::new("Webcam 001-0", ConnectorKind::Camera),
        Connector::new("TV 001-0", ConnectorKind::Tuner).audio_inputs(3),
        Connector::new("S-Video 001-0", ConnectorKind::Analog).audio_inputs(3),
        Connector::new("HDMI 001-0", ConnectorKind::Digital),
    ],
];

/// Formats of the multi-planar nodes. The driver has one table for all its instances, and a single-planar instance, which
/// the guest has, clears the room before YUYV pictures in it; the other formats keep theirs.
const FORMATS: &[PixelFormat] = &{
    const ALL: &[PixelFormat] = PixelFormat::VIVID_MULTIPLANAR;
    let mut formats = [PixelFormat::YUYV.offsets([0; 3]); ALL.len()];
    let mut index = 1;
    while index < ALL.len() {
        formats[index] = ALL[index];
        index += 1;
    }
    formats
};

/// What a camera of `vidbuf-sim run` is of, with the name and the abilities that it reports.
fn of_runner(buffer_type: u32, about: &v4l2_capability) -> Profile {
    const FORMATS: &[PixelFormat] = &[
        PixelFormat::YUYV,
        PixelFormat::NV12,
        PixelFormat::NV12M,
        PixelFormat::NV16M,
        PixelFormat::YUV420M,
        PixelFormat::GREY,
        PixelFormat::RGB24,
    ];
    let mut profile = match buffer_type {
        1 => Profile::VIVID,
        9 => Profile::VIVID_MULTIPLANAR.formats(FORMATS),
        2 => Profile::VIVID_OUTPUT,
        _ => Profile::VIVID_OUTPUT_MULTIPLANAR.formats(FORMATS),
    };
    let text = |bytes: &[u8]| {
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        // Once for each node.
        &*String::from_utf8_lossy(&bytes[..end]).into_owned().leak()
    };
    (profile.name, profile.card, profile.bus_info) = (text(&about.driver), text(&about.card), text(&about.bus_info));
    profile.node_capabilities = CapabilityFlags::from_bits_retain(about.device_caps);
    profile.other_nodes = CapabilityFlags::from_bits_retain(about.capabilities);
    profile
}

/// A format that may be asked for.
pub fn format(type_: u32, (width, height): (u32, u32), pixelformat: [u8; 4]) -> v4l2_format {
    let mut format = v4l2_format { type_, ..Default::default() };
    let pixelformat = u32::from_le_bytes(pixelformat);
    if is_multiplanar(type_) {
        format.fmt.set_pix_mp(v4l2_pix_format_mplane { width, height, pixelformat, ..Default::default() });
    } else {
        format.fmt.set_pix(v4l2_pix_format { width, height, pixelformat, ..Default::default() });
    }
    format
}

/// The simulator's word for the running kernel.
pub fn running_kernel(simulated: Option<&str>) -> Result<(Kernel, String), String> {
    let running = || std::fs::read_to_string("/proc/sys/kernel/osrelease").map_err(|error| error.to_string());
    let release = simulated.map_or_else(running, |simulated| Ok(simulated.to_owned()))?;
    let release = release.trim().to_string();
    let mut numbers = release.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let kernel = match version {
        (6, 1) => Kernel::V6_1,
        (6, 12) => Kernel::V6_12,
        _ => return Err(format!("Linux {release}: the simulator models 6.1 and 6.12")),
    };
    Ok((kernel, release))
}

impl Subject {
    /// The node at `path`, set to small pictures.
    pub fn new(path: &str, kernel: Kernel, simulated: bool, memories: Memories) -> Result<(Self, Real), String> {
        let failed = |what: &str, error: i32| format!("{path}, {what}: errno {error}");
        let mut real = Real::new(path)?;
        real.set_control(true).map_err(|error| failed("open", error))?;
        let buffer_type = real.type_of_node().map_err(|error| failed("QUERYCAP", error))?;
        // A distribution's name of its kernel need not have the last number of the version.
        let mut about = v4l2_capability::default();
        real.set_up(VIDIOC_QUERYCAP, &mut about).map_err(|error| failed("QUERYCAP", error))?;
        let mut kernel = kernel;
        kernel.version = about.version;
        let webcam =
            if kernel.version < Kernel::V6_12.version { Profile::VIVID_WEBCAM_6_1 } else { Profile::VIVID_WEBCAM };
        let (name, profile) = match buffer_type {
            1 => ("capture", webcam),
            9 => ("capture, multi-planar", Profile::VIVID_MULTIPLANAR.formats(FORMATS).sizes(webcam.sizes)),
            2 => ("output", Profile::VIVID_OUTPUT.formats(PixelFormat::VIVID)),
            _ => ("output, multi-planar", Profile::VIVID_OUTPUT_MULTIPLANAR.formats(FORMATS)),
        };
        let profile = match (kernel.version < Kernel::V6_12.version, buffer_type) {
            (false, 1) => profile.inputs(&INPUTS[0]),
            (false, 9) => profile.inputs(&INPUTS[1]),
            _ => profile,
        };
        let profile = if simulated { of_runner(buffer_type, &about) } else { profile };
        // A simulated node has one output.
        if matches!(buffer_type, 2 | 10) && !simulated {
            // Connector 1 is HDMI: no fields, sixty frames a second.
            real.set_up(VIDIOC_S_OUTPUT, &mut 1_u32).map_err(|error| failed("S_OUTPUT", error))?;
        }
        real.set_control(false).map_err(|error| failed("close", error))?;
        let code = |name: &[u8; 4]| u32::from_le_bytes(*name);
        let mut formats = vec![code(b"YUYV"), code(b"GREY"), code(b"NV12"), code(b"RGB3"), code(b"????")];
        if profile.multiplanar {
            formats.extend([code(b"NM12"), code(b"YM12"), code(b"NM16")]);
        }
        // Each of the others, more seldom than these together.
        let others: Vec<u32> = profile.formats.iter().map(|format| format.fourcc.0).collect();
        formats = formats.repeat(others.len() / 4);
        formats.extend(others);
        let mut sizes = vec![(320, 180), (640, 360)];
        if matches!(buffer_type, 1 | 9) {
            // Not the webcam's: they become one of these two.
            sizes.extend([(0, 0), (500, 300), (700, 400)]);
        }
        let choice = Choice { simulated, formats, sizes, memories: vec![1, 1, 1, 2, 4], dma_bufs: memories.dma_bufs() };
        let first = format(buffer_type, (320, 180), if profile.multiplanar { *b"NM12" } else { *b"YUYV" });
        Ok((Self { path: path.to_string(), name, profile, kernel, memories, choice, first }, real))
    }
}

impl Subject {
    /// Breaks the simulator on purpose, to show that the comparison finds it.
    pub fn damage(&mut self, name: &str) -> Result<(), String> {
        match name {
            // One buffer more than the driver asks for.
            "floor" => self.profile = self.profile.min_requested(3),
            // Buffers that the driver does not give back.
            "keeps" => self.profile = self.profile.keeps(self.profile.keeps + 1),
            // The other kernels' mmap cookies.
            "cookies" => {
                self.kernel.cookies = match self.kernel.cookies {
                    Cookies::RunningSum => Cookies::BitFields,
                    _ => Cookies::RunningSum,
                }
            }
            // A clock that the driver does not have.
            "clock" => self.profile.timestamp_flags = 0x4000,
            _ => return Err(format!("no way to break the simulator is called {name}")),
        }
        Ok(())
    }
}
