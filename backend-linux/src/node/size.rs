//! Which frame sizes a pixel format has.

use vidbuf::FourCc;
use vidbuf::node::{FrameSize, item, items};
use vidbuf_abi::frame::{V4L2_FRMSIZE_TYPE_DISCRETE, v4l2_frmsize_discrete, v4l2_frmsizeenum};

use crate::ioctl::v4l2;
use crate::plain::{plain, zeroed};
use crate::{Device, Errno};

plain!(v4l2_frmsizeenum);

fn from_kernel(answer: &v4l2_frmsizeenum) -> FrameSize {
    if answer.type_ == V4L2_FRMSIZE_TYPE_DISCRETE {
        let v4l2_frmsize_discrete { width, height } = answer.size.discrete();
        return FrameSize::Discrete { width, height };
    }
    let range = answer.size.stepwise();
    FrameSize::range(
        (range.min_width, range.min_height),
        (range.max_width, range.max_height),
        (range.step_width, range.step_height),
    )
}

/// The size number `index`, from what the driver returned. A range has the number 0 and is the only one.
fn size(index: u32, outcome: Result<v4l2_frmsizeenum, Errno>) -> Result<Option<FrameSize>, Errno> {
    let size = item(index, outcome.map(|answer| (answer.index, from_kernel(&answer))))?;
    Ok(size.filter(|size| index == 0 || matches!(size, FrameSize::Discrete { .. })))
}

impl Device {
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
    pub fn size(&self, pixel_format: FourCc, index: u32) -> Result<Option<FrameSize>, Errno> {
        let mut argument = v4l2_frmsizeenum { index, pixel_format: pixel_format.0, ..zeroed() };
        let outcome = v4l2!(self, VIDIOC_ENUM_FRAMESIZES, &mut argument);
        size(index, outcome.map(|()| argument))
    }

    /// All sizes of a pixel format, one after the other ([`size`](Self::size)). An error is the last item. Ends on every driver,
    /// as [`formats`](Self::formats) does.
    pub fn sizes(&self, pixel_format: FourCc) -> impl Iterator<Item = Result<FrameSize, Errno>> + use<'_> {
        items(move |index| self.size(pixel_format, index))
    }
}

#[cfg(test)]
mod tests {
    use super::{Errno, FrameSize, from_kernel, items, size};
    use vidbuf_abi::frame::{
        V4L2_FRMSIZE_TYPE_CONTINUOUS, V4L2_FRMSIZE_TYPE_DISCRETE, V4L2_FRMSIZE_TYPE_STEPWISE, v4l2_frmsize_discrete,
        v4l2_frmsize_stepwise, v4l2_frmsizeenum, v4l2_frmsizeenum_size,
    };

    fn sized(index: u32, type_: u32, first: u32) -> Result<v4l2_frmsizeenum, Errno> {
        let (min_width, min_height) = (first, first);
        let range = v4l2_frmsize_stepwise {
            min_width,
            max_width: first,
            step_width: first,
            min_height,
            max_height: first,
            step_height: first,
        };
        let size = v4l2_frmsizeenum_size::of_stepwise(range);
        Ok(v4l2_frmsizeenum { index, type_, size, ..v4l2_frmsizeenum::default() })
    }

    #[test]
    fn range_of_sizes_has_number_0_only() {
        // Discrete sizes, then the two kinds of range; also numbers that no kernel has.
        for (type_, all) in [(1, 1024), (2, 1), (3, 1), (0, 1), (99, 1)] {
            let list = items(|index| size(index, sized(index, type_, index)));
            assert_eq!(list.count(), all, "type {type_}");
        }
    }

    #[test]
    fn sizes_and_ranges_are_read_where_the_kernel_puts_them() {
        let size = v4l2_frmsizeenum_size::of_discrete(v4l2_frmsize_discrete { width: 640, height: 480 });
        let kernel = v4l2_frmsizeenum { type_: V4L2_FRMSIZE_TYPE_DISCRETE, size, ..v4l2_frmsizeenum::default() };
        assert_eq!(from_kernel(&kernel), FrameSize::Discrete { width: 640, height: 480 });

        for (type_, step, read) in
            [(V4L2_FRMSIZE_TYPE_STEPWISE, (8, 4), (8, 4)), (V4L2_FRMSIZE_TYPE_CONTINUOUS, (0, 0), (1, 1))]
        {
            let range = v4l2_frmsize_stepwise {
                min_width: 16,
                max_width: 1920,
                step_width: step.0,
                min_height: 32,
                max_height: 1080,
                step_height: step.1,
            };
            let size = v4l2_frmsizeenum_size::of_stepwise(range);
            let kernel = v4l2_frmsizeenum { type_, size, ..v4l2_frmsizeenum::default() };
            let range = FrameSize::Stepwise { least: (16, 32), most: (1920, 1080), step: read };
            assert_eq!(from_kernel(&kernel), range);
        }
    }
}
