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
use crate::slot::{Holder, Slot};

/// How often a clean-up step is tried again when a signal interrupts it. Bounded, so that `Drop` cannot spin.
const CLEANUP_TRIES: u32 = 64;

/// Bit of [`Common::attention`]: the device is gone. The bits below count free slots of a capture queue.
const UNPLUGGED: u32 = 1 << 31;

/// What frames share with their queue; everything but the slots.
pub(crate) struct Common<B: Backend, K: QueueKind> {
    pub(crate) backend: B,
    /// Zero on the straight path: how many slots are free (to be handed to the driver by the next call that may do system
    /// calls), and whether the device is gone.
    attention: Shared,
    /// Sequence of the newest frame, and whether there was one.
    pub(crate) last_sequence: Shared,
    pub(crate) any_frame: Shared,
    /// Which allocation this is, of all in this program; `u32::MAX` when there is none.
    pub(crate) allocation: u32,
    /// Which stream of this allocation; tokens of an earlier one are refused.
    pub(crate) session: u32,
    planes: u8,
    kind: PhantomData<fn() -> K>,
}

impl<B: Backend, K: QueueKind> Common<B, K> {
    /// Planes of every buffer, known after the query.
    #[inline]
    pub(crate) fn planes(&self) -> usize {
        if <K::Planes as Planes>::MULTI { usize::from(self.planes) } else { 1 }
    }

    pub(crate) fn set_planes(&mut self, planes: usize) {
        self.planes = planes as u8;
    }

    /// Whether something off the straight path waits: free slots, or an unplugged device.
    #[inline]
    pub(crate) fn needs_attention(&self) -> bool {
        self.attention.load() != 0
    }

    /// A slot is about to become free. Counted first and uncounted last, so that the count never falls below the truth.
    #[inline]
    pub(crate) fn count_free(&self) {
        self.attention.add(1);
    }

    /// A slot is free no more.
    #[inline]
    pub(crate) fn uncount_free(&self) {
        self.attention.add(u32::MAX);
    }

    pub(crate) fn is_unplugged(&self) -> bool {
        self.attention.load() & UNPLUGGED != 0
    }

    /// Turns a backend's refusal into an error, and remembers an unplugged device.
    #[cold]
    pub(crate) fn refused(&self, operation: Operation, index: Option<u32>, error: B::Error) -> Error<B::Error> {
        if error.kind() == ErrorKind::Unplugged {
            self.attention.set_bits(UNPLUGGED);
        }
        Error::Refused { operation, index, error }
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
        const { assert!(N > 0 && N <= 0x7fff, "a queue has room for 1 to 32767 buffers") };
        Self {
            common: Common {
                backend,
                attention: Shared::new(0),
                last_sequence: Shared::new(0),
                any_frame: Shared::new(0),
                allocation: u32::MAX,
                session: 0,
                planes: 1,
                kind: PhantomData,
            },
            slots: heapless::Vec::new(),
            holds: Holds { buffers: false, stream: false },
        }
    }

    /// STREAMOFF, if the stream is on or the kernel has buffers enqueued for one. On an error the stream counts as still on; a
    /// device that is gone has no stream.
    pub(crate) fn stop(&mut self) -> Result<(), Error<B::Error>> {
        if self.holds.stream || self.slots.iter().any(|slot| slot.is_with(Holder::Queued)) {
            stop(&mut self.common, &mut self.slots)?;
            self.holds.stream = false;
        }
        Ok(())
    }

    /// Unmaps every plane, and tells the first error.
    pub(crate) fn unmap(&mut self) -> Result<(), Error<B::Error>> {
        unmap(&self.common, &mut self.slots)
    }

    /// REQBUFS(0). A device that is gone has no buffers.
    pub(crate) fn free(&mut self) -> Result<(), Error<B::Error>> {
        if self.holds.buffers {
            free(&self.common)?;
            self.holds.buffers = false;
            debug!("released the buffers");
        }
        self.slots.clear();
        self.common.allocation = u32::MAX;
        self.common.attention = Shared::new(if self.common.is_unplugged() { UNPLUGGED } else { 0 });
        Ok(())
    }

    /// All the way down: does whatever can be done and tells the first error.
    pub(crate) fn clean_up(&mut self) -> Result<(), Error<B::Error>> {
        let stopped = self.stop();
        let unmapped = self.unmap();
        let freed = self.free();
        stopped.and(unmapped).and(freed)
    }

    /// Takes the backend out. Nothing of the kernel's is held any more, or the backend's own end will free it.
    pub(crate) fn into_backend(mut self) -> B {
        if self.clean_up().is_err() {
            warn!("some buffers stay with the device until it is closed");
        }
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

/// Runs a clean-up step until a signal no longer interrupts it.
fn persist<E: crate::BackendError>(mut step: impl FnMut() -> Result<(), E>) -> Result<(), E> {
    let mut tries = CLEANUP_TRIES;
    loop {
        match step() {
            Err(error) if error.kind() == ErrorKind::Interrupted && tries > 0 => tries -= 1,
            other => return other,
        }
    }
}

fn stop<B: Backend, K: QueueKind>(common: &mut Common<B, K>, slots: &mut [Slot<K>]) -> Result<(), Error<B::Error>> {
    if !common.is_unplugged() {
        if let Err(error) = persist(|| common.backend.stream_off(K::QUEUE)) {
            let gone = error.kind() == ErrorKind::Unplugged;
            let error = common.refused(Operation::StreamOff, None, error);
            if !gone {
                return Err(error);
            }
        }
    }
    debug!("stream off");
    reclaim(common, slots);
    Ok(())
}

/// Every buffer is the queue's again: STREAMOFF returned them all, and no token for one can be alive or will be believed.
fn reclaim<B: Backend, K: QueueKind>(common: &mut Common<B, K>, slots: &mut [Slot<K>]) {
    for slot in slots.iter() {
        slot.give(Holder::Free);
    }
    recount(common, slots);
    // At the end of the numbers a session stays for ever at the value that no token may carry.
    common.session = common.session.saturating_add(1);
    common.any_frame.store(0);
}

/// Counts the free slots anew.
pub(crate) fn recount<B: Backend, K: QueueKind>(common: &mut Common<B, K>, slots: &[Slot<K>]) {
    let gone = if common.is_unplugged() { UNPLUGGED } else { 0 };
    let free = slots.iter().filter(|slot| slot.is_with(Holder::Free)).count();
    common.attention = Shared::new(gone | free as u32);
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
                Err(error) => outcome = outcome.and(Err(common.refused(Operation::Unmap, Some(index as u32), error))),
            }
        }
    }
    if unmapped != 0 {
        debug!("unmapped {=u32} planes", unmapped);
    }
    outcome
}

fn free<B: Backend, K: QueueKind>(common: &Common<B, K>) -> Result<(), Error<B::Error>> {
    if common.is_unplugged() {
        return Ok(());
    }
    match persist(|| common.backend.request_buffers(K::QUEUE, 0).map(|_| ())) {
        Err(error) if error.kind() == ErrorKind::Unplugged => {
            common.refused(Operation::ReleaseBuffers, None, error);
            Ok(())
        }
        Err(error) => Err(common.refused(Operation::ReleaseBuffers, None, error)),
        Ok(()) => Ok(()),
    }
}
