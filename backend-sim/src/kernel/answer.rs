//! VIDIOC_QUERYBUF, and what every buffer answer contains.

use vidbuf_abi::buffer::{self as abi, v4l2_buffer, v4l2_plane, v4l2_timeval};

use crate::errno::SimErrno;

use super::Node;
use super::slot::{COMPUTED_FLAGS, Slot, State};

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_QUERYBUF`: EINVAL without a queue of this type, such a buffer, or room for its planes.
    pub(super) fn query_buffer(
        &self,
        file: usize,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
    ) -> Result<(), SimErrno> {
        let queue = self.enter_buffer(file, buffer, planes)?;
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
    pub(super) fn check_planes(&self, queue: usize, index: usize, buffer: &v4l2_buffer) -> Result<(), SimErrno> {
        let state = &self.queues[queue];
        let room = !state.is_multiplanar() || buffer.length >= u32::from(state.slots[index].planes);
        if room { Ok(()) } else { Err(SimErrno::EINVAL) }
    }

    /// Writes what the program may know about a buffer.
    pub(super) fn fill(&self, queue: usize, index: usize, buffer: &mut v4l2_buffer, planes: &mut [v4l2_plane]) {
        let state = &self.queues[queue];
        let slot = &state.slots[index];
        buffer.index = index as u32;
        buffer.type_ = state.buffer_type;
        buffer.memory = slot.memory;
        buffer.flags = self.flags(queue, slot);
        buffer.field = slot.field;
        buffer.timestamp = v4l2_timeval {
            tv_sec: slot.timestamp_ns.div_euclid(1_000_000_000),
            tv_usec: slot.timestamp_ns.rem_euclid(1_000_000_000) / 1000,
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
                (to.bytesused, to.length, to.data_offset) = (from.bytesused, from.length, from.data_offset);
                to.reserved = [0; 11];
                // Cookies and descriptors have 32 bits; the others of the union stay as the program left them.
                match slot.memory {
                    abi::V4L2_MEMORY_USERPTR => to.m.set_userptr(from.m as usize),
                    _ => to.m.set_mem_offset((from.m | bit) as u32),
                }
            }
        } else {
            let plane = &slot.plane[0];
            buffer.bytesused = plane.bytesused;
            buffer.length = plane.length;
            match slot.memory {
                abi::V4L2_MEMORY_USERPTR => buffer.m.set_userptr(plane.m as usize),
                _ => buffer.m.set_offset((plane.m | bit) as u32),
            }
        }
    }

    /// Bit 30 tells the capture queue of a memory-to-memory node from its output queue.
    pub(super) fn cookie_bit(&self, queue: usize) -> u64 {
        let state = &self.queues[queue];
        let capture = self.profile.flow == crate::profile::Flow::MemoryToMemory && !state.is_output();
        if capture && state.memory == abi::V4L2_MEMORY_MMAP { 1 << 30 } else { 0 }
    }

    fn flags(&self, queue: usize, slot: &Slot) -> u32 {
        let state = &self.queues[queue];
        let mut bits = slot.flags & !COMPUTED_FLAGS;
        bits |= self.profile.timestamp_flags & abi::V4L2_BUF_FLAG_TIMESTAMP_MASK;
        if !state.copies_timestamps(&self.profile) {
            bits = bits & !abi::V4L2_BUF_FLAG_TSTAMP_SRC_MASK
                | self.profile.timestamp_flags & abi::V4L2_BUF_FLAG_TSTAMP_SRC_MASK;
        }
        bits |= match slot.state {
            State::Queued | State::Active => abi::V4L2_BUF_FLAG_QUEUED,
            State::Done => abi::V4L2_BUF_FLAG_DONE,
            State::Error => abi::V4L2_BUF_FLAG_DONE | abi::V4L2_BUF_FLAG_ERROR,
            State::Dequeued if slot.prepared && slot.synced => abi::V4L2_BUF_FLAG_PREPARED,
            State::Dequeued | State::Absent => 0,
        };
        let shared = |chunk| self.chunks.get(chunk).is_some_and(|chunk| chunk.users > 1);
        if slot.planes().iter().any(|plane| shared(plane.chunk)) {
            bits |= abi::V4L2_BUF_FLAG_MAPPED;
        }
        bits
    }
}
