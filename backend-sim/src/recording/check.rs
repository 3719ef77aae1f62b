//! Whether a line may follow the ones before.

use super::line::{self, Line};
use super::{Happening, Malformed, RecordedFrame, TIMESTAMP_BITS};
use crate::format::Format;

/// What is known after some lines.
#[derive(Default)]
pub(super) struct Check {
    header: bool,
    pub format: Option<(Format, bool)>,
    pub timestamp_flags: u32,
    pub frames: u32,
    /// In a stream that goes on.
    streaming: bool,
    started: bool,
    /// Time and number of the last frame of this stream.
    at_us: u64,
    sequence: Option<u32>,
    lost: Option<u32>,
}

impl Check {
    pub fn line(&mut self, line: &str) -> Result<(), Malformed> {
        match line::parse(line) {
            Ok(Line::Header) if !self.header => self.header = true,
            _ if !self.header => return Err(Malformed::NoHeader),
            Ok(Line::Nothing) => {}
            Ok(Line::Header) => return Err(Malformed::UnknownWord),
            Err(reason) => return Err(reason),
            Ok(Line::Format(..)) if self.format.is_some() => return Err(Malformed::SecondFormat),
            Ok(Line::Format(format, multiplanar)) => {
                if !multiplanar && format.planes != 1 {
                    return Err(Malformed::PlaneCount("sizeimage"));
                }
                self.format = Some((format, multiplanar));
            }
            Ok(Line::Happening(_)) if self.format.is_none() => return Err(Malformed::NoFormat),
            Ok(Line::Happening(happening)) => return self.happening(happening),
        }
        Ok(())
    }

    pub fn what_is_missing(&self) -> Malformed {
        if self.header { Malformed::NoFormat } else { Malformed::NoHeader }
    }

    fn happening(&mut self, happening: Happening) -> Result<(), Malformed> {
        if self.lost.is_some() && !matches!(happening, Happening::Frame(_)) {
            return Err(Malformed::LostWhat);
        }
        if happening == Happening::Start {
            (self.streaming, self.started, self.at_us, self.sequence) = (true, true, 0, None);
            return Ok(());
        }
        if !self.streaming {
            return Err(if self.started { Malformed::AfterTheEnd } else { Malformed::NotStarted });
        }
        if let Some(at_us) = happening.at_us() {
            let previous_us = core::mem::replace(&mut self.at_us, at_us);
            if at_us < previous_us {
                return Err(Malformed::Backwards { at_us, previous_us });
            }
        }
        match happening {
            Happening::Frame(frame) => self.frame(&frame),
            Happening::Lost(count) => {
                self.lost = Some(count);
                Ok(())
            }
            _ => {
                self.streaming = false;
                Ok(())
            }
        }
    }

    fn frame(&mut self, frame: &RecordedFrame) -> Result<(), Malformed> {
        let Some((format, _)) = &mut self.format else { return Err(Malformed::NoFormat) };
        if frame.planes != format.planes {
            return Err(Malformed::PlaneCount("bytesused"));
        }
        for ((plane, payload), format) in (0..).zip(frame.payload).zip(format.planes()) {
            let (bytesused, data_offset, sizeimage) = (payload.bytesused, payload.data_offset, format.sizeimage);
            if bytesused > sizeimage || data_offset > bytesused {
                return Err(Malformed::Payload { plane, data_offset, bytesused, sizeimage });
            }
        }
        if let Some(lost) = self.lost.take() {
            let expected = self.sequence.map_or(lost, |previous| previous.wrapping_add(1).wrapping_add(lost));
            if frame.sequence != expected {
                return Err(Malformed::LostDisagrees { expected, sequence: frame.sequence });
            }
        }
        let kind = frame.flags.bits() & TIMESTAMP_BITS;
        if self.frames > 0 && kind != self.timestamp_flags {
            return Err(Malformed::TimestampKind);
        }
        if self.frames == 0 {
            // Where pictures begin: a driver's format does not contain it.
            for (plane, payload) in format.plane.iter_mut().zip(frame.payload) {
                plane.data_offset = payload.data_offset;
            }
        }
        self.timestamp_flags = kind;
        self.sequence = Some(frame.sequence);
        self.frames = self.frames.saturating_add(1);
        Ok(())
    }
}
