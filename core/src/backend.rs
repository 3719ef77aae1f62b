//! The only door between the lifecycle and a kernel, or a simulation of one.
//!
//! # Safety
//!
//! This module names the two promises that the rest of the crate cannot check (see [`Backend`]) and calls nothing.
#![allow(unsafe_code)]

use core::ptr::NonNull;
use core::time::Duration;

use crate::error::BackendError;
use crate::types::{Dequeued, Enqueue, Granted, PlaneLayout, PlanePayload, QueueType, Wake};

/// One plane's memory as [`Backend::map`] returned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First byte.
    pub address: NonNull<u8>,
    /// Bytes, as asked of [`Backend::map`].
    pub length: usize,
}

// SAFETY: a region is an address and a length; the memory behind it is shared between threads by the kernel
// (MAP_SHARED), and the queue's slots decide who may touch it.
unsafe impl Send for Region {}
// SAFETY: as above; `&Region` gives out nothing but the two numbers.
unsafe impl Sync for Region {}

/// A source of V4L2 buffers: one method per step of their life.
///
/// Answers are allegations: the queue checks every index, count, length and offset before it believes it.
/// Methods take `&self`, because frames of one queue may live in several threads; a backend used that way is `Sync`.
///
/// # Implementation safety
///
/// Two things cannot be checked from outside, and an implementation promises them:
///
/// 1. The `length` bytes of a [`Region`] stay valid for reads and writes, and at the same address, from [`map`](Self::map)
///    until [`unmap`](Self::unmap), also when the backend value itself is moved, and no two live regions overlap.
/// 2. Nobody but the queue touches the region of buffer *i* after [`dequeue`](Self::dequeue) returned *i*
///    (or before its first [`enqueue`](Self::enqueue), or after a successful [`stream_off`](Self::stream_off)) until the next
///    `enqueue` of *i*. An `enqueue` that failed has not handed the buffer over.
///
/// Kernel: `Documentation/userspace-api/media/v4l/mmap.rst` gives both for videobuf2 drivers.
pub unsafe trait Backend {
    /// What the backend says when it refuses.
    type Error: BackendError;

    /// `VIDIOC_REQBUFS`: allocates `count` buffers, or frees all with 0. May grant more or fewer.
    #[doc(alias = "VIDIOC_REQBUFS")]
    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Self::Error>;

    /// `VIDIOC_QUERYBUF`: writes one layout per plane and returns how many planes the buffer has, which may be more than `planes` holds.
    #[doc(alias = "VIDIOC_QUERYBUF")]
    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Self::Error>;

    /// `mmap`: maps one plane, with exactly this length and offset.
    #[doc(alias = "mmap")]
    fn map(&self, queue: QueueType, plane: PlaneLayout) -> Result<Region, Self::Error>;

    /// `munmap`: gives a region back.
    ///
    /// # Safety
    ///
    /// `region` came from [`map`](Self::map) of this backend, was not unmapped before, and nothing borrows its bytes.
    #[doc(alias = "munmap")]
    unsafe fn unmap(&self, region: Region) -> Result<(), Self::Error>;

    /// `VIDIOC_QBUF`: hands a buffer to the driver. On an error the buffer stays with the program.
    ///
    /// # Safety
    ///
    /// Nothing borrows the bytes of buffer `buffer.index`, and nothing will until it is dequeued.
    #[doc(alias = "VIDIOC_QBUF")]
    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Self::Error>;

    /// `VIDIOC_DQBUF`: takes a finished buffer back and writes one payload per plane. Nothing ready on a non-blocking
    /// backend is an error of kind [`WouldBlock`](crate::ErrorKind::WouldBlock).
    #[doc(alias = "VIDIOC_DQBUF")]
    fn dequeue(&self, queue: QueueType, planes: &mut [PlanePayload]) -> Result<Dequeued, Self::Error>;

    /// `VIDIOC_STREAMON`: starts the stream.
    #[doc(alias = "VIDIOC_STREAMON")]
    fn stream_on(&self, queue: QueueType) -> Result<(), Self::Error>;

    /// `VIDIOC_STREAMOFF`: stops the stream; every buffer is the program's again.
    #[doc(alias = "VIDIOC_STREAMOFF")]
    fn stream_off(&self, queue: QueueType) -> Result<(), Self::Error>;

    /// `poll`: waits until a buffer can be dequeued, at most `timeout` (for ever with `None`). Called only while streaming.
    #[doc(alias = "poll")]
    fn wait(&self, queue: QueueType, timeout: Option<Duration>) -> Result<Wake, Self::Error>;

    /// Bytes one buffer of the current format takes, if the backend can tell (`VIDIOC_G_FMT`, `sizeimage`). Only used to
    /// make the words of a failed request useful.
    fn bytes_per_buffer(&self, queue: QueueType) -> Option<u64> {
        let _ = queue;
        None
    }
}
