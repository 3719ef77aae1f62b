//! An open file of a camera's: the connection whose other end the program has, and what that end shows.

use std::cell::Cell;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use vidbuf_sim::kernel::File;

use crate::system::process;
use crate::system::socket::{self, End, Peer};

/// An open file.
pub struct OpenFile {
    /// Which camera.
    pub device: usize,
    /// In its model.
    pub file: File,
    /// Of the program's end, which is the same in every process and for every descriptor of it.
    pub inode: (u64, u64),
    /// Our end.
    pub peer: Peer,
    /// A thread and its descriptor of the file, as it last used it.
    seen: Cell<(i32, i32)>,
    /// That thread's process.
    process: Cell<Option<(i32, OwnedFd)>>,
    /// Whether it takes part in streaming.
    pub engaged: bool,
    /// A copy of the program's end, where none can be borrowed. While it is kept the last close is not seen.
    copy: Option<OwnedFd>,
    /// The last descriptor is closed, and a call still sleeps.
    pub closed: bool,
    shown: Ready,
}

/// What a program that polls the file sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// POLLIN.
    pub readable: bool,
    /// POLLOUT.
    pub writable: bool,
    /// POLLPRI.
    pub priority: bool,
    /// POLLERR.
    pub error: bool,
    /// POLLHUP, for good.
    pub gone: bool,
}

impl OpenFile {
    /// A new file. It shows nothing yet.
    pub fn new(device: usize, file: File, inode: (u64, u64), peer: Peer, copy: Option<OwnedFd>) -> Self {
        let (seen, process, shown) = (Cell::new((0, -1)), Cell::default(), Ready::default());
        Self { device, file, inode, peer, copy, seen, process, engaged: false, closed: false, shown }
    }

    /// A thread makes a call on this descriptor of the file.
    pub fn used_by(&mut self, thread: i32, descriptor: i32) {
        self.seen.set((thread, descriptor));
    }

    /// Borrows the program's end; `None` if no process has it any more.
    pub fn end(&self) -> Option<End> {
        if let Some(copy) = &self.copy {
            return copy.try_clone().ok().map(End);
        }
        self.borrow(self.seen.get()).or_else(|| {
            // That descriptor is closed; there may be others.
            let found = process::find(self.inode)?;
            self.seen.set(found);
            self.borrow(found)
        })
    }

    fn borrow(&self, (thread, descriptor): (i32, i32)) -> Option<End> {
        let known = self.process.take().filter(|(known, _)| *known == thread);
        let end = known.and_then(|(_, process)| Some((process::borrow(&process, descriptor).ok()?, process)));
        let (end, process) = end.or_else(|| {
            let process = process::open(thread).ok()?;
            Some((process::borrow(&process, descriptor).ok()?, process))
        })?;
        self.process.set(Some((thread, process)));
        // The descriptor may be another file's by now.
        (process::inode(end.as_raw_fd()).ok()? == self.inode).then_some(End(end))
    }

    /// Has the program's end show this for the first time, while it is still here.
    pub fn show_first(&mut self, ready: Ready, end: BorrowedFd<'_>) {
        if ready.writable {
            socket::set_writable(end, true);
            self.shown.writable = true;
        }
        self.show(ready, false);
    }

    /// Has the program's end show this. `frames`: buffers have come back since, each an edge.
    pub fn show(&mut self, ready: Ready, frames: bool) {
        let before = core::mem::replace(&mut self.shown, ready);
        let gone = |was: bool, is: bool| was && !is;
        let clears = gone(before.readable, ready.readable)
            || gone(before.priority, ready.priority)
            || gone(before.error, ready.error);
        // The bytes of priority would fill the queue, so it is emptied.
        let empties = gone(before.priority, ready.priority);
        // Once more for those that wait for edges, if it is ready already.
        let again = before.writable && ready.writable && frames;
        // Without a descriptor no program polls.
        let gone_now = ready.gone && !before.gone;
        if (clears || again || gone_now || before.writable != ready.writable)
            && let Some(end) = self.end()
        {
            if gone(before.error, ready.error) {
                end.clear_error();
            }
            if gone(before.priority, ready.priority) {
                end.clear_priority();
            }
            if gone(before.readable, ready.readable) {
                end.clear_readable();
            }
            if again {
                end.set_writable(false);
            }
            if again || before.writable != ready.writable {
                end.set_writable(ready.writable);
            }
            if gone_now {
                end.hang_up();
            }
        }
        if ready.error && !before.error {
            self.peer.set_error();
        }
        // What arrives at an end that is hung up resets the connection, as its last close would.
        if ready.gone {
            return;
        }
        if ready.readable && (frames || empties || !before.readable) {
            self.peer.set_readable();
        }
        if ready.priority && !before.priority {
            self.peer.set_priority();
        }
    }
}
