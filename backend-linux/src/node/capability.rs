//! What a device node is and can do.

use core::mem::MaybeUninit;

use vidbuf::node::{Capabilities, CapabilityFlags, QueryCapabilities, Text};
use vidbuf_abi::capability::v4l2_capability;

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno};

plain!(v4l2_capability);

fn from_kernel(answer: &v4l2_capability) -> Capabilities {
    Capabilities::new(
        Text::new(answer.driver),
        Text::new(answer.card),
        Text::new(answer.bus_info),
        answer.version,
        CapabilityFlags::from_bits_retain(answer.capabilities),
        CapabilityFlags::from_bits_retain(answer.device_caps),
    )
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
        Ok(from_kernel(kernel))
    }
}

impl QueryCapabilities for Device {
    fn capabilities(&self) -> Result<Capabilities, Errno> {
        self.capabilities()
    }
}
