//! Pixel formats and how many bytes they take, computed as the vivid driver does.

mod vivid;

use vidbuf::FourCc;
use vidbuf::backend::MAX_PLANES;
use vidbuf::node::FormatFlags;

/// How a pixel format lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PixelFormat {
    /// The four characters.
    pub fourcc: FourCc,
    /// Memory planes: buffers of their own.
    pub memory_planes: u8,
    /// Colour planes; those beyond `memory_planes` lie in the last bytes of memory plane 0.
    pub colour_planes: u8,
    /// Bits a pixel of each colour plane, before `vertical`.
    pub bits: [u8; 3],
    /// Lines of the picture for one line of the colour plane.
    pub vertical: [u8; 3],
    /// Bytes before the payload in each memory plane, on multi-planar nodes of drivers that have such.
    pub data_offset: [u32; 3],
    /// The payload's length differs from frame to frame; there are no lines.
    pub compressed: bool,
    /// The kernel's name of it, for people (`VIDIOC_ENUM_FMT`).
    pub description: &'static str,
    /// Which conversions of colours drivers that have some report of it (`V4L2_FMT_FLAG_CSC_*`).
    pub conversions: FormatFlags,
}

/// To other colour spaces, as of every format.
const LUMA: FormatFlags = FormatFlags::CSC_COLORSPACE.union(FormatFlags::CSC_XFER_FUNC);
const RGB: FormatFlags = LUMA.union(FormatFlags::CSC_QUANTIZATION);
const HSV: FormatFlags = LUMA.union(FormatFlags::CSC_YCBCR_ENC);
const YCBCR: FormatFlags = RGB.union(HSV);

impl PixelFormat {
    const fn packed(fourcc: FourCc, bits: u8, description: &'static str, conversions: FormatFlags) -> Self {
        Self {
            fourcc,
            memory_planes: 1,
            colour_planes: 1,
            bits: [bits, 0, 0],
            vertical: [1, 1, 1],
            data_offset: [0; 3],
            compressed: false,
            description,
            conversions,
        }
    }

    /// Packed 4:2:2, with vivid's 128 bytes in front on multi-planar nodes.
    pub const YUYV: Self = Self::packed(FourCc::YUYV, 16, "YUYV 4:2:2", YCBCR).offsets([128, 0, 0]);
    /// Packed 4:2:2 with the colour first, as HDMI receivers have it.
    pub const UYVY: Self = Self::packed(FourCc::UYVY, 16, "UYVY 4:2:2", YCBCR);
    /// 8-bit greyscale.
    pub const GREY: Self = Self::packed(FourCc::GREY, 8, "8-bit Greyscale", LUMA);
    /// 24-bit RGB.
    pub const RGB24: Self = Self::packed(FourCc::RGB24, 24, "24-bit RGB 8-8-8", RGB);
    /// Raw Bayer, 10 bits packed.
    pub const SRGGB10P: Self = Self::packed(FourCc::SRGGB10P, 10, "10-bit Bayer RGRG/GBGB Packed", RGB);
    /// 4:2:0, one memory plane.
    pub const NV12: Self = Self {
        colour_planes: 2,
        bits: [8, 8, 0],
        vertical: [1, 2, 1],
        ..Self::packed(FourCc::NV12, 8, "Y/UV 4:2:0", YCBCR)
    };
    /// 4:2:0, two memory planes; multi-planar nodes only.
    pub const NV12M: Self =
        Self { fourcc: FourCc::NV12M, memory_planes: 2, description: "Y/UV 4:2:0 (N-C)", ..Self::NV12 };
    /// 4:2:2, two memory planes; multi-planar nodes only, with vivid's 128 bytes in front of the first.
    pub const NV16M: Self = Self {
        fourcc: FourCc::NV16M,
        memory_planes: 2,
        vertical: [1, 1, 1],
        data_offset: [128, 0, 0],
        description: "Y/UV 4:2:2 (N-C)",
        ..Self::NV12
    };
    /// 4:2:0, three memory planes; multi-planar nodes only.
    pub const YUV420M: Self = Self {
        fourcc: FourCc::YUV420M,
        memory_planes: 3,
        colour_planes: 3,
        bits: [8, 4, 4],
        vertical: [1, 2, 2],
        description: "Planar YUV 4:2:0 (N-C)",
        ..Self::NV12
    };
    /// Motion JPEG.
    pub const MJPEG: Self = Self { compressed: true, ..Self::packed(FourCc::MJPEG, 16, "Motion-JPEG", LUMA) };
    /// H.264.
    pub const H264: Self = Self { compressed: true, ..Self::packed(FourCc::H264, 12, "H.264", LUMA) };

