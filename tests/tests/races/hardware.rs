//! A device with one buffer, and what a thread of a test does with it.
//!
//! # Safety
//!
//! `Backend` is an unsafe trait. Which of its promises this device makes, and how it keeps them, stands at [`Open`].

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use vidbuf::backend::{Dequeued, Enqueue, Granted, PlaneCount, PlaneLayout, Region, Wake};
use vidbuf::v4l2::{BufferCapabilities, QueueType};
use vidbuf::{Backend, Errno};

/// Bytes of the buffer.
pub const LENGTH: usize = 4096;

/// A device with one buffer. What it does with it, a thread of the test does.
pub struct Hardware {
    memory: UnsafeCell<[usize; LENGTH / size_of::<usize>()]>,
    /// Whether it says that dequeued buffers are the program's alone.
    exclusive: bool,
    /// Bytes that a mapping has.
    pub mapped: usize,
    pub has_buffer: AtomicBool,
    pub gone: AtomicBool,
}

// SAFETY: the memory is written by whoever has the buffer, or through atomics.
unsafe impl Sync for Hardware {}

impl Hardware {
    pub fn new(exclusive: bool) -> Self {
        let memory = UnsafeCell::new([0; LENGTH / size_of::<usize>()]);
        let (has_buffer, gone) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { memory, exclusive, mapped: LENGTH, has_buffer, gone }
    }

    /// The device, open. Each test calls it once.
    pub fn open(&self) -> Open<'_> {
        Open(self)
    }

    fn answer(&self) -> Result<(), Errno> {
        if self.gone.load(Ordering::SeqCst) { Err(Errno::ENODEV) } else { Ok(()) }
    }

    /// The device reads what it has.
    pub fn read(&self) -> u8 {
        // SAFETY: inside the memory. The device has the buffer, so that nobody writes it; or that is the fault to be found.
        unsafe { self.memory.get().cast::<u8>().add(7).read_volatile() }
    }

    pub fn words(&self) -> &[AtomicUsize] {
        let words = LENGTH / size_of::<usize>();
        // SAFETY: the memory lives as long as this; that all threads of a test use atomics of this size is the test's.
        unsafe { std::slice::from_raw_parts(self.memory.get().cast(), words) }
    }

    pub fn bytes(&self) -> &[AtomicU8] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts(self.memory.get().cast(), LENGTH) }
    }
}

pub struct Open<'h>(&'h Hardware);

// SAFETY: one region, in memory that outlives this value. With `exclusive` the tests' threads use a buffer from `enqueue` to a
// `stream_off` that succeeds, which a device that is gone never has; without, at any time.
unsafe impl Backend for Open<'_> {
    type Dequeued = Dequeued;

    fn request_buffers(&self, _: QueueType, count: u32) -> Result<Granted, Errno> {
        self.0.answer()?;
        Ok(Granted::new(count.min(1), BufferCapabilities::empty(), self.0.exclusive))
    }

    fn query_buffer(&self, _: QueueType, _: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        planes.fill(PlaneLayout { length: LENGTH as u32, offset: 0 });
        Ok(1)
    }

    fn map(&self, _: QueueType, _: PlaneLayout) -> Result<Region, Errno> {
        let address = NonNull::new(self.0.memory.get()).expect("memory").cast();
        Ok(Region { address, length: self.0.mapped })
    }

    unsafe fn unmap(&self, region: Region) -> Result<(), Errno> {
        assert_eq!(region.length, self.0.mapped, "unmapped with another length");
        Ok(())
    }

    unsafe fn enqueue(&self, _: QueueType, _: Enqueue<'_>) -> Result<(), Errno> {
        self.0.answer()?;
        self.0.has_buffer.store(true, Ordering::Release);
        Ok(())
    }

    fn dequeue<'r>(
        &self,
        _: QueueType,
        _: PlaneCount,
        room: &'r mut MaybeUninit<Dequeued>,
    ) -> Result<&'r Dequeued, Errno> {
        self.0.answer()?;
        self.0.has_buffer.store(false, Ordering::Release);
        let mut dequeued = Dequeued::default();
        dequeued.planes = 1;
        dequeued.payloads[0].bytesused = LENGTH as u32;
        Ok(room.write(dequeued))
    }

    fn stream_on(&self, _: QueueType) -> Result<(), Errno> {
        self.0.answer()
    }

    fn stream_off(&self, _: QueueType) -> Result<(), Errno> {
        self.0.answer()?;
        self.0.has_buffer.store(false, Ordering::Release);
        Ok(())
    }

    fn wait(&self, _: QueueType, _: Option<Duration>) -> Result<Wake, Errno> {
        Ok(Wake::Ready)
    }
}

/// The same device, with memory of its own that is shorter.
pub struct Short<'h>(pub Open<'h>, pub &'h [u8]);

// SAFETY: as for `Open`; the region has the length that it is said to have. Nobody writes it.
unsafe impl Backend for Short<'_> {
    type Dequeued = Dequeued;

    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Errno> {
        self.0.request_buffers(queue, count)
    }
    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        self.0.query_buffer(queue, index, planes)
    }
    fn map(&self, _: QueueType, _: PlaneLayout) -> Result<Region, Errno> {
        Ok(Region { address: NonNull::from(self.1).cast(), length: self.1.len() })
    }
    unsafe fn unmap(&self, region: Region) -> Result<(), Errno> {
        // SAFETY: the caller's.
        unsafe { self.0.unmap(region) }
    }
    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        // SAFETY: the caller's.
        unsafe { self.0.enqueue(queue, buffer) }
    }
    fn dequeue<'r>(
        &self,
        queue: QueueType,
        planes: PlaneCount,
        room: &'r mut MaybeUninit<Dequeued>,
    ) -> Result<&'r Dequeued, Errno> {
        self.0.dequeue(queue, planes, room)
    }
    fn stream_on(&self, queue: QueueType) -> Result<(), Errno> {
        self.0.stream_on(queue)
    }
    fn stream_off(&self, queue: QueueType) -> Result<(), Errno> {
        self.0.stream_off(queue)
    }
    fn wait(&self, queue: QueueType, timeout: Option<Duration>) -> Result<Wake, Errno> {
        self.0.wait(queue, timeout)
    }
}
