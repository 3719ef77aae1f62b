//! VIDIOC_EXPBUF.

use crate::errno::SimErrno;

use super::{ExportBuffer, File, Node, abi};

/// `O_CLOEXEC | O_ACCMODE`: all that a program may ask of the descriptor that it gets.
const DESCRIPTOR_FLAGS: u32 = 0o2_000_000 | 0o3;

/// A dma-buf made of one plane: it keeps the plane's memory until it is given back.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub struct Export {
    chunk: u16,
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// `VIDIOC_EXPBUF`. The descriptor is the caller's to make: [`exported_memory`](Self::exported_memory) says of what.
    ///
    /// # Errors
    ///
    /// - `EBADF`, `ENODEV`.
    /// - `ENOTTY`: the driver has no such call.
    /// - `EBUSY`: another file owns the queue; file I/O is going on.
    /// - `EINVAL`: no queue of this type, no MMAP buffers, no such buffer or plane, other flags than `O_CLOEXEC` and the
    ///   access mode.
    pub fn export_buffer(&mut self, file: File, export: &ExportBuffer) -> Result<Export, SimErrno> {
        let file = self.enter(file)?;
        if !self.profile.exports {
            return Err(SimErrno::ENOTTY);
        }
        let queue = self.queue_of_type(file, export.buffer_type);
        self.not_owner(queue.unwrap_or(self.file_queue(file)), file)?;
        let queue = queue.ok_or(SimErrno::EINVAL)?;
        let state = &self.queues[queue];
        let index = state.find(export.index).ok_or(SimErrno::EINVAL)?;
        if state.memory != abi::MEMORY_MMAP || export.flags & !DESCRIPTOR_FLAGS != 0 {
            return Err(SimErrno::EINVAL);
        }
        let plane = state.slots[index].planes().get(export.plane as usize).ok_or(SimErrno::EINVAL)?;
        if state.file_io {
            return Err(SimErrno::EBUSY);
        }
        let chunk = plane.chunk;
        self.chunks.hold(chunk);
        Ok(Export { chunk })
    }

    /// Where in the node's memory an export lies: start and bytes, whole pages.
    pub fn exported_memory(&self, export: &Export) -> Option<(usize, usize)> {
        self.chunks.get(export.chunk).map(|chunk| (chunk.start, chunk.length))
    }

    /// The last descriptor and the last mapping of an export are gone.
    pub fn release_export(&mut self, export: Export) {
        self.chunks.release(export.chunk);
    }
}
