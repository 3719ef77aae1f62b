//! What a frame carries of its buffer.

use crate::queue::losses::Lost;
use crate::v4l2::{BufferFlags, Field, Timestamp};

/// What is known of a dequeued buffer.
#[derive(Clone, Copy)]
pub(crate) struct Info {
    pub(crate) flags: BufferFlags,
    pub(crate) field: Field,
    pub(crate) sequence: u32,
    pub(crate) timestamp: Timestamp,
    pub(crate) lost: Lost,
    /// Of a single-planar buffer, checked: it lies inside of the plane. A multi-planar one's are in its slot.
    pub(crate) bytesused: u32,
}
