//! Buffers made of memory that is not the node's own: the program's (USERPTR) and other devices' (DMABUF).

use crate::errno::SimErrno;

use super::enqueue::Said;
use super::slot::PlaneSlot;
use super::{Node, abi};

/// Another device's memory, as the descriptor names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DmaBuf {
    /// The same for every descriptor of it, not 0, and not given to another while [`Node::is_attached`] says so.
    pub id: u32,
    /// Bytes.
    pub size: u64,
}

/// What a node has to ask its surroundings about memory that is not its own.
pub trait Foreign {
    /// Makes sure that the driver can reach the program's memory, and write it on capture queues.
    ///
    /// # Errors
    ///
    /// `EFAULT`: it cannot.
    fn pin(&mut self, address: u64, length: u32, write: bool) -> Result<(), SimErrno>;

    /// The dma-buf of a descriptor.
    ///
    /// # Errors
    ///
    /// `EINVAL`: it is none.
    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, SimErrno>;
}

/// There is no memory but the node's own.
#[derive(Clone, Copy, Debug)]
pub struct NoForeign;

impl Foreign for NoForeign {
    fn pin(&mut self, _address: u64, _length: u32, _write: bool) -> Result<(), SimErrno> {
        Err(SimErrno::EFAULT)
    }

    fn dma_buf(&mut self, _descriptor: i32) -> Result<DmaBuf, SimErrno> {
        Err(SimErrno::EINVAL)
    }
}

/// Where the bytes of a plane are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PlaneMemory {
    /// In the node's own memory, from this byte on.
    Own(usize),
    /// In the program's.
    User(u64),
    /// In the dma-buf with this [`DmaBuf::id`].
    DmaBuf(u32),
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// Where the bytes of a plane are, and how many; `None` if there is no such plane, or no memory behind it (yet).
    pub fn plane_bytes(&self, queue: usize, index: u32, plane: u32) -> Option<(PlaneMemory, u32)> {
        let state = self.queues.get(queue)?;
        let slot = &state.slots[state.find(index)?];
        let plane = slot.planes().get(plane as usize)?;
        let memory = match slot.memory {
            abi::MEMORY_MMAP => PlaneMemory::Own(self.chunks.get(plane.chunk)?.start),
            abi::MEMORY_USERPTR if plane.m != 0 => PlaneMemory::User(plane.m),
            abi::MEMORY_DMABUF if plane.attached != 0 => PlaneMemory::DmaBuf(plane.attached),
            _ => return None,
        };
        Some((memory, plane.length))
    }

    /// Whether a buffer still uses this dma-buf.
    pub fn is_attached(&self, id: u32) -> bool {
        let mut planes = self.queues.iter().flat_map(|queue| queue.slots.iter()).flat_map(|slot| slot.planes());
        planes.any(|plane| plane.attached == id)
    }

    /// Takes over the program's memory, or keeps what it is already. After a failure there is none.
    pub(super) fn take_user_memory(
        &mut self,
        queue: usize,
        index: usize,
        said: &Said,
        foreign: &mut dyn Foreign,
    ) -> Result<(), SimErrno> {
        let alignment = u64::from(self.profile.user_alignment.max(1));
        let write = !self.queues[queue].is_output();
        for (plane, said) in self.queues[queue].slots[index].planes_mut().iter_mut().zip(said) {
            if plane.m != 0 && plane.m == said.m && plane.length == said.length {
                continue;
            }
            if said.length < plane.minimum {
                return Err(SimErrno::EINVAL);
            }
            *plane = PlaneSlot { minimum: plane.minimum, ..PlaneSlot::EMPTY };
            if !said.m.is_multiple_of(alignment) || !u64::from(said.length).is_multiple_of(alignment) {
                return Err(SimErrno::EINVAL);
            }
            foreign.pin(said.m, said.length, write)?;
        }
        self.take_over_all(queue, index, said);
        Ok(())
    }

    /// Attaches the dma-bufs, or keeps what is attached already.
    pub(super) fn attach(
        &mut self,
        queue: usize,
        index: usize,
        said: &mut Said,
        foreign: &mut dyn Foreign,
    ) -> Result<(), SimErrno> {
        for (plane, said) in self.queues[queue].slots[index].planes_mut().iter_mut().zip(said.iter_mut()) {
            // A negative number is no descriptor, and neither is one that does not fit.
            let found = foreign.dma_buf(said.m as u32 as i32)?;
            if said.length == 0 {
                said.length = found.size.min(u64::from(u32::MAX)) as u32;
            }
            if said.length < plane.minimum {
                return Err(SimErrno::EINVAL);
            }
            if plane.attached == found.id && plane.length == said.length {
                continue;
            }
            detach(plane);
            if u64::from(said.length) > found.size {
                return Err(SimErrno::EFAULT);
            }
            plane.attached = found.id;
        }
        self.take_over_all(queue, index, said);
        Ok(())
    }

    fn take_over_all(&mut self, queue: usize, index: usize, said: &Said) {
        for (plane, said) in self.queues[queue].slots[index].planes_mut().iter_mut().zip(said) {
            plane.bytesused = said.bytesused;
            plane.length = said.length;
            plane.m = said.m;
            plane.data_offset = said.data_offset;
        }
    }

    /// What a failed preparation leaves: no memory.
    pub(super) fn let_go(&mut self, queue: usize, index: usize) {
        let memory = self.queues[queue].memory;
        for plane in self.queues[queue].slots[index].planes_mut() {
            match memory {
                abi::MEMORY_USERPTR => (plane.m, plane.length) = (0, 0),
                abi::MEMORY_DMABUF => detach(plane),
                _ => {}
            }
        }
    }
}

/// A plane that had a dma-buf is left without anything; one that had none keeps what it says.
fn detach(plane: &mut PlaneSlot) {
    if plane.attached != 0 {
        *plane = PlaneSlot { minimum: plane.minimum, ..PlaneSlot::EMPTY };
    }
}
