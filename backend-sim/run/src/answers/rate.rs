//! How fast frames come: VIDIOC_G_PARM, VIDIOC_S_PARM. The model has VIDIOC_ENUM_FRAMEINTERVALS.

use core::time::Duration;

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::QueueId;
use vidbuf_sim::kernel::abi::frame::{
    V4L2_CAP_TIMEPERFRAME, v4l2_captureparm, v4l2_fract, v4l2_streamparm, v4l2_streamparm_parm,
};

use super::{Answer, Call};

/// An interval in nanoseconds.
fn nanoseconds(time: v4l2_fract) -> Option<u64> {
    match (time.numerator, time.denominator) {
        (0, _) | (_, 0) => None,
        (numerator, denominator) => Some(1_000_000_000 * u64::from(numerator) / u64::from(denominator)),
    }
}

fn answer(call: &mut Call, type_: u32) -> Answer {
    let interval_ns = call.device.engine.interval().as_nanos() as u64;
    let listed = call
        .device
        .profile()
        .intervals
        .iter()
        .map(|interval| v4l2_fract { numerator: interval.numerator, denominator: interval.denominator });
    // What is in the list is reported as it is there.
    let mut listed = listed.filter(|listed| nanoseconds(*listed) == Some(interval_ns));
    let rate = (1_000_000_000 + interval_ns / 2) / interval_ns;
    let timeperframe = listed.next().unwrap_or(v4l2_fract { numerator: 1, denominator: rate as u32 });
    let capture = v4l2_captureparm {
        capability: V4L2_CAP_TIMEPERFRAME,
        capturemode: 0,
        timeperframe,
        extendedmode: 0,
        readbuffers: u32::from(call.device.profile().read_write),
        reserved: [0; 4],
    };
    // An output queue's differs in names only.
    call.write(&v4l2_streamparm { type_, parm: v4l2_streamparm_parm::of_capture(capture) })
}

/// VIDIOC_G_PARM.
pub fn get(call: &mut Call) -> Answer {
    let ask: v4l2_streamparm = call.read()?;
    if call.device.node.buffer_type(QueueId::FIRST) != ask.type_ {
        return Err(Errno::EINVAL);
    }
    answer(call, ask.type_)
}

/// VIDIOC_S_PARM: the nearest interval that there is. No time at all means the shortest.
pub fn set(call: &mut Call) -> Answer {
    let ask: v4l2_streamparm = call.read()?;
    let device = &mut *call.device;
    if device.node.buffer_type(QueueId::FIRST) != ask.type_ {
        return Err(Errno::EINVAL);
    }
    // As all calls that change something for everybody: not against another file's priority.
    device.node.may_change(call.file)?;
    let wanted = nanoseconds(ask.parm.capture().timeperframe).unwrap_or(0);
    let listed = device.profile().intervals.iter().filter_map(|interval| {
        nanoseconds(v4l2_fract { numerator: interval.numerator, denominator: interval.denominator })
    });
    if let Some(nearest) = listed.min_by_key(|listed| listed.abs_diff(wanted)) {
        device.engine.set_interval(Duration::from_nanos(nearest));
    }
    answer(call, ask.type_)
}
