//! Open files: references from descriptors and mappings, access mode, unplug.

use vidbuf_abi::capability::{V4L2_PRIORITY_BACKGROUND, V4L2_PRIORITY_DEFAULT, V4L2_PRIORITY_RECORD};

use crate::profile::Flow;
use vidbuf::Errno;

use super::NodeOf;
use super::arena::Arena;
use super::queue::Queue;
use super::room::Rooms;

/// An open file: what `open` made and `dup` shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct File(u8);

impl File {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a file was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs)]
pub struct OpenMode {
    pub read: bool,
    pub write: bool,
    /// `O_NONBLOCK`.
    pub nonblocking: bool,
}

impl OpenMode {
    /// `O_RDWR`.
    pub const READ_WRITE: Self = Self { read: true, write: true, nonblocking: false };
    /// `O_RDWR | O_NONBLOCK`.
    pub const NONBLOCKING: Self = Self { read: true, write: true, nonblocking: true };
    /// `O_RDONLY`.
    pub const READ_ONLY: Self = Self { read: true, write: false, nonblocking: false };
    /// `O_WRONLY`.
    pub const WRITE_ONLY: Self = Self { read: false, write: true, nonblocking: false };
}

#[derive(Clone, Copy, Debug)]
pub struct FileSlot {
    pub mode: OpenMode,
    pub descriptors: u16,
    pub mappings: u16,
    /// `V4L2_PRIORITY_*`.
    pub priority: u8,
    /// How many events were offered to it, which is the number of the next.
    pub event_sequence: u32,
    /// Opened before the device was unplugged and plugged in again: it stays gone for this file.
    pub stale: bool,
}

impl FileSlot {
    pub const CLOSED: Self =
        Self { mode: OpenMode::READ_WRITE, descriptors: 0, mappings: 0, priority: 0, event_sequence: 0, stale: false };

    pub fn is_free(&self) -> bool {
        self.descriptors == 0 && self.mappings == 0
    }
}

impl<R: Rooms> NodeOf<R> {
    /// `open`.
    ///
    /// # Errors
    ///
    /// - `ENODEV`: unplugged.
    /// - `ENFILE`: `FILES` files are open (memory-to-memory: as many as there are pairs of queues).
    pub fn open(&mut self, mode: OpenMode) -> Result<File, Errno> {
        if self.gone {
            return Err(Errno::ENODEV);
        }
        let room = match self.driver.profile.flow {
            Flow::MemoryToMemory => self.queues().count() / 2,
            _ => self.room.files().len(),
        };
        let index = self.room.files().iter().take(room).position(FileSlot::is_free).ok_or(Errno::ENFILE)?;
        self.room.files_mut()[index] =
            FileSlot { mode, descriptors: 1, priority: V4L2_PRIORITY_DEFAULT as u8, ..FileSlot::CLOSED };
        Ok(File(index as u8))
    }

    /// `dup`: one more descriptor of the same open file.
    ///
    /// # Errors
    ///
    /// - `EBADF`: not open.
    pub fn dup(&mut self, file: File) -> Result<(), Errno> {
        let slot = self.open_file(file)?;
        let slot = &mut self.room.files_mut()[slot];
        slot.descriptors = slot.descriptors.saturating_add(1);
        Ok(())
    }

    /// `close` of one descriptor. The file lives on while other descriptors or mappings use it.
    ///
    /// # Errors
    ///
    /// - `EBADF`: not open.
    pub fn close(&mut self, file: File) -> Result<(), Errno> {
        let slot = self.open_file(file)?;
        let held = self.held();
        self.room.files_mut()[slot].descriptors -= 1;
        self.release_if_unused(slot);
        self.held_changed(held);
        Ok(())
    }

    /// `fcntl(F_SETFL)`: sets or clears `O_NONBLOCK`.
    ///
    /// # Errors
    ///
    /// - `EBADF`: not open.
    pub fn set_nonblocking(&mut self, file: File, nonblocking: bool) -> Result<(), Errno> {
        let slot = self.open_file(file)?;
        self.room.files_mut()[slot].mode.nonblocking = nonblocking;
        Ok(())
    }

    /// `VIDIOC_S_PRIORITY`: 1 background, 2 interactive (the default), 3 record; EINVAL for others.
    pub(super) fn set_priority(&mut self, file: usize, priority: u32) -> Result<(), Errno> {
        match priority {
            V4L2_PRIORITY_BACKGROUND..=V4L2_PRIORITY_RECORD => self.room.files_mut()[file].priority = priority as u8,
            _ => return Err(Errno::EINVAL),
        }
        Ok(())
    }

