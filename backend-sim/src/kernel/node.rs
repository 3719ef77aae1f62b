//! [`NodeOf`]: who may call, and which queue is meant.

use core::fmt;

use vidbuf::Errno;
use vidbuf::backend::MAX_PLANES;
use vidbuf::node::ControlId;
use vidbuf_abi::buffer::{V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY, V4L2_BUF_TYPE_VIDEO_OVERLAY};

use crate::format::Format;
use crate::profile::{Flow, Kernel, Ownership, Profile};

use super::buffer_type::{is_multiplanar, is_output};
use super::controls::Values;
use super::driver::Driver;
use super::event::Events;
use super::file::File;
use super::inputs::Inputs;
use super::queue::{Argument, Queue};
use super::room::{QueueId, Rooms};

/// A node that keeps its files, queues, memory and mappings in an `R`: see [`Node`](super::Node).
///
/// A clone is the node as it is now: assign it back to undo calls made meanwhile.
#[derive(Clone)]
pub struct NodeOf<R> {
    pub(crate) driver: Driver,
    pub(super) gone: bool,
    pub(super) controls: Values,
    pub(super) events: Events,
    pub(super) inputs: Inputs,
    pub(super) room: R,
}

impl<R> fmt::Debug for NodeOf<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("driver", &self.driver).field("gone", &self.gone).finish_non_exhaustive()
    }
}

impl<R: Rooms> NodeOf<R> {
    /// A node of this driver on this kernel, with pages of `page` bytes (rounded up to a power of two) and `memory` bytes
    /// for buffers.
    pub fn new(profile: Profile, kernel: Kernel, page: usize, memory: usize) -> Self {
        let room = R::new(&profile, memory);
        let controls = Values::new(profile.controls, kernel.version);
        let inputs = Inputs::new(&profile);
        let driver = Driver::new(profile, kernel, page);
        let mut node = Self { driver, gone: false, controls, events: Events::default(), inputs, room };
        if node.driver.profile.timings.follows_source {
            // The cable is in.
            node.change_control(ControlId::DV_RX_POWER_PRESENT, 1);
        }
        node
    }

    /// The driver.
    pub fn profile(&self) -> &Profile {
        &self.driver.profile
    }

    /// The kernel.
    pub fn kernel(&self) -> &Kernel {
        &self.driver.kernel
    }

    /// Bytes of a page.
    pub fn page_size(&self) -> usize {
        self.driver.page
    }

    /// The device's clock (CLOCK_MONOTONIC).
    pub fn now_ns(&self) -> u64 {
        self.driver.now_ns
    }

    /// Sets the clock.
    pub fn set_now_ns(&mut self, now: u64) {
        self.driver.now_ns = now;
    }

    /// Most buffers that a queue can have.
    pub fn max_buffers(&self) -> u32 {
        self.get(QueueId::FIRST).map_or(0, |queue| queue.most(&self.driver))
    }

    /// Whether the memory that starts there belongs to a buffer, a mapping or an export.
    pub fn is_allocated(&self, start: usize) -> bool {
        self.room.arena().at(start)
    }

    /// Pieces of memory that are alive: one for each plane of each MMAP buffer, and orphans.
    pub fn live_memory(&self) -> usize {
        self.room.arena().live()
    }

    /// Every queue.
    pub fn queue_ids(&self) -> impl Iterator<Item = QueueId> {
        (0..).map_while(|number| self.room.find(number))
    }

    /// The type of a queue.
    pub fn buffer_type(&self, queue: QueueId) -> u32 {
        self.get(queue).map_or(0, |queue| queue.buffer_type)
    }

    /// Whether frames go out of a queue to the device.
    pub(crate) fn is_output(&self, queue: QueueId) -> bool {
        is_output(self.buffer_type(queue))
    }

    /// Whether frames go in and come out: every open file has two queues.
    #[inline]
    pub(crate) fn is_codec(&self) -> bool {
        self.driver.profile.flow == Flow::MemoryToMemory
    }

    /// The queue of the pictures: the only one, or the first file's capture queue of a memory-to-memory device.
    #[inline]
    pub(crate) fn main_queue(&self) -> QueueId {
        if self.is_codec() { QueueId::SECOND } else { QueueId::FIRST }
    }

    /// The format of a queue.
    pub fn format(&self, queue: QueueId) -> Option<&Format> {
        self.get(queue).map(|queue| &queue.format)
    }

    /// Sets a format that the driver may not know, while nothing is allocated: a recorded device's.
    pub fn adopt_format(&mut self, queue: QueueId, format: Format) {
        if let Some(queue) = self.get_mut(queue).filter(|queue| queue.count == 0) {
            queue.format = format;
        }
    }

