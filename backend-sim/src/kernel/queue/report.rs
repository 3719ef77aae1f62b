//! What every call that takes a buffer reports of it.

use vidbuf_abi::buffer::{self as abi, v4l2_buffer, v4l2_timeval};

use crate::kernel::arena::Arena;
use crate::kernel::driver::Driver;
use crate::profile::Flow;
use vidbuf::Errno;

use super::slot::{BufferIndex, COMPUTED_FLAGS, Slot, State};
use super::{Argument, Queue};

impl Queue {
    /// The plane array has room for the buffer's planes.
    pub fn check_planes(&self, index: BufferIndex, buffer: &v4l2_buffer) -> Result<(), Errno> {
        let room = !self.is_multiplanar() || buffer.length >= u32::from(self[index].planes);
        if room { Ok(()) } else { Err(Errno::EINVAL) }
    }

    /// Writes what the program may know about a buffer. Inline: it is a frame's way to the program, and passing so many arguments
    /// costs a third as much again.
    #[inline(always)]
    pub fn fill(&self, index: BufferIndex, driver: &Driver, arena: &Arena, argument: &mut Argument<'_>) {
        let Argument { buffer, planes } = argument;
        let slot = &self[index];
        buffer.index = index.short().into();
        buffer.type_ = self.buffer_type;
        buffer.memory = slot.memory;
        buffer.flags = self.flags(slot, driver, arena);
        buffer.field = slot.field;
        let seconds = slot.timestamp_ns.div_euclid(1_000_000_000);
        // Less than a second, so 32 bits hold it and their division will do.
        let rest = slot.timestamp_ns.wrapping_sub(seconds.wrapping_mul(1_000_000_000)) as u32;
        buffer.timestamp = v4l2_timeval { tv_sec: seconds, tv_usec: (rest / 1000).into() };
        buffer.timecode = slot.timecode;
        buffer.sequence = slot.sequence;
        buffer.reserved2 = 0;
        buffer.request_fd = 0;
        let bit = self.cookie_bit(driver);
        if self.is_multiplanar() {
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

    /// Bit 30 distinguishes the capture queue of a memory-to-memory node from its output queue.
    pub fn cookie_bit(&self, driver: &Driver) -> u64 {
        let capture = driver.profile.flow == Flow::MemoryToMemory && !self.is_output();
        if capture && self.memory == abi::V4L2_MEMORY_MMAP { 1 << 30 } else { 0 }
    }

    #[inline(always)]
    fn flags(&self, slot: &Slot, driver: &Driver, arena: &Arena) -> u32 {
        let profile = &driver.profile;
        let mut bits = slot.flags & !COMPUTED_FLAGS;
        bits |= profile.timestamp_flags & abi::V4L2_BUF_FLAG_TIMESTAMP_MASK;
        if !profile.copies_timestamps() {
            bits = bits & !abi::V4L2_BUF_FLAG_TSTAMP_SRC_MASK
                | profile.timestamp_flags & abi::V4L2_BUF_FLAG_TSTAMP_SRC_MASK;
        }
        bits |= match slot.state {
            State::Queued | State::Active => abi::V4L2_BUF_FLAG_QUEUED,
            State::Done => abi::V4L2_BUF_FLAG_DONE,
            State::Error => abi::V4L2_BUF_FLAG_DONE | abi::V4L2_BUF_FLAG_ERROR,
            State::Dequeued if slot.prepared && slot.synced => abi::V4L2_BUF_FLAG_PREPARED,
            State::Dequeued | State::Absent => 0,
        };
        if slot.planes().iter().any(|plane| arena.is_shared(plane.chunk)) {
            bits |= abi::V4L2_BUF_FLAG_MAPPED;
        }
        bits
    }
}
