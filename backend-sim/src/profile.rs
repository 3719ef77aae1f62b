//! What distinguishes drivers, and kernels, as data.

use vidbuf::FourCc;
use vidbuf::node::{
    CapabilityFlags, EDID_BLOCK, EdidBlock, FrameInterval, TimingsCapabilities, TimingsRange, TimingsStandards,
};
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::{
    V4L2_BUF_FLAG_TIMESTAMP_COPY, V4L2_BUF_FLAG_TIMESTAMP_MASK, V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC,
    V4L2_BUF_FLAG_TSTAMP_SRC_SOE,
};
use vidbuf_abi::event::{V4L2_EVENT_CTRL, V4L2_EVENT_EOS, V4L2_EVENT_FRAME_SYNC, V4L2_EVENT_SOURCE_CHANGE};

use crate::format::PixelFormat;
use crate::timings;

mod connector;
mod control;
mod kernel;
mod sizes;

pub(crate) use connector::INPUTS;
pub use connector::{Connector, ConnectorKind, TimingsSupport};
pub use control::{Follows, Otherwise, SimControl, SimMenu};
pub use kernel::{Cookies, Kernel};
pub use sizes::{Rate, Size, Sizes};

/// Which way frames flow through a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Flow {
    /// From the device.
    Capture,
    /// To the device.
    Output,
    /// To the device and back: every open file has an output and a capture queue of its own.
    MemoryToMemory,
}

/// Who may use a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Ownership {
    /// The open file that allocated; others read along (videobuf2's helpers).
    Allocator,
    /// uvcvideo's own scheme on kernels before it used the helpers: a file becomes active by `VIDIOC_REQBUFS` or
    /// `VIDIOC_S_FMT`, and all other buffer calls need an active file, `VIDIOC_QUERYBUF` too.
    Active,
}

