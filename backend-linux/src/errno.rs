//! Error numbers as rustix returns them, and as `vidbuf` has them.

use rustix::io::Errno as Raw;
use vidbuf::Errno;

/// The number that a failed system call returned. Out of line: success then costs a comparison and a branch on the path that runs
/// for every frame, and each of the other calls 30 bytes less.
#[cold]
#[inline(never)]
pub(crate) fn errno(raw: Raw) -> Errno {
    // Never EIO in its place: rustix returns no errno of 0 or below.
    Errno::from_raw(raw.raw_os_error()).unwrap_or(Errno::EIO)
}

/// Each `OURS = RUSTIX'S`: the numbers of this processor.
macro_rules! equal {
    ($($ours:ident = $theirs:ident;)+) => {
        const _: () = {
            $(assert!(Errno::$ours.raw() == Raw::$theirs.raw_os_error(), stringify!($ours));)+
        };
    };
}

equal! {
    EPERM = PERM;
    ENOENT = NOENT;
    EINTR = INTR;
    EIO = IO;
    ENXIO = NXIO;
    E2BIG = TOOBIG;
    EBADF = BADF;
    EAGAIN = AGAIN;
    ENOMEM = NOMEM;
    EACCES = ACCESS;
    EFAULT = FAULT;
    EBUSY = BUSY;
    EEXIST = EXIST;
    ENODEV = NODEV;
    ENOTDIR = NOTDIR;
    EISDIR = ISDIR;
    EINVAL = INVAL;
    ENFILE = NFILE;
    EMFILE = MFILE;
    ENOTTY = NOTTY;
    ENOSPC = NOSPC;
    EPIPE = PIPE;
    EDOM = DOM;
    ERANGE = RANGE;
    EDEADLK = DEADLK;
    ENAMETOOLONG = NAMETOOLONG;
    ENOLCK = NOLCK;
    ENOSYS = NOSYS;
    ELOOP = LOOP;
    EBADE = BADE;
    EBADR = BADR;
    ENODATA = NODATA;
    ENOLINK = NOLINK;
    EPROTO = PROTO;
    EOVERFLOW = OVERFLOW;
    EOPNOTSUPP = OPNOTSUPP;
    ENOBUFS = NOBUFS;
    ETIMEDOUT = TIMEDOUT;
}

#[cfg(test)]
mod tests {
    use super::{Raw, errno};

    #[test]
    fn a_number_without_a_name_is_kept() {
        assert_eq!(errno(Raw::from_raw_os_error(2999)).raw(), 2999);
        assert_eq!(errno(Raw::BUSY), vidbuf::Errno::EBUSY);
    }
}
