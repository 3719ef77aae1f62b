//! VIDIOC_DQBUF.

use crate::errno::SimErrno;

use super::abi::{Buffer, Plane, flags};
use super::slot::State;
use super::{File, Node};

/// How `VIDIOC_DQBUF` ended, if not with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum Dequeue {
    /// The buffer is in the answer.
    Done,
    /// The caller would sleep now, with the queue unlocked. Call again when something has happened.
    WouldSleep,
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_DQBUF`. On a blocking file [`Dequeue::WouldSleep`] stands for the kernel's sleep.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EBUSY`: another file owns the queue; file I/O is going on; another thread sleeps in this call.
    /// - `EINVAL`: not streaming, no queue of this type, or a plane array without room (the buffer is not lost).
    /// - `EIO`: the queue is in error.
    /// - `EPIPE`: the last buffer was dequeued before.
    /// - `EAGAIN`: nothing is ready, on a non-blocking file.
    pub fn dequeue_buffer(
        &mut self,
        file: File,
        buffer: &mut Buffer,
        planes: &mut [Plane],
    ) -> Result<Dequeue, SimErrno> {
        let (file, queue) = self.enter_buffer(file, buffer, planes)?;
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
        buffer: &mut Buffer,
        planes: &mut [Plane],
    ) -> Result<Dequeue, SimErrno> {
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
            return if nonblocking { Err(SimErrno::EAGAIN) } else { Ok(Dequeue::WouldSleep) };
        };
        self.check_planes(queue, index, buffer)?;
        let state = &mut self.queues[queue];
        state.slots[index].prepared = false;
        self.fill(queue, index, buffer, planes);
        let state = &mut self.queues[queue];
        state.done.pop(&mut state.slots);
        state.slots[index].state = State::Dequeued;
        Ok(Dequeue::Done)
    }

    /// What a caller that slept in `VIDIOC_DQBUF` finds when something woke it: the checks of a new call are not made again,
    /// so that an unplugged device is `EINVAL` here (if unplugging stopped the queue) and `ENODEV` in the next call.
    ///
    /// # Errors
    ///
    /// As [`dequeue_buffer`](Self::dequeue_buffer) after its first checks.
    pub fn resume_dequeue(
        &mut self,
        file: File,
        buffer: &mut Buffer,
        planes: &mut [Plane],
    ) -> Result<Dequeue, SimErrno> {
        let queue = self.queue_of(file, buffer.buffer_type).ok_or(SimErrno::EINVAL)?;
        let state = &self.queues[queue];
        if state.streaming && !state.error && state.done.count == 0 {
            // Nothing of this wakes it, not even that another caller has dequeued the last buffer.
            return Ok(Dequeue::WouldSleep);
        }
        let nonblocking = self.mode(self.open_file(file)?).nonblocking;
        self.finish_dequeue(queue, nonblocking, buffer, planes)
    }

    fn finish_dequeue(
        &mut self,
        queue: usize,
        nonblocking: bool,
        buffer: &mut Buffer,
        planes: &mut [Plane],
    ) -> Result<Dequeue, SimErrno> {
        let outcome = self.core_dequeue(queue, nonblocking, buffer, planes);
        if outcome != Ok(Dequeue::WouldSleep) {
            self.look_for_last(queue, buffer.flags);
        }
        if outcome == Ok(Dequeue::Done) {
            buffer.flags &= !flags::DONE;
        }
        outcome
    }

    /// A signal ends the sleep of [`Dequeue::WouldSleep`]: the call fails with `EINTR`.
    pub fn interrupt_dequeue(&mut self, file: File, buffer: &Buffer) -> SimErrno {
        if let Some(queue) = self.queue_of(file, buffer.buffer_type) {
            self.look_for_last(queue, buffer.flags);
        }
        SimErrno::EINTR
    }

    /// The kernel looks at the answer's flags, which after a failure still are the caller's own.
    fn look_for_last(&mut self, queue: usize, told: u32) {
        let last = flags::DONE | flags::LAST;
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
