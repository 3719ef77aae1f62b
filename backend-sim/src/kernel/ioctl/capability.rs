//! VIDIOC_QUERYCAP.

use vidbuf::node::CapabilityFlags;
use vidbuf_abi::capability::v4l2_capability;

use super::super::NodeOf;
use super::super::room::Rooms;
use crate::profile::Flow;

/// A name that the kernel copies: cut, and ended by a NUL.
pub(super) fn text<const N: usize>(name: &str) -> [u8; N] {
    let mut bytes = [0; N];
    for (to, from) in bytes.iter_mut().take(N.saturating_sub(1)).zip(name.bytes()) {
        *to = from;
    }
    bytes
}

impl<R: Rooms> NodeOf<R> {
    /// What the driver is, and what the V4L2 core adds.
    pub(super) fn query_capabilities(&self, into: &mut v4l2_capability) {
        let (profile, kernel) = (&self.driver.profile, &self.driver.kernel);
        let frames = match (profile.flow, profile.multiplanar) {
            (Flow::Capture, false) => CapabilityFlags::VIDEO_CAPTURE,
            (Flow::Capture, true) => CapabilityFlags::VIDEO_CAPTURE_MPLANE,
            (Flow::Output, false) => CapabilityFlags::VIDEO_OUTPUT,
            (Flow::Output, true) => CapabilityFlags::VIDEO_OUTPUT_MPLANE,
            (Flow::MemoryToMemory, false) => CapabilityFlags::VIDEO_M2M,
            (Flow::MemoryToMemory, true) => CapabilityFlags::VIDEO_M2M_MPLANE,
        };
        let mut node =
            profile.node_capabilities | frames | CapabilityFlags::STREAMING | CapabilityFlags::EXT_PIX_FORMAT;
        if profile.read_write {
            node |= CapabilityFlags::READWRITE;
        }
        let mut device = node | profile.other_nodes | CapabilityFlags::DEVICE_CAPS;
        if !kernel.overlays {
            node -= CapabilityFlags::VIDEO_OVERLAY;
            device -= CapabilityFlags::VIDEO_OVERLAY;
        }
        *into = v4l2_capability {
            driver: text(profile.name),
            card: text(profile.card),
            bus_info: text(profile.bus_info),
            version: kernel.version,
            capabilities: device.bits(),
            device_caps: node.bits(),
            reserved: [0; 3],
        };
    }
}
