//! The queue: the set-wide state as its type.

use core::fmt;
use core::marker::PhantomData;

use crate::backend::Backend;
use crate::error::{Failed, Measure};
use crate::queue::raw::RawQueue;
use crate::queue::slots::{Holder, Slot};

mod capture;
mod cookies;
mod dequeue;
pub(crate) mod enqueue;
mod event;
pub(crate) mod failure;
pub(crate) mod info;
pub(crate) mod losses;
mod output;
mod payload_check;
mod raw;
mod setup;
pub(crate) mod shared;
pub(crate) mod slots;
mod start_stop;
mod state;
mod step;
mod tally;
mod teardown;
mod until;

pub use crate::output_buffer::Sent;
pub use crate::queue_kind::{
    Capture, Direction, DmaBuf, Kind, Memory, Mmap, MultiPlanar, Output, PlaneArray, Planes, QueueKind, SinglePlanar,
    UserPtr,
};
pub use event::FrameOrEvent;
pub use state::{Allocated, HasMemory, Idle, LendsBackend, Mapped, Queried, Requested, State, Streaming};
pub use teardown::Unmapped;

/// The buffers of one V4L2 device node, in state `S`, at most `N` of them.
///
/// The queue owns its backend and the order of clean-up: STREAMOFF, munmap, REQBUFS(0), close. Dropping it in any state
/// does all of that. Use the aliases [`CaptureQueue`], [`CaptureMplaneQueue`], [`OutputQueue`], [`OutputMplaneQueue`].
///
/// A method exists only in the states in which the kernel allows the call; each transition takes the queue and returns it
/// with its new type. A transition that fails gives the queue back in [`Failed`].
pub struct Queue<B: Backend, S: State, K: QueueKind, const N: usize = 4> {
    pub(crate) raw: RawQueue<B, K, N>,
    state: PhantomData<fn() -> S>,
}

/// A single-planar capture queue on mapped memory (`V4L2_BUF_TYPE_VIDEO_CAPTURE`).
pub type CaptureQueue<B, S = Idle, const N: usize = 4> = Queue<B, S, Kind<Capture>, N>;
/// A single-planar capture queue that streams: what a struct has that owns its camera.
pub type CaptureStream<B, const N: usize = 4> = CaptureQueue<B, Streaming, N>;
/// A multi-planar capture queue on mapped memory (`V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE`).
pub type CaptureMplaneQueue<B, S = Idle, const N: usize = 4> = Queue<B, S, Kind<Capture, MultiPlanar, Mmap>, N>;
/// A single-planar output queue on mapped memory (`V4L2_BUF_TYPE_VIDEO_OUTPUT`).
pub type OutputQueue<B, S = Idle, const N: usize = 4> = Queue<B, S, Kind<Output>, N>;
/// A multi-planar output queue on mapped memory (`V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE`).
pub type OutputMplaneQueue<B, S = Idle, const N: usize = 4> = Queue<B, S, Kind<Output, MultiPlanar, Mmap>, N>;

/// Where the buffers of a queue are; see [`Queue::holders`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Holders {
    /// With the queue: to be handed to the driver (capture), or to be taken and filled (output).
    pub free: usize,
    /// With the driver: being filled or sent, or finished and not yet dequeued. Still so after the device is gone: a driver
    /// that cannot be stopped may go on using them.
    pub driver: usize,
    /// In frames or output buffers that are alive, or were forgotten.
    pub held: usize,
    /// In parked tokens.
    pub parked: usize,
}

impl Holders {
    pub(crate) fn count<K: QueueKind>(slots: &[Slot<K>]) -> Self {
        let count = |holder| slots.iter().filter(|slot| slot.is_with(holder)).count();
        Self {
            free: count(Holder::Free) + count(Holder::Refused),
            driver: count(Holder::Queued),
            held: count(Holder::Held),
            parked: count(Holder::Parked),
        }
    }
}

impl<B: Backend> Queue<B, Idle, Kind<Capture>> {
    /// A single-planar capture queue on mapped memory, with room for 4 buffers: see [`room`](Self::room). No system call is made.
    ///
    /// ```
    /// use vidbuf::{Backend, Error, Queue, Request};
    ///
    /// fn one_frame<B: Backend>(camera: B) -> Result<(), Error> {
    ///     let queue = Queue::capture(camera).room::<8>().start(Request::up_to(8))?;
    ///     if let Some(frame) = queue.dequeue()? {
    ///         println!("{} bytes", frame.bytes()?.len());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub const fn capture(backend: B) -> Self {
        Self::new(backend)
    }
}

impl<B: Backend> Queue<B, Idle, Kind<Capture, MultiPlanar, Mmap>> {
    /// A multi-planar capture queue on mapped memory, with room for 4 buffers: see [`room`](Self::room). No system call is made.
    pub const fn capture_mplane(backend: B) -> Self {
        Self::new(backend)
    }
}

