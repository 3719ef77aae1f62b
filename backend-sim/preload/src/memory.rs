//! Buffer memory: a memfd for each plane, so that mappings, exports and child processes share it as they share a device's.

use std::collections::BTreeMap;

use crate::errno::last;
use crate::next;
use vidbuf_sim::Errno;

/// The memory of one plane, mapped here as well: the driver's side.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// The memfd.
    pub fd: i32,
    /// Where it is mapped here.
    pub address: usize,
    /// Bytes, whole pages.
    pub length: usize,
}

impl Piece {
    fn new(length: usize) -> Result<Self, Errno> {
        // SAFETY: a name that ends with a zero.
        let fd = unsafe { libc::memfd_create(c"vidbuf-sim".as_ptr(), libc::MFD_CLOEXEC) };
        if fd < 0 {
            return Err(last());
        }
        let piece = Self { fd, address: 0, length };
        // SAFETY: our own descriptor; a new mapping of it.
        let address = unsafe {
            if libc::ftruncate(fd, length as i64) != 0 {
                let errno = last();
                piece.give_back();
                return Err(errno);
            }
            let protection = libc::PROT_READ | libc::PROT_WRITE;
            next::mmap(core::ptr::null_mut(), length, protection, libc::MAP_SHARED, fd, 0)
        };
        if address == libc::MAP_FAILED {
            let errno = last();
            piece.give_back();
            return Err(errno);
        }
        Ok(Self { address: address as usize, ..piece })
    }

    fn give_back(self) {
        // SAFETY: our own mapping and descriptor, used by nothing after this.
        unsafe {
            if self.address != 0 {
                next::munmap(self.address as *mut _, self.length);
            }
            next::close(self.fd);
        }
    }

    /// Writes at `start`; what does not fit is left out.
    pub fn write(&self, start: usize, bytes: &[u8]) {
        let room = self.length.saturating_sub(start).min(bytes.len());
        // SAFETY: inside the mapping. The program maps the same memory; who may touch it when is its contract with V4L2.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), (self.address + start) as *mut u8, room) };
    }

    /// Reads at `start`; what is not there is left as it was.
    pub fn read(&self, start: usize, bytes: &mut [u8]) {
        let room = self.length.saturating_sub(start).min(bytes.len());
        // SAFETY: inside the mapping. The program maps the same memory; who may touch it when is its contract with V4L2.
        unsafe { core::ptr::copy_nonoverlapping((self.address + start) as *const u8, bytes.as_mut_ptr(), room) };
    }
}

/// The memory of a node, by where it begins.
pub struct Memory {
    pieces: BTreeMap<usize, Piece>,
}

impl Memory {
    /// None.
    pub const fn new() -> Self {
        Self { pieces: BTreeMap::new() }
    }

    /// The piece that begins there.
    pub fn get(&self, start: usize) -> Option<Piece> {
        self.pieces.get(&start).copied()
    }

    /// New, zeroed memory for a new buffer.
    pub fn make(&mut self, start: usize, length: usize) -> Result<(), Errno> {
        let piece = Piece::new(length)?;
        if let Some(old) = self.pieces.insert(start, piece) {
            old.give_back();
        }
        Ok(())
    }

    /// Gives back what the node's book has no longer.
    pub fn sweep(&mut self, mut lives: impl FnMut(usize) -> bool) {
        self.pieces.retain(|start, piece| {
            let keep = lives(*start);
            if !keep {
                piece.give_back();
            }
            keep
        });
    }
}
