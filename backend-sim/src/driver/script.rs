//! What happens next: frames, lies and failing calls.

use core::time::Duration;

use heapless::{Deque, Vec};

use crate::cable::Cable;
use crate::trace::Call;
use vidbuf::Errno;

/// What the driver does with its next frame. Events are used up one after the other, in the order given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Event {
    /// A good frame.
    Frame,
    /// So many frames are lost: the sequence has a gap, the buffers stay queued.
    Drop(u32),
    /// A frame with the ERROR flag.
    Error,
    /// A frame whose first plane has only so many bytes of payload.
    Short(u32),
    /// The source is silent for so many frame times; nothing is lost, nothing is counted.
    Stall(u32),
    /// The source is silent from now on, until the stream is started again.
    StallForever,
    /// Not the oldest buffer is finished but the one so many places behind it.
    OutOfOrder(u32),
    /// A good frame, and the last of the stream: the next dequeue gets EPIPE.
    Last,
    /// An empty buffer with the LAST flag.
    EmptyLast,
    /// The queue is in error until the stream is stopped: EIO.
    QueueError,
    /// The device is gone.
    Unplug,
    /// A frame that claims this payload in this plane, whatever is in the buffer.
    Payload {
        /// Which plane.
        plane: u32,
        /// End of the payload.
        bytesused: u32,
        /// Start of the payload.
        data_offset: u32,
    },
    /// A frame that jumps to this sequence number.
    Sequence(u32),
    /// The source sends pictures of another size from now on. Takes no time; what the driver makes of it is the next event:
    /// [`QueueError`](Self::QueueError) (most receivers), [`EmptyLast`](Self::EmptyLast) (decoders), or
    /// [`StallForever`](Self::StallForever). STREAMON is refused with EPIPE until the format has that size, see
    /// [`Sim::set_format`](crate::Sim::set_format) and [`Sim::source_size`](crate::Sim::source_size).
    SourceChange {
        /// Pixels in a line.
        width: u32,
        /// Lines.
        height: u32,
    },
    /// What arrives at the input in use is this from now on. Takes no time. [`Sim::cable_after`](crate::Sim::cable_after) does the same
    /// at a time, whether the device streams or not.
    Cable(Cable),
}

/// Something that no correct driver reports. Used up by the next successful call that can report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Lie {
    /// VIDIOC_REQBUFS returns this number of buffers; what is there is there.
    Granted(u32),
    /// VIDIOC_QUERYBUF reports so many planes for the buffer.
    Planes(u32),
    /// VIDIOC_QUERYBUF reports this length for this plane.
    Length {
        /// Which plane.
        plane: u32,
        /// Bytes.
        length: u32,
    },
    /// VIDIOC_QUERYBUF returns this cookie for this plane.
    ///
    /// What is mapped for the buffer may be another one's memory then. The driver neither reads nor writes the memory of either,
    /// and finishes both with the ERROR flag, until the buffers are freed.
    Cookie {
        /// Which plane.
        plane: u32,
        /// The cookie.
        offset: u32,
    },
    /// As [`Cookie`](Self::Cookie), for all planes: those of this buffer.
    CookieOf(u32),
    /// mmap maps only so many bytes (at least one, and never more than asked) and returns a region of that length.
    ShortMapping(u32),
    /// VIDIOC_DQBUF returns this index. The finished buffer stays where it is and is returned next time.
    ///
    /// If the driver does not have that buffer, it may be on its way there, in the VIDIOC_QBUF of another thread: it reaches the
    /// driver after the program was given the buffer again. From then on until the stream is stopped the buffer is doubtful: the
    /// driver accepts it, neither reads nor writes its memory, and finishes it with the ERROR flag.
    Index(u32),
    /// As [`Index`](Self::Index), of a buffer that the program holds (if there is none: one that does not exist).
    IndexNotQueued,
    /// VIDIOC_DQBUF reports so many planes for the buffer.
    DequeuedPlanes(u32),
}

impl Lie {
    fn call(self) -> Call {
        match self {
            Self::Granted(_) => Call::RequestBuffers,
            Self::Planes(_) | Self::Length { .. } | Self::Cookie { .. } | Self::CookieOf(_) => Call::QueryBuffer,
            Self::ShortMapping(_) => Call::Map,
            Self::Index(_) | Self::IndexNotQueued | Self::DequeuedPlanes(_) => Call::Dequeue,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    /// Only calls of this kind count, or all.
    call: Option<Call>,
    /// Calls to come, this one included.
    countdown: u32,
    /// How many times it strikes.
    times: u32,
    errno: Errno,
}

/// How many events, lies and faults a simulator can hold, of each.
pub const SCRIPT: usize = 32;

#[derive(Debug, Default)]
pub(crate) struct Script {
    pub events: Deque<Event, SCRIPT>,
    lies: Vec<Lie, SCRIPT>,
    faults: Vec<Fault, SCRIPT>,
    /// Faults that have struck.
    pub struck: u32,
}

impl Script {
    pub fn push(&mut self, event: Event) -> Result<(), Event> {
        self.events.push_back(event)
    }

    pub fn lie(&mut self, lie: Lie) -> Result<(), Lie> {
        self.lies.push(lie)
    }

    pub fn next_lie(&mut self, call: Call) -> Option<Lie> {
        self.next_lie_if(call, |_| true)
    }

    pub fn next_lie_if(&mut self, call: Call, fits: impl Fn(Lie) -> bool) -> Option<Lie> {
        let at = self.lies.iter().position(|lie| lie.call() == call && fits(*lie))?;
        Some(self.lies.remove(at))
    }

    pub fn fail(&mut self, call: Option<Call>, nth: u32, times: u32, errno: Errno) -> bool {
        self.faults.push(Fault { call, countdown: nth.max(1), times: times.max(1), errno }).is_ok()
    }

    /// Whether calls are to fail.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Whether something is to be reported that is not so.
    pub fn has_lies(&self) -> bool {
        !self.lies.is_empty()
    }

    /// Counts a call against the faults; the first that is due strikes.
    pub fn strike(&mut self, call: Call) -> Option<Errno> {
        let mut hit = None;
        for fault in &mut self.faults {
            if fault.call.is_some_and(|only| only != call) {
                continue;
            }
            if fault.countdown > 1 {
                fault.countdown -= 1;
            } else if hit.is_none() {
                hit = Some(fault.errno);
                fault.times -= 1;
            }
        }
        self.faults.retain(|fault| fault.times > 0);
        self.struck += u32::from(hit.is_some());
        hit
    }

    pub fn clear(&mut self) {
        self.events.clear();
        self.lies.clear();
        self.faults.clear();
    }
}

/// A duration in whole nanoseconds, at most some 584 years.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
