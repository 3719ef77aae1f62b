//! How long a frame takes, and which of these intervals a node has.

use core::mem::MaybeUninit;

use vidbuf::FourCc;
use vidbuf::node::{FrameInterval, FrameIntervals, ListIntervals, item};
use vidbuf::v4l2::BufferType;
use vidbuf_abi::frame::{
    V4L2_FRMIVAL_TYPE_CONTINUOUS, V4L2_FRMIVAL_TYPE_DISCRETE, v4l2_captureparm, v4l2_fract, v4l2_frmivalenum,
    v4l2_streamparm,
};

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place, zeroed};
use crate::{Device, Errno};

plain!(v4l2_streamparm);
plain!(v4l2_frmivalenum);

fn from_kernel(kernel: v4l2_fract) -> FrameInterval {
    FrameInterval { numerator: kernel.numerator, denominator: kernel.denominator }
}

impl Device {
    /// `ioctl(fd, VIDIOC_G_PARM, &parameters)`: returns how long a frame takes. Some drivers return 0/0 or the like:
    /// [`FrameInterval::duration`] is `None` then.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no frame interval.
    /// - EINVAL: the node has no queue of this type.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-parm.rst`.
    #[doc(alias = "VIDIOC_G_PARM")]
    pub fn frame_interval(&self, buffer_type: BufferType) -> Result<FrameInterval, Errno> {
        let mut room = MaybeUninit::<v4l2_streamparm>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.type_ = buffer_type as u32;
        v4l2!(self, VIDIOC_G_PARM, kernel)?;
        Ok(from_kernel(kernel.parm.capture().timeperframe))
    }

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
    pub fn set_frame_interval(
        &mut self,
        buffer_type: BufferType,
        interval: FrameInterval,
    ) -> Result<FrameInterval, Errno> {
        let mut room = MaybeUninit::<v4l2_streamparm>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.type_ = buffer_type as u32;
        let timeperframe = v4l2_fract { numerator: interval.numerator, denominator: interval.denominator };
        // `v4l2_outputparm` has it at the same place.
        kernel.parm.set_capture(v4l2_captureparm { timeperframe, ..v4l2_captureparm::default() });
        v4l2!(self, VIDIOC_S_PARM, kernel)?;
        Ok(from_kernel(kernel.parm.capture().timeperframe))
    }
}

impl ListIntervals for Device {
    fn interval(&self, format: FourCc, width: u32, height: u32, index: u32) -> Result<Option<FrameIntervals>, Errno> {
        let mut argument = v4l2_frmivalenum { index, pixel_format: format.0, width, height, ..zeroed() };
        let outcome = v4l2!(self, VIDIOC_ENUM_FRAMEINTERVALS, &mut argument);
        item(index, outcome.map(|()| (argument.index, listed(&argument))))
    }
}

fn listed(answer: &v4l2_frmivalenum) -> FrameIntervals {
    if answer.type_ == V4L2_FRMIVAL_TYPE_DISCRETE {
        return FrameIntervals::Discrete(from_kernel(answer.interval.discrete()));
    }
    let range = answer.interval.stepwise();
    let is_continuous = answer.type_ == V4L2_FRMIVAL_TYPE_CONTINUOUS;
    FrameIntervals::Range {
        least: from_kernel(range.min),
        most: from_kernel(range.max),
        step: (!is_continuous).then(|| from_kernel(range.step)),
    }
}

#[cfg(test)]
mod tests {
    use super::{FrameInterval, FrameIntervals, listed};
    use vidbuf_abi::frame::{v4l2_fract, v4l2_frmival_stepwise, v4l2_frmivalenum, v4l2_frmivalenum_interval};

    #[test]
    fn intervals_and_ranges_are_read_where_the_kernel_puts_them() {
        let fraction = |denominator| v4l2_fract { numerator: 1, denominator };
        let ours = |denominator| FrameInterval { numerator: 1, denominator };
        let range = v4l2_frmival_stepwise { min: fraction(60), max: fraction(5), step: fraction(100) };
        let interval = v4l2_frmivalenum_interval::of_stepwise(range);
        let of_type = |type_| listed(&v4l2_frmivalenum { type_, interval, ..v4l2_frmivalenum::default() });
        // The first member of the union lies where the discrete one does.
        assert_eq!(of_type(1), FrameIntervals::Discrete(ours(60)));
        assert_eq!(of_type(2), FrameIntervals::Range { least: ours(60), most: ours(5), step: None });
        assert_eq!(of_type(3), FrameIntervals::Range { least: ours(60), most: ours(5), step: Some(ours(100)) });
    }
}
