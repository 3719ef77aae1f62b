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

use crate::driver::{Bytes, Place, Unreachable};
use crate::kernel::PlaneMemory;

/// Writes a byte that others may read at the same time.
///
/// # Safety
///
/// The byte is valid for writes, and every access to it is atomic.
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
    /// Frees memory of its own. A field without a lifetime: a `Drop` of `Memory` itself would keep the borrow alive for longer.
    #[cfg(feature = "alloc")]
    _own: Option<Own>,
}

/// Bytes that the simulator has allocated, the whole of [`Memory::whole`].
#[cfg(feature = "alloc")]
struct Own(NonNull<[u8]>);

#[cfg(feature = "alloc")]
impl Drop for Own {
    fn drop(&mut self) {
        // SAFETY: from `Box::into_raw` in `Memory::owned`, and freed here only. Regions of it are used by open files alone, which
        // borrow the device that drops this.
        drop(unsafe { alloc::boxed::Box::from_raw(self.0.as_ptr()) });
    }
}

#[cfg(feature = "alloc")]
impl Memory<'static> {
    /// So many bytes, all 0, allocated.
    pub fn owned(bytes: usize) -> Self {
        let memory = alloc::vec![0; bytes].into_boxed_slice();
        let memory = NonNull::from(alloc::boxed::Box::leak(memory));
        let base = memory.cast();
        Self { whole: (base, bytes), base, length: bytes, borrow: PhantomData, _own: Some(Own(memory)) }
    }
}

// SAFETY: it is an exclusive borrow of bytes, or owns them; what may be touched when is decided under the simulator's lock.
unsafe impl Send for Memory<'_> {}

impl<'m> Memory<'m> {
    /// All of the memory.
    pub fn new(bytes: &'m mut [u8]) -> Self {
        let length = bytes.len();
        let base = NonNull::from(bytes).cast();
        Self {
            whole: (base, length),
            base,
            length,
            borrow: PhantomData,
            #[cfg(feature = "alloc")]
            _own: None,
        }
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
    /// No other thread touches them meanwhile and nothing borrows them: they are the driver's, or free.
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

    /// Copies `length` bytes at `start` to so many places behind, at a distance of `stride`.
    ///
    /// # Safety
    ///
    /// As [`set`](Self::set), for all up to the end of the last place.
    pub unsafe fn repeat(&self, start: usize, length: usize, stride: usize, times: usize) {
        let whole = stride.checked_mul(times).and_then(|bytes| bytes.checked_add(length));
        let Some(first) = whole.and_then(|whole| self.address(start, whole)).filter(|_| stride >= length) else {
            return;
        };
        for time in 1..=times {
            // SAFETY: all are inside, and none overlaps with the first, as just checked; exclusive as the caller promises.
            unsafe { first.add(time * stride).copy_from_nonoverlapping(first, length) };
        }
    }

    /// Reads bytes at `start`.
    ///
    /// # Safety
    ///
    /// No thread writes them meanwhile and nothing borrows them mutably.
    pub unsafe fn read(&self, start: usize, bytes: &mut [u8]) {
        let length = bytes.len();
        if let Some(address) = self.address(start, length) {
            // SAFETY: inside the borrowed bytes; the caller promises that no thread writes; `bytes` is somewhere else, as these are
            // borrowed.
            unsafe { address.copy_to_nonoverlapping(NonNull::from(bytes).cast(), length) };
        }
    }
}

/// Where an offset of a place is, if `length` bytes of the place are there.
fn inside(place: &Place, offset: usize, length: usize) -> Result<usize, Unreachable> {
    match (place.memory, offset.checked_add(length)) {
        (PlaneMemory::Own(start), Some(end)) if end <= place.length => Ok(start + offset),
        _ => Err(Unreachable),
    }
}

/// For the engine of a [`Sim`](crate::Sim), whose alone this type is.
impl Bytes for Memory<'_> {
    fn write(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable> {
        let start = inside(place, offset, bytes.len())?;
        // SAFETY: the engine writes buffers only that are the driver's (`Work::contents`), so the program neither touches nor borrows them.
        unsafe { Memory::write(self, start, bytes) };
        Ok(())
    }

    fn read(&mut self, place: &Place, offset: usize, bytes: &mut [u8]) -> Result<(), Unreachable> {
        let start = inside(place, offset, bytes.len())?;
        // SAFETY: as above; nothing else writes what is the driver's.
        unsafe { Memory::read(self, start, bytes) };
        Ok(())
    }

    fn repeat(
        &mut self,
        place: &Place,
        from: usize,
        length: usize,
        stride: usize,
        times: usize,
    ) -> Result<(), Unreachable> {
        let start = inside(place, from, stride.saturating_mul(times).saturating_add(length))?;
        // SAFETY: as above, all of it inside one plane.
        unsafe { Memory::repeat(self, start, length, stride, times) };
        Ok(())
    }

    fn write_shared(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable> {
        let start = inside(place, offset, bytes.len())?;
        Memory::write_shared(self, start, bytes);
        Ok(())
    }
}
