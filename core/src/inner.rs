//! The truth about a queue, whatever its type says: what the kernel holds, and the only `Drop`.
//!
//! # Safety
//!
//! Unmapping needs `unsafe`: this file is where mappings end. Nothing borrows mapped bytes here, because every token that
//! gives out bytes borrows the queue, and the functions below have the queue exclusively.
#![allow(unsafe_code)]

use core::marker::PhantomData;

use crate::backend::{Backend, Region};
use crate::cell::Shared;
use crate::error::{BackendError as _, Error, ErrorKind, Operation};
use crate::fmt::{debug, warn};
use crate::kind::{Planes, QueueKind};
use crate::losses::Losses;
use crate::plane_count::PlaneCount;
use crate::slot::{Holder, Slot};
use crate::tally::{MOST_BUFFERS, Tally};

/// How often a clean-up step is tried again when a signal interrupts it. Bounded, so that `Drop` cannot spin.
const CLEANUP_TRIES: u32 = 64;

/// The next allocation's number. Numbers end at `u32::MAX`, which no parked token ever carries.
static ALLOCATIONS: Shared = Shared::new(0);

fn next_allocation() -> u32 {
    loop {
        let number = ALLOCATIONS.load();
        if number == u32::MAX || ALLOCATIONS.exchange(number, number + 1) {
            return number;
        }
    }
}

/// What frames share with their queue; everything but the slots.
pub(crate) struct Common<B: Backend, K: QueueKind> {
    pub(crate) backend: B,
    pub(crate) tally: Tally,
    pub(crate) losses: Losses,
    /// Which allocation this is, of all in this program that a frame was parked from; `u32::MAX` before that.
    allocation: Shared,
    /// Which stream of this allocation; tokens of an earlier one are refused.
    pub(crate) session: u32,
    planes: PlaneCount,
    /// Whether the driver leaves dequeued buffers alone ([`Granted::exclusive`](crate::Granted::exclusive)).
    pub(crate) exclusive: bool,
    kind: PhantomData<fn() -> K>,
}

impl<B: Backend, K: QueueKind> Common<B, K> {
    /// Planes of every buffer, known after the query.
    #[inline]
    pub(crate) fn plane_count(&self) -> PlaneCount {
        if <K::Planes as Planes>::MULTI { self.planes } else { PlaneCount::One }
    }

    /// The same as a number.
    #[inline]
    pub(crate) fn planes(&self) -> usize {
        self.plane_count().get()
    }

    pub(crate) fn set_planes(&mut self, planes: PlaneCount) {
        self.planes = planes;
    }

    /// The number of this allocation, which it gets with the first frame that is parked: a program that parks none has no page
    /// of memory for the counter.
    pub(crate) fn allocation(&self) -> u32 {
        if self.allocation.load() == u32::MAX {
            // Of two threads that come here first, one's number counts.
            self.allocation.exchange(u32::MAX, next_allocation());
        }
        self.allocation.load()
    }

    /// Whether a token with this number is of this allocation.
    pub(crate) fn is_allocation(&self, number: u32) -> bool {
        number != u32::MAX && number == self.allocation.load()
    }

    pub(crate) fn is_unplugged(&self) -> bool {
        self.tally.obstacles().unplugged()
    }

    /// Turns a backend's refusal into an error, and remembers an unplugged device.
    #[cold]
    #[inline]
    pub(crate) fn refused(&self, operation: Operation, index: Option<u32>, error: B::Error) -> Error<B::Error> {
        self.notice(&error);
        Error::Refused { operation, index, error }
    }

    #[cold]
    #[inline(never)]
    fn notice(&self, error: &B::Error) {
        if error.kind() == ErrorKind::Unplugged {
            self.tally.set_unplugged();
        }
    }
}

/// Which of the kernel's resources a queue holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holds {
    pub(crate) buffers: bool,
    pub(crate) stream: bool,
}

/// A queue without its state's type.
pub(crate) struct Inner<B: Backend, K: QueueKind, const N: usize> {
    pub(crate) common: Common<B, K>,
    pub(crate) slots: heapless::Vec<Slot<K>, N>,
    pub(crate) holds: Holds,
}

impl<B: Backend, K: QueueKind, const N: usize> Inner<B, K, N> {
    pub(crate) const fn new(backend: B) -> Self {
        const { assert!(N > 0 && N <= MOST_BUFFERS, "a queue has room for 1 to 4096 buffers") };
        Self {
            common: Common {
                backend,
                tally: Tally::new(),
                losses: Losses::new(),
                allocation: Shared::new(u32::MAX),
                session: 0,
                planes: PlaneCount::One,
                exclusive: false,
                kind: PhantomData,
            },
            slots: heapless::Vec::new(),
            holds: Holds { buffers: false, stream: false },
        }
    }

