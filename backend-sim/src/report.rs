//! What a test may want to look at afterwards: what was sent, and what the program did that it should not have.

use heapless::{HistoryBuf, Vec};

/// An output buffer that the device has taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Sent {
    /// Which buffer.
    pub index: u32,
    /// Frame counter.
    pub sequence: u32,
    /// Payload bytes of all planes.
    pub bytes: u32,
    /// [`checksum`] of the payload, plane after plane.
    pub checksum: u32,
    /// When it was finished.
    pub at_ns: u64,
}

impl Sent {
    pub(crate) fn new(index: u32, sequence: u32, at_ns: u64) -> Self {
        Self { index, sequence, bytes: 0, checksum: START, at_ns }
    }

    pub(crate) fn add(&mut self, piece: &[u8]) {
        self.checksum = step(self.checksum, piece);
    }
}

const START: u32 = 0x811c_9dc5;

fn step(mut sum: u32, bytes: &[u8]) -> u32 {
    for byte in bytes {
        sum = (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    }
    sum
}

/// The checksum in [`Sent`] (FNV-1a, 32 bits).
pub fn checksum(bytes: &[u8]) -> u32 {
    step(START, bytes)
}

/// Sent buffers that are remembered.
const SENT: usize = 32;

#[derive(Default)]
pub(crate) struct SentRing {
    latest: HistoryBuf<Sent, SENT>,
    pub total: u32,
}

impl SentRing {
    pub fn push(&mut self, sent: Sent) {
        self.latest.write(sent);
        self.total = self.total.wrapping_add(1);
    }

    /// The `back`-th last, 0 is the last.
    pub fn latest(&self, back: usize) -> Option<Sent> {
        self.latest.oldest_ordered().rev().nth(back).copied()
    }
}

/// Something that a program should not do, even where the kernel lets it pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Violation {
    /// A region was unmapped that is not mapped: twice, or never mapped.
    UnmapOfUnmapped {
        /// Where in the simulator's memory it begins (`usize::MAX`: outside).
        offset: usize,
    },
    /// A region was unmapped with another length than it was mapped with.
    UnmapLength {
        /// Bytes mapped.
        mapped: usize,
        /// Bytes to unmap.
        asked: usize,
    },
    /// A plane was mapped a second time. Refused: two regions would overlap.
    MappedTwice {
        /// The cookie.
        offset: u32,
    },
    /// A buffer was enqueued with a plane that is not mapped: its frame could not be read.
    EnqueueUnmapped {
        /// Which buffer.
        index: u32,
    },
    /// A buffer was enqueued that the driver has.
    EnqueueTwice {
        /// Which buffer.
        index: u32,
    },
    /// poll before streaming; on nodes with `read()` it starts file I/O.
    WaitBeforeStreaming,
    /// The buffers were freed while some were mapped.
    ReleaseWhileMapped {
        /// Live mappings.
        mappings: usize,
    },
    /// A memory-to-memory device was opened, whose two queues need a `Sim` with room for two: `Sim::<32, 2>::sized`.
    OneQueueForTwo,
}

#[derive(Default)]
pub(crate) struct Violations {
    first: Vec<Violation, 16>,
    pub total: u32,
}

impl Violations {
    pub fn push(&mut self, violation: Violation) {
        self.total = self.total.wrapping_add(1);
        // The first ones show the most; later ones are only counted.
        let _ = self.first.push(violation);
    }

    pub fn get(&self, number: usize) -> Option<Violation> {
        self.first.get(number).copied()
    }
}
