//! Pixel formats: one plain type for single- and multi-planar queues.

use core::mem::MaybeUninit;

use vidbuf::FourCc;
use vidbuf::backend::MAX_PLANES;
use vidbuf::v4l2::{BufferType, Field};
use vidbuf_abi::format::{
    V4L2_PIX_FMT_PRIV_MAGIC, v4l2_format, v4l2_pix_format, v4l2_pix_format_mplane, v4l2_plane_pix_format,
};

use crate::ioctl::v4l2;
use crate::plain::{member, member_mut, zero_in_place};
use crate::{Device, Errno};

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
/// Start from what the device has ([`Device::format`](crate::Device::format)), or from [`Format::new`]; then read what
/// [`Device::set_format`](crate::Device::set_format) returns, because drivers adjust a format instead of failing.
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
    /// `enum v4l2_colorspace`; set by the driver on capture queues.
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

    /// Fills a kernel structure of zeroes.
    pub(crate) fn write_to(&self, buffer_type: BufferType, kernel: &mut v4l2_format) {
        kernel.type_ = buffer_type as u32;
        if buffer_type.is_multiplanar() {
            self.write_mplane(member_mut(&mut kernel.fmt));
        } else {
            self.write_single(member_mut(&mut kernel.fmt));
        }
    }

    fn write_single(&self, pix: &mut v4l2_pix_format) {
        let [first, ..] = self.planes;
        pix.width = self.width;
        pix.height = self.height;
        pix.pixelformat = self.pixel_format.0;
        pix.field = self.field.0;
        pix.bytesperline = first.bytesperline;
        pix.sizeimage = first.sizeimage;
        pix.colorspace = self.colorspace;
        pix.priv_ = V4L2_PIX_FMT_PRIV_MAGIC;
        pix.flags = self.flags;
        pix.ycbcr_enc = self.ycbcr_encoding;
        pix.quantization = self.quantization;
        pix.xfer_func = self.transfer_function;
    }

    fn write_mplane(&self, pix: &mut v4l2_pix_format_mplane) {
        pix.width = self.width;
        pix.height = self.height;
        pix.pixelformat = self.pixel_format.0;
        pix.field = self.field.0;
        pix.colorspace = self.colorspace;
        for (theirs, ours) in pix.plane_fmt.iter_mut().zip(self.used_planes()) {
            theirs.bytesperline = ours.bytesperline;
            theirs.sizeimage = ours.sizeimage;
        }
        pix.num_planes = self.num_planes.min(MAX_PLANES as u32) as u8;
        pix.flags = self.flags as u8;
        pix.ycbcr_enc = self.ycbcr_encoding as u8;
        pix.quantization = self.quantization as u8;
        pix.xfer_func = self.transfer_function as u8;
    }

    /// Reads a kernel structure.
    pub(crate) fn read_from(buffer_type: BufferType, kernel: &v4l2_format) -> Self {
        if buffer_type.is_multiplanar() {
            Self::read_mplane(member(&kernel.fmt))
        } else {
            Self::read_single(member(&kernel.fmt))
        }
    }

    fn read_single(pix: &v4l2_pix_format) -> Self {
        let mut format = Self::new(pix.width, pix.height, FourCc(pix.pixelformat));
        let [first, ..] = &mut format.planes;
        *first = PlaneFormat { bytesperline: pix.bytesperline, sizeimage: pix.sizeimage };
        format.field = Field(pix.field);
        format.colorspace = pix.colorspace;
        // Without it, flags, encoding, quantization and transfer function are not valid.
        if pix.priv_ == V4L2_PIX_FMT_PRIV_MAGIC {
            format.flags = pix.flags;
            format.ycbcr_encoding = pix.ycbcr_enc;
            format.quantization = pix.quantization;
            format.transfer_function = pix.xfer_func;
        }
        format
    }

    fn read_mplane(pix: &v4l2_pix_format_mplane) -> Self {
        let mut format = Self::new(pix.width, pix.height, FourCc(pix.pixelformat));
        format.field = Field(pix.field);
        format.num_planes = u32::from(pix.num_planes).min(MAX_PLANES as u32);
        for (ours, theirs) in format.planes.iter_mut().zip(&pix.plane_fmt).take(format.num_planes as usize) {
            let v4l2_plane_pix_format { bytesperline, sizeimage, .. } = *theirs;
            *ours = PlaneFormat { bytesperline, sizeimage };
        }
        format.colorspace = pix.colorspace;
        format.flags = pix.flags.into();
        format.ycbcr_encoding = pix.ycbcr_enc.into();
        format.quantization = pix.quantization.into();
        format.transfer_function = pix.xfer_func.into();
        format
    }
}