impl<B: Backend> Queue<B, Idle, Kind<Output>> {
    /// A single-planar output queue on mapped memory, with room for 4 buffers: see [`room`](Self::room). No system call is made.
    pub const fn output(backend: B) -> Self {
        Self::new(backend)
    }
}

impl<B: Backend> Queue<B, Idle, Kind<Output, MultiPlanar, Mmap>> {
    /// A multi-planar output queue on mapped memory, with room for 4 buffers: see [`room`](Self::room). No system call is made.
    pub const fn output_mplane(backend: B) -> Self {
        Self::new(backend)
    }
}

impl<B: Backend, K: QueueKind, const N: usize> Queue<B, Idle, K, N> {
    /// The same queue with room for `M` buffers: what [`Request`](crate::Request) may ask for, and what a driver may grant.
    pub fn room<const M: usize>(self) -> Queue<B, Idle, K, M> {
        Queue::new(self.raw.into_backend())
    }

    /// A queue on `backend`. No system call is made.
    pub const fn new(backend: B) -> Self {
        Self { raw: RawQueue::new(backend), state: PhantomData }
    }

    /// The backend, exclusively: while no buffer is allocated its format may be set, or another device put in its place. A
    /// device that was gone is not taken to be gone any longer: the next call finds out.
    pub fn backend_mut(&mut self) -> &mut B {
        self.raw.shared.tally.forget_unplugged();
        &mut self.raw.shared.backend
    }

    /// Ends the queue and gives the backend back. What an earlier clean-up had to leave is tried again first.
    ///
    /// # Errors
    ///
    /// The queue comes back when that fails again; dropping it closes the device, which frees everything.
    pub fn into_backend(mut self) -> Result<B, Failed<Self>> {
        match self.raw.clean_up() {
            Ok(()) => Ok(self.raw.into_backend()),
            Err(failure) => Err(Failed { value: self, error: failure.into() }),
        }
    }
}

impl<B: Backend, S: State, K: QueueKind, const N: usize> Queue<B, S, K, N> {
    /// Buffers the queue has room for.
    pub const CAPACITY: usize = N;

    /// Whether a call has failed with ENODEV: the device is gone. Only cleaning up is left, and that still works.
    pub fn is_unplugged(&self) -> bool {
        self.raw.shared.is_unplugged()
    }

    /// Where the buffers are now; a gauge for starvation. Other threads may move buffers while it counts.
    pub fn holders(&self) -> Holders {
        Holders::count(&self.raw.slots)
    }

    /// The same queue with another state's type.
    fn become_state<T: State>(self) -> Queue<B, T, K, N> {
        Queue { raw: self.raw, state: PhantomData }
    }
}

impl<B: Backend, S: LendsBackend, K: QueueKind, const N: usize> Queue<B, S, K, N> {
    /// The backend: to look at its descriptor or to set its controls. In every state but [`Queried`]: what is known of the
    /// buffers then must not change before they are mapped.
    pub fn backend(&self) -> &B {
        &self.raw.shared.backend
    }
}

impl<B: Backend, S: Allocated, K: QueueKind, const N: usize> Queue<B, S, K, N> {
    /// Buffers the driver granted; at least the least that was acceptable, at most `N`.
    pub fn granted(&self) -> usize {
        self.raw.slots.len()
    }

    /// Whether dequeued buffers are the program's alone, so that their bytes can be borrowed. Otherwise they can only be
    /// copied: [`Frame::copy_to`](crate::Frame::copy_to), [`OutputBuffer::copy_from`](crate::OutputBuffer::copy_from).
    pub fn is_exclusive(&self) -> bool {
        self.raw.shared.exclusive
    }
}

impl<B: Backend, S: State, K: QueueKind, const N: usize> Measure for Queue<B, S, K, N> {
    fn bytes_per_buffer(&self) -> Option<u64> {
        self.raw.shared.backend.bytes_per_buffer(K::QUEUE)
    }
}

impl<B: Backend, S: State, K: QueueKind, const N: usize> fmt::Debug for Queue<B, S, K, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("state", &S::NAME)
            .field("queue", &K::QUEUE)
            .field("capacity", &N)
            .field("holders", &self.holders())
            .finish()
    }
}

#[cfg(all(feature = "std", unix))]
mod descriptor {
    use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

    use super::{LendsBackend, Queue};
    use crate::backend::Backend;
    use crate::queue_kind::QueueKind;

    /// The device's descriptor, for `poll`, `epoll` and event loops.
    impl<B: Backend + AsFd, S: LendsBackend, K: QueueKind, const N: usize> AsFd for Queue<B, S, K, N> {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.backend().as_fd()
        }
    }

    /// As [`AsFd`], for event loops that take a number.
    impl<B: Backend + AsRawFd, S: LendsBackend, K: QueueKind, const N: usize> AsRawFd for Queue<B, S, K, N> {
        fn as_raw_fd(&self) -> RawFd {
            self.backend().as_raw_fd()
        }
    }
}
