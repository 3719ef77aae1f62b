//! What can go wrong, with the operation and both numbers.

use core::fmt;

use crate::explain;
use crate::frame::{PayloadError, RequeueError};
use crate::types::MAX_PLANES;

/// What a backend's error must tell: which kind of refusal it is.
pub trait BackendError: fmt::Debug + fmt::Display {
    /// The kind; [`ErrorKind::Other`] when none fits.
    fn kind(&self) -> ErrorKind;
}

/// Kinds of refusal, by what a program does about them. Named after the errno they stand for.
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
    /// EBUSY: somebody else, or an earlier step, holds the device.
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
    /// EPIPE: after the last buffer (dequeue), or a pipeline whose formats do not agree (stream on).
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

/// Why an operation of a queue failed. `E` is the backend's error.
///
/// Which state the queue is in afterwards, and what to do, is in the table of [the error contract](crate#the-error-contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error<E> {
    /// The backend refused.
    Refused {
        /// What was asked.
        operation: Operation,
        /// Which buffer, for the operations that act on one.
        index: Option<u32>,
        /// The backend's words.
        error: E,
    },
    /// Fewer buffers were granted than the least that [`Request`](crate::Request) accepts; they were given back.
    TooFewGranted {
        /// The least number that was acceptable.
        least: u32,
        /// The number granted.
        granted: u32,
        /// Bytes that one buffer takes, all planes; 0 if the device did not say.
        bytes_per_buffer: u64,
    },
    /// No memory for even the least acceptable number of buffers.
    NoMemoryForBuffers {
        /// The least number that was acceptable.
        least: u32,
        /// Bytes that one buffer takes, all planes; 0 if the device did not say.
        bytes_per_buffer: u64,
        /// The backend's words.
        error: E,
    },
    /// The request itself cannot be: the least is 0, above the number wanted, or above the queue's capacity.
    BadRequest {
        /// Buffers wanted.
        wanted: u32,
        /// Least acceptable.
        least: u32,
        /// Capacity `N` of the queue.
        capacity: u32,
    },
    /// The driver said something that cannot be.
    Driver(DriverFault),
    /// An output payload larger than the plane, or an offset behind its end. Nothing was enqueued.
    BadPayload {
        /// Which plane.
        plane: u32,
        /// Bytes offered.
        bytesused: u32,
        /// Where they begin.
        data_offset: u32,
        /// Bytes that the plane holds.
        length: u32,
    },
    /// As many payloads as planes must be given to an output buffer.
    PayloadCount {
        /// Payloads given.
        given: u32,
        /// Planes of the buffer.
        planes: u32,
    },
    /// There are no bytes to give.
    Payload(PayloadError),
    /// The device is gone: an earlier call was told so. Only cleaning up is left.
    Unplugged {
        /// What was asked.
        operation: Operation,
    },
}

/// A driver's answer that contradicts itself, earlier answers or the kernel's rules. Both numbers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DriverFault {
    /// REQBUFS succeeded with no buffer at all.
    NothingGranted {
        /// Buffers asked for.
        asked: u32,
    },
    /// REQBUFS granted more than the queue has room for; they were given back.
    TooManyGranted {
        /// Buffers granted.
        granted: u32,
        /// Capacity `N` of the queue.
        capacity: u32,
    },
    /// QUERYBUF told a plane count of 0 or above what the queue's kind has room for.
    PlaneCount {
        /// Which buffer.
        index: u32,
        /// Planes the driver says.
        planes: u32,
        /// Planes that are possible, or that the other buffers have.
        expected: u32,
    },
    /// QUERYBUF told a plane of no bytes.
    EmptyPlane {
        /// Which buffer.
        index: u32,
        /// Which plane.
        plane: u32,
    },
    /// DQBUF returned an index that was never granted.
    IndexOutOfRange {
        /// Index the driver says.
        index: u32,
        /// Buffers there are.
        granted: u32,
    },
    /// DQBUF returned a buffer that is not in the driver's hands.
    NotQueued {
        /// Index the driver says.
        index: u32,
        /// Buffers there are.
        granted: u32,
    },
    /// DQBUF told more payload than the plane holds. The buffer goes back to the driver with the next call.
    BytesusedBeyondLength {
        /// Which buffer.
        index: u32,
        /// Which plane.
        plane: u32,
        /// Bytes the driver says.
        bytesused: u32,
        /// Bytes that the plane holds.
        length: u32,
    },
    /// DQBUF told a payload that begins behind its end. The buffer goes back to the driver with the next call.
    DataOffsetBeyondBytesused {
        /// Which buffer.
        index: u32,
        /// Which plane.
        plane: u32,
        /// Start of the payload the driver says.
        data_offset: u32,
        /// End of the payload the driver says.
        bytesused: u32,
    },
    /// QBUF failed, yet the buffer came back from DQBUF in another thread meanwhile.
    DequeuedWhileRefused {
        /// Which buffer.
        index: u32,
    },
}

