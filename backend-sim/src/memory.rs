//! The bytes that buffers are made of.
//!
//! # Safety
//!
//! The simulator never makes references into this memory: it reads and writes through the one pointer that the borrow
//! was turned into, and only regions that are the driver's, so slices that a queue gives out never alias its accesses. Where the device is not
//! exclusive there are no slices, and what both may touch is accessed byte by byte, atomically.
#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::ptr::NonNull;

/// Writes a byte that others may read at the same time.
///
/// # Safety
///
/// The byte is valid for writes, and accessed by nobody but atomically.
#[inline]
unsafe fn store(at: NonNull<u8>, byte: u8) {
    #[cfg(target_has_atomic = "8")]
    // SAFETY: valid, as the caller promises; a byte is aligned.
    unsafe { core::sync::atomic::AtomicU8::from_ptr(at.as_ptr()) }.store(byte, core::sync::atomic::Ordering::Relaxed);
    #[cfg(not(target_has_atomic = "8"))]
    // SAFETY: valid, as the caller promises; one processor, and a byte is written at once.
    unsafe {
        at.write_volatile(byte);
    }
}

/// Borrowed memory, as a pointer.
pub(crate) struct Memory<'m> {
    /// What was borrowed.
    whole: (NonNull<u8>, usize),
    /// The part that begins on a page.
    base: NonNull<u8>,
    length: usize,
    borrow: PhantomData<&'m mut [u8]>,
}

// SAFETY: it is an exclusive borrow of bytes; what may be touched when is decided under the simulator's lock.
unsafe impl Send for Memory<'_> {}

impl<'m> Memory<'m> {
    /// All of the memory.
    pub fn new(bytes: &'m mut [u8]) -> Self {
        let length = bytes.len();
        let base = NonNull::from(bytes).cast();
        Self { whole: (base, length), base, length, borrow: PhantomData }
    }

    /// Memory that begins on a page of this size, if there is enough of it.
    pub fn align(&mut self, page: usize) {
        let (base, length) = self.whole;
        let skip = base.align_offset(page).min(length);
        // SAFETY: `skip` is at most the length of the borrowed bytes.
        self.base = unsafe { base.add(skip) };
        self.length = length - skip;
    }

    pub fn length(&self) -> usize {
        self.length
    }

    /// Address of `length` bytes at `start`, if they are inside.
    pub fn address(&self, start: usize, length: usize) -> Option<NonNull<u8>> {
        let inside = start.checked_add(length).is_some_and(|end| end <= self.length);
        // SAFETY: checked to be inside the borrowed bytes.
        inside.then(|| unsafe { self.base.add(start) })
    }

    /// Where in the memory an address is.
    pub fn offset_of(&self, address: NonNull<u8>) -> Option<usize> {
        let offset = (address.as_ptr() as usize).checked_sub(self.base.as_ptr() as usize)?;
        (offset < self.length).then_some(offset)
    }

    /// Sets `length` bytes at `start`.
    ///
    /// # Safety
    ///
    /// Nobody else touches them meanwhile and nothing borrows them: they are the driver's, or nobody's.
    pub unsafe fn set(&self, start: usize, length: usize, byte: u8) {
        if let Some(address) = self.address(start, length) {
            // SAFETY: inside the borrowed bytes; the caller promises exclusiveness.
            unsafe { address.write_bytes(byte, length) };
        }
    }

    /// Writes bytes at `start`.
    ///
    /// # Safety
    ///
    /// As [`set`](Self::set).
    pub unsafe fn write(&self, start: usize, bytes: &[u8]) {
        if let Some(address) = self.address(start, bytes.len()) {
            // SAFETY: inside the borrowed bytes and exclusive, so `bytes` is somewhere else.
            unsafe { address.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len()) };
        }
    }

    /// Writes bytes at `start` where a program may be reading them byte by byte at the same time: no reference to them was ever
    /// given out, see [`Granted::exclusive`](vidbuf::backend::Granted::exclusive).
    pub fn write_shared(&self, start: usize, bytes: &[u8]) {
        let Some(address) = self.address(start, bytes.len()) else { return };
        for (offset, byte) in bytes.iter().enumerate() {
            // SAFETY: inside the borrowed bytes. Nothing borrows them, and a program reads them atomically.
            unsafe { store(address.add(offset), *byte) };
        }
    }

    /// Copies `length` bytes from one place to another that does not overlap with it.
    ///
    /// # Safety
    ///
    /// As [`set`](Self::set), for both places.
    pub unsafe fn repeat(&self, from: usize, to: usize, length: usize) {
        if from.abs_diff(to) < length {
            return;
        }
        if let (Some(from), Some(to)) = (self.address(from, length), self.address(to, length)) {
            // SAFETY: both inside, not overlapping as just checked, exclusive as the caller promises.
            unsafe { to.copy_from_nonoverlapping(from, length) };
        }
    }

    /// Reads `length` bytes at `start` in pieces.
    ///
    /// # Safety
    ///
    /// Nobody writes them meanwhile and nothing borrows them mutably.
    pub unsafe fn read(&self, start: usize, length: usize, mut piece: impl FnMut(&[u8])) {
        let mut copy = [0u8; 64];
        let mut at = 0;
        while at < length {
            let bytes = (length - at).min(copy.len());
            let Some(address) = self.address(start + at, bytes) else { return };
            // SAFETY: inside the borrowed bytes; the caller promises that nobody writes; `copy` is on the stack.
            unsafe { address.copy_to_nonoverlapping(NonNull::from(&mut copy).cast(), bytes) };
            piece(&copy[..bytes]);
            at += bytes;
        }
    }
}
