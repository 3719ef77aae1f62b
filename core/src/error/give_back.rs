//! Errors that give a value back: the queue whose transition failed, the buffer that was refused.

use core::fmt;

use super::Error;
use super::kind::BackendError;

/// A transition that failed: the queue, in the state that the method documents, and why.
#[derive(Debug)]
#[must_use = "the queue is inside: take it out to go on or to clean up"]
pub struct Failed<Q, E> {
    /// The queue.
    pub queue: Q,
    /// Why.
    pub error: Error<E>,
}

/// What a failed transition gives back.
pub(crate) trait Measure {
    /// Bytes of one buffer, all planes, if the device returns them.
    fn bytes_per_buffer(&self) -> Option<u64>;
}

impl<Q: Measure, E: BackendError> fmt::Display for Failed<Q, E> {
    /// The error's words; where memory was short, with the size of a buffer, for which the device is asked now.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        match (&self.error, self.queue.bytes_per_buffer()) {
            (Error::TooFewGranted { .. } | Error::NoMemoryForBuffers { .. }, Some(bytes)) => {
                write!(f, " (a buffer takes {bytes} bytes)")
            }
            _ => Ok(()),
        }
    }
}

impl<Q: Measure + fmt::Debug, E: BackendError> core::error::Error for Failed<Q, E> {}

impl<Q, E> From<Failed<Q, E>> for Error<E> {
    /// Keeps the cause; the queue is dropped, which cleans up.
    fn from(failed: Failed<Q, E>) -> Self {
        failed.error
    }
}

/// A buffer that the driver refused to take, and why.
#[derive(Debug)]
#[must_use = "the buffer is inside"]
pub struct RequeueError<T, E> {
    /// The buffer, still the program's. `None` only after
    /// [`DriverFault::DequeuedWhileRefused`](crate::DriverFault::DequeuedWhileRefused).
    pub buffer: Option<T>,
    /// Why.
    pub error: Error<E>,
}

impl<T, E> From<RequeueError<T, E>> for Error<E> {
    /// Keeps the cause; the buffer is dropped, so the queue has it.
    fn from(refused: RequeueError<T, E>) -> Self {
        refused.error
    }
}
