//! A backend that notes which call it got in which state, and how it ended: what the contract covers is counted, not claimed.

use std::collections::BTreeSet;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use vidbuf::Clock;
use vidbuf::backend::{Backend, Enqueue, Granted, PlaneCount, PlaneLayout, Region, Wake};
use vidbuf::error::Errno;
use vidbuf::node::{Event, Events, FrameWait, Subscription};
use vidbuf::v4l2::QueueType;

/// Where a queue is, as its driver sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// No buffers.
    Idle,
    /// Buffers, of which no layout was asked.
    Requested,
    /// Layouts were asked; nothing is mapped.
    Queried,
    /// Planes are mapped.
    Mapped,
    /// It streams, and buffers are with the driver.
    Streaming,
    /// It streams, and no buffer is with the driver.
    Starved,
    /// It streams, and DQBUF has failed with EIO.
    Failed,
    /// A call has failed with ENODEV.
    Unplugged,
}

/// A call of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the kernel's names
pub enum Call {
    REQBUFS,
    /// REQBUFS of no buffers: frees all.
    Free,
    QUERYBUF,
    Map,
    Unmap,
    QBUF,
    DQBUF,
    Poll,
    STREAMON,
    STREAMOFF,
}

/// A call in a state, how it ended (`ok`, or the error), and the case in which it was made.
pub type Cell = (State, Call, String, &'static str);

/// What was seen of all queues of a device.
#[derive(Default)]
pub struct Ledger {
    case: Mutex<&'static str>,
    cells: Mutex<BTreeSet<Cell>>,
}

impl Ledger {
    /// What is seen from now on belongs to this case.
    pub fn begin(&self, case: &'static str) {
        *self.case.lock().unwrap_or_else(PoisonError::into_inner) = case;
    }

    /// Everything that was seen.
    pub fn cells(&self) -> Vec<Cell> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn note(&self, state: State, call: Call, outcome: String) {
        let case = *self.case.lock().unwrap_or_else(PoisonError::into_inner);
        self.cells.lock().unwrap_or_else(PoisonError::into_inner).insert((state, call, outcome, case));
    }
}

/// A backend under watch.
pub struct Watched<B> {
    backend: B,
    ledger: Arc<Ledger>,
    state: Mutex<State>,
    mapped: AtomicUsize,
    queued: AtomicUsize,
}

impl<B> Watched<B> {
    /// Watches a backend that was opened just now.
    pub fn new(backend: B, ledger: Arc<Ledger>) -> Self {
        Self {
            backend,
            ledger,
            state: Mutex::new(State::Idle),
            mapped: AtomicUsize::new(0),
            queued: AtomicUsize::new(0),
        }
    }

    fn state(&self) -> State {
        match *self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Streaming if self.queued.load(Ordering::Relaxed) == 0 => State::Starved,
            state => state,
        }
    }

    fn enter(&self, state: State) {
        let mut now = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *now != State::Unplugged {
            *now = state;
        }
    }

    /// Notes a QBUF, and counts the buffers that the driver has.
    fn handed_over(&self, enqueue: impl FnOnce() -> Result<(), Errno>) -> Result<(), Errno> {
        let state = self.state();
        // Before the call: another thread may dequeue it before this one is back.
        self.queued.fetch_add(1, Ordering::Relaxed);
        let result = self.seen(state, Call::QBUF, enqueue());
        if result.is_err() {
            self.queued.fetch_sub(1, Ordering::Relaxed);
        }
        result
    }

    /// Notes a call that was made in `state`.
    fn seen<T>(&self, state: State, call: Call, result: Result<T, Errno>) -> Result<T, Errno> {
        let outcome = result.as_ref().err().map_or("ok".into(), |errno| format!("{errno:?}"));
        self.ledger.note(state, call, outcome);
        if result.as_ref().is_err_and(|errno| *errno == Errno::ENODEV) {
            self.enter(State::Unplugged);
        }
        result
    }
}

impl<B: Clock> Clock for Watched<B> {
    fn now(&self) -> Duration {
        self.backend.now()
    }
}

