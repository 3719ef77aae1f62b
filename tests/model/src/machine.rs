//! The driver, its memory, and what is known of the threads that call it.
//!
//! # Safety
//!
//! Of the memory, nothing is written but the driver's byte, in buffers that the node has as the driver's
//! ([`Machine::finish`]), and, on purpose, in [`Machine::scribble`].

use std::cell::{Cell, RefCell, UnsafeCell};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::ptr::NonNull;

use corosensei::Yielder;
use vidbuf::FourCc;
use vidbuf::v4l2::BufferType;
use vidbuf_sim::kernel::abi::format::{v4l2_format, v4l2_format_fmt, v4l2_pix_format};
use vidbuf_sim::kernel::abi::ioctl::VIDIOC_S_FMT;
use vidbuf_sim::kernel::{File, Node, OpenMode, QueueId, State};
use vidbuf_sim::{Errno, Kernel, Profile};

use crate::choice::{Operation, THREADS};
use crate::numbers::CELLS;
use crate::seen::Broken;

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
    /// Asleep in DQBUF.
    Asleep,
    /// After it: this buffer, or this errno.
    AfterDequeue(Result<u8, u16>),
    /// Before an access to one of the queue's shared numbers; what the thread was told so far decides which.
    BeforeCell(u64),
}

impl Place {
    /// Whether a signal can end the call that is next, or that is going on.
    pub fn is_call(self) -> bool {
        matches!(self, Self::BeforeEnqueue(_) | Self::BeforeDequeue | Self::Asleep)
    }
}

/// What a thread is told when it runs again.
#[derive(Clone, Copy)]
pub enum Go {
    /// On.
    On,
    /// On, but the call fails.
    Refused(Errno),
    /// Begin this.
    Begin(Operation),
}

/// What a thread has been through since it began what it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Past {
    /// At some moment no buffer was with the driver.
    pub none: bool,
    /// At some moment a buffer was, or another thread was about to change that.
    pub some: bool,
    /// It has called QBUF for the buffer whose frame it drops.
    pub enqueued: bool,
    /// The number of the frame that it was given.
    pub sequence: Option<u32>,
}

/// The device and its driver.
pub struct Machine {
    pub node: RefCell<Node<BUFFERS, 1, 1>>,
    pub file: File,
    pub memory: Box<[UnsafeCell<u8>]>,
    blocking: bool,
    /// The thread that runs, if one does: which, and a way to interrupt it.
    running: Cell<Option<(usize, NonNull<Yielder<Go, Place>>)>>,
    /// What each thread does.
    pub doing: Cell<[Option<Operation>; THREADS]>,
    past: Cell<[Past; THREADS]>,
    /// Order in which finished buffers wait.
    pub finished: RefCell<Vec<u8>>,
    /// The call after so many of this kind that is refused, while no thread runs.
    pub refuse: Cell<Option<(Call, u32)>>,
    /// Buffers that the driver has refused and that no call need try again before the driver has none.
    pub passed_over: Cell<[bool; BUFFERS]>,
    stamp: Cell<u8>,
    allocations: Cell<u32>,
    /// What the running thread was told since it began what it does.
    told: Cell<u64>,
    pub failed: Cell<bool>,
    pub broken: Cell<Option<Broken>>,
}

/// Calls of a restart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Enqueue,
    StreamOn,
    StreamOff,
}

