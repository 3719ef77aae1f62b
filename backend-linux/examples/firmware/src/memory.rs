//! `memcpy` and its like: the compiler calls them by name for copies that are not small, and expects a C library to have them.
//!
//! Portable, and small rather than fast; what is not called is not linked. `vidbuf` and `vidbuf-linux` call none of
//! them, except for a path that is a `&str`, which is copied.
//!
//! # Safety
//!
//! The callers guarantee what the C functions demand: the ranges are valid for what is read and written.

use core::ffi::c_int;

// Reads or writes are volatile everywhere, or the compiler would recognise the loops and turn them into calls of themselves.

/// Copies `length` bytes between places that do not overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    for at in 0..length {
        // SAFETY: the caller's promise.
        unsafe { to.add(at).write(from.add(at).read_volatile()) };
    }
    to
}

/// Copies `length` bytes between places that may overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    if to.cast_const() < from {
        // SAFETY: the caller's promise; from the first byte on, no byte is overwritten before it is read.
        return unsafe { memcpy(to, from, length) };
    }
    for at in (0..length).rev() {
        // SAFETY: the caller's promise.
        unsafe { to.add(at).write(from.add(at).read_volatile()) };
    }
    to
}

/// Fills `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: c_int, length: usize) -> *mut u8 {
    for at in 0..length {
        // SAFETY: the caller's promise.
        unsafe { to.add(at).write_volatile(byte as u8) };
    }
    to
}

/// The difference of the first two bytes that differ; 0 when none do.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, length: usize) -> c_int {
    for at in 0..length {
        // SAFETY: the caller's promise.
        let (left, right) = unsafe { (left.add(at).read_volatile(), right.add(at).read_volatile()) };
        if left != right {
            return c_int::from(left) - c_int::from(right);
        }
    }
    0
}

/// 0 when all bytes are the same.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, length: usize) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { memcmp(left, right, length) }
}

/// Bytes before the first 0.
#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const u8) -> usize {
    let mut length = 0;
    // SAFETY: the caller's promise: a 0 comes.
    while unsafe { text.add(length).read_volatile() } != 0 {
        length += 1;
    }
    length
}
