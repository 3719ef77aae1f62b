//! How the program ends when something is wrong: one exit status and a short text for each kind.

use vidbuf::Error;
use vidbuf::error::ErrorKind;
use vidbuf_linux::Errno;

/// An exit status.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ending(pub u8);

impl Ending {
    const OTHER: Self = Self(1);
    pub const USAGE: Self = Self(2);
    const NO_DEVICE: Self = Self(3);
    const NO_PERMISSION: Self = Self(4);
    const BUSY: Self = Self(5);
    const WRONG_NODE: Self = Self(6);
    const UNPLUGGED: Self = Self(7);
    const NO_MEMORY: Self = Self(8);
    const NO_STREAM: Self = Self(9);
    const BROKEN: Self = Self(10);
    const IMPOSSIBLE: Self = Self(11);

    pub fn text(self) -> &'static str {
        match self {
            Self::USAGE => "usage: firmware [NODE [FRAMES]]",
            Self::NO_DEVICE => "no such device",
            Self::NO_PERMISSION => "no permission",
            Self::BUSY => "in use by another program",
            Self::WRONG_NODE => "not a capture node",
            Self::UNPLUGGED => "unplugged",
            Self::NO_MEMORY => "no memory for buffers",
            Self::NO_STREAM => "the pipeline is not set up, or the bus is full",
            Self::BROKEN => "the stream broke down",
            Self::IMPOSSIBLE => "impossible values from the driver, or no format",
            _ => "the device failed",
        }
    }

    #[inline(never)]
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            Some(kind) => Self::of_kind(kind),
            None => Self::IMPOSSIBLE,
        }
    }

    fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::NO_DEVICE,
            ErrorKind::Access => Self::NO_PERMISSION,
            ErrorKind::Busy => Self::BUSY,
            ErrorKind::NotSupported | ErrorKind::Invalid => Self::WRONG_NODE,
            ErrorKind::Unplugged => Self::UNPLUGGED,
            ErrorKind::NoMemory => Self::NO_MEMORY,
            ErrorKind::BrokenPipe | ErrorKind::NotLinked | ErrorKind::NoSpace => Self::NO_STREAM,
            ErrorKind::Io => Self::BROKEN,
            _ => Self::OTHER,
        }
    }
}

impl From<Error> for Ending {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

impl From<Errno> for Ending {
    fn from(error: Errno) -> Self {
        Self::of_kind(error.kind())
    }
}
