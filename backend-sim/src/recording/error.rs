//! Why a text is no recording.

use core::fmt;

/// A line that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ParseError {
    /// Which line, from 1; for something missing the last one, 0 in an empty text.
    pub line: u32,
    /// Why.
    pub reason: Malformed,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Malformed {
    /// The first line is not [`HEADER`](super::HEADER).
    NoHeader,
    /// The line's first word is none of the known ones.
    UnknownWord,
    /// A word behind the first that is no `name=value`.
    NoField,
    /// A field that the line's word does not have.
    UnknownField,
    /// A field that is given twice.
    RepeatedField(&'static str),
    /// A field that is needed.
    MissingField(&'static str),
    /// A field that is not the number, or the numbers, that it should be.
    NotANumber(&'static str),
    /// More numbers than a buffer can have planes, or not as many as the other fields or the format have.
    PlaneCount(&'static str),
    /// Something before the format, or no format at all.
    NoFormat,
    /// A second format.
    SecondFormat,
    /// A format without pixels or bytes, or of 2 GiB and more.
    ImpossibleFormat,
    /// Something happened before the first `start`.
    NotStarted,
    /// Something other than `start` after `error` or `unplug`.
    AfterTheEnd,
    /// Time ran backwards.
    Backwards {
        /// This line's time.
        at_us: u64,
        /// The time before.
        previous_us: u64,
    },
    /// `bytesused` beyond the plane's `sizeimage`, or `data_offset` beyond `bytesused`.
    Payload {
        /// Which plane.
        plane: u32,
        /// Start of the payload.
        data_offset: u32,
        /// End of the payload.
        bytesused: u32,
        /// Bytes of the plane.
        sizeimage: u32,
    },
    /// A frame after `lost` whose number does not fit.
    LostDisagrees {
        /// The number that follows from the frame before and from `lost`.
        expected: u32,
        /// The number of the frame.
        sequence: u32,
    },
    /// `lost` twice, or not before a frame.
    LostWhat,
    /// Another kind of timestamp than the frames before.
    TimestampKind,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHeader => write!(f, "the first line has to be '{}'", super::HEADER),
            Self::UnknownWord => f.write_str("the first word is not known"),
            Self::NoField => f.write_str("fields are written name=value"),
            Self::UnknownField => f.write_str("there is a field that this line does not have"),
            Self::RepeatedField(name) => write!(f, "'{name}' is given twice"),
            Self::MissingField(name) => write!(f, "'{name}' is missing"),
            Self::NotANumber(name) => write!(f, "'{name}' is not a number in its range"),
            Self::PlaneCount(name) => write!(f, "'{name}' has another number of planes"),
            Self::NoFormat => f.write_str("the format has to come first"),
            Self::SecondFormat => f.write_str("there is a format already"),
            Self::ImpossibleFormat => f.write_str("a picture has pixels and bytes, and less than 2 GiB of them"),
            Self::NotStarted => f.write_str("nothing happens before 'start'"),
            Self::AfterTheEnd => f.write_str("nothing happens after 'error' and 'unplug' until 'start'"),
            Self::Backwards { at_us, previous_us } => write!(f, "time {at_us} is before {previous_us}"),
            Self::Payload { plane, data_offset, bytesused, sizeimage } => {
                write!(f, "payload {data_offset}..{bytesused} does not fit plane {plane} of {sizeimage} bytes")
            }
            Self::LostDisagrees { expected, sequence } => {
                write!(f, "after 'lost' the sequence is {expected}, not {sequence}")
            }
            Self::LostWhat => f.write_str("after 'lost' comes a frame"),
            Self::TimestampKind => f.write_str("the frames before have another kind of timestamp in their flags"),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl core::error::Error for Malformed {}
impl core::error::Error for ParseError {}
