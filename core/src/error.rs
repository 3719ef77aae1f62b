//! What can go wrong, with the operation and both numbers.

mod advice;
mod driver_fault;
mod errno;
mod give_back;
mod kind;
mod payload;
mod recovery;
mod unpark_reason;

use core::fmt;

pub use driver_fault::DriverFault;
pub use errno::Errno;
pub use give_back::Failed;
pub(crate) use give_back::Measure;
pub use kind::{ErrorKind, Operation};
pub use payload::PayloadError;
pub use recovery::Recovery;
pub use unpark_reason::UnparkReason;

/// Why an operation of a queue failed. Variants, and fields of variants, may come: match with `..`.
///
/// Which state the queue is in afterwards, and what to do, is in the table of [the error contract](crate#the-error-contract);
/// [`recovery`](Self::recovery) is that table for a loop over frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
// A tag of one register: results are told apart by one comparison, without masking.
#[cfg_attr(target_pointer_width = "64", repr(u64))]
#[non_exhaustive]
pub enum Error {
    /// A call failed.
    Refused {
        /// Which call.
        operation: Operation,
        /// Which buffer, for the calls that act on one.
        index: Option<u32>,
        /// The backend's error.
        error: Errno,
    },
    /// Fewer buffers were granted than the least that [`Request`](crate::Request) accepts; they were given back.
    TooFewGranted {
        /// The least number that was acceptable.
        least: u32,
        /// The number granted.
        granted: u32,
    },
    /// More buffers were granted than the queue has room for, as a driver may do; they were given back.
    TooManyGranted {
        /// The number granted.
        granted: u32,
        /// Buffers the queue has room for ([`Queue::room`](crate::Queue::room)).
        capacity: u32,
    },
    /// No memory for even the least acceptable number of buffers.
    NoMemoryForBuffers {
        /// The least number that was acceptable.
        least: u32,
        /// The backend's error.
        error: Errno,
    },
    /// The request is not possible: the least is 0, above the number wanted, or above the queue's capacity.
    BadRequest {
        /// Buffers wanted.
        wanted: u32,
        /// Least acceptable.
        least: u32,
        /// Buffers the queue has room for ([`Queue::room`](crate::Queue::room)).
        capacity: u32,
    },
    /// The driver returned an impossible value.
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
    /// The payload is not available.
    Payload(PayloadError),
    /// No buffer is with the driver, so a call that waits for one would sleep for good; no other thread gave one back within a
    /// second. [`Queue::holders`](crate::Queue::holders) counts where they are.
    NothingQueued {
        /// Buffers there are.
        buffers: u32,
    },
    /// A call outside of the buffers' life failed: opening, formats, controls. `?` makes it of an [`Errno`].
    Device(Errno),
    /// The device is gone: an earlier call failed with ENODEV. Only cleaning up is left.
    Unplugged {
        /// Which call.
        operation: Operation,
    },
}

impl Error {
    /// The kind of the backend's error, if it was the backend's.
    pub fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::Refused { error, .. } | Self::NoMemoryForBuffers { error, .. } | Self::Device(error) => {
                Some(error.kind())
            }
            Self::Unplugged { .. } => Some(ErrorKind::Unplugged),
            _ => None,
        }
    }

    /// Whether nothing has changed and the same call may simply be made again (EINTR, EAGAIN, EBUSY of a second thread in DQBUF, no buffer with the driver).
    pub fn is_retryable(&self) -> bool {
        self.recovery() == Recovery::Again
    }

    /// Whether the device is gone.
    pub fn is_unplugged(&self) -> bool {
        self.kind() == Some(ErrorKind::Unplugged)
    }

    /// Whether the stream has ended after a [`LAST`](crate::v4l2::BufferFlags::LAST) buffer (EPIPE from DQBUF): not a failure.
    pub fn is_end_of_stream(&self) -> bool {
        matches!(self, Self::Refused { operation: Operation::Dequeue, error, .. } if error.kind() == ErrorKind::BrokenPipe)
    }
}

impl From<PayloadError> for Error {
    fn from(error: PayloadError) -> Self {
        Self::Payload(error)
    }
}

impl From<Errno> for Error {
    fn from(errno: Errno) -> Self {
        Self::Device(errno)
    }
}

impl From<DriverFault> for Error {
    fn from(fault: DriverFault) -> Self {
        Self::Driver(fault)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { operation, index, error } => {
                write!(f, "{operation}")?;
                if let Some(index) = index {
                    write!(f, " of buffer {index}")?;
                }
                write!(f, ": {error}")?;
                match advice::advice(*operation, error.kind()) {
                    Some(words) => write!(f, ": {words}"),
                    None => Ok(()),
                }
            }
            Self::TooFewGranted { least, granted } => write!(
                f,
                "VIDIOC_REQBUFS granted {granted} buffers, at least {least} are needed: the driver has no more, or no memory for \
                 more (CmaFree in /proc/meminfo); accept fewer or choose a smaller format"
            ),
            Self::TooManyGranted { granted, capacity } => {
                write!(
                    f,
                    "VIDIOC_REQBUFS granted {granted} buffers, the queue has room for {capacity}: make more with `Queue::room`"
                )
            }
            Self::NoMemoryForBuffers { least, error } => write!(
                f,
                "VIDIOC_REQBUFS: {error}: no memory for {least} buffers: free memory (CmaFree in /proc/meminfo), choose a \
                 smaller format or accept fewer"
            ),
            Self::BadRequest { least, capacity, .. } if least > capacity => write!(
                f,
                "a request for at least {least} buffers does not fit a queue with room for {capacity}: ask for fewer or make more with `Queue::room`"
            ),
            Self::BadRequest { wanted, least, .. } => write!(
                f,
                "a request for {wanted} buffers, at least {least}: the least must be 1 or more and at most the number wanted"
            ),
            Self::Driver(fault) => write!(f, "the driver returned an impossible value: {fault}"),
            Self::BadPayload { plane, bytesused, data_offset, length } => {
                write!(f, "payload {data_offset}..{bytesused} does not fit plane {plane} of {length} bytes")
            }
            Self::PayloadCount { given, planes } => {
                write!(f, "{given} payloads given for a buffer of {planes} planes")
            }
            Self::Payload(error) => error.fmt(f),
            Self::Device(error) => error.fmt(f),
            Self::NothingQueued { buffers } => write!(
                f,
                "none of the {buffers} buffers is with the driver, so none can finish: requeue or drop a frame first, or enqueue an \
                 output buffer"
            ),
            Self::Unplugged { operation } => {
                write!(f, "{operation}: the device is gone: stop, drop the queue and open it again when it is back")
            }
        }
    }
}

impl core::error::Error for Error {}

/// With the words and the error itself inside; its kind is that of the backend's error, or `Other`.
#[cfg(feature = "std")]
impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        Self::new(error.kind().map_or(std::io::ErrorKind::Other, Into::into), error)
    }
}

#[cfg(feature = "std")]
impl<T> From<Failed<T>> for std::io::Error {
    fn from(failed: Failed<T>) -> Self {
        failed.error.into()
    }
}
