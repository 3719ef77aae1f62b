//! VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT, VIDIOC_DQEVENT.

use vidbuf_sim::kernel::abi::event::v4l2_event_subscription;

use crate::world::sleep;
use vidbuf_sim::Errno;

use super::{Answer, Call};

/// VIDIOC_SUBSCRIBE_EVENT.
pub fn subscribe(call: &mut Call) -> Answer {
    let ask: v4l2_event_subscription = call.read()?;
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
    call.device().events.unsubscribe(file, &ask);
    Ok(0)
}

/// VIDIOC_DQEVENT.
pub fn dequeue(call: &mut Call) -> Answer {
    let file = call.file;
    loop {
        let device = call.device();
        if let Some(event) = device.events.dequeue(file) {
            return call.write(&event);
        }
        if device.node.is_nonblocking(file)? {
            return Err(Errno::ENOENT);
        }
        sleep(call.world, None)?;
    }
}
