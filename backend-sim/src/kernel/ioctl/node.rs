//! Calls that ask what the driver has, and change nothing. Adding one is a row and a function.

use vidbuf::{Errno, FourCc};
use vidbuf_abi::frame::{V4L2_FRMIVAL_TYPE_DISCRETE, v4l2_fract, v4l2_frmivalenum, v4l2_frmivalenum_interval};
use vidbuf_abi::ioctl::VIDIOC_ENUM_FRAMEINTERVALS;

use super::super::NodeOf;
use super::super::room::Rooms;
use super::on_copy;
use crate::profile::Flow;

impl<R: Rooms> NodeOf<R> {
    /// The calls that are not about buffers. ENOTTY for what the driver has not.
    pub(super) fn node_ioctl(&mut self, _file: usize, number: u32, argument: &mut [u8]) -> Result<(), Errno> {
        let profile = &self.driver.profile;
        match number {
            VIDIOC_ENUM_FRAMEINTERVALS if profile.flow == Flow::Capture && !profile.intervals.is_empty() => {
                on_copy(argument, |ask| self.enumerate_interval(ask))
            }
            _ => Err(Errno::ENOTTY),
        }
    }

    /// The interval of this number, of a format and exactly a size that the driver has.
    fn enumerate_interval(&self, ask: &mut v4l2_frmivalenum) -> Result<(), Errno> {
        if !self.has_size(FourCc(ask.pixel_format), ask.width, ask.height) {
            return Err(Errno::EINVAL);
        }
        let interval = self.driver.profile.intervals.get(ask.index as usize).ok_or(Errno::EINVAL)?;
        let discrete = v4l2_fract { numerator: interval.numerator, denominator: interval.denominator };
        ask.interval = v4l2_frmivalenum_interval::of_discrete(discrete);
        (ask.type_, ask.reserved) = (V4L2_FRMIVAL_TYPE_DISCRETE, [0; 2]);
        Ok(())
    }
}
