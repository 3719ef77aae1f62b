//! The driver in real time. Nothing runs beside the program: each call on a node first completes the frames that are due.

use vidbuf_sim::Picture;
use vidbuf_sim::kernel::PlaneMemory;

use crate::device::Device;
use crate::exports::Exports;
use crate::foreign::write_user;

/// CLOCK_MONOTONIC.
pub fn now_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a clock that always is, and a place for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// When the driver's next frame ends.
#[derive(Default)]
pub struct Clock {
    next_ns: u64,
    running: bool,
}

impl Device {
    /// Lets all frames happen that are due by now.
    pub fn catch_up(&mut self, exports: &Exports) {
        let now = now_ns();
        self.follow(now);
        while self.clock.running && self.clock.next_ns <= now {
            self.node.set_now_ns(self.clock.next_ns);
            let frames = if self.node.can_complete(0) {
                self.finish_frame(exports);
                1
            } else {
                let missed = (now - self.clock.next_ns) / self.interval_ns + 1;
                self.node.skip_frames(0, missed);
                missed
            };
            self.clock.next_ns += self.interval_ns * frames;
        }
        self.node.set_now_ns(now);
    }

    /// Looks whether the driver was started or stopped.
    pub fn follow(&mut self, now: u64) {
        let started = self.node.is_started(0);
        if started && !self.clock.running {
            self.clock.next_ns = now + self.interval_ns;
        }
        self.clock.running = started;
    }

    /// When a sleeper would have something to look at; `None`: when somebody else does something.
    pub fn due(&self) -> Option<u64> {
        (self.clock.running && self.node.can_complete(0)).then_some(self.clock.next_ns)
    }

    fn finish_frame(&mut self, exports: &Exports) {
        let Some(index) = self.node.active_buffer(0, 0) else { return };
        let Some(sequence) = self.node.next_sequence(0) else { return };
        let completion = self.node.good_frame(0, sequence);
        if let (Some(format), Some(payload)) = (self.node.format(0), &completion.payload) {
            let picture = Picture::new(format, sequence);
            for plane in 0..format.planes {
                let Some((memory, length)) = self.node.plane_bytes(0, index, plane) else { continue };
                let payload = payload[plane as usize];
                self.scratch.resize(payload.bytesused.min(length) as usize, 0);
                picture.draw(plane as usize, &mut self.scratch);
                let start = payload.data_offset as usize;
                let Some(bytes) = self.scratch.get(start..) else { continue };
                match memory {
                    PlaneMemory::Own(at) => {
                        if let Some(piece) = self.memory.get(at) {
                            piece.write(start, bytes);
                        }
                    }
                    PlaneMemory::User(address) => write_user(address + start as u64, bytes),
                    PlaneMemory::DmaBuf(id) => {
                        if let Some(piece) = exports.piece(id) {
                            piece.write(start, bytes);
                        }
                    }
                    _ => {}
                }
            }
        }
        self.node.complete(0, index, &completion);
    }
}