impl Machine {
    pub fn new(blocking: bool) -> Self {
        let mut node = Node::new(Profile::VIVID, Kernel::V6_12, 16, MEMORY);
        let mode = if blocking { OpenMode::READ_WRITE } else { OpenMode::NONBLOCKING };
        let file = node.open(mode).expect("a fresh node opens");
        let pix = v4l2_pix_format { pixelformat: FourCc::GREY.0, width: 16, height: 1, ..Default::default() };
        let mut format = v4l2_format { type_: CAPTURE, fmt: v4l2_format_fmt::of_pix(pix) };
        node.call(file, VIDIOC_S_FMT, &mut format, &mut []).expect("a fresh node takes a format");
        Self {
            node: RefCell::new(node),
            file,
            blocking,
            memory: (0..MEMORY).map(|_| UnsafeCell::new(0)).collect(),
            running: Cell::new(None),
            doing: Cell::default(),
            past: Cell::default(),
            finished: RefCell::default(),
            refuse: Cell::new(None),
            passed_over: Cell::default(),
            stamp: Cell::new(0),
            allocations: Cell::new(0),
            told: Cell::new(0),
            failed: Cell::new(false),
            broken: Cell::new(None),
        }
    }

    /// Something is not as claimed; the first such thing counts.
    pub fn breaks(&self, broken: Broken) {
        self.broken.set(self.broken.get().or(Some(broken)));
    }

    /// Runs what a thread does, with calls that can be interrupted by `yielder`.
    pub fn interruptible<R>(&self, thread: usize, yielder: &Yielder<Go, Place>, body: impl FnOnce() -> R) -> R {
        self.running.set(Some((thread, NonNull::from(yielder))));
        self.told.set(0);
        let result = body();
        self.running.set(None);
        self.change(thread, |past| *past = Past::default());
        result
    }

    /// Lets others run after a call. Where they can before the next access to a number, that is the same.
    pub fn after(&self, place: Place) {
        if CELLS {
            self.tell(&place);
        } else {
            // After the call there is nothing that could fail.
            let _ = self.interrupt(place);
        }
    }

    /// Lets others run; how the call that comes next fails, if it does.
    pub fn interrupt(&self, place: Place) -> Result<(), Errno> {
        let Some((thread, yielder)) = self.running.take() else { return Ok(()) };
        let told = self.told.get();
        // SAFETY: it was set by `interruptible`, which this thread is inside of, so the reference it came from lives.
        let go = unsafe { yielder.as_ref() }.suspend(place);
        self.running.set(Some((thread, yielder)));
        self.told.set(told);
        self.tell(&place);
        if let Go::Refused(error) = go { Err(error) } else { Ok(()) }
    }

    /// A thread begins something.
    pub fn begin(&self, thread: usize, operation: Operation) {
        let mut doing = self.doing.get();
        doing[thread] = Some(operation);
        self.doing.set(doing);
        if operation == Operation::RequeueDropped {
            self.passed_over.set([false; BUFFERS]);
        }
        let alone = doing.iter().flatten().count() == 1;
        self.change(thread, |past| past.some = !alone && self.may_sleep(operation));
        self.note();
    }

    /// Whether it matters what a thread knew when it went to sleep.
    fn may_sleep(&self, operation: Operation) -> bool {
        self.blocking && operation == Operation::Dequeue
    }

    /// A thread has done what it did.
    pub fn end(&self, thread: usize) {
        let mut doing = self.doing.get();
        if doing[thread].take() == Some(Operation::RequeueDropped) {
            self.passed_over.set([false; BUFFERS]);
        }
        self.doing.set(doing);
    }

    pub fn past(&self, thread: usize) -> Past {
        self.past.get()[thread]
    }

    fn change(&self, thread: usize, change: impl FnOnce(&mut Past)) {
        let mut past = self.past.get();
        change(&mut past[thread]);
        self.past.set(past);
    }

    /// What the running thread does, and what it has been through.
    pub fn running(&self) -> Option<(Option<Operation>, Past)> {
        let (thread, _) = self.running.get()?;
        Some((self.doing.get()[thread], self.past(thread)))
    }

    /// The running thread has called QBUF.
    pub fn enqueues(&self, index: u8) {
        if let Some((thread, _)) = self.running.get()
            && self.doing.get()[thread] == Some(Operation::Drop(index))
        {
            self.change(thread, |past| past.enqueued = true);
        }
    }

