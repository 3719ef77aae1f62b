//! A driver whose every answer the test chooses: what a queue makes of it is seen without a simulator between.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::rc::Rc;
use std::time::Duration;

use vidbuf::backend::{Dequeued, Enqueue, Granted, PlaneCount, PlaneLayout, PlanePayload, Region, Wake};
use vidbuf::error::{ErrorKind, Operation};
use vidbuf::v4l2::{BufferCapabilities, QueueType};
use vidbuf::{Backend, Errno};

/// The number that stands for a kind.
pub fn errno(kind: ErrorKind) -> Errno {
    match kind {
        ErrorKind::WouldBlock => Errno::EAGAIN,
        ErrorKind::Interrupted => Errno::EINTR,
        ErrorKind::Unplugged => Errno::ENODEV,
        ErrorKind::Busy => Errno::EBUSY,
        ErrorKind::Invalid => Errno::EINVAL,
        ErrorKind::NoMemory => Errno::ENOMEM,
        ErrorKind::Access => Errno::EACCES,
        ErrorKind::BadDescriptor => Errno::EBADF,
        ErrorKind::Io => Errno::EIO,
        ErrorKind::BrokenPipe => Errno::EPIPE,
        ErrorKind::NotLinked => Errno::ENOLINK,
        ErrorKind::NoSpace => Errno::ENOSPC,
        ErrorKind::NotSupported => Errno::ENOTTY,
        ErrorKind::NotFound => Errno::ENOENT,
        ErrorKind::Fault => Errno::EFAULT,
        _ => Errno::EPROTO,
    }
}

pub type Answer<T> = Result<T, Errno>;

/// What was handed to VIDIOC_QBUF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub index: u32,
    pub payloads: Vec<PlanePayload>,
    pub field: vidbuf::v4l2::Field,
    pub timestamp: vidbuf::v4l2::Timestamp,
}

/// Answers with what it has been given. What is not given: three buffers of one plane of 64 bytes, exclusive; nothing to dequeue.
pub struct Driver {
    pub granted: u32,
    pub exclusive: bool,
    /// QUERYBUF's answer for each buffer.
    pub layouts: Vec<Vec<PlaneLayout>>,
    /// DQBUF's answers, one after the other; then it would block.
    pub finished: RefCell<VecDeque<Answer<(Dequeued, Vec<PlanePayload>)>>>,
    pub given: RefCell<Vec<Given>>,
    /// The next calls of these operations fail, in this order.
    pub refusals: RefCell<VecDeque<(Operation, ErrorKind)>>,
    /// The calls so far, except DQBUF and poll. Another may keep it beyond the driver.
    pub calls: Rc<RefCell<Vec<Operation>>>,
    pub nonblocking: bool,
    /// What a pause does, by its number from 1, and returns. Without it there are no pauses.
    pub during_pause: RefCell<Option<Box<dyn Fn(u32) -> bool>>>,
    /// How often the queue has paused.
    pub pauses: Cell<u32>,
    mapped: RefCell<Vec<Box<[u8]>>>,
}

impl Driver {
    pub fn new() -> Self {
        Self::with_planes(&[64])
    }

    /// Three buffers with planes of these lengths.
    pub fn with_planes(lengths: &[u32]) -> Self {
        let plane =
            |buffer: u32, plane: usize, length| PlaneLayout { length, offset: buffer << 16 | (plane as u32) << 12 };
        let buffer =
            |buffer| lengths.iter().enumerate().map(|(number, length)| plane(buffer, number, *length)).collect();
        Self {
            granted: 3,
            exclusive: true,
            layouts: (0..3).map(buffer).collect(),
            finished: RefCell::default(),
            given: RefCell::default(),
            refusals: RefCell::default(),
            calls: Rc::default(),
            nonblocking: false,
            during_pause: RefCell::default(),
            pauses: Cell::default(),
            mapped: RefCell::default(),
        }
    }

    /// So many of the next calls fail.
    pub fn refuse(&self, operation: Operation, kind: ErrorKind, times: usize) {
        self.refusals.borrow_mut().extend(std::iter::repeat_n((operation, kind), times));
    }

    /// How often this was called.
    pub fn count(&self, operation: Operation) -> usize {
        self.calls.borrow().iter().filter(|call| **call == operation).count()
    }

