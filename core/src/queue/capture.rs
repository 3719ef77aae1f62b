//! A capture queue that streams.

use core::time::Duration;

use super::enqueue::{enqueue_free, retry_refused};
use super::{Queue, Streaming, dequeue};
use crate::backend::{Backend, Wake};
use crate::error::{Error, Operation};
use crate::frame::Frame;
use crate::parked::{Parked, UnparkError, UnparkReason};
use crate::queue::slots::Holder;
use crate::queue_kind::{Capture, Kind, Memory, Planes};

impl<B: Backend, P: Planes, M: Memory, const N: usize> Queue<B, Streaming, Kind<Capture, P, M>, N> {
    /// `ioctl(fd, VIDIOC_DQBUF, &buffer)`: takes a finished frame.
    ///
    /// On a blocking device it sleeps until there is one; on a non-blocking one, nothing ready is `Ok(None)`. While no buffer
    /// is with the driver nothing can finish: a blocking call then waits up to a second for another thread to give a frame
    /// back.
    ///
    /// # Errors
    ///
    /// The stream is still on; see [the error contract](crate#the-error-contract). Nothing has changed after EINTR.
    /// - A buffer with an impossible payload goes back to the driver with the next call.
    /// - [`Error::NothingQueued`]: on a blocking device, the program holds every buffer and gave none back for a second.
    /// - A QBUF error of a frame that was dropped is returned once; the next call dequeues.
    ///
    /// # Kernel
    ///
    /// `vidioc-qbuf.rst`, `vb2_core_dqbuf`.
    #[doc(alias = "VIDIOC_DQBUF")]
    #[inline(always)]
    pub fn dequeue(&self) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error<B::Error>> {
        self.take_finished(true)
    }

    #[inline(always)]
    fn take_finished(&self, may_sleep: bool) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error<B::Error>> {
        match dequeue::dequeue(&self.raw.shared, &self.raw.slots, may_sleep) {
            Ok(Some((slot, info))) => Ok(Some(Frame::new(&self.raw.shared, slot, info))),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `poll`, then `ioctl(fd, VIDIOC_DQBUF, &buffer)`: takes a finished frame, or `Ok(None)` when none has finished within
    /// `timeout`. Nothing has changed then: call again and the stream goes on. Signals do not lengthen the wait for good; see
    /// [`Backend::wait`].
    ///
    /// Several threads may dequeue; open the device non-blocking then, so that the one that comes second does not sleep.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue).
    #[doc(alias = "poll")]
    #[inline(always)]
    pub fn dequeue_timeout(
        &self,
        timeout: Duration,
    ) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error<B::Error>> {
        match self.wait(Some(timeout))? {
            Wake::Ready => self.take_finished(false),
            Wake::TimedOut => Ok(None),
        }
    }

    /// `poll`: waits until a frame can be dequeued or something is wrong (which dequeue reports), for ever with `None`.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue); EINTR only without a time-out.
    #[inline(always)]
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Wake, Error<B::Error>> {
        dequeue::wait(&self.raw.shared, &self.raw.slots, timeout)
    }

    /// `ioctl(fd, VIDIOC_QBUF, &buffer)` for every dropped frame that the driver refused: tries again now.
    ///
    /// # Errors
    ///
    /// As [`Frame::requeue`]. It ends at the first refusal; what is left stays with the queue.
    pub fn requeue_dropped(&self) -> Result<(), Error<B::Error>> {
        if self.raw.shared.is_unplugged() {
            return Err(Error::Unplugged { operation: Operation::Enqueue });
        }
        self.raw.shared.tally.take_pending();
        retry_refused(&self.raw.slots);
        enqueue_free(&self.raw.shared, &self.raw.slots)
    }

    /// Takes a parked frame up again.
    ///
    /// # Errors
    ///
    /// The token comes back when it is of another queue, of an earlier allocation, or of a stream that was stopped.
    pub fn unpark(
        &self,
        parked: Parked<Kind<Capture, P, M>>,
    ) -> Result<Frame<'_, B, Kind<Capture, P, M>>, UnparkError<Kind<Capture, P, M>>> {
        let shared = &self.raw.shared;
        if !shared.is_allocation(parked.allocation) {
            return Err(UnparkError { parked, reason: UnparkReason::OtherQueue });
        }
        if parked.session != shared.session || parked.session == u32::MAX {
            return Err(UnparkError { parked, reason: UnparkReason::StreamStopped });
        }
        match self.raw.slots.get(parked.index as usize) {
            Some(slot) if slot.pass(Holder::Parked, Holder::Held) => Ok(Frame::new(shared, slot, parked.info)),
            _ => Err(UnparkError { parked, reason: UnparkReason::OtherQueue }),
        }
    }
}
