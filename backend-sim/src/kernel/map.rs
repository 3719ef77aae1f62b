//! mmap and munmap.

use vidbuf_abi::buffer::{V4L2_MEMORY_DMABUF, V4L2_MEMORY_MMAP, V4L2_MEMORY_USERPTR};

use crate::profile::Flow;
use vidbuf::Errno;

use super::queue::foreign::PlaneMemory;
use super::queue::slot::{Slot, State};
use super::room::{QueueId, Rooms};
use super::{File, NodeOf, arena};

/// Bit of a cookie of a memory-to-memory device's capture queue.
const CAPTURE_BIT: u64 = 1 << 30;

/// More than a process has addresses for.
const ADDRESS_SPACE: u64 = 1 << 47;

/// A live mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Mapping {
    slot: u32,
    generation: u32,
}

/// What `mmap` is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Protection {
    /// `PROT_READ`.
    pub read: bool,
    /// `PROT_WRITE`.
    pub write: bool,
    /// `MAP_SHARED`; else `MAP_PRIVATE`.
    pub shared: bool,
}

impl Protection {
    /// `PROT_READ | PROT_WRITE`, `MAP_SHARED`.
    pub const SHARED: Self = Self { read: true, write: true, shared: true };
}

#[derive(Clone, Copy, Debug)]
pub struct MappingSlot {
    chunk: u16,
    file: u8,
    generation: u32,
    /// Whole pages; fewer than the plane has, if the program asked for less.
    bytes: usize,
}

impl MappingSlot {
    pub const FREE: Self = Self { chunk: arena::NONE, file: 0, generation: 0, bytes: 0 };
}

impl<R: Rooms> NodeOf<R> {
    /// `mmap`. `offset` is the cookie of a plane.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `EINVAL`: an offset off the page, no length, a private mapping, a direction that does not fit, no MMAP buffers,
    ///   no such cookie, or longer than the plane.
    /// - `EACCES`: not with the mode the file was opened in.
    /// - `EBUSY`: file I/O is going on.
    /// - `ENOMEM`: no room for another mapping.
    pub fn map(&mut self, file: File, offset: u64, length: u64, protection: Protection) -> Result<Mapping, Errno> {
        let page = self.driver.page as u64;
        if !offset.is_multiple_of(page) {
            return Err(Errno::EINVAL);
        }
        let index = self.open_file(file)?;
        if length == 0 {
            return Err(Errno::EINVAL);
        }
        if length > ADDRESS_SPACE {
            return Err(Errno::ENOMEM);
        }
        let mode = self.mode(index);
        if (protection.shared && protection.write && !mode.write) || !mode.read {
            return Err(Errno::EACCES);
        }
        self.enter(file)?;
        if !protection.shared || !mode.write {
            return Err(Errno::EINVAL);
        }
        let id = self.queue_for(index, offset & CAPTURE_BIT == 0).ok_or(Errno::EINVAL)?;
        let queue = self.room.queue(id);
        let allowed = if queue.is_output() { protection.write } else { protection.read };
        if !allowed || queue.memory != V4L2_MEMORY_MMAP {
            return Err(Errno::EINVAL);
        }
        if queue.file_io {
            return Err(Errno::EBUSY);
        }
        let (chunk, plane_length) = self.find_cookie(id, offset).ok_or(Errno::EINVAL)?;
        if length.next_multiple_of(page) > u64::from(plane_length).next_multiple_of(page) {
            return Err(Errno::EINVAL);
        }
        let mut table = self.room.mappings_mut().iter_mut().enumerate();
        let (number, slot) = table.find(|(_, slot)| slot.chunk == arena::NONE).ok_or(Errno::ENOMEM)?;
        slot.chunk = chunk;
        slot.file = index as u8;
        slot.bytes = length.next_multiple_of(page) as usize;
        let mapping = Mapping { slot: number as u32, generation: slot.generation };
        self.room.arena_mut().hold(chunk);
        self.hold_file(index);
        Ok(mapping)
    }

    fn find_cookie(&self, queue: QueueId, offset: u64) -> Option<(u16, u32)> {
        let cookie = match self.driver.profile.flow {
            Flow::MemoryToMemory => offset & !CAPTURE_BIT,
            _ => offset,
        };
        self.get(queue)?.find_cookie(&self.driver, cookie)
    }

    /// A buffer was reported with this cookie, which is not its own: neither it nor the one that the cookie leads to is to be
    /// touched any more.
    pub(crate) fn misname(&mut self, queue: QueueId, index: u32, cookie: u64) {
        let chunk = self.find_cookie(queue, cookie).map(|(chunk, _)| chunk);
        let slots = self.get_mut(queue).map(|queue| &mut queue.slots).into_iter().flatten();
        for (number, slot) in slots.enumerate() {
            let meant = slot.planes().iter().any(|plane| Some(plane.chunk) == chunk);
            slot.misnamed |= meant || number == index as usize;
        }
    }

    /// Whether a buffer was reported with a cookie that is not its own.
    pub(crate) fn has_misnamed(&self) -> bool {
        self.queues().flat_map(|queue| &queue.slots).any(|slot| slot.misnamed)
    }

