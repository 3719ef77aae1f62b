//! Which standard of analog television an input has.

use vidbuf::node::{StandardDescription, Standards, item, items};
use vidbuf_abi::input::v4l2_standard;

use crate::ioctl::v4l2;
use crate::plain::{plain, zeroed};
use crate::{Device, Errno};

plain!(v4l2_standard);
// A set of standards.
plain!(u64);

impl Device {
    /// `ioctl(fd, VIDIOC_ENUMSTD, &standard)`: the standard number `index` of the input or output in use, counted from 0; `None` after
    /// the last (EINVAL, or a standard of another number than `index`).
    ///
    /// # Errors
    ///
    /// - ENODATA: this input has no standards. ENOTTY: no input has.
    ///
    /// # Kernel
    ///
    /// `vidioc-enumstd.rst`.
    #[doc(alias = "VIDIOC_ENUMSTD")]
    pub fn standard_description(&self, index: u32) -> Result<Option<StandardDescription>, Errno> {
        let mut argument = v4l2_standard { index, ..zeroed() };
        let outcome = v4l2!(self, VIDIOC_ENUMSTD, &mut argument);
        item(index, outcome.map(|()| (argument.index, super::connectors::standard(&argument))))
    }

    /// All standards, one after the other ([`standard_description`](Self::standard_description)). An error is the last item, and the
    /// list ends on every driver.
    pub fn standards(&self) -> impl Iterator<Item = Result<StandardDescription, Errno>> + use<'_> {
        items(move |index| self.standard_description(index))
    }

    /// `ioctl(fd, VIDIOC_G_STD, &standard)`: returns the standard in use; several if they are the same for the driver.
    ///
    /// # Errors
    ///
    /// - ENODATA: this input has no standards. ENOTTY: no input has.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-std.rst`.
    #[doc(alias = "VIDIOC_G_STD")]
    pub fn standard(&self) -> Result<Standards, Errno> {
        let mut bits: u64 = 0;
        v4l2!(self, VIDIOC_G_STD, &mut bits)?;
        Ok(Standards::from_bits_retain(bits))
    }

    /// `ioctl(fd, VIDIOC_S_STD, &standard)`: sets a standard; of several, the driver chooses one. The format may change with it.
    ///
    /// # Errors
    ///
    /// - EINVAL: the input has none of these.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    /// - ENODATA: this input has no standards. ENOTTY: no input has.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-std.rst`.
    #[doc(alias = "VIDIOC_S_STD")]
    pub fn set_standard(&mut self, standards: Standards) -> Result<(), Errno> {
        v4l2!(self, VIDIOC_S_STD, &mut standards.bits())
    }

    /// `ioctl(fd, VIDIOC_QUERYSTD, &standards)`: returns which standards the signal may have; none without a signal.
    ///
    /// # Errors
    ///
    /// - ENODATA: this input has no standards. ENOTTY: the device cannot detect them.
    ///
    /// # Kernel
    ///
    /// `vidioc-querystd.rst`.
    #[doc(alias = "VIDIOC_QUERYSTD")]
    pub fn query_standard(&self) -> Result<Standards, Errno> {
        let mut bits: u64 = 0;
        v4l2!(self, VIDIOC_QUERYSTD, &mut bits)?;
        Ok(Standards::from_bits_retain(bits))
    }
}
