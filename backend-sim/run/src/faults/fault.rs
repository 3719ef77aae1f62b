//! One thing that goes wrong, in words.

use std::time::Duration;

use vidbuf_sim::kernel::abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};
use vidbuf_sim::{Cable, Call, Errno, Event, Lie, timings};

use crate::device::Device;
use crate::system::timer::Clock;

use super::words::{Mistake, Words};

/// What is made to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// To the next frame.
    Event(Event),
    /// The driver reports what is not so.
    Lie(Lie),
    /// Calls fail.
    Fail { call: Call, nth: u32, errno: Errno, times: u32 },
    /// The device is unplugged.
    Unplug,
    /// It is plugged in again.
    PlugIn,
    /// What arrives at the input in use is another.
    Cable(Cable),
    /// Frames come this fast, a second.
    Rate(u32),
    /// The lower half of the next picture is of a later one.
    Torn,
    /// Timestamps are of this clock, whatever their flags report.
    Clock(Clock),
    /// What is planned is forgotten.
    Clear,
    /// Some of the next frames are lost, as vivid's control has it.
    DropSome,
}

/// All words, for error messages.
const WORDS: &str = "frame, drop, error, short, torn, stall, stall-forever, out-of-order, last, empty-last, queue-error, unplug, \
                     plug-in, payload, sequence, source-change, cable, fail, granted, planes, length, cookie, cookie-of, index, \
                     index-not-queued, dequeued-planes, rate, clock or clear";

/// Calls that can be made to fail.
const CALLS: &[(&str, Call)] = &[
    ("REQBUFS", Call::RequestBuffers),
    ("QUERYBUF", Call::QueryBuffer),
    ("QBUF", Call::Enqueue),
    ("DQBUF", Call::Dequeue),
    ("STREAMON", Call::StreamOn),
    ("STREAMOFF", Call::StreamOff),
    ("mmap", Call::Map),
];

// The table above and the engine agree on which call is which.
const _: () = {
    assert!(matches!(Call::of(VIDIOC_REQBUFS), Some(Call::RequestBuffers)));
    assert!(matches!(Call::of(VIDIOC_QUERYBUF), Some(Call::QueryBuffer)));
    assert!(matches!(Call::of(VIDIOC_QBUF), Some(Call::Enqueue)));
    assert!(matches!(Call::of(VIDIOC_DQBUF), Some(Call::Dequeue)));
    assert!(matches!(Call::of(VIDIOC_STREAMON), Some(Call::StreamOn)));
    assert!(matches!(Call::of(VIDIOC_STREAMOFF), Some(Call::StreamOff)));
};

/// What `cable` takes.
const CABLES: &str = "out, in, no-lock, out-of-range or a size that there are timings for, for example 1280x720";

fn cable(word: &str) -> Option<Cable> {
    Some(match word {
        "out" => Cable::Out,
        "in" => Cable::AsSet,
        "no-lock" => Cable::NoLock,
        "out-of-range" => Cable::OutOfRange,
        _ => Cable::Sends(timings::ALL.iter().rfind(|sent| word == format!("{}x{}", sent.width, sent.height))?),
    })
}

/// Clocks that timestamps can be of.
const CLOCKS: &[(&str, Clock)] = &[
    ("monotonic", Clock::Monotonic),
    ("realtime", Clock::Realtime),
    ("boottime", Clock::Boottime),
    ("zero", Clock::Zero),
];

/// The value of a name.
fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn errno(name: &str) -> Option<Errno> {
    (1..200).filter_map(Errno::from_raw).find(|errno| errno.name() == Some(name))
}

/// Reads a call, and which of them; `nth` is what the number should be.
///
/// # Errors
///
/// What to write instead.
pub fn read_call(words: &mut Words<'_>, nth: &str) -> Result<(Call, u32), Mistake> {
    let call = words.value("REQBUFS, QUERYBUF, QBUF, DQBUF, STREAMON, STREAMOFF or mmap", |word| named(CALLS, word))?;
    Ok((call, words.value(nth, |word| word.parse().ok().filter(|n| *n > 0))?))
}