/// A driver, as far as its buffers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The driver's name.
    pub name: &'static str,
    /// The device's name, for people.
    pub card: &'static str,
    /// Where the device is.
    pub bus_info: &'static str,
    /// What the node can do besides frames and `read`, which the other fields have. Bits that the kernel does not have are left out.
    pub node_capabilities: CapabilityFlags,
    /// What the other nodes of the device can do.
    pub other_nodes: CapabilityFlags,
    /// Which way frames flow.
    pub flow: Flow,
    /// Whether buffers carry a plane array.
    pub multiplanar: bool,
    /// Buffer types that the driver has calls for, on whichever of its nodes. The V4L2 core lets them pass here too, so that
    /// they are refused later.
    pub passes: &'static [u32],
    /// Memory models and other `V4L2_BUF_CAP_*` bits of the queue. The kernel adds its own.
    pub capabilities: BufferCapabilities,
    /// `read()` and `write()` work, which also means that a poll before `VIDIOC_REQBUFS` starts them.
    pub read_write: bool,
    /// Buffers that must be queued before the driver starts.
    pub min_queued: u32,
    /// Least number that `VIDIOC_REQBUFS` allocates, on kernels that know such a number.
    pub min_requested: u32,
    /// Least total that the driver's own queue set-up asks for, on kernels that do not: it counts for
    /// `VIDIOC_CREATE_BUFS` as well.
    pub min_setup: u32,
    /// Most buffers of a queue, on kernels where this may be more than 32.
    pub max_buffers: u32,
    /// `TIMESTAMP_*` and `TSTAMP_SRC_*` bits of the queue.
    pub timestamp_flags: u32,
    /// Buffers that the driver does not give back until it has more than these.
    pub keeps: u32,
    /// A queued capture buffer already shows the size that it will have.
    pub presets_bytesused: bool,
    /// Leaves [`PixelFormat::data_offset`] bytes before the payload on multi-planar nodes.
    pub data_offsets: bool,
    /// An output buffer with less payload than a frame is refused.
    pub needs_full_payload: bool,
    /// Setting the format that there is succeeds, and does nothing, while buffers exist.
    pub repeats_format: bool,
    /// `bytesused` 0 of an output buffer means 0 and not all.
    pub allows_zero_bytesused: bool,
    /// `VIDIOC_CREATE_BUFS` exists.
    pub creates: bool,
    /// `VIDIOC_PREPARE_BUF` exists.
    pub prepares: bool,
    /// `VIDIOC_EXPBUF` exists.
    pub exports: bool,
    /// `VIDIOC_REMOVE_BUFS` exists, on kernels that have it.
    pub removes: bool,
    /// User memory must be aligned to this (cache lines, for DMA); 1 for drivers that copy.
    pub user_alignment: u32,
    /// Bytesperline is a multiple of this.
    pub line_alignment: u32,
    /// Unplugging stops the queue, which wakes sleepers.
    pub unplug_cancels: bool,
    /// The device is back when the last open file is closed (vivid's way of being unplugged).
    pub replugs: bool,
    /// Who may use a queue.
    pub ownership: Ownership,
    /// A dequeued buffer is the program's alone, as videobuf2 has it. A driver without it reports no capabilities, gives every frame
    /// the sequence number 0, and writes each frame into the buffers that the program holds as well.
    pub exclusive: bool,
    /// Formats; the first is the default. Memory-to-memory nodes: of the raw side.
    pub formats: &'static [PixelFormat],
    /// Formats of the other side of a memory-to-memory node.
    pub coded_formats: &'static [PixelFormat],
    /// Size at first.
    pub size: (u32, u32),
    /// Which sizes there are.
    pub sizes: Sizes,
    /// Intervals that frames may have, where sizes are a range; without any there is no `VIDIOC_ENUM_FRAMEINTERVALS`.
    pub intervals: &'static [FrameInterval],
    /// How rates are set.
    pub rate: Rate,
    /// Buffers that `read()` and `write()` use, as `VIDIOC_G_PARM` reports.
    pub read_buffers: u32,
    /// A capture node reports which conversions of colours a format has.
    pub converts_colors: bool,
    /// Controls, in the order of their numbers; without any there are no calls on controls.
    pub controls: &'static [SimControl],
    /// Types of events that a program can subscribe to, `V4L2_EVENT_*`, and how many events of a subscription are kept; without any there
    /// are no calls on events.
    pub events: &'static [(u32, u8)],
    /// Inputs, at most four; without any there are no calls on inputs.
    pub inputs: &'static [Connector],
    /// Timings of digital inputs.
    pub timings: TimingsSupport,
    /// The EDID of the digital input at first, at most two blocks.
    pub edid: &'static [EdidBlock],
    /// `VIDIOC_G_SELECTION` exists, and crops, scales and places what arrives at inputs that are no camera's.
    pub crops: bool,
}

impl Profile {
    /// The most pixels in a line, and lines, of any picture: what unicam allows.
    pub const LARGEST: u32 = 16_376;

