//! mmap and munmap.

use vidbuf_abi::buffer::V4L2_MEMORY_MMAP;

use crate::errno::SimErrno;
use crate::profile::{Cookies, Flow};

use super::slot::State;
use super::{File, Node, chunk};

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
pub(crate) struct MappingSlot {
    chunk: u16,
    file: u8,
    generation: u32,
    /// Whole pages; fewer than the plane has, if the program asked for less.
    bytes: usize,
}

impl MappingSlot {
    pub const FREE: Self = Self { chunk: chunk::NONE, file: 0, generation: 0, bytes: 0 };
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
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
    pub fn map(&mut self, file: File, offset: u64, length: u64, protection: Protection) -> Result<Mapping, SimErrno> {
        let page = self.page as u64;
        if !offset.is_multiple_of(page) {
            return Err(SimErrno::EINVAL);
        }
        let index = self.open_file(file)?;
        if length == 0 {
            return Err(SimErrno::EINVAL);
        }
        if length > ADDRESS_SPACE {
            return Err(SimErrno::ENOMEM);
        }
        let mode = self.mode(index);
        if (protection.shared && protection.write && !mode.write) || !mode.read {
            return Err(SimErrno::EACCES);
        }
        self.enter(file)?;
        if !protection.shared || !mode.write {
            return Err(SimErrno::EINVAL);
        }
        let queue = match self.profile.flow {
            Flow::MemoryToMemory => index * 2 + usize::from(offset & (1 << 30) != 0),
            _ => 0,
        };
        let state = self.queues.get(queue).ok_or(SimErrno::EINVAL)?;
        let allowed = if state.is_output() { protection.write } else { protection.read };
        if !allowed || state.memory != V4L2_MEMORY_MMAP {
            return Err(SimErrno::EINVAL);
        }
        if state.file_io {
            return Err(SimErrno::EBUSY);
        }
        let (chunk, plane_length) = self.find_cookie(queue, offset).ok_or(SimErrno::EINVAL)?;
        if length.next_multiple_of(page) > u64::from(plane_length).next_multiple_of(page) {
            return Err(SimErrno::EINVAL);
        }
        let table = self.mappings.as_flattened_mut();
        let slot = table.iter().position(|slot| slot.chunk == chunk::NONE).ok_or(SimErrno::ENOMEM)?;
        table[slot].chunk = chunk;
        table[slot].file = index as u8;
        table[slot].bytes = length.next_multiple_of(page) as usize;
        let mapping = Mapping { slot: slot as u32, generation: table[slot].generation };
        self.chunks.hold(chunk);
        self.hold_file(index);
        Ok(mapping)
    }

    fn find_cookie(&self, queue: usize, offset: u64) -> Option<(u16, u32)> {
        let state = &self.queues[queue];
        let cookie = match self.profile.flow {
            Flow::MemoryToMemory => offset & !(1 << 30),
            _ => offset,
        };
        match self.kernel.cookies {
            Cookies::RunningSum => {
                let mut planes = state.slots.iter().flat_map(|slot| slot.planes());
                planes.find(|plane| plane.m == cookie).map(|plane| (plane.chunk, plane.length))
            }
            Cookies::BitFields => {
                // The kernel looks at the bits below 30 only.
                let number = (cookie & ((1 << 30) - 1)) / self.cookie_step();
                let slot = &state.slots[state.find((number / 8) as u32)?];
                slot.planes().get((number % 8) as usize).map(|plane| (plane.chunk, plane.length))
            }
        }
    }

    /// A buffer was reported with this cookie, which is not its own: neither it nor the one that the cookie leads to is to be
    /// touched any more.
    pub(crate) fn misname(&mut self, queue: usize, index: u32, cookie: u64) {
        if queue >= QUEUES {
            return;
        }
        let chunk = self.find_cookie(queue, cookie).map(|(chunk, _)| chunk);
        for (number, slot) in self.queues[queue].slots.iter_mut().enumerate() {
            let meant = slot.planes().iter().any(|plane| Some(plane.chunk) == chunk);
            slot.misnamed |= meant || number == index as usize;
        }
    }

