//! An output buffer in the program's hands, to be filled.
//!
//! # Safety
//!
//! This file makes mutable slices of device memory. It may, because the buffer's slot is `Held` by exactly one token, and
//! the driver reads the buffer only after the next enqueue (`mmap.rst`), which takes the token. With drivers that may use it
//! before, it only copies.
#![allow(unsafe_code)]

use core::fmt;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

use crate::backend::{Backend, Enqueue, PlanePayload};
use crate::copy;
use crate::error::{Error, Failed, Operation, PayloadError};
use crate::queue::enqueue::enqueue;
use crate::queue::info::Info;
use crate::queue::shared::Shared;
use crate::queue::slots::{Holder, Plane, Slot};
use crate::queue_kind::{Kind, Memory, Output, PerPlane, PlaneArray, QueueKind, SinglePlanar};
use crate::v4l2::{BufferFlags, Field, Timestamp};

/// What the driver reported of a buffer that it has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Sent {
    /// The driver's counter of sent frames.
    pub sequence: u32,
    /// When it went out, on the driver's clock.
    pub timestamp: Timestamp,
    /// `v4l2_buffer.flags`; [`BufferFlags::ERROR`] when it could not be sent well.
    pub flags: BufferFlags,
}

/// An output buffer to fill and to [`enqueue`](Self::enqueue). Dropping it makes no system call: the queue's
/// [`take`](crate::Queue::take) gives it out again.
#[must_use = "a buffer that is not enqueued is not sent"]
pub struct OutputBuffer<'q, B: Backend, K: QueueKind = Kind<Output>> {
    shared: &'q Shared<B, K>,
    slot: &'q Slot<K>,
    field: Field,
    timestamp: Timestamp,
    sent: Option<Sent>,
}

impl<'q, B: Backend, K: QueueKind> OutputBuffer<'q, B, K> {
    #[inline]
    pub(crate) fn new(shared: &'q Shared<B, K>, slot: &'q Slot<K>, info: Option<Info>) -> Self {
        let sent = info.map(|info| Sent { sequence: info.sequence, timestamp: info.timestamp, flags: info.flags });
        Self { shared, slot, field: Field::ANY, timestamp: Timestamp::default(), sent }
    }

    /// Which buffer of the queue: 0 to granted - 1.
    #[inline]
    pub fn index(&self) -> u32 {
        self.slot.index
    }

    /// Planes of the buffer.
    #[inline]
    pub fn planes(&self) -> usize {
        self.shared.planes()
    }

    /// What the driver reported when it gave the buffer back; `None` for one that [`take`](crate::Queue::take) gave out.
    #[inline]
    pub fn sent(&self) -> Option<Sent> {
        self.sent
    }

    /// The field order to send with.
    pub fn set_field(&mut self, field: Field) {
        self.field = field;
    }

    /// The timestamp to send with. Devices that copy timestamps give it to the resulting capture frame; others ignore it.
    pub fn set_timestamp(&mut self, timestamp: Timestamp) {
        self.timestamp = timestamp;
    }

    /// Where `plane` is mapped, and its length in bytes.
    #[inline]
    fn mapped(&self, plane: usize) -> Result<(NonNull<u8>, usize), PayloadError> {
        let planes = self.planes();
        match self.slot.planes().get(plane).filter(|_| plane < planes) {
            Some(&Plane { layout, address: Some(address) }) => Ok((address, layout.length as usize)),
            _ => Err(PayloadError::NoSuchPlane { plane, planes }),
        }
    }

    /// The whole mapping of `plane`, `length` bytes, to be written.
    ///
    /// # Errors
    ///
    /// [`PayloadError::NotExclusive`] when the driver may use the buffer meanwhile, [`PayloadError::NoSuchPlane`].
    #[inline]
    pub fn plane_mut(&mut self, plane: usize) -> Result<&mut [u8], PayloadError> {
        let (address, length) = self.mapped(plane)?;
        if !self.shared.exclusive {
            return Err(PayloadError::NotExclusive { index: self.slot.index });
        }
        // SAFETY: the slot is `Held` by this token alone, `&mut self` makes this its only slice, the driver does not touch
        // the plane before the next enqueue (second promise of `Backend`, which it has made for these buffers), the region of
        // `length` bytes stays mapped while this token borrows the queue, and it is no other plane's (first promise; equal
        // cookies were refused).
        Ok(unsafe { core::slice::from_raw_parts_mut(address.as_ptr(), length) })
    }

    /// Copies bytes into `plane`, from `offset` on, as many as there is room for; returns how many. It works on every driver.
    ///
    /// # Errors
    ///
    /// [`PayloadError::NoSuchPlane`].
    pub fn copy_from(&mut self, plane: usize, offset: usize, bytes: &[u8]) -> Result<usize, PayloadError> {
        let (start, length) = self.mapped(plane)?;
        let count = bytes.len().min(length.saturating_sub(offset));
        let bytes = bytes.get(..count).unwrap_or_default();
        if count != 0 {
            // SAFETY: `offset + count` is at most the length of the region, which stays mapped while this token borrows the
            // queue; and the caller's bytes are somewhere else, because no driver memory is lent while it is written.
            unsafe { copy::write(bytes, start.add(offset)) };
        }
        Ok(count)
    }

