//! stat and its relatives: a node of ours is character device 81:N.

use core::ffi::{CStr, c_char, c_int, c_uint};

use crate::errno::set;
use crate::table::is_ours;
use crate::world::world;
use crate::{next, paths, settings};

fn by_path(path: *const c_char) -> Option<usize> {
    // SAFETY: the caller's promise: what is not null ends with a zero.
    if path.is_null() { None } else { settings::find(unsafe { CStr::from_ptr(path) }) }
}

fn by_descriptor(fd: c_int) -> Option<usize> {
    if is_ours(fd) { world().table.node(fd).map(|open| open.device) } else { None }
}

fn number(device: usize) -> u32 {
    settings::settings().nodes[device].minor
}

/// As /dev/null is, with another number.
unsafe fn fill(device: usize, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's place for the result.
    let outcome = unsafe { next::stat(c"/dev/null".as_ptr(), answer) };
    if outcome == 0 {
        // SAFETY: it was just written.
        unsafe {
            (*answer).st_mode = libc::S_IFCHR | 0o660;
            (*answer).st_rdev = libc::makedev(paths::MAJOR, number(device));
        }
    }
    outcome
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn stat(path: *const c_char, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { by_path(path).map_or_else(|| next::stat(path, answer), |device| fill(device, answer)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstat(path: *const c_char, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { by_path(path).map_or_else(|| next::lstat(path, answer), |device| fill(device, answer)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fstat(fd: c_int, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { by_descriptor(fd).map_or_else(|| next::fstat(fd, answer), |device| fill(device, answer)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fstatat(
    directory: c_int,
    path: *const c_char,
    answer: *mut libc::stat,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's.
    unsafe {
        find_at(directory, path).map_or_else(|| next::fstatat(directory, path, answer, flags), |d| fill(d, answer))
    }
}

/// The node of a path, or of the descriptor if the path is empty.
fn find_at(directory: c_int, path: *const c_char) -> Option<usize> {
    // SAFETY: the caller's promise: what is not null ends with a zero.
    let empty = path.is_null() || unsafe { *path } == 0;
    if empty { by_descriptor(directory) } else { by_path(path) }
}

// 64-bit targets have one size of files.

#[unsafe(no_mangle)]
pub unsafe extern "C" fn stat64(path: *const c_char, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { stat(path, answer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn lstat64(path: *const c_char, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { lstat(path, answer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fstat64(fd: c_int, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { fstat(fd, answer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fstatat64(
    directory: c_int,
    path: *const c_char,
    answer: *mut libc::stat,
    flags: c_int,
) -> c_int {
    // SAFETY: the caller's.
    unsafe { fstatat(directory, path, answer, flags) }
}

// What programs call that were built with a C library before 2.33. The first argument is the version of the structure.

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __xstat(_version: c_int, path: *const c_char, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { stat(path, answer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __xstat64(_version: c_int, path: *const c_char, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { stat(path, answer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __fxstat(_version: c_int, fd: c_int, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { fstat(fd, answer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __fxstat64(_version: c_int, fd: c_int, answer: *mut libc::stat) -> c_int {
    // SAFETY: the caller's.
    unsafe { fstat(fd, answer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn statx(
    directory: c_int,
    path: *const c_char,
    flags: c_int,
    mask: c_uint,
    answer: *mut libc::statx,
) -> c_int {
    // The system call itself: the standard library of this library asks for it before there is a next function.
    let raw = |directory: c_int, path: *const c_char, flags: c_int| {
        // SAFETY: the caller's place for the result; the kernel checks everything.
        unsafe { libc::syscall(libc::SYS_statx, directory, path, flags, mask, answer) as c_int }
    };
    let Some(device) = find_at(directory, path) else { return raw(directory, path, flags) };
    let outcome = raw(libc::AT_FDCWD, c"/dev/null".as_ptr(), 0);
    if outcome == 0 {
        // SAFETY: it was just written.
        unsafe {
            (*answer).stx_mode = (libc::S_IFCHR | 0o660) as u16;
            (*answer).stx_rdev_major = paths::MAJOR;
            (*answer).stx_rdev_minor = number(device);
        }
    } else if outcome < 0 && answer.is_null() {
        set(libc::EFAULT);
    }
    outcome
}
