//! Waiting until a moment, however often a signal or another thread comes between.

use core::time::Duration;

use super::dequeue;
use super::{Queue, Streaming};
use crate::backend::{Backend, Wake};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind};
use crate::frame::Frame;
use crate::output_buffer::OutputBuffer;
use crate::queue::info::Info;
use crate::queue::raw::RawQueue;
use crate::queue::slots::Slot;
use crate::queue_kind::{Capture, Kind, Memory, Output, Planes, QueueKind};

fn is_signal(error: &Error) -> bool {
    error.kind() == Some(ErrorKind::Interrupted)
}

impl<B: Backend + Clock, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    fn wait_until(&self, deadline: Duration) -> Result<Wake, Error> {
        loop {
            let left = deadline.saturating_sub(self.shared.backend.now());
            match dequeue::wait(self, Some(left)) {
                Err(error) if is_signal(&error) && left.is_zero() => return Ok(Wake::TimedOut),
                Err(error) if is_signal(&error) => {}
                woken => return woken,
            }
        }
    }

    fn take_until(&self, deadline: Duration) -> Result<Option<(&Slot<K>, Info)>, Error> {
        while self.wait_until(deadline)? == Wake::Ready {
            match dequeue::dequeue(self, false) {
                // Another thread has it.
                Ok(None) => {}
                Err(error) if is_signal(&error) => {}
                taken => return taken,
            }
        }
        Ok(None)
    }
}

impl<B: Backend + Clock, P: Planes, M: Memory, const N: usize> Queue<B, Streaming, Kind<Capture, P, M>, N> {
    /// As [`dequeue_timeout`](Self::dequeue_timeout), until the backend's clock shows `deadline`: neither signals nor other threads
    /// that take the frame put it off. A deadline that has passed looks once.
    ///
    /// ```
    /// use core::time::Duration;
    /// use vidbuf::backend::Backend;
    /// use vidbuf::{CaptureStream, Clock, Error};
    ///
    /// /// How many frames come in a second.
    /// fn rate<B: Backend + Clock>(queue: &CaptureStream<B>) -> Result<u32, Error> {
    ///     let deadline = queue.backend().now() + Duration::from_secs(1);
    ///     let mut frames = 0;
    ///     while let Some(frame) = queue.dequeue_until(deadline)? {
    ///         frame.requeue()?;
    ///         frames += 1;
    ///     }
    ///     Ok(frames)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue), except EINTR.
    #[doc(alias = "poll")]
    pub fn dequeue_until(&self, deadline: Duration) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error> {
        let taken = self.raw.take_until(deadline)?;
        Ok(taken.map(|(slot, info)| Frame::new(&self.raw.shared, slot, info)))
    }

    /// As [`wait`](Self::wait), until the backend's clock shows `deadline`.
    ///
    /// # Errors
    ///
    /// As [`dequeue_until`](Self::dequeue_until).
    #[doc(alias = "poll")]
    pub fn wait_until(&self, deadline: Duration) -> Result<Wake, Error> {
        self.raw.wait_until(deadline)
    }
}

impl<B: Backend + Clock, P: Planes, M: Memory, const N: usize> Queue<B, Streaming, Kind<Output, P, M>, N> {
    /// As [`dequeue_timeout`](Self::dequeue_timeout), until the backend's clock shows `deadline`: neither signals nor other threads
    /// that take the buffer put it off. A deadline that has passed looks once.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue), except EINTR.
    #[doc(alias = "poll")]
    pub fn dequeue_until(&self, deadline: Duration) -> Result<Option<OutputBuffer<'_, B, Kind<Output, P, M>>>, Error> {
        let taken = self.raw.take_until(deadline)?;
        Ok(taken.map(|(slot, info)| OutputBuffer::new(&self.raw.shared, slot, Some(info))))
    }

    /// As [`wait`](Self::wait), until the backend's clock shows `deadline`.
    ///
    /// # Errors
    ///
    /// As [`dequeue_until`](Self::dequeue_until).
    #[doc(alias = "poll")]
    pub fn wait_until(&self, deadline: Duration) -> Result<Wake, Error> {
        self.raw.wait_until(deadline)
    }
}
