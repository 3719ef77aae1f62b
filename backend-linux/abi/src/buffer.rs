//! Buffers: REQBUFS, CREATE_BUFS, REMOVE_BUFS, QUERYBUF, QBUF, DQBUF, PREPARE_BUF, EXPBUF.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/buffer.rst`.

use crate::define::{constants, described, structures, unions};
use crate::format::v4l2_format;
use crate::layout::Structure;

structures! {
    /// Argument of REQBUFS. Kernel: `vidioc-reqbufs.rst`.
    #[repr(C)]
    struct v4l2_requestbuffers {
        count: u32, "Buffers asked for; on return, allocated.";
        type_: u32, "`V4L2_BUF_TYPE_*`.";
        memory: u32, "`V4L2_MEMORY_*`.";
        capabilities: u32, "On return: `V4L2_BUF_CAP_*`.";
        flags: u8, "`V4L2_MEMORY_FLAG_*`.";
        reserved: [u8; 3], "Zero.";
    }

    /// A plane of a buffer of the multi-planar API. Kernel: `buffer.rst`.
    #[repr(C)]
    struct v4l2_plane {
        bytesused: u32, "Where the payload ends; it begins at `data_offset`.";
        length: u32, "Bytes of the plane.";
        m: v4l2_plane_m, "Where the plane is.";
        data_offset: u32, "Where the payload begins.";
        reserved: [u32; 11], "Zero.";
    }

    /// The number of a picture on a tape. Kernel: `buffer.rst`.
    #[repr(C)]
    struct v4l2_timecode {
        type_: u32, "`V4L2_TC_TYPE_*`.";
        flags: u32, "`V4L2_TC_FLAG_*`.";
        frames: u8, "Frame within the second.";
        seconds: u8, "Second.";
        minutes: u8, "Minute.";
        hours: u8, "Hour.";
        userbits: [u8; 4], "Bits of the user's.";
    }

    /// A buffer: argument of QUERYBUF, QBUF, DQBUF and PREPARE_BUF. Kernel: `buffer.rst`, `vidioc-qbuf.rst`.
    #[repr(C)]
    struct v4l2_buffer {
        index: u32, "Which buffer of the queue.";
        type_: u32, "`V4L2_BUF_TYPE_*`: which queue.";
        bytesused: u32, "Bytes of the payload; unused by the multi-planar API.";
        flags: u32, "`V4L2_BUF_FLAG_*`.";
        field: u32, "`V4L2_FIELD_*`.";
        timestamp: v4l2_timeval, "When the frame was captured, or is to be shown.";
        timecode: v4l2_timecode, "The number of the picture, if flag TIMECODE is set.";
        sequence: u32, "Counts the frames of a stream.";
        memory: u32, "`V4L2_MEMORY_*`.";
        m: v4l2_buffer_m, "Where the buffer is, or where its planes are described.";
        length: u32, "Bytes of the buffer; multi-planar: elements of the array of planes.";
        reserved2: u32, "Zero.";
        request_fd: i32, "The request that the buffer belongs to, if flag REQUEST_FD is set.";
    }

    /// Argument of EXPBUF. Kernel: `vidioc-expbuf.rst`.
    #[repr(C)]
    struct v4l2_exportbuffer {
        type_: u32, "`V4L2_BUF_TYPE_*`.";
        index: u32, "Which buffer.";
        plane: u32, "Which plane.";
        flags: u32, "`O_CLOEXEC` and an access mode.";
        fd: i32, "On return: the descriptor of the dma-buf.";
        reserved: [u32; 11], "Zero.";
    }

    /// Argument of CREATE_BUFS. Kernel: `vidioc-create-bufs.rst`.
    #[repr(C)]
    struct v4l2_create_buffers {
        index: u32, "On return: the first new buffer.";
        count: u32, "Buffers asked for; on return, allocated.";
        memory: u32, "`V4L2_MEMORY_*`.";
        format: v4l2_format, "What the buffers must have room for; its type names the queue.";
        capabilities: u32, "On return: `V4L2_BUF_CAP_*`.";
        flags: u32, "`V4L2_MEMORY_FLAG_*`.";
        max_num_buffers: u32, "On return: how many the queue can have (since Linux 6.8).";
        reserved: [u32; 5], "Zero.";
    }

    /// Argument of REMOVE_BUFS (since Linux 6.10). Kernel: `vidioc-remove-bufs.rst`.
    #[repr(C)]
    struct v4l2_remove_buffers {
        index: u32, "The first buffer to remove.";
        count: u32, "How many.";
        type_: u32, "`V4L2_BUF_TYPE_*`.";
        reserved: [u32; 13], "Zero.";
    }
}

