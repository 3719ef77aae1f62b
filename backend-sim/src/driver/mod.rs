//! The driver layer: when frames end, which buffer each of them is in, and what is in it.
//!
//! A [`Node`](crate::kernel::Node) is what a program sees of a device. What the hardware does to it meanwhile is an [`Engine`]'s business,
//! which has neither a clock nor memory of its own: it is given the time ([`Engine::run_until`]), and writes where a [`Bytes`] puts
//! it. [`Sim`](crate::Sim) runs one on virtual time in borrowed memory; a simulated camera for other processes runs the same on
//! CLOCK_MONOTONIC in their memory. Scripts, recordings, faults by chance, failing calls and false reports are the same in both.
//!
//! | file | what it decides |
//! |---|---|
//! | `schedule` | when a frame ends |
//! | `source`, `script`, `plan` | what becomes of it: a recording, a script, chance |
//! | `calls`, `lying` | which calls fail, and what is reported that is not so |
//! | `completion` | which buffer it is in, and what the driver reports of it |
//! | `contents`, `picture` | what is in the buffer |
//! | `bytes` | where that is |
//! | `cables` | when something else arrives at an input |
//!
//! ```
//! use std::time::Duration;
//!
//! use vidbuf_sim::driver::{Bytes, Engine, Place, Unreachable};
//! use vidbuf_sim::kernel::abi::buffer::{V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_requestbuffers};
//! use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_REQBUFS, VIDIOC_STREAMON};
//! use vidbuf_sim::kernel::{Node, OpenMode, PlaneMemory};
//! use vidbuf_sim::{Event, Kernel, Profile, Errno};
//!
//! /// The node's memory, in one piece.
//! struct Ram(Vec<u8>);
//!
//! impl Bytes for Ram {
//!     fn write(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable> {
//!         let PlaneMemory::Own(start) = place.memory else { return Err(Unreachable) };
//!         self.0[start + offset..][..bytes.len()].copy_from_slice(bytes);
//!         Ok(())
//!     }
//!
//!     fn read(&mut self, place: &Place, offset: usize, bytes: &mut [u8]) -> Result<(), Unreachable> {
//!         let PlaneMemory::Own(start) = place.memory else { return Err(Unreachable) };
//!         bytes.copy_from_slice(&self.0[start + offset..][..bytes.len()]);
//!         Ok(())
//!     }
//! }
//!
//! let mut ram = Ram(vec![0; 1 << 20]);
//! let mut node = Node::<8>::new(Profile::VIVID, Kernel::V6_12, 4096, ram.0.len());
//! let mut engine = Engine::new(Duration::from_millis(10));
//! engine.script([Event::Drop(2)]);
//!
//! let file = node.open(OpenMode::NONBLOCKING)?;
//! let (mut type_, memory) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP);
//! node.call(file, VIDIOC_REQBUFS, &mut v4l2_requestbuffers { count: 2, type_, memory, ..Default::default() }, &mut [])?;
//! for index in 0..2 {
//!     node.call(file, VIDIOC_QBUF, &mut v4l2_buffer { index, type_, memory, ..Default::default() }, &mut [])?;
//! }
//! // It is 5 ms past whatever the clock counts from.
//! engine.run_until(&mut node, &mut ram, 5_000_000);
//! node.call(file, VIDIOC_STREAMON, &mut type_, &mut [])?;
//! engine.follow(&node);
//! assert_eq!(engine.next_ns(&node), Some(35_000_000));
//!
//! let mut buffer = v4l2_buffer { type_, memory, ..Default::default() };
//! engine.run_until(&mut node, &mut ram, 34_000_000);
//! assert_eq!(node.call(file, VIDIOC_DQBUF, &mut buffer, &mut []), Err(Errno::EAGAIN));
//! engine.run_until(&mut node, &mut ram, 36_000_000);
//! node.call(file, VIDIOC_DQBUF, &mut buffer, &mut [])?;
//! assert_eq!((buffer.sequence, buffer.timestamp.tv_usec), (2, 35_000));
//! # Ok::<(), Errno>(())
//! ```

mod bytes;
mod cables;
mod calls;
mod completion;
mod contents;
mod lying;
pub(crate) mod picture;
pub(crate) mod plan;
mod schedule;
pub(crate) mod script;
mod source;

pub use bytes::{Bytes, Place, Unreachable};

use core::time::Duration;

use heapless::Vec;

