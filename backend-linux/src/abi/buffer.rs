//! Structures of REQBUFS, QUERYBUF, QBUF and DQBUF.

use super::{by_target, layout};

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_requestbuffers {
    pub(crate) count: u32,
    pub(crate) type_: u32,
    pub(crate) memory: u32,
    pub(crate) capabilities: u32,
    pub(crate) flags: u8,
    pub(crate) reserved: [u8; 3],
}
layout!(v4l2_requestbuffers: 20, count @ 0, type_ @ 4, memory @ 8, capabilities @ 12, flags @ 16, reserved @ 17);

/// `v4l2_plane.m`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) union v4l2_plane_memory {
    pub(crate) mem_offset: u32,
    pub(crate) userptr: usize,
    pub(crate) fd: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_plane {
    pub(crate) bytesused: u32,
    pub(crate) length: u32,
    pub(crate) m: v4l2_plane_memory,
    pub(crate) data_offset: u32,
    pub(crate) reserved: [u32; 11],
}
layout!(v4l2_plane: by_target(64, 60, 60),
    bytesused @ 0, length @ 4, m @ 8, data_offset @ by_target(16, 12, 12), reserved @ by_target(20, 16, 16));

/// `v4l2_buffer.timestamp`: both numbers have 64 bits for every program with 64-bit time.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_timeval {
    pub(crate) tv_sec: i64,
    pub(crate) tv_usec: i64,
}

/// `v4l2_buffer.m`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) union v4l2_buffer_memory {
    pub(crate) offset: u32,
    pub(crate) userptr: usize,
    pub(crate) planes: *mut v4l2_plane,
    pub(crate) fd: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_buffer {
    pub(crate) index: u32,
    pub(crate) type_: u32,
    pub(crate) bytesused: u32,
    pub(crate) flags: u32,
    pub(crate) field: u32,
    pub(crate) timestamp: v4l2_timeval,
    /// `struct v4l2_timecode`, unused here.
    pub(crate) timecode: [u32; 4],
    pub(crate) sequence: u32,
    pub(crate) memory: u32,
    pub(crate) m: v4l2_buffer_memory,
    pub(crate) length: u32,
    pub(crate) reserved2: u32,
    pub(crate) request_fd: i32,
}
layout!(v4l2_buffer: by_target(88, 80, 76),
    index @ 0, type_ @ 4, bytesused @ 8, flags @ 12, field @ 16,
    timestamp @ by_target(24, 24, 20), timecode @ by_target(40, 40, 36), sequence @ by_target(56, 56, 52),
    memory @ by_target(60, 60, 56), m @ by_target(64, 64, 60), length @ by_target(72, 68, 64),
    reserved2 @ by_target(76, 72, 68), request_fd @ by_target(80, 76, 72));