impl Device {
    /// `ioctl(fd, VIDIOC_G_FMT, &format)`: returns the format in use.
    ///
    /// # Errors
    ///
    /// - EINVAL: the node has no queue of this type (ENOTTY from a few drivers), or no format yet: v4l2loopback has none until a
    ///   producer has set one.
    /// - ENOTTY: not a V4L2 device.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_G_FMT")]
    pub fn format(&self, buffer_type: BufferType) -> Result<Format, Errno> {
        let mut room = MaybeUninit::<v4l2_format>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.type_ = buffer_type as u32;
        v4l2!(self, VIDIOC_G_FMT, kernel)?;
        Ok(Format::read_from(buffer_type, kernel))
    }

    /// `ioctl(fd, VIDIOC_TRY_FMT, &format)`: returns the format that [`set_format`](Self::set_format) would set. Changes nothing.
    ///
    /// # Errors
    ///
    /// - EINVAL: the node has no queue of this type (or, few drivers, not this pixel format).
    /// - ENOTTY: the driver cannot try.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_TRY_FMT")]
    pub fn try_format(&self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        let mut room = MaybeUninit::<v4l2_format>::uninit();
        let kernel = zero_in_place(&mut room);
        format.write_to(buffer_type, kernel);
        v4l2!(self, VIDIOC_TRY_FMT, kernel)?;
        Ok(Format::read_from(buffer_type, kernel))
    }

    /// `ioctl(fd, VIDIOC_S_FMT, &format)`: sets the format and returns the one that is in use now.
    ///
    /// Drivers adjust what they cannot do, the pixel format included; compare before relying on it.
    ///
    /// # Errors
    ///
    /// - EBUSY: another program, or another handle, has buffers of this device.
    /// - EINVAL: the node has no queue of this type.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_S_FMT")]
    pub fn set_format(&mut self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        let mut room = MaybeUninit::<v4l2_format>::uninit();
        let kernel = zero_in_place(&mut room);
        format.write_to(buffer_type, kernel);
        v4l2!(self, VIDIOC_S_FMT, kernel)?;
        Ok(Format::read_from(buffer_type, kernel))
    }
}

#[cfg(test)]
mod tests {
    use super::{BufferType, Field, Format, FourCc, PlaneFormat};
    use vidbuf_abi::format::v4l2_format;

    fn full(num_planes: u32) -> Format {
        let mut format = Format::new(641, 481, FourCc::NV12M);
        format.field = Field::INTERLACED;
        format.num_planes = num_planes;
        for (number, plane) in (1..=num_planes).zip(&mut format.planes) {
            *plane = PlaneFormat { bytesperline: 700 + number, sizeimage: 400_000 + number };
        }
        (format.colorspace, format.flags, format.ycbcr_encoding) = (8, 1, 2);
        (format.quantization, format.transfer_function) = (1, 7);
        format
    }

    #[test]
    fn single_planar_round_trip_keeps_every_field() {
        for buffer_type in [BufferType::VideoCapture, BufferType::VideoOutput] {
            let mut kernel = v4l2_format::default();
            full(1).write_to(buffer_type, &mut kernel);
            assert_eq!(kernel.type_, buffer_type as u32);
            assert_eq!(Format::read_from(buffer_type, &kernel), full(1));
        }
    }

    #[test]
    fn multi_planar_round_trip_keeps_every_field_of_every_plane() {
        for planes in 1..=8 {
            let mut kernel = v4l2_format::default();
            full(planes).write_to(BufferType::VideoCaptureMplane, &mut kernel);
            assert_eq!(Format::read_from(BufferType::VideoCaptureMplane, &kernel), full(planes));
        }
    }

    #[test]
    fn more_planes_than_possible_are_cut_in_both_directions() {
        let mut kernel = v4l2_format::default();
        let mut format = full(8);
        format.num_planes = 300;
        format.write_to(BufferType::VideoCaptureMplane, &mut kernel);
        let mut pix = kernel.fmt.pix_mp();
        pix.num_planes = 200;
        kernel.fmt.set_pix_mp(pix);
        assert_eq!(Format::read_from(BufferType::VideoCaptureMplane, &kernel), full(8));
        assert_eq!(format.used_planes().len(), 8);
    }

    #[test]
    fn total_size_does_not_wrap() {
        let mut format = full(2);
        format.planes[0].sizeimage = u32::MAX;
        format.planes[1].sizeimage = 1;
        assert_eq!(format.total_size(), 1 << 32);
    }

    #[test]
    fn format_stays_small_enough_to_be_copied_without_a_call() {
        assert!(size_of::<Format>() <= 128, "{}", size_of::<Format>());
    }
}
