//! Whose calls count when several programs have a node open.

use vidbuf::node::Priority;

use crate::ioctl::v4l2;
use crate::plain::plain;
use crate::{Device, Errno};

plain!(u32);

impl Device {
    /// `ioctl(fd, VIDIOC_G_PRIORITY, &priority)`: returns the highest priority of all open files of the node, not that of this one.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no priorities.
    /// - EINVAL: a number that is not known here.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-priority.rst`.
    #[doc(alias = "VIDIOC_G_PRIORITY")]
    pub fn priority(&self) -> Result<Priority, Errno> {
        let mut number: u32 = 0;
        v4l2!(self, VIDIOC_G_PRIORITY, &mut number)?;
        Priority::from_raw(number).ok_or(Errno::EINVAL)
    }

    /// `ioctl(fd, VIDIOC_S_PRIORITY, &priority)`: sets the priority of this open file.
    ///
    /// # Errors
    ///
    /// - EBUSY: another file has a higher priority than this one, so that it cannot change anything, its own priority included.
    /// - ENOTTY: the driver has no priorities.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-priority.rst`.
    #[doc(alias = "VIDIOC_S_PRIORITY")]
    pub fn set_priority(&self, priority: Priority) -> Result<(), Errno> {
        v4l2!(self, VIDIOC_S_PRIORITY, &mut (priority as u32))
    }
}
