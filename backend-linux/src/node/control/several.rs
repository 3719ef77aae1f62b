//! Several controls in one call.
//!
//! # Safety
//!
//! The kernel is given an array, and in it pointers to the program's memory.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use rustix::fd::AsFd as _;
use rustix::ioctl::Opcode;
use vidbuf::node::{ControlPayload, ControlValue, ControlsCall, ControlsError, MOST_CONTROLS, Which};
use vidbuf_abi::control::{
    V4L2_CTRL_WHICH_CUR_VAL, V4L2_CTRL_WHICH_DEF_VAL, V4L2_CTRL_WHICH_MAX_VAL, V4L2_CTRL_WHICH_MIN_VAL,
    v4l2_ext_control, v4l2_ext_controls,
};

use crate::ioctl::update;
use crate::plain::{plain_with_pointers, zeroed};
use crate::{Device, Errno};

plain_with_pointers!(v4l2_ext_control);
plain_with_pointers!(v4l2_ext_controls);

const GET: Opcode = vidbuf_abi::ioctl::VIDIOC_G_EXT_CTRLS as Opcode;
const SET: Opcode = vidbuf_abi::ioctl::VIDIOC_S_EXT_CTRLS as Opcode;
const TRY: Opcode = vidbuf_abi::ioctl::VIDIOC_TRY_EXT_CTRLS as Opcode;

/// VIDIOC_G_EXT_CTRLS, VIDIOC_S_EXT_CTRLS or VIDIOC_TRY_EXT_CTRLS.
pub(super) fn call(device: &Device, call: ControlsCall, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
    let count = values.len();
    let refused = |errno, error_idx| Err(ControlsError::new(call, errno, error_idx, count));
    let which = match call {
        ControlsCall::Set | ControlsCall::Try | ControlsCall::Get(Which::Current) => V4L2_CTRL_WHICH_CUR_VAL,
        ControlsCall::Get(Which::Default) => V4L2_CTRL_WHICH_DEF_VAL,
        ControlsCall::Get(Which::Minimum) => V4L2_CTRL_WHICH_MIN_VAL,
        ControlsCall::Get(Which::Maximum) => V4L2_CTRL_WHICH_MAX_VAL,
        _ => return refused(Errno::EINVAL, u32::MAX),
    };
    if count > MOST_CONTROLS {
        return refused(Errno::EINVAL, u32::MAX);
    }
    let mut room = [const { MaybeUninit::<v4l2_ext_control>::uninit() }; MOST_CONTROLS];
    for (element, value) in room.iter_mut().zip(&mut *values) {
        element.write(given(value));
    }
    let mut argument: v4l2_ext_controls = zeroed();
    (argument.which, argument.count) = (which, count as u32);
    // A kernel that does not get so far as to write it has looked at none of them.
    argument.error_idx = argument.count;
    argument.controls = room.as_mut_ptr().expose_provenance();
    // SAFETY: the numbers are of calls that read and write one `v4l2_ext_controls`, the array of `count` elements that it points to, all
    // written above and borrowed here, and of each element the `size` bytes that it points to: the room of a value, borrowed by it;
    // 0 of a number, of which the kernel follows no pointer (`prepare_ext_ctrls`: a size that is too small is refused).
    let outcome = unsafe {
        match call {
            ControlsCall::Set => update::<SET, _>(device.as_fd(), &mut argument),
            ControlsCall::Try => update::<TRY, _>(device.as_fd(), &mut argument),
            _ => update::<GET, _>(device.as_fd(), &mut argument),
        }
    };
    for (element, value) in room.iter().zip(values) {
        // SAFETY: written above, for as many as there are values; any bytes that the kernel has written are a value of the type.
        take(unsafe { element.assume_init_ref() }, value);
    }
    outcome.or_else(|errno| refused(errno, argument.error_idx))
}

/// A value as the kernel takes it. The halves of the union that a number or an address does not fill are zero.
fn given(value: &mut ControlValue<'_>) -> v4l2_ext_control {
    let mut element: v4l2_ext_control = zeroed();
    element.id = value.id().0;
    match value.payload_mut() {
        ControlPayload::Integer(number) => element.value.set_value(*number),
        ControlPayload::Integer64(number) => element.value.set_value64(*number),
        ControlPayload::Bytes { room, size } => {
            *size = u32::try_from(room.len()).unwrap_or(u32::MAX);
            element.size = *size;
            element.value.set_ptr(room.as_mut_ptr().expose_provenance());
        }
        _ => {}
    }
    element
}

/// What the kernel has made of it. It copies the elements back also where it fails.
fn take(element: &v4l2_ext_control, value: &mut ControlValue<'_>) {
    match value.payload_mut() {
        ControlPayload::Integer(number) => *number = element.value.value(),
        ControlPayload::Integer64(number) => *number = element.value.value64(),
        ControlPayload::Bytes { size, .. } => *size = element.size,
        _ => {}
    }
}
