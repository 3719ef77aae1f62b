//! The device itself: a V4L2 node that does system calls as videobuf2 does.
//!
//! [`Node`] is a state machine and nothing else: it has no memory, no threads and no clock of its own. System calls go in
//! with the kernel's structures ([`abi`]) and come out with what the kernel returns, or its error numbers, checked in the
//! kernel's order: [`Node::open`], [`Node::close`], [`Node::ioctl`], [`Node::map`] and so on.
//! The driver's side is explicit: [`Node::tick`], [`Node::complete`] and their neighbours. [`Sim`](crate::Sim) puts memory,
//! time and a script around it; use `Node` alone to build a system-call shim or to compare with a real kernel.
//!
//! ```
//! use vidbuf_sim::kernel::abi::buffer::{V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_requestbuffers};
//! use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_REQBUFS, VIDIOC_STREAMON};
//! use vidbuf_sim::kernel::{Node, OpenMode, Returned};
//! use vidbuf_sim::{Kernel, Profile, SimErrno};
//!
//! let mut node = Node::<8>::new(Profile::VIVID, Kernel::V6_12, 4096, 16 << 20);
//! let file = node.open(OpenMode::READ_WRITE)?;
//! let (mut type_, memory) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP);
//! let mut request = v4l2_requestbuffers { count: 3, type_, memory, ..Default::default() };
//! node.call(file, VIDIOC_REQBUFS, &mut request, &mut [])?;
//! let mut buffer = v4l2_buffer { type_, memory, ..Default::default() };
//! node.call(file, VIDIOC_QBUF, &mut buffer, &mut [])?;
//! assert_eq!(buffer.flags, 0x2002);
//! node.call(file, VIDIOC_STREAMON, &mut type_, &mut [])?;
//! assert_eq!(node.call(file, VIDIOC_DQBUF, &mut buffer, &mut []), Ok(Returned::WouldSleep));
//! node.tick(0);
//! assert_eq!(node.call(file, VIDIOC_DQBUF, &mut buffer, &mut []), Ok(Returned::Done));
//! assert_eq!((buffer.flags, buffer.sequence, buffer.bytesused), (0x2000, 0, 320 * 240 * 2));
//! # Ok::<(), SimErrno>(())
//! ```

mod allocate;
mod answer;
mod buffer_type;
mod chunk;
mod dequeue;
mod driver;
mod enqueue;
mod export;
mod file;
mod file_io;
mod foreign;
mod format;
mod ioctl;
mod map;
mod poll;
mod prepare;
mod queue;
mod slot;
mod stream;

pub use driver::{Completion, Inject};
pub use export::Export;
pub use file::{File, OpenMode};
pub use file_io::Transfer;
pub use foreign::{DmaBuf, Foreign, NoForeign, PlaneMemory};
pub use ioctl::Returned;
pub use map::{Mapping, Protection};
pub use poll::events;
pub use slot::State;
pub use vidbuf_abi as abi;

use vidbuf_abi::buffer::{V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY, V4L2_BUF_TYPE_VIDEO_OVERLAY, v4l2_buffer, v4l2_plane};

use crate::errno::SimErrno;
use crate::format::Format;
use crate::profile::{Flow, Kernel, Profile};

use buffer_type::{is_multiplanar, is_output};
use chunk::Chunks;
use file::FileSlot;
use map::MappingSlot;
use queue::{Queue, queue_is_output};

/// A V4L2 device node with room for `BUFFERS` buffers a queue.
///
/// `QUEUES` is 1, or for memory-to-memory profiles 2 for each file that may be open at once; `FILES` is how many that may be
/// (a kernel knows no such limit).
#[derive(Debug)]
pub struct Node<const BUFFERS: usize = 32, const QUEUES: usize = 1, const FILES: usize = 8> {
    pub(crate) profile: Profile,
    pub(crate) kernel: Kernel,
    page: usize,
    now_ns: u64,
    gone: bool,
    files: [FileSlot; FILES],
    queues: [Queue<BUFFERS>; QUEUES],
    chunks: Chunks<BUFFERS>,
    mappings: [[MappingSlot; 8]; BUFFERS],
    inject: Inject,
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    const FITS: () = assert!(
        BUFFERS > 0 && BUFFERS <= 32768 && QUEUES > 0 && FILES > 0 && FILES <= 256,
        "BUFFERS is 1 to 32768, QUEUES at least 1, FILES 1 to 256"
    );

    /// A node of this driver on this kernel, with pages of `page` bytes (rounded up to a power of two) and `memory` bytes
    /// for buffers.
    pub fn new(profile: Profile, kernel: Kernel, page: usize, memory: usize) -> Self {
        let () = Self::FITS;
        let (width, height) = profile.size;
        Self {
            profile,
            kernel,
            page: page.clamp(16, 1 << 16).next_power_of_two(),
            now_ns: 0,
            gone: false,
            files: [FileSlot::CLOSED; FILES],
            queues: core::array::from_fn(|index| {
                let output = queue_is_output(profile.flow, index);
                Queue::new(&profile, output, format::first_format(&profile, output, width, height))
            }),
            chunks: Chunks::new(memory),
            mappings: [[MappingSlot::FREE; 8]; BUFFERS],
            inject: Inject::default(),
        }
    }

    /// The driver.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The kernel.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// Bytes of a page.
    pub fn page_size(&self) -> usize {
        self.page
    }

