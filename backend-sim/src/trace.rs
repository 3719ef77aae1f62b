//! What was called, and what came of it.

use core::fmt;

use vidbuf::Errno;
use vidbuf::backend::{Dequeued, Granted, PlanePayload, Region, Wake};
use vidbuf::v4l2::BufferFlags;

use vidbuf_abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};

/// A call of the [`Backend`](vidbuf::Backend) trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Call {
    /// `VIDIOC_REQBUFS`, also with 0.
    RequestBuffers,
    /// `VIDIOC_QUERYBUF`.
    QueryBuffer,
    /// `mmap`.
    Map,
    /// `munmap`.
    Unmap,
    /// `VIDIOC_QBUF`.
    Enqueue,
    /// `VIDIOC_DQBUF`.
    Dequeue,
    /// `VIDIOC_STREAMON`.
    StreamOn,
    /// `VIDIOC_STREAMOFF`.
    StreamOff,
    /// `poll`.
    Wait,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 9] = [
        Self::RequestBuffers,
        Self::QueryBuffer,
        Self::Map,
        Self::Unmap,
        Self::Enqueue,
        Self::Dequeue,
        Self::StreamOn,
        Self::StreamOff,
        Self::Wait,
    ];
}

impl Call {
    /// The call that an ioctl of this number is; `None` for one that a queue does not make.
    pub const fn of(number: u32) -> Option<Self> {
        Some(match number {
            VIDIOC_REQBUFS => Self::RequestBuffers,
            VIDIOC_QUERYBUF => Self::QueryBuffer,
            VIDIOC_QBUF => Self::Enqueue,
            VIDIOC_DQBUF => Self::Dequeue,
            VIDIOC_STREAMON => Self::StreamOn,
            VIDIOC_STREAMOFF => Self::StreamOff,
            _ => return None,
        })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RequestBuffers => "VIDIOC_REQBUFS",
            Self::QueryBuffer => "VIDIOC_QUERYBUF",
            Self::Map => "mmap",
            Self::Unmap => "munmap",
            Self::Enqueue => "VIDIOC_QBUF",
            Self::Dequeue => "VIDIOC_DQBUF",
            Self::StreamOn => "VIDIOC_STREAMON",
            Self::StreamOff => "VIDIOC_STREAMOFF",
            Self::Wait => "poll",
        })
    }
}

/// What a call returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Answer {
    /// Done; it returns nothing else.
    Done,
    /// Refused.
    Refused(Errno),
    /// Buffers granted.
    Granted(u32),
    /// A buffer's planes, and length and cookie of the first.
    Layout {
        /// Planes.
        planes: u32,
        /// Bytes of plane 0.
        length: u32,
        /// Cookie of plane 0.
        offset: u32,
    },
    /// A buffer.
    Frame {
        /// Which.
        index: u32,
        /// Its flags.
        flags: BufferFlags,
        /// Its sequence number.
        sequence: u32,
        /// Its timestamp.
        timestamp_us: i64,
        /// Payload of the first three planes.
        payload: [PlanePayload; 3],
    },
    /// poll: something is there.
    Ready,
    /// poll: the time ran out.
    TimedOut,
}

/// What a call returns, as the trace shows it.
pub(crate) trait Traced {
    /// Inlined where the record is, so that nothing is copied on the way.
    fn answer(&self) -> Answer;
}

impl Traced for () {
    #[inline(always)]
    fn answer(&self) -> Answer {
        Answer::Done
    }
}

impl Traced for Region {
    fn answer(&self) -> Answer {
        Answer::Done
    }
}

impl Traced for Granted {
    fn answer(&self) -> Answer {
        Answer::Granted(self.count)
    }
}

/// A buffer's planes, and the first of them.
pub(crate) struct Layout {
    pub planes: u32,
    pub first: vidbuf::backend::PlaneLayout,
}

impl Traced for Layout {
    fn answer(&self) -> Answer {
        Answer::Layout { planes: self.planes, length: self.first.length, offset: self.first.offset }
    }
}

