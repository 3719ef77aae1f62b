//! DQBUF, the checks of what it returned, and what has to be done before it.

use core::mem::MaybeUninit;
use core::time::Duration;

use crate::backend::{Backend, DequeuedBuffer as _, Wake};
use crate::error::{DriverFault, Errno, Error, Operation};
use crate::log::trace;
use crate::plane_count::PlaneCount;
use crate::queue::enqueue::{enqueue_free, retry_refused};
use crate::queue::failure::{Call, Failure};
use crate::queue::info::Info;
use crate::queue::losses::Lost;
use crate::queue::payload_check;
use crate::queue::raw::RawQueue;
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
pub(super) fn dequeue<B: Backend, K: QueueKind, const N: usize>(
    queue: &RawQueue<B, K, N>,
    may_sleep: bool,
) -> Result<Option<(&Slot<K>, Info)>, Error> {
    let shared = &queue.shared;
    // Each way off the straight path ends in one call, which finds out what to return.
    let (error, number, bytesused);
    'aside: {
        if shared.tally.enter().any()
            && let Err(failure) = prepare(queue, Operation::Dequeue, may_sleep)
        {
            (error, number, bytesused) = failure.into_numbers();
            break 'aside;
        }
        let planes = shared.plane_count();
        let mut room = MaybeUninit::uninit();
        let dequeued = match shared.backend.dequeue(K::QUEUE, planes, &mut room) {
            Ok(dequeued) => dequeued,
            Err(errno) => {
                (error, number, bytesused) = Failure::new(Call::of_queue(Operation::Dequeue), errno).into_numbers();
                break 'aside;
            }
        };
        error = None;
        let index = dequeued.index();
        number = index;
        let Some(slot) = queue.slots.get(index as usize) else {
            bytesused = 0;
            break 'aside;
        };
        if !slot.take_back() {
            bytesused = 0;
            break 'aside;
        }
        bytesused = if <K::Planes as Planes>::MULTI { 0 } else { dequeued.bytesused() };
        if <K::Planes as Planes>::MULTI {
            if !payload_check::keep_all(dequeued, slot, planes) {
                look_closer(shared, slot, dequeued, planes)?;
            }
        } else if bytesused > payload_check::length(slot, 0) {
            break 'aside;
        }
        let sequence = dequeued.sequence();
        let lost = shared.losses.before(sequence, &shared.tally, || irregular(shared, sequence, dequeued.field()));
        trace!("dequeued {=u32}", index);
        let (flags, field, timestamp) = (dequeued.flags(), dequeued.field(), dequeued.timestamp());
        return Ok(Some((slot, Info { flags, field, sequence, timestamp, lost, bytesused })));
    }
    aside(queue, error, number, bytesused).map(|()| None)
}

/// `poll`: waits until a buffer can be dequeued, for ever with `None`.
#[inline(always)]
pub(super) fn wait<B: Backend, K: QueueKind, const N: usize>(
    queue: &RawQueue<B, K, N>,
    timeout: Option<Duration>,
) -> Result<Wake, Error> {
    let shared = &queue.shared;
    let failure = 'aside: {
        if shared.tally.obstacles().any()
            && let Err(failure) = prepare(queue, Operation::Wait, timeout.is_none())
        {
            break 'aside failure;
        }
        match shared.backend.wait(K::QUEUE, timeout) {
            Ok(wake) => return Ok(wake),
            Err(error) => Failure::new(Call::of_queue(Operation::Wait), error),
        }
    };
    Err(shared.error(failure))
}

/// Why there is no frame: the numbers of a failure; or, without an error, an index that cannot be, because no such buffer has left the
/// driver; or, where `bytesused` is not 0, the only payload of the buffer of that index, which cannot be.
///
/// Returns no more than it must: a result with room for a frame would put every frame into memory on the straight path.
#[cold]
#[inline(never)]
fn aside<B: Backend, K: QueueKind, const N: usize>(
    queue: &RawQueue<B, K, N>,
    error: Option<Errno>,
    number: u32,
    bytesused: u32,
) -> Result<(), Error> {
    let shared = &queue.shared;
    shared.tally.leave();
    if let Some(error) = error {
        let failure = Failure::of_numbers(error, number);
        return if failure.is_nothing_ready() { Ok(()) } else { Err(shared.error(failure)) };
    }
    let (index, granted) = (number, queue.slots.len() as u32);
    let fault = match queue.slots.get(index as usize) {
        Some(slot) if bytesused != 0 => {
            give_back(shared, slot);
            let length = payload_check::length(slot, 0);
            DriverFault::BytesusedBeyondLength { index, plane: 0, bytesused, length }
        }
        Some(_) => DriverFault::NotQueued { index, granted },
        None => DriverFault::IndexOutOfRange { index, granted },
    };
    Err(fault.into())
}

/// Frames may be lost. Given `shared` alone: with more addresses, the straight path would compute them.
#[cold]
#[inline(never)]
fn irregular<B: Backend, K: QueueKind>(shared: &Shared<B, K>, sequence: u32, field: Field) -> Lost {
    shared.losses.irregular(sequence, field, &shared.tally)
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
    shared.tally.leave();
    give_back(shared, slot);
    Err(fault.into())
}

/// The buffer of an impossible payload is the queue's, and goes back to the driver with the next call.
#[cold]
fn give_back<B: Backend, K: QueueKind>(shared: &Shared<B, K>, slot: &Slot<K>) {
    slot.give(Holder::Free);
    shared.tally.count_out();
    // After the slot: who sees the mark finds the slot.
    if !<K::Direction as Direction>::OUTPUT {
        shared.tally.set_pending();
    }
}

/// Off the straight path of `wait` and `dequeue`. Reports a device that is gone, enqueues what was dropped and refused, and sees to it
/// that a call that sleeps can wake up.
#[cold]
#[inline(never)]
pub(super) fn prepare<B: Backend, K: QueueKind, const N: usize>(
    queue: &RawQueue<B, K, N>,
    operation: Operation,
    may_sleep: bool,
) -> Result<(), Failure> {
    let shared = &queue.shared;
    if shared.is_unplugged() {
        return Err(Failure::unplugged(operation));
    }
    if !<K::Direction as Direction>::OUTPUT {
        if shared.tally.take_pending() {
            enqueue_free(queue)?;
        }
        if shared.tally.obstacles().none_queued() {
            // Nothing can come any more unless the driver takes what it refused before.
            retry_refused(&queue.slots);
            enqueue_free(queue)?;
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
    Err(Failure::nothing_queued(queue.slots.len()))
}
