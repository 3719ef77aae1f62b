//! VIDIOC_QBUF and VIDIOC_PREPARE_BUF.

use vidbuf::BufferCapabilities;
use vidbuf_abi::buffer::{self as abi, v4l2_buffer, v4l2_plane};

use crate::errno::SimErrno;
use crate::profile::Flow;

use super::Node;
use super::foreign::Foreign;
use super::slot::{COMPUTED_FLAGS, GivenPlane, GivenPlanes, State};

/// Flags that a program gives on output queues only.
const OUTPUT_FLAGS: u32 = abi::V4L2_BUF_FLAG_KEYFRAME
    | abi::V4L2_BUF_FLAG_PFRAME
    | abi::V4L2_BUF_FLAG_BFRAME
    | abi::V4L2_BUF_FLAG_TIMECODE
    | abi::V4L2_BUF_FLAG_M2M_HOLD_CAPTURE_BUF;
const CACHE_FLAGS: u32 = abi::V4L2_BUF_FLAG_NO_CACHE_INVALIDATE | abi::V4L2_BUF_FLAG_NO_CACHE_CLEAN;

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_QBUF`: EBUSY if another file owns the queue or file I/O is going on; EINVAL without such a buffer, with another memory, a
    /// plane array without room, a buffer that is already queued, an impossible payload, or if the driver refuses; EPERM with a
    /// request, on the capture side of a memory-to-memory device; EBADR with a request, on a driver without; EFAULT for unusable
    /// memory; EIO if the queue is in error; and whatever starting the driver may fail with, if it waited for this buffer.
    pub(super) fn queue_buffer(
        &mut self,
        file: usize,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
        foreign: &mut dyn Foreign,
    ) -> Result<(), SimErrno> {
        self.refuse_request_on_capture(file, buffer, planes)?;
        let (queue, index, mut given) = self.accept(file, buffer, planes, false)?;
        if buffer.flags & abi::V4L2_BUF_FLAG_REQUEST_FD != 0 {
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
            self.prepare(queue, index, &mut given, foreign)?;
        }
        self.append(queue, index);
        self.copy_timestamp(queue, index, buffer);
        let state = &self.queues[queue];
        if state.started {
            self.give_to_driver(queue);
            self.give_back_last(queue);
        } else if state.streaming && state.queued_count() >= self.profile.min_queued {
            // A failed start leaves the buffer with the program, still prepared.
            self.start(queue).inspect_err(|_| self.take_back(queue, index))?;
        }
        self.fill(queue, index, buffer, planes);
        Ok(())
    }

    /// The capture side of a memory-to-memory device takes no requests.
    fn refuse_request_on_capture(
        &self,
        file: usize,
        buffer: &v4l2_buffer,
        planes: &[v4l2_plane],
    ) -> Result<(), SimErrno> {
        if self.profile.flow != Flow::MemoryToMemory || buffer.flags & abi::V4L2_BUF_FLAG_REQUEST_FD == 0 {
            return Ok(());
        }
        let queue = self.enter_buffer(file, buffer, planes)?;
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

    /// `VIDIOC_PREPARE_BUF`: as VIDIOC_QBUF, and EINVAL if the buffer is prepared already or a request was given.
    pub(super) fn prepare_buffer(
        &mut self,
        file: usize,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
        foreign: &mut dyn Foreign,
    ) -> Result<(), SimErrno> {
        let (queue, index, mut given) = self.accept(file, buffer, planes, true)?;
        let slot = &self.queues[queue].slots[index];
        if slot.state != State::Dequeued || slot.prepared {
            return Err(SimErrno::EINVAL);
        }
        if self.queues[queue].error {
            return Err(SimErrno::EIO);
        }
        self.prepare(queue, index, &mut given, foreign)?;
        self.fill(queue, index, buffer, planes);
        Ok(())
    }

    /// The checks that both calls begin with, and reading what the program passed if the buffer is not prepared yet.
    fn accept(
        &mut self,
        file: usize,
        buffer: &v4l2_buffer,
        planes: &[v4l2_plane],
        preparing: bool,
    ) -> Result<(usize, usize, GivenPlanes), SimErrno> {
        let queue = self.enter_buffer(file, buffer, planes)?;
        self.not_owner(queue, file)?;
        let state = &self.queues[queue];
        if state.file_io {
            return Err(SimErrno::EBUSY);
        }
        self.check_type(queue, buffer)?;
        let request = buffer.flags & abi::V4L2_BUF_FLAG_REQUEST_FD != 0;
        let index = state.find(buffer.index).ok_or(SimErrno::EINVAL)?;
        if buffer.memory != state.memory || (preparing && request) {
            return Err(SimErrno::EINVAL);
        }
        self.check_planes(queue, index, buffer)?;
        if request && state.slots[index].state != State::Dequeued {
            return Err(SimErrno::EINVAL);
        }
        let mut given = [GivenPlane::default(); vidbuf::MAX_PLANES];
        if !state.slots[index].prepared {
            self.read_given(queue, index, buffer, planes, &mut given)?;
        }
        Ok((queue, index, given))
    }

    /// Reads the program's fields.
    fn read_given(
        &mut self,
        queue: usize,
        index: usize,
        buffer: &v4l2_buffer,
        planes: &[v4l2_plane],
        given_planes: &mut GivenPlanes,
    ) -> Result<(), SimErrno> {
        let profile = self.profile;
        let state = &mut self.queues[queue];
        let (output, multiplanar) = (state.is_output(), state.is_multiplanar());
        let copies = state.copies_timestamps(&profile);
        let memory = state.memory;
        let slot = &mut state.slots[index];
        let hints = profile.capabilities.contains(BufferCapabilities::MMAP_CACHE_HINTS);
        let ignored = if hints && memory == abi::V4L2_MEMORY_MMAP { 0 } else { CACHE_FLAGS };
        for (number, (plane, accepted)) in slot.planes().iter().zip(given_planes.iter_mut()).enumerate() {
            let given = match planes.get(number) {
                Some(plane) if multiplanar => {
                    let v4l2_plane { bytesused, length, data_offset, .. } = *plane;
                    GivenPlane { bytesused, length, data_offset, m: plane.m.userptr() as u64 }
                }
                _ => {
                    let v4l2_buffer { bytesused, length, .. } = *buffer;
                    GivenPlane { bytesused, length, data_offset: 0, m: buffer.m.userptr() as u64 }
                }
            };
            // What bytesused is compared with, and what 0 stands for.
            let (limit, whole) = match memory {
                abi::V4L2_MEMORY_MMAP => (plane.length, plane.length),
                abi::V4L2_MEMORY_DMABUF if !multiplanar => (plane.length, given.length),
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
            let length = if memory == abi::V4L2_MEMORY_MMAP { plane.length } else { given.length };
            let m = if memory == abi::V4L2_MEMORY_MMAP { plane.m } else { given.m };
            *accepted = GivenPlane { bytesused, length, m, data_offset };
        }
        if output && buffer.field == vidbuf::Field::ALTERNATE.0 {
            return Err(SimErrno::EINVAL);
        }
        slot.sequence = 0;
        let mut kept = buffer.flags & !(COMPUTED_FLAGS | ignored);
        if !copies || !output {
            kept &= !abi::V4L2_BUF_FLAG_TSTAMP_SRC_MASK;
        }
        if output {
            kept &= !(abi::V4L2_BUF_FLAG_TIMECODE | abi::V4L2_BUF_FLAG_M2M_HOLD_CAPTURE_BUF);
            slot.field = buffer.field;
        } else {
            kept &= !(OUTPUT_FLAGS | abi::V4L2_BUF_FLAG_LAST);
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
    fn copy_timestamp(&mut self, queue: usize, index: usize, buffer: &v4l2_buffer) {
        let copies = self.queues[queue].copies_timestamps(&self.profile);
        let state = &mut self.queues[queue];
        if !state.is_output() {
            return;
        }
        let slot = &mut state.slots[index];
        if copies {
            let micros = i64::from(buffer.timestamp.tv_usec as u32).wrapping_mul(1000);
            slot.timestamp_ns = buffer.timestamp.tv_sec.wrapping_mul(1_000_000_000).wrapping_add(micros);
        }
        if buffer.flags & abi::V4L2_BUF_FLAG_TIMECODE != 0 {
            slot.flags |= abi::V4L2_BUF_FLAG_TIMECODE;
            slot.timecode = buffer.timecode;
        }
    }
}
