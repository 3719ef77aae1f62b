//! Kernel error numbers, by name.

use core::fmt;

use vidbuf::{BackendError, ErrorKind};

/// Why a call failed: a kernel error number, or one of its own that no kernel has.
///
/// ```
/// use vidbuf_sim::SimErrno;
/// assert_eq!(SimErrno::EBUSY.raw(), 16);
/// assert_eq!(SimErrno::EBUSY.to_string(), "EBUSY (16)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct SimErrno(u16);

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $raw:literal,)*) => {
        impl SimErrno {
            $($(#[$doc])* pub const $name: Self = Self($raw);)*

            /// The name, if it is one of the constants here.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($raw => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }
    };
}

names! {
    /// Not permitted.
    EPERM = 1,
    /// No such thing.
    ENOENT = 2,
    /// A signal came first.
    EINTR = 4,
    /// The queue is in error.
    EIO = 5,
    /// No such address.
    ENXIO = 6,
    /// Not an open file.
    EBADF = 9,
    /// Nothing ready.
    EAGAIN = 11,
    /// No memory.
    ENOMEM = 12,
    /// Not with these rights.
    EACCES = 13,
    /// Unreadable or unsuitable memory.
    EFAULT = 14,
    /// Somebody holds it.
    EBUSY = 16,
    /// Unplugged.
    ENODEV = 19,
    /// A wrong argument, or a call out of order.
    EINVAL = 22,
    /// No descriptor left in the system.
    ENFILE = 23,
    /// No descriptor left.
    EMFILE = 24,
    /// No such call here.
    ENOTTY = 25,
    /// No bandwidth.
    ENOSPC = 28,
    /// After the last buffer, or a pipeline that does not fit.
    EPIPE = 32,
    /// Out of range.
    ERANGE = 34,
    /// No such system call.
    ENOSYS = 38,
    /// Requests are required, or not supported.
    EBADR = 53,
    /// A link is missing.
    ENOLINK = 67,
    /// Protocol error.
    EPROTO = 71,
    /// As many buffers as there can be.
    ENOBUFS = 105,
    /// No kernel number: a blocking call would never return, because nothing that could wake it is going to happen.
    WOULD_SLEEP_FOREVER = 0xf001,
    /// No kernel number: a replayed program made a different call than the recorded one.
    NOT_AS_RECORDED = 0xf002,
    /// No kernel number: a memory-to-memory device was opened that has no room for its two queues. Make it with
    /// `Sim::<32, 2>::sized`.
    NO_QUEUE_PAIR = 0xf003,
}

impl SimErrno {
    /// From a number; unknown ones are kept.
    pub const fn from_raw(raw: u16) -> Self {
        Self(raw)
    }

    /// The number. Below 4096 it is the kernel's.
    pub const fn raw(self) -> u16 {
        self.0
    }
}

impl BackendError for SimErrno {
    fn kind(&self) -> ErrorKind {
        match *self {
            Self::EAGAIN => ErrorKind::WouldBlock,
            Self::EINTR => ErrorKind::Interrupted,
            Self::ENODEV => ErrorKind::Unplugged,
            Self::EBUSY => ErrorKind::Busy,
            Self::EINVAL => ErrorKind::Invalid,
            Self::ENOMEM | Self::ENOBUFS => ErrorKind::NoMemory,
            Self::EACCES | Self::EPERM => ErrorKind::Access,
            Self::EBADF => ErrorKind::BadDescriptor,
            Self::EIO => ErrorKind::Io,
            Self::EPIPE => ErrorKind::BrokenPipe,
            Self::ENOLINK => ErrorKind::NotLinked,
            Self::ENOSPC => ErrorKind::NoSpace,
            Self::ENOTTY => ErrorKind::NotSupported,
            Self::ENOENT | Self::ENXIO => ErrorKind::NotFound,
            Self::EFAULT => ErrorKind::Fault,
            _ => ErrorKind::Other,
        }
    }
}

impl fmt::Display for SimErrno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::WOULD_SLEEP_FOREVER => {
                f.write_str("would never wake up (simulator: no frame can come, and nothing else can wake the caller)")
            }
            Self::NOT_AS_RECORDED => f.write_str("not the recorded call (simulator)"),
            Self::NO_QUEUE_PAIR => f.write_str(
                "a memory-to-memory device needs room for two queues: make it with Sim::<32, 2>::sized (simulator)",
            ),
            _ => match self.name() {
                Some(name) => write!(f, "{name} ({})", self.0),
                None => write!(f, "errno {}", self.0),
            },
        }
    }
}

impl fmt::Debug for SimErrno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "SimErrno({})", self.0),
        }
    }
}

impl core::error::Error for SimErrno {}

#[cfg(feature = "defmt")]
impl defmt::Format for SimErrno {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self.name() {
            Some(name) => defmt::write!(f, "{=str}", name),
            None => defmt::write!(f, "errno {=u16}", self.0),
        }
    }
}
