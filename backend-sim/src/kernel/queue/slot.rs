//! One buffer as the kernel keeps it.

use vidbuf::backend::MAX_PLANES;
use vidbuf_abi::buffer::{self as abi, v4l2_timecode};

use crate::kernel::arena;

/// No buffer: the end of a list.
pub const NONE: u16 = u16::MAX;

/// A buffer of a queue, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferIndex(u16);

impl BufferIndex {
    /// Of a link; `None` at the end of a list.
    #[inline]
    pub fn of(link: u16) -> Option<Self> {
        (link != NONE).then_some(Self(link))
    }

    /// Of a place in the slots, which are at most 32768.
    #[inline]
    pub fn at(place: usize) -> Self {
        Self(place as u16)
    }

    #[inline]
    pub fn number(self) -> usize {
        usize::from(self.0)
    }

    #[inline]
    pub fn short(self) -> u16 {
        self.0
    }
}

/// Where a buffer is (`enum vb2_buffer_state`; the transient states need no name here).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum State {
    /// There is no such buffer.
    #[default]
    Absent,
    /// With the program.
    Dequeued,
    /// Queued, the driver does not run yet.
    Queued,
    /// In the driver's hands.
    Active,
    /// Finished, waiting to be dequeued.
    Done,
    /// Finished with a failure, waiting to be dequeued.
    Error,
}

/// Flags that are computed whenever a buffer is reported, and never stored.
pub const COMPUTED_FLAGS: u32 = abi::V4L2_BUF_FLAG_MAPPED
    | abi::V4L2_BUF_FLAG_QUEUED
    | abi::V4L2_BUF_FLAG_DONE
    | abi::V4L2_BUF_FLAG_ERROR
    | abi::V4L2_BUF_FLAG_PREPARED
    | abi::V4L2_BUF_FLAG_IN_REQUEST
    | abi::V4L2_BUF_FLAG_REQUEST_FD
    | abi::V4L2_BUF_FLAG_TIMESTAMP_MASK;

/// What the program gave for one plane, before the driver accepts it (`struct vb2_plane`).
#[derive(Clone, Copy, Debug, Default)]
pub struct GivenPlane {
    pub bytesused: u32,
    pub length: u32,
    pub data_offset: u32,
    /// Address or descriptor.
    pub m: u64,
}

/// What the program gave for every plane of a buffer.
pub type GivenPlanes = [GivenPlane; MAX_PLANES];

/// One plane of one buffer.
#[derive(Clone, Copy, Debug)]
pub struct PlaneSlot {
    pub length: u32,
    pub bytesused: u32,
    pub data_offset: u32,
    /// Cookie, address or descriptor.
    pub m: u64,
    /// MMAP memory.
    pub chunk: u16,
    /// The dma-buf that is attached; 0 is none.
    pub attached: u32,
    /// Least length, fixed when the buffer is made.
    pub minimum: u32,
}

impl PlaneSlot {
    pub const EMPTY: Self =
        Self { length: 0, bytesused: 0, data_offset: 0, m: 0, chunk: arena::NONE, attached: 0, minimum: 0 };
}

/// One buffer.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub state: State,
    pub prepared: bool,
    pub synced: bool,
    /// Reported as finished while the program had it, or was handing it over: whose bytes they are is not known any more, and
    /// the driver leaves them alone.
    pub doubtful: bool,
    /// VIDIOC_QUERYBUF reported another buffer's cookie for it, or its own for another: what is mapped for one may be the other's
    /// memory, and the driver leaves both alone.
    pub misnamed: bool,
    pub planes: u8,
    /// Next in the one list that the buffer is in.
    pub next: u16,
    pub memory: u32,
    /// Stored part of the flags.
    pub flags: u32,
    pub field: u32,
    pub sequence: u32,
    pub timestamp_ns: i64,
    pub timecode: v4l2_timecode,
    pub plane: [PlaneSlot; MAX_PLANES],
}

impl Slot {
    pub const ABSENT: Self = Self {
        state: State::Absent,
        prepared: false,
        synced: false,
        doubtful: false,
        misnamed: false,
        planes: 0,
        next: NONE,
        memory: 0,
        flags: 0,
        field: 0,
        sequence: 0,
        timestamp_ns: 0,
        timecode: v4l2_timecode::ZERO,
        plane: [PlaneSlot::EMPTY; MAX_PLANES],
    };

    /// Numbers the picture by time of television, `rate` in a second; 0: not of television.
    #[inline(always)]
    pub fn number_by_timecode(&mut self, rate: u32) {
        if let Some(seconds) = self.sequence.checked_div(rate) {
            self.set_timecode(rate, seconds);
        }
    }

    #[cold]
    fn set_timecode(&mut self, rate: u32, seconds: u32) {
        self.flags |= abi::V4L2_BUF_FLAG_TIMECODE;
        let code = &mut self.timecode;
        code.type_ = if rate == 30 { abi::V4L2_TC_TYPE_30FPS } else { abi::V4L2_TC_TYPE_25FPS };
        code.flags = 0;
        // Each is below 60.
        code.frames = (self.sequence % rate) as u8;
        code.seconds = (seconds % 60) as u8;
        code.minutes = (seconds / 60 % 60) as u8;
        code.hours = (seconds / 3600 % 24) as u8;
    }

    #[inline]
    pub fn planes(&self) -> &[PlaneSlot] {
        self.plane.get(..usize::from(self.planes)).unwrap_or(&self.plane)
    }

    #[inline]
    pub fn planes_mut(&mut self) -> &mut [PlaneSlot] {
        let count = usize::from(self.planes).min(MAX_PLANES);
        &mut self.plane[..count]
    }
}
