//! A filled capture buffer in the program's hands.
//!
//! # Safety
//!
//! This file makes slices of device memory. It may, because a frame's slot is `Held`: the driver gave the buffer up and
//! cannot write it before the next enqueue (`mmap.rst`), which takes the frame. Of drivers that may, it only copies.
#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

use crate::backend::{Backend, Enqueue, PlanePayload};
use crate::copy;
use crate::error::{Error, Failed, PayloadError};
use crate::parked::Parked;
use crate::queue::enqueue::{enqueue, enqueue_dropped};
use crate::queue::info::Info;
use crate::queue::shared::Shared;
use crate::queue::slots::{Holder, Plane, Slot};
use crate::queue_kind::kept::Payload;
use crate::queue_kind::{Capture, Kind, Memory, QueueKind, SinglePlanar};
use crate::v4l2::{BufferFlags, Field, Timestamp};

/// A captured frame: the program's until it is requeued, dropped or parked.
///
/// - [`requeue`](Self::requeue) hands the buffer back to the driver, and the frame back to the caller when that fails.
/// - Dropping it hands the buffer back as well, in whatever thread that happens. When the driver refuses, the next dequeue or
///   wait tries again and returns the error.
/// - [`park`](Self::park) puts it aside as a token without a lifetime.
///
/// It borrows its queue: the stream cannot be stopped, nor the buffers unmapped, while a frame lives. It may be sent to
/// another thread. Its bytes borrow the frame, so they end with it.
#[must_use = "a frame that is dropped right away was not used"]
pub struct Frame<'q, B: Backend, K: QueueKind = Kind<Capture>> {
    token: Token<'q, B, K>,
    info: Info,
}

/// The part of a frame that its drop needs. Apart from the rest, because what a drop may need is kept in memory, which costs 26
/// instructions a frame if it is all of it (opt-level z, `bench/run`).
struct Token<'q, B: Backend, K: QueueKind> {
    shared: &'q Shared<B, K>,
    slot: &'q Slot<K>,
}

impl<B: Backend, K: QueueKind> Drop for Token<'_, B, K> {
    // A call with two words: with a third, the compiler keeps every frame in memory for it.
    #[inline]
    fn drop(&mut self) {
        enqueue_dropped(self.shared, self.slot);
    }
}

impl<'q, B: Backend, K: QueueKind> Token<'q, B, K> {
    /// Gives the token up without its drop. The caller sets the slot's next owner.
    #[inline(always)]
    fn into_parts(self) -> (&'q Shared<B, K>, &'q Slot<K>) {
        // Nothing is leaked: the fields are references.
        let this = ManuallyDrop::new(self);
        (this.shared, this.slot)
    }
}

impl<'q, B: Backend, K: QueueKind> Frame<'q, B, K> {
    #[inline(always)]
    pub(crate) fn new(shared: &'q Shared<B, K>, slot: &'q Slot<K>, info: Info) -> Self {
        Self { token: Token { shared, slot }, info }
    }

    /// Which buffer of the queue: 0 to granted - 1.
    #[inline]
    pub fn index(&self) -> u32 {
        self.token.slot.index
    }

    /// The driver's frame counter since STREAMON; it counts frames the driver lost, too, and wraps.
    #[inline]
    pub fn sequence(&self) -> u32 {
        self.info.sequence
    }

    /// When, on the driver's clock ([`BufferFlags::timestamp_clock`]).
    #[inline]
    pub fn timestamp(&self) -> Timestamp {
        self.info.timestamp
    }

    pub(crate) fn backend(&self) -> &B {
        &self.token.shared.backend
    }

    /// `v4l2_buffer.flags`.
    #[inline]
    pub fn flags(&self) -> BufferFlags {
        self.info.flags
    }

    /// Which lines the buffer holds.
    #[inline]
    pub fn field(&self) -> Field {
        self.info.field
    }

    /// Frames lost between the one dequeued before and this one, from the gap in [`sequence`](Self::sequence); 0 for the
    /// first frame of a stream, whatever its number. In a stream of single fields (`V4L2_FIELD_ALTERNATE`) it counts fields.
    ///
    /// `None` when it is not known: the driver gives every frame the same number, the fields' order has not shown yet,
    /// another thread was dequeuing at the same moment and may have the frame that is missing here, or a later frame has overtaken
    /// this one and counted it as lost (uvcvideo, which copies on several processors, under load).
    #[inline]
    pub fn lost_before(&self) -> Option<u32> {
        self.info.lost.count()
    }

    /// Whether the driver flagged the payload as bad.
    #[inline]
    pub fn is_flagged_bad(&self) -> bool {
        self.info.flags.contains(BufferFlags::ERROR)
    }

