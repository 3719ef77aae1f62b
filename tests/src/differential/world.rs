//! One side of the comparison: system calls, bytes in and out, kernel error numbers.

use vidbuf_abi::buffer::v4l2_plane;
use vidbuf_abi::buffer::v4l2_timespec;
use vidbuf_abi::event::v4l2_event;
use vidbuf_abi::ioctl::{VIDIOC_DQEVENT, VIDIOC_EXPBUF};
use vidbuf_abi::value::Value as _;
use vidbuf_sim::kernel::{OpenMode, Protection};

use super::operation::{Ioctl, Operation, PLACES};

/// How a call ended: well, or with an error number.
pub type Outcome = Result<(), i32>;

/// A node and a program's descriptors, mappings and exported buffers. Descriptors and places are by number.
#[allow(missing_docs)]
pub trait World {
    fn has_descriptor(&self, descriptor: usize) -> bool;
    fn has_mapping(&self, place: usize) -> bool;
    fn has_export(&self, place: usize) -> bool;
    fn open(&mut self, descriptor: usize, mode: OpenMode) -> Outcome;
    fn close(&mut self, descriptor: usize) -> Outcome;
    fn dup(&mut self, from: usize, to: usize) -> Outcome;
    fn set_nonblocking(&mut self, descriptor: usize, on: bool) -> Outcome;
    /// What VIDIOC_EXPBUF exports goes to the first free place, and in the argument its descriptor is 0.
    fn ioctl(&mut self, descriptor: usize, number: u32, argument: &mut [u8], planes: &mut [v4l2_plane]) -> Outcome;
    fn close_exported(&mut self, place: usize) -> Outcome;
    fn transfer(&mut self, descriptor: usize, length: usize) -> Result<u32, i32>;
    fn map(&mut self, descriptor: usize, place: usize, offset: u64, length: u64, protection: Protection) -> Outcome;
    fn unmap(&mut self, place: usize) -> Outcome;
    fn poll(&mut self, descriptor: usize, events: u16) -> u16;
    /// Puts these bytes where the argument of the next call points to.
    fn point_to(&mut self, memory: &[u8]);
    /// What the call has made of them.
    fn pointed_to(&self, memory: &mut [u8]);

    /// Where the next exported buffer goes.
    fn free_place(&self) -> Option<usize> {
        (0..PLACES).find(|place| !self.has_export(*place))
    }
}

/// Everything that a step showed. Arguments are compared after failures, too: then they must be as they were given.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Answer {
    Nothing,
    Plain(Outcome),
    /// The call as it was afterwards.
    Ioctl(Outcome, Ioctl),
    Polled(u16),
    Number(Result<u32, i32>),
    Many(Vec<Answer>),
}

/// Does a step that one side can do alone; the others are of [`Pair`](super::pair::Pair).
pub fn perform(world: &mut impl World, operation: &Operation) -> Answer {
    match *operation {
        Operation::Open { descriptor, mode } if !world.has_descriptor(descriptor) => {
            Answer::Plain(world.open(descriptor, mode))
        }
        Operation::Close { descriptor } if world.has_descriptor(descriptor) => Answer::Plain(world.close(descriptor)),
        Operation::Dup { from, to } if world.has_descriptor(from) && !world.has_descriptor(to) => {
            Answer::Plain(world.dup(from, to))
        }
        Operation::NonBlocking { descriptor, on } if world.has_descriptor(descriptor) => {
            Answer::Plain(world.set_nonblocking(descriptor, on))
        }
        Operation::Ioctl(ref ioctl) => perform_ioctl(world, ioctl.clone()),
        Operation::Transfer { descriptor, length } if world.has_descriptor(descriptor) => {
            Answer::Number(world.transfer(descriptor, length))
        }
        Operation::CloseExported { place } if world.has_export(place) => Answer::Plain(world.close_exported(place)),
        Operation::Map { descriptor, place, offset, length, protection }
            if world.has_descriptor(descriptor) && !world.has_mapping(place) =>
        {
            Answer::Plain(world.map(descriptor, place, offset, length, protection))
        }
        Operation::Unmap { place } if world.has_mapping(place) => Answer::Plain(world.unmap(place)),
        Operation::Poll { descriptor, events } if world.has_descriptor(descriptor) => {
            Answer::Polled(world.poll(descriptor, events))
        }
        _ => Answer::Nothing,
    }
}

fn perform_ioctl(world: &mut impl World, mut ioctl: Ioctl) -> Answer {
    let room = ioctl.number != VIDIOC_EXPBUF || world.free_place().is_some();
    if !room || !world.has_descriptor(ioctl.descriptor) {
        return Answer::Nothing;
    }
    world.point_to(&ioctl.memory);
    let outcome = world.ioctl(ioctl.descriptor, ioctl.number, &mut ioctl.argument, &mut ioctl.planes);
    world.pointed_to(&mut ioctl.memory);
    if ioctl.number == VIDIOC_DQEVENT && outcome.is_ok() {
        // Each side has a clock of its own.
        let mut event = v4l2_event::get(&ioctl.argument, 0);
        event.timestamp = v4l2_timespec::default();
        event.put(&mut ioctl.argument, 0);
    }
    Answer::Ioctl(outcome, ioctl)
}
