//! How long a frame takes.

use core::mem::MaybeUninit;
use core::time::Duration;

use vidbuf::v4l2::BufferType;
use vidbuf_abi::frame::{v4l2_captureparm, v4l2_fract, v4l2_streamparm};

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno};

plain!(v4l2_streamparm);

/// Seconds that a frame takes, as a fraction: 1/30 is 30 frames a second.
///
/// Both fields of `v4l2_fract`: a later version adds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameInterval {
    /// Seconds, together with the denominator.
    pub numerator: u32,
    /// Divides the numerator. A driver that does not know the interval returns 0 here, in the numerator, or in both.
    pub denominator: u32,
}

impl FrameInterval {
    /// The interval, rounded down to nanoseconds; `None` if the driver does not know it (a 0 in either number).
    pub const fn duration(self) -> Option<Duration> {
        const NANOSECONDS: u64 = 1_000_000_000;
        // Below 2^62.
        let nanoseconds = self.numerator as u64 * NANOSECONDS;
        match nanoseconds.checked_div(self.denominator as u64) {
            Some(nanoseconds) if self.numerator > 0 => Some(Duration::from_nanos(nanoseconds)),
            _ => None,
        }
    }

    pub(crate) fn from_kernel(kernel: v4l2_fract) -> Self {
        Self { numerator: kernel.numerator, denominator: kernel.denominator }
    }
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
        Ok(FrameInterval::from_kernel(kernel.parm.capture().timeperframe))
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
        Ok(FrameInterval::from_kernel(kernel.parm.capture().timeperframe))
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, FrameInterval};

    #[test]
    fn duration_of_every_fraction_is_a_number_or_unknown() {
        let table = [
            ((1, 30), Some(Duration::from_nanos(33_333_333))),
            ((1001, 30000), Some(Duration::from_nanos(33_366_666))),
            ((u32::MAX, 1), Some(Duration::from_secs(u32::MAX.into()))),
            ((1, u32::MAX), Some(Duration::ZERO)),
            ((0, 0), None),
            ((1, 0), None),
            ((0, 30), None),
        ];
        for ((numerator, denominator), duration) in table {
            assert_eq!(FrameInterval { numerator, denominator }.duration(), duration, "{numerator}/{denominator}");
        }
    }
}
