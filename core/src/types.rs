//! Plain values that cross the [`Backend`](crate::Backend) door: V4L2's words, no kernel layouts.

use core::fmt;

use crate::flags::{BufferCapabilities, BufferFlags};
use crate::plane_count::PlaneCount;

/// `VIDEO_MAX_PLANES`: planes a multi-planar buffer has at most.
pub const MAX_PLANES: usize = 8;

/// `enum v4l2_buf_type`: the values are the kernel's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u32)]
pub enum BufferType {
    /// Frames from the device, one plane.
    VideoCapture = 1,
    /// Frames to the device, one plane.
    VideoOutput = 2,
    /// Frames from the device, a plane array.
    VideoCaptureMplane = 9,
    /// Frames to the device, a plane array.
    VideoOutputMplane = 10,
}

impl BufferType {
    /// Whether buffers carry a plane array.
    #[inline]
    pub const fn is_multiplanar(self) -> bool {
        matches!(self, Self::VideoCaptureMplane | Self::VideoOutputMplane)
    }

    /// Whether frames flow to the device.
    #[inline]
    pub const fn is_output(self) -> bool {
        matches!(self, Self::VideoOutput | Self::VideoOutputMplane)
    }
}

/// `enum v4l2_memory`: the values are the kernel's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u32)]
pub enum MemoryType {
    /// Device memory, mapped.
    Mmap = 1,
    /// The program's memory.
    UserPtr = 2,
    /// Another device's memory.
    DmaBuf = 4,
}

/// The two numbers that every buffer ioctl carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct QueueType {
    /// `v4l2_buffer.type`.
    pub buffer_type: BufferType,
    /// `v4l2_buffer.memory`.
    pub memory: MemoryType,
}

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PlaneLayout {
    /// Bytes of the mapping (`v4l2_buffer.length` or `v4l2_plane.length`); not the payload.
    pub length: u32,
    /// The cookie to give to mmap (`m.offset` or `m.mem_offset`); not a position, never to be computed with.
    pub offset: u32,
}

/// The payload of one plane: bytes `data_offset..bytesused` of the mapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PlanePayload {
    /// End of the payload, in bytes from the start of the plane; `data_offset` is inside it.
    pub bytesused: u32,
    /// Start of the payload, in bytes from the start of the plane. Always 0 on single-planar queues.
    pub data_offset: u32,
}

/// `v4l2_buffer.timestamp`: the driver's clock (see [`BufferFlags::timestamp_clock`]), whole microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Timestamp {
    /// Seconds.
    pub seconds: i64,
    /// Microseconds, 0 to 999,999 from a well-behaved driver.
    pub microseconds: i64,
}

impl Timestamp {
    /// The time in microseconds, saturating.
    #[inline]
    pub const fn as_micros(self) -> i64 {
        self.seconds.saturating_mul(1_000_000).saturating_add(self.microseconds)
    }

    /// A time from microseconds, not negative.
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self { seconds: (micros / 1_000_000) as i64, microseconds: (micros % 1_000_000) as i64 }
    }
}

/// `enum v4l2_field`: which lines of a frame a buffer holds. A newtype, because newer kernels may know more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct Field(pub u32);

impl Field {
    /// Not set (`V4L2_FIELD_ANY`); a request, never an answer.
    pub const ANY: Self = Self(0);
    /// Progressive.
    pub const NONE: Self = Self(1);
    /// Top field only.
    pub const TOP: Self = Self(2);
    /// Bottom field only.
    pub const BOTTOM: Self = Self(3);
    /// Both fields, line by line.
    pub const INTERLACED: Self = Self(4);
    /// Top and bottom fields in alternating buffers; a format, never a buffer's field.
    pub const ALTERNATE: Self = Self(7);
}

/// A pixel format's four characters (`V4L2_PIX_FMT_*`), little-endian as the kernel stores them.
///
/// ```
/// use vidbuf::FourCc;
/// assert_eq!(FourCc::YUYV, FourCc::new(*b"YUYV"));
/// assert_eq!(FourCc::YUYV.0, 0x5659_5559);
/// assert_eq!(FourCc::new(*b"Y16 ").to_string(), "Y16 ");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct FourCc(pub u32);

impl FourCc {
    /// Packed 4:2:2, `Y0 U Y1 V`, 2 bytes a pixel.
    pub const YUYV: Self = Self::new(*b"YUYV");
    /// 4:2:0 in two parts, Y then interleaved UV, one memory plane.
    pub const NV12: Self = Self::new(*b"NV12");
    /// 4:2:0 in two memory planes.
    pub const NV12M: Self = Self::new(*b"NM12");
    /// Motion JPEG: each frame a JPEG picture.
    pub const MJPEG: Self = Self::new(*b"MJPG");
    /// 24-bit RGB, 3 bytes a pixel in memory order R, G, B.
    pub const RGB24: Self = Self::new(*b"RGB3");
    /// 8-bit greyscale.
    pub const GREY: Self = Self::new(*b"GREY");

    /// From four ASCII characters.
    pub const fn new(characters: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(characters))
    }

    /// Whether this is the big-endian variant (bit 31, `v4l2_fourcc_be`).
    pub const fn is_big_endian(self) -> bool {
        self.0 & (1 << 31) != 0
    }
}

impl fmt::Display for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for byte in (self.0 & !(1 << 31)).to_le_bytes() {
            f.write_char(if byte.is_ascii_graphic() || byte == b' ' { byte as char } else { '.' })?;
        }
        if self.is_big_endian() { f.write_str("-BE") } else { Ok(()) }
    }
}

impl fmt::Debug for FourCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FourCc({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for FourCc {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "FourCc({=[u8]:a})", self.0.to_le_bytes());
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Wake {
    /// A buffer can be dequeued, or dequeue returns what is wrong.
    Ready,
    /// The time ran out; nothing has changed.
    TimedOut,
}
