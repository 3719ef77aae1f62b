//! An open file of a camera's: the connection whose other end the program has, and what that end shows.

use std::os::fd::BorrowedFd;

use vidbuf_sim::kernel::File;

use crate::system::process;
use crate::system::socket::{self, End, Peer};

/// An open file.
#[derive(Debug)]
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
    seen: (i32, i32),
    /// Whether it takes part in streaming.
    pub engaged: bool,
    /// The last descriptor is closed, and a call still sleeps.
    pub closed: bool,
    readable: bool,
    writable: bool,
    priority: bool,
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
}

impl OpenFile {
    /// A new file, ready for nothing.
    pub fn new(device: usize, file: File, inode: (u64, u64), peer: Peer) -> Self {
        Self {
            device,
            file,
            inode,
            peer,
            seen: (0, -1),
            engaged: false,
            closed: false,
            readable: false,
            writable: false,
            priority: false,
        }
    }

    /// A thread makes a call on this descriptor of the file.
    pub fn used_by(&mut self, thread: i32, descriptor: i32) {
        self.seen = (thread, descriptor);
    }

    /// Borrows the program's end; `None` if nobody is known to have it any more.
    pub fn end(&self) -> Option<End> {
        let (thread, descriptor) = self.seen;
        let end = process::borrow(thread, descriptor).ok()?;
        use std::os::fd::AsRawFd;
        // The number may be another file's by now.
        (process::inode(end.as_raw_fd()).ok()? == self.inode).then_some(End(end))
    }

    /// Has the program's end show this for the first time, while it is still here.
    pub fn show_first(&mut self, ready: Ready, end: BorrowedFd<'_>) {
        if ready.writable {
            socket::set_writable(end, true);
            self.writable = true;
        }
        self.show(ready, false);
    }

    /// Has the program's end show this. `frames`: buffers have come back since, each an edge.
    pub fn show(&mut self, ready: Ready, frames: bool) {
        let clears = (self.readable && !ready.readable) || (self.priority && !ready.priority);
        if clears || self.writable != ready.writable {
            // Without a descriptor nobody polls.
            if let Some(end) = self.end() {
                if self.priority && !ready.priority {
                    end.clear_priority();
                }
                if self.readable && !ready.readable {
                    end.clear_readable();
                }
                if self.writable != ready.writable {
                    end.set_writable(ready.writable);
                }
            }
        } else if self.writable && frames {
            // Once more, for those that wait for edges.
            if let Some(end) = self.end() {
                end.set_writable(false);
                end.set_writable(true);
            }
        }
        if ready.readable && (frames || !self.readable) {
            self.peer.set_readable();
        }
        if ready.priority && !self.priority {
            self.peer.set_priority();
        }
        (self.readable, self.writable, self.priority) = (ready.readable, ready.writable, ready.priority);
    }
}
