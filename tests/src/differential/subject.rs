//! Which node is which, and the simulator's description of it.

use vidbuf::node::FrameInterval;
use vidbuf_abi::format::{v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane};
use vidbuf_abi::ioctl::VIDIOC_S_OUTPUT;
use vidbuf_sim::{Cookies, Kernel, PixelFormat, Profile};

use super::draw::Choice;
use super::kernel::Real;
use super::memories::Memories;
use super::run::Subject;
use super::system::is_multiplanar;

/// Formats of the multi-planar nodes. The driver has one table for all its instances, and a single-planar instance, which
/// the guest has, clears the room before YUYV pictures in it; NV16M keeps its own.
const FORMATS: &[PixelFormat] = &[
    PixelFormat::YUYV.offsets([0; 3]),
    PixelFormat::NV12,
    PixelFormat::NV12M,
    PixelFormat::NV16M,
    PixelFormat::YUV420M,
    PixelFormat::GREY,
    PixelFormat::RGB24,
];

/// Of the smallest pictures of the webcam.
const INTERVALS: [FrameInterval; 13] = {
    let rates = [
        (1, 1),
        (1, 2),
        (1, 4),
        (1, 5),
        (1, 10),
        (2, 25),
        (1, 15),
        (1, 25),
        (1, 30),
        (1, 40),
        (1, 50),
        (1, 60),
        (1, 120),
    ];
    let mut intervals = [FrameInterval { numerator: 0, denominator: 0 }; 13];
    let mut index = 0;
    while index < 13 {
        (intervals[index].numerator, intervals[index].denominator) = rates[index];
        index += 1;
    }
    intervals
};

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
        // The newer driver has one more, of 120 frames a second.
        let intervals = if kernel == Kernel::V6_1 { &INTERVALS[..12] } else { &INTERVALS };
        let (name, profile) = match buffer_type {
            1 => ("capture", Profile::VIVID.intervals(intervals)),
            9 => ("capture, multi-planar", Profile::VIVID_MULTIPLANAR.formats(FORMATS).intervals(intervals)),
            2 => ("output", Profile::VIVID_OUTPUT),
            _ => ("output, multi-planar", Profile::VIVID_OUTPUT_MULTIPLANAR.formats(FORMATS)),
        };
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
        let choice = Choice {
            simulated,
            formats,
            sizes: vec![(320, 180), (640, 360)],
            memories: vec![1, 1, 1, 2, 4],
            dma_bufs: memories.dma_bufs(),
        };
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
