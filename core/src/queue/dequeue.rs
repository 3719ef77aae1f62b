//! DQBUF, the checks of what it returned, and what has to be done before it.

use core::mem::MaybeUninit;
use core::time::Duration;

use crate::backend::{Backend, DequeuedBuffer as _};
use crate::check;
use crate::driver_fault::DriverFault;
use crate::error::{BackendError as _, Error, ErrorKind, Operation};
use crate::fmt::trace;
use crate::frame::Info;
use crate::inner::Common;
use crate::kind::{Direction, QueueKind};
use crate::losses::Lost;
use crate::queue::enqueue::{enqueue_free, retry_refused};
use crate::slot::{Holder, Slot};
use crate::types::{Field, Wake};

/// How often a call that would sleep for good pauses, a millisecond each time, for another thread to hand a buffer to the driver.
const PAUSES: u32 = 1000;

/// DQBUF, and everything about what it returned that can be checked. Always inline, as every step of a frame's path: a program
/// that takes frames in several places, or is built for size, else copies the frame from step to step (384 instructions at z,
/// not 230). `may_sleep` is false after a wait that has found the queue ready.
#[inline(always)]
pub(super) fn dequeue<'q, B: Backend, K: QueueKind>(
    common: &'q Common<B, K>,
    slots: &'q [Slot<K>],
    may_sleep: bool,
) -> Result<Option<(&'q Slot<K>, Info)>, Error<B::Error>> {
    if common.tally.enter().any() {
        prepare(common, slots, Operation::Dequeue, may_sleep)?;
    }
    let planes = common.plane_count();
    let mut room = MaybeUninit::uninit();
    let dequeued = match common.backend.dequeue(K::QUEUE, planes, &mut room) {
        Ok(dequeued) => dequeued,
        Err(error) => return nothing_finished(common, error).map(|()| None),
    };
    let (index, granted) = (dequeued.index(), slots.len() as u32);
    let Some(slot) = slots.get(index as usize) else {
        return Err(leave_with(common, DriverFault::IndexOutOfRange { index, granted }));
    };
    if !slot.take_back() {
        return Err(leave_with(common, DriverFault::NotQueued { index, granted }));
    }
    let bytesused = match check::payloads(dequeued, slot, planes) {
        Ok(bytesused) => bytesused,
        Err(fault) => return Err(give_back(common, slot, fault)),
    };
    let sequence = dequeued.sequence();
    let lost = common.losses.before(sequence, &common.tally, || irregular(common, sequence, dequeued.field()));
    trace!("dequeued {=u32}", index);
    let (flags, field, timestamp) = (dequeued.flags(), dequeued.field(), dequeued.timestamp());
    Ok(Some((slot, Info { flags, field, sequence, timestamp, lost, bytesused })))
}

/// `poll`: waits until a buffer can be dequeued, for ever with `None`.
#[inline(always)]
pub(super) fn wait<B: Backend, K: QueueKind>(
    common: &Common<B, K>,
    slots: &[Slot<K>],
    timeout: Option<Duration>,
) -> Result<Wake, Error<B::Error>> {
    if common.tally.obstacles().any() {
        prepare(common, slots, Operation::Wait, timeout.is_none())?;
    }
    common.backend.wait(K::QUEUE, timeout).map_err(|error| common.refused(Operation::Wait, None, error))
}

/// Returns no more than it must: a result with room for a frame would put every frame into memory on the straight path.
#[cold]
#[inline(never)]
fn nothing_finished<B: Backend, K: QueueKind>(common: &Common<B, K>, error: B::Error) -> Result<(), Error<B::Error>> {
    common.tally.leave();
    match error.kind() {
        ErrorKind::WouldBlock => Ok(()),
        _ => Err(common.refused(Operation::Dequeue, None, error)),
    }
}

/// Frames may be lost. Given `common` alone: with more addresses, the straight path would compute them.
#[cold]
#[inline(never)]
fn irregular<B: Backend, K: QueueKind>(common: &Common<B, K>, sequence: u32, field: Field) -> Lost {
    common.losses.irregular(sequence, field, &common.tally)
}

/// An index that cannot be: no buffer has left the driver.
#[cold]
#[inline(never)]
fn leave_with<B: Backend, K: QueueKind>(common: &Common<B, K>, fault: DriverFault) -> Error<B::Error> {
    common.tally.leave();
    fault.into()
}

/// A payload that cannot be: the buffer is the queue's, and goes back to the driver with the next call.
#[cold]
#[inline(never)]
fn give_back<B: Backend, K: QueueKind>(common: &Common<B, K>, slot: &Slot<K>, fault: DriverFault) -> Error<B::Error> {
    slot.give(Holder::Free);
    if !<K::Direction as Direction>::OUTPUT {
        common.tally.set_pending();
    }
    common.tally.leave_with_buffer();
    fault.into()
}

/// Off the straight path of `wait`, and of `dequeue`, which was entered and is left here on an error.
#[cold]
#[inline(never)]
fn prepare<B: Backend, K: QueueKind>(
    common: &Common<B, K>,
    slots: &[Slot<K>],
    operation: Operation,
    may_sleep: bool,
) -> Result<(), Error<B::Error>> {
    let prepared = clear_the_way(common, slots, operation, may_sleep);
    if prepared.is_err() && operation == Operation::Dequeue {
        common.tally.leave();
    }
    prepared
}

/// Reports a device that is gone, enqueues what was dropped and refused, and sees to it that a call that sleeps can wake up.
fn clear_the_way<B: Backend, K: QueueKind>(
    common: &Common<B, K>,
    slots: &[Slot<K>],
    operation: Operation,
    may_sleep: bool,
) -> Result<(), Error<B::Error>> {
    if common.is_unplugged() {
        return Err(Error::Unplugged { operation });
    }
    if !<K::Direction as Direction>::OUTPUT {
        if common.tally.take_pending() {
            enqueue_free(common, slots)?;
        }
        if common.tally.obstacles().none_queued() {
            // Nothing can come any more unless the driver takes what it refused before.
            retry_refused(slots);
            enqueue_free(common, slots)?;
        }
    }
    if !may_sleep || !common.tally.obstacles().none_queued() {
        return Ok(());
    }
    // A wait without an end sleeps on a non-blocking device, too.
    if operation == Operation::Dequeue && common.backend.is_nonblocking() {
        return Ok(());
    }
    for _ in 0..PAUSES {
        if !common.backend.pause() {
            break;
        }
        if !common.tally.obstacles().none_queued() {
            return Ok(());
        }
    }
    Err(Error::NothingQueued { buffers: slots.len() as u32 })
}