    /// The kernel's own test driver: a single-planar capture node. Use it unless there is a reason not to.
    pub const VIVID: Self = Self {
        name: "vivid",
        card: "vivid",
        bus_info: "platform:vivid-000",
        node_capabilities: VIVID_INPUTS.union(CapabilityFlags::VIDEO_OVERLAY),
        other_nodes: CapabilityFlags::VIDEO_OUTPUT,
        flow: Flow::Capture,
        multiplanar: false,
        passes: &[1, 2, 3, 8, 9, 10],
        capabilities: BufferCapabilities::MMAP
            .union(BufferCapabilities::USERPTR)
            .union(BufferCapabilities::DMABUF)
            .union(BufferCapabilities::REQUESTS),
        read_write: true,
        min_queued: 0,
        min_requested: 2,
        min_setup: 2,
        max_buffers: 64,
        timestamp_flags: V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC,
        keeps: 0,
        presets_bytesused: true,
        data_offsets: true,
        needs_full_payload: true,
        repeats_format: false,
        allows_zero_bytesused: false,
        creates: true,
        prepares: true,
        exports: true,
        removes: true,
        user_alignment: 1,
        line_alignment: 1,
        unplug_cancels: false,
        replugs: true,
        ownership: Ownership::Allocator,
        exclusive: true,
        formats: &[PixelFormat::YUYV, PixelFormat::NV12, PixelFormat::GREY, PixelFormat::RGB24],
        coded_formats: &[],
        size: (320, 240),
        sizes: Sizes::ANY,
        intervals: sizes::WEBCAM,
        rate: Rate::NotLonger,
        read_buffers: 1,
        converts_colors: true,
        controls: control::VIVID,
        events: &[(V4L2_EVENT_CTRL, 1), (V4L2_EVENT_SOURCE_CHANGE, 1)],
        inputs: &[
            Connector::new("Webcam 0", ConnectorKind::Camera),
            Connector::new("TV 0", ConnectorKind::Tuner).audio_inputs(3),
            Connector::new("S-Video 0", ConnectorKind::Analog).audio_inputs(3),
            Connector::new("HDMI 0", ConnectorKind::Digital),
        ],
        timings: TimingsSupport {
            first: timings::P1280X720,
            range: VIVID_RANGE,
            list: timings::ALL,
            ..TimingsSupport::NONE
        },
        edid: &[[0; EDID_BLOCK]; 2],
        crops: true,
    };

    /// vivid as it is when its input is a webcam, on Linux 6.12: six sizes, each with its rates, and every format.
    pub const VIVID_WEBCAM: Self = Self {
        formats: PixelFormat::VIVID,
        sizes: Sizes::Discrete(sizes::VIVID_6_12),
        size: (640, 360),
        ..Self::VIVID
    };

    /// The same on Linux 6.1, whose large pictures are slower.
    pub const VIVID_WEBCAM_6_1: Self = Self { sizes: Sizes::Discrete(sizes::VIVID_6_1), ..Self::VIVID_WEBCAM };

    /// vivid's multi-planar capture node: YUYV pictures begin at byte 128.
    pub const VIVID_MULTIPLANAR: Self = Self {
        multiplanar: true,
        bus_info: "platform:vivid-001",
        node_capabilities: VIVID_INPUTS,
        other_nodes: CapabilityFlags::VIDEO_OUTPUT_MPLANE,
        max_buffers: 32,
        formats: &[
            PixelFormat::YUYV,
            PixelFormat::NV12,
            PixelFormat::NV12M,
            PixelFormat::YUV420M,
            PixelFormat::GREY,
            PixelFormat::RGB24,
        ],
        ..Self::VIVID
    };

    /// vivid's single-planar output node. It keeps the newest buffer.
    pub const VIVID_OUTPUT: Self = Self {
        flow: Flow::Output,
        node_capabilities: CapabilityFlags::AUDIO,
        other_nodes: VIVID_INPUTS.union(CapabilityFlags::VIDEO_CAPTURE).union(CapabilityFlags::VIDEO_OVERLAY),
        max_buffers: 32,
        keeps: 1,
        presets_bytesused: false,
        repeats_format: true,
        controls: control::VIVID_OUTPUT,
        events: &[(V4L2_EVENT_CTRL, 1)],
        ..Self::VIVID.without_inputs()
    };

    /// vivid's multi-planar output node.
    pub const VIVID_OUTPUT_MULTIPLANAR: Self = Self {
        flow: Flow::Output,
        node_capabilities: CapabilityFlags::AUDIO,
        other_nodes: VIVID_INPUTS.union(CapabilityFlags::VIDEO_CAPTURE_MPLANE),
        keeps: 1,
        presets_bytesused: false,
        repeats_format: true,
        controls: control::VIVID_OUTPUT,
        events: &[(V4L2_EVENT_CTRL, 1)],
        ..Self::VIVID_MULTIPLANAR.without_inputs()
    };

