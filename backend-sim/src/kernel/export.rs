//! VIDIOC_EXPBUF.

use vidbuf_abi::buffer::{V4L2_MEMORY_MMAP, v4l2_exportbuffer};

use crate::errno::SimErrno;

use super::Node;

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
    /// `VIDIOC_EXPBUF`: EBUSY if another file owns the queue or file I/O is going on; EINVAL without a queue of this type, MMAP
    /// buffers, such a buffer or plane, and with other flags than `O_CLOEXEC` and the access mode.
    pub(super) fn export_buffer(&mut self, file: usize, export: &v4l2_exportbuffer) -> Result<Export, SimErrno> {
        let queue = self.queue_of_type(file, export.type_);
        self.not_owner(queue.unwrap_or(self.file_queue(file)), file)?;
        let queue = queue.ok_or(SimErrno::EINVAL)?;
        let state = &self.queues[queue];
        let index = state.find(export.index).ok_or(SimErrno::EINVAL)?;
        if state.memory != V4L2_MEMORY_MMAP || export.flags & !DESCRIPTOR_FLAGS != 0 {
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