    /// Which queue a buffer type means to an open file.
    pub fn queue_of(&self, file: File, buffer_type: u32) -> Option<QueueId> {
        self.queue_of_type(file.index(), buffer_type)
    }

    /// The queue, unless it is another node's.
    pub(super) fn get(&self, queue: QueueId) -> Option<&Queue> {
        self.room.get(queue)
    }

    pub(super) fn get_mut(&mut self, queue: QueueId) -> Option<&mut Queue> {
        self.room.get_mut(queue)
    }

    /// Every queue.
    pub(super) fn queues(&self) -> impl Iterator<Item = &Queue> {
        self.queue_ids().map(|queue| self.room.queue(queue))
    }

    /// The queue of a file in this direction, if it has two; else the only one.
    #[inline]
    pub(super) fn queue_for(&self, file: usize, output: bool) -> Option<QueueId> {
        self.room.find(match self.driver.profile.flow {
            Flow::MemoryToMemory => file * 2 + usize::from(!output),
            _ => 0,
        })
    }

    pub(super) fn queue_of_type(&self, file: usize, buffer_type: u32) -> Option<QueueId> {
        if self.is_stale(file) {
            return None;
        }
        let queue = self.queue_for(file, is_output(buffer_type))?;
        (self.room.queue(queue).buffer_type == buffer_type).then_some(queue)
    }

    /// The queue that a call of a file is about if its type is no queue's.
    fn any_queue_of(&self, file: usize) -> Result<QueueId, Errno> {
        self.queue_for(file, true).ok_or(Errno::EINVAL)
    }

    /// The queue of a call that the V4L2 core lets pass with any type.
    pub(super) fn queue_of_call(&self, file: usize, buffer_type: u32) -> Result<QueueId, Errno> {
        self.queue_of_type(file, buffer_type).map_or_else(|| self.any_queue_of(file), Ok)
    }

    /// Checks that every buffer call makes before the driver sees it: plane array, type.
    pub(super) fn check_buffer_call(&self, file: usize, argument: &Argument<'_>) -> Result<QueueId, Errno> {
        let Argument { buffer, planes } = argument;
        if is_multiplanar(buffer.type_) && buffer.length > 0 {
            if buffer.length as usize > MAX_PLANES {
                return Err(Errno::EINVAL);
            }
            if planes.len() < buffer.length as usize {
                return Err(Errno::EFAULT);
            }
        }
        match self.queue_of_type(file, buffer.type_) {
            Some(queue) => Ok(queue),
            None if self.core_accepts(buffer.type_) => self.any_queue_of(file),
            None => Err(Errno::EINVAL),
        }
    }

    /// The V4L2 core lets a type pass that the driver has calls for, though this node has no such queue.
    pub(super) fn core_accepts(&self, buffer_type: u32) -> bool {
        let direction = match self.driver.profile.flow {
            Flow::Capture => !is_output(buffer_type) && buffer_type != V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY,
            Flow::Output => is_output(buffer_type) || buffer_type == V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY,
            Flow::MemoryToMemory => true,
        };
        let gone = buffer_type == V4L2_BUF_TYPE_VIDEO_OVERLAY && !self.driver.kernel.overlays;
        direction && !gone && self.driver.profile.passes.contains(&buffer_type)
    }

    /// EBUSY if another file owns the queue.
    pub(super) fn check_owner(&self, queue: QueueId, file: usize) -> Result<(), Errno> {
        let owner = self.room.queue(queue).owner.map(usize::from);
        let refused = match self.driver.profile.flow {
            Flow::MemoryToMemory => false,
            _ if self.needs_active() => owner != Some(file),
            _ => owner.is_some_and(|owner| owner != file),
        };
        if refused { Err(Errno::EBUSY) } else { Ok(()) }
    }

    /// Whether the buffers of this type are not another file's.
    pub(crate) fn may_use(&self, file: File, buffer_type: u32) -> bool {
        let queue = self.queue_of_type(file.index(), buffer_type);
        queue.is_some_and(|queue| self.check_owner(queue, file.index()).is_ok())
    }

    pub(super) fn needs_active(&self) -> bool {
        self.driver.profile.ownership == Ownership::Active && !self.driver.kernel.helpers_everywhere
    }

    /// Becomes the active file, on drivers with that scheme.
    pub(super) fn become_active(&mut self, queue: QueueId, file: usize) -> Result<(), Errno> {
        if self.needs_active() {
            let queue = self.room.queue_mut(queue);
            match queue.owner {
                Some(owner) if usize::from(owner) != file => return Err(Errno::EBUSY),
                _ => queue.owner = Some(file as u8),
            }
        }
        Ok(())
    }
}
