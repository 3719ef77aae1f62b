//! Error numbers.

use vidbuf_sim::SimErrno;

/// A kernel error number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub i32);

impl From<SimErrno> for Errno {
    fn from(errno: SimErrno) -> Self {
        Self(i32::from(errno.raw()))
    }
}

/// What a C function answers: a number, or -1 with `errno` set.
pub fn answer(result: Result<i32, Errno>) -> i32 {
    match result {
        Ok(value) => value,
        Err(Errno(number)) => {
            set(number);
            -1
        }
    }
}

/// The error of the C function that just failed.
pub fn last() -> Errno {
    // SAFETY: the C library gives every thread such a place.
    Errno(unsafe { *libc::__errno_location() })
}

/// Sets `errno`.
pub fn set(number: i32) {
    // SAFETY: as in `last`.
    unsafe { *libc::__errno_location() = number };
}
