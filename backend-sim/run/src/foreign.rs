//! Memory that is not the camera's own: the program's (USERPTR), and other cameras' (DMABUF).

use std::rc::Rc;

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::{DmaBuf, Foreign};

use crate::dma_bufs::DmaBufs;
use crate::system::memfd::Piece;
use crate::system::memory::Memory;

/// Memory by the caller's descriptors.
pub type Found = Vec<(i32, Rc<Piece>)>;

/// What a camera finds around it.
pub struct Around<'a> {
    /// The caller's memory.
    pub memory: Memory,
    /// Numbers of dma-bufs.
    pub dma_bufs: &'a mut DmaBufs,
    /// What the caller's descriptors are.
    pub found: Found,
}

impl Foreign for Around<'_> {
    fn pin(&mut self, address: u64, length: u32, write: bool) -> Result<(), Errno> {
        let end = address.checked_add(length.into()).filter(|_| length > 0).ok_or(Errno::EFAULT)?;
        if self.memory.has(address, end, write) { Ok(()) } else { Err(Errno::EFAULT) }
    }

    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, Errno> {
        let (_, piece) = self.found.iter().find(|(known, _)| *known == descriptor).ok_or(Errno::EINVAL)?;
        Ok(DmaBuf { id: self.dma_bufs.number(piece), size: piece.length as u64 })
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        self.memory.read(address, bytes)
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.memory.write(address, bytes)
    }
}