    /// The CSI receiver of Raspberry Pi 0 to 4: one buffer must be queued to start, and one is never given back while
    /// there is no other.
    pub const UNICAM: Self = Self {
        name: "unicam",
        card: "unicam",
        bus_info: "platform:fe801000.csi",
        node_capabilities: CapabilityFlags::IO_MC,
        other_nodes: CapabilityFlags::META_CAPTURE,
        passes: &[],
        capabilities: BufferCapabilities::MMAP.union(BufferCapabilities::DMABUF),
        read_write: false,
        min_queued: 1,
        min_requested: 2,
        min_setup: 1,
        max_buffers: 32,
        keeps: 1,
        presets_bytesused: false,
        data_offsets: false,
        removes: false,
        user_alignment: 64,
        line_alignment: 32,
        unplug_cancels: true,
        replugs: false,
        formats: &[PixelFormat::SRGGB10P, PixelFormat::YUYV, PixelFormat::GREY, PixelFormat::RGB24],
        size: (640, 480),
        sizes: Sizes::UNICAM,
        intervals: &[],
        rate: Rate::Elsewhere,
        read_buffers: 0,
        converts_colors: false,
        // The sensor's subdevice node has them.
        controls: &[],
        events: &[(V4L2_EVENT_CTRL, 1), (V4L2_EVENT_FRAME_SYNC, 2)],
        inputs: &[Connector::new("unicam-image", ConnectorKind::Camera)],
        ..Self::VIVID.without_inputs()
    };

    /// The CSI receiver of Raspberry Pi 5: as [`UNICAM`](Self::UNICAM), and at least three buffers.
    pub const RP1_CFE: Self = Self {
        name: "rp1-cfe",
        card: "rp1-cfe",
        bus_info: "platform:1f00110000.csi",
        min_requested: 3,
        line_alignment: 16,
        events: &[(V4L2_EVENT_FRAME_SYNC, 2), (V4L2_EVENT_SOURCE_CHANGE, 4)],
        inputs: &[Connector::new("rp1-cfe-csi2-ch0", ConnectorKind::Camera)],
        ..Self::UNICAM
    };

    /// An HDMI receiver (as tc358743) in front of a CSI receiver, as one node: it lists what is common, takes what is in its range, has no
    /// EDID at first, so that sources send nothing, stops when the signal goes, and starts only with the format of what is sent.
    /// [`Sim::cable`](crate::Sim::cable) changes what that is.
    pub const HDMI_BRIDGE: Self = Self {
        name: "tc358743",
        card: "tc358743",
        formats: &[PixelFormat::UYVY, PixelFormat::RGB24],
        events: &[(V4L2_EVENT_CTRL, 1), (V4L2_EVENT_FRAME_SYNC, 2), (V4L2_EVENT_SOURCE_CHANGE, 4)],
        inputs: &[Connector::new("HDMI", ConnectorKind::Digital)],
        timings: TimingsSupport::of_receiver(timings::ALL, BRIDGE_RANGE, timings::P640X480),
        ..Self::UNICAM
    };

    /// USB cameras: timestamps are of the start of exposure.
    pub const UVC: Self = Self {
        name: "uvcvideo",
        card: "USB Camera",
        bus_info: "usb-0000:01:00.0-1.2",
        node_capabilities: CapabilityFlags::empty(),
        other_nodes: CapabilityFlags::META_CAPTURE,
        passes: &[],
        prepares: false,
        capabilities: BufferCapabilities::MMAP.union(BufferCapabilities::USERPTR).union(BufferCapabilities::DMABUF),
        read_write: false,
        min_requested: 0,
        min_setup: 0,
        max_buffers: 32,
        timestamp_flags: V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_TSTAMP_SRC_SOE,
        presets_bytesused: false,
        data_offsets: false,
        removes: false,
        unplug_cancels: true,
        replugs: false,
        ownership: Ownership::Active,
        formats: &[PixelFormat::YUYV, PixelFormat::MJPEG, PixelFormat::NV12, PixelFormat::GREY],
        size: (640, 480),
        rate: Rate::Nearest,
        read_buffers: 0,
        converts_colors: false,
        controls: control::WEBCAM,
        events: &[(V4L2_EVENT_CTRL, 1)],
        inputs: &[Connector::new("Camera 1", ConnectorKind::Camera)],
        ..Self::VIVID.without_inputs()
    };

