//! Why a parked frame's token is refused.

use core::fmt;

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UnparkReason {
    /// It is of another queue, or of an allocation that was released.
    OtherQueue,
    /// The stream it was taken from was stopped; its buffer is back in the queue.
    StreamStopped,
}

impl UnparkReason {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::OtherQueue => "is of another queue or an earlier allocation",
            Self::StreamStopped => "is of a stream that was stopped",
        }
    }
}

impl fmt::Display for UnparkReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the parked buffer {}", self.words())
    }
}

impl core::error::Error for UnparkReason {}
