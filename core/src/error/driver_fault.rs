//! Values from a driver that cannot be.

use core::fmt;

use crate::plane_count::MAX_PLANES;

/// A value from a driver that contradicts itself, earlier values or the kernel's rules. Both numbers are kept.
///
/// Variants, and fields of variants, may come: match with `..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DriverFault {
    /// REQBUFS succeeded with no buffer at all.
    NothingGranted {
        /// Buffers asked for.
        asked: u32,
    },
    /// QUERYBUF returned a plane count of 0, above what the queue's kind has room for, or other than the first buffer's.
    PlaneCount {
        /// Which buffer.
        index: u32,
        /// Planes returned.
        planes: u32,
        /// Planes that are possible, or that the other buffers have.
        expected: u32,
    },
    /// QUERYBUF returned a plane of no bytes, as a device without a format does.
    EmptyPlane {
        /// Which buffer.
        index: u32,
        /// Which plane.
        plane: u32,
    },
    /// QUERYBUF returned cookies by which two planes would be mapped from the same memory.
    SharedCookie {
        /// Which buffer.
        index: u32,
        /// The buffer it shares memory with; the same one when two of its planes do.
        other: u32,
        /// The cookie of the other one.
        offset: u32,
    },
    /// A mapping has another length than was asked for; it was undone.
    MappingLength {
        /// Which buffer.
        index: u32,
        /// Bytes mapped.
        mapped: usize,
        /// Bytes asked for.
        asked: u32,
    },
    /// DQBUF returned an index that was never granted.
    IndexOutOfRange {
        /// Index returned.
        index: u32,
        /// Buffers there are.
        granted: u32,
    },
    /// DQBUF returned a buffer that is not in the driver's hands.
    NotQueued {
        /// Index returned.
        index: u32,
        /// Buffers there are.
        granted: u32,
    },
    /// DQBUF returned another plane count than QUERYBUF. The buffer goes back to the driver with the next call.
    DequeuedPlanes {
        /// Which buffer.
        index: u32,
        /// Planes returned.
        planes: u32,
        /// Planes that the buffer has.
        expected: u32,
    },
    /// DQBUF returned more payload than the plane holds. The buffer goes back to the driver with the next call.
    BytesusedBeyondLength {
        /// Which buffer.
        index: u32,
        /// Which plane.
        plane: u32,
        /// Bytes returned.
        bytesused: u32,
        /// Bytes that the plane holds.
        length: u32,
    },
    /// DQBUF returned a payload that begins behind its end. The buffer goes back to the driver with the next call.
    DataOffsetBeyondBytesused {
        /// Which buffer.
        index: u32,
        /// Which plane.
        plane: u32,
        /// Start of the payload.
        data_offset: u32,
        /// End of the payload.
        bytesused: u32,
    },
    /// QBUF failed, yet the buffer came back from DQBUF in another thread meanwhile.
    DequeuedWhileRefused {
        /// Which buffer.
        index: u32,
    },
}

impl fmt::Display for DriverFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NothingGranted { asked } => write!(f, "VIDIOC_REQBUFS succeeded with 0 of {asked} buffers"),
            Self::PlaneCount { index, planes, expected } => write!(
                f,
                "VIDIOC_QUERYBUF returned {planes} planes for buffer {index} where {expected} are expected (1 to {MAX_PLANES})"
            ),
            Self::DequeuedPlanes { index, planes, expected } => {
                write!(f, "VIDIOC_DQBUF returned {planes} planes for buffer {index}, which has {expected}")
            }
            Self::SharedCookie { index, other, offset } => write!(
                f,
                "VIDIOC_QUERYBUF returned offset {offset:#x} for buffer {other}, which is memory of buffer {index}: another user \
                 of the device may have changed its buffers; request them again"
            ),
            Self::MappingLength { index, mapped, asked } => {
                write!(f, "a plane of buffer {index} was mapped with {mapped} bytes instead of {asked}")
            }
            Self::EmptyPlane { index, plane } => {
                write!(
                    f,
                    "VIDIOC_QUERYBUF returned 0 bytes for plane {plane} of buffer {index}: the device has no format yet; set \
                     one, or start what feeds it"
                )
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
