//! Errors that give a value back: the queue whose transition failed, the buffer that was refused, the token.

use core::fmt;

use super::Error;

/// What failed, and the value that it was tried with: a queue in the state that the method documents, a buffer that is still the
/// program's, a token.
///
/// `?` makes an [`Error`] of it in a function that returns one; the value is dropped then, and the queue has it again.
///
/// A later version adds no field, so `Failed { value, error }` is a whole pattern.
#[derive(Debug)]
#[must_use = "the value is inside: take it out to go on or to clean up"]
pub struct Failed<T, E = Error> {
    /// The value.
    pub value: T,
    /// Why.
    pub error: E,
}

/// What a failed call gives back.
pub(crate) trait Measure {
    /// Bytes of one buffer, all planes, if the device returns them.
    fn bytes_per_buffer(&self) -> Option<u64> {
        None
    }
}

impl<T> Measure for Option<T> {}

impl<T: Measure> fmt::Display for Failed<T> {
    /// The error's words; where memory was short, with the size of a buffer, for which the device is asked now.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        match (&self.error, self.value.bytes_per_buffer()) {
            (Error::TooFewGranted { .. } | Error::NoMemoryForBuffers { .. }, Some(bytes)) => {
                write!(f, " (a buffer takes {bytes} bytes)")
            }
            _ => Ok(()),
        }
    }
}

impl<T: Measure + fmt::Debug> core::error::Error for Failed<T> {}

impl<T> From<Failed<T>> for Error {
    fn from(failed: Failed<T>) -> Self {
        failed.error
    }
}