    /// Mappings there are.
    pub fn mappings(&self) -> usize {
        self.mapped.borrow().len()
    }

    fn may(&self, operation: Operation) -> Answer<()> {
        self.calls.borrow_mut().push(operation);
        let mut refusals = self.refusals.borrow_mut();
        if refusals.front().is_some_and(|(refused, _)| *refused == operation) {
            return Err(errno(refusals.pop_front().map_or(ErrorKind::Other, |(_, kind)| kind)));
        }
        Ok(())
    }

    /// The next DQBUF returns this.
    pub fn finish(&self, index: u32, payloads: &[PlanePayload], change: impl FnOnce(&mut Dequeued)) {
        let mut dequeued = Dequeued::default();
        (dequeued.index, dequeued.planes) = (index, payloads.len() as u32);
        change(&mut dequeued);
        self.finished.borrow_mut().push_back(Ok((dequeued, payloads.to_vec())));
    }
}

// SAFETY: every region is a box of its own, kept until it is unmapped. Nothing here touches a buffer's bytes, except `unmap`,
// which ends the region. An index comes back when the test wants it, on the thread that enqueued.
unsafe impl Backend for Driver {
    type Dequeued = Dequeued;

    fn request_buffers(&self, _: QueueType, count: u32) -> Answer<Granted> {
        self.may(if count == 0 { Operation::ReleaseBuffers } else { Operation::RequestBuffers })?;
        let granted = if count == 0 { 0 } else { self.granted };
        Ok(Granted::new(granted, BufferCapabilities::default(), self.exclusive))
    }

    fn query_buffer(&self, _: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Answer<u32> {
        self.may(Operation::QueryBuffer)?;
        let layouts = &self.layouts[index as usize];
        for (room, layout) in planes.iter_mut().zip(layouts) {
            *room = *layout;
        }
        Ok(layouts.len() as u32)
    }

    fn map(&self, _: QueueType, plane: PlaneLayout) -> Answer<Region> {
        self.may(Operation::Map)?;
        let mut bytes = vec![plane.offset as u8; plane.length as usize].into_boxed_slice();
        let address = NonNull::new(bytes.as_mut_ptr()).expect("not null");
        self.mapped.borrow_mut().push(bytes);
        Ok(Region { address, length: plane.length as usize })
    }

    unsafe fn unmap(&self, region: Region) -> Answer<()> {
        self.may(Operation::Unmap)?;
        let mut mapped = self.mapped.borrow_mut();
        let before = mapped.len();
        mapped.retain(|bytes| bytes.as_ptr() != region.address.as_ptr());
        if mapped.len() == before { Err(Errno::EINVAL) } else { Ok(()) }
    }

    unsafe fn enqueue(&self, _: QueueType, buffer: Enqueue<'_>) -> Answer<()> {
        self.may(Operation::Enqueue)?;
        let Enqueue { index, payloads, field, timestamp, .. } = buffer;
        self.given.borrow_mut().push(Given { index, payloads: payloads.to_vec(), field, timestamp });
        Ok(())
    }

    fn dequeue<'r>(&self, _: QueueType, _: PlaneCount, room: &'r mut MaybeUninit<Dequeued>) -> Answer<&'r Dequeued> {
        let next = self.finished.borrow_mut().pop_front();
        let (mut dequeued, payloads) = next.unwrap_or(Err(Errno::EAGAIN))?;
        dequeued.payloads[..payloads.len()].copy_from_slice(&payloads);
        Ok(room.write(dequeued))
    }

    fn stream_on(&self, _: QueueType) -> Answer<()> {
        self.may(Operation::StreamOn)
    }

    fn stream_off(&self, _: QueueType) -> Answer<()> {
        self.may(Operation::StreamOff)
    }

    fn wait(&self, _: QueueType, _: Option<Duration>) -> Answer<Wake> {
        Ok(if self.finished.borrow().is_empty() { Wake::TimedOut } else { Wake::Ready })
    }
    fn is_nonblocking(&self) -> bool {
        self.nonblocking
    }

    fn pause(&self) -> bool {
        self.pauses.set(self.pauses.get() + 1);
        self.during_pause.borrow().as_ref().is_some_and(|during_pause| during_pause(self.pauses.get()))
    }
}
