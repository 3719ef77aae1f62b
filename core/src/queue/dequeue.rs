//! DQBUF, the checks of what it returned, and what has to be done before it.

use core::mem::MaybeUninit;
use core::time::Duration;

use crate::backend::{Backend, DequeuedBuffer as _, Wake};
use crate::error::{DriverFault, Errno, Error, Operation};
use crate::log::trace;
use crate::plane_count::PlaneCount;
use crate::queue::enqueue::{enqueue_free, retry_refused};
use crate::queue::failure::Failure;
use crate::queue::info::Info;
use crate::queue::losses::Lost;
use crate::queue::payload_check;
use crate::queue::shared::Shared;
use crate::queue::slots::{Holder, Slot};
use crate::queue_kind::{Direction, Planes, QueueKind};
use crate::v4l2::Field;

/// How often a call that would sleep for good pauses, a millisecond each time, for another thread to hand a buffer to the driver.
const PAUSES: u32 = 1000;

/// DQBUF, and everything about what it returned that can be checked. Always inline, as every step of a frame's path: a program
/// that takes frames in several places, or is built for size, else copies the frame from step to step (384 instructions at z,
/// not 230). `may_sleep` is false after a wait that has found the queue ready.
#[inline(always)]
pub(super) fn dequeue<'q, B: Backend, K: QueueKind>(
    shared: &'q Shared<B, K>,
    slots: &'q [Slot<K>],
    may_sleep: bool,
) -> Result<Option<(&'q Slot<K>, Info)>, Error> {
    // Each way off the straight path ends in one call, which puts what came of it here.
    let mut outcome;
    'off: {
        if shared.tally.enter().any() {
            outcome = prepare(shared, slots, Operation::Dequeue, may_sleep);
            if outcome.is_err() {
                break 'off;
            }
        }
        let planes = shared.plane_count();
        let mut room = MaybeUninit::uninit();
        let dequeued = match shared.backend.dequeue(K::QUEUE, planes, &mut room) {
            Ok(dequeued) => dequeued,
            Err(error) => {
                outcome = nothing_finished(shared, error);
                break 'off;
            }
        };
        let index = dequeued.index();
        let Some(slot) = slots.get(index as usize) else {
            outcome = never_given(shared, slots, index);
            break 'off;
        };
        if !slot.take_back() {
            outcome = never_given(shared, slots, index);
            break 'off;
        }
        let bytesused = if <K::Planes as Planes>::MULTI { 0 } else { dequeued.bytesused() };
        if <K::Planes as Planes>::MULTI {
            if !payload_check::keep_all(dequeued, slot, planes) {
                outcome = look_closer(shared, slot, dequeued, planes);
                if outcome.is_err() {
                    break 'off;
                }
            }
        } else if bytesused > payload_check::length(slot, 0) {
            outcome = beyond_length(shared, slot, bytesused);
            break 'off;
        }
        let sequence = dequeued.sequence();
        let lost = shared.losses.before(sequence, &shared.tally, || irregular(shared, sequence, dequeued.field()));
        trace!("dequeued {=u32}", index);
        let (flags, field, timestamp) = (dequeued.flags(), dequeued.field(), dequeued.timestamp());
        return Ok(Some((slot, Info { flags, field, sequence, timestamp, lost, bytesused })));
    }
    outcome.map(|()| None)
}

/// `poll`: waits until a buffer can be dequeued, for ever with `None`.
#[inline(always)]
pub(super) fn wait<B: Backend, K: QueueKind>(
    shared: &Shared<B, K>,
    slots: &[Slot<K>],
    timeout: Option<Duration>,
) -> Result<Wake, Error> {
    if shared.tally.obstacles().any() {
        prepare(shared, slots, Operation::Wait, timeout.is_none())?;
    }
    shared.backend.wait(K::QUEUE, timeout).map_err(|error| shared.error(Failure::new(Operation::Wait, error)))
}

