//! What a device node is and can do.

use bitflags::bitflags;

use super::Text;
use crate::error::Errno;
use crate::v4l2::BufferType;

bitflags! {
    /// What a node can do (`V4L2_CAP_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct CapabilityFlags: u32 {
        /// Frames from the device, one plane.
        const VIDEO_CAPTURE = 0x1;
        /// Frames to the device, one plane.
        const VIDEO_OUTPUT = 0x2;
        /// An overlay window.
        const VIDEO_OVERLAY = 0x4;
        /// Raw lines of the vertical blanking interval, from the device.
        const VBI_CAPTURE = 0x10;
        /// Raw lines of the vertical blanking interval, to the device.
        const VBI_OUTPUT = 0x20;
        /// Decoded data of the vertical blanking interval, from the device.
        const SLICED_VBI_CAPTURE = 0x40;
        /// Decoded data of the vertical blanking interval, to the device.
        const SLICED_VBI_OUTPUT = 0x80;
        /// Radio data, from the device.
        const RDS_CAPTURE = 0x100;
        /// An overlay on an output.
        const VIDEO_OUTPUT_OVERLAY = 0x200;
        /// A tuner that seeks stations.
        const HW_FREQ_SEEK = 0x400;
        /// Radio data, to the device.
        const RDS_OUTPUT = 0x800;
        /// Frames from the device, a plane array.
        const VIDEO_CAPTURE_MPLANE = 0x1000;
        /// Frames to the device, a plane array.
        const VIDEO_OUTPUT_MPLANE = 0x2000;
        /// Frames to and from the device, plane arrays.
        const VIDEO_M2M_MPLANE = 0x4000;
        /// Frames to and from the device, one plane.
        const VIDEO_M2M = 0x8000;
        /// A tuner.
        const TUNER = 0x1_0000;
        /// Audio inputs or outputs.
        const AUDIO = 0x2_0000;
        /// A radio receiver.
        const RADIO = 0x4_0000;
        /// A modulator.
        const MODULATOR = 0x8_0000;
        /// Software radio, from the device.
        const SDR_CAPTURE = 0x10_0000;
        /// The extended fields of the single-planar format are valid.
        const EXT_PIX_FORMAT = 0x20_0000;
        /// Software radio, to the device.
        const SDR_OUTPUT = 0x40_0000;
        /// Metadata from the device.
        const META_CAPTURE = 0x80_0000;
        /// `read` and `write`.
        const READWRITE = 0x100_0000;
        /// Nothing but an EDID, that is read and set (since Linux 6.12).
        const EDID = 0x200_0000;
        /// Streaming buffers.
        const STREAMING = 0x400_0000;
        /// Metadata to the device.
        const META_OUTPUT = 0x800_0000;
        /// A touch sensor.
        const TOUCH = 0x1000_0000;
        /// Part of a pipeline that is set up through the media controller.
        const IO_MC = 0x2000_0000;
        /// `device_caps` is valid.
        const DEVICE_CAPS = 0x8000_0000;
        const _ = !0;
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for CapabilityFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "CapabilityFlags({=u32:#x})", self.bits());
    }
}

/// What a node is and can do ([`QueryCapabilities`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Capabilities {
    /// The driver, e.g. `uvcvideo`.
    pub driver: Text<16>,
    /// The device, for people.
    pub card: Text<32>,
    /// Where it is, e.g. `usb-0000:01:00.0-1.2`: differs between two cameras of the same kind.
    pub bus_info: Text<32>,
    /// Kernel version: `major << 16 | minor << 8 | patch`.
    pub version: u32,
    /// What this node can do.
    pub node: CapabilityFlags,
    /// What the whole physical device can do, through all its nodes. Not what to decide by.
    pub device: CapabilityFlags,
}

impl Capabilities {
    /// From the fields of `v4l2_capability`. The kernel's core fills `device_caps` since about 3.3; where it is not valid
    /// (DEVICE_CAPS), `capabilities` describes the node.
    pub const fn new(
        driver: Text<16>,
        card: Text<32>,
        bus_info: Text<32>,
        version: u32,
        capabilities: CapabilityFlags,
        device_caps: CapabilityFlags,
    ) -> Self {
        let has_own = capabilities.contains(CapabilityFlags::DEVICE_CAPS);
        let node = if has_own { device_caps } else { capabilities };
        Self { driver, card, bus_info, version, node, device: capabilities }
    }

