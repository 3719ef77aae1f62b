//! vivid's controls by which things go wrong.

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::QueueId;

use crate::device::Device;

use super::controls::vivid;

/// A control was set: what that does to the device.
pub fn pressed(device: &mut Device, place: usize, value: i32) {
    let refusal = Some(Errno::EINVAL);
    match device.extras.controls.at(place).id {
        vivid::REQBUFS_ERROR => device.node.inject().queue_setup = refusal,
        vivid::QBUF_ERROR => device.node.inject().buffer_prepare = refusal,
        vivid::STREAMON_ERROR => device.node.inject().start = refusal,
        vivid::DISCONNECT => device.node.unplug(),
        vivid::BUFFER_ERROR => device.flag_frame(),
        vivid::FATAL_ERROR if device.node.is_streaming(QueueId::FIRST) => device.node.fail_queue(QueueId::FIRST),
        vivid::PERCENTAGE_DROPPED => device.drop_frames(value as u32),
        _ => {}
    }
}
