//! Exported buffers (VIDIOC_EXPBUF), by a number that is the same for all descriptors of one.

use vidbuf_sim::kernel::{DmaBuf, Export};

use crate::memory::Piece;

/// One exported buffer.
pub struct Exported {
    /// Whose memory it is.
    pub device: usize,
    /// The node's hold on it.
    pub export: Export,
    /// The memory.
    pub piece: Piece,
    /// Descriptors and mappings.
    pub users: usize,
}

/// All of them. A number is a place in the list, from 1.
pub struct Exports {
    list: Vec<Option<Exported>>,
}

impl Exports {
    /// None.
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds one, with one user.
    pub fn add(&mut self, device: usize, export: Export, piece: Piece) -> u32 {
        let place = self.list.iter().position(Option::is_none).unwrap_or(self.list.len());
        if place == self.list.len() {
            self.list.push(None);
        }
        self.list[place] = Some(Exported { device, export, piece, users: 1 });
        place as u32 + 1
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Exported> {
        self.list.get_mut((id as usize).checked_sub(1)?)?.as_mut()
    }

    /// Its memory.
    pub fn piece(&self, id: u32) -> Option<Piece> {
        Some(self.list.get((id as usize).checked_sub(1)?)?.as_ref()?.piece)
    }

    /// What an importing node sees of it.
    pub fn as_dma_buf(&self, id: u32) -> Option<DmaBuf> {
        self.piece(id).map(|piece| DmaBuf { id, size: piece.length as u64 })
    }

    /// One user more.
    pub fn hold(&mut self, id: u32) {
        if let Some(exported) = self.get_mut(id) {
            exported.users += 1;
        }
    }

    /// One user less.
    pub fn drop_user(&mut self, id: u32) {
        if let Some(exported) = self.get_mut(id) {
            exported.users = exported.users.saturating_sub(1);
        }
    }

    /// Takes out one that is not used any more.
    pub fn take_unused(&mut self, attached: impl Fn(u32) -> bool) -> Option<Exported> {
        let unused = |(place, slot): (usize, &Option<Exported>)| {
            slot.as_ref().is_some_and(|exported| exported.users == 0 && !attached(place as u32 + 1)).then_some(place)
        };
        let place = self.list.iter().enumerate().find_map(unused)?;
        self.list[place].take()
    }
}
