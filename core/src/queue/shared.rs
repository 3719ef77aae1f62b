//! What tokens share with their queue.

use core::marker::PhantomData;

use crate::atomic::SharedU32;
use crate::backend::Backend;
use crate::error::{Errno, Error, Operation};
use crate::plane_count::PlaneCount;
use crate::queue::failure::{Call, Failure};
use crate::queue::losses::Losses;
use crate::queue::tally::Tally;
use crate::queue_kind::{Planes, QueueKind};

/// The last allocation's number. Numbers end at `u32::MAX`.
static ALLOCATIONS: SharedU32 = SharedU32::new(0);

/// The next allocation's number; 0, which no token is accepted with, when there are no more.
fn next_allocation() -> u32 {
    loop {
        let number = ALLOCATIONS.load();
        let Some(next) = number.checked_add(1) else { return 0 };
        if ALLOCATIONS.exchange(number, next) {
            return next;
        }
    }
}

/// How often a clean-up step is tried again when a signal interrupts it. Bounded, so that `Drop` cannot spin.
const CLEANUP_TRIES: u32 = 64;

/// Which of the kernel's resources a queue holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holds {
    pub(crate) buffers: Flag,
    pub(crate) stream: Flag,
}

/// Yes or no, in 4 bytes. A result that has a queue in it finds its own mark in the largest gap of values: it is here then, near
/// the front, and the rest is moved in one piece.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Flag {
    No,
    Yes,
}

/// What frames share with their queue; everything but the slots.
#[repr(C)]
pub(crate) struct Shared<B: Backend, K: QueueKind> {
    pub(crate) tally: Tally,
    pub(crate) holds: Holds,
    pub(crate) losses: Losses,
    pub(crate) backend: B,
    /// Which allocation this is, of all in this program that a frame was parked from; 0 before that.
    allocation: SharedU32,
    /// Which stream of this allocation; tokens of an earlier one are refused.
    pub(crate) session: u32,
    planes: PlaneCount,
    /// Whether the driver leaves dequeued buffers alone ([`Granted::exclusive`](crate::backend::Granted::exclusive)).
    pub(crate) exclusive: bool,
    kind: PhantomData<fn() -> K>,
}

impl<B: Backend, K: QueueKind> Shared<B, K> {
    pub(crate) const fn new(backend: B) -> Self {
        Self {
            holds: Holds { buffers: Flag::No, stream: Flag::No },
            tally: Tally::new(),
            losses: Losses::new(),
            backend,
            allocation: SharedU32::new(0),
            session: 0,
            planes: PlaneCount::One,
            exclusive: false,
            kind: PhantomData,
        }
    }

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
        if self.allocation.load() == 0 {
            // Of two threads that come here first, one's number counts.
            self.allocation.exchange(0, next_allocation());
        }
        self.allocation.load()
    }

    /// The buffers are given back: no token is of this allocation any more.
    pub(crate) fn forget_allocation(&mut self) {
        self.allocation = SharedU32::new(0);
        self.session = 0;
    }

    /// Whether a token with this number is of this allocation.
    pub(crate) fn is_allocation(&self, number: u32) -> bool {
        number != 0 && number == self.allocation.load()
    }

    pub(crate) fn is_unplugged(&self) -> bool {
        self.tally.obstacles().unplugged()
    }

    /// STREAMOFF or REQBUFS(0), until a signal no longer interrupts it. When the device is gone, there is nothing to undo.
    #[inline(never)]
    pub(crate) fn undo(&self, operation: Operation) -> Result<(), Failure> {
        let mut tries = CLEANUP_TRIES;
        loop {
            let step = match operation {
                Operation::StreamOff => self.backend.stream_off(K::QUEUE),
                _ => self.backend.request_buffers(K::QUEUE, 0).map(drop),
            };
            let Err(error) = step else { return Ok(()) };
            if error != Errno::EINTR || tries == 0 {
                let failure = self.refused(Call::of_queue(operation), error);
                return if failure.is_unplugged() { Ok(()) } else { Err(failure) };
            }
            tries -= 1;
        }
    }

    /// What the backend refused: an unplugged device is remembered.
    #[cold]
    #[inline(never)]
    pub(crate) fn refused(&self, call: Call, error: Errno) -> Failure {
        if error == Errno::ENODEV {
            self.tally.set_unplugged();
        }
        Failure::new(call, error)
    }

    /// A failure on its way out of the queue: an unplugged device is remembered.
    #[cold]
    pub(crate) fn error(&self, failure: Failure) -> Error {
        if failure.is_unplugged() {
            self.tally.set_unplugged();
        }
        failure.into()
    }
}
