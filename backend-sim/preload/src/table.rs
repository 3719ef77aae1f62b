//! Which descriptors are ours.

use core::sync::atomic::{AtomicI32, AtomicU8, Ordering};
use std::collections::BTreeMap;

use vidbuf_sim::kernel::File;

/// What a descriptor of ours is.
#[derive(Clone, Copy)]
pub enum Entry {
    /// An open node.
    Node(Open),
    /// An exported buffer.
    Export(u32),
    /// An epoll instance that watches a node.
    Epoll,
}

/// An open node.
#[derive(Clone, Copy)]
pub struct Open {
    /// Which.
    pub device: usize,
    /// The open file, shared by duplicates of the descriptor.
    pub file: File,
}

/// Highest descriptor that can be ours.
const MOST: usize = 1 << 16;

/// One a descriptor: 0 is foreign. Foreign descriptors must not cost a lock, nor wait for one in a signal handler.
static OURS: [AtomicU8; MOST] = [const { AtomicU8::new(0) }; MOST];

/// The process that all this belongs to.
static PROCESS: AtomicI32 = AtomicI32::new(0);

/// Whether this process has the table. A child of `vfork` has not: it has its parent's memory, and descriptors of its own, which
/// it closes before it becomes another program.
pub fn is_mine() -> bool {
    // SAFETY: asks for a number.
    PROCESS.load(Ordering::Relaxed) == unsafe { libc::getpid() }
}

/// Whether a descriptor is ours.
pub fn is_ours(fd: i32) -> bool {
    let mark = usize::try_from(fd).ok().and_then(|fd| OURS.get(fd));
    mark.is_some_and(|mark| mark.load(Ordering::Acquire) != 0) && is_mine()
}

/// This process has the table, or its copy of it after `fork`.
pub fn belongs_here() {
    // SAFETY: asks for a number.
    PROCESS.store(unsafe { libc::getpid() }, Ordering::Relaxed);
}

/// The entries. An entry is there before its mark is, and longer.
pub struct Table {
    entries: BTreeMap<i32, Entry>,
}

impl Table {
    /// Nothing.
    pub const fn new() -> Self {
        Self { entries: BTreeMap::new() }
    }

    /// Enters a descriptor. False if the number is too high.
    pub fn enter(&mut self, fd: i32, entry: Entry) -> bool {
        let Some(mark) = usize::try_from(fd).ok().and_then(|fd| OURS.get(fd)) else { return false };
        self.entries.insert(fd, entry);
        mark.store(1, Ordering::Release);
        true
    }

    /// Strikes a descriptor out.
    pub fn strike(&mut self, fd: i32) -> Option<Entry> {
        let entry = self.entries.remove(&fd)?;
        if let Some(mark) = usize::try_from(fd).ok().and_then(|fd| OURS.get(fd)) {
            mark.store(0, Ordering::Release);
        }
        Some(entry)
    }

    /// Our descriptors from one number to another.
    pub fn between(&self, first: i32, last: i32) -> Vec<i32> {
        if first > last { Vec::new() } else { self.entries.range(first..=last).map(|(fd, _)| *fd).collect() }
    }

    /// What a descriptor is.
    pub fn get(&self, fd: i32) -> Option<Entry> {
        self.entries.get(&fd).copied()
    }

    /// The open node behind a descriptor.
    pub fn node(&self, fd: i32) -> Option<Open> {
        match self.get(fd) {
            Some(Entry::Node(open)) => Some(open),
            _ => None,
        }
    }
}