    /// The running thread was given a frame.
    pub fn gets(&self, sequence: u32) {
        if let Some((thread, _)) = self.running.get() {
            self.change(thread, |past| past.sequence = Some(sequence));
        }
    }

    /// Looks at the queue's numbers as nobody's thread: others do not run, and it is not known to the thread that runs.
    pub fn aside<R>(&self, look: impl FnOnce() -> R) -> R {
        let (running, told) = (self.running.take(), self.told.get());
        let found = look();
        self.running.set(running);
        self.told.set(told);
        found
    }

    /// To be called whenever the driver's buffers have changed.
    pub fn note(&self) {
        let none = self.driver() == 0;
        if none {
            self.passed_over.set([false; BUFFERS]);
        }
        for (thread, operation) in self.doing.get().into_iter().enumerate() {
            if operation.is_some_and(|operation| self.may_sleep(operation)) {
                self.change(thread, |past| if none { past.none = true } else { past.some = true });
            }
        }
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
            // It is no call that could fail.
            let _ = self.interrupt(Place::BeforeCell(self.told.get()));
        }
    }

    /// The next of this play's own numbers.
    pub fn next_allocation(&self) -> u32 {
        self.allocations.set(self.allocations.get() + 1);
        self.allocations.get()
    }

    /// A refusal of the program's own calls, outside of threads.
    pub fn refused(&self, call: Call) -> bool {
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
        self.node.borrow().state(QueueId::FIRST, index.into())
    }

    pub fn has_driver(&self, index: u8) -> bool {
        !matches!(self.state(index), State::Dequeued | State::Absent)
    }

    /// How many buffers the driver has.
    pub fn driver(&self) -> usize {
        (0..BUFFERS).filter(|index| self.has_driver(*index as u8)).count()
    }

    /// Whether a thread that sleeps in DQBUF finds something when it looks.
    pub fn can_wake(&self) -> bool {
        !self.finished.borrow().is_empty() || self.failed.get() || !self.node.borrow().is_streaming(QueueId::FIRST)
    }

    pub fn active(&self) -> Vec<u8> {
        let node = self.node.borrow();
        (0..BUFFERS as u32)
            .map_while(|skip| node.active_buffer(QueueId::FIRST, skip))
            .map(|index| index as u8)
            .collect()
    }

    pub fn can_finish(&self) -> bool {
        let node = self.node.borrow();
        node.can_complete(QueueId::FIRST) && !node.is_unplugged() && !self.failed.get()
    }

    /// The driver fills its oldest buffer and gives it back.
    pub fn finish(&self) {
        let mut node = self.node.borrow_mut();
        let Some(index) = node.active_buffer(QueueId::FIRST, 0) else { return };
        let Some(sequence) = node.next_sequence(QueueId::FIRST) else { return };
        let completion = node.good_frame(QueueId::FIRST, sequence);
        drop(node);
        self.write(index as u8);
        node = self.node.borrow_mut();
        node.complete(QueueId::FIRST, index, &completion);
        self.finished.borrow_mut().push(index as u8);
    }

    /// A driver out of order writes where it must not.
    pub fn scribble(&self, index: u8) {
        self.write(index);
    }

    fn write(&self, index: u8) {
        let Some((start, _)) = self.node.borrow().plane_memory(QueueId::FIRST, index.into(), 0) else { return };
        self.stamp.set(self.stamp.get().wrapping_add(1));
        // SAFETY: inside the memory; a buffer of the driver's, which nobody borrows (or the fault that is to be shown).
        unsafe { self.memory[start].get().write_volatile(self.stamp.get()) };
    }

    pub fn fail(&self) {
        self.node.borrow_mut().fail_queue(QueueId::FIRST);
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
        (self.node.borrow().mappings(), self.node.borrow().count(QueueId::FIRST))
    }

    /// Closed, as a program does in the end; only a mapping would keep the buffers.
    pub fn close(&self) {
        let _ = self.node.borrow_mut().close(self.file);
    }
}
