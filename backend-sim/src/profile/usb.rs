//! USB cameras.

use vidbuf::node::CapabilityFlags;
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::{V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, V4L2_BUF_FLAG_TSTAMP_SRC_SOE};
use vidbuf_abi::event::V4L2_EVENT_CTRL;

use super::{Connector, ConnectorKind, Ownership, Profile, Rate, Sizes, control, sizes};
use crate::format::PixelFormat;

impl Profile {
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
}
