//! Codecs: frames in and out.

use vidbuf::node::CapabilityFlags;
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::V4L2_BUF_FLAG_TIMESTAMP_COPY;
use vidbuf_abi::event::{V4L2_EVENT_CTRL, V4L2_EVENT_EOS, V4L2_EVENT_SOURCE_CHANGE};

use super::{Flow, Profile, Rate, control};
use crate::format::PixelFormat;

impl Profile {
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
}
