//! The calls about buffers, up to the queue: whose it is, and whether it is this file's to use.

use vidbuf::Errno;
use vidbuf::backend::MAX_PLANES;
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::{v4l2_buffer, v4l2_create_buffers, v4l2_plane, v4l2_remove_buffers, v4l2_requestbuffers};
use vidbuf_abi::format::v4l2_format;
use vidbuf_abi::value::Value as _;

use crate::profile::Flow;

use super::buffer_type::is_multiplanar;
use super::queue::foreign::Foreign;
use super::queue::{Argument, Around, Queue};
use super::room::{QueueId, Rooms};
use super::{File, NodeOf, Returned};

/// The number of planes in a format, and what they need room for.
fn sizes(format: &v4l2_format) -> (u32, [u32; MAX_PLANES]) {
    if is_multiplanar(format.type_) {
        let pix = format.fmt.pix_mp();
        (u32::from(pix.num_planes).min(MAX_PLANES as u32), pix.plane_fmt.map(|plane| plane.sizeimage))
    } else {
        (1, core::array::from_fn(|plane| if plane == 0 { format.fmt.pix().sizeimage } else { 0 }))
    }
}

impl<R: Rooms> NodeOf<R> {
    /// `VIDIOC_REQBUFS`: EINVAL without a queue of this type or such memory, or if the driver refuses; EBUSY if another file owns
    /// the queue, it streams, or file I/O is going on; ENOMEM without memory, and then the buffers that there were are gone.
    pub(super) fn request_buffers(&mut self, file: usize, request: &mut v4l2_requestbuffers) -> Result<(), Errno> {
        let id = self.queue_of_type(file, request.type_).ok_or(Errno::EINVAL)?;
        self.become_active(id, file)?;
        self.room.queue(id).verify_memory(&self.driver, request.memory)?;
        self.check_owner(id, file)?;
        let (capabilities, flags) = self.driver.capabilities(request.memory, u32::from(request.flags));
        let Self { driver, room, .. } = self;
        let (queue, arena) = room.queue_and_arena(id);
        request.count = queue.request(driver, arena, request.memory, flags, request.count)?;
        request.capabilities = capabilities;
        request.flags = flags as u8;
        request.reserved = [0; 3];
        if driver.profile.flow != Flow::MemoryToMemory {
            queue.owner = (request.count > 0).then_some(file as u8);
        }
        Ok(())
    }

    /// `VIDIOC_CREATE_BUFS`: EINVAL without a queue of this type or such memory, with another memory than the buffers have that
    /// there are, and with sizes that are too small; EBUSY if another file owns the queue or file I/O is going on; ENOBUFS if
    /// there can be no more; ENOMEM without memory.
    pub(super) fn create_buffers(&mut self, file: usize, create: &mut v4l2_create_buffers) -> Result<(), Errno> {
        let id = self.queue_of_type(file, create.format.type_).ok_or(Errno::EINVAL)?;
        if create.count > 0 {
            self.become_active(id, file)?;
        }
        let queue = self.room.queue(id);
        let verified = queue.verify_memory(&self.driver, create.memory);
        let (mut capabilities, flags) = self.driver.capabilities(create.memory, create.flags);
        create.index = queue.count;
        create.max_num_buffers = 0;
        if self.driver.kernel.tells_maximum {
            capabilities |= BufferCapabilities::MAX_NUM_BUFFERS.bits();
            create.max_num_buffers = queue.most(&self.driver);
        }
        (create.capabilities, create.flags) = (capabilities, flags);
        if create.count == 0 {
            return match verified {
                Err(Errno::EBUSY) => Ok(()),
                other => other,
            };
        }
        verified?;
        self.check_owner(id, file)?;
        let (planes, sizes) = sizes(&create.format);
        if planes == 0 || sizes.iter().take(planes as usize).any(|size| *size == 0) {
            return Err(Errno::EINVAL);
        }
        let Self { driver, room, .. } = self;
        let (queue, arena) = room.queue_and_arena(id);
        (create.index, create.count) =
            queue.create(driver, arena, (create.memory, flags), create.count, (planes, sizes))?;
        if driver.profile.flow != Flow::MemoryToMemory {
            queue.owner = Some(file as u8);
        }
        Ok(())
    }

    /// `VIDIOC_REMOVE_BUFS`: EINVAL without a queue of this type, or if a buffer of the range does not exist; EBUSY if another file
    /// owns the queue, file I/O is going on, or a buffer of the range is queued.
    pub(super) fn remove_buffers(&mut self, file: usize, remove: &v4l2_remove_buffers) -> Result<(), Errno> {
        let id = self.queue_of_type(file, remove.type_).ok_or(Errno::EINVAL)?;
        if remove.count == 0 {
            return Ok(());
        }
        self.check_owner(id, file)?;
        let (queue, arena) = self.room.queue_and_arena(id);
        queue.remove(&self.driver, arena, remove.index, remove.count)
    }

    /// `VIDIOC_QUERYBUF`: EINVAL without a queue of this type, such a buffer, or room for its planes.
    pub(super) fn query_buffer(&self, file: usize, argument: &mut Argument<'_>) -> Result<(), Errno> {
        let id = self.check_buffer_call(file, argument)?;
        if self.needs_active() {
            self.check_owner(id, file)?;
        }
        let queue = self.room.queue(id);
        queue.check_type(argument.buffer.type_)?;
        let index = queue.find(argument.buffer.index).ok_or(Errno::EINVAL)?;
        queue.check_planes(index, argument.buffer)?;
        queue.fill(index, &self.driver, self.room.arena(), argument);
        Ok(())
    }

