//! Calls that [`Node::ioctl`](vidbuf_sim::kernel::NodeOf::ioctl) does not make: each is asked for here only after the model has returned
//! ENOTTY. An output node has one output, and a node has a log.

use vidbuf_sim::kernel::File;
use vidbuf_sim::kernel::abi::input::{V4L2_OUTPUT_TYPE_ANALOG, v4l2_output};
use vidbuf_sim::kernel::abi::ioctl::*;
use vidbuf_sim::kernel::abi::value::Value;
use vidbuf_sim::{Errno, Flow};

use crate::device::Device;

/// What it is called.
const NAME: &[u8] = b"Output 0";

/// Makes a call.
///
/// # Errors
///
/// - `ENODEV`: the camera is gone.
/// - `ENOTTY`: there is no such call.
/// - `EINVAL`: there is one output, number 0.
pub fn make(device: &Device, file: File, number: u32, argument: &mut [u8]) -> Result<(), Errno> {
    if device.node.is_gone(file) {
        return Err(Errno::ENODEV);
    }
    let has_output = device.profile().flow == Flow::Output;
    match number {
        VIDIOC_ENUMOUTPUT if has_output => {
            let ask = v4l2_output::read(argument).ok_or(Errno::EFAULT)?;
            let mut output = v4l2_output { type_: V4L2_OUTPUT_TYPE_ANALOG, ..Default::default() };
            output.name.iter_mut().zip(NAME).for_each(|(to, from)| *to = *from);
            if ask.index == 0 { output.write(argument).ok_or(Errno::EFAULT) } else { Err(Errno::EINVAL) }
        }
        VIDIOC_G_OUTPUT if has_output => 0_u32.write(argument).ok_or(Errno::EFAULT),
        VIDIOC_S_OUTPUT if has_output => match u32::read(argument) {
            Some(0) => Ok(()),
            Some(_) => Err(Errno::EINVAL),
            None => Err(Errno::EFAULT),
        },
        // There is no log to write to. uvcvideo has no such call.
        VIDIOC_LOG_STATUS if device.profile().name != "uvcvideo" => Ok(()),
        _ => Err(Errno::ENOTTY),
    }
}
