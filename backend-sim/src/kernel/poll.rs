//! poll.

use crate::profile::Flow;

use super::queue::Queue;
use super::room::{QueueId, Rooms};
use super::{File, NodeOf};

/// `POLL*` bits.
#[allow(missing_docs)]
pub mod events {
    pub const IN: u16 = 0x1;
    pub const PRI: u16 = 0x2;
    pub const OUT: u16 = 0x4;
    pub const ERR: u16 = 0x8;
    pub const HUP: u16 = 0x10;
    pub const NVAL: u16 = 0x20;
    pub const RDNORM: u16 = 0x40;
    pub const WRNORM: u16 = 0x100;

    pub(crate) const READ: u16 = IN | RDNORM;
    pub(crate) const WRITE: u16 = OUT | WRNORM;
}

use events::{ERR, HUP, NVAL, PRI, READ, WRITE};

impl<R: Rooms> NodeOf<R> {
    /// `poll` with these `events`: `revents` as it is now; 0 means that the caller would sleep.
    ///
    /// On a node with `read()` or `write()`, polling for data before anything is allocated starts file I/O.
    pub fn poll(&mut self, file: File, events: u16) -> u16 {
        let Ok(index) = self.open_file(file) else { return NVAL };
        let bits = if self.is_gone(file) {
            ERR | HUP | PRI
        } else if self.driver.profile.flow == Flow::MemoryToMemory {
            self.poll_pair(index, events)
        } else {
            self.poll_queue(index, events)
        };
        let bits = if self.has_event(index) { bits | PRI } else { bits };
        bits & (events | ERR | HUP)
    }

    fn poll_queue(&mut self, file: usize, events: u16) -> u16 {
        let Some(queue) = self.get(QueueId::FIRST) else { return ERR };
        let wanted = if queue.is_output() { WRITE } else { READ };
        if events & wanted == 0 {
            return 0;
        }
        if queue.count == 0 && !queue.file_io && self.driver.profile.read_write {
            let output = queue.is_output();
            match self.start_file_io(file) {
                Err(_) => return ERR,
                Ok(()) if output => return WRITE,
                Ok(()) => {}
            }
        }
        let Some(queue) = self.get(QueueId::FIRST) else { return ERR };
        if !queue.streaming || queue.error || (!queue.is_output() && queue.waiting_for_buffers) {
            return ERR;
        }
        let room = queue.is_output() && queue.file_io && queue.queued_count() < queue.count;
        if room || queue.done.count > 0 || queue.last_dequeued { wanted } else { 0 }
    }

    /// Memory-to-memory: ready for either direction, wrong only if neither queue can ever be.
    fn poll_pair(&self, file: usize, events: u16) -> u16 {
        let queue = |output| self.queue_for(file, output).map(|queue| self.room.queue(queue));
        let (Some(to), Some(from)) = (queue(true), queue(false)) else { return ERR };
        if events & (READ | WRITE) == 0 {
            return 0;
        }
        let alive =
            |queue: &Queue| queue.streaming && !queue.error && (queue.queued_count() > 0 || queue.last_dequeued);
        if !alive(to) && !alive(from) {
            return ERR;
        }
        let mut bits = 0;
        if to.done.count > 0 {
            bits |= WRITE;
        }
        if from.done.count > 0 || from.last_dequeued {
            bits |= READ;
        }
        bits
    }
}
