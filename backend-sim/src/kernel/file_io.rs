//! read and write: the kernel's emulation of them on top of the buffers.

use vidbuf_abi::buffer::{V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_plane};

use vidbuf::Errno;

use super::arena::Arena;
use super::driver::Driver;
use super::queue::slot::{BufferIndex, GivenPlane, State};
use super::queue::{Argument, Queue, foreign::NoForeign};
use super::room::{QueueId, Rooms};
use super::{File, NodeOf, Returned};

/// What `read` or `write` does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub enum Transfer {
    /// Copy `count` bytes, which begin at `offset` in plane 0 of buffer `index`; then call [`NodeOf::transferred`].
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

impl<R: Rooms> NodeOf<R> {
    /// `read` on a capture node, `write` on an output node, of `length` bytes.
    ///
    /// # Errors
    ///
    /// - `EBADF`: not open, or not in this direction.
    /// - `ENODEV`.
    /// - `EINVAL`: the node has no such call.
    /// - `EBUSY`: buffers are allocated, another file owns the queue, or the format has several planes.
    /// - `EAGAIN`: nothing is ready, on a non-blocking file.
    /// - what allocating and starting may fail with.
    pub fn transfer(&mut self, file: File, length: usize) -> Result<Transfer, Errno> {
        let index = self.open_file(file)?;
        let read = !self.is_output(QueueId::FIRST);
        let mode = self.mode(index);
        if !(if read { mode.read } else { mode.write }) {
            return Err(Errno::EBADF);
        }
        let file = self.enter(file)?;
        if !self.driver.profile.read_write {
            return Err(Errno::EINVAL);
        }
        let id = self.room.find(0).ok_or(Errno::EINVAL)?;
        let held = self.held();
        let Self { driver, room, .. } = self;
        let (queue, arena) = room.queue_and_arena(id);
        if queue.owner.is_some_and(|owner| usize::from(owner) != file) {
            return Err(Errno::EBUSY);
        }
        let outcome = queue.transfer(file as u8, length, mode.nonblocking, driver, arena);
        // A read that finds buffers takes their owner away.
        if read && !queue.file_io && driver.kernel.reads_disown {
            queue.owner = None;
        }
        self.held_changed(held);
        outcome
    }

    /// `count` bytes of what [`transfer`](Self::transfer) offered were copied. A buffer that is used up is queued again.
    ///
    /// # Errors
    ///
    /// What queueing may fail with.
    pub fn transferred(&mut self, count: u32) -> Result<(), Errno> {
        let held = self.held();
        let Self { driver, room, .. } = self;
        let Some(id) = room.find(0) else { return Ok(()) };
        let outcome = room.queue_mut(id).transferred(count, driver);
        self.held_changed(held);
        outcome
    }

    /// read() and write() emulation: allocates, queues everything (read), streams.
    pub(super) fn start_file_io(&mut self, file: usize) -> Result<(), Errno> {
        let held = self.held();
        let Self { driver, room, .. } = self;
        let (queue, arena) = room.queue_and_arena(room.find(0).ok_or(Errno::EINVAL)?);
        let outcome = queue.start_file_io(file as u8, driver, arena);
        self.held_changed(held);
        outcome
    }
}

impl Queue {
    fn transfer(
        &mut self,
        file: u8,
        length: usize,
        nonblocking: bool,
        driver: &mut Driver,
        arena: &mut Arena,
    ) -> Result<Transfer, Errno> {
        if self.sleeper {
            return Err(Errno::EBUSY);
        }
        if !self.file_io {
            self.start_file_io(file, driver, arena)?;
        }
        let (index, position) = match self.file_io_at {
            Some(at) => at,
            None => match self.next_file_io_buffer(nonblocking, driver, arena)? {
                Some(at) => at,
                None => return Ok(Transfer::WouldSleep),
            },
        };
        self.file_io_at = Some((index, position));
        let size = self.file_io_size(index);
        let count = (length as u64).min(u64::from(size.saturating_sub(position))) as u32;
        Ok(Transfer::Bytes { index: u32::from(index), offset: position, count })
    }

