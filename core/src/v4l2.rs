//! V4L2's vocabulary, typed: the kernel's words and values, no layouts.

mod buffer_type;
mod color;
mod field;
mod flags;
mod pixel_format;
mod pixel_formats;
mod timestamp;

pub use buffer_type::{BufferType, MemoryType, QueueType};
pub use color::{Colors, Colorspace, Quantization, TransferFunction, YcbcrEncoding};
pub use field::Field;
pub use flags::{BufferCapabilities, BufferFlags, TimestampClock};
pub use pixel_format::{FourCc, ParseFourCcError};
pub use timestamp::Timestamp;
