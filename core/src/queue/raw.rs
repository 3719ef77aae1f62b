//! A queue without its state type: the kernel resources it holds, and the `Drop` that releases them.
//!
//! # Safety
//!
//! Unmapping needs `unsafe`: this file is where mappings end. Nothing borrows mapped bytes here, because every token that
//! gives out bytes borrows the queue, and the functions below have the queue exclusively.
#![allow(unsafe_code)]

use crate::backend::{Backend, Region};
use crate::error::{Errno, Operation};
use crate::log::{debug, warn};
use crate::plane_count::MAX_PLANES;
use crate::queue::failure::Failure;
use crate::queue::shared::Shared;
use crate::queue::slots::{Holder, Slot, ends_with};
use crate::queue::tally::MOST_BUFFERS;
use crate::queue_kind::QueueKind;

/// How often a clean-up step is tried again when a signal interrupts it. Bounded, so that `Drop` cannot spin.
const CLEANUP_TRIES: u32 = 64;

/// Which of the kernel's resources a queue holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holds {
    pub(crate) buffers: Flag,
    pub(crate) stream: Flag,
}

/// Yes or no, in 4 bytes. A result that has a queue in it finds its own mark in the largest gap of values: it is here then, in front
/// of all the rest, which is moved in one piece.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Flag {
    No,
    Yes,
}

/// A queue without its state's type.
#[repr(C)]
pub(crate) struct RawQueue<B: Backend, K: QueueKind, const N: usize> {
    pub(crate) holds: Holds,
    pub(crate) shared: Shared<B, K>,
    pub(crate) slots: heapless::Vec<Slot<K>, N>,
}

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    pub(crate) const fn new(backend: B) -> Self {
        const { assert!(N > 0 && N <= MOST_BUFFERS, "a queue has room for 1 to 4096 buffers") };
        Self {
            shared: Shared::new(backend),
            slots: heapless::Vec::new(),
            holds: Holds { buffers: Flag::No, stream: Flag::No },
        }
    }

    /// STREAMOFF, if the stream is on or the kernel has buffers enqueued for one. On an error the stream counts as still on. A
    /// device that is gone has no stream, but what its driver still does with the buffers it had is not known.
    pub(crate) fn stop(&mut self) -> Result<(), Failure> {
        if self.holds.stream == Flag::Yes || self.slots.iter().any(|slot| slot.is_with(Holder::Queued)) {
            let undone = undo(&self.shared, Operation::StreamOff);
            if undone.is_err_and(|failure| !failure.is_unplugged()) {
                return undone;
            }
            debug!("stream off");
            reclaim(&mut self.shared, &self.slots, undone.is_ok());
            self.holds.stream = Flag::No;
        }
        Ok(())
    }

    /// Unmaps every plane. Returns the first error, that of the step before included.
    pub(crate) fn unmap(&mut self, before: Result<(), Failure>) -> Result<(), Failure> {
        unmap(&self.shared, &mut self.slots, before)
    }

    /// REQBUFS(0). A device that is gone has no buffers.
    pub(crate) fn free(&mut self) -> Result<(), Failure> {
        if self.holds.buffers == Flag::Yes {
            let undone = undo(&self.shared, Operation::ReleaseBuffers);
            if undone.is_err_and(|failure| !failure.is_unplugged()) {
                return undone;
            }
            self.holds.buffers = Flag::No;
            debug!("released the buffers");
        }
        self.slots.clear();
        self.shared.forget_allocation();
        self.shared.tally.reset(0);
        Ok(())
    }

    /// All the way down: does whatever can be done and returns the first error.
    pub(crate) fn clean_up(&mut self) -> Result<(), Failure> {
        let stopped = self.stop();
        let unmapped = self.unmap(stopped);
        unmapped.and(self.free())
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

/// STREAMOFF or REQBUFS(0), until a signal no longer interrupts it. When the device is gone, there is nothing to undo, and nothing
/// was undone.
#[inline(never)]
fn undo<B: Backend, K: QueueKind>(shared: &Shared<B, K>, operation: Operation) -> Result<(), Failure> {
    let mut tries = CLEANUP_TRIES;
    loop {
        let step = match operation {
            Operation::StreamOff => shared.backend.stream_off(K::QUEUE),
            _ => shared.backend.request_buffers(K::QUEUE, 0).map(drop),
        };
        let Err(error) = step else { return Ok(()) };
        if error != Errno::EINTR || tries == 0 {
            return Err(shared.refused(Failure::new(operation, error)));
        }
        tries -= 1;
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

fn unmap<B: Backend, K: QueueKind>(
    shared: &Shared<B, K>,
    slots: &mut [Slot<K>],
    before: Result<(), Failure>,
) -> Result<(), Failure> {
    let mut outcome = before;
    let mut unmapped = 0u32;
    for slot in slots {
        let (index, mut number) = (slot.index, 0);
        while let Some(plane) = slot.planes_mut().get_mut(number) {
            number += 1;
            if let Some(address) = plane.address.take() {
                let region = Region { address, length: plane.layout.length as usize };
                // SAFETY: the region came from `map` of this backend, `take` sees to it that it is unmapped once (a refusal has
                // unmapped nothing), and nothing borrows its bytes: tokens borrow the queue, which the caller has exclusively.
                let step = || unsafe { shared.backend.unmap(region) };
                match step().or_else(|_| step()) {
                    Ok(()) => unmapped += 1,
                    Err(error) => {
                        let failure = shared.refused(Failure::of_buffer(Operation::Unmap, index, error));
                        outcome = outcome.and(Err(failure));
                    }
                }
            }
            if ends_with::<K>(number, MAX_PLANES) {
                break;
            }
        }
    }
    if unmapped != 0 {
        debug!("unmapped {=u32} planes", unmapped);
    }
    outcome
}