    /// `ioctl(fd, VIDIOC_QBUF, &buffer)`: sends the buffer, with one payload a plane.
    ///
    /// # Errors
    ///
    /// As [`try_enqueue_planes`](Self::try_enqueue_planes). The buffer is the queue's then: [`take`](crate::Queue::take) gives it
    /// out again.
    #[doc(alias = "VIDIOC_QBUF")]
    pub fn enqueue_planes(self, payloads: &[PlanePayload]) -> Result<(), Error> {
        Ok(self.try_enqueue_planes(payloads)?)
    }

    /// As [`enqueue_planes`](Self::enqueue_planes); a buffer that the driver did not take comes back.
    ///
    /// # Errors
    ///
    /// The buffer comes back in [`Failed`], still the program's, and nothing was sent:
    /// - [`Error::Unplugged`], without a call: the device is known to be gone.
    /// - [`Error::PayloadCount`]: not one payload a plane.
    /// - [`Error::BadPayload`]: empty (the kernel would send the whole plane), larger than the plane, or beginning behind its end.
    /// - [`Error::Refused`]: EINTR: again; EINVAL: smaller than the format needs; EIO: the queue is in error; ENODEV: unplugged.
    ///
    /// # Kernel
    ///
    /// `vidioc-qbuf.rst`, `vb2_core_qbuf`.
    #[doc(alias = "VIDIOC_QBUF")]
    pub fn try_enqueue_planes(self, payloads: &[PlanePayload]) -> Result<(), Failed<Option<Self>>> {
        if self.shared.is_unplugged() {
            // What the driver of a device that is gone still does with its buffers is not known.
            return Err(Failed { value: Some(self), error: Error::Unplugged { operation: Operation::Enqueue } });
        }
        if let Err(error) = self.fits(payloads) {
            return Err(Failed { value: Some(self), error });
        }
        // Nothing is leaked: the fields are references and plain numbers.
        let this = ManuallyDrop::new(self);
        let &Self { shared, slot, field, timestamp, sent } = &*this;
        let mut buffer = Enqueue::filled(slot.index, shared.plane_count(), payloads);
        buffer.field = field;
        buffer.timestamp = timestamp;
        match enqueue(shared, slot, buffer, Holder::Held) {
            Ok(()) => Ok(()),
            Err(failure) => {
                // Made only then: dropping one frees the buffer.
                let buffer = (!failure.is_taken_away()).then(|| Self { shared, slot, field, timestamp, sent });
                Err(Failed { value: buffer, error: failure.into() })
            }
        }
    }

    fn fits(&self, payloads: &[PlanePayload]) -> Result<(), Error> {
        if payloads.len() != self.planes() {
            return Err(Error::PayloadCount { given: payloads.len() as u32, planes: self.planes() as u32 });
        }
        for (number, (plane, payload)) in self.slot.planes().iter().zip(payloads).enumerate() {
            let (PlanePayload { bytesused, data_offset }, length) = (*payload, plane.layout.length);
            if bytesused > length || data_offset >= bytesused {
                return Err(Error::BadPayload { plane: number as u32, bytesused, data_offset, length });
            }
        }
        Ok(())
    }
}

impl<B: Backend, M: Memory> OutputBuffer<'_, B, Kind<Output, SinglePlanar, M>> {
    /// The whole mapping, `length` bytes, to be written: `plane_mut(0)` of a single-planar buffer.
    ///
    /// # Errors
    ///
    /// [`PayloadError::NotExclusive`] when the driver may use the buffer meanwhile: [`copy_from`](Self::copy_from) works then.
    #[inline]
    pub fn bytes_mut(&mut self) -> Result<&mut [u8], PayloadError> {
        self.plane_mut(0)
    }

    /// `ioctl(fd, VIDIOC_QBUF, &buffer)`: sends the first `bytesused` bytes.
    ///
    /// # Errors
    ///
    /// As [`enqueue_planes`](Self::enqueue_planes).
    #[doc(alias = "VIDIOC_QBUF")]
    pub fn enqueue(self, bytesused: u32) -> Result<(), Error> {
        Ok(self.try_enqueue(bytesused)?)
    }

    /// As [`enqueue`](Self::enqueue); a buffer that the driver did not take comes back.
    ///
    /// # Errors
    ///
    /// As [`try_enqueue_planes`](Self::try_enqueue_planes).
    #[doc(alias = "VIDIOC_QBUF")]
    pub fn try_enqueue(self, bytesused: u32) -> Result<(), Failed<Option<Self>>> {
        let mut payloads: PerPlane<Kind<Output, SinglePlanar, M>, PlanePayload> =
            PlaneArray::filled(PlanePayload::default());
        for payload in payloads.as_mut() {
            payload.bytesused = bytesused;
        }
        self.try_enqueue_planes(payloads.as_ref())
    }
}

impl<B: Backend, K: QueueKind> Drop for OutputBuffer<'_, B, K> {
    #[inline]
    fn drop(&mut self) {
        self.slot.give(Holder::Free);
    }
}

impl<B: Backend, K: QueueKind> fmt::Debug for OutputBuffer<'_, B, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputBuffer").field("index", &self.slot.index).field("sent", &self.sent).finish()
    }
}
