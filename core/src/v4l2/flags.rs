//! Flag words that the kernel fills. Unknown bits survive, so a newer kernel loses nothing.

use bitflags::bitflags;

bitflags! {
    /// `v4l2_buffer.flags` (`V4L2_BUF_FLAG_*`).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct BufferFlags: u32 {
        /// Some plane is mapped, or exported as a dma-buf.
        const MAPPED = 0x1;
        /// In the driver's hands.
        const QUEUED = 0x2;
        /// Finished, waiting to be dequeued.
        const DONE = 0x4;
        /// A complete picture of a compressed stream.
        const KEYFRAME = 0x8;
        /// A picture predicted from earlier ones.
        const PFRAME = 0x10;
        /// A picture predicted from both sides.
        const BFRAME = 0x20;
        /// The payload is suspect; the buffer itself is fine and must be re-queued.
        const ERROR = 0x40;
        /// Bound to a request that is not queued yet.
        const IN_REQUEST = 0x80;
        /// `v4l2_buffer.timecode` is valid.
        const TIMECODE = 0x100;
        /// Stateless decoders: keep the capture buffer.
        const M2M_HOLD_CAPTURE_BUF = 0x200;
        /// Prepared and not yet queued.
        const PREPARED = 0x400;
        /// Skip the cache invalidation.
        const NO_CACHE_INVALIDATE = 0x800;
        /// Skip the cache clean.
        const NO_CACHE_CLEAN = 0x1000;
        /// Timestamps are CLOCK_MONOTONIC.
        const TIMESTAMP_MONOTONIC = 0x2000;
        /// Timestamps are copied from the output queue.
        const TIMESTAMP_COPY = 0x4000;
        /// Timestamps are taken at the start of exposure instead of the end of the frame.
        const TSTAMP_SRC_SOE = 0x10000;
        /// The last buffer of the stream.
        const LAST = 0x100000;
        /// `request_fd` is valid.
        const REQUEST_FD = 0x800000;
        const _ = !0;
    }
}

/// Which clock a timestamp was read from (`V4L2_BUF_FLAG_TIMESTAMP_MASK`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TimestampClock {
    /// The driver does not report it.
    Unknown,
    /// CLOCK_MONOTONIC; never compare it with the wall clock.
    Monotonic,
    /// Copied from the output buffer that this frame was made of.
    Copy,
}

impl BufferFlags {
    /// Which clock the buffer's timestamp is of.
    pub const fn timestamp_clock(self) -> TimestampClock {
        match self.bits() & 0xe000 {
            0x2000 => TimestampClock::Monotonic,
            0x4000 => TimestampClock::Copy,
            _ => TimestampClock::Unknown,
        }
    }
}

bitflags! {
    /// What a queue can do (`V4L2_BUF_CAP_*`, returned by `VIDIOC_REQBUFS`).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct BufferCapabilities: u32 {
        /// MMAP memory.
        const MMAP = 0x1;
        /// USERPTR memory.
        const USERPTR = 0x2;
        /// DMABUF memory.
        const DMABUF = 0x4;
        /// Requests.
        const REQUESTS = 0x8;
        /// Mappings outlive `VIDIOC_REQBUFS(0)`.
        const ORPHANED_BUFS = 0x10;
        /// `V4L2_BUF_FLAG_M2M_HOLD_CAPTURE_BUF`.
        const M2M_HOLD_CAPTURE_BUF = 0x20;
        /// Cache hints.
        const MMAP_CACHE_HINTS = 0x40;
        /// `max_num_buffers` of `VIDIOC_CREATE_BUFS` is valid.
        const MAX_NUM_BUFFERS = 0x80;
        /// `VIDIOC_REMOVE_BUFS`.
        const REMOVE_BUFS = 0x100;
        const _ = !0;
    }
}

// defmt's own bitflags macro is for bitflags 1, so the implementations are by hand.
#[cfg(feature = "defmt")]
impl defmt::Format for BufferFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "BufferFlags({=u32:#x})", self.bits());
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for BufferCapabilities {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "BufferCapabilities({=u32:#x})", self.bits());
    }
}
