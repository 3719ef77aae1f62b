//! VIDIOC_STREAMON, VIDIOC_STREAMOFF, and starting the driver.

use crate::errno::SimErrno;

use super::Node;
use super::slot::State;

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_STREAMON`: EBUSY if another file owns the queue or file I/O is going on; EINVAL without a queue of this type, or
    /// if too few buffers are allocated; and whatever starting the driver may fail with.
    pub(super) fn stream_on(&mut self, file: usize, buffer_type: u32) -> Result<(), SimErrno> {
        let queue = self.enter_stream(file, buffer_type)?;
        self.core_stream_on(queue)
    }

    pub(super) fn core_stream_on(&mut self, queue: usize) -> Result<(), SimErrno> {
        let state = &self.queues[queue];
        if state.streaming {
            return Ok(());
        }
        if state.count == 0 || state.count < self.profile.min_queued {
            return Err(SimErrno::EINVAL);
        }
        if let Some(error) = self.inject.prepare_streaming.take() {
            return Err(error);
        }
        if state.queued_count() >= self.profile.min_queued {
            self.start(queue)?;
        }
        self.queues[queue].streaming = true;
        Ok(())
    }

    /// `VIDIOC_STREAMOFF`: EBUSY if another file owns the queue or file I/O is going on; EINVAL without a queue of this type.
    pub(super) fn stream_off(&mut self, file: usize, buffer_type: u32) -> Result<(), SimErrno> {
        let queue = self.enter_stream(file, buffer_type)?;
        let state = &mut self.queues[queue];
        state.cancel();
        state.waiting_for_buffers = !state.is_output();
        state.last_dequeued = false;
        Ok(())
    }

    fn enter_stream(&self, file: usize, buffer_type: u32) -> Result<usize, SimErrno> {
        let queue = self.queue_of_type(file, buffer_type).unwrap_or(self.file_queue(file));
        self.not_owner(queue, file)?;
        let state = &self.queues[queue];
        if state.file_io {
            return Err(SimErrno::EBUSY);
        }
        if state.buffer_type != buffer_type { Err(SimErrno::EINVAL) } else { Ok(queue) }
    }

    /// Hands everything queued to the driver and starts it. On failure all come back, in their order.
    pub(super) fn start(&mut self, queue: usize) -> Result<(), SimErrno> {
        if let Some(error) = self.inject.start.take() {
            return Err(error);
        }
        let state = &mut self.queues[queue];
        state.started = true;
        state.sequence = self.inject.first_sequence;
        self.give_to_driver(queue);
        Ok(())
    }

    /// Queued buffers become active.
    pub(super) fn give_to_driver(&mut self, queue: usize) {
        let state = &mut self.queues[queue];
        while let Some(index) = state.queued.pop(&mut state.slots) {
            state.slots[index].state = State::Active;
            state.active.push(&mut state.slots, index);
        }
    }
}