    /// Whether a buffer was reported with a cookie that is not its own.
    pub(crate) fn has_misnamed(&self) -> bool {
        self.queues.iter().flat_map(|queue| &queue.slots).any(|slot| slot.misnamed)
    }

    /// `munmap`. The driver has no part in it.
    ///
    /// # Errors
    ///
    /// - `EINVAL`: unmapped already. (The kernel would not mind; there is nothing sensible a program can mean by it.)
    pub fn unmap(&mut self, mapping: Mapping) -> Result<(), SimErrno> {
        let slot = self.live_mapping(mapping).ok_or(SimErrno::EINVAL)?;
        let (chunk, file) = (slot.chunk, slot.file);
        if let Some(slot) = self.mappings.as_flattened_mut().get_mut(mapping.slot as usize) {
            *slot = MappingSlot { generation: slot.generation.wrapping_add(1), ..MappingSlot::FREE };
        }
        self.chunks.release(chunk);
        self.drop_mapping_of_file(usize::from(file));
        Ok(())
    }

    fn live_mapping(&self, mapping: Mapping) -> Option<MappingSlot> {
        let slot = self.mappings.as_flattened().get(mapping.slot as usize)?;
        (slot.chunk != chunk::NONE && slot.generation == mapping.generation).then_some(*slot)
    }

    /// Where in the node's memory a mapping lies: start and bytes, whole pages.
    pub fn mapped_memory(&self, mapping: Mapping) -> Option<(usize, usize)> {
        let slot = self.live_mapping(mapping)?;
        let chunk = self.chunks.get(slot.chunk)?;
        Some((chunk.start, slot.bytes.min(chunk.length)))
    }

    /// The mapping whose memory starts there, and how many there are of that memory.
    pub fn mapping_at(&self, start: usize) -> (Option<Mapping>, u32) {
        let mut found = None;
        let mut count = 0;
        for (number, slot) in self.mappings.as_flattened().iter().enumerate() {
            let here = slot.chunk != chunk::NONE && self.chunks.get(slot.chunk).is_some_and(|c| c.start == start);
            if here {
                count += 1;
                found = found.or(Some(Mapping { slot: number as u32, generation: slot.generation }));
            }
        }
        (found, count)
    }

    /// Whether every plane of an MMAP buffer is mapped.
    pub fn is_mapped(&self, queue: usize, index: u32) -> bool {
        let Some(queue) = self.queues.get(queue) else { return false };
        let Some(index) = queue.find(index) else { return false };
        let shared = |chunk| self.chunks.get(chunk).is_some_and(|chunk| chunk.users > 1);
        queue.slots[index].planes().iter().all(|plane| shared(plane.chunk))
    }

    /// Whether the memory that starts there is mapped, or belongs to a buffer that the program does not hold.
    pub(crate) fn is_in_use(&self, start: usize) -> bool {
        let here = |index| self.chunks.get(index).is_some_and(|chunk| chunk.start == start);
        let mapped = self.mappings.as_flattened().iter().any(|slot| slot.chunk != chunk::NONE && here(slot.chunk));
        let busy = |slot: &super::slot::Slot| !matches!(slot.state, State::Absent | State::Dequeued);
        let slots = || self.queues.iter().flat_map(|queue| queue.slots.iter());
        mapped || slots().any(|slot| busy(slot) && slot.planes().iter().any(|plane| here(plane.chunk)))
    }

    /// Live mappings of the buffers that a queue has now.
    pub(crate) fn mappings_of(&self, queue: usize) -> usize {
        let planes =
            || self.queues.get(queue).into_iter().flat_map(|queue| &queue.slots).flat_map(|slot| slot.planes());
        let of_queue =
            |slot: &&MappingSlot| slot.chunk != chunk::NONE && planes().any(|plane| plane.chunk == slot.chunk);
        self.mappings.as_flattened().iter().filter(of_queue).count()
    }

    /// Live mappings.
    pub fn mappings(&self) -> usize {
        self.mappings.as_flattened().iter().filter(|slot| slot.chunk != chunk::NONE).count()
    }
}