impl Fault {
    /// Reads the rest of a line.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub fn read(words: &mut Words<'_>) -> Result<Self, Mistake> {
        let mut all = words.clone();
        let fault = match words.next() {
            Some("frame") => Self::Event(Event::Frame),
            Some("torn") => Self::Torn,
            Some("drop") => Self::Event(Event::Drop(words.number("how many frames")?)),
            Some("error") => Self::Event(Event::Error),
            Some("short") => Self::Event(Event::Short(words.number("how many bytes")?)),
            Some("stall") if words.peek().is_none() => Self::Event(Event::StallForever),
            Some("stall-forever") => Self::Event(Event::StallForever),
            Some("stall") => Self::Event(Event::Stall(words.number("how many frames, or nothing")?)),
            Some("out-of-order") => Self::Event(Event::OutOfOrder(words.number("how many places")?)),
            Some("last") => Self::Event(Event::Last),
            Some("empty-last") => Self::Event(Event::EmptyLast),
            Some("queue-error") => Self::Event(Event::QueueError),
            Some("payload") => {
                let plane = words.number("which plane")?;
                let bytesused = words.number("the end of the payload, in bytes")?;
                Self::Event(Event::Payload { plane, bytesused, data_offset: words.number("its beginning, in bytes")? })
            }
            Some("sequence") => Self::Event(Event::Sequence(words.number("a sequence number")?)),
            Some("source-change" | "source") => {
                let (width, height) = words.value("WIDTHxHEIGHT", |word| {
                    let (width, height) = word.split_once('x')?;
                    Some((width.parse().ok()?, height.parse().ok()?))
                })?;
                Self::Event(Event::SourceChange { width, height })
            }
            Some("clock") => {
                Self::Clock(words.value("monotonic, realtime, boottime or zero", |word| named(CLOCKS, word))?)
            }
            Some("unplug") => Self::Unplug,
            Some("plug-in") => Self::PlugIn,
            Some("fail") => {
                let (call, nth) = read_call(words, "which call from now on, 1 for the next")?;
                let errno = words.value("the name of an error, for example EIO", errno)?;
                let times = if words.peek().is_some() { words.number("how many times")?.max(1) } else { 1 };
                Self::Fail { call, nth, errno, times }
            }
            Some("granted") => Self::Lie(Lie::Granted(words.number("how many buffers")?)),
            Some("planes") => Self::Lie(Lie::Planes(words.number("how many planes")?)),
            Some("length") => {
                let plane = words.number("which plane")?;
                Self::Lie(Lie::Length { plane, length: words.number("how many bytes")? })
            }
            Some("cookie") => {
                let plane = words.number("which plane")?;
                Self::Lie(Lie::Cookie { plane, offset: words.number("an offset")? })
            }
            Some("cookie-of") => Self::Lie(Lie::CookieOf(words.number("which buffer")?)),
            Some("index") => Self::Lie(Lie::Index(words.number("an index")?)),
            Some("index-not-queued") => Self::Lie(Lie::IndexNotQueued),
            Some("dequeued-planes") => Self::Lie(Lie::DequeuedPlanes(words.number("how many planes")?)),
            Some("rate") => {
                let rate = words
                    .value("frames a second, 1 to 1000", |word| word.parse().ok().filter(|n| (1..=1000).contains(n)))?;
                Self::Rate(rate)
            }
            Some("cable") => Self::Cable(words.value(CABLES, cable)?),
            Some("clear") => Self::Clear,
            _ => return Err(all.mistake(&format!("use {WORDS}"))),
        };
        words.end()?;
        Ok(fault)
    }

    /// Makes it happen. False if too much is planned already.
    pub fn apply(self, device: &mut Device) -> bool {
        match self {
            Self::Event(event) => device.engine.script([event]),
            Self::Lie(lie) => device.engine.lie(lie),
            Self::Fail { call, nth, errno, times } => device.engine.fail(Some(call), nth, times, errno),
            Self::Unplug => {
                device.node.unplug();
                true
            }
            Self::PlugIn => {
                device.node.replug();
                true
            }
            Self::Cable(cable) => {
                let input = device.node.input();
                device.node.set_cable(input, cable);
                true
            }
            Self::Rate(rate) => {
                device.engine.set_interval(Duration::from_nanos(1_000_000_000 / u64::from(rate)));
                true
            }
            Self::Torn => {
                device.torn += 1;
                true
            }
            Self::Clock(clock) => {
                device.clock = clock;
                true
            }
            Self::DropSome => {
                device.drop_some();
                true
            }
            Self::Clear => {
                device.engine.clear_script();
                (device.torn, device.clock) = (0, Clock::Monotonic);
                true
            }
        }
    }
}
