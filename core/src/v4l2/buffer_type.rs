//! Which queue a buffer belongs to, and whose memory it has.

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
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct QueueType {
    /// `v4l2_buffer.type`.
    pub buffer_type: BufferType,
    /// `v4l2_buffer.memory`.
    pub memory: MemoryType,
}
