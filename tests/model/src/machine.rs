//! The device: `vidbuf_sim`'s node as a backend, with places where a thread's call can be interrupted.
//!
//! # Safety
//!
//! Regions lie in memory of the machine's own, which is not touched but for the driver's byte in buffers that the node says
//! are the driver's ([`Machine::finish`]), and, on purpose, in [`Machine::scribble`].

use std::cell::{Cell, RefCell, UnsafeCell};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::ptr::NonNull;
use std::time::Duration;

use corosensei::Yielder;
use vidbuf::{
    Backend, BufferCapabilities, BufferFlags, BufferType, Dequeued, Enqueue, Field, FourCc, Granted, PlaneLayout,
    PlanePayload, QueueType, Region, Wake,
};
use vidbuf_sim::kernel::{Buffer, Dequeue, File, Node, OpenMode, Protection, RequestBuffers, State};
use vidbuf_sim::{Kernel, Profile, SimErrno};

use crate::choice::Operation;

/// Buffers of the model.
pub const BUFFERS: usize = 3;
const MEMORY: usize = 1 << 10;
const CAPTURE: u32 = BufferType::VideoCapture as u32;

/// Where a thread stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// It has nothing to do.
    Idle,
    /// Before QBUF of this buffer.
    BeforeEnqueue(u8),
    /// After it, with this errno or 0.
    AfterEnqueue(u8, u16),
    /// Before DQBUF.
    BeforeDequeue,
    /// After it: this buffer, or this errno.
    AfterDequeue(Result<u8, u16>),
    /// Before an access to one of the queue's shared numbers; what the thread was told so far decides which.
    BeforeCell(u64),
}

impl Place {
    /// Whether the next thing is a system call.
    pub fn is_before(self) -> bool {
        matches!(self, Self::BeforeEnqueue(_) | Self::BeforeDequeue)
    }
}

/// What a thread is told when it runs again.
#[derive(Clone, Copy)]
pub enum Go {
    /// On.
    On,
    /// On, but the call is refused.
    Refused,
    /// Begin this.
    Begin(Operation),
    /// The thread ends.
    End,
}

/// The device and its driver.
pub struct Machine {
    node: RefCell<Node<BUFFERS, 1, 1>>,
    file: File,
    memory: Box<[UnsafeCell<u8>]>,
    /// The thread that runs, if one does: a way to interrupt it.
    running: Cell<Option<NonNull<Yielder<Go, Place>>>>,
    /// Order in which finished buffers wait.
    pub finished: RefCell<Vec<u8>>,
    /// The call after so many of this kind that is refused, while no thread runs.
    pub refuse: Cell<Option<(Call, u32)>>,
    stamp: Cell<u8>,
    allocations: Cell<u32>,
    /// What the running thread was told since it began what it does.
    told: Cell<u64>,
    pub failed: Cell<bool>,
}

/// Calls of a restart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Enqueue,
    StreamOn,
    StreamOff,
}

impl Machine {
    pub fn new() -> Self {
        let mut node = Node::new(Profile::VIVID, Kernel::V6_12, 16, MEMORY);
        let file = node.open(OpenMode::NONBLOCKING).expect("a fresh node opens");
        node.set_format(file, CAPTURE, FourCc::GREY, 16, 1, [0; 3]).expect("a fresh node takes a format");
        Self {
            node: RefCell::new(node),
            file,
            memory: (0..MEMORY).map(|_| UnsafeCell::new(0)).collect(),
            running: Cell::new(None),
            finished: RefCell::default(),
            refuse: Cell::new(None),
            stamp: Cell::new(0),
            allocations: Cell::new(0),
            told: Cell::new(0),
            failed: Cell::new(false),
        }
    }

    /// Runs a piece of a thread with calls that can be interrupted by `yielder`.
    pub fn interruptible<R>(&self, yielder: &Yielder<Go, Place>, body: impl FnOnce() -> R) -> R {
        self.running.set(Some(NonNull::from(yielder)));
        self.told.set(0);
        let result = body();
        self.running.set(None);
        result
    }

