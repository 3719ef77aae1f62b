//! The kernel's structures as a 64-bit program sees them, and its ioctls, independent of the backend's own.
//!
//! What is compared is plain data, so the answers are turned into the simulator's structures, field by field.

use std::io;

use vidbuf_sim::kernel::{Buffer, CreateBuffers, ExportBuffer, Plane, RemoveBuffers, RequestBuffers, Timecode};

/// `struct v4l2_plane`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RawPlane {
    bytesused: u32,
    length: u32,
    m: u64,
    data_offset: u32,
    reserved: [u32; 11],
}

/// `struct v4l2_buffer`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RawBuffer {
    index: u32,
    buffer_type: u32,
    bytesused: u32,
    flags: u32,
    field: u32,
    seconds: i64,
    microseconds: i64,
    timecode: [u8; 16],
    sequence: u32,
    memory: u32,
    m: u64,
    length: u32,
    reserved2: u32,
    request_fd: i32,
}

/// `struct v4l2_requestbuffers`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RawRequest {
    count: u32,
    buffer_type: u32,
    memory: u32,
    capabilities: u32,
    flags: u8,
    reserved: [u8; 3],
}

/// `struct v4l2_format`, as bytes: its fields lie at fixed places (`videodev2.h`).
#[repr(C, align(8))]
#[derive(Clone, Copy)]
pub struct RawFormat {
    /// `V4L2_BUF_TYPE_*`.
    pub buffer_type: u32,
    hole: u32,
    /// The union.
    pub union: [u8; 200],
}

/// `struct v4l2_create_buffers`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RawCreate {
    index: u32,
    count: u32,
    memory: u32,
    format: RawFormat,
    capabilities: u32,
    flags: u32,
    max_num_buffers: u32,
    reserved: [u32; 5],
}

/// `struct v4l2_remove_buffers`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RawRemove {
    /// First.
    pub index: u32,
    /// How many.
    pub count: u32,
    /// `V4L2_BUF_TYPE_*`.
    pub buffer_type: u32,
    reserved: [u32; 13],
}

/// `struct v4l2_exportbuffer`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
#[allow(missing_docs)]
pub struct RawExport {
    pub buffer_type: u32,
    pub index: u32,
    pub plane: u32,
    pub flags: u32,
    pub fd: i32,
    reserved: [u32; 11],
}

const _: () = {
    assert!(size_of::<RawPlane>() == 64 && size_of::<RawBuffer>() == 88 && size_of::<RawRequest>() == 20);
    assert!(size_of::<RawFormat>() == 208 && size_of::<RawCreate>() == 256 && size_of::<RawRemove>() == 64);
    assert!(size_of::<RawExport>() == 64);
};

/// The numbers, from `videodev2.h` of a 64-bit system.
#[allow(missing_docs)]
pub mod number {
    pub const QUERYCAP: u64 = 0x8068_5600;
    pub const G_FMT: u64 = 0xc0d0_5604;
    pub const S_FMT: u64 = 0xc0d0_5605;
    pub const TRY_FMT: u64 = 0xc0d0_5640;
    pub const REQBUFS: u64 = 0xc014_5608;
    pub const QUERYBUF: u64 = 0xc058_5609;
    pub const QBUF: u64 = 0xc058_560f;
    pub const EXPBUF: u64 = 0xc040_5610;
    pub const DQBUF: u64 = 0xc058_5611;
    pub const STREAMON: u64 = 0x4004_5612;
    pub const STREAMOFF: u64 = 0x4004_5613;
    pub const S_CTRL: u64 = 0xc008_561c;
    pub const S_OUTPUT: u64 = 0xc004_562f;
    pub const S_PARM: u64 = 0xc0cc_5616;
    pub const G_PRIORITY: u64 = 0x8004_5643;
    pub const S_PRIORITY: u64 = 0x4004_5644;
    pub const CREATE_BUFS: u64 = 0xc100_565c;
    pub const PREPARE_BUF: u64 = 0xc058_565d;
    pub const REMOVE_BUFS: u64 = 0xc040_5668;
}

/// One ioctl; the error number if it failed.
pub fn ioctl<T>(fd: i32, request: u64, argument: &mut T) -> Result<i32, i32> {
    // SAFETY: every number of `number` carries the size of the structure that its caller passes (asserted above), and the
    // pointers in them lead to plane arrays that live through the call.
    let answer = unsafe { libc::ioctl(fd, request as libc::Ioctl, std::ptr::from_mut(argument)) };
    if answer < 0 { Err(errno()) } else { Ok(answer) }
}

