//! A backend without a device: every call succeeds at once, and buffers finish in the order in which they were enqueued.
//!
//! For compile-fail cases, which need a backend that is as small as can be, and for counting the instructions of the
//! lifecycle alone.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use vidbuf::backend::{DequeuedBuffer, Enqueue, Granted, PlaneCount, PlaneLayout, PlanePayload, Region, Wake};
use vidbuf::v4l2::{BufferCapabilities, BufferFlags, Field, QueueType, Timestamp};
use vidbuf::{Backend, Errno};

/// Bytes of a plane.
pub const PLANE: usize = 4096;
/// Most buffers it grants.
pub const MOST: usize = 64;

/// The backend. Each plane of each buffer has a region of its own.
pub struct Instant {
    memory: Box<[UnsafeCell<[u8; PLANE]>]>,
    planes: u32,
    granted: AtomicU32,
    enqueued: AtomicU32,
    finished: AtomicU32,
    order: [AtomicU32; MOST],
}

// SAFETY: the memory is handed out by region, and regions are not touched by the backend; the rest is atomic.
unsafe impl Sync for Instant {}

impl Instant {
    /// A backend whose buffers have `planes` planes.
    pub fn new(planes: u32) -> Self {
        Self {
            memory: (0..MOST * planes as usize).map(|_| UnsafeCell::new([0; PLANE])).collect(),
            planes,
            granted: AtomicU32::new(0),
            enqueued: AtomicU32::new(0),
            finished: AtomicU32::new(0),
            order: [const { AtomicU32::new(0) }; MOST],
        }
    }
}

/// What it returns of a buffer: every plane is full.
pub struct Finished {
    index: u32,
    sequence: u32,
    planes: u32,
}

impl DequeuedBuffer for Finished {
    #[inline]
    fn index(&self) -> u32 {
        self.index
    }

    #[inline]
    fn flags(&self) -> BufferFlags {
        BufferFlags::empty()
    }

    #[inline]
    fn field(&self) -> Field {
        Field::NONE
    }

    #[inline]
    fn sequence(&self) -> u32 {
        self.sequence
    }

    #[inline]
    fn timestamp(&self) -> Timestamp {
        Timestamp::default()
    }

    #[inline]
    fn bytesused(&self) -> u32 {
        PLANE as u32
    }

    #[inline]
    fn planes(&self) -> u32 {
        self.planes
    }

    #[inline]
    unsafe fn payload(&self, _: usize) -> PlanePayload {
        PlanePayload { bytesused: PLANE as u32, data_offset: 0 }
    }
}

// SAFETY: each (buffer, plane) has a boxed region of its own that lives as long as the backend and is never touched by it.
unsafe impl Backend for Instant {
    type Dequeued = Finished;

    fn request_buffers(&self, _: QueueType, count: u32) -> Result<Granted, Errno> {
        let count = count.min(MOST as u32);
        self.granted.store(count, Ordering::Relaxed);
        self.enqueued.store(0, Ordering::Relaxed);
        self.finished.store(0, Ordering::Relaxed);
        Ok(Granted::new(count, BufferCapabilities::empty(), true))
    }

    fn query_buffer(&self, _: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        for (plane, layout) in planes.iter_mut().enumerate().take(self.planes as usize) {
            *layout = PlaneLayout { length: PLANE as u32, offset: index * self.planes + plane as u32 };
        }
        Ok(self.planes)
    }

    fn map(&self, _: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        let cell = self.memory.get(plane.offset as usize).ok_or(Errno::EAGAIN)?;
        let address = NonNull::new(cell.get().cast()).ok_or(Errno::EAGAIN)?;
        Ok(Region { address, length: plane.length as usize })
    }

    unsafe fn unmap(&self, _: Region) -> Result<(), Errno> {
        Ok(())
    }

    #[inline]
    unsafe fn enqueue(&self, _: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        let at = self.enqueued.load(Ordering::Relaxed);
        self.order[at as usize % MOST].store(buffer.index, Ordering::Relaxed);
        self.enqueued.store(at.wrapping_add(1), Ordering::Relaxed);
        Ok(())
    }

    #[inline]
    fn dequeue<'r>(
        &self,
        _: QueueType,
        _: PlaneCount,
        room: &'r mut MaybeUninit<Finished>,
    ) -> Result<&'r Finished, Errno> {
        let at = self.finished.load(Ordering::Relaxed);
        if at == self.enqueued.load(Ordering::Relaxed) {
            return Err(Errno::EAGAIN);
        }
        self.finished.store(at.wrapping_add(1), Ordering::Relaxed);
        let index = self.order[at as usize % MOST].load(Ordering::Relaxed);
        Ok(room.write(Finished { index, sequence: at, planes: self.planes }))
    }

    fn stream_on(&self, _: QueueType) -> Result<(), Errno> {
        Ok(())
    }

    fn stream_off(&self, _: QueueType) -> Result<(), Errno> {
        self.enqueued.store(0, Ordering::Relaxed);
        self.finished.store(0, Ordering::Relaxed);
        Ok(())
    }

    fn wait(&self, _: QueueType, _: Option<Duration>) -> Result<Wake, Errno> {
        Ok(Wake::Ready)
    }
}
