//! Errno values.

use core::fmt;
use core::num::NonZeroI32;

use rustix::io::Errno as Raw;
use vidbuf::{BackendError, ErrorKind};

/// `errno`: the number that a failed system call returned. Numbers this crate has no name for are kept.
///
/// ```
/// use vidbuf_linux::Errno;
/// assert_eq!(Errno::BUSY.name(), Some("EBUSY"));
/// assert_eq!(Errno::BUSY.to_string(), "EBUSY (16): in use by another program or by an earlier step");
/// assert_eq!(Errno::from_raw(3000).unwrap().to_string(), "errno 3000");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Errno(NonZeroI32);

/// One line for each constant: its name and its meaning. Numbers differ between architectures, so they come from rustix.
macro_rules! errnos {
    ($($constant:ident $name:literal $meaning:literal;)+) => {
        impl Errno {
            $(
                #[doc = concat!("`", $name, "`: ", $meaning, ".")]
                pub const $constant: Self = Self::from_rustix(Raw::$constant);
            )+

            /// Name and meaning.
            fn describe(self) -> Option<(&'static str, &'static str)> {
                Some(match self {
                    $(Self::$constant => ($name, $meaning),)+
                    _ => return None,
                })
            }
        }
    };
}

errnos! {
    PERM "EPERM" "not permitted";
    NOENT "ENOENT" "no such file";
    INTR "EINTR" "interrupted by a signal";
    IO "EIO" "the device or its queue is in error";
    NXIO "ENXIO" "no device behind the file, or no such memory range";
    BADF "EBADF" "not an open file descriptor";
    AGAIN "EAGAIN" "nothing is ready yet";
    NOMEM "ENOMEM" "no memory";
    ACCESS "EACCES" "no permission";
    FAULT "EFAULT" "memory the kernel cannot use";
    BUSY "EBUSY" "in use by another program or by an earlier step";
    EXIST "EEXIST" "exists already";
    NODEV "ENODEV" "the device is gone";
    NOTDIR "ENOTDIR" "part of the path is not a directory";
    ISDIR "EISDIR" "a directory";
    INVAL "EINVAL" "an argument, or the order of calls, is wrong";
    NFILE "ENFILE" "too many open files in the system";
    MFILE "EMFILE" "too many open files in this program";
    NOTTY "ENOTTY" "the file does not support this call";
    NOSPC "ENOSPC" "no room or no bandwidth";
    PIPE "EPIPE" "the stream has ended, or formats along the pipeline differ";
    DOM "EDOM" "out of the domain";
    RANGE "ERANGE" "out of range";
    NOLINK "ENOLINK" "a link of the pipeline is missing";
    PROTO "EPROTO" "the device broke the protocol";
    OVERFLOW "EOVERFLOW" "a number too large for its field";
    NOBUFS "ENOBUFS" "no more buffers are possible";
    NOSYS "ENOSYS" "the kernel does not support this call";
    OPNOTSUPP "EOPNOTSUPP" "not supported";
    TIMEDOUT "ETIMEDOUT" "the device did not respond in time";
    NAMETOOLONG "ENAMETOOLONG" "the path is too long";
    LOOP "ELOOP" "too many symbolic links";
}

impl Errno {
    /// An errno from its number; `None` for 0 and below, which are no errors.
    pub const fn from_raw(number: i32) -> Option<Self> {
        match NonZeroI32::new(number) {
            Some(number) if number.get() > 0 => Some(Self(number)),
            _ => None,
        }
    }

    /// The number, e.g. 16 for EBUSY on most architectures.
    #[inline]
    pub const fn raw(self) -> i32 {
        self.0.get()
    }

    /// The name, e.g. `EBUSY`; `None` for a number this crate does not know.
    pub fn name(self) -> Option<&'static str> {
        self.describe().map(|(name, _)| name)
    }

    /// As [`from_rustix`](Self::from_rustix), for the path that runs for every frame: out of line, so that success costs one
    /// comparison and one branch there, and no arithmetic on the result.
    #[cold]
    #[inline(never)]
    pub(crate) fn from_rustix_cold(raw: Raw) -> Self {
        Self::from_rustix(raw)
    }

    #[inline]
    pub(crate) const fn from_rustix(raw: Raw) -> Self {
        match NonZeroI32::new(raw.raw_os_error()) {
            Some(number) => Self(number),
            // Never: rustix returns no errno of 0.
            None => Self(NonZeroI32::MIN),
        }
    }
}

/// Which kind each errno is; all others are [`ErrorKind::Other`]. A table, because a `match` compiles to ten times its size.
const KINDS: [(u8, ErrorKind); 18] = [
    kind_of(Errno::AGAIN, ErrorKind::WouldBlock),
    kind_of(Errno::INTR, ErrorKind::Interrupted),
    kind_of(Errno::NODEV, ErrorKind::Unplugged),
    kind_of(Errno::BUSY, ErrorKind::Busy),
    kind_of(Errno::INVAL, ErrorKind::Invalid),
    kind_of(Errno::NOMEM, ErrorKind::NoMemory),
    kind_of(Errno::NOBUFS, ErrorKind::NoMemory),
    kind_of(Errno::ACCESS, ErrorKind::Access),
    kind_of(Errno::PERM, ErrorKind::Access),
    kind_of(Errno::BADF, ErrorKind::BadDescriptor),
    kind_of(Errno::IO, ErrorKind::Io),
    kind_of(Errno::PIPE, ErrorKind::BrokenPipe),
    kind_of(Errno::NOLINK, ErrorKind::NotLinked),
    kind_of(Errno::NOSPC, ErrorKind::NoSpace),
    kind_of(Errno::NOTTY, ErrorKind::NotSupported),
    kind_of(Errno::NOENT, ErrorKind::NotFound),
    kind_of(Errno::NXIO, ErrorKind::NotFound),
    kind_of(Errno::FAULT, ErrorKind::Fault),
];

