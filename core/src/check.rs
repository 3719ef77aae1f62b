//! Validates the payloads that DQBUF returned. None is used before it has passed.

use crate::driver_fault::DriverFault;
use crate::flags::BufferFlags;
use crate::slot::Plane;
use crate::types::{Dequeued, PlanePayload};

/// Whether every payload lies inside its plane. In an ERROR buffer they may contradict each other: its payload is made empty.
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
