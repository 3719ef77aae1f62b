//! What a real device did, as text: recorded once, played by [`Sim::replay`](crate::Sim::replay) ever after.
//!
//! A recording is a text of lines. The first one is `vidbuf-trace 1`; empty lines and those that begin with `#` are skipped.
//! A line is a word and, in any order, fields `name=value`; numbers are decimal or `0x` and hexadecimal, planes are separated
//! by commas. Times are microseconds since the stream was started (since STREAMON returned), at most a hundred years; timestamps may
//! be as long before it, and are played as they were recorded.
//!
//! | line | what happened | fields |
//! |---|---|---|
//! | `format`, `format_mplane` | nothing: the format of the queue, single- or multi-planar, once and first | `pixelformat` (a number), `width`, `height`, `field`, `bytesperline` and `sizeimage` of each plane |
//! | `start` | the stream was started; again after `error` or `unplug` | |
//! | `frame` | a buffer was finished | `at`, `sequence`, `flags`, `field`, `timestamp`, `bytesused` of each plane; `data_offset` of each plane, if not 0 |
//! | `lost` | so many frames are missing before the next one | `count` |
//! | `error` | the queue failed: EIO until STREAMOFF | `at` |
//! | `unplug` | the device went away: ENODEV | `at` |
//!
//! `vidbuf-linux` has the example `record`, which writes this while it takes frames from a camera. Here is a short one, played:
//!
//! ```
//! use vidbuf::{Queue, Request};
//! use vidbuf_sim::{Profile, Recording, Sim};
//!
//! let text = "vidbuf-trace 1
//! format pixelformat=0x56595559 width=64 height=48 field=1 bytesperline=128 sizeimage=6144
//! start
//! frame at=40100 sequence=0 flags=0x2001 field=1 timestamp=40060 bytesused=6144
//! lost count=2
//! frame at=160105 sequence=3 flags=0x2041 field=1 timestamp=160066 bytesused=100
//! unplug at=170000
//! ";
//! let mut memory = vec![0; 1 << 20];
//! let sim = Sim::new(Profile::UVC, &mut memory).replay(&Recording::parse(text)?);
//! let queue = Queue::capture(sim.open().unwrap()).start(Request::up_to(4)).unwrap();
//! let began = sim.now();
//! let frame = queue.dequeue().unwrap().unwrap();
//! assert_eq!((sim.now() - began).as_micros(), 40100);
//! assert_eq!(frame.bytes().unwrap().len(), 6144);
//! let flagged = queue.dequeue().unwrap().unwrap();
//! assert_eq!((flagged.lost_before(), flagged.is_flagged_bad()), (Some(2), true));
//! assert!(queue.dequeue().unwrap_err().is_unplugged());
//! # Ok::<(), vidbuf_sim::recording::ParseError>(())
//! ```
//!
//! A line that cannot be is refused, with its number:
//!
//! ```
//! use vidbuf_sim::Recording;
//!
//! let error = Recording::parse("vidbuf-trace 1\n# nothing\nlost count=many\n").unwrap_err();
//! assert_eq!(error.to_string(), "line 3: 'count' is not a number in its range");
//! ```

use core::fmt;
use core::str::Lines;

use vidbuf::backend::{MAX_PLANES, PlanePayload};
use vidbuf::v4l2::{BufferFlags, Field};

use crate::format::Format;
use crate::kernel::Completion;
use crate::profile::{Flow, Profile};

mod check;
mod error;
mod line;

use check::Check;
pub use error::{Malformed, ParseError};

/// The first line of every recording.
pub const HEADER: &str = "vidbuf-trace 1";

/// Bits of a frame's flags for its kind of timestamp, the same for all frames of a queue.
const TIMESTAMP_BITS: u32 = 0xe000 | 0x7_0000;

/// A buffer that a real device finished.
///
/// A later version adds no field: what else may be recorded gets a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RecordedFrame {
    /// When it was there: when the program got it.
    pub at_us: u64,
    /// The driver's frame counter.
    pub sequence: u32,
    /// `v4l2_buffer.flags` of the dequeued buffer.
    pub flags: BufferFlags,
    /// Which lines it holds.
    pub field: Field,
    /// The driver's timestamp. May be negative: an exposure may begin before STREAMON returns.
    pub timestamp_us: i64,
    /// Planes of the buffer.
    pub planes: u32,
    /// One a plane.
    pub payload: [PlanePayload; MAX_PLANES],
}

impl RecordedFrame {
    /// What the driver reports of it, in a stream that was started at `started_ns`.
    pub(crate) fn describe(&self, started_ns: u64, completion: &mut Completion) {
        let started_ns = i64::try_from(started_ns).unwrap_or(i64::MAX);
        completion.error = self.flags.contains(BufferFlags::ERROR);
        completion.flags = self.flags.bits();
        completion.timestamp_ns = Some(started_ns.saturating_add(self.timestamp_us.saturating_mul(1000)));
        completion.field = Some(self.field.0);
        completion.payload = Some(self.payload);
    }
}

