//! VIDIOC_ENUM_FRAMEINTERVALS.

use vidbuf::{Errno, FourCc};
use vidbuf_abi::frame::{V4L2_FRMIVAL_TYPE_DISCRETE, v4l2_fract, v4l2_frmivalenum, v4l2_frmivalenum_interval};

use super::super::NodeOf;
use super::super::room::Rooms;
use crate::profile::{Flow, Profile};

/// Whether a driver has this call: cameras that list intervals.
pub(super) fn exists(profile: &Profile) -> bool {
    profile.flow == Flow::Capture && !profile.intervals.is_empty()
}

impl<R: Rooms> NodeOf<R> {
    /// The interval of this number, of a format and exactly a size that the driver has.
    pub(super) fn enumerate_interval(&self, ask: &mut v4l2_frmivalenum) -> Result<(), Errno> {
        let profile = &self.driver.profile;
        if !self.has_size(FourCc(ask.pixel_format), ask.width, ask.height) {
            return Err(Errno::EINVAL);
        }
        let interval = profile.intervals.get(ask.index as usize).ok_or(Errno::EINVAL)?;
        let discrete = v4l2_fract { numerator: interval.numerator, denominator: interval.denominator };
        ask.interval = v4l2_frmivalenum_interval::of_discrete(discrete);
        (ask.type_, ask.reserved) = (V4L2_FRMIVAL_TYPE_DISCRETE, [0; 2]);
        Ok(())
    }
}
