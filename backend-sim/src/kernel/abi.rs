//! What crosses the system call boundary: the kernel's structures without their layout.

use vidbuf::{MAX_PLANES, Timestamp};

/// `V4L2_MEMORY_MMAP`.
pub const MEMORY_MMAP: u32 = 1;
/// `V4L2_MEMORY_USERPTR`.
pub const MEMORY_USERPTR: u32 = 2;
/// `V4L2_MEMORY_DMABUF`.
pub const MEMORY_DMABUF: u32 = 4;

/// `V4L2_BUF_TYPE_VIDEO_CAPTURE`.
pub const TYPE_CAPTURE: u32 = 1;
/// `V4L2_BUF_TYPE_VIDEO_OUTPUT`.
pub const TYPE_OUTPUT: u32 = 2;
/// `V4L2_BUF_TYPE_VIDEO_OVERLAY`.
pub(crate) const TYPE_OVERLAY: u32 = 3;
/// `V4L2_BUF_TYPE_VIDEO_OUTPUT_OVERLAY`.
pub(crate) const TYPE_OUTPUT_OVERLAY: u32 = 8;
/// `V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE`.
pub const TYPE_CAPTURE_MPLANE: u32 = 9;
/// `V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE`.
pub const TYPE_OUTPUT_MPLANE: u32 = 10;

pub(crate) const fn is_multiplanar(buffer_type: u32) -> bool {
    matches!(buffer_type, TYPE_CAPTURE_MPLANE | TYPE_OUTPUT_MPLANE)
}

pub(crate) const fn is_output(buffer_type: u32) -> bool {
    matches!(buffer_type, TYPE_OUTPUT | TYPE_OUTPUT_MPLANE)
}

/// `V4L2_BUF_FLAG_*`.
#[allow(missing_docs)]
pub mod flags {
    pub const MAPPED: u32 = 0x1;
    pub const QUEUED: u32 = 0x2;
    pub const DONE: u32 = 0x4;
    pub const KEYFRAME: u32 = 0x8;
    pub const PFRAME: u32 = 0x10;
    pub const BFRAME: u32 = 0x20;
    pub const ERROR: u32 = 0x40;
    pub const IN_REQUEST: u32 = 0x80;
    pub const TIMECODE: u32 = 0x100;
    pub const M2M_HOLD_CAPTURE_BUF: u32 = 0x200;
    pub const PREPARED: u32 = 0x400;
    pub const NO_CACHE_INVALIDATE: u32 = 0x800;
    pub const NO_CACHE_CLEAN: u32 = 0x1000;
    pub const TIMESTAMP_MASK: u32 = 0xe000;
    pub const TIMESTAMP_COPY: u32 = 0x4000;
    pub const TSTAMP_SRC_MASK: u32 = 0x7_0000;
    pub const LAST: u32 = 0x10_0000;
    pub const REQUEST_FD: u32 = 0x80_0000;

    /// Computed at every answer, never stored.
    pub(crate) const COMPUTED: u32 =
        MAPPED | QUEUED | DONE | ERROR | PREPARED | IN_REQUEST | REQUEST_FD | TIMESTAMP_MASK;
    /// Meaningful from the program only on output queues.
    pub(crate) const OUTPUT_ONLY: u32 = KEYFRAME | PFRAME | BFRAME | TIMECODE | M2M_HOLD_CAPTURE_BUF;
    pub(crate) const CACHE: u32 = NO_CACHE_INVALIDATE | NO_CACHE_CLEAN;
}

/// `struct v4l2_timecode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs)]
pub struct Timecode {
    pub kind: u32,
    pub flags: u32,
    pub frames: u8,
    pub seconds: u8,
    pub minutes: u8,
    pub hours: u8,
    pub userbits: [u8; 4],
}

/// `struct v4l2_buffer`. The plane array goes beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Buffer {
    /// Which buffer.
    pub index: u32,
    /// `V4L2_BUF_TYPE_*`.
    pub buffer_type: u32,
    /// Payload, single-planar.
    pub bytesused: u32,
    /// [`flags`].
    pub flags: u32,
    /// `V4L2_FIELD_*`.
    pub field: u32,
    /// When.
    pub timestamp: Timestamp,
    /// Which picture of a tape.
    pub timecode: Timecode,
    /// Frame counter.
    pub sequence: u32,
    /// `V4L2_MEMORY_*`.
    pub memory: u32,
    /// The union `m`, single-planar: mmap cookie, address or descriptor.
    pub m: u64,
    /// Single-planar: bytes of the plane. Multi-planar: elements of the plane array (0 also stands for a null pointer).
    pub length: u32,
    /// Always answered 0.
    pub reserved2: u32,
    /// Always answered 0 here: requests are not modelled.
    pub request_fd: i32,
}

impl Buffer {
    /// A zeroed buffer of this index, type and memory.
    pub fn new(index: u32, buffer_type: u32, memory: u32) -> Self {
        Self { index, buffer_type, memory, ..Self::default() }
    }
}

/// `struct v4l2_plane`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Plane {
    /// End of the payload.
    pub bytesused: u32,
    /// Bytes of the plane.
    pub length: u32,
    /// mmap cookie, address or descriptor.
    pub m: u64,
    /// Start of the payload.
    pub data_offset: u32,
}

/// `struct v4l2_requestbuffers`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RequestBuffers {
    pub count: u32,
    pub buffer_type: u32,
    pub memory: u32,
    pub capabilities: u32,
    pub flags: u8,
}

/// `struct v4l2_create_buffers`; of the format only what the kernel looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct CreateBuffers {
    pub index: u32,
    pub count: u32,
    pub memory: u32,
    pub buffer_type: u32,
    /// `num_planes`; ignored on single-planar types.
    pub planes: u32,
    /// `sizeimage` of each plane.
    pub sizes: [u32; MAX_PLANES],
    pub capabilities: u32,
    pub flags: u32,
    pub max_num_buffers: u32,
}

/// `struct v4l2_remove_buffers`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RemoveBuffers {
    pub index: u32,
    pub count: u32,
    pub buffer_type: u32,
}

/// `struct v4l2_exportbuffer`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ExportBuffer {
    pub buffer_type: u32,
    pub index: u32,
    pub plane: u32,
    pub flags: u32,
    pub fd: i32,
}
