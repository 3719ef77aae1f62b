//! Going down: stream off, unmap, release. What can be finished is finished; the first error is returned.

use super::{Allocated, Idle, Mapped, Queue, Requested, Streaming};
use crate::backend::Backend;
use crate::error::{Error, Failed};
use crate::queue_kind::QueueKind;

impl<B: Backend, K: QueueKind, const N: usize> Queue<B, Streaming, K, N> {
    /// `ioctl(fd, VIDIOC_STREAMOFF, &type)`: stops the stream. Every buffer is the queue's again, also those in parked
    /// tokens and forgotten frames; frames finished and not dequeued are lost.
    ///
    /// On a device that is gone (ENODEV) there is nothing to stop: that is a success. The buffers that the driver had stay
    /// the driver's then ([`Holders::driver`](crate::queue::Holders::driver)), because nothing is known to have stopped it.
    ///
    /// # Errors
    ///
    /// The queue comes back still [`Streaming`]. Signals (EINTR) are retried a bounded number of times first.
    ///
    /// # Kernel
    ///
    /// `vidioc-streamon.rst`, `vb2_core_streamoff`.
    #[doc(alias = "VIDIOC_STREAMOFF")]
    pub fn stream_off(mut self) -> Result<Queue<B, Mapped, K, N>, Failed<Self>> {
        match self.raw.stop() {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(Failed { value: self, error: failure.into() }),
        }
    }

    /// All the way down: stream off, unmap, release.
    ///
    /// # Errors
    ///
    /// The first error. The queue is dropped, and the backend with it, which frees everything; [`try_stop`](Self::try_stop) gives
    /// it back.
    pub fn stop(mut self) -> Result<Queue<B, Idle, K, N>, Error> {
        match self.raw.clean_up() {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(failure.into()),
        }
    }

    /// As [`stop`](Self::stop); the queue comes back where that fails.
    ///
    /// # Errors
    ///
    /// The first error. The queue is [`Idle`] all the same: whatever could be undone is undone, and the rest is tried again
    /// by the next request, or ends with the backend.
    pub fn try_stop(mut self) -> Result<Queue<B, Idle, K, N>, Failed<Queue<B, Idle, K, N>>> {
        match self.raw.clean_up() {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(Failed { value: self.become_state(), error: failure.into() }),
        }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> Queue<B, Mapped, K, N> {
    /// `munmap(address, length)` for every plane of every buffer. Output buffers that were enqueued and not sent are taken
    /// back first (`VIDIOC_STREAMOFF`).
    ///
    /// # Errors
    ///
    /// The first error. The queue is [`Requested`] all the same, and every other plane is unmapped.
    ///
    /// # Kernel
    ///
    /// `func-munmap.rst`.
    #[doc(alias = "munmap")]
    pub fn unmap(mut self) -> Result<Queue<B, Requested, K, N>, Failed<Queue<B, Requested, K, N>>> {
        let stopped = self.raw.stop();
        match self.raw.unmap(stopped) {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(Failed { value: self.become_state(), error: failure.into() }),
        }
    }
}

/// A state with buffers allocated and none mapped: [`Requested`] and [`Queried`](super::Queried).
pub trait Unmapped: Allocated {}
impl Unmapped for Requested {}
impl Unmapped for super::Queried {}

impl<B: Backend, S: Unmapped, K: QueueKind, const N: usize> Queue<B, S, K, N> {
    /// `ioctl(fd, VIDIOC_REQBUFS, 0)`: frees the buffers.
    ///
    /// On a device that is gone (ENODEV) there is nothing to free: that is a success.
    ///
    /// # Errors
    ///
    /// The queue comes back in the state it was in, buffers still allocated. Signals (EINTR) are retried a bounded number of
    /// times first.
    ///
    /// # Kernel
    ///
    /// `vidioc-reqbufs.rst`, `vb2_core_reqbufs`.
    #[doc(alias = "VIDIOC_REQBUFS")]
    pub fn release(mut self) -> Result<Queue<B, Idle, K, N>, Failed<Self>> {
        match self.raw.free() {
            Ok(()) => Ok(self.become_state()),
            Err(failure) => Err(Failed { value: self, error: failure.into() }),
        }
    }
}
