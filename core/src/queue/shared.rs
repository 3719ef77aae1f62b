//! What tokens share with their queue.

use core::marker::PhantomData;

use crate::atomic::SharedU32;
use crate::backend::Backend;
use crate::error::Error;
use crate::plane_count::PlaneCount;
use crate::queue::failure::Failure;
use crate::queue::losses::Losses;
use crate::queue::tally::Tally;
use crate::queue_kind::{Planes, QueueKind};

/// The next allocation's number. Numbers end at `u32::MAX`, which no parked token ever carries.
static ALLOCATIONS: SharedU32 = SharedU32::new(0);

fn next_allocation() -> u32 {
    loop {
        let number = ALLOCATIONS.load();
        if number == u32::MAX || ALLOCATIONS.exchange(number, number + 1) {
            return number;
        }
    }
}

/// What frames share with their queue; everything but the slots.
pub(crate) struct Shared<B: Backend, K: QueueKind> {
    pub(crate) backend: B,
    pub(crate) tally: Tally,
    pub(crate) losses: Losses,
    /// Which allocation this is, of all in this program that a frame was parked from; `u32::MAX` before that.
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
            backend,
            tally: Tally::new(),
            losses: Losses::new(),
            allocation: SharedU32::new(u32::MAX),
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
        if self.allocation.load() == u32::MAX {
            // Of two threads that come here first, one's number counts.
            self.allocation.exchange(u32::MAX, next_allocation());
        }
        self.allocation.load()
    }

    /// The buffers are given back: no token is of this allocation any more.
    pub(crate) fn forget_allocation(&mut self) {
        self.allocation = SharedU32::new(u32::MAX);
    }

    /// Whether a token with this number is of this allocation.
    pub(crate) fn is_allocation(&self, number: u32) -> bool {
        number != u32::MAX && number == self.allocation.load()
    }

    pub(crate) fn is_unplugged(&self) -> bool {
        self.tally.obstacles().unplugged()
    }

    /// What the backend refused: an unplugged device is remembered.
    #[cold]
    #[inline(never)]
    pub(crate) fn refused(&self, failure: Failure) -> Failure {
        if failure.is_unplugged() {
            self.tally.set_unplugged();
        }
        failure
    }

    /// The same, on its way out of the queue.
    #[cold]
    #[inline(never)]
    pub(crate) fn error(&self, failure: Failure) -> Error {
        self.refused(failure).into()
    }
}
