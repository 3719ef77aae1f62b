//! Calls that [`Node::ioctl`](vidbuf_sim::kernel::NodeOf::ioctl) does not make (yet): each is asked for here only after the model has
//! returned ENOTTY, so a file goes when the model has its calls.

mod capability;
mod control;
mod controls;
mod event;
mod events;
mod faults;
mod formats;
mod rate;
mod sizes;

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::File;
use vidbuf_sim::kernel::abi::ioctl::*;
use vidbuf_sim::kernel::abi::value::Value;

use crate::device::Device;
use crate::system::memory::Memory;
use controls::Controls;
use events::Events;

/// What the model leaves out.
pub struct Extras {
    controls: Controls,
    events: Events,
    events_before: Events,
}

impl Extras {
    /// As they are at first. `vivid`: with its controls for faults.
    pub fn new(vivid: bool) -> Self {
        Self { controls: Controls::new(vivid), events: Events::new(), events_before: Events::new() }
    }

    /// Keeps what there is, so that a call can be taken back.
    pub fn begin(&mut self) {
        if self.events.any() || self.events_before.any() {
            self.events_before.clone_from(&self.events);
        }
    }

    /// Takes back what was done since.
    pub fn take_back(&mut self) {
        self.events.clone_from(&self.events_before);
    }

    /// Whether an event waits for a file.
    pub fn has_event(&self, file: File) -> bool {
        self.events.pending(file)
    }

    /// A file was closed.
    pub fn forget(&mut self, file: File) {
        self.events.forget(file);
    }
}

/// One call.
struct Call<'a> {
    device: &'a mut Device,
    file: File,
    argument: &'a mut [u8],
    /// What pointers in the argument point into.
    memory: Memory,
}

/// How a call went.
type Answer = Result<Outcome, Errno>;

/// How a call went that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it reports is in the argument.
    Done,
    /// The caller would sleep now; call again when something has happened.
    WouldSleep,
}

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
pub fn make(device: &mut Device, file: File, number: u32, argument: &mut [u8], memory: Memory) -> Answer {
    if device.node.is_gone(file) {
        return Err(Errno::ENODEV);
    }
    let call = &mut Call { device, file, argument, memory };
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
        VIDIOC_QUERYCTRL => control::query(call),
        VIDIOC_QUERY_EXT_CTRL => control::query_extended(call),
        VIDIOC_QUERYMENU => control::query_menu(call),
        VIDIOC_G_CTRL => control::get(call),
        VIDIOC_S_CTRL => control::set(call),
        VIDIOC_G_EXT_CTRLS => control::get_all(call),
        VIDIOC_S_EXT_CTRLS => control::set_all(call),
        VIDIOC_TRY_EXT_CTRLS => control::try_all(call),
        VIDIOC_SUBSCRIBE_EVENT => event::subscribe(call),
        VIDIOC_UNSUBSCRIBE_EVENT => event::unsubscribe(call),
        VIDIOC_DQEVENT => event::dequeue(call),
        // There is no log to write to.
        VIDIOC_LOG_STATUS => Ok(Outcome::Done),
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
        value.write(self.argument).map(|()| Outcome::Done).ok_or(Errno::EFAULT)
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