const fn kind_of(errno: Errno, kind: ErrorKind) -> (u8, ErrorKind) {
    assert!(errno.raw() < 256);
    (errno.raw() as u8, kind)
}

impl BackendError for Errno {
    // Out of line: inlined, its loop makes the optimiser spill every frame's values.
    #[cold]
    #[inline(never)]
    fn kind(&self) -> ErrorKind {
        let entry = KINDS.iter().find(|(number, _)| i32::from(*number) == self.raw());
        entry.map_or(ErrorKind::Other, |(_, kind)| *kind)
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.describe() {
            Some((name, meaning)) => write!(f, "{name} ({}): {meaning}", self.raw()),
            None => write!(f, "errno {}", self.raw()),
        }
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "Errno({name})"),
            None => write!(f, "Errno({})", self.raw()),
        }
    }
}

impl core::error::Error for Errno {}

#[cfg(feature = "std")]
impl From<Errno> for std::io::Error {
    fn from(error: Errno) -> Self {
        Self::from_raw_os_error(error.raw())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Errno {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str} ({=i32})", self.name().unwrap_or("errno"), self.raw());
    }
}

#[cfg(test)]
mod tests {
    use super::Errno;
    use vidbuf::{BackendError as _, ErrorKind};

    #[test]
    fn every_kind_but_other_has_an_errno() {
        let table = [
            (Errno::AGAIN, ErrorKind::WouldBlock),
            (Errno::INTR, ErrorKind::Interrupted),
            (Errno::NODEV, ErrorKind::Unplugged),
            (Errno::BUSY, ErrorKind::Busy),
            (Errno::INVAL, ErrorKind::Invalid),
            (Errno::NOMEM, ErrorKind::NoMemory),
            (Errno::NOBUFS, ErrorKind::NoMemory),
            (Errno::ACCESS, ErrorKind::Access),
            (Errno::PERM, ErrorKind::Access),
            (Errno::BADF, ErrorKind::BadDescriptor),
            (Errno::IO, ErrorKind::Io),
            (Errno::PIPE, ErrorKind::BrokenPipe),
            (Errno::NOLINK, ErrorKind::NotLinked),
            (Errno::NOSPC, ErrorKind::NoSpace),
            (Errno::NOTTY, ErrorKind::NotSupported),
            (Errno::NOENT, ErrorKind::NotFound),
            (Errno::NXIO, ErrorKind::NotFound),
            (Errno::FAULT, ErrorKind::Fault),
            (Errno::PROTO, ErrorKind::Other),
        ];
        for (errno, kind) in table {
            assert_eq!(errno.kind(), kind, "{errno:?}");
        }
    }

    #[test]
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64", target_arch = "arm"))]
    fn numbers_are_the_kernels() {
        let table =
            [(Errno::AGAIN, 11), (Errno::NODEV, 19), (Errno::NOTTY, 25), (Errno::PIPE, 32), (Errno::NOLINK, 67)];
        for (errno, number) in table {
            assert_eq!(errno.raw(), number, "{errno:?}");
        }
    }

    #[test]
    fn unknown_number_is_kept() {
        let unknown = Errno::from_raw(2999).expect("a positive number");
        assert_eq!((unknown.raw(), unknown.name(), unknown.kind()), (2999, None, ErrorKind::Other));
    }

    #[test]
    fn zero_and_below_are_no_errors() {
        assert_eq!((Errno::from_raw(0), Errno::from_raw(-5)), (None, None));
    }

    /// `?` works in a function whose error is any error, and with `std` in one of `std::io`.
    #[test]
    fn errno_becomes_the_errors_of_others() {
        fn boxed(outcome: Result<(), Errno>) -> Result<(), std::boxed::Box<dyn core::error::Error + Send + Sync>> {
            Ok(outcome?)
        }
        assert!(boxed(Ok(())).is_ok());
        let error = boxed(Err(Errno::BUSY)).expect_err("EBUSY");
        assert_eq!(error.downcast_ref(), Some(&Errno::BUSY));

        #[cfg(feature = "std")]
        {
            fn of_io(outcome: Result<(), Errno>) -> std::io::Result<()> {
                Ok(outcome?)
            }
            let error = of_io(Err(Errno::BUSY)).expect_err("EBUSY");
            assert_eq!(error.raw_os_error(), Some(Errno::BUSY.raw()));
            assert_eq!(error.kind(), std::io::ErrorKind::ResourceBusy);
        }
    }

    #[test]
    fn result_of_nothing_fits_one_register() {
        assert_eq!(size_of::<Result<(), Errno>>(), 4);
    }
}
