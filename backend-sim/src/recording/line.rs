//! One line, by itself.

use core::str::SplitWhitespace;

use vidbuf::FourCc;
use vidbuf::backend::{MAX_PLANES, PlanePayload};
use vidbuf::v4l2::{BufferFlags, Field};

use super::{HEADER, Happening, Malformed, RecordedFrame};
use crate::format::{Format, PlaneFormat};

/// A hundred years.
const LONGEST_US: u64 = 100 * 365 * 24 * 3600 * 1_000_000;

/// What is in a line.
pub(super) enum Line {
    Nothing,
    Header,
    Format(Format, bool),
    Happening(Happening),
}

pub(super) fn parse(line: &str) -> Result<Line, Malformed> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(Line::Nothing);
    }
    if line == HEADER {
        return Ok(Line::Header);
    }
    let mut words = line.split_whitespace();
    let word = words.next().unwrap_or_default();
    let fields = |known| Fields::new(words.clone(), known);
    let happening = match word {
        "format" | "format_mplane" => return Ok(Line::Format(format(words)?, word == "format_mplane")),
        "start" => {
            fields(&[])?;
            Happening::Start
        }
        "frame" => Happening::Frame(frame(words)?),
        "lost" => Happening::Lost(fields(&["count"])?.number("count")?),
        "error" => Happening::QueueError { at_us: fields(&["at"])?.time("at")? },
        "unplug" => Happening::Unplug { at_us: fields(&["at"])?.time("at")? },
        _ => return Err(Malformed::UnknownWord),
    };
    Ok(Line::Happening(happening))
}

fn format(words: SplitWhitespace<'_>) -> Result<Format, Malformed> {
    let known = &["pixelformat", "width", "height", "field", "bytesperline", "sizeimage"];
    let fields = Fields::new(words, known)?;
    let (planes, sizes) = fields.planes("sizeimage", None)?;
    let (_, lines) = fields.planes("bytesperline", Some(planes))?;
    let (width, height): (u32, u32) = (fields.number("width")?, fields.number("height")?);
    // Sums of two such numbers are addresses on every processor.
    let fits = |a: u32, b: u32| a.checked_mul(b).is_some_and(|bytes| i32::try_from(bytes).is_ok());
    let plane_fits = |(size, line): (&u32, &u32)| *size > 0 && fits(*size, 1) && fits(*line, height);
    if width == 0 || height == 0 || !fits(width, 4) || !sizes.iter().zip(&lines).take(planes as usize).all(plane_fits) {
        return Err(Malformed::ImpossibleFormat);
    }
    let mut plane = [PlaneFormat::default(); MAX_PLANES];
    for ((plane, sizeimage), bytesperline) in plane.iter_mut().zip(sizes).zip(lines) {
        *plane = PlaneFormat { bytesperline, sizeimage, data_offset: 0 };
    }
    let pixelformat = FourCc(fields.number("pixelformat")?);
    Ok(Format { width, height, pixelformat, field: fields.number("field")?, planes, plane })
}

fn frame(words: SplitWhitespace<'_>) -> Result<RecordedFrame, Malformed> {
    let known = &["at", "sequence", "flags", "field", "timestamp", "bytesused", "data_offset"];
    let fields = Fields::new(words, known)?;
    let (planes, used) = fields.planes("bytesused", None)?;
    let offsets = match fields.find("data_offset") {
        Some(_) => fields.planes("data_offset", Some(planes))?.1,
        None => [0; MAX_PLANES],
    };
    let mut payload = [PlanePayload::default(); MAX_PLANES];
    for ((payload, bytesused), data_offset) in payload.iter_mut().zip(used).zip(offsets) {
        *payload = PlanePayload { bytesused, data_offset };
    }
    Ok(RecordedFrame {
        at_us: fields.time("at")?,
        sequence: fields.number("sequence")?,
        flags: BufferFlags::from_bits_retain(fields.number("flags")?),
        field: Field(fields.number("field")?),
        timestamp_us: fields.time("timestamp")?,
        planes,
        payload,
    })
}

/// The `name=value` words of a line: known ones, each at most once.
struct Fields<'t> {
    words: SplitWhitespace<'t>,
}

impl<'t> Fields<'t> {
    fn new(words: SplitWhitespace<'t>, known: &[&'static str]) -> Result<Self, Malformed> {
        let fields = Self { words };
        for word in fields.words.clone() {
            let (name, _) = word.split_once('=').ok_or(Malformed::NoField)?;
            let name = known.iter().find(|known| **known == name).ok_or(Malformed::UnknownField)?;
            if fields.all(name).count() > 1 {
                return Err(Malformed::RepeatedField(name));
            }
        }
        Ok(fields)
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'t str> {
        let of_that_name = move |word: &'t str| word.split_once('=').filter(|(found, _)| *found == name);
        self.words.clone().filter_map(of_that_name).map(|(_, value)| value)
    }

    fn find(&self, name: &str) -> Option<&'t str> {
        self.all(name).next()
    }

    fn text(&self, name: &'static str) -> Result<&'t str, Malformed> {
        self.find(name).ok_or(Malformed::MissingField(name))
    }

    fn number<T: TryFrom<i64>>(&self, name: &'static str) -> Result<T, Malformed> {
        number(self.text(name)?).ok_or(Malformed::NotANumber(name))
    }

    /// A time in microseconds that can be played as it is: the clock counts nanoseconds.
    fn time<T: TryFrom<i64>>(&self, name: &'static str) -> Result<T, Malformed> {
        let micros: i64 = self.number(name)?;
        let fits = micros.unsigned_abs() <= LONGEST_US;
        T::try_from(micros).ok().filter(|_| fits).ok_or(Malformed::NotANumber(name))
    }

    /// One number a plane, and how many; as many as expected, if that is known.
    fn planes(&self, name: &'static str, expected: Option<u32>) -> Result<(u32, [u32; MAX_PLANES]), Malformed> {
        let mut numbers = [0; MAX_PLANES];
        let mut count = 0;
        for part in self.text(name)?.split(',') {
            let room = numbers.get_mut(count).ok_or(Malformed::PlaneCount(name))?;
            *room = number(part).ok_or(Malformed::NotANumber(name))?;
            count += 1;
        }
        if expected.is_some_and(|expected| expected != count as u32) {
            return Err(Malformed::PlaneCount(name));
        }
        Ok((count as u32, numbers))
    }
}

/// Decimal, or hexadecimal behind `0x`.
fn number<T: TryFrom<i64>>(text: &str) -> Option<T> {
    let value: i64 = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?.into(),
        None => text.parse().ok()?,
    };
    T::try_from(value).ok()
}
