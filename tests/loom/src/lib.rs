//! A device for loom: its driver finishes every buffer at once, and its calls order as little as a kernel could.
//!
//! QBUF orders nothing. Whoever dequeues a buffer knows what was done to it before only because vidbuf's slots say so. One
//! DQBUF is ordered after another, as calls under one lock are, so that frames have numbers.
//!
//! # Safety
//!
//! `Backend` is an unsafe trait. Nobody touches the memory of the regions; what stands for the bytes is [`Bytes`], whose every
//! use is checked by loom.

use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::time::Duration;

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use vidbuf::backend::{Dequeued, Enqueue, Granted, PlaneCount, PlaneLayout, Region, Wake};
use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf::v4l2::{BufferCapabilities, QueueType};
use vidbuf::{Backend, Errno, Frame, Request};

/// Bytes of a buffer's plane; nobody reads them.
const LENGTH: usize = 4096;
/// Buffers that a device has room for.
pub const MOST: usize = 2;

/// What stands for a buffer's bytes. Two threads that use it without an order between them are found.
pub struct Bytes([UnsafeCell<u32>; MOST]);

// SAFETY: loom checks every use.
unsafe impl Sync for Bytes {}
// SAFETY: as above.
unsafe impl Send for Bytes {}

impl Default for Bytes {
    fn default() -> Self {
        Self(std::array::from_fn(|_| UnsafeCell::new(0)))
    }
}

impl Bytes {
    /// Whoever has this buffer reads and writes it.
    pub fn touch(&self, index: u32) {
        // SAFETY: loom ends the test if anybody else uses it meanwhile, or has before and nothing orders the two.
        self.0[index as usize].with_mut(|byte| unsafe { *byte += 1 });
    }
}

/// The device.
pub struct Device {
    with_driver: [AtomicBool; MOST],
    sequence: AtomicU32,
    /// The next QBUF of this buffer is refused.
    pub refuse: AtomicU32,
    /// Whether another thread may come with a buffer. No part of what is explored.
    pub is_shared: std::sync::atomic::AtomicBool,
    /// What DQBUF does when nothing is finished, in vidbuf's eyes.
    nonblocking: bool,
    memory: Box<[[u8; LENGTH]; MOST]>,
}

impl Device {
    /// A device whose calls sleep, or do not.
    pub fn new(nonblocking: bool) -> Self {
        Self {
            with_driver: std::array::from_fn(|_| AtomicBool::new(false)),
            sequence: AtomicU32::new(0),
            refuse: AtomicU32::new(u32::MAX),
            is_shared: true.into(),
            nonblocking,
            memory: Box::new([[0; LENGTH]; MOST]),
        }
    }
}

// SAFETY: regions are pieces of memory that this value owns, which it does not give up or touch, one for each cookie.
unsafe impl Backend for Device {
    type Dequeued = Dequeued;

    fn request_buffers(&self, _: QueueType, count: u32) -> Result<Granted, Errno> {
        Ok(Granted::new(count, BufferCapabilities::empty(), true))
    }

    fn query_buffer(&self, _: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        planes.fill(PlaneLayout { length: LENGTH as u32, offset: index * LENGTH as u32 });
        Ok(1)
    }

    fn map(&self, _: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        let address = NonNull::from(&self.memory[plane.offset as usize / LENGTH]).cast();
        Ok(Region { address, length: LENGTH })
    }

    unsafe fn unmap(&self, _: Region) -> Result<(), Errno> {
        Ok(())
    }

    unsafe fn enqueue(&self, _: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        if self.refuse.load(Ordering::Relaxed) == buffer.index {
            self.refuse.store(u32::MAX, Ordering::Relaxed);
            return Err(Errno::EINVAL);
        }
        let twice = self.with_driver[buffer.index as usize].swap(true, Ordering::Relaxed);
        assert!(!twice, "buffer {} is handed over twice", buffer.index);
        Ok(())
    }

    fn dequeue<'r>(
        &self,
        _: QueueType,
        _: PlaneCount,
        room: &'r mut MaybeUninit<Dequeued>,
    ) -> Result<&'r Dequeued, Errno> {
        for (index, with_driver) in (0..).zip(&self.with_driver) {
            if with_driver.compare_exchange(true, false, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                let mut dequeued = Dequeued::default();
                dequeued.payloads[0].bytesused = 1;
                dequeued.index = index;
                dequeued.planes = 1;
                dequeued.sequence = self.sequence.fetch_add(1, Ordering::AcqRel);
                return Ok(room.write(dequeued));
            }
        }
        Err(Errno::EAGAIN)
    }

    fn stream_on(&self, _: QueueType) -> Result<(), Errno> {
        Ok(())
    }

    fn stream_off(&self, _: QueueType) -> Result<(), Errno> {
        self.with_driver.iter().for_each(|with_driver| with_driver.store(false, Ordering::Relaxed));
        Ok(())
    }

    fn wait(&self, _: QueueType, _: Option<Duration>) -> Result<Wake, Errno> {
        Ok(Wake::Ready)
    }

    fn is_nonblocking(&self) -> bool {
        self.nonblocking
    }

    fn pause(&self) -> bool {
        loom::thread::yield_now();
        self.is_shared.load(Ordering::Relaxed)
    }
}

/// A queue that streams.
pub type Stream = CaptureQueue<Device, Streaming, MOST>;
/// Its frames.
pub type Picture<'q> = Frame<'q, Device>;

/// So many buffers, all with the driver.
pub fn stream(buffers: usize, nonblocking: bool) -> Stream {
    let queue = CaptureQueue::new(Device::new(nonblocking));
    queue.start(Request::exactly(buffers as u32)).expect("a device without faults")
}