    /// Whether this is the last frame of the stream (codecs); the next dequeue fails with end of stream.
    #[inline]
    pub fn is_last(&self) -> bool {
        self.info.flags.contains(BufferFlags::LAST)
    }

    /// Planes of the buffer.
    #[inline]
    pub fn planes(&self) -> usize {
        self.token.shared.planes()
    }

    /// The bytes the driver wrote into `plane`: `data_offset..bytesused` of the mapping.
    ///
    /// # Errors
    ///
    /// [`PayloadError::FlaggedBad`] when the driver flagged the frame, [`PayloadError::NotExclusive`] when the driver may write
    /// it meanwhile, [`PayloadError::NoSuchPlane`].
    #[inline]
    pub fn payload(&self, plane: usize) -> Result<&[u8], PayloadError> {
        self.good()?;
        self.suspect_payload(plane)
    }

    #[inline]
    fn good(&self) -> Result<(), PayloadError> {
        if self.is_flagged_bad() {
            let (index, sequence) = (self.token.slot.index, self.info.sequence);
            return Err(PayloadError::FlaggedBad { index, sequence });
        }
        Ok(())
    }

    /// Copies the bytes the driver wrote into `plane`, as many as `into` has room for; returns how many.
    ///
    /// It works on every driver. Where the driver may write the buffer meanwhile (see [`PayloadError::NotExclusive`]) the copy
    /// may be of two pictures, and nothing shows it.
    ///
    /// # Errors
    ///
    /// [`PayloadError::FlaggedBad`] when the driver flagged the frame, [`PayloadError::NoSuchPlane`].
    pub fn copy_to(&self, plane: usize, into: &mut [u8]) -> Result<usize, PayloadError> {
        self.good()?;
        self.copy_suspect_to(plane, into)
    }

    /// As [`copy_to`](Self::copy_to), also of a frame that the driver flagged as bad.
    ///
    /// # Errors
    ///
    /// [`PayloadError::NoSuchPlane`].
    pub fn copy_suspect_to(&self, plane: usize, into: &mut [u8]) -> Result<usize, PayloadError> {
        let PlanePayload { bytesused, data_offset } = self.payload_range(plane)?;
        let length = (bytesused.saturating_sub(data_offset) as usize).min(into.len());
        let Some(into) = into.get_mut(..length) else { return Ok(0) };
        if self.token.shared.exclusive {
            if let Some(bytes) = self.suspect_payload(plane)?.get(..length) {
                into.copy_from_slice(bytes);
            }
            return Ok(length);
        }
        let (start, _) = self.mapped(plane)?;
        // SAFETY: `data_offset + length` is at most `bytesused`, which was compared with the plane's length when the frame was
        // dequeued; the region is mapped as long as this frame borrows the queue; and `into` is the caller's own memory.
        unsafe { copy::read(start.add(data_offset as usize), into) };
        Ok(length)
    }

    /// The bytes the driver wrote into `plane`, also of a frame that it flagged as bad.
    ///
    /// # Errors
    ///
    /// [`PayloadError::NotExclusive`], [`PayloadError::NoSuchPlane`].
    #[inline]
    pub fn suspect_payload(&self, plane: usize) -> Result<&[u8], PayloadError> {
        let PlanePayload { bytesused, data_offset } = self.payload_range(plane)?;
        let whole = self.whole_plane(plane)?;
        // SAFETY: the payload was compared with this very plane's layout when the frame was dequeued (`payload_check::payloads`:
        // data_offset <= bytesused <= length). Neither has changed: the layout is written by the query alone, which needs the
        // queue exclusively; a payload in the slot by the dequeue that makes the slot `Held`, as it is since; and a parked token
        // of an earlier allocation or stream is refused.
        Ok(unsafe { whole.get_unchecked(data_offset as usize..bytesused as usize) })
    }

    /// Where the payload of `plane` begins and ends in the mapping, in bytes.
    ///
    /// # Errors
    ///
    /// [`PayloadError::NoSuchPlane`].
    #[inline]
    pub fn payload_range(&self, plane: usize) -> Result<PlanePayload, PayloadError> {
        let planes = self.planes();
        if plane >= planes {
            return Err(PayloadError::NoSuchPlane { plane, planes });
        }
        // Only a multi-planar slot has any.
        let single = PlanePayload { bytesused: self.info.bytesused, data_offset: 0 };
        Ok(self.token.slot.payloads().get(plane).map_or(single, Payload::get))
    }

