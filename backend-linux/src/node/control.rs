//! Controls by number.

use vidbuf_abi::control::v4l2_control;

use crate::ioctl::v4l2;
use crate::plain::plain;
use crate::{Device, Errno};

plain!(v4l2_control);

impl Device {
    /// `ioctl(fd, VIDIOC_G_CTRL, &control)`: returns a control's value (`V4L2_CID_*`).
    ///
    /// # Errors
    ///
    /// - EINVAL: the device has no such control.
    /// - EACCES: it can only be written.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-ctrl.rst`.
    #[doc(alias = "VIDIOC_G_CTRL")]
    pub fn control(&self, id: u32) -> Result<i32, Errno> {
        let mut control = v4l2_control { id, value: 0 };
        v4l2!(self, VIDIOC_G_CTRL, &mut control)?;
        Ok(control.value)
    }

    /// `ioctl(fd, VIDIOC_S_CTRL, &control)`: sets a control (`V4L2_CID_*`) at any time, also while streaming, and returns the
    /// value it has now. The kernel brings numbers into range.
    ///
    /// # Errors
    ///
    /// - EINVAL: the device has no such control. ERANGE: not an item of its menu.
    /// - EBUSY: not now. EACCES: it can only be read.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-ctrl.rst`.
    #[doc(alias = "VIDIOC_S_CTRL")]
    pub fn set_control(&self, id: u32, value: i32) -> Result<i32, Errno> {
        let mut control = v4l2_control { id, value };
        v4l2!(self, VIDIOC_S_CTRL, &mut control)?;
        Ok(control.value)
    }
}
