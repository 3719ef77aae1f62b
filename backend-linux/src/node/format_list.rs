//! Which pixel formats a node has.

use bitflags::bitflags;
use vidbuf::FourCc;
use vidbuf::node::Text;
use vidbuf::node::{item, items};
use vidbuf::v4l2::BufferType;
use vidbuf_abi::format::v4l2_fmtdesc;

use crate::ioctl::v4l2;
use crate::plain::{plain, zeroed};
use crate::{Device, Errno};

plain!(v4l2_fmtdesc);

bitflags! {
    /// What a pixel format is like (`V4L2_FMT_FLAG_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct FormatFlags: u32 {
        /// Compressed.
        const COMPRESSED = 0x1;
        /// Converted by software, not made by the device.
        const EMULATED = 0x2;
        const _ = !0;
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for FormatFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "FormatFlags({=u32:#x})", self.bits());
    }
}

/// One pixel format that a device offers ([`Device::formats`](crate::Device::formats)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct FormatDescription {
    /// Which pixel format.
    pub pixel_format: FourCc,
    /// What it is like.
    pub flags: FormatFlags,
    /// Its name, for people.
    pub description: Text<32>,
}

impl FormatDescription {
    pub(crate) fn from_kernel(answer: &v4l2_fmtdesc) -> Self {
        Self {
            pixel_format: FourCc(answer.pixelformat),
            flags: FormatFlags::from_bits_retain(answer.flags),
            description: Text::new(answer.description),
        }
    }
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
        item(index, outcome.map(|()| (argument.index, FormatDescription::from_kernel(&argument))))
    }

    /// All pixel formats, one after the other ([`format_description`](Self::format_description)). An error is the last item.
    ///
    /// Ends on every driver: a format that repeats the one before is left out, and numbers from 1024 on are not asked for.
    pub fn formats(&self, buffer_type: BufferType) -> impl Iterator<Item = Result<FormatDescription, Errno>> + use<'_> {
        items(move |index| self.format_description(buffer_type, index))
    }
}
