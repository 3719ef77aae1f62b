//! Copies of memory that another thread, program or device may write or read at the same time.
//!
//! # Safety
//!
//! Bytes that a driver or another process may change cannot be borrowed as a slice. They are read and written here one word at
//! a time, atomically where the target has atomics: such an access may see any mixture of old and new words, and no access is a
//! data race.
#![allow(unsafe_code)]

use core::ptr::NonNull;

/// What is moved by one access.
const WORD: usize = size_of::<usize>();

#[cfg(target_has_atomic = "ptr")]
mod access {
    use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering::Relaxed};

    /// # Safety
    ///
    /// `at` is valid for reads, and for writes by others that have it, for as long as the call lasts.
    pub(super) unsafe fn read_byte(at: *mut u8) -> u8 {
        // SAFETY: the caller's; a byte is always aligned.
        unsafe { AtomicU8::from_ptr(at) }.load(Relaxed)
    }

    /// # Safety
    ///
    /// As [`read_byte`], and aligned.
    pub(super) unsafe fn read_word(at: *mut usize) -> usize {
        // SAFETY: the caller's.
        unsafe { AtomicUsize::from_ptr(at) }.load(Relaxed)
    }

    /// # Safety
    ///
    /// As [`read_byte`], and valid for writes.
    pub(super) unsafe fn write_byte(at: *mut u8, byte: u8) {
        // SAFETY: the caller's.
        unsafe { AtomicU8::from_ptr(at) }.store(byte, Relaxed);
    }
}

#[cfg(not(target_has_atomic = "ptr"))]
mod access {
    /// # Safety
    ///
    /// `at` is valid for reads, and for writes by others that have it, for as long as the call lasts.
    pub(super) unsafe fn read_byte(at: *mut u8) -> u8 {
        // SAFETY: the caller's. Volatile, so that each access is made once and as it stands here.
        unsafe { at.read_volatile() }
    }

    /// # Safety
    ///
    /// As [`read_byte`], and aligned.
    pub(super) unsafe fn read_word(at: *mut usize) -> usize {
        // SAFETY: the caller's.
        unsafe { at.read_volatile() }
    }

    /// # Safety
    ///
    /// As [`read_byte`], and valid for writes.
    pub(super) unsafe fn write_byte(at: *mut u8, byte: u8) {
        // SAFETY: the caller's.
        unsafe { at.write_volatile(byte) };
    }
}

/// Copies from shared memory into the caller's.
///
/// # Safety
///
/// `from` is valid for reads of `into.len()` bytes, and lies outside of `into`.
pub(crate) unsafe fn read(from: NonNull<u8>, into: &mut [u8]) {
    let from = from.as_ptr();
    let head = from.align_offset(WORD).min(into.len());
    let (first, rest) = into.split_at_mut(head);
    for (offset, byte) in first.iter_mut().enumerate() {
        // SAFETY: below `into.len()`.
        *byte = unsafe { access::read_byte(from.add(offset)) };
    }
    let mut offset = head;
    let mut words = rest.chunks_exact_mut(WORD);
    for word in &mut words {
        // SAFETY: a whole word below `into.len()`, aligned because `head` bytes were skipped.
        let value = unsafe { access::read_word(from.add(offset).cast()) };
        word.copy_from_slice(&value.to_ne_bytes());
        offset += WORD;
    }
    for byte in words.into_remainder() {
        // SAFETY: below `into.len()`.
        *byte = unsafe { access::read_byte(from.add(offset)) };
        offset += 1;
    }
}

/// Copies the caller's bytes into shared memory.
///
/// # Safety
///
/// `into` is valid for reads and writes of `from.len()` bytes, and lies outside of `from`.
pub(crate) unsafe fn write(from: &[u8], into: NonNull<u8>) {
    for (offset, byte) in from.iter().enumerate() {
        // SAFETY: below `from.len()`.
        unsafe { access::write_byte(into.as_ptr().add(offset), *byte) };
    }
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use core::ptr::NonNull;

    #[test]
    fn every_alignment_and_length_is_copied_whole() {
        let mut shared: [u8; 64] = core::array::from_fn(|at| at as u8);
        let base = NonNull::from(&mut shared).cast::<u8>();
        for start in 0..16 {
            for length in 0..40 {
                let mut into = [0xff; 48];
                // SAFETY: 16 + 40 bytes are inside of 64; `into` is another array.
                unsafe { read(base.add(start), &mut into[..length]) };
                for (at, byte) in into.iter().enumerate() {
                    let expected = if at < length { (start + at) as u8 } else { 0xff };
                    assert_eq!(*byte, expected, "{start} {length} {at}");
                }
            }
        }
        // SAFETY: 3 bytes inside of 64.
        unsafe { write(&[1, 2, 3], base.add(7)) };
        assert_eq!(shared[6..11], [6, 1, 2, 3, 10]);
    }
}
