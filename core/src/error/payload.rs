//! Why a buffer gives no bytes.

use core::fmt;

/// Why there are no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PayloadError {
    /// The driver flagged the frame as bad (`V4L2_BUF_FLAG_ERROR`). Look at it with
    /// [`suspect_payload`](crate::Frame::suspect_payload) if you must; requeue it in any case.
    FlaggedBad {
        /// Which buffer.
        index: u32,
        /// The driver's frame counter.
        sequence: u32,
    },
    /// The buffer has no such plane.
    NoSuchPlane {
        /// Plane asked for.
        plane: usize,
        /// Planes there are.
        planes: usize,
    },
    /// The driver may write the buffer while the program has it (it is not known to be a videobuf2 driver), so its bytes cannot
    /// be borrowed. Copy them with [`copy_to`](crate::Frame::copy_to) or [`copy_from`](crate::OutputBuffer::copy_from).
    NotExclusive {
        /// Which buffer.
        index: u32,
    },
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FlaggedBad { index, sequence } => {
                write!(f, "frame {sequence} in buffer {index} is flagged bad by the driver")
            }
            Self::NoSuchPlane { plane, planes } => write!(f, "no plane {plane} in a buffer of {planes}"),
            Self::NotExclusive { index } => write!(
                f,
                "the bytes of buffer {index} cannot be borrowed, because its driver (not known to use videobuf2) may write them \
                 at any time: copy them"
            ),
        }
    }
}

impl core::error::Error for PayloadError {}
