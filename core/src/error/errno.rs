//! Error numbers of the kernel, by name.

use core::fmt;
use core::num::NonZeroI32;

use crate::error::ErrorKind;

/// `errno`: the number with which a call failed. Numbers without a name here are kept.
///
/// ```
/// use vidbuf::Errno;
/// assert_eq!(Errno::EBUSY.raw(), 16);
/// assert_eq!(Errno::EBUSY.to_string(), "EBUSY (16): in use by another program or by an earlier step");
/// assert_eq!(Errno::from_raw(3000).unwrap().to_string(), "errno 3000");
/// ```
///
/// A backend of your own returns the number that the kernel would, and any other positive number where none fits: it is printed
/// as it is, and of kind [`Other`](ErrorKind::Other).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Errno(NonZeroI32);

/// Most numbers above 34 are others on MIPS than on every other processor that runs Linux and Rust.
const fn or_mips(usual: i32, mips: i32) -> i32 {
    if cfg!(any(target_arch = "mips", target_arch = "mips32r6", target_arch = "mips64", target_arch = "mips64r6")) {
        mips
    } else {
        usual
    }
}

/// One line for each constant: its name, its number and its meaning.
macro_rules! errnos {
    ($($name:ident = $number:expr, $meaning:literal;)+) => {
        impl Errno {
            $(
                #[doc = concat!("`", stringify!($name), "`: ", $meaning, ".")]
                pub const $name: Self = match NonZeroI32::new($number) {
                    Some(number) => Self(number),
                    None => panic!("at compile time: no errno is 0"),
                };
            )+

            /// Name and meaning.
            fn describe(self) -> Option<(&'static str, &'static str)> {
                Some(match self {
                    $(Self::$name => (stringify!($name), $meaning),)+
                    _ => return None,
                })
            }
        }
    };
}

errnos! {
    EPERM = 1, "not permitted";
    ENOENT = 2, "no such file";
    EINTR = 4, "interrupted by a signal";
    EIO = 5, "the device or its queue is in error";
    ENXIO = 6, "no device behind the file, or no such memory range";
    E2BIG = 7, "more than the device has room for";
    EBADF = 9, "not an open file descriptor";
    EAGAIN = 11, "nothing is ready yet";
    ENOMEM = 12, "no memory";
    EACCES = 13, "no permission";
    EFAULT = 14, "memory the kernel cannot use";
    EBUSY = 16, "in use by another program or by an earlier step";
    EEXIST = 17, "exists already";
    ENODEV = 19, "the device is gone";
    ENOTDIR = 20, "part of the path is not a directory";
    EISDIR = 21, "a directory";
    EINVAL = 22, "an argument, or the order of calls, is wrong";
    ENFILE = 23, "too many open files in the system";
    EMFILE = 24, "too many open files in this program";
    ENOTTY = 25, "the file does not support this call";
    ENOSPC = 28, "no room or no bandwidth";
    EPIPE = 32, "the stream has ended, or it cannot begin";
    EDOM = 33, "out of the domain";
    ERANGE = 34, "out of range";
    EDEADLK = or_mips(35, 45), "would sleep for ever, because nothing that could end the call is going to happen";
    ENAMETOOLONG = or_mips(36, 78), "the path is too long";
    ENOLCK = or_mips(37, 46), "the device cannot lock onto the signal";
    ENOSYS = or_mips(38, 89), "the kernel does not support this call";
    ELOOP = or_mips(40, 90), "too many symbolic links";
    EBADE = or_mips(52, 50), "not the call that was recorded";
    EBADR = or_mips(53, 51), "requests are required here, or not supported";
    ENODATA = 61, "not on this input or output, or nothing is stored";
    ENOLINK = 67, "no signal, or a link of the pipeline is missing";
    EPROTO = 71, "the device broke the protocol";
    EOVERFLOW = or_mips(75, 79), "a number too large for its field";
    EOPNOTSUPP = or_mips(95, 122), "not supported";
    ENOBUFS = or_mips(105, 132), "no more buffers are possible";
    ETIMEDOUT = or_mips(110, 145), "the device did not respond in time";
}

impl Errno {
    /// An errno from its number; `None` for 0 and below, which are no errors.
    #[inline]
    pub const fn from_raw(number: i32) -> Option<Self> {
        match NonZeroI32::new(number) {
            Some(number) if number.get() > 0 => Some(Self(number)),
            _ => None,
        }
    }