    /// Lets others run. True when the call is refused.
    fn interrupt(&self, place: Place) -> bool {
        let Some(yielder) = self.running.take() else { return false };
        let told = self.told.get();
        // SAFETY: it was set by `interruptible`, which this thread is inside of, so the reference it came from lives.
        let go = unsafe { yielder.as_ref() }.suspend(place);
        self.running.set(Some(yielder));
        self.told.set(told);
        self.tell(&place);
        matches!(go, Go::Refused)
    }

    /// The running thread is told something that may decide what it does next.
    pub fn tell(&self, what: &impl Hash) {
        let mut hasher = DefaultHasher::new();
        (self.told.get(), what).hash(&mut hasher);
        self.told.set(hasher.finish());
    }

    /// Lets others run before an access to a shared number.
    pub fn before_cell(&self) {
        if self.running.get().is_some() {
            self.interrupt(Place::BeforeCell(self.told.get()));
        }
    }

    /// The next of this play's own numbers.
    pub fn next_allocation(&self) -> u32 {
        self.allocations.replace(self.allocations.get() + 1)
    }

    /// A refusal of the program's own calls, outside of threads.
    fn refused(&self, call: Call) -> bool {
        match self.refuse.get() {
            Some((at, 0)) if at == call => {
                self.refuse.set(None);
                true
            }
            Some((at, left)) if at == call => {
                self.refuse.set(Some((at, left - 1)));
                false
            }
            _ => false,
        }
    }

    pub fn state(&self, index: u8) -> State {
        self.node.borrow().state(0, index.into())
    }

    pub fn has_driver(&self, index: u8) -> bool {
        !matches!(self.state(index), State::Dequeued | State::Absent)
    }

    pub fn active(&self) -> Vec<u8> {
        let node = self.node.borrow();
        (0..BUFFERS as u32).map_while(|skip| node.active_buffer(0, skip)).map(|index| index as u8).collect()
    }

    pub fn can_finish(&self) -> bool {
        let node = self.node.borrow();
        node.can_complete(0) && !node.is_unplugged() && !self.failed.get()
    }

    /// The driver fills its oldest buffer and gives it back.
    pub fn finish(&self) {
        let mut node = self.node.borrow_mut();
        let Some(index) = node.active_buffer(0, 0) else { return };
        let completion = node.good_frame(0, 0);
        drop(node);
        self.write(index as u8);
        node = self.node.borrow_mut();
        node.complete(0, index, &completion);
        self.finished.borrow_mut().push(index as u8);
    }

    /// A driver out of order writes where it must not.
    pub fn scribble(&self, index: u8) {
        self.write(index);
    }

    fn write(&self, index: u8) {
        let Some((start, _)) = self.node.borrow().plane_memory(0, index.into(), 0) else { return };
        self.stamp.set(self.stamp.get().wrapping_add(1));
        // SAFETY: inside the memory; a buffer of the driver's, which nobody borrows (or the fault that is to be shown).
        unsafe { self.memory[start].get().write_volatile(self.stamp.get()) };
    }

    pub fn fail(&self) {
        self.node.borrow_mut().fail_queue(0);
        self.failed.set(true);
    }

    pub fn unplug(&self) {
        self.node.borrow_mut().unplug();
    }

    pub fn is_unplugged(&self) -> bool {
        self.node.borrow().is_unplugged()
    }

    /// Mappings, buffers.
    pub fn left(&self) -> (usize, u32) {
        (self.node.borrow().mappings(), self.node.borrow().count(0))
    }

    /// Closed, as a program does in the end; only a mapping would keep the buffers.
    pub fn close(&self) {
        let _ = self.node.borrow_mut().close(self.file);
    }
}

// SAFETY: regions lie in the machine's own memory, at addresses that last as long as it; the node gives each plane of each
// buffer memory of its own. What is written while a program has a buffer is the fault that the model has to find.
unsafe impl Backend for &Machine {
    type Error = SimErrno;

    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, SimErrno> {
        let (buffer_type, memory) = (queue.buffer_type as u32, queue.memory as u32);
        let mut request = RequestBuffers { count, buffer_type, memory, ..Default::default() };
        self.node.borrow_mut().request_buffers(self.file, &mut request)?;
        Ok(Granted::new(request.count, BufferCapabilities::empty(), true))
    }

    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, SimErrno> {
        let mut buffer = Buffer::new(index, queue.buffer_type as u32, queue.memory as u32);
        self.node.borrow().query_buffer(self.file, &mut buffer, &mut [])?;
        if let [plane] = planes {
            *plane = PlaneLayout { length: buffer.length, offset: buffer.m as u32 };
        }
        Ok(1)
    }

