//! What goes in and out of a backend: plain values, no kernel layouts.

use crate::plane_count::{MAX_PLANES, PlaneCount};
use crate::v4l2::{BufferCapabilities, BufferFlags, Field, Timestamp};

/// What `VIDIOC_REQBUFS` granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Granted {
    /// Buffers allocated; more or fewer than asked.
    pub count: u32,
    /// `V4L2_BUF_CAP_*` of the queue; empty on kernels older than the field, and on drivers without videobuf2.
    pub capabilities: BufferCapabilities,
    /// Whether the backend keeps the second promise of [`Backend`](crate::Backend) for these buffers: a dequeued buffer is the
    /// program's alone. Without it the queue lends no bytes, it only copies them.
    pub exclusive: bool,
}

impl Granted {
    /// So many buffers, with these capabilities, alone in the program's hands while they are dequeued or not.
    pub const fn new(count: u32, capabilities: BufferCapabilities, exclusive: bool) -> Self {
        Self { count, capabilities, exclusive }
    }
}

/// One plane of one buffer as `VIDIOC_QUERYBUF` describes it.
///
/// A later version adds no field: a mapping needs no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PlaneLayout {
    /// Bytes of the mapping (`v4l2_buffer.length` or `v4l2_plane.length`); not the payload.
    pub length: u32,
    /// The cookie to give to mmap (`m.offset` or `m.mem_offset`); not a position, never to be computed with.
    pub offset: u32,
}

/// The payload of one plane: bytes `data_offset..bytesused` of the mapping.
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PlanePayload {
    /// End of the payload, in bytes from the start of the plane; `data_offset` is inside it.
    pub bytesused: u32,
    /// Start of the payload, in bytes from the start of the plane. Always 0 on single-planar queues.
    pub data_offset: u32,
}

/// What [`Backend::enqueue`](crate::Backend::enqueue) hands to the driver (`VIDIOC_QBUF`).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Enqueue<'a> {
    /// Which buffer.
    pub index: u32,
    /// How many planes it has.
    pub planes: PlaneCount,
    /// Output: what was written, one element a plane. Capture: none.
    pub payloads: &'a [PlanePayload],
    /// Output: the field order; [`Field::ANY`] lets the driver choose. Capture: ignored by the kernel.
    pub field: Field,
    /// Output queues that copy timestamps carry it to the resulting capture buffer; else ignored by the kernel.
    pub timestamp: Timestamp,
}

impl<'a> Enqueue<'a> {
    /// A buffer of so many planes, to be filled by the device.
    #[inline]
    pub const fn empty(index: u32, planes: PlaneCount) -> Self {
        let timestamp = Timestamp { seconds: 0, microseconds: 0 };
        Self { index, planes, payloads: &[], field: Field::ANY, timestamp }
    }

    /// A buffer with a payload for each of its planes; field and timestamp unset.
    #[inline]
    pub const fn filled(index: u32, planes: PlaneCount, payloads: &'a [PlanePayload]) -> Self {
        Self { payloads, ..Self::empty(index, planes) }
    }
}

/// What [`Backend::dequeue`](crate::Backend::dequeue) returned (`VIDIOC_DQBUF`), as plain values: not yet validated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dequeued {
    /// Which buffer.
    pub index: u32,
    /// `V4L2_BUF_FLAG_*`.
    pub flags: BufferFlags,
    /// Which lines the buffer holds.
    pub field: Field,
    /// Frame counter of the driver since STREAMON; gaps are lost frames.
    pub sequence: u32,
    /// The driver's clock.
    pub timestamp: Timestamp,
    /// How many planes the buffer has; 1 on single-planar queues.
    pub planes: u32,
    /// The payload of each.
    pub payloads: [PlanePayload; MAX_PLANES],
}

/// Why [`Backend::wait`](crate::Backend::wait) came back (`poll`).
///
/// A later version adds no variant: anything else is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Wake {
    /// A buffer can be dequeued, or dequeue returns what is wrong.
    Ready,
    /// The time ran out; nothing has changed.
    TimedOut,
}
