//! What the program has, written down apart from the queue's own table.

use vidbuf::Backend;
use vidbuf::queue::{Holders, QueueKind, State};

/// Buffers a queue here has room for.
pub const CAPACITY: usize = 4;

/// Who has each buffer, as the program knows it.
#[derive(Default)]
pub struct Ledger {
    tokens: [bool; CAPACITY],
    parked: [bool; CAPACITY],
    forgotten: [bool; CAPACITY],
}

impl Ledger {
    /// The queue gave out a token for this buffer.
    pub fn taken(&mut self, index: u32) {
        let index = index as usize;
        let owned = self.tokens[index] || self.parked[index] || self.forgotten[index];
        assert!(!owned, "buffer {index} has two owners");
        self.tokens[index] = true;
    }

    /// The token is gone: requeued or dropped.
    pub fn given(&mut self, index: u32) {
        assert!(std::mem::take(&mut self.tokens[index as usize]));
    }

    /// The token is gone, the buffer not back.
    pub fn forgotten(&mut self, index: u32) {
        self.given(index);
        self.forgotten[index as usize] = true;
    }

    /// The token was put aside.
    pub fn parked(&mut self, index: u32) {
        self.given(index);
        self.parked[index as usize] = true;
    }

    /// The token put aside was taken up again.
    pub fn unparked(&mut self, index: u32) {
        assert!(std::mem::take(&mut self.parked[index as usize]));
        self.tokens[index as usize] = true;
    }

    /// Compares with the queue's own count.
    pub fn compare<B: Backend, S: State, K: QueueKind>(
        &self,
        queue: &vidbuf::Queue<B, S, K, CAPACITY>,
        granted: usize,
    ) {
        let count = |flags: &[bool]| flags.iter().filter(|flag| **flag).count();
        let Holders { free, driver, held, parked, .. } = queue.holders();
        assert_eq!(held, count(&self.tokens) + count(&self.forgotten));
        assert_eq!(parked, count(&self.parked));
        assert_eq!(free + driver + held + parked, granted);
    }
}