impl<E: BackendError> Error<E> {
    /// The backend's kind of refusal, if it was the backend.
    pub fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::Refused { error, .. } | Self::NoMemoryForBuffers { error, .. } => Some(error.kind()),
            Self::Unplugged { .. } => Some(ErrorKind::Unplugged),
            _ => None,
        }
    }

    /// Whether nothing has changed and the same call may simply be made again (EINTR, EAGAIN).
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), Some(ErrorKind::Interrupted | ErrorKind::WouldBlock))
    }

    /// Whether the device is gone.
    pub fn is_unplugged(&self) -> bool {
        self.kind() == Some(ErrorKind::Unplugged)
    }

    /// Whether the stream has ended after a [`LAST`](crate::BufferFlags::LAST) buffer (EPIPE from DQBUF): not a failure.
    pub fn is_end_of_stream(&self) -> bool {
        matches!(self, Self::Refused { operation: Operation::Dequeue, error, .. } if error.kind() == ErrorKind::BrokenPipe)
    }
}

impl<Q, E> From<Failed<Q, E>> for Error<E> {
    /// Keeps the cause; the queue is dropped, which cleans up.
    fn from(failed: Failed<Q, E>) -> Self {
        failed.error
    }
}

impl<T, E> From<RequeueError<T, E>> for Error<E> {
    /// Keeps the cause; the buffer is dropped, so the queue has it.
    fn from(refused: RequeueError<T, E>) -> Self {
        refused.error
    }
}

impl<E> From<PayloadError> for Error<E> {
    fn from(error: PayloadError) -> Self {
        Self::Payload(error)
    }
}

impl<E> From<DriverFault> for Error<E> {
    fn from(fault: DriverFault) -> Self {
        Self::Driver(fault)
    }
}

impl<E: BackendError> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { operation, index, error } => {
                write!(f, "{operation}")?;
                if let Some(index) = index {
                    write!(f, " of buffer {index}")?;
                }
                write!(f, ": {error}")?;
                match explain::advice(*operation, error.kind()) {
                    Some(words) => write!(f, ": {words}"),
                    None => Ok(()),
                }
            }
            Self::TooFewGranted { least, granted, bytes_per_buffer } => write!(
                f,
                "VIDIOC_REQBUFS granted {granted} buffers of {bytes_per_buffer} bytes, at least {least} are needed: \
                 free memory (CmaFree in /proc/meminfo), choose a smaller format or accept fewer"
            ),
            Self::NoMemoryForBuffers { least, bytes_per_buffer, error } => write!(
                f,
                "VIDIOC_REQBUFS: {error}: no memory for {least} buffers of {bytes_per_buffer} bytes: \
                 free memory (CmaFree in /proc/meminfo), choose a smaller format or accept fewer"
            ),
            Self::BadRequest { wanted, least, capacity } => write!(
                f,
                "a request for {wanted} buffers, at least {least}, does not fit a queue with room for {capacity}: \
                 least must be 1 or more, at most wanted and at most the room"
            ),
            Self::Driver(fault) => write!(f, "the driver contradicts itself: {fault}"),
            Self::BadPayload { plane, bytesused, data_offset, length } => {
                write!(f, "payload {data_offset}..{bytesused} does not fit plane {plane} of {length} bytes")
            }
            Self::PayloadCount { given, planes } => {
                write!(f, "{given} payloads given for a buffer of {planes} planes")
            }
            Self::Payload(error) => error.fmt(f),
            Self::Unplugged { operation } => {
                write!(f, "{operation}: the device is gone: stop, drop the queue and open it again when it is back")
            }
        }
    }
}

impl<E: BackendError> core::error::Error for Error<E> {}

impl fmt::Display for DriverFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NothingGranted { asked } => write!(f, "VIDIOC_REQBUFS succeeded with 0 of {asked} buffers"),
            Self::TooManyGranted { granted, capacity } => {
                write!(f, "VIDIOC_REQBUFS granted {granted} buffers, the queue has room for {capacity}: use a larger N")
            }
            Self::PlaneCount { index, planes, expected } => write!(
                f,
                "VIDIOC_QUERYBUF or VIDIOC_DQBUF says buffer {index} has {planes} planes where {expected} are expected (1 to {MAX_PLANES})"
            ),
            Self::EmptyPlane { index, plane } => {
                write!(f, "VIDIOC_QUERYBUF says plane {plane} of buffer {index} has 0 bytes")
            }
            Self::IndexOutOfRange { index, granted } => {
                write!(f, "VIDIOC_DQBUF returned buffer {index} of {granted}")
            }
            Self::NotQueued { index, granted } => {
                write!(f, "VIDIOC_DQBUF returned buffer {index} of {granted}, which the driver does not hold")
            }
            Self::BytesusedBeyondLength { index, plane, bytesused, length } => {
                write!(f, "buffer {index} plane {plane}: bytesused {bytesused} is beyond its length {length}")
            }
            Self::DataOffsetBeyondBytesused { index, plane, data_offset, bytesused } => {
                write!(f, "buffer {index} plane {plane}: data_offset {data_offset} is beyond bytesused {bytesused}")
            }
            Self::DequeuedWhileRefused { index } => {
                write!(f, "VIDIOC_QBUF refused buffer {index}, yet VIDIOC_DQBUF returned it")
            }
        }
    }
}

impl core::error::Error for DriverFault {}

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

/// A transition that failed: the queue, in the state that the method documents, and why.
#[derive(Debug)]
#[must_use = "the queue is inside: take it out to go on or to clean up"]
pub struct Failed<Q, E> {
    /// The queue.
    pub queue: Q,
    /// Why.
    pub error: Error<E>,
}

impl<Q, E: BackendError> fmt::Display for Failed<Q, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<Q: fmt::Debug, E: BackendError> core::error::Error for Failed<Q, E> {}
