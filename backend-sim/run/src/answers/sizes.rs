//! VIDIOC_ENUM_FRAMESIZES.

use vidbuf::FourCc;
use vidbuf_sim::kernel::abi::frame::{
    V4L2_FRMSIZE_TYPE_STEPWISE, v4l2_frmsize_stepwise, v4l2_frmsizeenum, v4l2_frmsizeenum_size,
};
use vidbuf_sim::{Errno, Flow, Profile};

use super::{Answer, Call};

/// The largest side that the model accepts, the smallest, and the step between.
pub const RANGE: (u32, u32, u32) = (16, Profile::LARGEST, 2);

/// Any even size.
pub fn enumerate(call: &mut Call) -> Answer {
    let ask: v4l2_frmsizeenum = call.read()?;
    let profile = call.device.profile();
    if profile.flow == Flow::Output {
        return Err(Errno::ENOTTY);
    }
    if ask.index != 0 || profile.find(false, FourCc(ask.pixel_format)).is_none() {
        return Err(Errno::EINVAL);
    }
    let (least, most, step) = RANGE;
    let size = v4l2_frmsizeenum_size::of_stepwise(v4l2_frmsize_stepwise {
        min_width: least,
        max_width: most,
        step_width: step,
        min_height: least,
        max_height: most,
        step_height: step,
    });
    call.write(&v4l2_frmsizeenum { type_: V4L2_FRMSIZE_TYPE_STEPWISE, size, reserved: [0; 2], ..ask })
}
