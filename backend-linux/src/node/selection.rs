//! Crop and compose rectangles.

use core::mem::MaybeUninit;

use vidbuf::node::{CropLimits, Rectangle, SelectionFlags, SelectionTarget};
use vidbuf::v4l2::BufferType;
use vidbuf_abi::selection::{v4l2_cropcap, v4l2_rect, v4l2_selection};

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno};

plain!(v4l2_selection);
plain!(v4l2_cropcap);

impl Device {
    /// `ioctl(fd, VIDIOC_G_SELECTION, &selection)`: returns a crop or compose rectangle.
    ///
    /// # Errors
    ///
    /// - EINVAL: the driver has no such rectangle, or no queue of this type.
    /// - ENODATA: not on this input or output. ENOTTY: the driver has none.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-selection.rst`.
    #[doc(alias = "VIDIOC_G_SELECTION")]
    #[doc(alias = "VIDIOC_G_CROP")]
    pub fn selection(&self, buffer_type: BufferType, target: SelectionTarget) -> Result<Rectangle, Errno> {
        let mut room = MaybeUninit::<v4l2_selection>::uninit();
        let kernel = zero_in_place(&mut room);
        (kernel.type_, kernel.target) = (buffer_type as u32, target.0);
        v4l2!(self, VIDIOC_G_SELECTION, kernel)?;
        Ok(super::connectors::rectangle(kernel.r))
    }

    /// `ioctl(fd, VIDIOC_S_SELECTION, &selection)`: sets a crop or compose rectangle and returns it as the driver has adjusted it. The
    /// format may change with it.
    ///
    /// # Errors
    ///
    /// - ERANGE: no rectangle fits `flags`.
    /// - EINVAL: the driver has no such rectangle, cannot set it, or has no queue of this type.
    /// - EBUSY: buffers are allocated, or another file has a higher priority.
    /// - ENODATA: not on this input or output. ENOTTY: the driver has none.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-selection.rst`.
    #[doc(alias = "VIDIOC_S_SELECTION")]
    #[doc(alias = "VIDIOC_S_CROP")]
    pub fn set_selection(
        &self,
        buffer_type: BufferType,
        target: SelectionTarget,
        flags: SelectionFlags,
        rectangle: Rectangle,
    ) -> Result<Rectangle, Errno> {
        let mut room = MaybeUninit::<v4l2_selection>::uninit();
        let kernel = zero_in_place(&mut room);
        (kernel.type_, kernel.target, kernel.flags) = (buffer_type as u32, target.0, flags.bits());
        let Rectangle { left, top, width, height } = rectangle;
        kernel.r = v4l2_rect { left, top, width, height };
        v4l2!(self, VIDIOC_S_SELECTION, kernel)?;
        Ok(super::connectors::rectangle(kernel.r))
    }

    /// `ioctl(fd, VIDIOC_CROPCAP, &limits)`: returns what can be cropped, and the shape of a pixel. The kernel makes the rectangles of
    /// those of [`selection`](Self::selection) where a driver has those only; the shape of a pixel is nowhere else.
    ///
    /// # Errors
    ///
    /// - EINVAL: the driver has no queue of this type.
    /// - ENODATA: not on this input or output. ENOTTY: the driver has none.
    ///
    /// # Kernel
    ///
    /// `vidioc-cropcap.rst`.
    #[doc(alias = "VIDIOC_CROPCAP")]
    pub fn crop_limits(&self, buffer_type: BufferType) -> Result<CropLimits, Errno> {
        let mut room = MaybeUninit::<v4l2_cropcap>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.type_ = buffer_type as u32;
        v4l2!(self, VIDIOC_CROPCAP, kernel)?;
        let aspect = kernel.pixelaspect;
        let (bounds, default) =
            (super::connectors::rectangle(kernel.bounds), super::connectors::rectangle(kernel.defrect));
        Ok(CropLimits::new(bounds, default, (aspect.numerator, aspect.denominator)))
    }
}
