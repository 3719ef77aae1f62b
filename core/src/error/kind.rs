//! At which call something went wrong, and of which kind it is.

use core::fmt;

/// Kinds of errors, by what a program does about them. Named after the errno they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ErrorKind {
    /// EAGAIN: nothing is ready on a non-blocking device. Nothing has changed.
    WouldBlock,
    /// EINTR: a signal came first. Nothing has changed; call again.
    Interrupted,
    /// ENODEV: the device is gone for good; only cleaning up is left.
    Unplugged,
    /// EBUSY: another program, or an earlier step, holds the device.
    Busy,
    /// EINVAL: an argument or the order of calls is wrong.
    Invalid,
    /// ENOMEM (or ENOBUFS): no memory for buffers, or for a mapping.
    NoMemory,
    /// EACCES or EPERM: not with the rights this device was opened with.
    Access,
    /// EBADF: not an open device.
    BadDescriptor,
    /// EIO: the queue is in error until the stream is stopped.
    Io,
    /// EPIPE: after the last buffer (dequeue), or a stream that cannot begin: formats of a pipeline do not agree, a USB camera refused (stream on).
    BrokenPipe,
    /// ENOLINK: a link of the media pipeline is missing.
    NotLinked,
    /// ENOSPC: no bandwidth on the bus.
    NoSpace,
    /// ENOTTY: the device does not know this call.
    NotSupported,
    /// ENOENT or ENXIO: there is no such thing (a device node, a memory range).
    NotFound,
    /// EFAULT: the kernel could not read or write the given memory.
    Fault,
    /// Anything else.
    Other,
}

#[cfg(feature = "std")]
impl From<ErrorKind> for std::io::ErrorKind {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::WouldBlock => Self::WouldBlock,
            ErrorKind::Interrupted => Self::Interrupted,
            ErrorKind::Busy => Self::ResourceBusy,
            ErrorKind::Invalid => Self::InvalidInput,
            ErrorKind::NoMemory => Self::OutOfMemory,
            ErrorKind::Access => Self::PermissionDenied,
            ErrorKind::BrokenPipe => Self::BrokenPipe,
            ErrorKind::NoSpace => Self::StorageFull,
            ErrorKind::NotSupported => Self::Unsupported,
            ErrorKind::NotFound => Self::NotFound,
            _ => Self::Other,
        }
    }
}

/// The step at which something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Operation {
    /// `VIDIOC_REQBUFS` with a number.
    RequestBuffers,
    /// `VIDIOC_QUERYBUF`.
    QueryBuffer,
    /// `mmap`.
    Map,
    /// `munmap`.
    Unmap,
    /// `VIDIOC_QBUF`.
    Enqueue,
    /// `VIDIOC_DQBUF`.
    Dequeue,
    /// `VIDIOC_STREAMON`.
    StreamOn,
    /// `VIDIOC_STREAMOFF`.
    StreamOff,
    /// `poll`.
    Wait,
    /// `VIDIOC_REQBUFS` with 0.
    ReleaseBuffers,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RequestBuffers => "VIDIOC_REQBUFS",
            Self::QueryBuffer => "VIDIOC_QUERYBUF",
            Self::Map => "mmap",
            Self::Unmap => "munmap",
            Self::Enqueue => "VIDIOC_QBUF",
            Self::Dequeue => "VIDIOC_DQBUF",
            Self::StreamOn => "VIDIOC_STREAMON",
            Self::StreamOff => "VIDIOC_STREAMOFF",
            Self::Wait => "poll",
            Self::ReleaseBuffers => "VIDIOC_REQBUFS(0)",
        })
    }
}
