//! The device as a backend of queues.
//!
//! # Safety
//!
//! Two promises are made to the queue here. Both are the kernel's (`mmap.rst`), for its own buffer framework at least: a mapping
//! stays where it is until `munmap`, whatever becomes of the `Device` value; and a dequeued buffer is the program's.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::time::Duration;

use rustix::fd::AsFd as _;
use vidbuf::{
    Backend, BufferCapabilities, BufferFlags, Dequeued, Enqueue, Field, Granted, MAX_PLANES, PlaneLayout, PlanePayload,
    QueueType, Region, Timestamp, Wake,
};

use crate::abi::{v4l2_buffer, v4l2_plane, zeroed};
use crate::{Device, Errno, ioctl, mapping, wait};

/// Room for the plane array of one call.
type PlaneRoom = [MaybeUninit<v4l2_plane>; MAX_PLANES];

// SAFETY: regions are shared mappings of the device, which `munmap` alone ends and which the kernel places apart from each
// other; a driver writes a buffer only from QBUF to DQBUF (or STREAMOFF), and no other owner of the open file makes buffer
// calls: `open` makes a new one, `from_fd` demands it.
unsafe impl Backend for Device {
    type Error = Errno;

    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Errno> {
        let answer = ioctl::request_buffers(self.as_fd(), queue, count)?;
        let capabilities = BufferCapabilities::from_bits_retain(answer.capabilities);
        Ok(Granted::new(answer.count, capabilities, !capabilities.is_empty()))
    }

    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        if queue.buffer_type.is_multiplanar() {
            // All eight, because how many there are is what is asked for.
            let mut room: PlaneRoom = [MaybeUninit::uninit(); MAX_PLANES];
            let kernel = blank_planes(&mut room, MAX_PLANES);
            let answer = ioctl::query_buffer(self.as_fd(), queue, index, kernel)?;
            for (layout, plane) in planes.iter_mut().zip(kernel) {
                // SAFETY: the union was zeroed, and any bytes the kernel wrote are a number.
                *layout = PlaneLayout { length: plane.length, offset: unsafe { plane.m.mem_offset } };
            }
            Ok(answer.length)
        } else {
            let answer = ioctl::query_buffer(self.as_fd(), queue, index, &mut [])?;
            if let Some(layout) = planes.first_mut() {
                // SAFETY: the union was zeroed, and any bytes the kernel wrote are a number.
                *layout = PlaneLayout { length: answer.length, offset: unsafe { answer.m.offset } };
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
        if queue.buffer_type.is_multiplanar() {
            let mut room: PlaneRoom = [MaybeUninit::uninit(); MAX_PLANES];
            let kernel = blank_planes(&mut room, buffer.planes.len());
            for (plane, payload) in kernel.iter_mut().zip(buffer.planes) {
                plane.bytesused = payload.bytesused;
                plane.data_offset = payload.data_offset;
            }
            // SAFETY: the caller's promise.
            unsafe { ioctl::enqueue_buffer(self.as_fd(), queue, &buffer, kernel) }
        } else {
            // SAFETY: the caller's promise.
            unsafe { ioctl::enqueue_buffer(self.as_fd(), queue, &buffer, &mut []) }
        }
    }

    #[inline(always)]
    fn dequeue(&self, queue: QueueType, planes: &mut [PlanePayload]) -> Result<Dequeued, Errno> {
        let mut answer = MaybeUninit::uninit();
        if queue.buffer_type.is_multiplanar() {
            let mut room: PlaneRoom = [MaybeUninit::uninit(); MAX_PLANES];
            let kernel = blank_planes(&mut room, planes.len());
            let answer = ioctl::dequeue_buffer(self.as_fd(), queue, kernel, &mut answer)?;
            for (payload, plane) in planes.iter_mut().zip(kernel) {
                *payload = PlanePayload { bytesused: plane.bytesused, data_offset: plane.data_offset };
            }
            Ok(dequeued(answer, answer.length))
        } else {
            let answer = ioctl::dequeue_buffer(self.as_fd(), queue, &mut [], &mut answer)?;
            if let Some(payload) = planes.first_mut() {
                *payload = PlanePayload { bytesused: answer.bytesused, data_offset: 0 };
            }
            Ok(dequeued(answer, 1))
        }
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

    fn bytes_per_buffer(&self, queue: QueueType) -> Option<u64> {
        self.format(queue.buffer_type).ok().map(|format| format.total_size())
    }
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

/// The kernel's answer in the queue's words.
#[inline(always)]
fn dequeued(answer: &v4l2_buffer, planes: u32) -> Dequeued {
    let mut dequeued = Dequeued::default();
    dequeued.index = answer.index;
    dequeued.flags = BufferFlags::from_bits_retain(answer.flags);
    dequeued.field = Field(answer.field);
    dequeued.sequence = answer.sequence;
    dequeued.timestamp = Timestamp { seconds: answer.timestamp.tv_sec, microseconds: answer.timestamp.tv_usec };
    dequeued.planes = planes;
    dequeued
}

#[cfg(test)]
mod tests;
