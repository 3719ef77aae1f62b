//! Which pixel formats a node has.

use vidbuf::FourCc;
use vidbuf::node::{FormatDescription, FormatFlags, Text, item, items};
use vidbuf::v4l2::BufferType;
use vidbuf_abi::format::v4l2_fmtdesc;

use crate::ioctl::v4l2;
use crate::plain::{plain, zeroed};
use crate::{Device, Errno};

plain!(v4l2_fmtdesc);

fn from_kernel(answer: &v4l2_fmtdesc) -> FormatDescription {
    let flags = FormatFlags::from_bits_retain(answer.flags);
    FormatDescription::new(FourCc(answer.pixelformat), flags, Text::new(answer.description))
}

impl Device {
    /// `ioctl(fd, VIDIOC_ENUM_FMT, &description)`: the pixel format number `index`, counted from 0; `None` after the last
    /// (EINVAL, or a format of another number than `index`).
    ///
    /// # Errors
    ///
    /// - ENOTTY: not a V4L2 device.
    ///
    /// # Kernel
    ///
    /// `vidioc-enum-fmt.rst`.
    #[doc(alias = "VIDIOC_ENUM_FMT")]
    pub fn format_description(&self, buffer_type: BufferType, index: u32) -> Result<Option<FormatDescription>, Errno> {
        let mut argument = v4l2_fmtdesc { index, type_: buffer_type as u32, ..zeroed() };
        let outcome = v4l2!(self, VIDIOC_ENUM_FMT, &mut argument);
        item(index, outcome.map(|()| (argument.index, from_kernel(&argument))))
    }

    /// All pixel formats, one after the other ([`format_description`](Self::format_description)). An error is the last item.
    ///
    /// Ends on every driver: a format that repeats the one before is left out, and numbers from 1024 on are not asked for.
    pub fn formats(&self, buffer_type: BufferType) -> impl Iterator<Item = Result<FormatDescription, Errno>> + use<'_> {
        items(move |index| self.format_description(buffer_type, index))
    }
}