    /// A USB 2 webcam with the sizes and rates that many have: large pictures are fast as Motion JPEG only.
    pub const WEBCAM: Self =
        Self { formats: &[PixelFormat::YUYV, PixelFormat::MJPEG], sizes: Sizes::Discrete(sizes::USB_2), ..Self::UVC };

    /// A decoder as the codec of Raspberry Pi 0 to 4: an output queue for H.264, a capture queue for pictures, both
    /// multi-planar, timestamps copied from one to the other.
    pub const CODEC: Self = Self {
        name: "codec",
        card: "codec",
        bus_info: "platform:codec",
        node_capabilities: CapabilityFlags::empty(),
        other_nodes: CapabilityFlags::empty(),
        passes: &[1, 2],
        flow: Flow::MemoryToMemory,
        multiplanar: true,
        capabilities: BufferCapabilities::MMAP.union(BufferCapabilities::DMABUF),
        read_write: false,
        min_queued: 1,
        min_requested: 0,
        min_setup: 0,
        max_buffers: 32,
        timestamp_flags: V4L2_BUF_FLAG_TIMESTAMP_COPY,
        presets_bytesused: false,
        data_offsets: false,
        needs_full_payload: false,
        removes: false,
        line_alignment: 32,
        replugs: false,
        unplug_cancels: true,
        formats: &[PixelFormat::NV12, PixelFormat::YUYV],
        coded_formats: &[PixelFormat::H264, PixelFormat::MJPEG],
        size: (640, 480),
        intervals: &[],
        rate: Rate::Elsewhere,
        read_buffers: 0,
        converts_colors: false,
        controls: control::CODEC,
        events: &[(V4L2_EVENT_CTRL, 1), (V4L2_EVENT_EOS, 2), (V4L2_EVENT_SOURCE_CHANGE, 1)],
        ..Self::VIVID.without_inputs()
    };

    /// A driver without videobuf2 that writes into buffers which the program holds, as v4l2loopback does: at most two buffers, no
    /// capabilities, no kind of timestamp, sequence numbers that are all 0. Of its other departures from videobuf2 none is modelled.
    pub const LOOPBACK: Self = Self {
        name: "v4l2 loopback",
        card: "Dummy video device",
        bus_info: "platform:v4l2loopback-000",
        node_capabilities: CapabilityFlags::empty(),
        other_nodes: CapabilityFlags::empty(),
        passes: &[],
        capabilities: BufferCapabilities::MMAP,
        read_write: false,
        min_requested: 1,
        min_setup: 0,
        max_buffers: 2,
        timestamp_flags: 0,
        presets_bytesused: false,
        data_offsets: false,
        creates: false,
        prepares: false,
        exports: false,
        removes: false,
        replugs: false,
        exclusive: false,
        size: (640, 480),
        converts_colors: false,
        controls: &[],
        events: &[],
        ..Self::VIVID.without_inputs()
    };

    /// The same driver, on its output side.
    #[must_use]
    pub const fn output(self) -> Self {
        Self { flow: Flow::Output, presets_bytesused: false, ..self }.without_inputs()
    }

    /// The same driver without calls on inputs.
    const fn without_inputs(self) -> Self {
        Self { inputs: &[], timings: TimingsSupport::NONE, edid: &[], crops: false, ..self }
    }

