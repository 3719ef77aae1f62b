//! VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT, VIDIOC_DQEVENT.

use vidbuf_sim::kernel::abi::event::{V4L2_EVENT_CTRL, V4L2_EVENT_EOS, v4l2_event_subscription};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQEVENT, VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT};

use crate::world::sleep;
use vidbuf_sim::Errno;

use super::{Answer, Call, model};

/// VIDIOC_SUBSCRIBE_EVENT. Events of sources and frames are the model's, on nodes that have a source.
pub fn subscribe(call: &mut Call) -> Answer {
    let ask: v4l2_event_subscription = call.read()?;
    if !matches!(ask.type_, V4L2_EVENT_CTRL | V4L2_EVENT_EOS) && call.device().has_signals() {
        return model::make(call, VIDIOC_SUBSCRIBE_EVENT);
    }
    let file = call.file;
    let device = call.device();
    device.events.subscribe(file, &ask, &device.controls)?;
    call.changed();
    Ok(0)
}

/// VIDIOC_UNSUBSCRIBE_EVENT.
pub fn unsubscribe(call: &mut Call) -> Answer {
    let ask: v4l2_event_subscription = call.read()?;
    let file = call.file;
    let device = call.device();
    device.events.unsubscribe(file, &ask);
    if device.has_signals() { model::make(call, VIDIOC_UNSUBSCRIBE_EVENT) } else { Ok(0) }
}

/// VIDIOC_DQEVENT.
pub fn dequeue(call: &mut Call) -> Answer {
    let file = call.file;
    loop {
        let device = call.device();
        if let Some(event) = device.events.dequeue(file) {
            return call.write(&event);
        }
        if device.has_signals() {
            return model::make(call, VIDIOC_DQEVENT);
        }
        if device.node.is_nonblocking(file)? {
            return Err(Errno::ENOENT);
        }
        sleep(call.world, None)?;
    }
}
