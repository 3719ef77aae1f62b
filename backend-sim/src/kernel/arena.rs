//! Device memory: pieces of one arena, counted by their users, so that they outlive their buffers.

/// No piece.
pub const NONE: u16 = u16::MAX;

/// A piece of the arena. Free when it has no user.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chunk {
    pub start: usize,
    /// Whole pages.
    pub length: usize,
    /// The buffer, each mapping and each exported dma-buf count one.
    pub users: u16,
}

/// The arena's book.
#[derive(Clone, Debug)]
pub struct ArenaOf<T: ?Sized> {
    size: usize,
    /// End of the highest piece since the arena was last empty.
    high: usize,
    live: usize,
    hint: usize,
    table: T,
}

/// The arena of a node with any number of buffers.
pub type Arena = ArenaOf<[[Chunk; 8]]>;

impl<T> ArenaOf<T> {
    /// An arena of `size` bytes with an empty table.
    pub const fn new(size: usize, table: T) -> Self {
        Self { size, high: 0, live: 0, hint: 0, table }
    }
}

impl Chunk {
    pub const FREE: Self = Self { start: 0, length: 0, users: 0 };
}

impl Arena {
    /// Whether a mapping or an export uses a piece, besides its buffer.
    pub fn is_shared(&self, index: u16) -> bool {
        self.get(index).is_some_and(|chunk| chunk.users > 1)
    }

    pub fn get(&self, index: u16) -> Option<&Chunk> {
        self.table.as_flattened().get(usize::from(index)).filter(|chunk| chunk.users > 0)
    }

    /// Allocates `length` bytes (whole pages) with one user.
    pub fn allocate(&mut self, length: usize) -> Option<u16> {
        let start = if self.size.checked_sub(length)? >= self.high { self.high } else { self.first_fit(length)? };
        let hint = self.hint;
        let table = self.table.as_flattened_mut();
        let count = table.len().min(usize::from(NONE));
        let slot = (hint..count).chain(0..hint.min(count)).find(|slot| table[*slot].users == 0)?;
        table[slot] = Chunk { start, length, users: 1 };
        self.hint = slot + 1;
        self.live += 1;
        self.high = self.high.max(start + length);
        Some(slot as u16)
    }

    fn first_fit(&self, length: usize) -> Option<usize> {
        let table = self.table.as_flattened();
        let mut start = 0usize;
        'again: loop {
            let end = start.checked_add(length).filter(|end| *end <= self.size)?;
            for chunk in table.iter().filter(|chunk| chunk.users > 0 && chunk.length > 0) {
                if chunk.start < end && start < chunk.start + chunk.length {
                    start = chunk.start + chunk.length;
                    continue 'again;
                }
            }
            return Some(start);
        }
    }

    pub fn hold(&mut self, index: u16) {
        if let Some(chunk) = self.table.as_flattened_mut().get_mut(usize::from(index)) {
            chunk.users = chunk.users.saturating_add(1);
        }
    }

    pub fn release(&mut self, index: u16) {
        let Some(chunk) = self.table.as_flattened_mut().get_mut(usize::from(index)) else { return };
        if chunk.users == 0 {
            return;
        }
        chunk.users -= 1;
        if chunk.users == 0 {
            self.live -= 1;
            self.hint = self.hint.min(usize::from(index));
            if self.live == 0 {
                self.high = 0;
            }
        }
    }

    /// Whether a live piece begins there.
    pub fn at(&self, start: usize) -> bool {
        self.table.as_flattened().iter().any(|chunk| chunk.users > 0 && chunk.start == start)
    }

    /// Pieces that are alive, orphans included.
    pub fn live(&self) -> usize {
        self.live
    }
}
