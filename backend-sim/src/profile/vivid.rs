//! The kernel's own test driver.

use vidbuf::node::{CapabilityFlags, EDID_BLOCK, TimingsCapabilities, TimingsRange, TimingsStandards};
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
use vidbuf_abi::event::{V4L2_EVENT_CTRL, V4L2_EVENT_SOURCE_CHANGE};

use super::{Connector, ConnectorKind, Flow, Ownership, Profile, Rate, Sizes, TimingsSupport, control, sizes};
use crate::format::PixelFormat;
use crate::timings;

impl Profile {
    /// The kernel's own test driver: a single-planar capture node. Use it unless there is a reason not to.
    pub const VIVID: Self = Self {
        name: "vivid",
        card: "vivid",
        bus_info: "platform:vivid-000",
        node_capabilities: INPUTS.union(CapabilityFlags::VIDEO_OVERLAY),
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
        timings: TimingsSupport { first: timings::P1280X720, range: RANGE, list: timings::ALL, ..TimingsSupport::NONE },
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
        node_capabilities: INPUTS,
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
        other_nodes: INPUTS.union(CapabilityFlags::VIDEO_CAPTURE).union(CapabilityFlags::VIDEO_OVERLAY),
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
        other_nodes: INPUTS.union(CapabilityFlags::VIDEO_CAPTURE_MPLANE),
        keeps: 1,
        presets_bytesused: false,
        repeats_format: true,
        controls: control::VIVID_OUTPUT,
        events: &[(V4L2_EVENT_CTRL, 1)],
        ..Self::VIVID_MULTIPLANAR.without_inputs()
    };
}

/// What the capture nodes of vivid's inputs can do besides capturing.
const INPUTS: CapabilityFlags = CapabilityFlags::TUNER.union(CapabilityFlags::AUDIO);

/// What vivid's HDMI inputs can have.
pub(super) const RANGE: TimingsRange = {
    let mut range = TimingsRange::new((16, 4096), (16, 2160), (14_000_000, 775_000_000));
    range.standards =
        TimingsStandards::CEA861.union(TimingsStandards::DMT).union(TimingsStandards::CVT).union(TimingsStandards::GTF);
    range.capabilities = TimingsCapabilities::INTERLACED.union(TimingsCapabilities::PROGRESSIVE);
    range
};