    /// `VIDIOC_G_PRIORITY`: the highest priority of any open file.
    pub(super) fn priority(&self) -> u32 {
        let open = self.room.files().iter().filter(|slot| !slot.is_free() && !slot.stale);
        open.map(|slot| u32::from(slot.priority)).max().unwrap_or(0)
    }

    /// Whether this file may change what others see.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EBUSY`: another file has priority.
    pub fn may_change(&self, file: File) -> Result<(), Errno> {
        self.check_priority(self.enter(file)?)
    }

    /// Whether `O_NONBLOCK` is set.
    ///
    /// # Errors
    ///
    /// - `EBADF`: not open.
    pub fn is_nonblocking(&self, file: File) -> Result<bool, Errno> {
        Ok(self.mode(self.open_file(file)?).nonblocking)
    }

    /// Unplugs the device.
    pub fn unplug(&mut self) {
        self.gone = true;
        if self.driver.profile.unplug_cancels {
            self.each_queue(|queue, _| queue.cancel());
        }
    }

    /// Plugs a device in again. For files that were open before, it stays gone: every call fails with ENODEV. Their buffers are
    /// freed; the memory of mapped ones lives on until it is unmapped.
    pub fn replug(&mut self) {
        self.gone = false;
        self.each_queue(|queue, arena| queue.release(arena));
        for slot in self.room.files_mut() {
            slot.stale = !slot.is_free();
        }
    }

    /// Whether the device is unplugged.
    pub fn is_unplugged(&self) -> bool {
        self.gone
    }

    /// Whether the device is gone for this file: unplugged now, or since the file was opened.
    pub fn is_gone(&self, file: File) -> bool {
        self.gone || self.is_stale(file.index())
    }

    pub(super) fn is_stale(&self, file: usize) -> bool {
        self.room.files().get(file).is_some_and(|slot| slot.stale)
    }

    /// Whether a descriptor or a mapping still uses this file.
    pub fn is_alive(&self, file: File) -> bool {
        self.room.files().get(file.index()).is_some_and(|slot| !slot.is_free())
    }

    pub(crate) fn open_file(&self, file: File) -> Result<usize, Errno> {
        match self.room.files().get(file.index()) {
            Some(slot) if slot.descriptors > 0 => Ok(file.index()),
            _ => Err(Errno::EBADF),
        }
    }

    /// The checks of every call: open, and not unplugged.
    pub(crate) fn enter(&self, file: File) -> Result<usize, Errno> {
        let index = self.open_file(file)?;
        if self.gone || self.is_stale(index) { Err(Errno::ENODEV) } else { Ok(index) }
    }

    pub(crate) fn check_priority(&self, file: usize) -> Result<(), Errno> {
        let own = self.room.files()[file].priority;
        match self.room.files().iter().any(|other| !other.is_free() && !other.stale && other.priority > own) {
            true => Err(Errno::EBUSY),
            false => Ok(()),
        }
    }

    pub(crate) fn mode(&self, file: usize) -> OpenMode {
        self.room.files()[file].mode
    }

    pub(crate) fn hold_file(&mut self, file: usize) {
        let slot = &mut self.room.files_mut()[file];
        slot.mappings = slot.mappings.saturating_add(1);
    }

    pub(crate) fn drop_mapping_of_file(&mut self, file: usize) {
        let slot = &mut self.room.files_mut()[file];
        slot.mappings = slot.mappings.saturating_sub(1);
        self.release_if_unused(file);
    }

    fn each_queue(&mut self, mut change: impl FnMut(&mut Queue, &mut Arena)) {
        for number in 0.. {
            let Some(id) = self.room.find(number) else { break };
            let (queue, arena) = self.room.queue_and_arena(id);
            change(queue, arena);
        }
    }

    /// The driver's release, after the last descriptor and the last mapping.
    fn release_if_unused(&mut self, file: usize) {
        let memory_to_memory = self.driver.profile.flow == Flow::MemoryToMemory;
        let empties_ownerless = self.driver.kernel.close_empties_ownerless;
        let slot = &mut self.room.files_mut()[file];
        if !slot.is_free() {
            return;
        }
        self.events.forget(file);
        // Of a stale file, its queue was emptied when the device came back, and is another file's now.
        if !core::mem::take(&mut slot.stale) {
            let numbers = if memory_to_memory { file * 2..file * 2 + 2 } else { 0..1 };
            for number in numbers {
                let Some(id) = self.room.find(number) else { continue };
                let (queue, arena) = self.room.queue_and_arena(id);
                let ownerless = queue.owner.is_none() && empties_ownerless;
                if memory_to_memory || queue.owner == Some(file as u8) || ownerless {
                    queue.release(arena);
                }
            }
        }
        if self.gone && self.driver.profile.replugs && self.room.files().iter().all(FileSlot::is_free) {
            self.gone = false;
        }
    }
}
