//! What the kernel knows of its buffers, so that it keeps the promises which no program can check, when it makes them.
//!
//! A kernel that calls its buffers exclusive (capabilities at REQBUFS, or the program's consent) writes a buffer only while it
//! has it, does not give one back whose QBUF is on its way, and does not start with buffers that are one memory under two
//! cookies. One that does not writes anywhere, at any time.

use std::cell::RefCell;
use std::ffi::c_int;
use std::mem::offset_of;

use vidbuf_abi::buffer::{v4l2_plane, v4l2_requestbuffers};
use vidbuf_abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};

use crate::kernel::{LENGTH, MEMORY, PLANE, word};

/// Places for planes in one buffer.
const MAX_PLANES: usize = 8;

/// A plane as QUERYBUF reported it.
#[derive(Clone, Copy)]
struct Layout {
    /// Buffer and plane in one number.
    place: u64,
    offset: u64,
    length: u64,
}

/// The book of one open file.
pub struct Book {
    file: c_int,
    consent: bool,
    exclusive: bool,
    layouts: Vec<Layout>,
    enqueued: Vec<u32>,
    on_its_way: Option<u32>,
}

thread_local! {
    static BOOK: RefCell<Option<Book>> = const { RefCell::new(None) };
}

/// The book from now on.
pub fn open(book: Book) {
    BOOK.set(Some(book));
}

/// Looks into the open book, or writes it.
pub fn with<R>(body: impl FnOnce(&mut Book) -> R) -> Option<R> {
    BOOK.with_borrow_mut(|book| book.as_mut().map(body))
}

impl Book {
    pub fn new(file: c_int, consent: bool) -> Self {
        let (layouts, enqueued) = (Vec::new(), Vec::new());
        Self { file, consent, exclusive: consent, layouts, enqueued, on_its_way: None }
    }

    /// QBUF of this buffer has begun, or ended.
    pub fn is_on_its_way(&mut self, index: Option<u32>) {
        self.on_its_way = index;
    }

    /// A call is about to succeed: what comes of it, or why it fails after all. `asked` is the index that the program gave.
    pub fn done(&mut self, number: u32, asked: u32, structure: &[u8], planes: &[u8], mark: u8) -> Outcome {
        match number {
            VIDIOC_REQBUFS if asked != 0 => {
                self.exclusive = self.consent || word(offset_of!(v4l2_requestbuffers, capabilities), structure) != 0;
                self.layouts.clear();
                self.enqueued.clear();
            }
            VIDIOC_QUERYBUF => self.lay_out(asked, structure, planes),
            VIDIOC_QBUF => self.enqueued.push(asked),
            VIDIOC_DQBUF => {
                let index = word(0, structure);
                if self.exclusive && self.on_its_way == Some(index) {
                    return Err(libc::EAGAIN);
                }
                self.write(index, mark);
                self.enqueued.retain(|other| *other != index);
            }
            VIDIOC_STREAMON if self.exclusive => return self.start(),
            VIDIOC_STREAMOFF => self.enqueued.clear(),
            _ => {}
        }
        Ok(())
    }

    fn lay_out(&mut self, index: u32, structure: &[u8], planes: &[u8]) {
        let place = u64::from(index) * MAX_PLANES as u64;
        self.layouts.retain(|layout| layout.place / MAX_PLANES as u64 != u64::from(index));
        let mut add = |plane: u64, offset: u32, length: u32| {
            self.layouts.push(Layout { place: place + plane, offset: offset.into(), length: length.into() });
        };
        if planes.is_empty() {
            add(0, word(MEMORY, structure), word(LENGTH, structure));
        } else {
            let count = word(LENGTH, structure) as usize;
            for (number, plane) in (0..).zip(planes.chunks_exact(PLANE).take(count)) {
                add(number, word(offset_of!(v4l2_plane, m), plane), word(offset_of!(v4l2_plane, length), plane));
            }
        }
    }

    /// The driver writes: into a buffer that it has; without a promise, wherever it likes.
    fn write(&self, index: u32, mark: u8) {
        let place = if self.exclusive { u64::from(index) } else { u64::from(mark) % 4 } * MAX_PLANES as u64;
        if self.exclusive && !self.enqueued.contains(&index) {
            return;
        }
        let Some(layout) = self.layouts.iter().find(|layout| layout.place == place) else { return };
        // SAFETY: one byte of this process's own.
        unsafe { libc::pwrite(self.file, (&raw const mark).cast(), 1, layout.offset as i64) };
    }

    /// The file is one memory: two planes that overlap in it are not apart, and the crate must have refused them, unless they
    /// may be cookies that are made from indices, which are no positions. This kernel cannot be one that makes such cookies.
    fn start(&self) -> Outcome {
        let mut apart = Ok(());
        for (number, one) in self.layouts.iter().enumerate() {
            for other in &self.layouts[..number] {
                let (low, high) = if one.offset < other.offset { (one, other) } else { (other, one) };
                let distance = high.offset - low.offset;
                if distance >= low.length {
                    continue;
                }
                let steps = high.place.abs_diff(low.place);
                let rising = (high.place > low.place) == (high.offset > low.offset);
                let from_indices = rising
                    && distance.is_multiple_of(steps)
                    && (distance / steps).is_power_of_two()
                    && distance / steps >= 4096;
                assert!(from_indices, "mapped although they overlap: {:#x} and {:#x}", low.offset, high.offset);
                apart = Err(libc::EIO);
            }
        }
        apart
    }
}

/// What comes of a call: an errno, if it fails.
pub type Outcome = Result<(), c_int>;
