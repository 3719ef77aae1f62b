//! Calls that [`Node::ioctl`](vidbuf_sim::kernel::NodeOf::ioctl) does not make (yet): each is asked for here only after the model has
//! returned ENOTTY, so a file goes when the model has its calls.

mod capability;
mod formats;
mod rate;
mod sizes;

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::File;
use vidbuf_sim::kernel::abi::ioctl::*;
use vidbuf_sim::kernel::abi::value::Value;

use crate::device::Device;

/// One call.
struct Call<'a> {
    device: &'a mut Device,
    file: File,
    argument: &'a mut [u8],
}

/// How a call went.
type Answer = Result<(), Errno>;

/// Whether the argument is written back even if the call fails.
pub fn always_reports(number: u32) -> bool {
    matches!(number, VIDIOC_G_EXT_CTRLS | VIDIOC_S_EXT_CTRLS | VIDIOC_TRY_EXT_CTRLS)
}

/// Makes a call.
///
/// # Errors
///
/// - `ENOTTY`: there is no such call.
/// - whatever it fails with.
pub fn make(device: &mut Device, file: File, number: u32, argument: &mut [u8]) -> Answer {
    if device.node.is_gone(file) {
        return Err(Errno::ENODEV);
    }
    let call = &mut Call { device, file, argument };
    match number {
        VIDIOC_QUERYCAP => capability::query(call),
        VIDIOC_ENUMINPUT => capability::enumerate_input(call),
        VIDIOC_ENUMOUTPUT => capability::enumerate_output(call),
        VIDIOC_G_INPUT => capability::get_input(call),
        VIDIOC_S_INPUT => capability::set_input(call),
        VIDIOC_G_OUTPUT => capability::get_output(call),
        VIDIOC_S_OUTPUT => capability::set_output(call),
        VIDIOC_ENUM_FMT => formats::enumerate(call),
        VIDIOC_ENUM_FRAMESIZES => sizes::enumerate(call),
        VIDIOC_G_PARM => rate::get(call),
        VIDIOC_S_PARM => rate::set(call),
        // There is no log to write to.
        VIDIOC_LOG_STATUS => Ok(()),
        _ => Err(Errno::ENOTTY),
    }
}

impl Call<'_> {
    /// The program's structure.
    fn read<T: Value>(&self) -> Result<T, Errno> {
        T::read(self.argument).ok_or(Errno::EFAULT)
    }

    /// What it is afterwards.
    fn write<T: Value>(&mut self, value: &T) -> Answer {
        value.write(self.argument).ok_or(Errno::EFAULT)
    }
}

/// Text in a fixed field, cut to fit with a zero at its end.
fn text<const N: usize>(words: &str) -> [u8; N] {
    let mut field = [0; N];
    for (to, from) in field.iter_mut().take(N - 1).zip(words.bytes()) {
        *to = from;
    }
    field
}
