//! VIDIOC_DQBUF.

use vidbuf_abi::buffer::{V4L2_BUF_FLAG_DONE, V4L2_BUF_FLAG_LAST, v4l2_buffer, v4l2_plane};
use vidbuf_abi::value::Value;

use crate::errno::SimErrno;

use super::slot::State;
use super::{File, Node, Returned};

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_DQBUF`: EBUSY if another file owns the queue, file I/O is going on, or another thread sleeps in this call; EINVAL if
    /// it does not stream, without a queue of this type, and with a plane array without room (the buffer is not lost); EIO if the
    /// queue is in error; EPIPE if the last buffer was dequeued before; EAGAIN if nothing is ready, on a non-blocking file.
    pub(super) fn dequeue_buffer(
        &mut self,
        file: usize,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
    ) -> Result<Returned, SimErrno> {
        let queue = self.enter_buffer(file, buffer, planes)?;
        self.not_owner(queue, file)?;
        if self.queues[queue].file_io {
            return Err(SimErrno::EBUSY);
        }
        self.check_type(queue, buffer)?;
        self.finish_dequeue(queue, self.mode(file).nonblocking, buffer, planes)
    }

    pub(super) fn core_dequeue(
        &mut self,
        queue: usize,
        nonblocking: bool,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
    ) -> Result<Returned, SimErrno> {
        let state = &self.queues[queue];
        if state.sleeper {
            return Err(SimErrno::EBUSY);
        }
        if !state.streaming {
            return Err(SimErrno::EINVAL);
        }
        if state.error {
            return Err(SimErrno::EIO);
        }
        if state.last_dequeued {
            return Err(SimErrno::EPIPE);
        }
        let Some(index) = state.done.first() else {
            return if nonblocking { Err(SimErrno::EAGAIN) } else { Ok(Returned::WouldSleep) };
        };
        self.check_planes(queue, index, buffer)?;
        let state = &mut self.queues[queue];
        state.slots[index].prepared = false;
        self.fill(queue, index, buffer, planes);
        let state = &mut self.queues[queue];
        state.done.pop(&mut state.slots);
        state.slots[index].state = State::Dequeued;
        Ok(Returned::Done)
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
    ) -> Result<Returned, SimErrno> {
        let mut buffer = v4l2_buffer::read(argument).ok_or(SimErrno::EFAULT)?;
        let returned = self.resume(file, &mut buffer, planes)?;
        if returned == Returned::Done {
            // There is room: it was read from there.
            let _ = buffer.write(argument);
        }
        Ok(returned)
    }

    fn resume(
        &mut self,
        file: File,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
    ) -> Result<Returned, SimErrno> {
        let queue = self.queue_of(file, buffer.type_).ok_or(SimErrno::EINVAL)?;
        let state = &self.queues[queue];
        if state.streaming && !state.error && state.done.count == 0 {
            // Nothing of this wakes it, not even that another caller has dequeued the last buffer.
            return Ok(Returned::WouldSleep);
        }
        let nonblocking = self.mode(self.open_file(file)?).nonblocking;
        self.finish_dequeue(queue, nonblocking, buffer, planes)
    }

    fn finish_dequeue(
        &mut self,
        queue: usize,
        nonblocking: bool,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
    ) -> Result<Returned, SimErrno> {
        let outcome = self.core_dequeue(queue, nonblocking, buffer, planes);
        if outcome != Ok(Returned::WouldSleep) {
            self.look_for_last(queue, buffer.flags);
        }
        if outcome == Ok(Returned::Done) {
            buffer.flags &= !V4L2_BUF_FLAG_DONE;
        }
        outcome
    }

    /// A signal ends the sleep of [`Returned::WouldSleep`]: the call fails with `EINTR`. The argument is the call's.
    pub fn interrupt_dequeue(&mut self, file: File, argument: &[u8]) -> SimErrno {
        if let Some(buffer) = v4l2_buffer::read(argument)
            && let Some(queue) = self.queue_of(file, buffer.type_)
        {
            self.look_for_last(queue, buffer.flags);
        }
        SimErrno::EINTR
    }

    /// The kernel looks at the answer's flags, which after a failure still are the caller's own.
    fn look_for_last(&mut self, queue: usize, told: u32) {
        let last = V4L2_BUF_FLAG_DONE | V4L2_BUF_FLAG_LAST;
        if !self.queues[queue].is_output() && told & last == last {
            self.queues[queue].last_dequeued = true;
        }
    }

    /// Marks that a thread sleeps in `VIDIOC_DQBUF` of this queue, or that it woke. A second one is refused meanwhile.
    pub fn set_sleeper(&mut self, queue: usize, sleeps: bool) {
        if let Some(state) = self.queues.get_mut(queue) {
            state.sleeper = sleeps;
        }
    }
}
