//! vivid's controls by which things go wrong, for any camera with `faults=on`.

use vidbuf::node::ControlId;
use vidbuf_sim::kernel::QueueId;
use vidbuf_sim::kernel::abi::control::{v4l2_control, v4l2_ext_control, v4l2_ext_controls};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_S_CTRL, VIDIOC_S_EXT_CTRLS};
use vidbuf_sim::kernel::abi::value::Value;
use vidbuf_sim::{Cable, Errno, SimControl};

use crate::device::Device;
use crate::system::memory::Memory;

/// What arrives at the input in use.
const STANDARD_SIGNAL_MODE: u32 = 0x00f0_f03c;
const TIMINGS_SIGNAL_MODE: u32 = 0x00f0_f03e;
const PERCENTAGE_DROPPED: u32 = 0x00f0_f040;
const DISCONNECT: u32 = 0x00f0_f041;
const BUFFER_ERROR: u32 = 0x00f0_f042;
const REQBUFS_ERROR: u32 = 0x00f0_f043;
const QBUF_ERROR: u32 = 0x00f0_f044;
const STREAMON_ERROR: u32 = 0x00f0_f045;
const FATAL_ERROR: u32 = 0x00f0_f046;

const LIST: &[SimControl] = &[
    SimControl::title(ControlId(0x00f0_0001), "Vivid Controls"),
    SimControl::integer(ControlId(PERCENTAGE_DROPPED), "Percentage of Dropped Buffers", (0, 100), 1, 0),
    SimControl::button(ControlId(DISCONNECT), "Disconnect"),
    SimControl::button(ControlId(BUFFER_ERROR), "Inject V4L2_BUF_FLAG_ERROR"),
    SimControl::button(ControlId(REQBUFS_ERROR), "Inject VIDIOC_REQBUFS Error"),
    SimControl::button(ControlId(QBUF_ERROR), "Inject VIDIOC_QBUF Error"),
    SimControl::button(ControlId(STREAMON_ERROR), "Inject VIDIOC_STREAMON Error"),
    SimControl::button(ControlId(FATAL_ERROR), "Inject Fatal Streaming Error"),
];

/// A driver's controls with these.
pub fn with_buttons(controls: &'static [SimControl]) -> &'static [SimControl] {
    let more = LIST.iter().filter(|button| controls.iter().all(|control| control.id != button.id));
    let mut all: Vec<SimControl> = controls.iter().chain(more).copied().collect();
    all.sort_by_key(|control| control.id);
    // Once, as long as the runner lives.
    all.leak()
}

/// A driver's controls without these, as vivid is with `no_error_inj`: a program that finds them presses them, and expects faults.
pub fn without_buttons(controls: &'static [SimControl]) -> &'static [SimControl] {
    let kept = controls.iter().filter(|control| !(PERCENTAGE_DROPPED..=FATAL_ERROR).contains(&control.id.0));
    kept.copied().collect::<Vec<_>>().leak()
}

/// What a call that set controls does to the camera.
pub fn press(device: &mut Device, number: u32, argument: &[u8], memory: Memory) {
    match number {
        VIDIOC_S_CTRL => {
            let control = v4l2_control::get(argument, 0);
            pressed(device, control.id, control.value);
        }
        VIDIOC_S_EXT_CTRLS => {
            let several = v4l2_ext_controls::get(argument, 0);
            for place in 0..several.count as usize {
                let address = several.controls + place * size_of::<v4l2_ext_control>();
                let Ok(control) = memory.get::<v4l2_ext_control>(address as u64) else { return };
                pressed(device, control.id, { control.value }.value());
            }
        }
        _ => {}
    }
}

fn pressed(device: &mut Device, id: u32, value: i32) {
    let refusal = Some(Errno::EINVAL);
    match id {
        REQBUFS_ERROR => device.node.inject().queue_setup = refusal,
        QBUF_ERROR => device.node.inject().buffer_prepare = refusal,
        STREAMON_ERROR => device.node.inject().start = refusal,
        DISCONNECT => device.node.unplug(),
        BUFFER_ERROR => device.flag_frame(),
        FATAL_ERROR if device.node.is_streaming(QueueId::FIRST) => device.node.fail_queue(QueueId::FIRST),
        PERCENTAGE_DROPPED => device.drop_frames(value as u32),
        STANDARD_SIGNAL_MODE | TIMINGS_SIGNAL_MODE => {
            let cable = match value {
                0 => Cable::AsSet,
                1 => Cable::Out,
                2 => Cable::NoLock,
                3 => Cable::OutOfRange,
                _ => return,
            };
            let input = device.node.input();
            device.node.set_cable(input, cable);
        }
        _ => {}
    }
}