    /// Whether the node has streaming buffers; without them every buffer call fails with ENOTTY.
    pub const fn can_stream(&self) -> bool {
        self.node.contains(CapabilityFlags::STREAMING)
    }

    /// Whether frames come from the node, in one plane.
    pub const fn captures(&self) -> bool {
        self.node.intersects(CapabilityFlags::VIDEO_CAPTURE.union(CapabilityFlags::VIDEO_M2M))
    }

    /// Whether frames come from the node, in a plane array.
    pub const fn captures_mplane(&self) -> bool {
        self.node.intersects(CapabilityFlags::VIDEO_CAPTURE_MPLANE.union(CapabilityFlags::VIDEO_M2M_MPLANE))
    }

    /// Whether frames go to the node, in one plane.
    pub const fn outputs(&self) -> bool {
        self.node.intersects(CapabilityFlags::VIDEO_OUTPUT.union(CapabilityFlags::VIDEO_M2M))
    }

    /// Whether frames go to the node, in a plane array.
    pub const fn outputs_mplane(&self) -> bool {
        self.node.intersects(CapabilityFlags::VIDEO_OUTPUT_MPLANE.union(CapabilityFlags::VIDEO_M2M_MPLANE))
    }

    /// Whether frames go in and come out changed (codecs, scalers).
    pub const fn is_mem2mem(&self) -> bool {
        self.node.intersects(CapabilityFlags::VIDEO_M2M.union(CapabilityFlags::VIDEO_M2M_MPLANE))
    }

    /// The buffer type to capture video with, if the node captures video. A driver offers one of the two.
    pub const fn capture_type(&self) -> Option<BufferType> {
        if self.captures() {
            Some(BufferType::VideoCapture)
        } else if self.captures_mplane() {
            Some(BufferType::VideoCaptureMplane)
        } else {
            None
        }
    }
}

/// A node that reports what it is and can do.
///
/// Kernel: `vidioc-querycap.rst`.
pub trait QueryCapabilities {
    /// `ioctl(fd, VIDIOC_QUERYCAP, &capability)`: returns what the node is and can do.
    ///
    /// # Errors
    ///
    /// - ENOTTY: not a V4L2 device.
    /// - ENODEV: the device is gone.
    #[doc(alias = "VIDIOC_QUERYCAP")]
    fn capabilities(&self) -> Result<Capabilities, Errno>;
}

#[cfg(test)]
mod tests {
    use super::{BufferType, Capabilities, CapabilityFlags, Text};

    fn answer(capabilities: u32, device_caps: u32) -> Capabilities {
        let [capabilities, device_caps] = [capabilities, device_caps].map(CapabilityFlags::from_bits_retain);
        Capabilities::new(Text::new([0; 16]), Text::new([0; 32]), Text::new([0; 32]), 0, capabilities, device_caps)
    }

    #[test]
    fn node_of_a_camera_with_metadata_is_not_taken_for_the_camera() {
        // The physical device captures video and metadata; this node only metadata.
        let metadata = answer(0x8480_0001, 0x0480_0000);
        assert!(metadata.can_stream());
        assert!(!metadata.captures());
        assert_eq!(metadata.capture_type(), None);
    }

    #[test]
    fn node_without_own_capabilities_has_those_of_the_device() {
        let old = answer(0x0400_0001, 0);
        assert_eq!((old.can_stream(), old.capture_type()), (true, Some(BufferType::VideoCapture)));
    }

    #[test]
    fn codec_captures_and_outputs() {
        let codec = answer(0x8400_4000, 0x0400_4000);
        assert!(codec.captures_mplane() && codec.outputs_mplane() && codec.is_mem2mem());
        assert!(!codec.captures() && !codec.outputs());
    }

    #[test]
    fn unknown_bits_are_kept() {
        assert_eq!(CapabilityFlags::from_bits(0x8).map(|flags| flags.bits()), Some(0x8));
    }
}
