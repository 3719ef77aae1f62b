//! What a node keeps, and how much room there is for it: the one place with numbers in its types.

use vidbuf::backend::MAX_PLANES;

use crate::profile::{Flow, Profile};

use super::arena::{Arena, ArenaOf, Chunk};
use super::file::FileSlot;
use super::format;
use super::map::MappingSlot;
use super::node::NodeOf;
use super::queue::slot::Slot;
use super::queue::{Queue, QueueOf};

/// A V4L2 device node with room for `BUFFERS` buffers a queue.
///
/// `QUEUES` is 1, or for memory-to-memory profiles 2 for each file that may be open at once; `FILES` is how many that may be
/// (a kernel knows no such limit). Everything that can be done to it is a method of [`NodeOf`].
pub type Node<const BUFFERS: usize = 32, const QUEUES: usize = 1, const FILES: usize = 8> =
    NodeOf<Room<BUFFERS, QUEUES, FILES>>;

/// A queue of a node. [`NodeOf::queue_of`] finds that of a file's buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct QueueId(usize);

impl QueueId {
    /// The only queue of a node, and the output queue of the first file of a memory-to-memory node.
    pub const FIRST: Self = Self(0);
    /// The capture queue of the first file of a memory-to-memory node.
    pub const SECOND: Self = Self(1);
}

/// A node's room, whatever its size.
pub trait Rooms: Sized {
    /// Room where nothing is open or allocated, with `memory` bytes for buffers.
    fn new(profile: &Profile, memory: usize) -> Self;
    /// As many as can be open.
    fn files(&self) -> &[FileSlot];
    fn files_mut(&mut self) -> &mut [FileSlot];
    /// The queue with this number, if there is one.
    fn find(&self, number: usize) -> Option<QueueId>;
    /// The queue, unless it is another node's.
    fn get(&self, queue: QueueId) -> Option<&Queue>;
    fn get_mut(&mut self, queue: QueueId) -> Option<&mut Queue>;
    /// The queue, which is this node's.
    fn queue(&self, queue: QueueId) -> &Queue;
    fn queue_mut(&mut self, queue: QueueId) -> &mut Queue;
    fn arena(&self) -> &Arena;
    fn arena_mut(&mut self) -> &mut Arena;
    /// Both at once.
    fn queue_and_arena(&mut self, queue: QueueId) -> (&mut Queue, &mut Arena);
    /// One for each plane.
    fn mappings(&self) -> &[MappingSlot];
    fn mappings_mut(&mut self) -> &mut [MappingSlot];
}

/// Room for `BUFFERS` buffers in each of `QUEUES` queues, and for `FILES` open files.
#[derive(Clone, Debug)]
pub struct Room<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> {
    files: [FileSlot; FILES],
    queues: [QueueOf<[Slot; BUFFERS]>; QUEUES],
    arena: ArenaOf<[[Chunk; MAX_PLANES]; BUFFERS]>,
    mappings: [[MappingSlot; MAX_PLANES]; BUFFERS],
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Room<BUFFERS, QUEUES, FILES> {
    const FITS: () = assert!(
        BUFFERS > 0 && BUFFERS <= 32768 && QUEUES > 0 && FILES > 0 && FILES <= 256,
        "BUFFERS is 1 to 32768, QUEUES at least 1, FILES 1 to 256"
    );
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Rooms for Room<BUFFERS, QUEUES, FILES> {
    fn new(profile: &Profile, memory: usize) -> Self {
        let () = Self::FITS;
        let (width, height) = profile.size;
        Self {
            files: [FileSlot::CLOSED; FILES],
            queues: core::array::from_fn(|number| {
                // Memory-to-memory nodes have output, capture.
                let output = match profile.flow {
                    Flow::Capture => false,
                    Flow::Output => true,
                    Flow::MemoryToMemory => number.is_multiple_of(2),
                };
                let format = format::first_format(profile, output, width, height);
                QueueOf::new(profile, output, format, [Slot::ABSENT; BUFFERS])
            }),
            arena: ArenaOf::new(memory, [[Chunk::FREE; MAX_PLANES]; BUFFERS]),
            mappings: [[MappingSlot::FREE; MAX_PLANES]; BUFFERS],
        }
    }

    fn files(&self) -> &[FileSlot] {
        &self.files
    }

    fn files_mut(&mut self) -> &mut [FileSlot] {
        &mut self.files
    }

    #[inline]
    fn find(&self, number: usize) -> Option<QueueId> {
        (number < QUEUES).then_some(QueueId(number))
    }

    #[inline]
    fn get(&self, queue: QueueId) -> Option<&Queue> {
        self.queues.get(queue.0).map(|queue| queue as &Queue)
    }

    #[inline]
    fn get_mut(&mut self, queue: QueueId) -> Option<&mut Queue> {
        self.queues.get_mut(queue.0).map(|queue| queue as &mut Queue)
    }

    #[inline]
    fn queue(&self, queue: QueueId) -> &Queue {
        &self.queues[queue.0]
    }

    #[inline]
    fn queue_mut(&mut self, queue: QueueId) -> &mut Queue {
        &mut self.queues[queue.0]
    }

    fn arena(&self) -> &Arena {
        &self.arena
    }

    fn arena_mut(&mut self) -> &mut Arena {
        &mut self.arena
    }

    fn queue_and_arena(&mut self, queue: QueueId) -> (&mut Queue, &mut Arena) {
        (&mut self.queues[queue.0], &mut self.arena)
    }

    fn mappings(&self) -> &[MappingSlot] {
        self.mappings.as_flattened()
    }

    fn mappings_mut(&mut self) -> &mut [MappingSlot] {
        self.mappings.as_flattened_mut()
    }
}