    /// STREAMOFF, if the stream is on or the kernel has buffers enqueued for one. On an error the stream counts as still on. A
    /// device that is gone has no stream, but nobody knows what its driver still does with the buffers it had.
    pub(crate) fn stop(&mut self) -> Result<(), Error<B::Error>> {
        if self.holds.stream || self.slots.iter().any(|slot| slot.is_with(Holder::Queued)) {
            let done = undo(&self.common, Operation::StreamOff)?;
            debug!("stream off");
            reclaim(&mut self.common, &self.slots, done);
            self.holds.stream = false;
        }
        Ok(())
    }

    /// Unmaps every plane, and returns the first error.
    pub(crate) fn unmap(&mut self) -> Result<(), Error<B::Error>> {
        unmap(&self.common, &mut self.slots)
    }

    /// REQBUFS(0). A device that is gone has no buffers.
    pub(crate) fn free(&mut self) -> Result<(), Error<B::Error>> {
        if self.holds.buffers {
            undo(&self.common, Operation::ReleaseBuffers)?;
            self.holds.buffers = false;
            debug!("released the buffers");
        }
        self.slots.clear();
        self.common.allocation = Shared::new(u32::MAX);
        self.common.tally.reset(0);
        Ok(())
    }

    /// All the way down: does whatever can be done and tells the first error.
    pub(crate) fn clean_up(&mut self) -> Result<(), Error<B::Error>> {
        let mut outcome = self.stop();
        keep_first(&mut outcome, self.unmap());
        keep_first(&mut outcome, self.free());
        outcome
    }

    /// Takes the backend out of a queue that was cleaned up.
    pub(crate) fn into_backend(self) -> B {
        let this = core::mem::ManuallyDrop::new(self);
        const { assert!(!core::mem::needs_drop::<Slot<K>>()) };
        // SAFETY: `this` is never used again and its `Drop` never runs, so the backend is moved, not copied; the other
        // fields own nothing that needs dropping (asserted for the slots, plain numbers else).
        unsafe { core::ptr::read(&this.common.backend) }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> Drop for Inner<B, K, N> {
    fn drop(&mut self) {
        // Once more, for what a passing refusal left over.
        if self.clean_up().is_err() && self.clean_up().is_err() {
            warn!("dropping a queue left buffers with the device until it is closed");
        }
    }
}

/// STREAMOFF or REQBUFS(0), until a signal no longer interrupts it. False when the device is gone: there is nothing to undo then,
/// and nothing was undone.
#[inline(never)]
fn undo<B: Backend, K: QueueKind>(common: &Common<B, K>, operation: Operation) -> Result<bool, Error<B::Error>> {
    let mut tries = CLEANUP_TRIES;
    loop {
        let step = match operation {
            Operation::StreamOff => common.backend.stream_off(K::QUEUE),
            _ => common.backend.request_buffers(K::QUEUE, 0).map(drop),
        };
        let Err(error) = step else { return Ok(true) };
        let kind = error.kind();
        if kind == ErrorKind::Interrupted && tries > 0 {
            tries -= 1;
            continue;
        }
        let error = common.refused(operation, None, error);
        return if kind == ErrorKind::Unplugged { Ok(false) } else { Err(error) };
    }
}

/// Makes every buffer the queue's, or only those that are not with the driver where `all` did not come back. Tokens for them
/// can no longer be alive, or are refused from now on.
pub(crate) fn reclaim<B: Backend, K: QueueKind>(common: &mut Common<B, K>, slots: &[Slot<K>], all: bool) {
    let mut queued = 0;
    for slot in slots {
        if all || !slot.is_with(Holder::Queued) {
            slot.give(Holder::Free);
        } else {
            queued += 1;
        }
    }
    common.tally.reset(queued);
    // At the end of the numbers a session stays for ever at the value that no token may carry.
    common.session = common.session.saturating_add(1);
    common.losses.reset();
}

/// Of two outcomes the first error.
#[inline(never)]
fn keep_first<E>(outcome: &mut Result<(), E>, next: Result<(), E>) {
    if outcome.is_ok() {
        *outcome = next;
    }
}

fn unmap<B: Backend, K: QueueKind>(common: &Common<B, K>, slots: &mut [Slot<K>]) -> Result<(), Error<B::Error>> {
    let mut outcome = Ok(());
    let mut unmapped = 0u32;
    for (index, slot) in slots.iter_mut().enumerate() {
        for plane in slot.planes_mut() {
            let Some(address) = plane.address.take() else { continue };
            let region = Region { address, length: plane.layout.length as usize };
            // SAFETY: the region came from `map` of this backend, `take` sees to it that it is unmapped once (a refusal has
            // unmapped nothing), and nothing borrows its bytes: tokens borrow the queue, which the caller has exclusively.
            let step = || unsafe { common.backend.unmap(region) };
            match step().or_else(|_| step()) {
                Ok(()) => unmapped += 1,
                Err(error) => {
                    keep_first(&mut outcome, Err(common.refused(Operation::Unmap, Some(index as u32), error)));
                }
            }
        }
    }
    if unmapped != 0 {
        debug!("unmapped {=u32} planes", unmapped);
    }
    outcome
}