    /// The number, e.g. 16 for EBUSY.
    #[inline]
    pub const fn raw(self) -> i32 {
        self.0.get()
    }

    /// The name, e.g. `EBUSY`; `None` for a number without one here.
    pub fn name(self) -> Option<&'static str> {
        self.describe().map(|(name, _)| name)
    }

    /// What a program does about it; [`ErrorKind::Other`] when no kind fits.
    // Out of line: inlined, its loop makes the optimiser spill every frame's values.
    #[cold]
    #[inline(never)]
    pub fn kind(self) -> ErrorKind {
        let entry = KINDS.iter().find(|(number, _)| i32::from(*number) == self.raw());
        entry.map_or(ErrorKind::Other, |(_, kind)| *kind)
    }
}

/// Which kind each errno is. A table, because a `match` compiles to ten times its size.
const KINDS: [(u8, ErrorKind); 18] = [
    kind_of(Errno::EAGAIN, ErrorKind::WouldBlock),
    kind_of(Errno::EINTR, ErrorKind::Interrupted),
    kind_of(Errno::ENODEV, ErrorKind::Unplugged),
    kind_of(Errno::EBUSY, ErrorKind::Busy),
    kind_of(Errno::EINVAL, ErrorKind::Invalid),
    kind_of(Errno::ENOMEM, ErrorKind::NoMemory),
    kind_of(Errno::ENOBUFS, ErrorKind::NoMemory),
    kind_of(Errno::EACCES, ErrorKind::Access),
    kind_of(Errno::EPERM, ErrorKind::Access),
    kind_of(Errno::EBADF, ErrorKind::BadDescriptor),
    kind_of(Errno::EIO, ErrorKind::Io),
    kind_of(Errno::EPIPE, ErrorKind::BrokenPipe),
    kind_of(Errno::ENOLINK, ErrorKind::NotLinked),
    kind_of(Errno::ENOSPC, ErrorKind::NoSpace),
    kind_of(Errno::ENOTTY, ErrorKind::NotSupported),
    kind_of(Errno::ENOENT, ErrorKind::NotFound),
    kind_of(Errno::ENXIO, ErrorKind::NotFound),
    kind_of(Errno::EFAULT, ErrorKind::Fault),
];

const fn kind_of(errno: Errno, kind: ErrorKind) -> (u8, ErrorKind) {
    assert!(errno.raw() < 256);
    (errno.raw() as u8, kind)
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
            Some(name) => f.write_str(name),
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
    use crate::error::ErrorKind;

    #[test]
    fn every_kind_but_other_has_an_errno() {
        let table = [
            (Errno::EAGAIN, ErrorKind::WouldBlock),
            (Errno::EINTR, ErrorKind::Interrupted),
            (Errno::ENODEV, ErrorKind::Unplugged),
            (Errno::EBUSY, ErrorKind::Busy),
            (Errno::EINVAL, ErrorKind::Invalid),
            (Errno::ENOMEM, ErrorKind::NoMemory),
            (Errno::ENOBUFS, ErrorKind::NoMemory),
            (Errno::EACCES, ErrorKind::Access),
            (Errno::EPERM, ErrorKind::Access),
            (Errno::EBADF, ErrorKind::BadDescriptor),
            (Errno::EIO, ErrorKind::Io),
            (Errno::EPIPE, ErrorKind::BrokenPipe),
            (Errno::ENOLINK, ErrorKind::NotLinked),
            (Errno::ENOSPC, ErrorKind::NoSpace),
            (Errno::ENOTTY, ErrorKind::NotSupported),
            (Errno::ENOENT, ErrorKind::NotFound),
            (Errno::ENXIO, ErrorKind::NotFound),
            (Errno::EFAULT, ErrorKind::Fault),
            (Errno::EPROTO, ErrorKind::Other),
        ];
        for (errno, kind) in table {
            assert_eq!(errno.kind(), kind, "{errno:?}");
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

    #[test]
    fn result_of_nothing_fits_one_register() {
        assert_eq!(size_of::<Result<(), Errno>>(), 4);
    }

    /// `?` works in a function whose error is one of `std::io`.
    #[test]
    #[cfg(feature = "std")]
    fn errno_becomes_an_io_error() {
        fn of_io(outcome: Result<(), Errno>) -> std::io::Result<()> {
            Ok(outcome?)
        }
        let error = of_io(Err(Errno::EBUSY)).expect_err("EBUSY");
        assert_eq!((error.raw_os_error(), error.kind()), (Some(16), std::io::ErrorKind::ResourceBusy));
    }
}