/// Returns no more than it must: a result with room for a frame would put every frame into memory on the straight path.
#[cold]
#[inline(never)]
fn nothing_finished<B: Backend, K: QueueKind>(shared: &Shared<B, K>, error: Errno) -> Result<(), Error> {
    shared.tally.leave();
    if error == Errno::EAGAIN {
        return Ok(());
    }
    Err(shared.error(Failure::new(Operation::Dequeue, error)))
}

/// Frames may be lost. Given `shared` alone: with more addresses, the straight path would compute them.
#[cold]
#[inline(never)]
fn irregular<B: Backend, K: QueueKind>(shared: &Shared<B, K>, sequence: u32, field: Field) -> Lost {
    shared.losses.irregular(sequence, field, &shared.tally)
}

/// An index that cannot be: no buffer has left the driver.
#[cold]
#[inline(never)]
fn never_given<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slots: &[Slot<K>], index: u32) -> Result<(), Error> {
    shared.tally.leave();
    let granted = slots.len() as u32;
    let fault = if index < granted {
        DriverFault::NotQueued { index, granted }
    } else {
        DriverFault::IndexOutOfRange { index, granted }
    };
    Err(fault.into())
}

/// The only payload of a buffer cannot be.
#[cold]
#[inline(never)]
fn beyond_length<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &Slot<K>, bytesused: u32) -> Result<(), Error> {
    give_back(shared, slot);
    let (index, length) = (slot.index, payload_check::length(slot, 0));
    Err(DriverFault::BytesusedBeyondLength { index, plane: 0, bytesused, length }.into())
}

/// One of several payloads may be what cannot be.
#[cold]
#[inline(never)]
fn look_closer<B: Backend, K: QueueKind>(
    shared: &Shared<B, K>,
    slot: &Slot<K>,
    dequeued: &B::Dequeued,
    planes: PlaneCount,
) -> Result<(), Error> {
    let Err(fault) = payload_check::look_closer(dequeued, slot, planes) else { return Ok(()) };
    give_back(shared, slot);
    Err(fault.into())
}

/// The buffer of an impossible payload is the queue's, and goes back to the driver with the next call.
fn give_back<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &Slot<K>) {
    slot.give(Holder::Free);
    if !<K::Direction as Direction>::OUTPUT {
        shared.tally.set_pending();
    }
    shared.tally.leave_with_buffer();
}

/// Off the straight path of `wait`, and of `dequeue`, which was entered and is left here on an error.
#[cold]
#[inline(never)]
pub(super) fn prepare<B: Backend, K: QueueKind>(
    shared: &Shared<B, K>,
    slots: &[Slot<K>],
    operation: Operation,
    may_sleep: bool,
) -> Result<(), Error> {
    let Err(failure) = clear_the_way(shared, slots, operation, may_sleep) else { return Ok(()) };
    if operation == Operation::Dequeue {
        shared.tally.leave();
    }
    Err(failure.into())
}

/// Reports a device that is gone, enqueues what was dropped and refused, and sees to it that a call that sleeps can wake up.
fn clear_the_way<B: Backend, K: QueueKind>(
    shared: &Shared<B, K>,
    slots: &[Slot<K>],
    operation: Operation,
    may_sleep: bool,
) -> Result<(), Failure> {
    if shared.is_unplugged() {
        return Err(Failure::unplugged(operation));
    }
    if !<K::Direction as Direction>::OUTPUT {
        if shared.tally.take_pending() {
            enqueue_free(shared, slots)?;
        }
        if shared.tally.obstacles().none_queued() {
            // Nothing can come any more unless the driver takes what it refused before.
            retry_refused(slots);
            enqueue_free(shared, slots)?;
        }
    }
    if !may_sleep || !shared.tally.obstacles().none_queued() {
        return Ok(());
    }
    // A wait without an end sleeps on a non-blocking device, too.
    if operation == Operation::Dequeue && shared.backend.is_nonblocking() {
        return Ok(());
    }
    for _ in 0..PAUSES {
        if !shared.backend.pause() {
            break;
        }
        if !shared.tally.obstacles().none_queued() {
            return Ok(());
        }
    }
    Err(Failure::nothing_queued(slots.len()))
}
