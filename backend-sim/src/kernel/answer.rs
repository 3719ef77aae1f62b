//! VIDIOC_QUERYBUF, and what every buffer answer contains.

use vidbuf::Timestamp;

use crate::errno::SimErrno;

use super::abi::{self, Buffer, Plane, flags};
use super::slot::{Slot, State};
use super::{File, Node};

/// The union `m`: cookies and descriptors have 32 bits, the others stay as the program left them.
fn union(memory: u32, given: u64, answer: u64) -> u64 {
    if memory == abi::MEMORY_USERPTR { answer } else { given >> 32 << 32 | answer & 0xffff_ffff }
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_QUERYBUF`. Multi-planar: `planes` is the array and `buffer.length` its length.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EINVAL`: no queue of this type, no such buffer, no room for its planes.
    /// - `EFAULT`: the plane array is shorter than it says.
    pub fn query_buffer(&self, file: File, buffer: &mut Buffer, planes: &mut [Plane]) -> Result<(), SimErrno> {
        let (file, queue) = self.enter_buffer(file, buffer, planes)?;
        if self.needs_active() {
            self.not_owner(queue, file)?;
        }
        self.check_type(queue, buffer)?;
        let index = self.queues[queue].find(buffer.index).ok_or(SimErrno::EINVAL)?;
        self.check_planes(queue, index, buffer)?;
        self.fill(queue, index, buffer, planes);
        Ok(())
    }

    /// The plane array has room for the buffer's planes.
    pub(super) fn check_planes(&self, queue: usize, index: usize, buffer: &Buffer) -> Result<(), SimErrno> {
        let state = &self.queues[queue];
        let room = !state.is_multiplanar() || buffer.length >= u32::from(state.slots[index].planes);
        if room { Ok(()) } else { Err(SimErrno::EINVAL) }
    }

    /// Writes what the program may know about a buffer.
    pub(super) fn fill(&self, queue: usize, index: usize, buffer: &mut Buffer, planes: &mut [Plane]) {
        let state = &self.queues[queue];
        let slot = &state.slots[index];
        buffer.index = index as u32;
        buffer.buffer_type = state.buffer_type;
        buffer.memory = slot.memory;
        buffer.flags = self.flags(queue, slot);
        buffer.field = slot.field;
        buffer.timestamp = Timestamp {
            seconds: slot.timestamp_ns.div_euclid(1_000_000_000),
            microseconds: slot.timestamp_ns.rem_euclid(1_000_000_000) / 1000,
        };
        buffer.timecode = slot.timecode;
        buffer.sequence = slot.sequence;
        buffer.reserved2 = 0;
        buffer.request_fd = 0;
        let bit = self.cookie_bit(queue);
        if state.is_multiplanar() {
            buffer.bytesused = 0;
            buffer.length = u32::from(slot.planes);
            for (to, from) in planes.iter_mut().zip(slot.planes()) {
                *to = Plane {
                    bytesused: from.bytesused,
                    length: from.length,
                    m: union(slot.memory, to.m, from.m | bit),
                    data_offset: from.data_offset,
                };
            }
        } else {
            let plane = &slot.plane[0];
            buffer.bytesused = plane.bytesused;
            buffer.length = plane.length;
            buffer.m = union(slot.memory, buffer.m, plane.m | bit);
        }
    }

    /// Bit 30 tells the capture queue of a memory-to-memory node from its output queue.
    pub(super) fn cookie_bit(&self, queue: usize) -> u64 {
        let state = &self.queues[queue];
        let capture = self.profile.flow == crate::profile::Flow::MemoryToMemory && !state.is_output();
        if capture && state.memory == abi::MEMORY_MMAP { 1 << 30 } else { 0 }
    }

    fn flags(&self, queue: usize, slot: &Slot) -> u32 {
        let state = &self.queues[queue];
        let mut bits = slot.flags & !flags::COMPUTED;
        bits |= self.profile.timestamp_flags & flags::TIMESTAMP_MASK;
        if !state.copies_timestamps(&self.profile) {
            bits = bits & !flags::TSTAMP_SRC_MASK | self.profile.timestamp_flags & flags::TSTAMP_SRC_MASK;
        }
        bits |= match slot.state {
            State::Queued | State::Active => flags::QUEUED,
            State::Done => flags::DONE,
            State::Error => flags::DONE | flags::ERROR,
            State::Dequeued if slot.prepared && slot.synced => flags::PREPARED,
            State::Dequeued | State::Absent => 0,
        };
        let shared = |chunk| self.chunks.get(chunk).is_some_and(|chunk| chunk.users > 1);
        if slot.planes().iter().any(|plane| shared(plane.chunk)) {
            bits |= flags::MAPPED;
        }
        bits
    }
}