impl<B: Events> Events for Watched<B> {
    fn subscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        self.backend.subscribe(subscription)
    }

    fn unsubscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        self.backend.unsubscribe(subscription)
    }

    fn event(&self) -> Result<Option<Event>, Errno> {
        self.backend.event()
    }

    fn event_timeout(&self, timeout: Duration) -> Result<Option<Event>, Errno> {
        self.backend.event_timeout(timeout)
    }

    fn wait_frame_or_event(&self, queue: QueueType, timeout: Option<Duration>) -> Result<FrameWait, Errno> {
        self.backend.wait_frame_or_event(queue, timeout)
    }
}

// SAFETY: every call goes to a backend that keeps the four promises, unchanged, and nothing else reaches it.
unsafe impl<B: Backend> Backend for Watched<B> {
    type Dequeued = B::Dequeued;

    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Errno> {
        let (state, call) = (self.state(), if count == 0 { Call::Free } else { Call::REQBUFS });
        let granted = self.seen(state, call, self.backend.request_buffers(queue, count))?;
        self.enter(if count == 0 { State::Idle } else { State::Requested });
        self.queued.store(0, Ordering::Relaxed);
        Ok(granted)
    }

    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        let state = self.state();
        let count = self.seen(state, Call::QUERYBUF, self.backend.query_buffer(queue, index, planes))?;
        if state == State::Requested {
            self.enter(State::Queried);
        }
        Ok(count)
    }

    fn map(&self, queue: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        let region = self.seen(self.state(), Call::Map, self.backend.map(queue, plane))?;
        self.mapped.fetch_add(1, Ordering::Relaxed);
        self.enter(State::Mapped);
        Ok(region)
    }

    unsafe fn unmap(&self, region: Region) -> Result<(), Errno> {
        // SAFETY: the caller's promise.
        self.seen(self.state(), Call::Unmap, unsafe { self.backend.unmap(region) })?;
        if self.mapped.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.enter(State::Requested);
        }
        Ok(())
    }

    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        // SAFETY: the caller's promise.
        self.handed_over(|| unsafe { self.backend.enqueue(queue, buffer) })
    }

    unsafe fn enqueue_aside(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        // SAFETY: the caller's promise.
        self.handed_over(|| unsafe { self.backend.enqueue_aside(queue, buffer) })
    }

    fn dequeue<'r>(
        &self,
        queue: QueueType,
        planes: PlaneCount,
        room: &'r mut MaybeUninit<Self::Dequeued>,
    ) -> Result<&'r Self::Dequeued, Errno> {
        let state = self.state();
        let result = self.backend.dequeue(queue, planes, room);
        match &result {
            Ok(_) => drop(self.queued.fetch_sub(1, Ordering::Relaxed)),
            Err(errno) if *errno == Errno::EIO => self.enter(State::Failed),
            Err(_) => {}
        }
        self.seen(state, Call::DQBUF, result)
    }

    fn stream_on(&self, queue: QueueType) -> Result<(), Errno> {
        self.seen(self.state(), Call::STREAMON, self.backend.stream_on(queue))?;
        self.enter(State::Streaming);
        Ok(())
    }

    fn stream_off(&self, queue: QueueType) -> Result<(), Errno> {
        self.seen(self.state(), Call::STREAMOFF, self.backend.stream_off(queue))?;
        self.queued.store(0, Ordering::Relaxed);
        self.enter(State::Mapped);
        Ok(())
    }

    fn wait(&self, queue: QueueType, timeout: Option<Duration>) -> Result<Wake, Errno> {
        let state = self.state();
        let result = self.backend.wait(queue, timeout);
        let outcome = result.as_ref().map_or_else(|errno| format!("{errno:?}"), |wake| format!("{wake:?}"));
        self.ledger.note(state, Call::Poll, outcome);
        result
    }

    fn is_nonblocking(&self) -> bool {
        self.backend.is_nonblocking()
    }

    fn pause(&self) -> bool {
        self.backend.pause()
    }

    fn bytes_per_buffer(&self, queue: QueueType) -> Option<u64> {
        self.backend.bytes_per_buffer(queue)
    }
}