/// The error number of the last system call.
pub fn errno() -> i32 {
    io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

impl RawBuffer {
    /// From plain data; `planes` is where the plane array lies, if there is one.
    pub fn new(buffer: &Buffer, planes: Option<&mut [RawPlane]>) -> Self {
        Self {
            index: buffer.index,
            buffer_type: buffer.buffer_type,
            bytesused: buffer.bytesused,
            flags: buffer.flags,
            field: buffer.field,
            seconds: buffer.timestamp.seconds,
            microseconds: buffer.timestamp.microseconds,
            timecode: timecode_bytes(&buffer.timecode),
            sequence: buffer.sequence,
            memory: buffer.memory,
            m: planes.map_or(buffer.m, |planes| planes.as_mut_ptr() as u64),
            length: buffer.length,
            reserved2: buffer.reserved2,
            request_fd: buffer.request_fd,
        }
    }

    /// To plain data. `m` is the union's, or what was given where it is a pointer to the plane array.
    pub fn plain(&self, given: &Buffer, has_planes: bool) -> Buffer {
        Buffer {
            index: self.index,
            buffer_type: self.buffer_type,
            bytesused: self.bytesused,
            flags: self.flags,
            field: self.field,
            timestamp: vidbuf::Timestamp { seconds: self.seconds, microseconds: self.microseconds },
            timecode: timecode_of(&self.timecode),
            sequence: self.sequence,
            memory: self.memory,
            m: if has_planes { given.m } else { self.m },
            length: self.length,
            reserved2: self.reserved2,
            request_fd: self.request_fd,
        }
    }
}

fn timecode_bytes(timecode: &Timecode) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&timecode.kind.to_ne_bytes());
    bytes[4..8].copy_from_slice(&timecode.flags.to_ne_bytes());
    bytes[8..12].copy_from_slice(&[timecode.frames, timecode.seconds, timecode.minutes, timecode.hours]);
    bytes[12..].copy_from_slice(&timecode.userbits);
    bytes
}

fn timecode_of(bytes: &[u8; 16]) -> Timecode {
    let word = |at: usize| u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    Timecode {
        kind: word(0),
        flags: word(4),
        frames: bytes[8],
        seconds: bytes[9],
        minutes: bytes[10],
        hours: bytes[11],
        userbits: [bytes[12], bytes[13], bytes[14], bytes[15]],
    }
}

impl RawPlane {
    /// From plain data.
    pub fn new(plane: &Plane) -> Self {
        let Plane { bytesused, length, m, data_offset } = *plane;
        Self { bytesused, length, m, data_offset, reserved: [0; 11] }
    }

    /// To plain data.
    pub fn plain(&self) -> Plane {
        Plane { bytesused: self.bytesused, length: self.length, m: self.m, data_offset: self.data_offset }
    }
}

impl RawRemove {
    /// From plain data.
    pub fn new(remove: &RemoveBuffers) -> Self {
        let RemoveBuffers { index, count, buffer_type } = *remove;
        Self { index, count, buffer_type, reserved: [0; 13] }
    }
}

impl RawExport {
    /// From plain data.
    pub fn new(export: &ExportBuffer) -> Self {
        let ExportBuffer { buffer_type, index, plane, flags, fd } = *export;
        Self { buffer_type, index, plane, flags, fd, reserved: [0; 11] }
    }
}

impl RawRequest {
    /// From plain data.
    pub fn new(request: &RequestBuffers) -> Self {
        let RequestBuffers { count, buffer_type, memory, capabilities, flags } = *request;
        Self { count, buffer_type, memory, capabilities, flags, reserved: [0; 3] }
    }

    /// To plain data.
    pub fn plain(&self) -> RequestBuffers {
        let Self { count, buffer_type, memory, capabilities, flags, .. } = *self;
        RequestBuffers { count, buffer_type, memory, capabilities, flags }
    }
}

impl RawFormat {
    /// All zero but the type.
    pub const fn new(buffer_type: u32) -> Self {
        Self { buffer_type, hole: 0, union: [0; 200] }
    }

    /// A 32-bit field of the union.
    pub fn word(&self, at: usize) -> u32 {
        let bytes = &self.union[at..at + 4];
        u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    /// Sets a 32-bit field of the union.
    pub fn set_word(&mut self, at: usize, value: u32) {
        self.union[at..at + 4].copy_from_slice(&value.to_ne_bytes());
    }

    /// `num_planes` of `v4l2_pix_format_mplane`.
    pub fn planes(&mut self) -> &mut u8 {
        &mut self.union[180]
    }
}

impl RawCreate {
    /// From plain data: the sizes go where the buffer type has them.
    pub fn new(create: &CreateBuffers) -> Self {
        let mut format = RawFormat::new(create.buffer_type);
        if matches!(create.buffer_type, 9 | 10) {
            *format.planes() = create.planes as u8;
            for (plane, size) in create.sizes.iter().enumerate() {
                format.set_word(20 + plane * 20, *size);
            }
        } else {
            format.set_word(20, create.sizes[0]);
        }
        Self {
            index: create.index,
            count: create.count,
            memory: create.memory,
            format,
            capabilities: create.capabilities,
            flags: create.flags,
            max_num_buffers: create.max_num_buffers,
            reserved: [0; 5],
        }
    }

    /// To plain data, with the format as it was given: the kernel does not answer in it.
    pub fn plain(&self, given: &CreateBuffers) -> CreateBuffers {
        CreateBuffers {
            index: self.index,
            count: self.count,
            memory: self.memory,
            capabilities: self.capabilities,
            flags: self.flags,
            max_num_buffers: self.max_num_buffers,
            ..*given
        }
    }
}