    /// The queue of a call that needs its owner.
    fn own_queue(&self, file: usize, argument: &Argument<'_>) -> Result<QueueId, Errno> {
        let id = self.check_buffer_call(file, argument)?;
        self.check_owner(id, file)?;
        Ok(id)
    }

    /// The queue of a call that hands a buffer over (its owner's), and what it is given for that.
    pub(super) fn own_queue_and_around<'a>(
        &'a mut self,
        file: usize,
        argument: &Argument<'_>,
        foreign: &'a mut dyn Foreign,
    ) -> Result<(&'a mut Queue, Around<'a>), Errno> {
        let id = self.own_queue(file, argument)?;
        let (queue, arena) = self.room.queue_and_arena(id);
        Ok((queue, Around { driver: &mut self.driver, arena, foreign }))
    }

    /// `VIDIOC_DQBUF`: EBUSY if another file owns the queue, file I/O is going on, or another thread sleeps in this call; EINVAL if
    /// it does not stream, without a queue of this type, and with a plane array without room (the buffer is not lost); EIO if the
    /// queue is in error; EPIPE if the last buffer was dequeued before; EAGAIN if nothing is ready, on a non-blocking file.
    #[inline(always)]
    pub(super) fn dequeue_buffer(&mut self, file: usize, argument: &mut Argument<'_>) -> Result<Returned, Errno> {
        let id = self.own_queue(file, argument)?;
        let nonblocking = self.mode(file).nonblocking;
        let (queue, arena) = self.room.queue_and_arena(id);
        if queue.file_io {
            return Err(Errno::EBUSY);
        }
        queue.check_type(argument.buffer.type_)?;
        queue.dequeue(nonblocking, argument, &self.driver, arena)
    }

    /// What a caller that slept in `VIDIOC_DQBUF` finds when something woke it: the checks of a new call are not made again,
    /// so that an unplugged device is `EINVAL` here (if unplugging stopped the queue) and `ENODEV` in the next call. The argument is
    /// that of the [`ioctl`](Self::ioctl) that returned [`Returned::WouldSleep`].
    ///
    /// # Errors
    ///
    /// As VIDIOC_DQBUF after its first checks.
    pub fn resume_dequeue(
        &mut self,
        file: File,
        argument: &mut [u8],
        planes: &mut [v4l2_plane],
    ) -> Result<Returned, Errno> {
        let mut buffer = v4l2_buffer::read(argument).ok_or(Errno::EFAULT)?;
        let id = self.queue_of_type(file.index(), buffer.type_).ok_or(Errno::EINVAL)?;
        if self.room.queue(id).sleeps_on() {
            return Ok(Returned::WouldSleep);
        }
        let nonblocking = self.mode(self.open_file(file)?).nonblocking;
        let (queue, arena) = self.room.queue_and_arena(id);
        let returned =
            queue.dequeue(nonblocking, &mut Argument { buffer: &mut buffer, planes }, &self.driver, arena)?;
        if returned == Returned::Done {
            buffer.write(argument).ok_or(Errno::EFAULT)?;
        }
        Ok(returned)
    }

    /// A signal ends the sleep of [`Returned::WouldSleep`]: the call fails with `EINTR`. The argument is the call's.
    pub fn interrupt_dequeue(&mut self, file: File, argument: &[u8]) -> Errno {
        if let Some(buffer) = v4l2_buffer::read(argument)
            && let Some(id) = self.queue_of_type(file.index(), buffer.type_)
        {
            self.room.queue_mut(id).look_for_last(buffer.flags);
        }
        Errno::EINTR
    }

    /// `VIDIOC_STREAMON`: EBUSY if another file owns the queue or file I/O is going on; EINVAL without a queue of this type, or
    /// if too few buffers are allocated; and whatever starting the driver may fail with.
    pub(super) fn stream_on(&mut self, file: usize, buffer_type: u32) -> Result<(), Errno> {
        let id = self.check_stream_call(file, buffer_type)?;
        let pictures = self.queue_for(file, false).map(|queue| self.room.queue(queue));
        let other = pictures.is_some_and(|queue| self.driver.is_sent_other_than(&queue.format));
        self.room.queue_mut(id).stream_on(&mut self.driver, other)
    }

    /// `VIDIOC_STREAMOFF`: EBUSY if another file owns the queue or file I/O is going on; EINVAL without a queue of this type.
    pub(super) fn stream_off(&mut self, file: usize, buffer_type: u32) -> Result<(), Errno> {
        let id = self.check_stream_call(file, buffer_type)?;
        self.room.queue_mut(id).stream_off();
        Ok(())
    }

    fn check_stream_call(&self, file: usize, buffer_type: u32) -> Result<QueueId, Errno> {
        let id = self.queue_of_call(file, buffer_type)?;
        self.check_owner(id, file)?;
        let queue = self.room.queue(id);
        if queue.file_io {
            return Err(Errno::EBUSY);
        }
        queue.check_type(buffer_type)?;
        Ok(id)
    }
}