    /// `munmap`. The driver has no part in it.
    ///
    /// # Errors
    ///
    /// - `EINVAL`: unmapped already. (The kernel would not mind; there is nothing sensible a program can mean by it.)
    pub fn unmap(&mut self, mapping: Mapping) -> Result<(), Errno> {
        let slot = self.live_mapping(mapping).ok_or(Errno::EINVAL)?;
        let (chunk, file) = (slot.chunk, slot.file);
        if let Some(slot) = self.room.mappings_mut().get_mut(mapping.slot as usize) {
            *slot = MappingSlot { generation: slot.generation.wrapping_add(1), ..MappingSlot::FREE };
        }
        self.room.arena_mut().release(chunk);
        self.drop_mapping_of_file(usize::from(file));
        Ok(())
    }

    fn live_mapping(&self, mapping: Mapping) -> Option<MappingSlot> {
        let slot = self.room.mappings().get(mapping.slot as usize)?;
        (slot.chunk != arena::NONE && slot.generation == mapping.generation).then_some(*slot)
    }

    /// Where in the node's memory a mapping lies: start and bytes, whole pages.
    pub fn mapped_memory(&self, mapping: Mapping) -> Option<(usize, usize)> {
        let slot = self.live_mapping(mapping)?;
        let chunk = self.room.arena().get(slot.chunk)?;
        Some((chunk.start, slot.bytes.min(chunk.length)))
    }

    /// The mapping whose memory starts there, and how many there are of that memory.
    pub fn mapping_at(&self, start: usize) -> (Option<Mapping>, u32) {
        let mut found = None;
        let mut count = 0;
        for (number, slot) in self.room.mappings().iter().enumerate() {
            let here = slot.chunk != arena::NONE && self.room.arena().get(slot.chunk).is_some_and(|c| c.start == start);
            if here {
                count += 1;
                found = found.or(Some(Mapping { slot: number as u32, generation: slot.generation }));
            }
        }
        (found, count)
    }

    /// Whether every plane of an MMAP buffer is mapped.
    pub fn is_mapped(&self, queue: QueueId, index: u32) -> bool {
        let arena = self.room.arena();
        self.slot(queue, index).is_some_and(|slot| slot.planes().iter().all(|plane| arena.is_shared(plane.chunk)))
    }

    /// A buffer that there is.
    fn slot(&self, queue: QueueId, index: u32) -> Option<&Slot> {
        let queue = self.get(queue)?;
        Some(&queue[queue.find(index)?])
    }

    /// Where in the node's memory a plane of a buffer lies, for MMAP buffers: start and bytes, whole pages.
    pub fn plane_memory(&self, queue: QueueId, index: u32, plane: u32) -> Option<(usize, usize)> {
        let chunk = self.slot(queue, index)?.planes().get(plane as usize)?.chunk;
        self.room.arena().get(chunk).map(|chunk| (chunk.start, chunk.length))
    }

    /// Where the bytes of a plane are, and how many; `None` if there is no such plane, or no memory behind it (yet).
    pub fn plane_bytes(&self, queue: QueueId, index: u32, plane: u32) -> Option<(PlaneMemory, u32)> {
        let slot = self.slot(queue, index)?;
        let plane = slot.planes().get(plane as usize)?;
        let memory = match slot.memory {
            V4L2_MEMORY_MMAP => PlaneMemory::Own(self.room.arena().get(plane.chunk)?.start),
            V4L2_MEMORY_USERPTR if plane.m != 0 => PlaneMemory::User(plane.m),
            V4L2_MEMORY_DMABUF if plane.attached != 0 => PlaneMemory::DmaBuf(plane.attached),
            _ => return None,
        };
        Some((memory, plane.length))
    }

    /// Whether a buffer still uses this dma-buf.
    pub fn is_attached(&self, id: u32) -> bool {
        self.queues().flat_map(|queue| &queue.slots).flat_map(Slot::planes).any(|plane| plane.attached == id)
    }

    /// Whether the memory that starts there is mapped, or belongs to a buffer that the program does not hold.
    pub(crate) fn is_in_use(&self, start: usize) -> bool {
        let here = |index| self.room.arena().get(index).is_some_and(|chunk| chunk.start == start);
        let mapped = self.room.mappings().iter().any(|slot| slot.chunk != arena::NONE && here(slot.chunk));
        let busy = |slot: &Slot| !matches!(slot.state, State::Absent | State::Dequeued);
        let slots = || self.queues().flat_map(|queue| &queue.slots);
        mapped || slots().any(|slot| busy(slot) && slot.planes().iter().any(|plane| here(plane.chunk)))
    }

    /// Live mappings of the buffers that a queue has now.
    pub(crate) fn mappings_of(&self, queue: QueueId) -> usize {
        let planes = || self.get(queue).into_iter().flat_map(|queue| &queue.slots).flat_map(Slot::planes);
        let of_queue =
            |slot: &&MappingSlot| slot.chunk != arena::NONE && planes().any(|plane| plane.chunk == slot.chunk);
        self.room.mappings().iter().filter(of_queue).count()
    }

    /// Live mappings.
    pub fn mappings(&self) -> usize {
        self.room.mappings().iter().filter(|slot| slot.chunk != arena::NONE).count()
    }
}
