//! VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT, VIDIOC_DQEVENT.

use vidbuf_sim::kernel::abi::event::v4l2_event_subscription;

use super::{Answer, Call, Outcome};

/// VIDIOC_SUBSCRIBE_EVENT.
pub fn subscribe(call: &mut Call) -> Answer {
    let ask: v4l2_event_subscription = call.read()?;
    let extras = &mut call.device.extras;
    extras.events.subscribe(call.file, &ask, &extras.controls)?;
    Ok(Outcome::Done)
}

/// VIDIOC_UNSUBSCRIBE_EVENT.
pub fn unsubscribe(call: &mut Call) -> Answer {
    let ask: v4l2_event_subscription = call.read()?;
    call.device.extras.events.unsubscribe(call.file, &ask);
    Ok(Outcome::Done)
}

/// VIDIOC_DQEVENT.
pub fn dequeue(call: &mut Call) -> Answer {
    match call.device.extras.events.dequeue(call.file) {
        Some(event) => call.write(&event),
        None => Ok(Outcome::WouldSleep),
    }
}
