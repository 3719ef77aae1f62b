//! Who holds a buffer.
//!
//! DQBUF returns an index that the driver chooses, so ownership of a single buffer is a run-time table: one slot a buffer.
//!
//! ```text
//!            enqueue                dequeue
//!   Free ------------> Queued ------------> Held <-----> Parked
//!    ^ |                  ^                  |   park/unpark
//!    | +-> Refused        +- requeue, drop --+
//!    +------------------ stream_off ---------+
//! ```

use core::ptr::NonNull;

use crate::atomic::SharedU32;
use crate::backend::PlaneLayout;
use crate::queue_kind::kept::{Keep, Payload};
use crate::queue_kind::{PerPlane, PlaneArray, Planes, QueueKind};

/// The states of a slot. A `Queued` slot is the driver's; a `Held` one belongs to exactly one token.
///
/// Only `Queued` has its lowest bit set, and `Held` has none: clearing that bit is the move that every frame makes.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Holder {
    /// With the queue: not in the driver's hands, and no token for it exists.
    Free = 2,
    /// With the driver, or on the way to it.
    Queued = 1,
    /// With a `Frame` or an `OutputBuffer`.
    Held = 0,
    /// With a `Parked` token.
    Parked = 4,
    /// With the queue, as `Free`; but the driver has refused it, and the program knows.
    Refused = 8,
}

/// One plane: where it is mapped, if it is.
#[derive(Clone, Copy)]
pub(crate) struct Plane {
    pub(crate) layout: PlaneLayout,
    pub(crate) address: Option<NonNull<u8>>,
}

// SAFETY: the address is of shared device memory; which thread may touch it is decided by the slot's holder.
#[allow(unsafe_code)]
unsafe impl Send for Plane {}
// SAFETY: as above; `&Plane` gives out nothing but numbers.
#[allow(unsafe_code)]
unsafe impl Sync for Plane {}

impl Plane {
    const UNKNOWN: Self = Self { layout: PlaneLayout { length: 0, offset: 0 }, address: None };
}

/// Whether a loop over the planes of a buffer has done its last round. Around a single plane it is none then, which the compiler
/// does not see where it builds for size.
#[inline(always)]
pub(crate) fn ends_with<K: QueueKind>(done: usize, planes: usize) -> bool {
    !<K::Planes as Planes>::MULTI || done >= planes
}

/// One buffer. What every frame changes comes first, so that its address is the slot's.
#[repr(C)]
pub(crate) struct Slot<K: QueueKind> {
    holder: SharedU32,
    /// Which buffer.
    pub(crate) index: u32,
    planes: PerPlane<K, Plane>,
    /// Of a multi-planar buffer, while the program holds it; checked: they lie inside their planes.
    payloads: <K::Planes as Keep>::Payloads,
}

impl<K: QueueKind> Slot<K> {
    pub(crate) fn new(index: u32) -> Self {
        Self {
            holder: SharedU32::new(Holder::Free as u32),
            index,
            planes: PlaneArray::filled(Plane::UNKNOWN),
            payloads: Default::default(),
        }
    }

    /// Moves the buffer between hands; false when it was not in `from`.
    #[inline]
    pub(crate) fn pass(&self, from: Holder, to: Holder) -> bool {
        self.holder.exchange(from as u32, to as u32)
    }

    /// Moves the buffer from `Queued` to `Held`; false, and nothing is changed, when it was not `Queued`. Of several threads
    /// that try, one succeeds.
    #[inline(always)]
    pub(crate) fn take_back(&self) -> bool {
        self.holder.clear_bits(Holder::Queued as u32) & Holder::Queued as u32 != 0
    }

    /// Moves the buffer out of hands that only the caller has.
    #[inline(always)]
    pub(crate) fn give(&self, to: Holder) {
        self.holder.store(to as u32);
    }

    pub(crate) fn is_with(&self, holder: Holder) -> bool {
        self.holder.load() == holder as u32
    }

    /// Makes the buffer the queue's, of which no token is alive; where not `all` came back, only if it is not with the driver. Returns
    /// whether it stays there.
    pub(crate) fn reclaim(&mut self, all: bool) -> bool {
        let stays = !all && self.holder.get() == Holder::Queued as u32;
        if !stays {
            self.holder = SharedU32::new(Holder::Free as u32);
        }
        stays
    }

    #[inline(always)]
    pub(crate) fn planes(&self) -> &[Plane] {
        self.planes.as_ref()
    }

    #[inline(always)]
    pub(crate) fn payloads(&self) -> &[Payload] {
        self.payloads.as_ref()
    }

    pub(crate) fn planes_mut(&mut self) -> &mut [Plane] {
        self.planes.as_mut()
    }
}
