//! What DQBUF returned, read in the structure that the kernel filled.
//!
//! # Safety
//!
//! The structures are made without a value for most of their fields, and read after the kernel has written them: see [`KernelBuffer`].
#![allow(unsafe_code)]

use core::fmt;
use core::mem::MaybeUninit;

use vidbuf::backend::{DequeuedBuffer, MAX_PLANES, PlanePayload};
use vidbuf::v4l2::{BufferFlags, Field, Timestamp};

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane};

/// Room for the plane array of one call.
pub(crate) type PlaneRoom = [MaybeUninit<v4l2_plane>; MAX_PLANES];

/// What `VIDIOC_DQBUF` returned of a buffer, as the kernel left it: what a [`Device`](crate::Device) gives its queue to read.
///
/// There is one only where DQBUF has succeeded. The kernel has written all of `buffer` then, and as many of `planes` as it was
/// given: the V4L2 core copies both back to the program whatever the driver made of them (`video_usercopy`).
pub struct KernelBuffer {
    buffer: v4l2_buffer,
    planes: PlaneRoom,
}

impl KernelBuffer {
    /// Where the parts of a buffer are that is still to come.
    #[inline(always)]
    pub(crate) fn parts(room: &mut MaybeUninit<Self>) -> (*mut v4l2_buffer, *mut v4l2_plane) {
        let room = room.as_mut_ptr();
        // SAFETY: pointers to fields of `room`; nothing is read.
        unsafe { (&raw mut (*room).buffer, (&raw mut (*room).planes).cast()) }
    }
}

impl DequeuedBuffer for KernelBuffer {
    #[inline(always)]
    fn index(&self) -> u32 {
        self.buffer.index
    }

    #[inline(always)]
    fn flags(&self) -> BufferFlags {
        BufferFlags::from_bits_retain(self.buffer.flags)
    }

    #[inline(always)]
    fn field(&self) -> Field {
        Field(self.buffer.field)
    }

    #[inline(always)]
    fn sequence(&self) -> u32 {
        self.buffer.sequence
    }

    #[inline(always)]
    fn timestamp(&self) -> Timestamp {
        let time = self.buffer.timestamp;
        Timestamp { seconds: time.tv_sec, microseconds: time.tv_usec }
    }

    #[inline(always)]
    fn bytesused(&self) -> u32 {
        self.buffer.bytesused
    }

    #[inline(always)]
    fn planes(&self) -> u32 {
        self.buffer.length
    }

    #[inline(always)]
    unsafe fn payload(&self, plane: usize) -> PlanePayload {
        let Some(written) = self.planes.get(plane) else { return PlanePayload::default() };
        // SAFETY: the caller's promise: below the number that the call was given; so many planes the kernel has copied back.
        let written = unsafe { written.assume_init_ref() };
        PlanePayload { bytesused: written.bytesused, data_offset: written.data_offset }
    }
}

impl fmt::Debug for KernelBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KernelBuffer")
            .field("index", &self.buffer.index)
            .field("sequence", &self.buffer.sequence)
            .finish_non_exhaustive()
    }
}
