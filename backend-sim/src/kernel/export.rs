//! VIDIOC_EXPBUF.

use vidbuf_abi::buffer::{V4L2_MEMORY_MMAP, v4l2_exportbuffer};

use vidbuf::Errno;

use super::NodeOf;
use super::room::Rooms;

/// `O_CLOEXEC | O_ACCMODE`: all that a program may ask of the descriptor that it gets.
const DESCRIPTOR_FLAGS: u32 = 0o2_000_000 | 0o3;

/// A dma-buf made of one plane: it keeps the plane's memory until it is given back.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use]
pub struct Export {
    chunk: u16,
}

impl<R: Rooms> NodeOf<R> {
    /// `VIDIOC_EXPBUF`: EBUSY if another file owns the queue or file I/O is going on; EINVAL without a queue of this type, MMAP
    /// buffers, such a buffer or plane, and with other flags than `O_CLOEXEC` and the access mode.
    pub(super) fn export_buffer(&mut self, file: usize, export: &v4l2_exportbuffer) -> Result<Export, Errno> {
        let id = self.queue_of_call(file, export.type_)?;
        self.check_owner(id, file)?;
        let (queue, arena) = self.room.queue_and_arena(id);
        queue.check_type(export.type_)?;
        let index = queue.find(export.index).ok_or(Errno::EINVAL)?;
        if queue.memory != V4L2_MEMORY_MMAP || export.flags & !DESCRIPTOR_FLAGS != 0 {
            return Err(Errno::EINVAL);
        }
        let plane = queue[index].planes().get(export.plane as usize).ok_or(Errno::EINVAL)?;
        if queue.file_io {
            return Err(Errno::EBUSY);
        }
        arena.hold(plane.chunk);
        Ok(Export { chunk: plane.chunk })
    }

    /// Where in the node's memory an export lies: start and bytes, whole pages.
    pub fn exported_memory(&self, export: &Export) -> Option<(usize, usize)> {
        self.room.arena().get(export.chunk).map(|chunk| (chunk.start, chunk.length))
    }

    /// The last descriptor and the last mapping of an export are gone.
    pub fn release_export(&mut self, export: Export) {
        self.room.arena_mut().release(export.chunk);
    }
}
