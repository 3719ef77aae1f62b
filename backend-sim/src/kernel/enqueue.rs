//! VIDIOC_QBUF and VIDIOC_PREPARE_BUF.

use vidbuf::BufferCapabilities;

use crate::errno::SimErrno;
use crate::profile::Flow;

use super::abi::{self, Buffer, Plane, flags};
use super::foreign::{Foreign, NoForeign};
use super::slot::State;
use super::{File, Node};

/// What the program passed for one plane, before the driver accepts it.
pub(super) type Said = [Plane; vidbuf::MAX_PLANES];

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_QBUF`.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EBUSY`: another file owns the queue; file I/O is going on.
    /// - `EINVAL`: no such buffer, another memory, a plane array without room, a buffer that is already queued, an
    ///   impossible payload; or the driver refuses.
    /// - `EPERM`: a request was given, on the capture side of a memory-to-memory device.
    /// - `EBADR`: a request was given, on a driver without.
    /// - `EFAULT`: unusable user memory.
    /// - `EIO`: the queue is in error.
    /// - anything that starting the driver may fail with, if this buffer was the one that it waited for.
    pub fn queue_buffer(&mut self, file: File, buffer: &mut Buffer, planes: &mut [Plane]) -> Result<(), SimErrno> {
        self.queue_buffer_with(file, buffer, planes, &mut NoForeign)
    }

    /// [`queue_buffer`](Self::queue_buffer) where there is memory besides the node's own.
    ///
    /// # Errors
    ///
    /// As there, and what `foreign` fails with.
    pub fn queue_buffer_with(
        &mut self,
        file: File,
        buffer: &mut Buffer,
        planes: &mut [Plane],
        foreign: &mut dyn Foreign,
    ) -> Result<(), SimErrno> {
        self.refuse_request_on_capture(file, buffer, planes)?;
        let (queue, index, mut said) = self.accept(file, buffer, planes, false)?;
        if buffer.flags & flags::REQUEST_FD != 0 {
            return Err(self.refuse_request(queue));
        }
        if self.queues[queue].error {
            return Err(SimErrno::EIO);
        }
        self.queues[queue].uses_queueing = true;
        if self.queues[queue].slots[index].state != State::Dequeued {
            return Err(SimErrno::EINVAL);
        }
        if !self.queues[queue].slots[index].prepared {
            self.prepare(queue, index, &mut said, foreign)?;
        }
        self.append(queue, index);
        self.copy_timestamp(queue, index, buffer);
        let mut answer = *buffer;
        let mut started = Ok(());
        if self.queues[queue].started {
            self.give_to_driver(queue);
            self.give_back_last(queue);
            self.fill(queue, index, &mut answer, planes);
        } else {
            let state = &self.queues[queue];
            let ready = state.streaming && state.queued_count() >= self.profile.min_queued;
            // The answer is made before the start is tried, and not copied out if that fails.
            if ready {
                let mut copy: Said = [Plane::default(); vidbuf::MAX_PLANES];
                let room = planes.len().min(copy.len());
                copy[..room].copy_from_slice(&planes[..room]);
                self.fill(queue, index, &mut answer, &mut copy[..room]);
                started = self.start(queue);
                match started {
                    Ok(()) => planes[..room].copy_from_slice(&copy[..room]),
                    Err(_) => self.take_back(queue, index),
                }
            } else {
                self.fill(queue, index, &mut answer, planes);
            }
        }
        if started.is_ok() {
            *buffer = answer;
        }
        started
    }

    /// The capture side of a memory-to-memory device takes no requests.
    fn refuse_request_on_capture(&self, file: File, buffer: &Buffer, planes: &[Plane]) -> Result<(), SimErrno> {
        if self.profile.flow != Flow::MemoryToMemory || buffer.flags & flags::REQUEST_FD == 0 {
            return Ok(());
        }
        let (_, queue) = self.enter_buffer(file, buffer, planes)?;
        if self.queues[queue].is_output() { Ok(()) } else { Err(SimErrno::EPERM) }
    }

    /// Requests are not modelled: no descriptor is one.
    fn refuse_request(&self, queue: usize) -> SimErrno {
        if !self.profile.capabilities.contains(BufferCapabilities::REQUESTS) {
            SimErrno::EBADR
        } else if self.queues[queue].uses_queueing {
            SimErrno::EBUSY
        } else {
            SimErrno::EINVAL
        }
    }

    /// `VIDIOC_PREPARE_BUF`.
    ///
    /// # Errors
    ///
    /// As [`queue_buffer`](Self::queue_buffer), and
    /// - `ENOTTY`: the driver has no such call.
    /// - `EINVAL`: prepared already, or a request was given.
    pub fn prepare_buffer(&mut self, file: File, buffer: &mut Buffer, planes: &mut [Plane]) -> Result<(), SimErrno> {
        self.prepare_buffer_with(file, buffer, planes, &mut NoForeign)
    }

    /// [`prepare_buffer`](Self::prepare_buffer) where there is memory besides the node's own.
    ///
    /// # Errors
    ///
    /// As there, and what `foreign` fails with.
    pub fn prepare_buffer_with(
        &mut self,
        file: File,
        buffer: &mut Buffer,
        planes: &mut [Plane],
        foreign: &mut dyn Foreign,
    ) -> Result<(), SimErrno> {
        if !self.profile.prepares {
            self.enter(file)?;
            return Err(SimErrno::ENOTTY);
        }
        let (queue, index, mut said) = self.accept(file, buffer, planes, true)?;
        let slot = &self.queues[queue].slots[index];
        if slot.state != State::Dequeued || slot.prepared {
            return Err(SimErrno::EINVAL);
        }
        if self.queues[queue].error {
            return Err(SimErrno::EIO);
        }
        self.prepare(queue, index, &mut said, foreign)?;
        self.fill(queue, index, buffer, planes);
        Ok(())
    }

    /// The checks that both calls begin with, and reading what the program passed if the buffer is not prepared yet.
    fn accept(
        &mut self,
        file: File,
        buffer: &Buffer,
        planes: &[Plane],
        preparing: bool,
    ) -> Result<(usize, usize, Said), SimErrno> {
        let (file, queue) = self.enter_buffer(file, buffer, planes)?;
        self.not_owner(queue, file)?;
        let state = &self.queues[queue];
        if state.file_io {
            return Err(SimErrno::EBUSY);
        }
        self.check_type(queue, buffer)?;
        let request = buffer.flags & flags::REQUEST_FD != 0;
        let index = state.find(buffer.index).ok_or(SimErrno::EINVAL)?;
        if buffer.memory != state.memory || (preparing && request) {
            return Err(SimErrno::EINVAL);
        }
        self.check_planes(queue, index, buffer)?;
        if request && state.slots[index].state != State::Dequeued {
            return Err(SimErrno::EINVAL);
        }
        let mut said = [Plane::default(); vidbuf::MAX_PLANES];
        if !state.slots[index].prepared {
            self.read_said(queue, index, buffer, planes, &mut said)?;
        }
        Ok((queue, index, said))
    }

    /// Reads the program's fields.
    fn read_said(
        &mut self,
        queue: usize,
        index: usize,
        buffer: &Buffer,
        planes: &[Plane],
        said: &mut Said,
    ) -> Result<(), SimErrno> {
        let profile = self.profile;
        let state = &mut self.queues[queue];
        let (output, multiplanar) = (state.is_output(), state.is_multiplanar());
        let copies = state.copies_timestamps(&profile);
        let memory = state.memory;
        let slot = &mut state.slots[index];
        let hints = profile.capabilities.contains(BufferCapabilities::MMAP_CACHE_HINTS);
        let ignored = if hints && memory == abi::MEMORY_MMAP { 0 } else { flags::CACHE };
        for (number, (plane, said)) in slot.planes().iter().zip(said.iter_mut()).enumerate() {
            let given = match planes.get(number) {
                Some(given) if multiplanar => *given,
                _ => Plane { bytesused: buffer.bytesused, length: buffer.length, m: buffer.m, data_offset: 0 },
            };
            // What bytesused is compared with, and what 0 stands for.
            let (limit, whole) = match memory {
                abi::MEMORY_MMAP => (plane.length, plane.length),
                abi::MEMORY_DMABUF if !multiplanar => (plane.length, given.length),
                _ => (given.length, given.length),
            };
            if output {
                let end = if given.bytesused == 0 { limit } else { given.bytesused };
                if given.bytesused > limit || (given.data_offset > 0 && given.data_offset >= end) {
                    return Err(SimErrno::EINVAL);
                }
            }
            let bytesused = match (output, given.bytesused, profile.allows_zero_bytesused) {
                (false, ..) => 0,
                (true, 0, false) => whole,
                (true, bytes, _) => bytes,
            };
            let data_offset = if output { given.data_offset } else { 0 };
            let length = if memory == abi::MEMORY_MMAP { plane.length } else { given.length };
            let m = if memory == abi::MEMORY_MMAP { plane.m } else { given.m };
            *said = Plane { bytesused, length, m, data_offset };
        }
        if output && buffer.field == vidbuf::Field::ALTERNATE.0 {
            return Err(SimErrno::EINVAL);
        }
        slot.sequence = 0;
        let mut kept = buffer.flags & !(flags::COMPUTED | ignored);
        if !copies || !output {
            kept &= !flags::TSTAMP_SRC_MASK;
        }
        if output {
            kept &= !(flags::TIMECODE | flags::M2M_HOLD_CAPTURE_BUF);
            slot.field = buffer.field;
        } else {
            kept &= !(flags::OUTPUT_ONLY | flags::LAST);
        }
        slot.flags = kept;
        Ok(())
    }

    pub(super) fn append(&mut self, queue: usize, index: usize) {
        let state = &mut self.queues[queue];
        state.queued.push(&mut state.slots, index);
        state.slots[index].state = State::Queued;
        state.waiting_for_buffers = false;
    }

    /// A failed start: the buffer that caused it goes back to the program, still prepared.
    fn take_back(&mut self, queue: usize, index: usize) {
        let state = &mut self.queues[queue];
        state.queued.remove(&mut state.slots, index);
        state.slots[index].state = State::Dequeued;
    }

    /// Output queues take over timestamp (if they copy it) and timecode, even of a prepared buffer.
    fn copy_timestamp(&mut self, queue: usize, index: usize, buffer: &Buffer) {
        let copies = self.queues[queue].copies_timestamps(&self.profile);
        let state = &mut self.queues[queue];
        if !state.is_output() {
            return;
        }
        let slot = &mut state.slots[index];
        if copies {
            let micros = i64::from(buffer.timestamp.microseconds as u32).wrapping_mul(1000);
            slot.timestamp_ns = buffer.timestamp.seconds.wrapping_mul(1_000_000_000).wrapping_add(micros);
        }
        if buffer.flags & flags::TIMECODE != 0 {
            slot.flags |= flags::TIMECODE;
            slot.timecode = buffer.timecode;
        }
    }
}
