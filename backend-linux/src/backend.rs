//! The device as a backend of queues.
//!
//! # Safety
//!
//! Four promises are made to the queue here (see [`Backend`]):
//! 1. A mapping stays where it is until `munmap`, wherever the `Device` value is moved (`mmap.rst`).
//! 2. A dequeued buffer is the program's: videobuf2 keeps that, and only then, or when the program vouches for its driver
//!    ([`Device::assume_exclusive_buffers`]), are buffers called exclusive.
//! 3. videobuf2 puts a buffer into its list inside of QBUF, under the queue's lock; DQBUF takes it from there.
//! 4. A `Device` is the only user of its open file, is not `Clone`, and the kernel gives one open file the buffers of a queue.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::time::Duration;

use rustix::fd::AsFd as _;
use rustix::fs::OFlags;
use vidbuf::Backend;
use vidbuf::backend::{Enqueue, Granted, MAX_PLANES, PlaneCount, PlaneLayout, Region, Wake};
use vidbuf::v4l2::{BufferCapabilities, QueueType};
use vidbuf_abi::buffer::{v4l2_plane, v4l2_requestbuffers};

use crate::kernel_buffer::{KernelBuffer, PlaneRoom};
use crate::plain::zeroed;
use crate::{Device, Errno, ioctl, mapping, wait};

// SAFETY: (1) regions are shared mappings of the device, which `munmap` alone ends and which the kernel places apart from each
// other. (2) and (3): `exclusive` is set only for videobuf2, whose drivers write a buffer only from QBUF to DQBUF (or
// STREAMOFF), or by the consent of the caller of `assume_exclusive_buffers`. (4) No other user of the open file makes buffer
// calls: `open` makes a new one, the caller of `from_fd` guarantees it.
unsafe impl Backend for Device {
    type Dequeued = KernelBuffer;

    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Errno> {
        let answer = ioctl::request_buffers(self.as_fd(), queue, count)?;
        Ok(granted(&answer, self.exclusive))
    }

    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        if queue.buffer_type.is_multiplanar() {
            // All eight: how many planes there are is not known yet.
            let mut room: PlaneRoom = [MaybeUninit::uninit(); MAX_PLANES];
            let kernel = blank_planes(&mut room, MAX_PLANES);
            let answer = ioctl::query_buffer(self.as_fd(), queue, index, kernel)?;
            for (layout, plane) in planes.iter_mut().zip(kernel) {
                *layout = PlaneLayout { length: plane.length, offset: plane.m.mem_offset() };
            }
            Ok(answer.length)
        } else {
            let answer = ioctl::query_buffer(self.as_fd(), queue, index, &mut [])?;
            if let Some(layout) = planes.first_mut() {
                *layout = PlaneLayout { length: answer.length, offset: answer.m.offset() };
            }
            Ok(1)
        }
    }

    fn map(&self, _queue: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        mapping::map(self.as_fd(), plane)
    }

    unsafe fn unmap(&self, region: Region) -> Result<(), Errno> {
        // SAFETY: the caller's promise.
        unsafe { mapping::unmap(region) }
    }

    #[inline(always)]
    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        let mut planes: PlaneRoom = [MaybeUninit::uninit(); MAX_PLANES];
        if queue.buffer_type.is_multiplanar() && queue.buffer_type.is_output() {
            // Of a capture buffer the kernel reads none of this.
            for (plane, payload) in blank_planes(&mut planes, buffer.planes.get()).iter_mut().zip(buffer.payloads) {
                plane.bytesused = payload.bytesused;
                plane.data_offset = payload.data_offset;
            }
        }
        // SAFETY: the caller's promise.
        unsafe { ioctl::enqueue_buffer::<true>(self.as_fd(), queue, &buffer, &mut planes) }
    }

    #[cold]
    unsafe fn enqueue_aside(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        let mut planes: PlaneRoom = [MaybeUninit::uninit(); MAX_PLANES];
        // SAFETY: the caller's promise.
        unsafe { ioctl::enqueue_buffer::<false>(self.as_fd(), queue, &buffer, &mut planes) }
    }

    #[inline(always)]
    fn dequeue<'r>(
        &self,
        queue: QueueType,
        planes: PlaneCount,
        room: &'r mut MaybeUninit<KernelBuffer>,
    ) -> Result<&'r KernelBuffer, Errno> {
        ioctl::dequeue_buffer(self.as_fd(), queue, planes, room)
    }

    fn stream_on(&self, queue: QueueType) -> Result<(), Errno> {
        ioctl::stream_on(self.as_fd(), queue.buffer_type)
    }

    fn stream_off(&self, queue: QueueType) -> Result<(), Errno> {
        ioctl::stream_off(self.as_fd(), queue.buffer_type)
    }

    #[inline]
    fn wait(&self, queue: QueueType, timeout: Option<Duration>) -> Result<Wake, Errno> {
        wait::wait(self.as_fd(), queue.buffer_type.is_output(), timeout)
    }

    /// `fcntl(fd, F_GETFL)`.
    #[cold]
    fn is_nonblocking(&self) -> bool {
        rustix::fs::fcntl_getfl(self.as_fd()).unwrap_or(OFlags::empty()).contains(OFlags::NONBLOCK)
    }

    /// `nanosleep`, for a millisecond.
    fn pause(&self) -> bool {
        wait::pause();
        true
    }

    fn bytes_per_buffer(&self, queue: QueueType) -> Option<u64> {
        self.format(queue.buffer_type).ok().map(|format| format.total_size())
    }
}

/// What REQBUFS returned, as the queue takes it. `exclusive`: the program vouches for the driver.
fn granted(answer: &v4l2_requestbuffers, exclusive: bool) -> Granted {
    let capabilities = BufferCapabilities::from_bits_retain(answer.capabilities);
    // The kernel's core zeroes the field; since Linux 4.20 videobuf2 sets at least one bit, and nothing else sets any.
    Granted::new(answer.count, capabilities, exclusive || !capabilities.is_empty())
}

/// The first `count` planes of the room (at most all), zeroed; the others are not touched.
#[inline]
fn blank_planes(room: &mut PlaneRoom, count: usize) -> &mut [v4l2_plane] {
    let count = count.min(MAX_PLANES);
    for plane in room.iter_mut().take(count) {
        let plane = plane.write(zeroed());
        // SAFETY: a field that exists. Volatile, or the loop becomes a call of `memset`, which a program without a C
        // library does not have.
        unsafe { (&raw mut plane.length).write_volatile(0) };
    }
    // SAFETY: the first `count` elements were written just now, and there are as many.
    unsafe { core::slice::from_raw_parts_mut(room.as_mut_ptr().cast(), count) }
}

#[cfg(test)]
mod tests;
