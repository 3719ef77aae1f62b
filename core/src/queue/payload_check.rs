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
use crate::queue_kind::{Planes, QueueKind};
use crate::v4l2::BufferFlags;

/// Whether every payload lies inside its plane. A multi-planar buffer's are put into its slot; of a single-planar one `bytesused`
/// is returned. `planes` is how many the backend was given room for. This knows only that something is wrong; what, the cold functions below find out.
#[inline(always)]
pub(crate) fn payloads<D: DequeuedBuffer, K: QueueKind>(
    dequeued: &D,
    slot: &Slot<K>,
    planes: PlaneCount,
) -> Result<u32, DriverFault> {
    if !<K::Planes as Planes>::MULTI {
        let (bytesused, length) = (dequeued.bytesused(), length(slot, 0));
        if bytesused > length {
            return Err(beyond_length(slot.index, 0, bytesused, length));
        }
        return Ok(bytesused);
    }
    let planes = planes.get();
    if dequeued.planes() as usize != planes {
        return Err(plane_count(slot.index, dequeued.planes(), planes));
    }
    // Apart from the others: buffers of one plane are the commonest, and a loop costs before its first round.
    if !keep(dequeued, slot, 0) {
        return look_closer(dequeued, slot, planes);
    }
    for number in 1..planes {
        if !keep(dequeued, slot, number) {
            return look_closer(dequeued, slot, planes);
        }
    }
    Ok(0)
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

/// From the first plane on, with what is wrong where something is.
#[cold]
#[inline(never)]
fn look_closer<D: DequeuedBuffer, K: QueueKind>(
    dequeued: &D,
    slot: &Slot<K>,
    planes: usize,
) -> Result<u32, DriverFault> {
    for (number, kept) in slot.payloads().iter().take(planes).enumerate() {
        // SAFETY: as for `keep`.
        let (mut payload, length) = (unsafe { dequeued.payload(number) }, length(slot, number));
        if payload.bytesused > length || payload.data_offset > payload.bytesused {
            payload = impossible(slot.index, number, payload, length, dequeued.flags())?;
        }
        kept.set(payload);
    }
    Ok(0)
}

#[inline(always)]
fn length<K: QueueKind>(slot: &Slot<K>, plane: usize) -> u32 {
    slot.planes().get(plane).map_or(0, |plane| plane.layout.length)
}

#[cold]
#[inline(never)]
fn beyond_length(index: u32, plane: u32, bytesused: u32, length: u32) -> DriverFault {
    DriverFault::BytesusedBeyondLength { index, plane, bytesused, length }
}

#[cold]
#[inline(never)]
fn plane_count(index: u32, planes: u32, expected: usize) -> DriverFault {
    DriverFault::DequeuedPlanes { index, planes, expected: expected as u32 }
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
        return Err(beyond_length(index, plane, bytesused, length));
    }
    if !flags.contains(BufferFlags::ERROR) {
        return Err(DriverFault::DataOffsetBeyondBytesused { index, plane, data_offset, bytesused });
    }
    Ok(PlanePayload { bytesused, data_offset: bytesused })
}
