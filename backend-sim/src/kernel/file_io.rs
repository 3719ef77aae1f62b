//! read and write: the kernel's emulation of them on top of the buffers.

use vidbuf_abi::buffer::{V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_plane};

use crate::errno::SimErrno;

use super::buffer_type::is_multiplanar;
use super::slot::{GivenPlane, State};
use super::{File, Node, Returned};

/// What `read` or `write` does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum Transfer {
    /// Copy `count` bytes, which begin at `offset` in plane 0 of buffer `index`; then call [`Node::transferred`].
    Bytes {
        /// Buffer of queue 0.
        index: u32,
        /// Bytes from the start of its plane.
        offset: u32,
        /// How many.
        count: u32,
    },
    /// The caller would sleep now. Call again when something has happened.
    WouldSleep,
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `read` on a capture node, `write` on an output node, of `length` bytes.
    ///
    /// # Errors
    ///
    /// - `EBADF`: not open, or not in this direction.
    /// - `ENODEV`.
    /// - `EINVAL`: the node has no such call.
    /// - `EBUSY`: buffers are allocated, another file owns the queue, or the format has several planes.
    /// - `EAGAIN`: nothing is ready, on a non-blocking file.
    /// - what allocating and starting may answer.
    pub fn transfer(&mut self, file: File, length: usize) -> Result<Transfer, SimErrno> {
        let index = self.open_file(file)?;
        let read = !self.queues[0].is_output();
        let mode = self.mode(index);
        if !(if read { mode.read } else { mode.write }) {
            return Err(SimErrno::EBADF);
        }
        let file = self.enter(file)?;
        if !self.profile.read_write {
            return Err(SimErrno::EINVAL);
        }
        if self.queues[0].owner.is_some_and(|owner| usize::from(owner) != file) {
            return Err(SimErrno::EBUSY);
        }
        let outcome = self.transfer_as_owner(file, length, mode.nonblocking, read);
        // Whoever owned the buffers that were in the way of a read does so no longer.
        if read && !self.queues[0].file_io && self.kernel.reads_disown {
            self.queues[0].owner = None;
        }
        outcome
    }

    fn transfer_as_owner(
        &mut self,
        file: usize,
        length: usize,
        nonblocking: bool,
        read: bool,
    ) -> Result<Transfer, SimErrno> {
        if self.queues[0].sleeper {
            return Err(SimErrno::EBUSY);
        }
        if !self.queues[0].file_io {
            self.start_file_io(file, read)?;
        }
        let (index, position) = match self.queues[0].file_io_at {
            Some(at) => at,
            None => match self.next_file_io_buffer(nonblocking, read)? {
                Some(at) => at,
                None => return Ok(Transfer::WouldSleep),
            },
        };
        self.queues[0].file_io_at = Some((index, position));
        let size = self.file_io_size(usize::from(index), read);
        let count = (length as u64).min(u64::from(size.saturating_sub(position))) as u32;
        Ok(Transfer::Bytes { index: u32::from(index), offset: position, count })
    }

    /// `count` bytes of what [`transfer`](Self::transfer) offered were copied. A buffer that is used up is queued again.
    ///
    /// # Errors
    ///
    /// What queueing may answer.
    pub fn transferred(&mut self, count: u32) -> Result<(), SimErrno> {
        let read = !self.queues[0].is_output();
        let Some((index, position)) = self.queues[0].file_io_at else { return Ok(()) };
        let position = position.saturating_add(count);
        self.queues[0].file_io_at = Some((index, position));
        if position < self.file_io_size(usize::from(index), read) {
            return Ok(());
        }
        // Seen if queueing fails before the driver is asked.
        if let Some(slot) = self.queues[0].slots.get_mut(usize::from(index)) {
            slot.plane[0].bytesused = position;
        }
        self.file_io_queue(usize::from(index))?;
        let state = &mut self.queues[0];
        if state.file_io_fresh < state.count {
            state.file_io_fresh += 1;
        }
        state.file_io_at = None;
        Ok(())
    }

    /// A buffer that was never used, else one that the driver gives back; `None`: the caller would sleep.
    fn next_file_io_buffer(&mut self, nonblocking: bool, read: bool) -> Result<Option<(u16, u32)>, SimErrno> {
        let state = &self.queues[0];
        if state.file_io_fresh < state.count {
            return Ok(Some((state.file_io_fresh as u16, 0)));
        }
        let mut planes = [v4l2_plane::default()];
        let mut buffer =
            v4l2_buffer { type_: state.buffer_type, memory: V4L2_MEMORY_MMAP, length: 1, ..Default::default() };
        if self.core_dequeue(0, nonblocking, &mut buffer, &mut planes)? == Returned::WouldSleep {
            return Ok(None);
        }
        let index = buffer.index as u16;
        let skip = if read && is_multiplanar(buffer.type_) { planes[0].data_offset } else { 0 };
        let size = self.file_io_size(usize::from(index), read);
        Ok(Some((index, if skip < size { skip } else { 0 })))
    }

    /// Where the bytes of a file I/O buffer end.
    fn file_io_size(&self, index: usize, read: bool) -> u32 {
        let Some(slot) = self.queues[0].slots.get(index).filter(|slot| slot.state == State::Dequeued) else { return 0 };
        if read { slot.plane[0].bytesused.min(slot.plane[0].length) } else { slot.plane[0].length }
    }

    /// read() and write() emulation: allocates, queues everything (read), streams.
    pub(super) fn start_file_io(&mut self, file: usize, read: bool) -> Result<(), SimErrno> {
        let queue = &self.queues[0];
        if queue.streaming || queue.count > 0 {
            return Err(SimErrno::EBUSY);
        }
        let count = if self.kernel.separate_floor { self.request_floor() } else { 1 };
        let count = self.core_request(0, V4L2_MEMORY_MMAP, 0, count)?;
        let undo = |node: &mut Self, error| {
            // Nothing streams and nobody sleeps, so this frees.
            let _ = node.core_request(0, V4L2_MEMORY_MMAP, 0, 0);
            Err(error)
        };
        if self.queues[0].slots[0].planes != 1 {
            return undo(self, SimErrno::EBUSY);
        }
        if read {
            for index in 0..count as usize {
                if let Err(error) = self.file_io_queue(index) {
                    return undo(self, error);
                }
            }
        }
        if let Err(error) = self.core_stream_on(0) {
            self.queues[0].cancel();
            return undo(self, error);
        }
        let queue = &mut self.queues[0];
        queue.file_io = true;
        queue.file_io_at = None;
        queue.file_io_fresh = if read { count } else { 0 };
        queue.owner = Some(file as u8);
        Ok(())
    }

    /// File I/O's own way of queueing: no answer for anybody. The number of bytes written does not reach the driver: what the
    /// buffer says is what a program said in VIDIOC_QBUF, and there was none. A driver that wants whole pictures refuses.
    pub(super) fn file_io_queue(&mut self, index: usize) -> Result<(), SimErrno> {
        let mut given = [GivenPlane::default(); vidbuf::MAX_PLANES];
        if self.queues[0].error {
            return Err(SimErrno::EIO);
        }
        self.queues[0].uses_queueing = true;
        self.prepare(0, index, &mut given, &mut super::NoForeign)?;
        self.append(0, index);
        if self.queues[0].started {
            self.give_to_driver(0);
        } else if self.queues[0].streaming && self.queues[0].queued_count() >= self.profile.min_queued {
            self.start(0)?;
        }
        Ok(())
    }
}
