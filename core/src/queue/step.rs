//! The steps that are made buffer by buffer: query, map, unmap. One loop has all three, which is smaller than a loop for each.
//!
//! # Safety
//!
//! Unmapping needs `unsafe`: this file is where mappings end. Nothing borrows mapped bytes here, because every token that
//! gives out bytes borrows the queue, and the functions below have the queue exclusively.
#![allow(unsafe_code)]

use crate::backend::{Backend, PlaneLayout, Region};
use crate::error::{DriverFault, Errno, Operation};
use crate::plane_count::{MAX_PLANES, PlaneCount};
use crate::queue::failure::Details;
use crate::queue::shared::Shared;
use crate::queue::slots::{Slot, ends_with};
use crate::queue_kind::{PerPlane, PlaneArray, Planes, QueueKind};

/// What is done with every buffer.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Step {
    /// QUERYBUF.
    Query = Operation::QueryBuffer as u32,
    /// `mmap` of every plane.
    Map = Operation::Map as u32,
    /// `munmap` of every plane that is mapped.
    Unmap = Operation::Unmap as u32,
}

impl Step {
    /// The call that it makes.
    pub(super) fn operation(self) -> Operation {
        match self {
            Self::Query => Operation::QueryBuffer,
            Self::Map => Operation::Map,
            Self::Unmap => Operation::Unmap,
        }
    }

    /// Makes it with one buffer.
    #[inline(always)]
    pub(super) fn make<B: Backend, K: QueueKind>(
        self,
        shared: &mut Shared<B, K>,
        slot: &mut Slot<K>,
        details: &mut Details,
    ) -> Result<(), Errno> {
        match self {
            Self::Query => query(shared, slot, details),
            Self::Map => map(shared, slot, details),
            Self::Unmap => unmap(shared, slot),
        }
    }
}

/// Learns length and offset of every plane of a buffer; of the first, how many planes there are.
fn query<B: Backend, K: QueueKind>(
    shared: &mut Shared<B, K>,
    slot: &mut Slot<K>,
    details: &mut Details,
) -> Result<(), Errno> {
    let index = slot.index;
    let mut layouts: PerPlane<K, PlaneLayout> = PlaneArray::filled(PlaneLayout::default());
    let planes = shared.backend.query_buffer(K::QUEUE, index, layouts.as_mut())?;
    let room = layouts.as_ref().len() as u32;
    if <K::Planes as Planes>::MULTI
        && index == 0
        && let Some(count) = PlaneCount::new(planes)
    {
        shared.set_planes(count);
    } else if planes != shared.planes() as u32 {
        let expected = if index == 0 { room } else { shared.planes() as u32 };
        return Err(details.of_driver(DriverFault::PlaneCount { index, planes, expected }));
    }
    let mut number = 0;
    while let (Some(plane), Some(layout)) = (slot.planes_mut().get_mut(number), layouts.as_ref().get(number)) {
        if layout.length == 0 {
            return Err(details.of_driver(DriverFault::EmptyPlane { index, plane: number as u32 }));
        }
        plane.layout = *layout;
        number += 1;
        if ends_with::<K>(number, planes as usize) {
            break;
        }
    }
    Ok(())
}

/// Maps every plane of a buffer.
fn map<B: Backend, K: QueueKind>(
    shared: &Shared<B, K>,
    slot: &mut Slot<K>,
    details: &mut Details,
) -> Result<(), Errno> {
    let (index, mut number) = (slot.index, 0);
    while let Some(plane) = slot.planes_mut().get_mut(number) {
        // The compiler does not know that a system call leaves it as it is.
        let layout = plane.layout;
        let region = shared.backend.map(K::QUEUE, layout)?;
        if region.length != layout.length as usize {
            // SAFETY: it was mapped just now, with the length that the backend returned, and no reference to it exists.
            let _ = unsafe { shared.backend.unmap(region) };
            let (mapped, asked) = (region.length, layout.length);
            return Err(details.of_driver(DriverFault::MappingLength { index, mapped, asked }));
        }
        plane.address = Some(region.address);
        number += 1;
        if ends_with::<K>(number, shared.planes()) {
            break;
        }
    }
    Ok(())
}

/// Unmaps what is mapped of a buffer. A plane that the backend refuses twice is left, and the next step goes on behind it.
fn unmap<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &mut Slot<K>) -> Result<(), Errno> {
    let mut number = 0;
    while let Some(plane) = slot.planes_mut().get_mut(number) {
        number += 1;
        if let Some(address) = plane.address.take() {
            let region = Region { address, length: plane.layout.length as usize };
            let mut tries = 2;
            // SAFETY: the region came from `map` of this backend, `take` sees to it that it is unmapped once (a refusal has
            // unmapped nothing), and nothing borrows its bytes: tokens borrow the queue, which the caller has exclusively.
            while let Err(error) = unsafe { shared.backend.unmap(region) } {
                tries -= 1;
                if tries == 0 {
                    return Err(error);
                }
            }
        }
        if ends_with::<K>(number, MAX_PLANES) {
            break;
        }
    }
    Ok(())
}
