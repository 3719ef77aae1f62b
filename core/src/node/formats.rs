//! What frames a node has, and setting one of them.

use super::{Format, FormatDescription, FrameInterval, FrameSize, ListIntervals, list};
use crate::error::Errno;
use crate::v4l2::{BufferType, FourCc};

/// A node whose pictures have a format, a size and a rate that can be asked for.
///
/// Implemented by `vidbuf_linux::Device` and by the simulator's `SimFile`, so that what chooses a format runs without a camera.
/// Setting takes `&mut self`: a [`Queue`](crate::Queue) gives that out only while no buffer is allocated.
///
/// ```
/// use vidbuf::node::{Format, Formats};
/// use vidbuf::v4l2::BufferType;
/// use vidbuf::{Errno, FourCc};
///
/// /// Sets VGA, and returns what the driver makes of it.
/// fn set_up(camera: &mut impl Formats) -> Result<Format, Errno> {
///     camera.set_format(BufferType::VideoCapture, &Format::new(640, 480, FourCc::YUYV))
/// }
/// ```
pub trait Formats: ListIntervals {
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
    fn format(&self, buffer_type: BufferType) -> Result<Format, Errno>;

    /// `ioctl(fd, VIDIOC_TRY_FMT, &format)`: returns the format that [`set_format`](Self::set_format) would set. Changes nothing.
    ///
    /// # Errors
    ///
    /// - EINVAL: the node has no queue of this type (or, few drivers, not this pixel format).
    /// - ENOTTY: the driver cannot try.
    /// - EIO, EPIPE, ETIMEDOUT: a USB camera, whose device is asked, does not reply.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_TRY_FMT")]
    fn try_format(&self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno>;

    /// `ioctl(fd, VIDIOC_S_FMT, &format)`: sets the format and returns the one that is in use now.
    ///
    /// Drivers adjust what they cannot do, the pixel format included; compare before relying on it. USB cameras go back to the
    /// frame interval of the format: set the interval afterwards.
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
    fn set_format(&mut self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno>;

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
    fn format_description(&self, buffer_type: BufferType, index: u32) -> Result<Option<FormatDescription>, Errno>;

    /// `ioctl(fd, VIDIOC_ENUM_FRAMESIZES, &size)`: the size number `index` of a pixel format, counted from 0; `None` after
    /// the last (EINVAL, or a size of another number than `index`). A range of sizes has the number 0 and is the only one.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver does not list sizes.
    ///
    /// # Kernel
    ///
    /// `vidioc-enum-framesizes.rst`.
    #[doc(alias = "VIDIOC_ENUM_FRAMESIZES")]
    fn size(&self, pixel_format: FourCc, index: u32) -> Result<Option<FrameSize>, Errno>;

    /// `ioctl(fd, VIDIOC_G_PARM, &parameters)`: returns how long a frame takes. Some drivers return 0/0 or the like:
    /// [`FrameInterval::duration`] is `None` then.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no frame interval. Raw sensors have a blanking time instead (`V4L2_CID_VBLANK`).
    /// - EINVAL: the node has no queue of this type.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-parm.rst`.
    #[doc(alias = "VIDIOC_G_PARM")]
    fn frame_interval(&self, buffer_type: BufferType) -> Result<FrameInterval, Errno>;

    /// `ioctl(fd, VIDIOC_S_PARM, &parameters)`: sets a frame interval and returns the nearest, now in use.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver cannot change it here.
    /// - EBUSY: the driver cannot change it now.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-parm.rst`.
    #[doc(alias = "VIDIOC_S_PARM")]
    fn set_frame_interval(&mut self, buffer_type: BufferType, interval: FrameInterval) -> Result<FrameInterval, Errno>;

    /// All pixel formats, one after the other ([`format_description`](Self::format_description)). An error is the last item.
    ///
    /// Ends on every driver: a format that repeats the one before is left out, and numbers from 1024 on are not asked for.
    fn formats(&self, buffer_type: BufferType) -> impl Iterator<Item = Result<FormatDescription, Errno>> {
        list::items(move |index| self.format_description(buffer_type, index))
    }

    /// All sizes of a pixel format, one after the other ([`size`](Self::size)). An error is the last item. Ends on every driver,
    /// as [`formats`](Self::formats) does.
    fn sizes(&self, pixel_format: FourCc) -> impl Iterator<Item = Result<FrameSize, Errno>> {
        list::items(move |index| {
            let size = self.size(pixel_format, index)?;
            Ok(size.filter(|size| index == 0 || matches!(size, FrameSize::Discrete { .. })))
        })
    }
}
