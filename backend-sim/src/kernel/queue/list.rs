//! First in, first out: which buffers wait for what.

use super::slot::{BufferIndex, NONE, Slot};

/// A list, linked through [`Slot::next`].
#[derive(Clone, Copy, Debug)]
pub struct List {
    head: u16,
    tail: u16,
    pub count: u16,
}

impl List {
    pub const EMPTY: Self = Self { head: NONE, tail: NONE, count: 0 };

    #[inline]
    pub fn first(&self) -> Option<BufferIndex> {
        BufferIndex::of(self.head)
    }

    #[inline]
    pub fn push(&mut self, slots: &mut [Slot], index: BufferIndex) {
        let Some(slot) = slots.get_mut(index.number()) else { return };
        slot.next = NONE;
        match slots.get_mut(usize::from(self.tail)) {
            Some(tail) if self.tail != NONE => tail.next = index.short(),
            _ => self.head = index.short(),
        }
        self.tail = index.short();
        self.count += 1;
    }

    /// The `skip`-th from the front.
    pub fn nth(&self, slots: &[Slot], skip: usize) -> Option<BufferIndex> {
        let mut at = self.head;
        for _ in 0..skip {
            at = slots.get(usize::from(at))?.next;
        }
        BufferIndex::of(at)
    }

    /// Takes a buffer out, wherever it is. False if it is not in the list.
    pub fn remove(&mut self, slots: &mut [Slot], index: BufferIndex) -> bool {
        let mut before = NONE;
        let mut at = self.head;
        while at != NONE {
            let Some(next) = slots.get(usize::from(at)).map(|slot| slot.next) else { return false };
            if at == index.short() {
                match slots.get_mut(usize::from(before)) {
                    Some(slot) if before != NONE => slot.next = next,
                    _ => self.head = next,
                }
                if self.tail == at {
                    self.tail = before;
                }
                self.count -= 1;
                return true;
            }
            before = at;
            at = next;
        }
        false
    }

    #[inline]
    pub fn pop(&mut self, slots: &[Slot]) -> Option<BufferIndex> {
        let index = self.first()?;
        self.head = slots.get(index.number())?.next;
        if self.head == NONE {
            self.tail = NONE;
        }
        self.count -= 1;
        Some(index)
    }
}
