//! Validates what DQBUF returned of a buffer's planes. None of it is used before it has passed.
//!
//! # Safety
//!
//! A backend may leave it to this file that no plane is asked for which it was not given room for.
#![allow(unsafe_code)]

use crate::backend::{DequeuedBuffer, PlanePayload};
use crate::error::DriverFault;
use crate::plane_count::PlaneCount;
use crate::queue::slots::Slot;
use crate::queue_kind::QueueKind;
use crate::v4l2::BufferFlags;

/// Whether every payload of a multi-planar buffer lies inside its plane; they are put into the slot. `planes` is how many the
/// backend was given room for. This knows only that something is wrong; what, [`look_closer`] finds out.
#[inline(always)]
pub(crate) fn keep_all<D: DequeuedBuffer, K: QueueKind>(dequeued: &D, slot: &Slot<K>, planes: PlaneCount) -> bool {
    let planes = planes.get();
    // Plane 0 apart from the others: buffers of one plane are the commonest, and a loop costs before its first round.
    dequeued.planes() as usize == planes
        && keep(dequeued, slot, 0)
        && (1..planes).all(|number| keep(dequeued, slot, number))
}

/// Puts the payload of one plane into the slot, if it lies inside the plane.
#[inline(always)]
fn keep<D: DequeuedBuffer, K: QueueKind>(dequeued: &D, slot: &Slot<K>, number: usize) -> bool {
    // SAFETY: a multi-planar queue, and the number is below what `dequeue` was given just now, as the caller knows.
    let payload = unsafe { dequeued.payload(number) };
    if payload.bytesused > length(slot, number) || payload.data_offset > payload.bytesused {
        return false;
    }
    if let Some(kept) = slot.payloads().get(number) {
        kept.set(payload);
    }
    true
}

/// As [`keep_all`], from the first plane on, with what is wrong where something is.
#[inline]
pub(crate) fn look_closer<D: DequeuedBuffer, K: QueueKind>(
    dequeued: &D,
    slot: &Slot<K>,
    planes: PlaneCount,
) -> Result<(), DriverFault> {
    let (index, expected) = (slot.index, planes.get() as u32);
    if dequeued.planes() != expected {
        return Err(DriverFault::DequeuedPlanes { index, planes: dequeued.planes(), expected });
    }
    let planes = planes.get();
    for (number, kept) in slot.payloads().iter().take(planes).enumerate() {
        // SAFETY: as for `keep`.
        let (mut payload, length) = (unsafe { dequeued.payload(number) }, length(slot, number));
        if payload.bytesused > length || payload.data_offset > payload.bytesused {
            payload = impossible(index, number, payload, length, dequeued.flags())?;
        }
        kept.set(payload);
    }
    Ok(())
}

/// How many bytes a plane of the buffer has.
#[inline(always)]
pub(crate) fn length<K: QueueKind>(slot: &Slot<K>, plane: usize) -> u32 {
    slot.planes().get(plane).map_or(0, |plane| plane.layout.length)
}

/// What is wrong with a payload. In an ERROR buffer its ends may contradict each other: it is made empty.
fn impossible(
    index: u32,
    plane: usize,
    payload: PlanePayload,
    length: u32,
    flags: BufferFlags,
) -> Result<PlanePayload, DriverFault> {
    let (PlanePayload { bytesused, data_offset }, plane) = (payload, plane as u32);
    if bytesused > length {
        return Err(DriverFault::BytesusedBeyondLength { index, plane, bytesused, length });
    }
    if !flags.contains(BufferFlags::ERROR) {
        return Err(DriverFault::DataOffsetBeyondBytesused { index, plane, data_offset, bytesused });
    }
    Ok(PlanePayload { bytesused, data_offset: bytesused })
}
