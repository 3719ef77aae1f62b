//! The C library's `errno`.

use vidbuf_sim::Errno;

/// What a C function returns: a number, or -1 with `errno` set.
pub fn answer(result: Result<i32, Errno>) -> i32 {
    match result {
        Ok(value) => value,
        Err(errno) => {
            set(errno.raw());
            -1
        }
    }
}

/// The error of the C function that just failed.
pub fn last() -> Errno {
    // SAFETY: the C library gives every thread such a place.
    Errno::from_raw(unsafe { *libc::__errno_location() }).unwrap_or(Errno::EIO)
}

/// Sets `errno`.
pub fn set(number: i32) {
    // SAFETY: as in `last`.
    unsafe { *libc::__errno_location() = number };
}
