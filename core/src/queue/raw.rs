//! A queue without its state type: the kernel resources it holds, and the `Drop` that releases them.
//!
//! # Safety
//!
//! The backend is moved out of a queue, whose `Drop` must not run then.
#![allow(unsafe_code)]

use crate::backend::Backend;
use crate::error::Operation;
use crate::log::{debug, warn};
use crate::queue::failure::{Call, Details, Failure};
use crate::queue::shared::{Flag, Shared};
use crate::queue::slots::Slot;
use crate::queue::step::Step;
use crate::queue::tally::MOST_BUFFERS;
use crate::queue_kind::QueueKind;

/// A queue without its state's type. What is shared comes first, so that its address is the queue's.
#[repr(C)]
pub(crate) struct RawQueue<B: Backend, K: QueueKind, const N: usize> {
    pub(crate) shared: Shared<B, K>,
    pub(crate) slots: heapless::Vec<Slot<K>, N>,
}

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    pub(crate) const fn new(backend: B) -> Self {
        const { assert!(N > 0 && N <= MOST_BUFFERS, "a queue has room for 1 to 4096 buffers") };
        Self { shared: Shared::new(backend), slots: heapless::Vec::new() }
    }

    /// Makes a step with every buffer; the first error ends it.
    #[inline(never)]
    pub(super) fn each(&mut self, step: Step, details: &mut Details) -> Result<(), Failure> {
        for slot in self.slots.iter_mut() {
            if let Err(error) = step.make(&mut self.shared, slot, details) {
                return Err(self.shared.refused(Call::of_buffer(step.operation(), slot.index), error));
            }
        }
        Ok(())
    }

    /// STREAMOFF, if the stream is on or the kernel has buffers enqueued for one. On an error the stream counts as still on. A
    /// device that is gone has no stream, but what its driver still does with the buffers it had is not known.
    pub(crate) fn stop(&mut self) -> Result<(), Failure> {
        if self.shared.holds.stream == Flag::Yes || !self.shared.tally.last().none_queued() {
            self.shared.undo(Operation::StreamOff)?;
            debug!("stream off");
            self.reclaim(true);
            self.shared.holds.stream = Flag::No;
        }
        Ok(())
    }

    /// Unmaps every plane. Returns the first error, that of the step before included.
    pub(crate) fn unmap(&mut self, before: Result<(), Failure>) -> Result<(), Failure> {
        let (mut outcome, mut nothing) = (before, Details::none());
        let mut unmapped = self.slots.iter().flat_map(Slot::planes).filter(|plane| plane.address.is_some()).count();
        // Where a plane is refused, the next round goes on behind it.
        while let Err(failure) = self.each(Step::Unmap, &mut nothing) {
            outcome = outcome.and(Err(failure));
            unmapped = unmapped.saturating_sub(1);
        }
        if unmapped != 0 {
            debug!("unmapped {=usize} planes", unmapped);
        }
        outcome
    }

    /// REQBUFS(0). A device that is gone has no buffers.
    pub(crate) fn free(&mut self) -> Result<(), Failure> {
        if self.shared.holds.buffers == Flag::Yes {
            self.shared.undo(Operation::ReleaseBuffers)?;
            self.shared.holds.buffers = Flag::No;
            debug!("released the buffers");
        }
        self.slots.clear();
        self.reclaim(true);
        self.shared.forget_allocation();
        Ok(())
    }

    /// Makes every buffer the queue's: after a `stopped` stream all of them; else, and on a device that is gone, only those that are not
    /// with the driver. Tokens for them can no longer be alive, or are refused from now on.
    #[inline(never)]
    pub(super) fn reclaim(&mut self, stopped: bool) {
        let unplugged = self.shared.tally.last().unplugged();
        let all = stopped && !unplugged;
        self.shared.tally.reset(unplugged);
        for slot in self.slots.iter_mut() {
            if slot.reclaim(all) {
                self.shared.tally.count_in_alone();
            }
        }
        // At the end of the numbers a session stays for ever at the value that no token may carry.
        self.shared.session = self.shared.session.saturating_add(1);
        self.shared.losses.reset();
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