    fn map(&self, _: QueueType, plane: PlaneLayout) -> Result<Region, SimErrno> {
        let mut node = self.node.borrow_mut();
        let mapping = node.map(self.file, plane.offset.into(), plane.length.into(), Protection::SHARED)?;
        let (start, bytes) = node.mapped_memory(mapping).ok_or(SimErrno::EINVAL)?;
        let region = self.memory.get(start..start + bytes).ok_or(SimErrno::ENOMEM)?;
        let address = NonNull::new(UnsafeCell::raw_get(region.as_ptr())).ok_or(SimErrno::ENOMEM)?;
        Ok(Region { address, length: plane.length as usize })
    }

    unsafe fn unmap(&self, region: Region) -> Result<(), SimErrno> {
        let start = region.address.as_ptr() as usize - self.memory.as_ptr() as usize;
        let mut node = self.node.borrow_mut();
        let mapping = node.mapping_at(start).0.ok_or(SimErrno::EINVAL)?;
        node.unmap(mapping)
    }

    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), SimErrno> {
        let index = buffer.index as u8;
        let refused = self.interrupt(Place::BeforeEnqueue(index)) || self.refused(Call::Enqueue);
        let outcome = if refused {
            Err(SimErrno::EINTR)
        } else {
            let mut raw = Buffer::new(buffer.index, queue.buffer_type as u32, queue.memory as u32);
            self.node.borrow_mut().queue_buffer(self.file, &mut raw, &mut [])
        };
        self.interrupt(Place::AfterEnqueue(index, outcome.err().map_or(0, SimErrno::raw)));
        outcome
    }

    fn dequeue(&self, queue: QueueType, planes: &mut [PlanePayload]) -> Result<Dequeued, SimErrno> {
        let mut raw = Buffer::new(0, queue.buffer_type as u32, queue.memory as u32);
        let outcome = if self.interrupt(Place::BeforeDequeue) {
            Err(SimErrno::EINTR)
        } else {
            match self.node.borrow_mut().dequeue_buffer(self.file, &mut raw, &mut []) {
                Ok(Dequeue::Done) => {
                    self.finished.borrow_mut().retain(|index| u32::from(*index) != raw.index);
                    Ok(raw.index)
                }
                Ok(Dequeue::WouldSleep) => Err(SimErrno::WOULD_SLEEP_FOREVER),
                Err(error) => Err(error),
            }
        };
        self.interrupt(Place::AfterDequeue(outcome.map(|index| index as u8).map_err(SimErrno::raw)));
        let mut answer = Dequeued::default();
        answer.index = outcome?;
        answer.flags = BufferFlags::from_bits_retain(raw.flags);
        answer.field = Field(raw.field);
        answer.planes = 1;
        if let [plane] = planes {
            *plane = PlanePayload { bytesused: raw.bytesused, data_offset: 0 };
        }
        Ok(answer)
    }

    fn stream_on(&self, queue: QueueType) -> Result<(), SimErrno> {
        if self.refused(Call::StreamOn) {
            return Err(SimErrno::EIO);
        }
        self.node.borrow_mut().stream_on(self.file, queue.buffer_type as u32)
    }

    fn stream_off(&self, queue: QueueType) -> Result<(), SimErrno> {
        if self.refused(Call::StreamOff) {
            return Err(SimErrno::EIO);
        }
        self.finished.borrow_mut().clear();
        self.failed.set(false);
        self.node.borrow_mut().stream_off(self.file, queue.buffer_type as u32)
    }

    fn wait(&self, _: QueueType, _: Option<Duration>) -> Result<Wake, SimErrno> {
        Ok(Wake::Ready)
    }
}