use crate::cable::Cable;
use crate::kernel::{NodeOf, QueueId, Rooms};
use crate::recording::Recording;
use crate::report::{Sent, SentRing};
use plan::{Odds, Plan};
use script::{Event, Script, nanos};
use source::{Player, Source};

/// What a device does by itself: it ends frames when they are due, picks the buffers, and reads and writes their bytes.
///
/// It belongs to one node. After each call on the node it looks whether the stream has started or ended
/// ([`follow`](Self::follow)); before each, and whenever [`next_ns`](Self::next_ns) is due, time is made to pass
/// ([`run_until`](Self::run_until)).
///
/// Of a memory-to-memory node it drives the queues of the first file.
pub struct Engine<'m> {
    pub(crate) script: Script,
    /// What decides over frames that are not in the script.
    source: Source<'m>,
    sent: SentRing,
    interval_ns: u64,
    pictures: bool,
    /// When the next frame ends, for a driver that runs.
    next_ns: u64,
    /// When the driver was started.
    started_ns: u64,
    running: bool,
    /// What will arrive at the input in use, and when, in order.
    cables: Vec<(u64, Cable), CABLES>,
}

/// How many changes of what arrives can be planned.
const CABLES: usize = 8;

/// An engine at work on its node.
struct Work<'w, 'm, R, B: ?Sized> {
    engine: &'w mut Engine<'m>,
    node: &'w mut NodeOf<R>,
    bytes: &'w mut B,
}

impl<'m> Engine<'m> {
    /// Good frames at this distance, with [`Picture`](crate::Picture)s in them.
    pub fn new(interval: Duration) -> Self {
        let mut engine = Self {
            script: Script::default(),
            source: Source::Steady,
            sent: SentRing::default(),
            interval_ns: 0,
            pictures: true,
            next_ns: 0,
            started_ns: 0,
            running: false,
            cables: Vec::new(),
        };
        engine.set_interval(interval);
        engine
    }

    /// Time between frames, from the frame after the next.
    pub fn set_interval(&mut self, interval: Duration) {
        self.interval_ns = nanos(interval).max(1);
    }

    /// Time between frames.
    pub fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval_ns)
    }

    pub(crate) fn interval_ns(&self) -> u64 {
        self.interval_ns
    }

    /// Whether pictures are drawn, and checksums taken of what is sent.
    pub fn set_pictures(&mut self, drawn: bool) {
        self.pictures = drawn;
    }

    /// Lets chance decide over frames and calls that are not in the script: see [`Sim::seeded`](crate::Sim::seeded).
    pub fn seed(&mut self, seed: u64, odds: Odds) {
        self.source = Source::Plan(Plan::new(seed, odds));
    }

    /// Does what a real device did: see [`Sim::replay`](crate::Sim::replay). The node is to have the
    /// [profile](Recording::profile) and the [format](NodeOf::adopt_format) of the recording.
    pub fn replay(&mut self, recording: &Recording<'m>) {
        self.source = Source::Recording(Player::new(recording.happenings()));
    }

    /// What becomes of the next frames, after what is already planned. False if the script is full
    /// ([`SCRIPT`](crate::SCRIPT) events); the rest is not planned then.
    pub fn script(&mut self, events: impl IntoIterator<Item = Event>) -> bool {
        events.into_iter().all(|event| self.script.push(event).is_ok())
    }

    /// Forgets all planned events, false reports, failing calls and changes of the cable.
    pub fn clear_script(&mut self) {
        self.script.clear();
        self.cables.clear();
    }

    /// How many output buffers the device has taken.
    pub fn sent(&self) -> u32 {
        self.sent.total
    }

    /// The `back`-th last of them, 0 is the last; 32 are kept.
    pub fn latest_sent(&self, back: usize) -> Option<Sent> {
        self.sent.latest(back)
    }

    /// Whether the driver would finish a buffer at its next frame. A codec needs one of each queue.
    pub(crate) fn can_complete<R: Rooms>(node: &NodeOf<R>) -> bool {
        node.can_complete(QueueId::FIRST) && (!node.is_codec() || node.can_complete(QueueId::SECOND))
    }
}

impl core::fmt::Debug for Engine<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { interval_ns, next_ns, running, .. } = self;
        f.debug_struct("Engine")
            .field("running", running)
            .field("next_ns", next_ns)
            .field("interval_ns", interval_ns)
            .finish_non_exhaustive()
    }
}
