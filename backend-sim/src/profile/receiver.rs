//! Receivers of sensors and of HDMI on boards.

use vidbuf::node::{CapabilityFlags, TimingsCapabilities, TimingsRange};
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::event::{V4L2_EVENT_CTRL, V4L2_EVENT_FRAME_SYNC, V4L2_EVENT_SOURCE_CHANGE};

use super::{Connector, ConnectorKind, Profile, Rate, Sizes, TimingsSupport, control, vivid};
use crate::format::PixelFormat;
use crate::timings;

impl Profile {
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
    /// [`Sim::cable`](crate::Sim::cable) changes what that is, and DV_RX_POWER_PRESENT with it.
    pub const HDMI_BRIDGE: Self = Self {
        name: "tc358743",
        card: "tc358743",
        formats: &[PixelFormat::UYVY, PixelFormat::RGB24],
        controls: control::RECEIVER,
        events: &[(V4L2_EVENT_CTRL, 1), (V4L2_EVENT_FRAME_SYNC, 2), (V4L2_EVENT_SOURCE_CHANGE, 4)],
        inputs: &[Connector::new("HDMI", ConnectorKind::Digital)],
        timings: TimingsSupport::of_receiver(timings::ALL, RANGE, timings::P640X480),
        ..Self::UNICAM
    };
}

/// What a tc358743 can have.
const RANGE: TimingsRange = {
    let mut range = TimingsRange::new((640, 1920), (350, 1200), (13_000_000, 165_000_000));
    range.standards = vivid::RANGE.standards;
    range.capabilities = TimingsCapabilities::PROGRESSIVE
        .union(TimingsCapabilities::REDUCED_BLANKING)
        .union(TimingsCapabilities::CUSTOM);
    range
};
