//! The driver in real time. Nothing runs beside the program: each call on a node first completes the frames that are due.

use vidbuf_sim::Picture;
use vidbuf_sim::driver::{Bytes, Place, Unreachable};
use vidbuf_sim::kernel::PlaneMemory;

use crate::device::Device;
use crate::exports::Exports;
use crate::foreign::{read_user, write_user};
use crate::memory::{Memory, Piece};

/// CLOCK_MONOTONIC.
pub fn now_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a clock that always exists, and a place for the result.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

impl Device {
    /// Lets all frames happen that are due by now.
    pub fn catch_up(&mut self, exports: &Exports) {
        let now = now_ns();
        let mut reach = Reach { memory: &self.memory, exports, scratch: &mut self.scratch };
        self.engine.run_until(&mut self.node, &mut reach, now);
    }

    /// Looks whether the driver was started or stopped.
    pub fn follow(&mut self, now: u64) {
        self.node.set_now_ns(now);
        self.engine.follow(&self.node);
    }

    /// When a sleeper would have something to look at; `None`: when another thread does something.
    pub fn due(&self) -> Option<u64> {
        self.engine.next_ns(&self.node)
    }
}

/// The memory that a node's buffers are made of.
struct Reach<'a> {
    memory: &'a Memory,
    exports: &'a Exports,
    /// Where pictures for the program's own memory are drawn first: each write there is a system call.
    scratch: &'a mut Vec<u8>,
}

impl Reach<'_> {
    fn piece(&self, memory: PlaneMemory) -> Result<Piece, Unreachable> {
        match memory {
            PlaneMemory::Own(at) => self.memory.get(at),
            PlaneMemory::DmaBuf(id) => self.exports.piece(id),
            _ => None,
        }
        .ok_or(Unreachable)
    }
}

impl Bytes for Reach<'_> {
    fn write(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable> {
        match place.memory {
            PlaneMemory::User(address) => {
                write_user(address + offset as u64, bytes);
            }
            memory => self.piece(memory)?.write(offset, bytes),
        }
        Ok(())
    }

    fn read(&mut self, place: &Place, offset: usize, bytes: &mut [u8]) -> Result<(), Unreachable> {
        match place.memory {
            PlaneMemory::User(address) => {
                read_user(address + offset as u64, bytes);
            }
            memory => self.piece(memory)?.read(offset, bytes),
        }
        Ok(())
    }

    fn draw(&mut self, place: &Place, picture: &Picture) -> Result<(), Unreachable> {
        let extent = picture.extent(place.plane as usize);
        let extent = extent.start..extent.end.min(place.length);
        self.scratch.resize(extent.end, 0);
        picture.draw(place.plane as usize, self.scratch);
        let scratch = core::mem::take(self.scratch);
        let outcome = scratch.get(extent.clone()).map_or(Ok(()), |bytes| self.write(place, extent.start, bytes));
        *self.scratch = scratch;
        outcome
    }
}