unions! {
    /// `v4l2_plane.m`.
    union v4l2_plane_m(usize, size_of::<usize>()) {
        mem_offset set_mem_offset of_mem_offset: u32, "MMAP: the offset for `mmap`.";
        userptr set_userptr of_userptr: usize, "USERPTR: the address of the program's memory.";
        fd set_fd of_fd: i32, "DMABUF: the descriptor of the dma-buf.";
    }

    /// `v4l2_buffer.m`.
    union v4l2_buffer_m(usize, size_of::<usize>()) {
        offset set_offset of_offset: u32, "MMAP: the offset for `mmap`.";
        userptr set_userptr of_userptr: usize, "USERPTR: the address of the program's memory.";
        planes set_planes of_planes: usize, "Multi-planar: the address of an array of `v4l2_plane` (`expose_provenance`).";
        fd set_fd of_fd: i32, "DMABUF: the descriptor of the dma-buf.";
    }
}

/// `struct timeval`, as it is in [`v4l2_buffer`]: both numbers have 64 bits, and 32 in programs with 32-bit time.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub struct v4l2_timeval {
    /// Seconds.
    pub tv_sec: i64,
    /// Microseconds.
    pub tv_usec: i64,
}
described!(v4l2_timeval, "timeval", struct, tv_sec: i64, tv_usec: i64);

/// `struct timespec`, as it is in `v4l2_event`: both numbers have 64 bits, and 32 in programs with 32-bit time.
///
/// C libraries give 32-bit programs a `long` of nanoseconds and 4 bytes of padding; the kernel writes the same 8 bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub struct v4l2_timespec {
    /// Seconds.
    pub tv_sec: i64,
    /// Nanoseconds.
    pub tv_nsec: i64,
}
described!(v4l2_timespec, "timespec", struct, tv_sec: i64, tv_nsec: i64);

pub(crate) const TIMES: &[&Structure] = &[v4l2_timeval::STRUCTURE, v4l2_timespec::STRUCTURE];

