//! What the program prints, and how it ends when something is wrong: one exit status and a short text for each kind.

use vidbuf::Error;
use vidbuf::error::ErrorKind;
use vidbuf_linux::Errno;

/// An exit status.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Ending {
    Other = 1,
    Usage,
    NoDevice,
    NoPermission,
    Busy,
    WrongNode,
    Unplugged,
    NoMemory,
    NoStream,
    Broken,
    Impossible,
}

/// What is printed: when all is well, all frames being counted by the driver, or not; before the text of an [`Ending`]; the text of
/// each, in their order. One text, because a table of texts is larger than what looks for a line.
pub const LINES: &str = "\
# frames, # lost, # bad, the last of # bytes
# frames, # or more lost, # bad, the last of # bytes
firmware: \n\
the device failed
usage: firmware [NODE [FRAMES]]
no such device
no permission
in use by another program
not a capture node
unplugged
no memory for buffers
the pipeline is not set up, or the bus is full
the stream broke down
impossible values from the driver, or no format";

/// Which line stands before the text of an [`Ending`].
pub const FIRMWARE: u8 = 2;

impl Ending {
    #[inline(never)]
    pub fn of(error: &Error) -> Self {
        error.kind().map_or(Self::Impossible, Self::of_kind)
    }

    #[inline(never)]
    fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::NoDevice,
            ErrorKind::Access => Self::NoPermission,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::NotSupported | ErrorKind::Invalid => Self::WrongNode,
            ErrorKind::Unplugged => Self::Unplugged,
            ErrorKind::NoMemory => Self::NoMemory,
            ErrorKind::BrokenPipe | ErrorKind::NotLinked | ErrorKind::NoSpace => Self::NoStream,
            ErrorKind::Io => Self::Broken,
            _ => Self::Other,
        }
    }
}

impl From<Errno> for Ending {
    fn from(error: Errno) -> Self {
        Self::of_kind(error.kind())
    }
}
