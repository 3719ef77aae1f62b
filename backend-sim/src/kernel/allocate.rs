//! VIDIOC_REQBUFS, VIDIOC_CREATE_BUFS, VIDIOC_REMOVE_BUFS, and freeing.

use vidbuf::{BufferCapabilities, MAX_PLANES};
use vidbuf_abi::buffer::{self as abi, v4l2_create_buffers, v4l2_remove_buffers, v4l2_requestbuffers};
use vidbuf_abi::format::v4l2_format;

use crate::errno::SimErrno;
use crate::profile::{Cookies, Flow};

use super::buffer_type::is_multiplanar;
use super::slot::{PlaneSlot, Slot, State};
use super::{Node, chunk};

/// The number of planes in a format, and what they need room for.
fn sizes(format: &v4l2_format) -> (u32, [u32; MAX_PLANES]) {
    if is_multiplanar(format.type_) {
        let pix = format.fmt.pix_mp();
        (u32::from(pix.num_planes).min(MAX_PLANES as u32), pix.plane_fmt.map(|plane| plane.sizeimage))
    } else {
        (1, core::array::from_fn(|plane| if plane == 0 { format.fmt.pix().sizeimage } else { 0 }))
    }
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_REQBUFS`: EINVAL without a queue of this type or such memory, or if the driver refuses; EBUSY if another file owns
    /// the queue, it streams, or file I/O is going on; ENOMEM without memory, and then the buffers that there were are gone.
    pub(super) fn request_buffers(&mut self, file: usize, request: &mut v4l2_requestbuffers) -> Result<(), SimErrno> {
        let queue = self.queue_of_type(file, request.type_).ok_or(SimErrno::EINVAL)?;
        self.become_active(queue, file)?;
        self.verify_memory(queue, request.memory)?;
        self.not_owner(queue, file)?;
        let (capabilities, flags) = self.capabilities(request.memory, u32::from(request.flags));
        let count = self.core_request(queue, request.memory, flags, request.count)?;
        request.count = count;
        request.capabilities = capabilities;
        request.flags = flags as u8;
        request.reserved = [0; 3];
        if self.profile.flow != Flow::MemoryToMemory {
            self.queues[queue].owner = (count > 0).then_some(file as u8);
        }
        Ok(())
    }

    fn verify_memory(&self, queue: usize, memory: u32) -> Result<(), SimErrno> {
        let needed = match memory {
            abi::V4L2_MEMORY_MMAP => BufferCapabilities::MMAP,
            abi::V4L2_MEMORY_USERPTR => BufferCapabilities::USERPTR,
            abi::V4L2_MEMORY_DMABUF => BufferCapabilities::DMABUF,
            _ => return Err(SimErrno::EINVAL),
        };
        if !self.profile.capabilities.contains(needed) {
            return Err(SimErrno::EINVAL);
        }
        if self.queues[queue].file_io { Err(SimErrno::EBUSY) } else { Ok(()) }
    }

    /// REQBUFS below the ownership check; file I/O comes in here too.
    pub(super) fn core_request(&mut self, queue: usize, memory: u32, flags: u32, count: u32) -> Result<u32, SimErrno> {
        let state = &mut self.queues[queue];
        if state.streaming || (state.sleeper && count > 0) {
            return Err(SimErrno::EBUSY);
        }
        let coherency = flags != 0;
        let other = state.memory != 0 && (state.memory != memory || state.non_coherent != coherency);
        if count == 0 || state.count != 0 || other {
            state.cancel();
            self.free(queue, 0, BUFFERS);
            self.queues[queue].busy = false;
            if count == 0 {
                return Ok(0);
            }
        }
        let floor = self.request_floor();
        let mut wanted = count.max(floor).min(self.max_buffers());
        let state = &mut self.queues[queue];
        state.memory = memory;
        state.non_coherent = coherency;
        let (planes, sizes) = self.queue_setup(queue, &mut wanted, None).inspect_err(|_| {
            self.queues[queue].memory = 0;
        })?;
        let (first, made) = self.allocate(queue, wanted, planes, &sizes);
        if made == 0 {
            self.queues[queue].memory = 0;
            return Err(SimErrno::ENOMEM);
        }
        let enough = made >= floor && (made >= wanted || self.accepts_fewer(queue, made));
        if !enough {
            self.free(queue, first, first + made as usize);
            return Err(SimErrno::ENOMEM);
        }
        let state = &mut self.queues[queue];
        state.waiting_for_buffers = !state.is_output();
        state.busy = true;
        Ok(made)
    }

    /// Asks the driver's set-up again whether a smaller number will do.
    fn accepts_fewer(&mut self, queue: usize, made: u32) -> bool {
        let before = self.queues[queue].count - made;
        self.kernel.separate_floor || before + made >= self.profile.min_setup
    }

    pub(super) fn request_floor(&self) -> u32 {
        if !self.kernel.separate_floor {
            self.profile.min_queued
        } else if self.profile.min_queued == 0 {
            self.profile.min_requested.max(1)
        } else {
            self.profile.min_requested.max(self.profile.min_queued.saturating_add(1))
        }
    }

    /// `VIDIOC_CREATE_BUFS`: EINVAL without a queue of this type or such memory, with another memory than the buffers have that
    /// there are, and with sizes that are too small; EBUSY if another file owns the queue or file I/O is going on; ENOBUFS if
    /// there can be no more; ENOMEM without memory.
    pub(super) fn create_buffers(&mut self, file: usize, create: &mut v4l2_create_buffers) -> Result<(), SimErrno> {
        let queue = self.queue_of_type(file, create.format.type_).ok_or(SimErrno::EINVAL)?;
        if create.count > 0 {
            self.become_active(queue, file)?;
        }
        let verified = self.verify_memory(queue, create.memory);
        let (mut capabilities, flags) = self.capabilities(create.memory, create.flags);
        if self.kernel.tells_maximum {
            capabilities |= BufferCapabilities::MAX_NUM_BUFFERS.bits();
        }
        create.index = self.queues[queue].count;
        (create.capabilities, create.flags) = (capabilities, flags);
        create.max_num_buffers = if self.kernel.tells_maximum { self.max_buffers() } else { 0 };
        if create.count > 0 {
            verified?;
            self.not_owner(queue, file)?;
            let (planes, sizes) = sizes(&create.format);
            if planes == 0 || sizes.iter().take(planes as usize).any(|size| *size == 0) {
                return Err(SimErrno::EINVAL);
            }
            let (first, made) = self.core_create(queue, create.memory, flags, create.count, (planes, sizes))?;
            (create.index, create.count) = (first, made);
            if self.profile.flow != Flow::MemoryToMemory {
                self.queues[queue].owner = Some(file as u8);
            }
        } else if let Err(error) = verified
            && error != SimErrno::EBUSY
        {
            return Err(error);
        }
        Ok(())
    }

    fn core_create(
        &mut self,
        queue: usize,
        memory: u32,
        flags: u32,
        count: u32,
        asked: (u32, [u32; MAX_PLANES]),
    ) -> Result<(u32, u32), SimErrno> {
        let most = self.max_buffers();
        let state = &mut self.queues[queue];
        let coherency = flags != 0;
        if state.count >= most {
            return Err(SimErrno::ENOBUFS);
        }
        let first_ever = state.count == 0;
        if first_ever {
            if state.sleeper {
                return Err(SimErrno::EBUSY);
            }
            state.memory = memory;
            state.waiting_for_buffers = !state.is_output();
            state.non_coherent = coherency;
        } else if state.memory != memory || state.non_coherent != coherency {
            return Err(SimErrno::EINVAL);
        }
        let mut wanted = count.min(most - state.count);
        let made = match self.queue_setup(queue, &mut wanted, Some(asked)) {
            Ok((planes, sizes)) => match self.allocate(queue, wanted, planes, &sizes) {
                (_, 0) => Err(SimErrno::ENOMEM),
                made => Ok(made),
            },
            Err(error) => Err(error),
        };
        let (first, made) = made.inspect_err(|_| {
            if first_ever {
                self.queues[queue].memory = 0;
            }
        })?;
        if made < wanted && !self.accepts_fewer(queue, made) {
            self.free(queue, first, first + made as usize);
            return Err(SimErrno::ENOMEM);
        }
        self.queues[queue].busy = true;
        Ok((first as u32, made))
    }

    /// `VIDIOC_REMOVE_BUFS`: EINVAL without a queue of this type, or if a buffer of the range does not exist; EBUSY if another file
    /// owns the queue, file I/O is going on, or a buffer of the range is queued.
    pub(super) fn remove_buffers(&mut self, file: usize, remove: &v4l2_remove_buffers) -> Result<(), SimErrno> {
        let queue = self.queue_of_type(file, remove.type_).ok_or(SimErrno::EINVAL)?;
        if remove.count == 0 {
            return Ok(());
        }
        self.not_owner(queue, file)?;
        let state = &self.queues[queue];
        if state.file_io {
            return Err(SimErrno::EBUSY);
        }
        if remove.count > state.count || remove.index > self.max_buffers() - remove.count {
            return Err(SimErrno::EINVAL);
        }
        let range = remove.index as usize..(remove.index + remove.count) as usize;
        for slot in &state.slots[range.clone()] {
            match slot.state {
                State::Absent => return Err(SimErrno::EINVAL),
                State::Dequeued => {}
                _ => return Err(SimErrno::EBUSY),
            }
        }
        self.free(queue, range.start, range.end);
        Ok(())
    }

    /// Makes up to `count` buffers in the first room that is long enough, else in a shorter one.
    fn allocate(&mut self, queue: usize, count: u32, planes: u32, sizes: &[u32; MAX_PLANES]) -> (usize, u32) {
        let most = self.max_buffers() as usize;
        let slots = &self.queues[queue].slots[..most];
        let mut count = (count as usize).min(most - (self.queues[queue].count as usize).min(most));
        let first = loop {
            if count == 0 {
                return (0, 0);
            }
            let mut run = 0;
            let found = slots.iter().position(|slot| {
                run = if slot.state == State::Absent { run + 1 } else { 0 };
                run == count
            });
            match found {
                Some(last) => break last + 1 - count,
                None => count -= 1,
            }
        };
        if let Some(limit) = self.inject.allocation_limit {
            count = count.min(limit as usize);
        }
        let mut made = 0;
        for index in first..first + count {
            if !self.make(queue, index, planes, sizes) {
                break;
            }
            made += 1;
        }
        (first, made)
    }

    /// Makes one buffer.
    fn make(&mut self, queue: usize, index: usize, planes: u32, sizes: &[u32; MAX_PLANES]) -> bool {
        let memory = self.queues[queue].memory;
        let mut slot = Slot { state: State::Dequeued, planes: planes.min(8) as u8, memory, ..Slot::ABSENT };
        #[expect(clippy::needless_range_loop, reason = "two arrays and the allocator go by the same number")]
        for plane in 0..usize::from(slot.planes) {
            slot.plane[plane] = PlaneSlot { length: sizes[plane], minimum: sizes[plane], ..PlaneSlot::EMPTY };
            if memory == abi::V4L2_MEMORY_MMAP {
                let whole = (sizes[plane] as usize).checked_next_multiple_of(self.page);
                let Some(chunk) = whole.and_then(|length| self.chunks.allocate(length)) else {
                    for made in &slot.plane[..plane] {
                        self.chunks.release(made.chunk);
                    }
                    return false;
                };
                slot.plane[plane].chunk = chunk;
            }
        }
        if memory == abi::V4L2_MEMORY_MMAP {
            self.set_cookies(queue, index, &mut slot);
        }
        let state = &mut self.queues[queue];
        state.slots[index] = slot;
        state.count += 1;
        true
    }

    /// From one bit field cookie to the next: a page. No kernel has smaller ones than 4 KiB, and cookies closer than that are no
    /// kernel's.
    pub(super) fn cookie_step(&self) -> u64 {
        self.page.max(4096) as u64
    }

    fn set_cookies(&self, queue: usize, index: usize, slot: &mut Slot) {
        let page = self.page as u64;
        let mut sum = match index.checked_sub(1).map(|before| self.queues[queue].slots[before].planes()) {
            Some([.., last]) => (last.m + u64::from(last.length)).next_multiple_of(page),
            _ => 0,
        };
        for (number, plane) in slot.planes_mut().iter_mut().enumerate() {
            plane.m = match self.kernel.cookies {
                Cookies::RunningSum => sum,
                Cookies::BitFields => (index as u64 * 8 + number as u64) * self.cookie_step(),
            };
            sum = (sum + u64::from(plane.length)).next_multiple_of(page);
        }
    }

    /// Frees buffers from `start` to before `end`. Their memory lives on while somebody else uses it.
    pub(super) fn free(&mut self, queue: usize, start: usize, end: usize) {
        for index in start..end.min(BUFFERS) {
            if self.queues[queue].slots[index].state == State::Absent {
                continue;
            }
            let slot = self.queues[queue].slots[index];
            for plane in slot.planes() {
                if plane.chunk != chunk::NONE {
                    self.chunks.release(plane.chunk);
                }
            }
            let state = &mut self.queues[queue];
            state.slots[index] = Slot::ABSENT;
            state.count -= 1;
        }
        if self.queues[queue].count == 0 {
            self.queues[queue].memory = 0;
        }
    }

    /// The owner's last close.
    pub(super) fn release_queue(&mut self, queue: usize) {
        let state = &mut self.queues[queue];
        state.cancel();
        state.file_io = false;
        state.file_io_at = None;
        state.busy = false;
        state.owner = None;
        self.free(queue, 0, BUFFERS);
    }
}
