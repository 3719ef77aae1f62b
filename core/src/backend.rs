//! The trait through which a queue reaches a kernel, or a simulation of one.
//!
//! # Safety
//!
//! This module names the promises that the rest of the crate cannot check (see [`Backend`]) and calls nothing.
#![allow(unsafe_code)]

mod buffer;

use core::mem::MaybeUninit;
use core::ptr::NonNull;
use core::time::Duration;

use crate::error::Errno;
pub use crate::plane_count::{MAX_PLANES, PlaneCount};
use crate::v4l2::{BufferFlags, Field, QueueType, Timestamp};
pub use buffer::{Dequeued, Enqueue, Granted, PlaneLayout, PlanePayload, Wake};

/// One plane's memory as [`Backend::map`] returned it.
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First byte.
    pub address: NonNull<u8>,
    /// Bytes that are mapped. The queue refuses a region of another length than it asked for.
    pub length: usize,
}

// SAFETY: a region is an address and a length; the memory behind it is shared between threads by the kernel
// (MAP_SHARED), and the queue's slots decide who may touch it.
unsafe impl Send for Region {}
// SAFETY: as above; `&Region` gives out nothing but the two numbers.
unsafe impl Sync for Region {}

/// What `VIDIOC_DQBUF` returned of a buffer, read where the backend has it. [`Dequeued`] is the simple one.
///
/// The queue validates all of it. Where two reads differ, the first counts.
pub trait DequeuedBuffer {
    /// `v4l2_buffer.index`.
    fn index(&self) -> u32;
    /// `v4l2_buffer.flags`.
    fn flags(&self) -> BufferFlags;
    /// `v4l2_buffer.field`.
    fn field(&self) -> Field;
    /// `v4l2_buffer.sequence`.
    fn sequence(&self) -> u32;
    /// `v4l2_buffer.timestamp`.
    fn timestamp(&self) -> Timestamp;
    /// `v4l2_buffer.bytesused` of a single-planar buffer.
    fn bytesused(&self) -> u32;
    /// How many planes a multi-planar buffer has.
    fn planes(&self) -> u32;
    /// The payload of one plane of a multi-planar buffer.
    ///
    /// # Safety
    ///
    /// The buffer is of a multi-planar queue, and `plane` is below the number of planes that [`Backend::dequeue`] was given.
    unsafe fn payload(&self, plane: usize) -> PlanePayload;
}

impl DequeuedBuffer for Dequeued {
    #[inline]
    fn index(&self) -> u32 {
        self.index
    }

    #[inline]
    fn flags(&self) -> BufferFlags {
        self.flags
    }

    #[inline]
    fn field(&self) -> Field {
        self.field
    }

    #[inline]
    fn sequence(&self) -> u32 {
        self.sequence
    }

    #[inline]
    fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    #[inline]
    fn bytesused(&self) -> u32 {
        self.payloads[0].bytesused
    }

    #[inline]
    fn planes(&self) -> u32 {
        self.planes
    }

    #[inline]
    unsafe fn payload(&self, plane: usize) -> PlanePayload {
        self.payloads.get(plane).copied().unwrap_or_default()
    }
}

/// A source of V4L2 buffers: one method per step of their life.
///
/// The queue validates every index, count, length and offset that a method returns before it uses it.
/// Methods take `&self`, because frames of one queue may live in several threads; a backend used that way is `Sync`.
///
/// # Implementation safety
///
/// Four things cannot be checked from outside, and an implementation promises them:
///
/// 1. *Regions.* The `length` bytes of a [`Region`] stay valid for reads and writes, and at the same address, from
///    [`map`](Self::map) until [`unmap`](Self::unmap), also when the backend value itself is moved; and no two live regions of
///    different cookies overlap.
/// 2. *Exclusive buffers.* If [`request_buffers`](Self::request_buffers) returned [`Granted::exclusive`], only the queue
///    touches the region of buffer *i* after [`dequeue`](Self::dequeue) returned *i* (or before its first
///    [`enqueue`](Self::enqueue), or after a successful [`stream_off`](Self::stream_off)) until the next `enqueue` of *i*. An
///    `enqueue` that failed has not handed the buffer over. Without `exclusive`, others may touch it at any time.
/// 3. *Enqueued before dequeued.* With `exclusive`, `dequeue` returns *i* only after an `enqueue` of *i* has reached the driver,
///    never while the call is still on its way in another thread. It would not be known then whether the driver or the
///    program has the buffer: the queue marks a buffer as enqueued before it calls.
/// 4. *One queue.* A value that implements this trait drives the buffers of one queue at a time, and no other value of the
///    program drives the same ones. It is therefore owned by its queue: no reference is a backend, and a backend is not
///    `Clone`. What is open once (a file, a file of a simulated device) is one backend.
///
/// Kernel: `Documentation/userspace-api/media/v4l/mmap.rst` gives the first two for videobuf2 drivers, `vb2_core_qbuf` and
/// `vb2_core_dqbuf` the third, the owner of a queue (`vb2_queue_is_busy`) the fourth.
pub unsafe trait Backend {
    /// What DQBUF returned. [`Dequeued`] suits most backends.
    type Dequeued: DequeuedBuffer;

