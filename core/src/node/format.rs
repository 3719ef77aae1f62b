//! Pixel formats: one plain type for single- and multi-planar queues.

use crate::backend::MAX_PLANES;
use crate::v4l2::{Colors, Colorspace, Field, FourCc, Quantization, TransferFunction, YcbcrEncoding};

/// The memory of one plane.
///
/// Both fields of `v4l2_plane_pix_format`: a later version adds none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PlaneFormat {
    /// Bytes from one line to the next, at least the bytes of a line; 0 for compressed formats.
    pub bytesperline: u32,
    /// Bytes that a picture takes at most.
    pub sizeimage: u32,
}

/// What a frame looks like (`v4l2_pix_format` and `v4l2_pix_format_mplane`).
///
/// Start from what the device has ([`Formats::format`](super::Formats::format)), or from [`Format::new`]; then read what
/// [`Formats::set_format`](super::Formats::set_format) returns, because drivers adjust a format instead of failing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Format {
    /// Pixels in a line.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// Which pixel format.
    pub pixel_format: FourCc,
    /// Which lines a buffer holds.
    pub field: Field,
    /// Memory planes: 1 on single-planar queues.
    pub num_planes: u32,
    /// The planes; those from `num_planes` on mean nothing. 0 as a number asks the driver to choose.
    pub planes: [PlaneFormat; MAX_PLANES],
    /// `enum v4l2_colorspace`; set by the driver on capture queues. [`colors`](Self::colors) has what this and the fields below
    /// mean.
    pub colorspace: u32,
    /// `V4L2_PIX_FMT_FLAG_*`.
    pub flags: u32,
    /// `enum v4l2_ycbcr_encoding`, or `v4l2_hsv_encoding`.
    pub ycbcr_encoding: u32,
    /// `enum v4l2_quantization`: full or limited range.
    pub quantization: u32,
    /// `enum v4l2_xfer_func`.
    pub transfer_function: u32,
}

impl Format {
    /// A format to ask for; field order, strides and colours are the driver's choice.
    pub const fn new(width: u32, height: u32, pixel_format: FourCc) -> Self {
        Self {
            width,
            height,
            pixel_format,
            field: Field::ANY,
            num_planes: 1,
            planes: [PlaneFormat { bytesperline: 0, sizeimage: 0 }; MAX_PLANES],
            colorspace: 0,
            flags: 0,
            ycbcr_encoding: 0,
            quantization: 0,
            transfer_function: 0,
        }
    }

    /// The planes there are.
    pub fn used_planes(&self) -> &[PlaneFormat] {
        let used = (self.num_planes as usize).min(MAX_PLANES);
        self.planes.get(..used).unwrap_or_default()
    }

    /// Bytes of all planes together.
    pub fn total_size(&self) -> u64 {
        self.used_planes().iter().map(|plane| u64::from(plane.sizeimage)).sum()
    }

    /// Bytes from one line of the first plane to the next (`bytesperline`), at least the bytes of a line; 0 for compressed
    /// formats.
    pub const fn stride(&self) -> u32 {
        let [first, ..] = self.planes;
        first.bytesperline
    }

    /// What the numbers of a pixel mean, where the driver left something open with the kernel's rule for it.
    ///
    /// ```
    /// use vidbuf::FourCc;
    /// use vidbuf::node::Format;
    /// use vidbuf::v4l2::{Colorspace, Quantization, TransferFunction, YcbcrEncoding};
    ///
    /// let mut webcam = Format::new(640, 480, FourCc::YUYV);
    /// webcam.colorspace = Colorspace::SRGB.0;
    /// let colors = webcam.colors();
    /// assert_eq!((colors.encoding, colors.quantization), (YcbcrEncoding::BT601, Quantization::LIMITED_RANGE));
    /// assert_eq!(colors.transfer_function, TransferFunction::SRGB);
    /// ```
    pub const fn colors(&self) -> Colors {
        let (encoding, transfer) = (YcbcrEncoding(self.ycbcr_encoding), TransferFunction(self.transfer_function));
        let (colorspace, quantization) = (Colorspace(self.colorspace), Quantization(self.quantization));
        Colors::new(self.pixel_format, colorspace, encoding, quantization, transfer)
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, FourCc, PlaneFormat};

    #[test]
    fn total_size_does_not_wrap() {
        let mut format = Format::new(641, 481, FourCc::NV12M);
        format.num_planes = 2;
        format.planes[0] = PlaneFormat { bytesperline: 641, sizeimage: u32::MAX };
        format.planes[1].sizeimage = 1;
        assert_eq!((format.total_size(), format.stride()), (1 << 32, 641));
        format.num_planes = 300;
        assert_eq!(format.used_planes().len(), 8);
    }

    #[test]
    fn format_stays_small_enough_to_be_copied_without_a_call() {
        assert!(size_of::<Format>() <= 128, "{}", size_of::<Format>());
    }
}