    /// Other types of events, `V4L2_EVENT_*`, and how many of a subscription are kept.
    #[must_use]
    pub const fn events(self, events: &'static [(u32, u8)]) -> Self {
        Self { events, ..self }
    }

    /// Other inputs, at most four.
    #[must_use]
    pub const fn inputs(self, inputs: &'static [Connector]) -> Self {
        Self { inputs, ..self }
    }

    /// Other timings of digital inputs.
    #[must_use]
    pub const fn timings(self, timings: TimingsSupport) -> Self {
        Self { timings, ..self }
    }

    /// Another EDID at first, of at most two blocks.
    #[must_use]
    pub const fn edid(self, edid: &'static [EdidBlock]) -> Self {
        Self { edid, ..self }
    }

    /// The same driver with another number of planes in its interface.
    #[must_use]
    pub const fn multiplanar(self, multiplanar: bool) -> Self {
        Self { multiplanar, ..self }
    }

    /// A number of buffers that must be queued before the driver starts.
    #[must_use]
    pub const fn min_queued(self, buffers: u32) -> Self {
        Self { min_queued: buffers, ..self }
    }

    /// A least number of buffers that `VIDIOC_REQBUFS` allocates.
    #[must_use]
    pub const fn min_requested(self, buffers: u32) -> Self {
        Self { min_requested: buffers, min_setup: buffers, ..self }
    }

    /// A number of buffers that the driver does not give back.
    #[must_use]
    pub const fn keeps(self, buffers: u32) -> Self {
        Self { keeps: buffers, ..self }
    }

    /// Other sizes.
    #[must_use]
    pub const fn sizes(self, sizes: Sizes) -> Self {
        Self { sizes, ..self }
    }

    /// Other intervals.
    #[must_use]
    pub const fn intervals(self, intervals: &'static [FrameInterval]) -> Self {
        Self { intervals, ..self }
    }

    /// Other controls, in the order of their numbers.
    #[must_use]
    pub const fn controls(self, controls: &'static [SimControl]) -> Self {
        Self { controls, ..self }
    }

    /// Other formats; the first is the default.
    #[must_use]
    pub const fn formats(self, formats: &'static [PixelFormat]) -> Self {
        Self { formats, ..self }
    }

    /// Whether output timestamps are kept, and copied to what is made of the frame.
    pub(crate) const fn copies_timestamps(&self) -> bool {
        self.timestamp_flags & V4L2_BUF_FLAG_TIMESTAMP_MASK == V4L2_BUF_FLAG_TIMESTAMP_COPY
    }

    /// The description of a format, if the driver has it on that side.
    pub fn find(&self, coded: bool, fourcc: FourCc) -> Option<&'static PixelFormat> {
        let list = if coded { self.coded_formats } else { self.formats };
        list.iter().find(|format| format.fourcc == fourcc)
    }
}

/// What the capture nodes of vivid's inputs can do besides capturing.
const VIVID_INPUTS: CapabilityFlags = CapabilityFlags::TUNER.union(CapabilityFlags::AUDIO);
/// What vivid's HDMI inputs can have.
const VIVID_RANGE: TimingsRange = {
    let mut range = TimingsRange::new((16, 4096), (16, 2160), (14_000_000, 775_000_000));
    range.standards =
        TimingsStandards::CEA861.union(TimingsStandards::DMT).union(TimingsStandards::CVT).union(TimingsStandards::GTF);
    range.capabilities = TimingsCapabilities::INTERLACED.union(TimingsCapabilities::PROGRESSIVE);
    range
};

/// What a tc358743 can have.
const BRIDGE_RANGE: TimingsRange = {
    let mut range = TimingsRange::new((640, 1920), (350, 1200), (13_000_000, 165_000_000));
    range.standards = VIVID_RANGE.standards;
    range.capabilities = TimingsCapabilities::PROGRESSIVE
        .union(TimingsCapabilities::REDUCED_BLANKING)
        .union(TimingsCapabilities::CUSTOM);
    range
};