impl Traced for Dequeued {
    #[inline(always)]
    fn answer(&self) -> Answer {
        let [first, second, third, ..] = self.payloads;
        Answer::Frame {
            index: self.index,
            flags: self.flags,
            sequence: self.sequence,
            timestamp_us: self.timestamp.as_micros(),
            payload: [first, second, third],
        }
    }
}

impl Traced for Wake {
    fn answer(&self) -> Answer {
        match self {
            Self::Ready => Answer::Ready,
            Self::TimedOut => Answer::TimedOut,
        }
    }
}

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Record {
    /// Counted from 1.
    pub number: u32,
    /// Virtual time when it returned.
    pub at_us: u64,
    /// Which call.
    pub call: Call,
    /// Its first argument: a count, an index, a cookie, an offset in memory, a time-out in microseconds.
    pub argument: u64,
    /// What came of it.
    pub answer: Answer,
}

impl Record {
    /// Nothing yet: to make room with.
    pub const EMPTY: Self = Self { number: 0, at_us: 0, call: Call::Wait, argument: 0, answer: Answer::Done };
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.at_us / 1_000_000, self.at_us % 1_000_000);
        write!(f, "{:>5} {seconds}.{micros:06} {}(", self.number, self.call)?;
        match self.call {
            Call::Dequeue | Call::StreamOn | Call::StreamOff => {}
            Call::Map | Call::Unmap => write!(f, "{:#x}", self.argument)?,
            Call::Wait if self.argument == u64::MAX => f.write_str("no time-out")?,
            Call::Wait => write!(f, "{} us", self.argument)?,
            _ => write!(f, "{}", self.argument)?,
        }
        f.write_str(") = ")?;
        match self.answer {
            Answer::Done => f.write_str("0"),
            Answer::Refused(errno) => write!(f, "{errno}"),
            Answer::Granted(count) => write!(f, "{count} buffers"),
            Answer::Layout { planes, length, offset } => {
                write!(f, "{planes} planes, {length} bytes at {offset:#x}")
            }
            Answer::Frame { index, flags, sequence, timestamp_us, payload } => write!(
                f,
                "buffer {index} sequence {sequence} bytes {}..{} flags {:#x} at {timestamp_us} us",
                payload[0].data_offset,
                payload[0].bytesused,
                flags.bits()
            ),
            Answer::Ready => f.write_str("ready"),
            Answer::TimedOut => f.write_str("timed out"),
        }
    }
}

/// Calls that are remembered if no other room was given.
const LATEST: usize = 32;

/// A ring of records.
pub(crate) struct Trace<'m> {
    own: [Record; LATEST],
    lent: &'m mut [Record],
    /// Calls so far.
    pub total: u32,
    counts: [u32; Call::ALL.len()],
}

impl<'m> Trace<'m> {
    pub fn new() -> Self {
        Self { own: [Record::EMPTY; LATEST], lent: &mut [], total: 0, counts: [0; Call::ALL.len()] }
    }

    pub fn lend(&mut self, room: &'m mut [Record]) {
        self.lent = room;
    }

    fn room(&self) -> &[Record] {
        if self.lent.is_empty() { &self.own } else { self.lent }
    }

    pub fn count(&mut self, call: Call) {
        self.total = self.total.wrapping_add(1);
        let count = &mut self.counts[call as usize];
        *count = count.wrapping_add(1);
    }

    pub fn counted(&self, call: Call) -> u32 {
        self.counts[call as usize]
    }

    /// Remembers the call that was counted last.
    pub fn push(&mut self, at_ns: u64, call: Call, argument: u64, answer: Answer) {
        let number = self.total;
        let room = if self.lent.is_empty() { &mut self.own[..] } else { &mut *self.lent };
        let at = number.wrapping_sub(1) as usize % room.len();
        room[at] = Record { number, at_us: at_ns / 1000, call, argument, answer };
    }

    /// The `back`-th last call, 0 is the last.
    pub fn latest(&self, back: u32) -> Option<Record> {
        let room = self.room();
        if back >= self.total || back as usize >= room.len() {
            return None;
        }
        room.get((self.total - 1 - back) as usize % room.len()).copied()
    }
}