    /// The device's clock (CLOCK_MONOTONIC).
    pub fn now_ns(&self) -> u64 {
        self.now_ns
    }

    /// Sets the clock.
    pub fn set_now_ns(&mut self, now: u64) {
        self.now_ns = now;
    }

    /// Where in the node's memory a plane of a buffer lies, for MMAP buffers: start and bytes, whole pages.
    pub fn plane_memory(&self, queue: usize, index: u32, plane: u32) -> Option<(usize, usize)> {
        let queue = self.queues.get(queue)?;
        let slot = &queue.slots[queue.find(index)?];
        let chunk = self.chunks.get(slot.planes().get(plane as usize)?.chunk)?;
        Some((chunk.start, chunk.length))
    }

    /// Whether a buffer, a mapping or an export uses the memory that starts there.
    pub fn is_allocated(&self, start: usize) -> bool {
        self.chunks.at(start)
    }

    /// Pieces of memory that are alive: one for each plane of each MMAP buffer, and orphans.
    pub fn live_memory(&self) -> usize {
        self.chunks.live()
    }

    /// The type of a queue.
    pub fn buffer_type(&self, queue: usize) -> u32 {
        self.queues.get(queue).map_or(0, |queue| queue.buffer_type)
    }

    /// Whether frames go out of a queue to the device.
    pub(crate) fn is_output(&self, queue: usize) -> bool {
        is_output(self.buffer_type(queue))
    }

    /// Which queue a buffer type means to an open file.
    pub fn queue_of(&self, file: File, buffer_type: u32) -> Option<usize> {
        self.queue_of_type(file.index(), buffer_type)
    }

    fn queue_of_type(&self, file: usize, buffer_type: u32) -> Option<usize> {
        if self.is_stale(file) {
            return None;
        }
        let index = match self.profile.flow {
            Flow::MemoryToMemory => file * 2 + usize::from(!is_output(buffer_type)),
            _ => 0,
        };
        self.queues.get(index).filter(|queue| queue.buffer_type == buffer_type).map(|_| index)
    }

    fn file_queue(&self, file: usize) -> usize {
        match self.profile.flow {
            Flow::MemoryToMemory => (file * 2).min(QUEUES - 1),
            _ => 0,
        }
    }

    /// Checks that every buffer call makes before the driver sees it: plane array, type.
    fn enter_buffer(&self, file: usize, buffer: &v4l2_buffer, planes: &[v4l2_plane]) -> Result<usize, SimErrno> {
        if is_multiplanar(buffer.type_) && buffer.length > 0 {
            if buffer.length as usize > vidbuf::MAX_PLANES {
                return Err(SimErrno::EINVAL);
            }
            if planes.len() < buffer.length as usize {
                return Err(SimErrno::EFAULT);
            }
        }
        match self.queue_of_type(file, buffer.type_) {
            Some(queue) => Ok(queue),
            None if self.core_knows(buffer.type_) => Ok(self.file_queue(file)),
            None => Err(SimErrno::EINVAL),
        }
    }

    /// The V4L2 core lets a type pass that the driver has calls for, though this node has no such queue.
    fn core_knows(&self, buffer_type: u32) -> bool {
        let direction = match self.profile.flow {
            Flow::Capture => !is_output(buffer_type) && buffer_type != V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY,
            Flow::Output => is_output(buffer_type) || buffer_type == V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY,
            Flow::MemoryToMemory => true,
        };
        let gone = buffer_type == V4L2_BUF_TYPE_VIDEO_OVERLAY && !self.kernel.overlays;
        direction && !gone && self.profile.passes.contains(&buffer_type)
    }

    /// The queue's own look at the type, where the core let another pass.
    fn check_type(&self, queue: usize, buffer: &v4l2_buffer) -> Result<(), SimErrno> {
        if self.queues[queue].buffer_type == buffer.type_ { Ok(()) } else { Err(SimErrno::EINVAL) }
    }

    /// Somebody else owns the queue.
    fn not_owner(&self, queue: usize, file: usize) -> Result<(), SimErrno> {
        let owner = self.queues[queue].owner.map(usize::from);
        let refused = match self.profile.flow {
            Flow::MemoryToMemory => false,
            _ if self.needs_active() => owner != Some(file),
            _ => owner.is_some_and(|owner| owner != file),
        };
        if refused { Err(SimErrno::EBUSY) } else { Ok(()) }
    }

    /// Whether the buffers of this type are not another file's.
    pub(crate) fn may_use(&self, file: File, buffer_type: u32) -> bool {
        self.queue_of(file, buffer_type).is_some_and(|queue| self.not_owner(queue, file.index()).is_ok())
    }

    fn needs_active(&self) -> bool {
        self.profile.ownership == crate::profile::Ownership::Active && !self.kernel.helpers_everywhere
    }

    /// Becomes the active file, on drivers with that scheme.
    fn become_active(&mut self, queue: usize, file: usize) -> Result<(), SimErrno> {
        if self.needs_active() {
            match self.queues[queue].owner {
                Some(owner) if usize::from(owner) != file => return Err(SimErrno::EBUSY),
                _ => self.queues[queue].owner = Some(file as u8),
            }
        }
        Ok(())
    }

    /// The format of a queue.
    pub fn format(&self, queue: usize) -> Option<&Format> {
        self.queues.get(queue).map(|queue| &queue.format)
    }
}
