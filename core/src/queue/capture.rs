//! A capture queue that streams.

use core::mem::ManuallyDrop;
use core::time::Duration;

use super::enqueue::{enqueue_free, retry_refused};
use super::{Queue, Streaming, dequeue};
use crate::backend::{Backend, Wake};
use crate::error::{Error, ErrorKind, Failed, Operation, UnparkReason};
use crate::frame::Frame;
use crate::parked::Parked;
use crate::queue::slots::{Holder, Slot};
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
    pub fn dequeue(&self) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error> {
        self.take_finished(true)
    }

    #[inline(always)]
    fn take_finished(&self, may_sleep: bool) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error> {
        match dequeue::dequeue(&self.raw, may_sleep) {
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
    pub fn dequeue_timeout(&self, timeout: Duration) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error> {
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
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Wake, Error> {
        dequeue::wait(&self.raw, timeout)
    }

    /// `ioctl(fd, VIDIOC_QBUF, &buffer)` for every dropped frame that the driver refused: tries again now.
    ///
    /// # Errors
    ///
    /// As [`Frame::requeue`]. It ends at the first refusal; what is left stays with the queue.
    pub fn requeue_dropped(&self) -> Result<(), Error> {
        if self.raw.shared.is_unplugged() {
            return Err(Error::Unplugged { operation: Operation::Enqueue });
        }
        self.raw.shared.tally.take_pending();
        retry_refused(&self.raw.slots);
        Ok(enqueue_free(&self.raw)?)
    }

    /// Takes a parked frame up again.
    ///
    /// # Errors
    ///
    /// The token comes back when it is of another queue, of an earlier allocation, or of a stream that was stopped.
    pub fn unpark(
        &self,
        parked: Parked<Kind<Capture, P, M>>,
    ) -> Result<Frame<'_, B, Kind<Capture, P, M>>, Failed<Parked<Kind<Capture, P, M>>, UnparkReason>> {
        let slot = match self.slot_of(&parked) {
            Ok(slot) if slot.pass(Holder::Parked, Holder::Held) => slot,
            Ok(_) => return Err(Failed { value: parked, error: UnparkReason::OtherQueue }),
            Err(error) => return Err(Failed { value: parked, error }),
        };
        Ok(Frame::new(&self.raw.shared, slot, parked.info))
    }

    fn slot_of(&self, parked: &Parked<Kind<Capture, P, M>>) -> Result<&Slot<Kind<Capture, P, M>>, UnparkReason> {
        let shared = &self.raw.shared;
        if !shared.is_allocation(parked.allocation) {
            return Err(UnparkReason::OtherQueue);
        }
        if parked.session != shared.session || parked.session == u32::MAX {
            return Err(UnparkReason::StreamStopped);
        }
        self.raw.slots.get(parked.index as usize).ok_or(UnparkReason::OtherQueue)
    }

    /// Looks at a parked frame, which stays parked.
    ///
    /// # Errors
    ///
    /// As [`unpark`](Self::unpark).
    pub fn look<R>(
        &self,
        parked: &Parked<Kind<Capture, P, M>>,
        look: impl FnOnce(&Frame<'_, B, Kind<Capture, P, M>>) -> R,
    ) -> Result<R, UnparkReason> {
        let slot = self.slot_of(parked)?;
        if !slot.is_with(Holder::Parked) {
            return Err(UnparkReason::OtherQueue);
        }
        // Never dropped: the buffer stays the token's.
        let frame = ManuallyDrop::new(Frame::new(&self.raw.shared, slot, parked.info));
        Ok(look(&frame))
    }

    /// Parks `frame` in `place`, and hands the buffer of what was there back to the driver: for a program that keeps the newest
    /// frame. Returns a token that was there and is of another queue.
    ///
    /// # Errors
    ///
    /// As [`Frame::requeue`], of the buffer that was there, except EINTR: after a signal the next call hands it back. `frame` is in
    /// its place all the same.
    pub fn keep(
        &self,
        frame: Frame<'_, B, Kind<Capture, P, M>>,
        place: &mut Option<Parked<Kind<Capture, P, M>>>,
    ) -> Result<Option<Parked<Kind<Capture, P, M>>>, Error> {
        let Some(before) = place.replace(frame.park()) else { return Ok(None) };
        match self.unpark(before) {
            Ok(frame) => match frame.requeue() {
                Err(error) if error.kind() != Some(ErrorKind::Interrupted) => Err(error),
                _ => Ok(None),
            },
            Err(Failed { value, error: UnparkReason::OtherQueue }) => Ok(Some(value)),
            // Its buffer came back to the queue when the stream was stopped.
            Err(_) => Ok(None),
        }
    }
}