/// What happened, line by line. Its `Display` is the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Happening {
    /// The stream was started.
    Start,
    /// A buffer was finished.
    Frame(RecordedFrame),
    /// So many frames are missing before the next one.
    Lost(u32),
    /// The queue failed.
    QueueError {
        /// When the program noticed.
        at_us: u64,
    },
    /// The device went away.
    Unplug {
        /// When the program noticed.
        at_us: u64,
    },
}

impl Happening {
    /// When, since the stream was started; `None` for what takes no time of its own.
    pub fn at_us(&self) -> Option<u64> {
        match self {
            Self::Frame(frame) => Some(frame.at_us),
            Self::QueueError { at_us } | Self::Unplug { at_us } => Some(*at_us),
            Self::Start | Self::Lost(_) => None,
        }
    }
}

/// A recording that was read and found good.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'t> {
    text: &'t str,
    format: Format,
    multiplanar: bool,
    timestamp_flags: u32,
    frames: u32,
}

impl<'t> Recording<'t> {
    /// Reads the whole text once.
    ///
    /// # Errors
    ///
    /// The first line that cannot be, and why.
    pub fn parse(text: &'t str) -> Result<Self, ParseError> {
        let mut check = Check::default();
        let mut last = 0;
        for (number, line) in (1..).zip(text.lines()) {
            last = number;
            check.line(line).map_err(|reason| ParseError { line: number, reason })?;
        }
        let (format, multiplanar) = check.format.ok_or(ParseError { line: last, reason: check.what_is_missing() })?;
        Ok(Self { text, format, multiplanar, timestamp_flags: check.timestamp_flags, frames: check.frames })
    }

    /// What happened, in order.
    pub fn happenings(&self) -> Happenings<'t> {
        Happenings { lines: self.text.lines() }
    }

    /// The format of the queue.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Whether the queue was multi-planar.
    pub fn is_multiplanar(&self) -> bool {
        self.multiplanar
    }

    /// Frames in it.
    pub fn frames(&self) -> u32 {
        self.frames
    }

    /// The profile of the device that it was recorded of, as far as a recording shows it; the rest is `base`'s.
    #[must_use]
    pub fn profile(&self, base: Profile) -> Profile {
        let Self { multiplanar, timestamp_flags, .. } = *self;
        Profile { flow: Flow::Capture, multiplanar, timestamp_flags, ..base }
    }
}

/// Iterator over a [`Recording`].
#[derive(Clone, Debug)]
pub struct Happenings<'t> {
    lines: Lines<'t>,
}

impl Iterator for Happenings<'_> {
    type Item = Happening;

    fn next(&mut self) -> Option<Happening> {
        // Lines without a happening are skipped; that all can be read was checked when the recording was made.
        self.lines.find_map(|line| match line::parse(line) {
            Ok(line::Line::Happening(happening)) => Some(happening),
            _ => None,
        })
    }
}

/// The format line of a recording, to be written.
///
/// ```
/// use vidbuf_sim::recording::{FormatLine, HEADER};
/// use vidbuf_sim::{Format, PixelFormat, Recording};
///
/// let format = Format::new(&PixelFormat::GREY, 64, 48, [0; 3], 1, false);
/// let text = format!("{HEADER}\n{}\n", FormatLine { format: &format, multiplanar: false });
/// assert_eq!(Recording::parse(&text)?.format(), &format);
/// # Ok::<(), vidbuf_sim::recording::ParseError>(())
/// ```
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug)]
pub struct FormatLine<'f> {
    /// The format.
    pub format: &'f Format,
    /// Whether the queue is multi-planar.
    pub multiplanar: bool,
}

/// Numbers of the planes, separated by commas.
struct PerPlane<I>(I);

impl<I: Iterator<Item = u32> + Clone> fmt::Display for PerPlane<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (plane, number) in self.0.clone().enumerate() {
            if plane > 0 {
                f.write_str(",")?;
            }
            write!(f, "{number}")?;
        }
        Ok(())
    }
}

impl fmt::Display for FormatLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Format { width, height, pixelformat, field, .. } = self.format;
        let planes = self.format.planes();
        write!(
            f,
            "{} pixelformat={:#010x} width={width} height={height} field={field} bytesperline={} sizeimage={}",
            if self.multiplanar { "format_mplane" } else { "format" },
            pixelformat.0,
            PerPlane(planes.iter().map(|plane| plane.bytesperline)),
            PerPlane(planes.iter().map(|plane| plane.sizeimage)),
        )
    }
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::Lost(count) => write!(f, "lost count={count}"),
            Self::QueueError { at_us } => write!(f, "error at={at_us}"),
            Self::Unplug { at_us } => write!(f, "unplug at={at_us}"),
            Self::Frame(frame) => {
                let RecordedFrame { at_us, sequence, flags, field, timestamp_us, planes, payload } = frame;
                let payload = payload.get(..*planes as usize).unwrap_or(payload);
                write!(
                    f,
                    "frame at={at_us} sequence={sequence} flags={:#x} field={} timestamp={timestamp_us} bytesused={}",
                    flags.bits(),
                    field.0,
                    PerPlane(payload.iter().map(|plane| plane.bytesused)),
                )?;
                if payload.iter().any(|plane| plane.data_offset > 0) {
                    write!(f, " data_offset={}", PerPlane(payload.iter().map(|plane| plane.data_offset)))?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
