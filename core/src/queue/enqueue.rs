//! QBUF, and what happens when the driver refuses it: the only place where memory is given away.
//!
//! # Safety
//!
//! Enqueueing hands a buffer's memory to the driver. It happens here with slots that were just marked `Queued`, so that no token
//! for the buffer exists and nothing borrows its bytes.
#![allow(unsafe_code)]

use crate::backend::{Backend, Enqueue};
use crate::error::{Errno, Operation};
use crate::log::trace;
use crate::queue::failure::{Call, Failure};
use crate::queue::raw::RawQueue;
use crate::queue::shared::Shared;
use crate::queue::slots::{Holder, Slot};
use crate::queue_kind::QueueKind;

/// QBUF of a buffer whose token the caller has just given up. If the driver refuses it, it is `back` in these hands.
#[inline(always)]
pub(crate) fn enqueue<B: Backend, K: QueueKind>(
    shared: &Shared<B, K>,
    slot: &Slot<K>,
    buffer: Enqueue<'_>,
    back: Holder,
) -> Result<(), Failure> {
    give(shared, slot);
    // SAFETY: the token, which had the slot `Held`, is gone, and with it every borrow of the bytes; the slot is `Queued`, so
    // no other token can come to be before the driver gives the buffer back.
    match unsafe { shared.backend.enqueue(K::QUEUE, buffer) } {
        Ok(()) => {
            trace!("enqueued {=u32}", buffer.index);
            Ok(())
        }
        Err(error) => Err(refused(shared, slot, error, back)),
    }
}

/// The same for an empty buffer that the caller has `Held` without a token. After a signal it is free.
#[inline(never)]
fn enqueue_aside<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &Slot<K>, back: Holder) -> Result<(), Failure> {
    give(shared, slot);
    // SAFETY: the caller had the slot `Held`: no other token for it exists, so nothing borrows its bytes, and none can come to be
    // before the driver gives it back, because it is `Queued` now.
    match unsafe { shared.backend.enqueue_aside(K::QUEUE, Enqueue::empty(slot.index, shared.plane_count())) } {
        Ok(()) => {
            trace!("enqueued {=u32}", slot.index);
            Ok(())
        }
        Err(error) => Err(refused(shared, slot, error, if error == Errno::EINTR { Holder::Free } else { back })),
    }
}

/// Before the call: the buffer may be finished, and dequeued by another thread, before the call returns.
#[inline(always)]
fn give<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &Slot<K>) {
    shared.tally.count_in();
    slot.give(Holder::Queued);
}

/// The driver has refused a buffer. If it is back with the queue, the next call on the queue looks whether to enqueue it.
#[cold]
#[inline(never)]
fn refused<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &Slot<K>, error: Errno, back: Holder) -> Failure {
    let mut failure = shared.refused(Call::of_buffer(Operation::Enqueue, slot.index), error);
    if slot.pass(Holder::Queued, back) {
        shared.tally.count_out();
    } else {
        // A driver that refuses a buffer and returns it to another thread: that thread has it now.
        failure = failure.taken_away();
    }
    if back != Holder::Held {
        // After the slot: who sees the mark finds the slot.
        shared.tally.set_pending();
    }
    failure
}

/// QBUF of a capture buffer whose token is dropped. What the driver refuses is enqueued by the next call on the queue, which returns
/// what is wrong.
#[inline(never)]
pub(crate) fn enqueue_dropped<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &Slot<K>) {
    if shared.is_unplugged() {
        slot.give(Holder::Free);
    } else {
        let _ = enqueue_aside(shared, slot, Holder::Free);
    }
}

/// QBUF for every free slot of a capture queue.
///
/// A refusal ends it, and is returned once: the buffer is passed over from then on, until [`retry_refused`]. After a signal it
/// is not passed over. The slots behind it are still to be done.
pub(crate) fn enqueue_free<B: Backend, K: QueueKind, const N: usize>(queue: &RawQueue<B, K, N>) -> Result<(), Failure> {
    for slot in &queue.slots {
        // Of several threads that come here, one has the slot.
        if slot.pass(Holder::Free, Holder::Held) {
            enqueue_aside(&queue.shared, slot, Holder::Refused)?;
        }
    }
    Ok(())
}

/// What the driver refused is free again: [`enqueue_free`] tries those buffers once more.
pub(crate) fn retry_refused<K: QueueKind>(slots: &[Slot<K>]) {
    for slot in slots {
        slot.pass(Holder::Refused, Holder::Free);
    }
}
