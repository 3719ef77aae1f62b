//! One side of the comparison: system calls by name, plain data in and out, kernel error numbers.

use vidbuf_sim::kernel::{
    Buffer, CreateBuffers, ExportBuffer, OpenMode, Plane, Protection, RemoveBuffers, RequestBuffers,
};

use super::operation::{Call, FormatCall, Operation, Picture};

/// What a call answers: nothing, or an error number.
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
    fn request(&mut self, descriptor: usize, request: &mut RequestBuffers) -> Outcome;
    fn create(&mut self, descriptor: usize, create: &mut CreateBuffers) -> Outcome;
    fn remove(&mut self, descriptor: usize, remove: &RemoveBuffers) -> Outcome;
    fn buffer(&mut self, descriptor: usize, call: Call, buffer: &mut Buffer, planes: &mut [Plane]) -> Outcome;
    fn export(&mut self, descriptor: usize, place: usize, export: &ExportBuffer) -> Outcome;
    fn close_exported(&mut self, place: usize) -> Outcome;
    fn transfer(&mut self, descriptor: usize, length: usize) -> Result<u32, i32>;
    fn stream(&mut self, descriptor: usize, on: bool, buffer_type: u32) -> Outcome;
    fn map(&mut self, descriptor: usize, place: usize, offset: u64, length: u64, protection: Protection) -> Outcome;
    fn unmap(&mut self, place: usize) -> Outcome;
    fn poll(&mut self, descriptor: usize, events: u16) -> u16;
    fn format(&mut self, descriptor: usize, call: FormatCall, picture: &mut Picture) -> Outcome;
    fn priority(&mut self, descriptor: usize) -> Result<u32, i32>;
    fn set_priority(&mut self, descriptor: usize, priority: u32) -> Outcome;
}

/// Everything that a step showed. Structures are compared after failures, too: then they must be as they were given.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Answer {
    Nothing,
    Plain(Outcome),
    Request(Outcome, RequestBuffers),
    Create(Outcome, CreateBuffers),
    Buffer(Outcome, Buffer, Vec<Plane>),
    Polled(u16),
    Format(Outcome, Picture),
    Number(Result<u32, i32>),
    Many(Vec<Answer>),
}

/// Does a step that one side can do alone; the others are of [`Pair`](super::pair::Pair).
pub fn perform(world: &mut impl World, operation: &Operation) -> Answer {
    let known = match *operation {
        Operation::Open { descriptor, .. } => !world.has_descriptor(descriptor),
        Operation::Dup { from, to } => world.has_descriptor(from) && !world.has_descriptor(to),
        Operation::CloseExported { place } => world.has_export(place),
        Operation::Unmap { place } => world.has_mapping(place),
        Operation::Map { descriptor, place, .. } => world.has_descriptor(descriptor) && !world.has_mapping(place),
        Operation::Export { descriptor, place, .. } => world.has_descriptor(descriptor) && !world.has_export(place),
        Operation::Close { descriptor }
        | Operation::NonBlocking { descriptor, .. }
        | Operation::RequestBuffers { descriptor, .. }
        | Operation::CreateBuffers { descriptor, .. }
        | Operation::RemoveBuffers { descriptor, .. }
        | Operation::Buffer { descriptor, .. }
        | Operation::Dequeue { descriptor, .. }
        | Operation::Sleep { descriptor, .. }
        | Operation::Transfer { descriptor, .. }
        | Operation::Stream { descriptor, .. }
        | Operation::Poll { descriptor, .. }
        | Operation::Format { descriptor, .. }
        | Operation::GetPriority { descriptor }
        | Operation::SetPriority { descriptor, .. } => world.has_descriptor(descriptor),
        Operation::OneFrame | Operation::Inject { .. } | Operation::Audit => false,
    };
    if !known {
        return Answer::Nothing;
    }
    match operation.clone() {
        Operation::Open { descriptor, mode } => Answer::Plain(world.open(descriptor, mode)),
        Operation::Close { descriptor } => Answer::Plain(world.close(descriptor)),
        Operation::Dup { from, to } => Answer::Plain(world.dup(from, to)),
        Operation::NonBlocking { descriptor, on } => Answer::Plain(world.set_nonblocking(descriptor, on)),
        Operation::RequestBuffers { descriptor, mut request } => {
            Answer::Request(world.request(descriptor, &mut request), request)
        }
        Operation::CreateBuffers { descriptor, mut create } => {
            Answer::Create(world.create(descriptor, &mut create), create)
        }
        Operation::RemoveBuffers { descriptor, remove } => Answer::Plain(world.remove(descriptor, &remove)),
        Operation::Buffer { descriptor, call, mut buffer, mut planes } => {
            Answer::Buffer(world.buffer(descriptor, call, &mut buffer, &mut planes), buffer, planes)
        }
        Operation::Transfer { descriptor, length } => Answer::Number(world.transfer(descriptor, length)),
        Operation::Dequeue { descriptor, mut buffer, mut planes, .. }
        | Operation::Sleep { descriptor, mut buffer, mut planes } => {
            Answer::Buffer(world.buffer(descriptor, Call::DequeueBuffer, &mut buffer, &mut planes), buffer, planes)
        }
        Operation::Export { descriptor, place, export } => Answer::Plain(world.export(descriptor, place, &export)),
        Operation::CloseExported { place } => Answer::Plain(world.close_exported(place)),
        Operation::Stream { descriptor, on, buffer_type } => Answer::Plain(world.stream(descriptor, on, buffer_type)),
        Operation::Map { descriptor, place, offset, length, protection } => {
            Answer::Plain(world.map(descriptor, place, offset, length, protection))
        }
        Operation::Unmap { place } => Answer::Plain(world.unmap(place)),
        Operation::Poll { descriptor, events } => Answer::Polled(world.poll(descriptor, events)),
        Operation::Format { descriptor, call, mut picture } => {
            Answer::Format(world.format(descriptor, call, &mut picture), picture)
        }
        Operation::GetPriority { descriptor } => Answer::Number(world.priority(descriptor)),
        Operation::SetPriority { descriptor, priority } => Answer::Plain(world.set_priority(descriptor, priority)),
        Operation::OneFrame | Operation::Inject { .. } | Operation::Audit => Answer::Nothing,
    }
}
