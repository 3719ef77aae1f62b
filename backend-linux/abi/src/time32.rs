//! Buffers and events as kernels before Linux 5.6 know them on 32-bit targets: with 32-bit time.
//!
//! Kernel: `include/media/v4l2-ioctl.h`, `drivers/media/v4l2-core/v4l2-ioctl.c`.

use core::mem::offset_of;

use crate::buffer::{v4l2_buffer, v4l2_buffer_m, v4l2_timecode, v4l2_timespec, v4l2_timeval};
use crate::event::{v4l2_event, v4l2_event_u};
use crate::ioctl;
use crate::layout::{Layout, Structure};

/// Seconds, and microseconds or nanoseconds.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub struct old_time32 {
    /// Seconds.
    pub tv_sec: i32,
    /// Microseconds in a buffer, nanoseconds in an event.
    pub tv_part: i32,
}

/// [`v4l2_buffer`] with 32-bit time.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(non_camel_case_types, missing_docs)]
pub struct v4l2_buffer_time32 {
    pub index: u32,
    pub type_: u32,
    pub bytesused: u32,
    pub flags: u32,
    pub field: u32,
    pub timestamp: old_time32,
    pub timecode: v4l2_timecode,
    pub sequence: u32,
    pub memory: u32,
    pub m: v4l2_buffer_m,
    pub length: u32,
    pub reserved2: u32,
    pub request_fd: i32,
}

/// [`v4l2_event`] with 32-bit time.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(non_camel_case_types, missing_docs)]
pub struct v4l2_event_time32 {
    pub type_: u32,
    pub u: v4l2_event_u,
    pub pending: u32,
    pub sequence: u32,
    pub timestamp: old_time32,
    pub id: u32,
    pub reserved: [u32; 8],
}

macro_rules! same {
    ($narrow:ident, $wide:ident: $($field:ident)+) => {
        const _: () = {
            let (structure, layout) = ($wide::STRUCTURE, Layout::TARGET.time32());
            assert!(structure.size(layout) == size_of::<$narrow>());
            let mut index = 0;
            $(
                assert!(structure.offset(layout, index) == offset_of!($narrow, $field));
                index += 1;
            )+
            assert!(index == structure.fields.len());
        };
    };
}
same!(v4l2_buffer_time32, v4l2_buffer: index type_ bytesused flags field timestamp timecode sequence memory m length
    reserved2 request_fd);
same!(v4l2_event_time32, v4l2_event: type_ u pending sequence timestamp id reserved);

const fn number(wide: u32, structure: &Structure) -> u32 {
    wide & !(0x1fff << 16) | (structure.size(Layout::TARGET.time32()) as u32) << 16
}

/// `VIDIOC_QUERYBUF` with a [`v4l2_buffer_time32`].
pub const VIDIOC_QUERYBUF_TIME32: u32 = number(ioctl::VIDIOC_QUERYBUF, v4l2_buffer::STRUCTURE);
/// `VIDIOC_QBUF` with a [`v4l2_buffer_time32`].
pub const VIDIOC_QBUF_TIME32: u32 = number(ioctl::VIDIOC_QBUF, v4l2_buffer::STRUCTURE);
/// `VIDIOC_DQBUF` with a [`v4l2_buffer_time32`].
pub const VIDIOC_DQBUF_TIME32: u32 = number(ioctl::VIDIOC_DQBUF, v4l2_buffer::STRUCTURE);
/// `VIDIOC_PREPARE_BUF` with a [`v4l2_buffer_time32`].
pub const VIDIOC_PREPARE_BUF_TIME32: u32 = number(ioctl::VIDIOC_PREPARE_BUF, v4l2_buffer::STRUCTURE);
/// `VIDIOC_DQEVENT` with a [`v4l2_event_time32`].
pub const VIDIOC_DQEVENT_TIME32: u32 = number(ioctl::VIDIOC_DQEVENT, v4l2_event::STRUCTURE);

impl From<&v4l2_buffer> for v4l2_buffer_time32 {
    fn from(wide: &v4l2_buffer) -> Self {
        let v4l2_timeval { tv_sec, tv_usec } = wide.timestamp;
        Self {
            index: wide.index,
            type_: wide.type_,
            bytesused: wide.bytesused,
            flags: wide.flags,
            field: wide.field,
            timestamp: old_time32 { tv_sec: tv_sec as i32, tv_part: tv_usec as i32 },
            timecode: wide.timecode,
            sequence: wide.sequence,
            memory: wide.memory,
            m: wide.m,
            length: wide.length,
            reserved2: wide.reserved2,
            request_fd: wide.request_fd,
        }
    }
}

impl From<&v4l2_buffer_time32> for v4l2_buffer {
    fn from(narrow: &v4l2_buffer_time32) -> Self {
        let old_time32 { tv_sec, tv_part } = narrow.timestamp;
        Self {
            index: narrow.index,
            type_: narrow.type_,
            bytesused: narrow.bytesused,
            flags: narrow.flags,
            field: narrow.field,
            timestamp: v4l2_timeval { tv_sec: tv_sec.into(), tv_usec: tv_part.into() },
            timecode: narrow.timecode,
            sequence: narrow.sequence,
            memory: narrow.memory,
            m: narrow.m,
            length: narrow.length,
            reserved2: narrow.reserved2,
            request_fd: narrow.request_fd,
        }
    }
}

impl From<&v4l2_event_time32> for v4l2_event {
    fn from(narrow: &v4l2_event_time32) -> Self {
        let old_time32 { tv_sec, tv_part } = narrow.timestamp;
        Self {
            type_: narrow.type_,
            u: narrow.u,
            pending: narrow.pending,
            sequence: narrow.sequence,
            timestamp: v4l2_timespec { tv_sec: tv_sec.into(), tv_nsec: tv_part.into() },
            id: narrow.id,
            reserved: narrow.reserved,
        }
    }
}
