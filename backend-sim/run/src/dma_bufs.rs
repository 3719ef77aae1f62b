//! Buffers of one camera that another one uses (V4L2_MEMORY_DMABUF), by a number.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::system::memfd::Piece;

/// All of them.
#[derive(Debug, Default)]
pub struct DmaBufs {
    list: BTreeMap<u32, Rc<Piece>>,
    last: u32,
}

impl DmaBufs {
    /// The number of a buffer's memory, which is the same each time.
    pub fn number(&mut self, piece: &Rc<Piece>) -> u32 {
        if let Some((number, _)) = self.list.iter().find(|(_, known)| Rc::ptr_eq(known, piece)) {
            return *number;
        }
        // 0 is none.
        self.last = self.last.wrapping_add(1).max(1);
        self.list.insert(self.last, piece.clone());
        self.last
    }

    /// The memory with this number.
    pub fn piece(&self, number: u32) -> Option<&Piece> {
        self.list.get(&number).map(|piece| &**piece)
    }

    /// Forgets those that no camera uses.
    pub fn sweep(&mut self, mut attached: impl FnMut(u32) -> bool) {
        self.list.retain(|number, _| attached(*number));
    }
}