    fn transferred(&mut self, count: u32, driver: &mut Driver) -> Result<(), Errno> {
        let Some((index, position)) = self.file_io_at else { return Ok(()) };
        let position = position.saturating_add(count);
        self.file_io_at = Some((index, position));
        if position < self.file_io_size(index) {
            return Ok(());
        }
        // Seen if queueing fails before the driver is asked.
        if let Some(slot) = self.slots.get_mut(usize::from(index)) {
            slot.plane[0].bytesused = position;
        }
        self.enqueue_for_file_io(BufferIndex::at(index.into()), driver)?;
        if self.file_io_fresh < self.count {
            self.file_io_fresh += 1;
        }
        self.file_io_at = None;
        Ok(())
    }

    /// A buffer that was never used, else one that the driver gives back; `None`: the caller would sleep.
    fn next_file_io_buffer(
        &mut self,
        nonblocking: bool,
        driver: &Driver,
        arena: &Arena,
    ) -> Result<Option<(u16, u32)>, Errno> {
        if self.file_io_fresh < self.count {
            return Ok(Some((self.file_io_fresh as u16, 0)));
        }
        let planes = &mut [v4l2_plane::default()];
        let buffer =
            &mut v4l2_buffer { type_: self.buffer_type, memory: V4L2_MEMORY_MMAP, length: 1, ..Default::default() };
        let taken = self.take(&mut Argument { buffer, planes }, driver, arena)?;
        if taken.unless(nonblocking)? == Returned::WouldSleep {
            return Ok(None);
        }
        let index = buffer.index as u16;
        let skip = if !self.is_output() && self.is_multiplanar() { planes[0].data_offset } else { 0 };
        Ok(Some((index, if skip < self.file_io_size(index) { skip } else { 0 })))
    }

    /// Where the bytes of a file I/O buffer end.
    fn file_io_size(&self, index: u16) -> u32 {
        let slot = self.slots.get(usize::from(index)).filter(|slot| slot.state == State::Dequeued);
        slot.map_or(0, |slot| {
            let plane = &slot.plane[0];
            if self.is_output() { plane.length } else { plane.bytesused.min(plane.length) }
        })
    }

    fn start_file_io(&mut self, file: u8, driver: &mut Driver, arena: &mut Arena) -> Result<(), Errno> {
        if self.streaming || self.count > 0 {
            return Err(Errno::EBUSY);
        }
        let read = !self.is_output();
        let count = if driver.kernel.separate_floor { driver.request_floor() } else { 1 };
        let count = self.request(driver, arena, V4L2_MEMORY_MMAP, 0, count)?;
        let begun = self.begin_file_io(if read { count } else { 0 }, driver);
        if let Err(error) = begun {
            // Nothing streams and no call sleeps, so this frees.
            let _ = self.request(driver, arena, V4L2_MEMORY_MMAP, 0, 0);
            return Err(error);
        }
        self.file_io = true;
        self.file_io_at = None;
        self.file_io_fresh = if read { count } else { 0 };
        self.owner = Some(file);
        Ok(())
    }

    /// Queues the first buffers and streams.
    fn begin_file_io(&mut self, queued: u32, driver: &mut Driver) -> Result<(), Errno> {
        if self.slots[0].planes != 1 {
            return Err(Errno::EBUSY);
        }
        for place in 0..queued as usize {
            self.enqueue_for_file_io(BufferIndex::at(place), driver)?;
        }
        let other = driver.is_sent_other_than(&self.format);
        self.stream_on(driver, other).inspect_err(|_| self.cancel())
    }

    /// File I/O's own way of queueing: nothing is reported. The number of bytes written does not reach the driver: the
    /// buffer has the size that a program gave in VIDIOC_QBUF, and there was none. A driver that needs whole pictures refuses it.
    fn enqueue_for_file_io(&mut self, index: BufferIndex, driver: &mut Driver) -> Result<(), Errno> {
        let mut given = [GivenPlane::default(); vidbuf::backend::MAX_PLANES];
        if self.error {
            return Err(Errno::EIO);
        }
        self.uses_queueing = true;
        self.prepare(index, &mut given, driver, &mut NoForeign)?;
        self.append(index);
        if self.started {
            self.give_to_driver();
        } else if self.streaming && self.queued_count() >= driver.profile.min_queued {
            self.start(driver)?;
        }
        Ok(())
    }
}
