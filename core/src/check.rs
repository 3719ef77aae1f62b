//! Distrust of the driver: what it says is an allegation until it has been looked at here.

use crate::error::DriverFault;
use crate::flags::BufferFlags;
use crate::slot::Plane;
use crate::types::{Dequeued, PlanePayload};

/// Whether every payload lies inside its plane. An ERROR buffer may tell nonsense within its length: its payload is made empty.
#[inline(always)]
pub(crate) fn payloads(
    dequeued: &Dequeued,
    planes: &[Plane],
    payloads: &mut [PlanePayload],
) -> Result<(), DriverFault> {
    for (number, (plane, payload)) in planes.iter().zip(payloads).enumerate() {
        let length = plane.layout.length;
        if payload.bytesused > length {
            let (index, plane, bytesused) = (dequeued.index, number as u32, payload.bytesused);
            return Err(DriverFault::BytesusedBeyondLength { index, plane, bytesused, length });
        }
        if payload.data_offset > payload.bytesused {
            if !dequeued.flags.contains(BufferFlags::ERROR) {
                let (index, plane, PlanePayload { bytesused, data_offset }) = (dequeued.index, number as u32, *payload);
                return Err(DriverFault::DataOffsetBeyondBytesused { index, plane, data_offset, bytesused });
            }
            payload.data_offset = payload.bytesused;
        }
    }
    Ok(())
}

/// Frames lost between two sequence numbers: 0 for the same number (the second field of a frame), or for one from the past.
pub(crate) fn lost(previous: u32, sequence: u32) -> u32 {
    let step = sequence.wrapping_sub(previous);
    if step == 0 || step > u32::MAX / 2 { 0 } else { step - 1 }
}

#[cfg(test)]
mod tests {
    use super::lost;

    #[test]
    fn consecutive_sequences_lose_nothing() {
        assert_eq!(lost(7, 8), 0);
        assert_eq!(lost(u32::MAX, 0), 0);
    }

    #[test]
    fn gap_is_counted_across_the_wrap() {
        assert_eq!(lost(7, 10), 2);
        assert_eq!(lost(u32::MAX - 1, 1), 2);
    }

    #[test]
    fn repeated_or_older_sequence_loses_nothing() {
        assert_eq!(lost(7, 7), 0);
        assert_eq!(lost(7, 6), 0);
    }
}