    /// The whole mapping of `plane`, `length` bytes: payload, what precedes it, and whatever earlier frames left behind it.
    ///
    /// # Errors
    ///
    /// [`PayloadError::NotExclusive`], [`PayloadError::NoSuchPlane`].
    #[inline]
    pub fn whole_plane(&self, plane: usize) -> Result<&[u8], PayloadError> {
        let (address, length) = self.mapped(plane)?;
        if !self.token.shared.exclusive {
            return Err(PayloadError::NotExclusive { index: self.token.slot.index });
        }
        // SAFETY: the slot is `Held` by this frame, so the driver does not touch the plane (second promise of `Backend`, which
        // it has made for these buffers); the region of `length` bytes is mapped until the queue unmaps it (first promise),
        // which it cannot while this frame borrows it; and device memory has no invalid bytes.
        Ok(unsafe { core::slice::from_raw_parts(address.as_ptr(), length) })
    }

    /// Where `plane` is mapped, and its length in bytes.
    #[inline]
    fn mapped(&self, plane: usize) -> Result<(NonNull<u8>, usize), PayloadError> {
        let planes = self.planes();
        let Some(&Plane { layout, address }) = self.token.slot.planes().get(plane).filter(|_| plane < planes) else {
            return Err(PayloadError::NoSuchPlane { plane, planes });
        };
        // SAFETY: a queue streams only after `map` has given every one of its planes an address, and they are taken away with
        // the queue held exclusively, which it is not while this frame borrows it.
        let address = unsafe { address.unwrap_unchecked() };
        Ok((address, layout.length as usize))
    }

    /// `ioctl(fd, VIDIOC_QBUF, &buffer)`: hands the buffer back to the driver, now.
    ///
    /// # Errors
    ///
    /// The driver did not take it. The buffer stays with the queue then, and the next dequeue or wait tries it again; with
    /// [`try_requeue`](Self::try_requeue) it stays the program's. An error of the driver's start (a start that was held back
    /// until this buffer) can come here, too.
    ///
    /// # Kernel
    ///
    /// `vidioc-qbuf.rst`, `vb2_core_qbuf`.
    #[doc(alias = "VIDIOC_QBUF")]
    #[inline(always)]
    pub fn requeue(self) -> Result<(), Error> {
        let (shared, slot) = self.token.into_parts();
        match enqueue(shared, slot, Enqueue::empty(slot.index, shared.plane_count()), Holder::Free) {
            Ok(()) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    /// As [`requeue`](Self::requeue); a frame that the driver did not take comes back.
    ///
    /// # Errors
    ///
    /// The frame comes back in [`Failed`], still the program's: requeue it again after EINTR. It is `None` only with
    /// [`DriverFault::DequeuedWhileRefused`](crate::error::DriverFault::DequeuedWhileRefused): another thread has the buffer.
    #[doc(alias = "VIDIOC_QBUF")]
    #[inline]
    pub fn try_requeue(self) -> Result<(), Failed<Option<Self>>> {
        let Self { token, info } = self;
        let (shared, slot) = token.into_parts();
        match enqueue(shared, slot, Enqueue::empty(slot.index, shared.plane_count()), Holder::Held) {
            Ok(()) => Ok(()),
            Err(failure) => {
                // Made only then: dropping one enqueues the buffer.
                let frame = (!failure.is_taken_away()).then(|| Self::new(shared, slot, info));
                Err(Failed { value: frame, error: failure.into() })
            }
        }
    }

    /// Puts the frame aside as a token that borrows nothing. The buffer stays the program's.
    pub fn park(self) -> Parked<K> {
        let Self { token, info } = self;
        let (shared, slot) = token.into_parts();
        slot.give(Holder::Parked);
        Parked { allocation: shared.allocation(), session: shared.session, index: slot.index, info, kind: PhantomData }
    }
}

impl<B: Backend, M: Memory> Frame<'_, B, Kind<Capture, SinglePlanar, M>> {
    /// The bytes the driver wrote: `payload(0)` of a single-planar frame.
    ///
    /// # Errors
    ///
    /// [`PayloadError::FlaggedBad`] when the driver flagged the frame, [`PayloadError::NotExclusive`] when it may write it
    /// meanwhile.
    #[inline]
    pub fn bytes(&self) -> Result<&[u8], PayloadError> {
        self.payload(0)
    }
}

impl<B: Backend, K: QueueKind> fmt::Debug for Frame<'_, B, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("index", &self.token.slot.index)
            .field("sequence", &self.info.sequence)
            .field("flags", &self.info.flags)
            .field("timestamp", &self.info.timestamp)
            .field("payloads", &Payloads(self))
            .finish()
    }
}

/// The payloads of a frame, to be shown.
struct Payloads<'f, 'q, B: Backend, K: QueueKind>(&'f Frame<'q, B, K>);

impl<B: Backend, K: QueueKind> fmt::Debug for Payloads<'_, '_, B, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.0.planes()).flat_map(|plane| self.0.payload_range(plane))).finish()
    }
}
