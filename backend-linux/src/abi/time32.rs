//! `v4l2_buffer` of kernels before 5.6 on 32-bit targets: seconds and microseconds of 32 bits.

use super::buffer::{v4l2_buffer_memory, v4l2_timeval};
use super::{layout, v4l2_buffer};

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_buffer_time32 {
    pub(crate) index: u32,
    pub(crate) type_: u32,
    pub(crate) bytesused: u32,
    pub(crate) flags: u32,
    pub(crate) field: u32,
    pub(crate) tv_sec: i32,
    pub(crate) tv_usec: i32,
    pub(crate) timecode: [u32; 4],
    pub(crate) sequence: u32,
    pub(crate) memory: u32,
    pub(crate) m: v4l2_buffer_memory,
    pub(crate) length: u32,
    pub(crate) reserved2: u32,
    pub(crate) request_fd: i32,
}

layout!(v4l2_buffer_time32: 68,
    index @ 0, type_ @ 4, bytesused @ 8, flags @ 12, field @ 16, tv_sec @ 20, tv_usec @ 24, timecode @ 28,
    sequence @ 44, memory @ 48, m @ 52, length @ 56, reserved2 @ 60, request_fd @ 64);

impl From<&v4l2_buffer> for v4l2_buffer_time32 {
    fn from(wide: &v4l2_buffer) -> Self {
        Self {
            index: wide.index,
            type_: wide.type_,
            bytesused: wide.bytesused,
            flags: wide.flags,
            field: wide.field,
            tv_sec: wide.timestamp.tv_sec as i32,
            tv_usec: wide.timestamp.tv_usec as i32,
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
        Self {
            index: narrow.index,
            type_: narrow.type_,
            bytesused: narrow.bytesused,
            flags: narrow.flags,
            field: narrow.field,
            timestamp: v4l2_timeval { tv_sec: narrow.tv_sec.into(), tv_usec: narrow.tv_usec.into() },
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
