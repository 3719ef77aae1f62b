//! What a finished buffer must look like, whatever the clock says.

use vidbuf_abi::buffer::v4l2_buffer;
use vidbuf_sim::kernel::{Node, QueueId};

/// A buffer that the real driver has finished: the facts that only it can know.
#[derive(Clone, Copy, Debug)]
pub struct Finished {
    /// Which.
    pub index: u32,
    /// Frame counter.
    pub sequence: u32,
    /// When, in whole microseconds.
    pub timestamp_ns: u64,
}

impl Finished {
    /// From the kernel's answer about it.
    pub fn of(buffer: &v4l2_buffer) -> Self {
        let seconds = buffer.timestamp.tv_sec as u64;
        let timestamp_ns = seconds * 1_000_000_000 + buffer.timestamp.tv_usec as u64 * 1000;
        Self { index: buffer.index, sequence: buffer.sequence, timestamp_ns }
    }
}

/// The longest frame time of the nodes here, rounded up, and the shortest, rounded down.
const FRAME: u64 = 34_000_000;
const SHORTEST: u64 = 8_000_000;
const SECOND: u64 = 1_000_000_000;

/// Shorter than the usual frame times, longer than vivid's shortest.
const USUAL: u64 = 16_000_000;

/// The clock's order, over a sequence.
#[derive(Debug, Default)]
pub struct Timing {
    started: bool,
    started_ns: u64,
    latest: Option<Finished>,
}

/// `CLOCK_MONOTONIC`.
fn now_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: one `timespec` that lives here.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

impl Timing {
    /// Notices when the driver starts and stops: sequence numbers begin again.
    pub fn look<const BUFFERS: usize>(&mut self, node: &Node<BUFFERS, 1>) {
        if node.is_started(QueueId::FIRST) != self.started {
            self.started = node.is_started(QueueId::FIRST);
            self.started_ns = now_ns();
            self.latest = None;
        }
    }

    /// A frame is later than the one before it, has a greater number, and is of this time: vivid computes when a picture
    /// ends, which may be up to a frame time from now. And it counts two pictures as one when drawing the first took longer
    /// than a tick of its timer; then they have the time in common, too. At 120 frames a second, which its timer is too coarse for, two
    /// may have the number alone in common.
    pub fn check(&mut self, finished: &Finished) -> Result<(), String> {
        let now = now_ns();
        if finished.timestamp_ns < self.started_ns.saturating_sub(SECOND) || finished.timestamp_ns > now + FRAME {
            return Err(format!("timestamp {} ns, and it is {now} ns now", finished.timestamp_ns));
        }
        if let Some(latest) = self.latest {
            let twin = (finished.sequence, finished.timestamp_ns) == (latest.sequence, latest.timestamp_ns);
            let quick = finished.sequence == latest.sequence
                && finished.timestamp_ns > latest.timestamp_ns
                && finished.timestamp_ns - latest.timestamp_ns < USUAL;
            if finished.sequence <= latest.sequence && !twin && !quick {
                return Err(format!("frame {} after frame {}", finished.sequence, latest.sequence));
            }
            if finished.timestamp_ns <= latest.timestamp_ns && !twin {
                return Err(format!("{} ns after {} ns", finished.timestamp_ns, latest.timestamp_ns));
            }
        }
        let most = 2 + now.saturating_sub(self.started_ns) / SHORTEST;
        if u64::from(finished.sequence) > most {
            return Err(format!("frame {} within the time of {most}", finished.sequence));
        }
        self.latest = Some(*finished);
        Ok(())
    }
}