constants! { u32:
    VIDEO_MAX_FRAME = 32, "The most buffers of a queue, in kernels before 6.8.";
    VIDEO_MAX_PLANES = 8, "The most planes of a buffer.";

    V4L2_BUF_TYPE_VIDEO_CAPTURE = 1, "Frames from the device, one plane.";
    V4L2_BUF_TYPE_VIDEO_OUTPUT = 2, "Frames to the device, one plane.";
    V4L2_BUF_TYPE_VIDEO_OVERLAY = 3, "Overlay window; no buffers.";
    V4L2_BUF_TYPE_VBI_CAPTURE = 4, "Raw VBI from the device.";
    V4L2_BUF_TYPE_VBI_OUTPUT = 5, "Raw VBI to the device.";
    V4L2_BUF_TYPE_SLICED_VBI_CAPTURE = 6, "Decoded VBI from the device.";
    V4L2_BUF_TYPE_SLICED_VBI_OUTPUT = 7, "Decoded VBI to the device.";
    V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY = 8, "On-screen display; no buffers.";
    V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE = 9, "Frames from the device, several planes.";
    V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE = 10, "Frames to the device, several planes.";
    V4L2_BUF_TYPE_SDR_CAPTURE = 11, "Software radio from the device.";
    V4L2_BUF_TYPE_SDR_OUTPUT = 12, "Software radio to the device.";
    V4L2_BUF_TYPE_META_CAPTURE = 13, "Metadata from the device.";
    V4L2_BUF_TYPE_META_OUTPUT = 14, "Metadata to the device.";

    V4L2_MEMORY_MMAP = 1, "The driver's memory, to be mapped.";
    V4L2_MEMORY_USERPTR = 2, "The program's memory.";
    V4L2_MEMORY_OVERLAY = 3, "Never accepted for buffers.";
    V4L2_MEMORY_DMABUF = 4, "Memory of another device.";
    V4L2_MEMORY_FLAG_NON_COHERENT = 1, "Memory whose caches are synchronised at QBUF and DQBUF.";

    V4L2_BUF_FLAG_MAPPED = 0x1, "The memory has another user: a mapping or an exported dma-buf.";
    V4L2_BUF_FLAG_QUEUED = 0x2, "The driver has it.";
    V4L2_BUF_FLAG_DONE = 0x4, "It waits for DQBUF.";
    V4L2_BUF_FLAG_KEYFRAME = 0x8, "A frame that can be decoded alone.";
    V4L2_BUF_FLAG_PFRAME = 0x10, "A predicted frame.";
    V4L2_BUF_FLAG_BFRAME = 0x20, "A bidirectionally predicted frame.";
    V4L2_BUF_FLAG_ERROR = 0x40, "The payload may be damaged.";
    V4L2_BUF_FLAG_IN_REQUEST = 0x80, "It belongs to a request that is not queued yet.";
    V4L2_BUF_FLAG_TIMECODE = 0x100, "`timecode` is valid.";
    V4L2_BUF_FLAG_M2M_HOLD_CAPTURE_BUF = 0x200, "Do not finish the capture buffer with this output buffer.";
    V4L2_BUF_FLAG_PREPARED = 0x400, "Prepared by PREPARE_BUF, and not queued.";
    V4L2_BUF_FLAG_NO_CACHE_INVALIDATE = 0x800, "Caches need not be invalidated.";
    V4L2_BUF_FLAG_NO_CACHE_CLEAN = 0x1000, "Caches need not be written back.";
    V4L2_BUF_FLAG_TIMESTAMP_MASK = 0xe000, "The bits that name the clock.";
    V4L2_BUF_FLAG_TIMESTAMP_UNKNOWN = 0, "An unknown clock.";
    V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC = 0x2000, "CLOCK_MONOTONIC.";
    V4L2_BUF_FLAG_TIMESTAMP_COPY = 0x4000, "Copied from the output buffer.";
    V4L2_BUF_FLAG_TSTAMP_SRC_MASK = 0x7_0000, "The bits that name the moment.";
    V4L2_BUF_FLAG_TSTAMP_SRC_EOF = 0, "When the frame had ended.";
    V4L2_BUF_FLAG_TSTAMP_SRC_SOE = 0x1_0000, "When the exposure began.";
    V4L2_BUF_FLAG_LAST = 0x10_0000, "The last buffer of the stream; the next DQBUF fails with EPIPE.";
    V4L2_BUF_FLAG_REQUEST_FD = 0x80_0000, "`request_fd` is valid.";

    V4L2_BUF_CAP_SUPPORTS_MMAP = 0x1, "The queue has MMAP.";
    V4L2_BUF_CAP_SUPPORTS_USERPTR = 0x2, "The queue has USERPTR.";
    V4L2_BUF_CAP_SUPPORTS_DMABUF = 0x4, "The queue has DMABUF.";
    V4L2_BUF_CAP_SUPPORTS_REQUESTS = 0x8, "Buffers can belong to requests.";
    V4L2_BUF_CAP_SUPPORTS_ORPHANED_BUFS = 0x10, "Buffers can be freed while they are mapped or exported.";
    V4L2_BUF_CAP_SUPPORTS_M2M_HOLD_CAPTURE_BUF = 0x20, "Flag M2M_HOLD_CAPTURE_BUF is supported.";
    V4L2_BUF_CAP_SUPPORTS_MMAP_CACHE_HINTS = 0x40, "Memory flags and cache flags are supported.";
    V4L2_BUF_CAP_SUPPORTS_MAX_NUM_BUFFERS = 0x80, "`max_num_buffers` is valid (since Linux 6.8).";
    V4L2_BUF_CAP_SUPPORTS_REMOVE_BUFS = 0x100, "REMOVE_BUFS is supported (since Linux 6.10).";

    V4L2_FIELD_ANY = 0, "A driver's choice; never returned.";
    V4L2_FIELD_NONE = 1, "Progressive.";
    V4L2_FIELD_TOP = 2, "The top field only.";
    V4L2_FIELD_BOTTOM = 3, "The bottom field only.";
    V4L2_FIELD_INTERLACED = 4, "Both fields, line by line.";
    V4L2_FIELD_SEQ_TB = 5, "Both fields, the top one first in memory.";
    V4L2_FIELD_SEQ_BT = 6, "Both fields, the bottom one first in memory.";
    V4L2_FIELD_ALTERNATE = 7, "One field a buffer, in turn; never in a buffer.";
    V4L2_FIELD_INTERLACED_TB = 8, "Line by line, the top field is the older.";
    V4L2_FIELD_INTERLACED_BT = 9, "Line by line, the bottom field is the older.";

    V4L2_TC_TYPE_24FPS = 1, "24 frames a second.";
    V4L2_TC_TYPE_25FPS = 2, "25 frames a second.";
    V4L2_TC_TYPE_30FPS = 3, "30 frames a second.";
    V4L2_TC_TYPE_50FPS = 4, "50 frames a second.";
    V4L2_TC_TYPE_60FPS = 5, "60 frames a second.";
    V4L2_TC_FLAG_DROPFRAME = 1, "Numbers are left out to agree with the clock.";
    V4L2_TC_FLAG_COLORFRAME = 2, "Numbers agree with the colour sequence.";
    V4L2_TC_USERBITS_field = 0xc, "The bits that name what `userbits` are.";
    V4L2_TC_USERBITS_USERDEFINED = 0, "`userbits` are anything.";
    V4L2_TC_USERBITS_8BITCHARS = 8, "`userbits` are characters.";
}
