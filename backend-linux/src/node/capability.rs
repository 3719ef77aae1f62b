//! What a device node is and can do.

use core::mem::MaybeUninit;

use bitflags::bitflags;
use vidbuf::node::Text;
use vidbuf::v4l2::BufferType;
use vidbuf_abi::capability::v4l2_capability;

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno};

plain!(v4l2_capability);

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
        /// Frames from the device, a plane array.
        const VIDEO_CAPTURE_MPLANE = 0x1000;
        /// Frames to the device, a plane array.
        const VIDEO_OUTPUT_MPLANE = 0x2000;
        /// Frames to and from the device, plane arrays.
        const VIDEO_M2M_MPLANE = 0x4000;
        /// Frames to and from the device, one plane.
        const VIDEO_M2M = 0x8000;
        /// The extended fields of the single-planar format are valid.
        const EXT_PIX_FORMAT = 0x20_0000;
        /// Metadata from the device.
        const META_CAPTURE = 0x80_0000;
        /// `read` and `write`.
        const READWRITE = 0x100_0000;
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

/// What a node is and can do ([`Device::capabilities`](crate::Device::capabilities)).
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
    pub(crate) fn from_kernel(answer: &v4l2_capability) -> Self {
        let device = CapabilityFlags::from_bits_retain(answer.capabilities);
        // The kernel's core fills `device_caps` since about 3.3; without it, `capabilities` describes the node.
        let has_own = device.contains(CapabilityFlags::DEVICE_CAPS);
        let node = if has_own { CapabilityFlags::from_bits_retain(answer.device_caps) } else { device };
        Self {
            driver: Text::new(answer.driver),
            card: Text::new(answer.card),
            bus_info: Text::new(answer.bus_info),
            version: answer.version,
            node,
            device,
        }
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

impl Device {
    /// `ioctl(fd, VIDIOC_QUERYCAP, &capability)`: returns what the node is and can do.
    ///
    /// # Errors
    ///
    /// - ENOTTY: not a V4L2 device.
    /// - ENODEV: the device is gone.
    ///
    /// # Kernel
    ///
    /// `vidioc-querycap.rst`.
    #[doc(alias = "VIDIOC_QUERYCAP")]
    pub fn capabilities(&self) -> Result<Capabilities, Errno> {
        let mut room = MaybeUninit::uninit();
        let kernel = zero_in_place(&mut room);
        v4l2!(self, VIDIOC_QUERYCAP, kernel)?;
        Ok(Capabilities::from_kernel(kernel))
    }
}

#[cfg(test)]
mod tests {
    use super::{BufferType, Capabilities, CapabilityFlags};
    use vidbuf_abi::capability::v4l2_capability;

    fn answer(capabilities: u32, device_caps: u32) -> Capabilities {
        Capabilities::from_kernel(&v4l2_capability { capabilities, device_caps, ..v4l2_capability::default() })
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