    /// `VIDIOC_REQBUFS`: allocates `count` buffers, or frees all with 0. May grant more or fewer.
    #[doc(alias = "VIDIOC_REQBUFS")]
    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Errno>;

    /// `VIDIOC_QUERYBUF`: writes one layout per plane and returns how many planes the buffer has, which may be more than `planes` holds.
    #[doc(alias = "VIDIOC_QUERYBUF")]
    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno>;

    /// `mmap`: maps one plane, with exactly this length and offset.
    #[doc(alias = "mmap")]
    fn map(&self, queue: QueueType, plane: PlaneLayout) -> Result<Region, Errno>;

    /// `munmap`: gives a region back.
    ///
    /// # Safety
    ///
    /// `region` came from [`map`](Self::map) of this backend, was not unmapped before, and nothing borrows its bytes.
    #[doc(alias = "munmap")]
    unsafe fn unmap(&self, region: Region) -> Result<(), Errno>;

    /// `VIDIOC_QBUF`: hands a buffer to the driver. On an error the buffer stays with the program.
    ///
    /// # Safety
    ///
    /// Nothing borrows the bytes of buffer `buffer.index`, and nothing will until it is dequeued.
    #[doc(alias = "VIDIOC_QBUF")]
    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno>;

    /// The same, for buffers that are not requeued by name: all of them at the start, and dropped frames. A backend may give it a
    /// body of its own, so that the one above has a single caller in a program built for size.
    ///
    /// # Safety
    ///
    /// As [`enqueue`](Self::enqueue).
    #[doc(alias = "VIDIOC_QBUF")]
    unsafe fn enqueue_aside(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        // SAFETY: the caller's promise.
        unsafe { self.enqueue(queue, buffer) }
    }

    /// `VIDIOC_DQBUF`: takes a finished buffer back; `planes` is how many the buffers of this queue have. Nothing ready on a
    /// non-blocking backend is an error of kind [`WouldBlock`](crate::error::ErrorKind::WouldBlock).
    ///
    /// What was returned is read in `room`, where the backend puts it: `Ok(room.write(dequeued))`.
    #[doc(alias = "VIDIOC_DQBUF")]
    fn dequeue<'r>(
        &self,
        queue: QueueType,
        planes: PlaneCount,
        room: &'r mut MaybeUninit<Self::Dequeued>,
    ) -> Result<&'r Self::Dequeued, Errno>;

    /// `VIDIOC_STREAMON`: starts the stream.
    #[doc(alias = "VIDIOC_STREAMON")]
    fn stream_on(&self, queue: QueueType) -> Result<(), Errno>;

    /// `VIDIOC_STREAMOFF`: stops the stream; every buffer is the program's again.
    #[doc(alias = "VIDIOC_STREAMOFF")]
    fn stream_off(&self, queue: QueueType) -> Result<(), Errno>;

    /// `poll`: waits until a buffer can be dequeued, at most `timeout` (for ever with `None`). Called only while streaming.
    ///
    /// A signal ends a wait without a time-out ([`Interrupted`](crate::error::ErrorKind::Interrupted)). A wait with a time-out goes on
    /// after signals, however many, and ends; it may last longer than `timeout`, by no more than `timeout` again.
    #[doc(alias = "poll")]
    fn wait(&self, queue: QueueType, timeout: Option<Duration>) -> Result<Wake, Errno>;

    /// Whether [`dequeue`](Self::dequeue) fails with [`WouldBlock`](crate::error::ErrorKind::WouldBlock) instead of sleeping. Asked only
    /// when no buffer is with the driver.
    fn is_nonblocking(&self) -> bool {
        false
    }

    /// Lets other threads run for about a millisecond and returns true; false if it cannot. The queue calls it up to a thousand
    /// times before it reports that no buffer is with the driver: another thread may enqueue one meanwhile.
    fn pause(&self) -> bool {
        false
    }

    /// Bytes one buffer of the current format takes, if that is known (`VIDIOC_G_FMT`, `sizeimage`). Asked only when the words
    /// of a failed request are printed.
    fn bytes_per_buffer(&self, queue: QueueType) -> Option<u64> {
        let _ = queue;
        None
    }
}
