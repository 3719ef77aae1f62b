//! VIDIOC_ENUM_FRAMESIZES.

use vidbuf::FourCc;
use vidbuf_sim::{Flow, Profile};

use crate::abi::v4l2_frmsizeenum;
use crate::errno::Errno;

use super::{Answer, Call};

/// The largest side that the model accepts, the smallest, and the step between.
pub const RANGE: (u32, u32, u32) = (16, Profile::LARGEST, 2);

const STEPWISE: u32 = 3;

/// Any even size.
pub fn enumerate(call: &mut Call) -> Answer {
    let ask: v4l2_frmsizeenum = call.read()?;
    let profile = call.device().profile();
    if profile.flow == Flow::Output {
        return Err(Errno(libc::ENOTTY));
    }
    if ask.index != 0 || profile.find(false, FourCc(ask.pixel_format)).is_none() {
        return Err(Errno(libc::EINVAL));
    }
    let (least, most, step) = RANGE;
    let size = [least, most, step, least, most, step];
    call.write(&v4l2_frmsizeenum { type_: STEPWISE, size, reserved: [0; 2], ..ask })
}
