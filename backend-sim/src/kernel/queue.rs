//! One queue: its variables and its three lists.

use vidbuf_abi::buffer as abi;

use crate::format::Format;
use crate::profile::{Flow, Profile};

use super::buffer_type::{is_multiplanar, is_output};
use super::format::colorspace;
use super::slot::{NONE, Slot, State};

/// First in, first out, linked through [`Slot::next`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    head: u16,
    tail: u16,
    pub count: u16,
}

impl List {
    pub const EMPTY: Self = Self { head: NONE, tail: NONE, count: 0 };

    pub fn first(&self) -> Option<usize> {
        (self.head != NONE).then_some(usize::from(self.head))
    }

    pub fn push(&mut self, slots: &mut [Slot], index: usize) {
        let number = index as u16;
        let Some(slot) = slots.get_mut(index) else { return };
        slot.next = NONE;
        match slots.get_mut(usize::from(self.tail)) {
            Some(tail) if self.tail != NONE => tail.next = number,
            _ => self.head = number,
        }
        self.tail = number;
        self.count += 1;
    }

    /// The `skip`-th from the front.
    pub fn nth(&self, slots: &[Slot], skip: usize) -> Option<usize> {
        let mut at = self.head;
        for _ in 0..skip {
            at = slots.get(usize::from(at))?.next;
        }
        (at != NONE).then_some(usize::from(at))
    }

    /// Takes a buffer out, wherever it is. False if it is not in the list.
    pub fn remove(&mut self, slots: &mut [Slot], index: usize) -> bool {
        let mut before = NONE;
        let mut at = self.head;
        while at != NONE {
            let Some(next) = slots.get(usize::from(at)).map(|slot| slot.next) else { return false };
            if usize::from(at) == index {
                match slots.get_mut(usize::from(before)) {
                    Some(slot) if before != NONE => slot.next = next,
                    _ => self.head = next,
                }
                if self.tail == at {
                    self.tail = before;
                }
                self.count -= 1;
                return true;
            }
            before = at;
            at = next;
        }
        false
    }

    pub fn pop(&mut self, slots: &mut [Slot]) -> Option<usize> {
        let index = self.first()?;
        self.remove(slots, index);
        Some(index)
    }
}

/// `struct vb2_queue`, as far as a program can see it.
#[derive(Clone, Debug)]
pub(crate) struct Queue<const BUFFERS: usize> {
    pub buffer_type: u32,
    /// 0 is unknown.
    pub memory: u32,
    pub format: Format,
    /// `V4L2_COLORSPACE_*` of the format.
    pub colorspace: u32,
    pub slots: [Slot; BUFFERS],
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
}

impl<const BUFFERS: usize> Queue<BUFFERS> {
    pub fn new(profile: &Profile, output: bool, format: Format) -> Self {
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
            format,
            slots: [Slot::ABSENT; BUFFERS],
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
        }
    }

    pub fn is_output(&self) -> bool {
        is_output(self.buffer_type)
    }

    pub fn is_multiplanar(&self) -> bool {
        is_multiplanar(self.buffer_type)
    }

    pub fn copies_timestamps(&self, profile: &Profile) -> bool {
        profile.timestamp_flags & abi::V4L2_BUF_FLAG_TIMESTAMP_MASK == abi::V4L2_BUF_FLAG_TIMESTAMP_COPY
    }

    /// The buffer of an index that came from the program.
    pub fn find(&self, index: u32) -> Option<usize> {
        let index = index as usize;
        self.slots.get(index).filter(|slot| slot.state != State::Absent).map(|_| index)
    }

    /// Buffers queued, active and done: `queued_count`.
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
        for slot in self.slots.iter_mut().filter(|slot| slot.state != State::Absent) {
            slot.state = State::Dequeued;
            slot.prepared = false;
            slot.synced = false;
            slot.doubtful = false;
            slot.next = NONE;
        }
    }
}

/// Whether queue `index` of a node with this flow is an output queue: memory-to-memory nodes have output, capture.
pub(crate) const fn queue_is_output(flow: Flow, index: usize) -> bool {
    match flow {
        Flow::Capture => false,
        Flow::Output => true,
        Flow::MemoryToMemory => index.is_multiple_of(2),
    }
}
