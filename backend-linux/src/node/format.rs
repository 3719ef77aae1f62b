//! Formats: G_FMT, TRY_FMT, S_FMT.

use core::mem::MaybeUninit;

use vidbuf::node::Format;
use vidbuf::v4l2::BufferType;
use vidbuf_abi::format::v4l2_format;

use crate::ioctl::v4l2;
use crate::plain::{member, member_mut, zero_in_place};
use crate::{Device, Errno};

/// Fills a kernel structure of zeroes.
fn write_to(format: &Format, buffer_type: BufferType, kernel: &mut v4l2_format) {
    kernel.type_ = buffer_type as u32;
    if buffer_type.is_multiplanar() {
        write_mplane(format, member_mut(&mut kernel.fmt));
    } else {
        write_single(format, member_mut(&mut kernel.fmt));
    }
}

vidbuf_abi::format_conversions!(conversions);
use conversions::{read_mplane, read_single, write_mplane, write_single};

/// Reads a kernel structure.
fn read_from(buffer_type: BufferType, kernel: &v4l2_format) -> Format {
    if buffer_type.is_multiplanar() { read_mplane(member(&kernel.fmt)) } else { read_single(member(&kernel.fmt)) }
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
        Ok(read_from(buffer_type, kernel))
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
        write_to(format, buffer_type, kernel);
        v4l2!(self, VIDIOC_TRY_FMT, kernel)?;
        Ok(read_from(buffer_type, kernel))
    }

    /// `ioctl(fd, VIDIOC_S_FMT, &format)`: sets the format and returns the one that is in use now.
    ///
    /// Drivers adjust what they cannot do, the pixel format included; compare before relying on it.
    ///
    /// # Errors
    ///
    /// - EBUSY: another program, or another handle, has buffers of this device.
    ///   From uvcvideo also: another open file has set a format or a rate, and is not closed yet.
    /// - EINVAL: the node has no queue of this type.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_S_FMT")]
    pub fn set_format(&mut self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        let mut room = MaybeUninit::<v4l2_format>::uninit();
        let kernel = zero_in_place(&mut room);
        write_to(format, buffer_type, kernel);
        v4l2!(self, VIDIOC_S_FMT, kernel)?;
        Ok(read_from(buffer_type, kernel))
    }
}

#[cfg(test)]
mod tests {
    use super::{BufferType, Format, read_from, write_to};
    use vidbuf::FourCc;
    use vidbuf::node::PlaneFormat;
    use vidbuf::v4l2::Field;
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
            write_to(&full(1), buffer_type, &mut kernel);
            assert_eq!(kernel.type_, buffer_type as u32);
            assert_eq!(read_from(buffer_type, &kernel), full(1));
        }
    }

    #[test]
    fn multi_planar_round_trip_keeps_every_field_of_every_plane() {
        for planes in 1..=8 {
            let mut kernel = v4l2_format::default();
            write_to(&full(planes), BufferType::VideoCaptureMplane, &mut kernel);
            assert_eq!(read_from(BufferType::VideoCaptureMplane, &kernel), full(planes));
        }
    }

    #[test]
    fn more_planes_than_possible_are_cut_in_both_directions() {
        let mut kernel = v4l2_format::default();
        let mut format = full(8);
        format.num_planes = 300;
        write_to(&format, BufferType::VideoCaptureMplane, &mut kernel);
        let mut pix = kernel.fmt.pix_mp();
        pix.num_planes = 200;
        kernel.fmt.set_pix_mp(pix);
        assert_eq!(read_from(BufferType::VideoCaptureMplane, &kernel), full(8));
        assert_eq!(format.used_planes().len(), 8);
    }
}
