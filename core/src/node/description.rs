//! Which pixel formats a node has.

use bitflags::bitflags;

use super::Text;
use crate::v4l2::FourCc;

bitflags! {
    /// What a pixel format is like (`V4L2_FMT_FLAG_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct FormatFlags: u32 {
        /// Compressed.
        const COMPRESSED = 0x1;
        /// Converted by software, not made by the device.
        const EMULATED = 0x2;
        /// A buffer need not begin at a frame.
        const CONTINUOUS_BYTESTREAM = 0x4;
        /// The size may change within the stream.
        const DYN_RESOLUTION = 0x8;
        /// An encoder takes the frame interval of its capture queue.
        const ENC_CAP_FRAME_INTERVAL = 0x10;
        /// Can be converted to another colour space.
        const CSC_COLORSPACE = 0x20;
        /// Can be converted to another transfer function.
        const CSC_XFER_FUNC = 0x40;
        /// Can be converted to another Y'CbCr (or HSV) encoding.
        const CSC_YCBCR_ENC = 0x80;
        /// Can be converted to another quantization.
        const CSC_QUANTIZATION = 0x100;
        /// Metadata in lines (since Linux 6.10).
        const META_LINE_BASED = 0x200;
        const _ = !0;
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for FormatFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "FormatFlags({=u32:#x})", self.bits());
    }
}

/// One pixel format that a node offers ([`Formats::formats`](super::Formats::formats)).
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
    /// From the fields of `v4l2_fmtdesc`.
    pub const fn new(pixel_format: FourCc, flags: FormatFlags, description: Text<32>) -> Self {
        Self { pixel_format, flags, description }
    }
}
