//! A queue without its state type: the kernel resources it holds, and the `Drop` that releases them.
//!
//! # Safety
//!
//! Unmapping needs `unsafe`: this file is where mappings end. Nothing borrows mapped bytes here, because every token that
//! gives out bytes borrows the queue, and the functions below have the queue exclusively.
#![allow(unsafe_code)]

use crate::backend::{Backend, Region};
use crate::error::{Error, ErrorKind, Operation};
use crate::log::{debug, warn};
use crate::queue::shared::Shared;
use crate::queue::slots::{Holder, Slot};
use crate::queue::tally::MOST_BUFFERS;
use crate::queue_kind::QueueKind;

/// How often a clean-up step is tried again when a signal interrupts it. Bounded, so that `Drop` cannot spin.
const CLEANUP_TRIES: u32 = 64;

/// Which of the kernel's resources a queue holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holds {
    pub(crate) buffers: bool,
    pub(crate) stream: bool,
}

/// A queue without its state's type.
pub(crate) struct RawQueue<B: Backend, K: QueueKind, const N: usize> {
    pub(crate) shared: Shared<B, K>,
    pub(crate) slots: heapless::Vec<Slot<K>, N>,
    pub(crate) holds: Holds,
}

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    pub(crate) const fn new(backend: B) -> Self {
        const { assert!(N > 0 && N <= MOST_BUFFERS, "a queue has room for 1 to 4096 buffers") };
        Self {
            shared: Shared::new(backend),
            slots: heapless::Vec::new(),
            holds: Holds { buffers: false, stream: false },
        }
    }

    /// STREAMOFF, if the stream is on or the kernel has buffers enqueued for one. On an error the stream counts as still on. A
    /// device that is gone has no stream, but what its driver still does with the buffers it had is not known.
    pub(crate) fn stop(&mut self) -> Result<(), Error> {
        if self.holds.stream || self.slots.iter().any(|slot| slot.is_with(Holder::Queued)) {
            let done = undo(&self.shared, Operation::StreamOff)?;
            debug!("stream off");
            reclaim(&mut self.shared, &self.slots, done);
            self.holds.stream = false;
        }
        Ok(())
    }

    /// Unmaps every plane, and returns the first error.
    pub(crate) fn unmap(&mut self) -> Result<(), Error> {
        unmap(&self.shared, &mut self.slots)
    }

    /// REQBUFS(0). A device that is gone has no buffers.
    pub(crate) fn free(&mut self) -> Result<(), Error> {
        if self.holds.buffers {
            undo(&self.shared, Operation::ReleaseBuffers)?;
            self.holds.buffers = false;
            debug!("released the buffers");
        }
        self.slots.clear();
        self.shared.forget_allocation();
        self.shared.tally.reset(0);
        Ok(())
    }

    /// All the way down: does whatever can be done and returns the first error.
    pub(crate) fn clean_up(&mut self) -> Result<(), Error> {
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
        unsafe { core::ptr::read(&this.shared.backend) }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> Drop for RawQueue<B, K, N> {
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
fn undo<B: Backend, K: QueueKind>(shared: &Shared<B, K>, operation: Operation) -> Result<bool, Error> {
    let mut tries = CLEANUP_TRIES;
    loop {
        let step = match operation {
            Operation::StreamOff => shared.backend.stream_off(K::QUEUE),
            _ => shared.backend.request_buffers(K::QUEUE, 0).map(drop),
        };
        let Err(error) = step else { return Ok(true) };
        let kind = error.kind();
        if kind == ErrorKind::Interrupted && tries > 0 {
            tries -= 1;
            continue;
        }
        let error = shared.refused(operation, None, error);
        return if kind == ErrorKind::Unplugged { Ok(false) } else { Err(error) };
    }
}

/// Makes every buffer the queue's, or only those that are not with the driver where `all` did not come back. Tokens for them
/// can no longer be alive, or are refused from now on.
pub(crate) fn reclaim<B: Backend, K: QueueKind>(shared: &mut Shared<B, K>, slots: &[Slot<K>], all: bool) {
    let mut queued = 0;
    for slot in slots {
        if all || !slot.is_with(Holder::Queued) {
            slot.give(Holder::Free);
        } else {
            queued += 1;
        }
    }
    shared.tally.reset(queued);
    // At the end of the numbers a session stays for ever at the value that no token may carry.
    shared.session = shared.session.saturating_add(1);
    shared.losses.reset();
}

/// Of two outcomes the first error.
#[inline(never)]
fn keep_first<E>(outcome: &mut Result<(), E>, next: Result<(), E>) {
    if outcome.is_ok() {
        *outcome = next;
    }
}

fn unmap<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slots: &mut [Slot<K>]) -> Result<(), Error> {
    let mut outcome = Ok(());
    let mut unmapped = 0u32;
    for (index, slot) in slots.iter_mut().enumerate() {
        for plane in slot.planes_mut() {
            let Some(address) = plane.address.take() else { continue };
            let region = Region { address, length: plane.layout.length as usize };
            // SAFETY: the region came from `map` of this backend, `take` sees to it that it is unmapped once (a refusal has
            // unmapped nothing), and nothing borrows its bytes: tokens borrow the queue, which the caller has exclusively.
            let step = || unsafe { shared.backend.unmap(region) };
            match step().or_else(|_| step()) {
                Ok(()) => unmapped += 1,
                Err(error) => {
                    keep_first(&mut outcome, Err(shared.refused(Operation::Unmap, Some(index as u32), error)));
                }
            }
        }
    }
    if unmapped != 0 {
        debug!("unmapped {=u32} planes", unmapped);
    }
    outcome
}
