//! One queue, and videobuf2's rules for it: one file for each thing that happens to a buffer.
//!
//! What a queue does not have itself it is given: the [`Driver`](super::driver::Driver), the [`Arena`](super::arena::Arena), and memory that is
//! neither's ([`foreign`]). Who may call is the node's business.

mod allocate;
mod complete;
mod dequeue;
mod enqueue;
pub mod foreign;
mod list;
mod prepare;
mod report;
pub mod slot;
mod stream;

use core::ops::{Index, IndexMut};

use vidbuf_abi::buffer as abi;

use crate::format::Format;
use crate::profile::Profile;
use vidbuf::Errno;

use super::arena::Arena;
use super::buffer_type::{is_multiplanar, is_output};
use super::driver::Driver;
use super::format::{colorspace, hue};

use foreign::Foreign;
use list::List;
use slot::{BufferIndex, NONE, Slot, State};

/// `struct vb2_queue`, as far as a program can see it.
#[derive(Clone, Debug)]
pub struct QueueOf<S: ?Sized> {
    pub buffer_type: u32,
    /// 0 is unknown.
    pub memory: u32,
    pub format: Format,
    /// `V4L2_COLORSPACE_*` of the format.
    pub colorspace: u32,
    /// `V4L2_HSV_ENC_*`: how hue is counted in pixels of hue, saturation and value.
    pub hue: u32,
    /// vivid numbers the pictures of its television inputs in the timecode of a finished buffer: how many come in a second; 0 on other
    /// inputs (`vid_cap_buf_finish`).
    pub timecode_rate: u32,
    pub count: u32,
    pub busy: bool,
    pub owner: Option<u8>,
    pub streaming: bool,
    pub started: bool,
    pub error: bool,
    pub last_dequeued: bool,
    /// The driver has come to its end: the next buffer that it gets comes back at once, empty and LAST.
    pub last_pending: bool,
    pub waiting_for_buffers: bool,
    /// Something was queued without a request, so that requests are refused.
    pub uses_queueing: bool,
    pub sleeper: bool,
    pub file_io: bool,
    /// File I/O: the buffer being read or written, and how far.
    pub file_io_at: Option<(u16, u32)>,
    /// File I/O: the next buffer that was never queued; `count` if there is none.
    pub file_io_fresh: u32,
    pub non_coherent: bool,
    pub queued: List,
    pub active: List,
    pub done: List,
    /// Frame counter of the driver.
    pub sequence: u32,
    /// As many as the queue has room for.
    pub slots: S,
}

/// The argument of a call about one buffer: the program's structure, and the array of planes that a multi-planar one points to.
pub struct Argument<'a> {
    pub buffer: &'a mut abi::v4l2_buffer,
    pub planes: &'a mut [abi::v4l2_plane],
}

/// What a queue does not have itself, and is given for a call that hands a buffer over.
pub struct Around<'a> {
    pub driver: &'a mut Driver,
    pub arena: &'a Arena,
    pub foreign: &'a mut dyn Foreign,
}

/// A queue with room for any number of buffers.
pub type Queue = QueueOf<[Slot]>;

impl Index<BufferIndex> for Queue {
    type Output = Slot;

    #[inline]
    fn index(&self, index: BufferIndex) -> &Slot {
        &self.slots[index.number()]
    }
}

impl IndexMut<BufferIndex> for Queue {
    #[inline]
    fn index_mut(&mut self, index: BufferIndex) -> &mut Slot {
        &mut self.slots[index.number()]
    }
}

impl<S> QueueOf<S> {
    /// An empty queue with this room.
    pub fn new(profile: &Profile, output: bool, format: Format, slots: S) -> Self {
        let buffer_type = match (output, profile.multiplanar) {
            (false, false) => abi::V4L2_BUF_TYPE_VIDEO_CAPTURE,
            (true, false) => abi::V4L2_BUF_TYPE_VIDEO_OUTPUT,
            (false, true) => abi::V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE,
            (true, true) => abi::V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE,
        };
        Self {
            buffer_type,
            memory: 0,
            colorspace: colorspace(&format, output, 0),
            hue: hue(output),
            timecode_rate: 0,
            format,
            count: 0,
            busy: false,
            owner: None,
            streaming: false,
            started: false,
            error: false,
            last_dequeued: false,
            last_pending: false,
            waiting_for_buffers: false,
            uses_queueing: false,
            sleeper: false,
            file_io: false,
            file_io_at: None,
            file_io_fresh: 0,
            non_coherent: false,
            queued: List::EMPTY,
            active: List::EMPTY,
            done: List::EMPTY,
            sequence: 0,
            slots,
        }
    }
}

impl Queue {
    #[inline]
    pub fn is_output(&self) -> bool {
        is_output(self.buffer_type)
    }

    #[inline]
    pub fn is_multiplanar(&self) -> bool {
        is_multiplanar(self.buffer_type)
    }

    /// The buffer of an index that came from the program.
    #[inline]
    pub fn find(&self, index: u32) -> Option<BufferIndex> {
        let place = index as usize;
        self.slots.get(place).filter(|slot| slot.state != State::Absent).map(|_| BufferIndex::at(place))
    }

    /// The queue's own look at the type of a call, where the V4L2 core let another pass.
    #[inline]
    pub fn check_type(&self, buffer_type: u32) -> Result<(), Errno> {
        if self.buffer_type == buffer_type { Ok(()) } else { Err(Errno::EINVAL) }
    }

    /// Whether the driver would finish a buffer at its next frame: it has more than it keeps.
    #[inline]
    pub fn can_complete(&self, profile: &Profile) -> bool {
        self.started && u32::from(self.active.count) > profile.keeps
    }

    /// Buffers queued, active and done: `queued_count`.
    #[inline]
    pub fn queued_count(&self) -> u32 {
        u32::from(self.queued.count) + u32::from(self.active.count) + u32::from(self.done.count)
    }

    /// What STREAMOFF does inside: everything comes back to the program.
    pub fn cancel(&mut self) {
        self.streaming = false;
        self.started = false;
        self.error = false;
        self.uses_queueing = false;
        self.last_pending = false;
        self.queued = List::EMPTY;
        self.active = List::EMPTY;
        self.done = List::EMPTY;
        let rate = self.timecode_rate;
        for slot in self.slots.iter_mut().filter(|slot| slot.state != State::Absent) {
            slot.state = State::Dequeued;
            if core::mem::take(&mut slot.prepared) {
                slot.number_by_timecode(rate);
            }
            slot.synced = false;
            slot.doubtful = false;
            slot.next = NONE;
        }
    }
}