    /// The same format with other room before the payload.
    #[must_use]
    pub const fn offsets(self, data_offset: [u32; 3]) -> Self {
        Self { data_offset, ..self }
    }
}

/// Bytes of one memory plane (`v4l2_plane_pix_format`).
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PlaneFormat {
    /// Bytes from one line to the next; 0 for compressed formats.
    pub bytesperline: u32,
    /// Bytes of the plane, `data_offset` included.
    pub sizeimage: u32,
    /// Bytes before the payload. Not part of the kernel's structure: drivers do it silently.
    pub data_offset: u32,
}

/// `VIDIOC_G_FMT`: what a queue carries (`v4l2_pix_format` and `v4l2_pix_format_mplane` in one).
///
/// A later version adds no field: it is what a recording keeps of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Format {
    /// Pixels in a line.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// The four characters.
    pub pixelformat: FourCc,
    /// `enum v4l2_field`.
    pub field: u32,
    /// Memory planes.
    pub planes: u32,
    /// One a memory plane.
    pub plane: [PlaneFormat; MAX_PLANES],
}

/// Pixels that a line can have room for: vivid's widest picture, enlarged as far as it goes.
const LINE_PIXELS: u32 = 4 * 4096;

impl Format {
    /// No picture at all.
    pub(crate) const NONE: Self = Self {
        width: 0,
        height: 0,
        pixelformat: FourCc(0),
        field: 0,
        planes: 0,
        plane: [PlaneFormat { bytesperline: 0, sizeimage: 0, data_offset: 0 }; MAX_PLANES],
    };

    /// The planes that there are.
    pub fn planes(&self) -> &[PlaneFormat] {
        self.plane.get(..self.planes as usize).unwrap_or(&self.plane)
    }

    /// Bytes of a buffer, all planes.
    pub fn total(&self) -> u64 {
        self.planes().iter().map(|plane| u64::from(plane.sizeimage)).sum()
    }

    /// The format of a picture of this size. `bytesperline` is what the program wishes for (0: the least), `line` the
    /// driver's line alignment in bytes, `offsets` whether the driver leaves room before the payload.
    pub fn new(
        pixels: &PixelFormat,
        width: u32,
        height: u32,
        bytesperline: [u32; 3],
        line: u32,
        offsets: bool,
    ) -> Self {
        let mut plane = [PlaneFormat::default(); MAX_PLANES];
        let memory_planes = pixels.memory_planes.clamp(1, 3) as usize;
        let down = |index: usize| u32::from(pixels.vertical[index]).max(1);
        for index in 0..memory_planes {
            let bits = u32::from(pixels.bits[index]);
            // Sub-sampled colour planes of their own have lines as long as their bits are; 4:2:0 with separate U and V
            // has half-length lines, which is what 4 bits a pixel mean here.
            let least = (width.saturating_mul(bits) / 8).next_multiple_of(line.max(1));
            let wished = bytesperline[index].checked_next_multiple_of(line.max(1)).unwrap_or(u32::MAX);
            let most = (LINE_PIXELS * bits / 8).max(least);
            let stride = wished.clamp(least, most);
            let offset = if offsets { pixels.data_offset[index] } else { 0 };
            plane[index] = PlaneFormat {
                bytesperline: if pixels.compressed { 0 } else { stride },
                sizeimage: (stride.saturating_mul(height) / down(index)).saturating_add(offset),
                data_offset: offset,
            };
        }
        let first = plane[0].bytesperline.saturating_mul(height);
        for index in memory_planes..usize::from(pixels.colour_planes.min(3)) {
            let bits = u32::from(pixels.bits[index]) / down(index);
            let bits_of_first = (u32::from(pixels.bits[0]) / down(0)).max(1);
            plane[0].sizeimage = plane[0].sizeimage.saturating_add(first.saturating_mul(bits) / bits_of_first);
        }
        Self {
            width,
            height,
            pixelformat: pixels.fourcc,
            field: vidbuf::v4l2::Field::NONE.0,
            planes: memory_planes as u32,
            plane,
        }
    }
}
