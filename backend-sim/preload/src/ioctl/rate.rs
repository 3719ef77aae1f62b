//! How fast frames come: VIDIOC_G_PARM, VIDIOC_S_PARM, VIDIOC_ENUM_FRAMEINTERVALS.

use core::time::Duration;

use vidbuf::FourCc;
use vidbuf_sim::kernel::QueueId;
use vidbuf_sim::kernel::abi::frame::{
    V4L2_CAP_TIMEPERFRAME, V4L2_FRMIVAL_TYPE_DISCRETE, v4l2_captureparm, v4l2_fract, v4l2_frmivalenum,
    v4l2_frmivalenum_interval, v4l2_streamparm, v4l2_streamparm_parm,
};

use vidbuf_sim::{Errno, Flow};

use super::sizes::RANGE;
use super::{Answer, Call};

/// Frames a second that there are, slowest first; `VIDBUF_SIM_RATE` may be another at first.
const RATES: [u32; 9] = [1, 5, 10, 15, 25, 30, 50, 60, 120];

fn answer(call: &mut Call, type_: u32) -> Answer {
    let device = call.device();
    let interval_ns = device.engine.interval().as_nanos();
    let rate = ((1_000_000_000 + interval_ns / 2) / interval_ns) as u32;
    let capture = v4l2_captureparm {
        capability: V4L2_CAP_TIMEPERFRAME,
        capturemode: 0,
        timeperframe: v4l2_fract { numerator: 1, denominator: rate },
        extendedmode: 0,
        readbuffers: u32::from(device.profile().read_write),
        reserved: [0; 4],
    };
    // An output queue's differs in names only.
    call.write(&v4l2_streamparm { type_, parm: v4l2_streamparm_parm::of_capture(capture) })
}

/// VIDIOC_G_PARM.
pub fn get(call: &mut Call) -> Answer {
    let ask: v4l2_streamparm = call.read()?;
    if call.device().node.buffer_type(QueueId::FIRST) != ask.type_ {
        return Err(Errno::EINVAL);
    }
    answer(call, ask.type_)
}

/// VIDIOC_S_PARM: the nearest rate that there is. No time at all means the fastest.
pub fn set(call: &mut Call) -> Answer {
    let ask: v4l2_streamparm = call.read()?;
    let file = call.file;
    let device = call.device();
    if device.node.buffer_type(QueueId::FIRST) != ask.type_ {
        return Err(Errno::EINVAL);
    }
    // As all calls that change something for everybody: not against another file's priority.
    device.node.may_change(file)?;
    let time = ask.parm.capture().timeperframe;
    let wanted = match (time.numerator, time.denominator) {
        (0, _) | (_, 0) => u64::MAX,
        (numerator, denominator) => u64::from(denominator) * 1000 / u64::from(numerator),
    };
    let distance = |rate: &u32| (u64::from(*rate) * 1000).abs_diff(wanted);
    let rate = RATES.into_iter().min_by_key(distance).unwrap_or(30);
    device.engine.set_interval(Duration::from_nanos(1_000_000_000 / u64::from(rate)));
    call.changed();
    answer(call, ask.type_)
}

/// VIDIOC_ENUM_FRAMEINTERVALS: fastest last, whatever the size.
pub fn enumerate(call: &mut Call) -> Answer {
    let ask: v4l2_frmivalenum = call.read()?;
    let profile = call.device().profile();
    if profile.flow == Flow::Output {
        return Err(Errno::ENOTTY);
    }
    let (least, most, step) = RANGE;
    let fits = |side: u32| (least..=most).contains(&side) && side.is_multiple_of(step);
    let known = profile.find(false, FourCc(ask.pixel_format)).is_some() && fits(ask.width) && fits(ask.height);
    let rate = RATES.get(ask.index as usize).filter(|_| known).ok_or(Errno::EINVAL)?;
    let interval = v4l2_frmivalenum_interval::of_discrete(v4l2_fract { numerator: 1, denominator: *rate });
    call.write(&v4l2_frmivalenum { type_: V4L2_FRMIVAL_TYPE_DISCRETE, interval, reserved: [0; 2], ..ask })
}
