//! An output queue: buffers to fill, and buffers that were sent.

use core::time::Duration;

use super::{HasMemory, Queue, Streaming, dequeue};
use crate::backend::{Backend, Wake};
use crate::error::Error;
use crate::output_buffer::OutputBuffer;
use crate::queue::slots::Holder;
use crate::queue_kind::{Kind, Memory, Output, Planes};

impl<B: Backend, S: HasMemory, P: Planes, M: Memory, const N: usize> Queue<B, S, Kind<Output, P, M>, N> {
    /// A buffer that is not with the driver, to be filled; `None` when all are with the driver or held. No system call.
    pub fn take(&self) -> Option<OutputBuffer<'_, B, Kind<Output, P, M>>> {
        let shared = &self.raw.shared;
        let slot = self.raw.slots.iter().find(|slot| slot.pass(Holder::Free, Holder::Held))?;
        Some(OutputBuffer::new(shared, slot, None))
    }
}

impl<B: Backend, P: Planes, M: Memory, const N: usize> Queue<B, Streaming, Kind<Output, P, M>, N> {
    /// `ioctl(fd, VIDIOC_DQBUF, &buffer)`: takes back a buffer that the device has sent, to be filled again.
    ///
    /// On a blocking device it sleeps until there is one; on a non-blocking one, nothing ready is `Ok(None)`.
    ///
    /// # Errors
    ///
    /// As for a capture queue; see [the error contract](crate#the-error-contract).
    #[doc(alias = "VIDIOC_DQBUF")]
    #[inline(always)]
    pub fn dequeue(&self) -> Result<Option<OutputBuffer<'_, B, Kind<Output, P, M>>>, Error> {
        self.take_back(true)
    }

    #[inline(always)]
    fn take_back(&self, may_sleep: bool) -> Result<Option<OutputBuffer<'_, B, Kind<Output, P, M>>>, Error> {
        match dequeue::dequeue(&self.raw, may_sleep) {
            Ok(Some((slot, info))) => Ok(Some(OutputBuffer::new(&self.raw.shared, slot, Some(info)))),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `poll`, then `ioctl(fd, VIDIOC_DQBUF, &buffer)`: takes back a sent buffer, or `Ok(None)` when none came back within
    /// `timeout`.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue).
    #[doc(alias = "poll")]
    #[inline(always)]
    pub fn dequeue_timeout(&self, timeout: Duration) -> Result<Option<OutputBuffer<'_, B, Kind<Output, P, M>>>, Error> {
        match self.wait(Some(timeout))? {
            Wake::Ready => self.take_back(false),
            Wake::TimedOut => Ok(None),
        }
    }

    /// `poll`: waits until a buffer can be dequeued or something is wrong (which dequeue reports), for ever with `None`.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue).
    #[inline(always)]
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Wake, Error> {
        dequeue::wait(&self.raw, timeout)
    }
}
