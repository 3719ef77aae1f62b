//! Streaming: start, take finished buffers, hand buffers back.
//!
//! # Safety
//!
//! Enqueueing hands a buffer's memory to the driver. It happens here with slots that just moved from `Free` to `Queued`, so
//! that no token for the buffer exists and nothing borrows its bytes.
#![allow(unsafe_code)]

use core::time::Duration;

use super::{HasMemory, Idle, Mapped, Queue, Streaming};
use crate::backend::Backend;
use crate::error::{BackendError as _, DriverFault, Error, ErrorKind, Failed, Operation};
use crate::fmt::{debug, trace};
use crate::frame::{Frame, Info};
use crate::inner::{Common, Inner};
use crate::kind::{Capture, Kind, Memory, Output, PerPlane, PlaneArray, Planes, QueueKind};
use crate::output::OutputBuffer;
use crate::parked::{Parked, UnparkError, UnparkReason};
use crate::request::Request;
use crate::slot::{Holder, Slot};
use crate::types::{Enqueue, PlanePayload, Wake};
use crate::{check, kind::Mmap};

impl<B: Backend, K: QueueKind, const N: usize> Queue<B, Mapped, K, N> {
    /// `ioctl(fd, VIDIOC_STREAMON, &type)`: starts the stream. A capture queue enqueues every buffer first; an output queue
    /// starts with what the program has enqueued.
    ///
    /// The driver may hold the start back until enough buffers are queued; its refusal then comes from a later enqueue.
    ///
    /// # Errors
    ///
    /// The queue comes back [`Mapped`], with every buffer out of the driver's hands. [`Error::Refused`]:
    /// - EPIPE, ENOLINK: the media pipeline is not set up; ENOSPC: no bandwidth on the bus; EINVAL, EIO: the driver's own.
    /// - EINTR: call again. ENODEV: unplugged.
    ///
    /// [`Error::Unplugged`], without a call, on a device that was told to be gone.
    ///
    /// # Kernel
    ///
    /// `vidioc-streamon.rst`, `vb2_core_streamon`.
    #[doc(alias = "VIDIOC_STREAMON")]
    pub fn stream_on(mut self) -> Result<Queue<B, Streaming, K, N>, Failed<Self, B::Error>> {
        match self.inner.start() {
            Ok(()) => Ok(self.become_state()),
            Err(error) => Err(Failed { queue: self, error }),
        }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> Inner<B, K, N> {
    /// The four steps up, in place: the queue itself does not move between them.
    fn bring_up(&mut self, request: Request) -> Result<(), Error<B::Error>> {
        let up = self.climb(request);
        if up.is_err() {
            // The cause is told; what cannot be undone now is tried again by the next request.
            let _ = self.clean_up();
        }
        up
    }

    #[inline(never)]
    fn climb(&mut self, request: Request) -> Result<(), Error<B::Error>> {
        self.request(request)?;
        self.query()?;
        self.map()?;
        self.start()
    }

    fn start(&mut self) -> Result<(), Error<B::Error>> {
        if self.common.is_unplugged() {
            return Err(Error::Unplugged { operation: Operation::StreamOn });
        }
        let filled = if K::QUEUE.buffer_type.is_output() {
            Ok(())
        } else {
            // In this order no slot is missed when an earlier roll-back could not take buffers back.
            enqueue_free(&self.common, &self.slots)
        };
        let started = filled.and_then(|()| {
            let on = self.common.backend.stream_on(K::QUEUE);
            on.map_err(|error| self.common.refused(Operation::StreamOn, None, error))
        });
        // From here on the kernel has buffers of ours, started or not: STREAMOFF is what brings them back.
        self.holds.stream = true;
        match started {
            Ok(()) => {
                debug!("stream on");
                Ok(())
            }
            Err(error) => {
                // If this fails too, the buffers stay marked as the driver's and the next clean-up tries again.
                let _ = self.stop();
                Err(error)
            }
        }
    }
}

impl<B: Backend, P: Planes, const N: usize> Queue<B, Idle, Kind<Capture, P, Mmap>, N> {
    /// All the way up: request, query, map, stream on.
    ///
    /// # Errors
    ///
    /// Those of the four steps. The queue comes back [`Idle`], with nothing mapped or allocated.
    ///
    pub fn start(
        mut self,
        request: Request,
    ) -> Result<Queue<B, Streaming, Kind<Capture, P, Mmap>, N>, Failed<Self, B::Error>> {
        match self.inner.bring_up(request) {
            Ok(()) => Ok(self.become_state()),
            Err(error) => Err(Failed { queue: self, error }),
        }
    }
}

impl<B: Backend, P: Planes, M: Memory, const N: usize> Queue<B, Streaming, Kind<Capture, P, M>, N> {
    /// `ioctl(fd, VIDIOC_DQBUF, &buffer)`: takes a finished frame. Frames dropped since the last call are handed back to the
    /// driver first.
    ///
    /// On a blocking device it sleeps until there is one; on a non-blocking one, nothing ready is `Ok(None)`. With every
    /// buffer held by the program nothing can finish: a blocking call then sleeps until another thread requeues one.
    ///
    /// # Errors
    ///
    /// The stream is still on; see [the error contract](crate#the-error-contract). Nothing has changed after EINTR. A
    /// buffer with an impossible payload goes back to the driver with the next call.
    ///
    /// # Kernel
    ///
    /// `vidioc-qbuf.rst`, `vb2_core_dqbuf`.
    #[doc(alias = "VIDIOC_DQBUF")]
    #[inline]
    pub fn dequeue(&self) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error<B::Error>> {
        if self.inner.common.needs_attention() {
            attend(&self.inner.common, &self.inner.slots, Operation::Dequeue)?;
        }
        match take_finished(&self.inner.common, &self.inner.slots) {
            Ok(Some((slot, info))) => Ok(Some(Frame::new(&self.inner.common, slot, info))),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `poll`, then `ioctl(fd, VIDIOC_DQBUF, &buffer)`: takes a finished frame, or `Ok(None)` when none has finished within
    /// `timeout`. Nothing has changed then: call again and the stream goes on.
    ///
    /// Several threads may dequeue; open the device non-blocking then, so that the one that comes second does not sleep.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue).
    #[doc(alias = "poll")]
    #[inline]
    pub fn dequeue_timeout(
        &self,
        timeout: Duration,
    ) -> Result<Option<Frame<'_, B, Kind<Capture, P, M>>>, Error<B::Error>> {
        match self.wait(Some(timeout))? {
            Wake::Ready => self.dequeue(),
            Wake::TimedOut => Ok(None),
        }
    }

    /// `poll`: waits until a frame can be dequeued or something is wrong (which dequeue will tell), for ever with `None`.
    /// Frames dropped since the last call are handed back to the driver first.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue).
    #[inline]
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Wake, Error<B::Error>> {
        if self.inner.common.needs_attention() {
            attend(&self.inner.common, &self.inner.slots, Operation::Wait)?;
        }
        wait(&self.inner.common, timeout)
    }

    /// `ioctl(fd, VIDIOC_QBUF, &buffer)` for every frame that was dropped: hands them back to the driver now, instead of with
    /// the next dequeue or wait.
    ///
    /// # Errors
    ///
    /// As [`Frame::requeue`]; what could not be handed back stays with the queue and is tried again by the next call.
    pub fn requeue_dropped(&self) -> Result<(), Error<B::Error>> {
        attend(&self.inner.common, &self.inner.slots, Operation::Enqueue)
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
        let common = &self.inner.common;
        if !common.is_allocation(parked.allocation) {
            return Err(UnparkError { parked, reason: UnparkReason::OtherQueue });
        }
        if parked.session != common.session || parked.session == u32::MAX {
            return Err(UnparkError { parked, reason: UnparkReason::StreamStopped });
        }
        match self.inner.slots.get(parked.info.index as usize) {
            Some(slot) if slot.pass(Holder::Parked, Holder::Held) => Ok(Frame::new(common, slot, parked.info)),
            _ => Err(UnparkError { parked, reason: UnparkReason::OtherQueue }),
        }
    }
}

impl<B: Backend, S: HasMemory, P: Planes, M: Memory, const N: usize> Queue<B, S, Kind<Output, P, M>, N> {
    /// A buffer that is not with the driver, to be filled; `None` when all are with the driver or held. No system call.
    pub fn take(&self) -> Option<OutputBuffer<'_, B, Kind<Output, P, M>>> {
        let common = &self.inner.common;
        let (index, slot) =
            self.inner.slots.iter().enumerate().find(|(_, slot)| slot.pass(Holder::Free, Holder::Held))?;
        common.uncount_free();
        Some(OutputBuffer::new(common, slot, index as u32, None))
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
    #[inline]
    pub fn dequeue(&self) -> Result<Option<OutputBuffer<'_, B, Kind<Output, P, M>>>, Error<B::Error>> {
        let common = &self.inner.common;
        if common.is_unplugged() {
            return Err(Error::Unplugged { operation: Operation::Dequeue });
        }
        match take_finished(common, &self.inner.slots) {
            Ok(Some((slot, info))) => Ok(Some(OutputBuffer::new(common, slot, info.index, Some(info)))),
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
    #[inline]
    pub fn dequeue_timeout(
        &self,
        timeout: Duration,
    ) -> Result<Option<OutputBuffer<'_, B, Kind<Output, P, M>>>, Error<B::Error>> {
        match self.wait(Some(timeout))? {
            Wake::Ready => self.dequeue(),
            Wake::TimedOut => Ok(None),
        }
    }

    /// `poll`: waits until a buffer can be dequeued or something is wrong (which dequeue will tell), for ever with `None`.
    ///
    /// # Errors
    ///
    /// As [`dequeue`](Self::dequeue).
    #[inline]
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Wake, Error<B::Error>> {
        if self.inner.common.is_unplugged() {
            return Err(Error::Unplugged { operation: Operation::Wait });
        }
        wait(&self.inner.common, timeout)
    }
}

#[inline]
fn wait<B: Backend, K: QueueKind>(common: &Common<B, K>, timeout: Option<Duration>) -> Result<Wake, Error<B::Error>> {
    common.backend.wait(K::QUEUE, timeout).map_err(|error| common.refused(Operation::Wait, None, error))
}

/// DQBUF, and everything about its answer that can be checked. Always inline, as every step of a frame's path: a program that
/// takes frames in several places, or is built for size, else copies the frame from step to step (384 instructions at z, not 230).
#[inline(always)]
fn take_finished<'q, B: Backend, K: QueueKind>(
    common: &'q Common<B, K>,
    slots: &'q [Slot<K>],
) -> Result<Option<(&'q Slot<K>, Info<K>)>, Error<B::Error>> {
    let mut payloads: PerPlane<K, PlanePayload> = PlaneArray::filled(PlanePayload::default());
    let planes = common.planes();
    let used = payloads.as_mut().get_mut(..planes).unwrap_or_default();
    let dequeued = match common.backend.dequeue(K::QUEUE, used) {
        Ok(dequeued) => dequeued,
        Err(error) => return nothing_finished(common, error).map(|()| None),
    };
    let (index, granted) = (dequeued.index, slots.len() as u32);
    let Some(slot) = slots.get(index as usize) else {
        return Err(DriverFault::IndexOutOfRange { index, granted }.into());
    };
    if !slot.take_back() {
        return Err(DriverFault::NotQueued { index, granted }.into());
    }
    let checked = if <K::Planes as Planes>::MULTI && dequeued.planes as usize != planes {
        Err(DriverFault::PlaneCount { index, planes: dequeued.planes, expected: planes as u32 })
    } else {
        check::payloads(&dequeued, slot.planes(), used)
    };
    if let Err(fault) = checked {
        common.count_free();
        slot.give(Holder::Free);
        return Err(fault.into());
    }
    let lost = common.lost_before(dequeued.sequence);
    trace!("dequeued {=u32}", index);
    Ok(Some((slot, Info::new(&dequeued, payloads, lost))))
}

/// Says no more than it must: an answer with room for a frame would put every frame into memory on the straight path.
#[cold]
fn nothing_finished<B: Backend, K: QueueKind>(common: &Common<B, K>, error: B::Error) -> Result<(), Error<B::Error>> {
    match error.kind() {
        ErrorKind::WouldBlock => Ok(()),
        _ => Err(common.refused(Operation::Dequeue, None, error)),
    }
}

/// Off the straight path: says that the device is gone, or hands free buffers to the driver.
#[cold]
fn attend<B: Backend, K: QueueKind>(
    common: &Common<B, K>,
    slots: &[Slot<K>],
    operation: Operation,
) -> Result<(), Error<B::Error>> {
    if common.is_unplugged() {
        return Err(Error::Unplugged { operation });
    }
    enqueue_free(common, slots)
}

/// QBUF for every free slot of a capture queue. Stops at the first refusal; the rest stay free.
fn enqueue_free<B: Backend, K: QueueKind>(common: &Common<B, K>, slots: &[Slot<K>]) -> Result<(), Error<B::Error>> {
    let payloads: PerPlane<K, PlanePayload> = PlaneArray::filled(PlanePayload::default());
    let used = payloads.as_ref().get(..common.planes()).unwrap_or_default();
    for (index, slot) in slots.iter().enumerate() {
        if !slot.pass(Holder::Free, Holder::Queued) {
            continue;
        }
        common.uncount_free();
        let index = index as u32;
        // SAFETY: the slot was `Free`: no token for it exists, so nothing borrows its bytes, and none can come to be before
        // the driver gives it back, because it is `Queued` now.
        if let Err(error) = unsafe { common.backend.enqueue(K::QUEUE, Enqueue::new(index, used)) } {
            common.count_free();
            if !slot.pass(Holder::Queued, Holder::Free) {
                common.uncount_free();
            }
            return Err(common.refused(Operation::Enqueue, Some(index), error));
        }
        trace!("enqueued {=u32}", index);
    }
    Ok(())
}
