//! Making the kernel's structures, all zeroes, in registers or in place; and the members of their unions, where they lie.
//!
//! # Safety
//!
//! Making a structure of zeroes and looking at the bytes of one as another are `unsafe`; both are done for [`Plain`] types only.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane, v4l2_requestbuffers};
use vidbuf_abi::format::{v4l2_format, v4l2_format_fmt, v4l2_pix_format, v4l2_pix_format_mplane};

/// A kernel structure of integers.
///
/// # Safety
///
/// Any bytes are a value of the type, and its size is a multiple of 4.
pub(crate) unsafe trait Plain: Copy {}

/// A structure that the kernel follows no pointer of.
///
/// # Safety
///
/// It has none, or not with what this crate puts into it.
pub(crate) unsafe trait Pointerless: Plain {}

/// A structure of `vidbuf-abi` that is the argument of a call on a node.
macro_rules! plain {
    ($name:ident) => {
        $crate::plain::plain_with_pointers!($name);
        // SAFETY: numbers and names only, as its file in `vidbuf-abi` shows.
        #[allow(unsafe_code)]
        unsafe impl $crate::plain::Pointerless for $name {}
    };
}
pub(crate) use plain;

/// The same for one whose union may hold a pointer.
macro_rules! plain_with_pointers {
    ($name:ident) => {
        // SAFETY: `vidbuf-abi` makes structures of integers, of arrays of them and of other such structures only, and a union is
        // an array of bytes there. The size is asserted.
        #[allow(unsafe_code)]
        unsafe impl $crate::plain::Plain for $name {}
        const _: () = assert!(size_of::<$name>().is_multiple_of(4) && align_of::<$name>() >= 4);
    };
}
pub(crate) use plain_with_pointers;

plain_with_pointers!(v4l2_buffer);
plain_with_pointers!(v4l2_plane);
plain_with_pointers!(v4l2_format);
plain!(v4l2_requestbuffers);
plain!(v4l2_format_fmt);
plain!(v4l2_pix_format);
plain!(v4l2_pix_format_mplane);
// STREAMON and STREAMOFF.
plain!(i32);

// SAFETY: pointers are in the formats of overlays only, of which `BufferType` has no type.
unsafe impl Pointerless for v4l2_format {}

/// A structure or union without padding.
///
/// # Safety
///
/// Every byte belongs to a field.
pub(crate) unsafe trait Packed: Plain {}

// SAFETY: 200 bytes, and no field but these; aligned to at most 8.
unsafe impl Packed for v4l2_format_fmt {}
// SAFETY: twelve numbers of 4 bytes.
unsafe impl Packed for v4l2_pix_format {}
// SAFETY: five numbers of 4 bytes, eight planes of 20, which are two numbers and six of 2 bytes, and twelve bytes.
unsafe impl Packed for v4l2_pix_format_mplane {}

/// A member of a union, where it lies: its functions copy it, which makes a program larger.
pub(crate) fn member<T: Packed, U: Packed>(union: &U) -> &T {
    const { assert!(size_of::<T>() <= size_of::<U>() && align_of::<T>() <= align_of::<U>()) };
    // SAFETY: large enough and aligned; the bytes have values, as there is no padding, and any bytes are a `T`.
    unsafe { &*(&raw const *union).cast() }
}

/// As [`member`], to be filled.
pub(crate) fn member_mut<T: Packed, U: Packed>(union: &mut U) -> &mut T {
    const { assert!(size_of::<T>() <= size_of::<U>() && align_of::<T>() <= align_of::<U>()) };
    // SAFETY: as in `member`; and whatever a `T` is, it has no padding, so its bytes have values and are a `U`.
    unsafe { &mut *(&raw mut *union).cast() }
}

/// All zeroes, in registers or in place; for the small structures of the path that runs for every frame.
#[inline(always)]
pub(crate) fn zeroed<T: Plain>() -> T {
    // SAFETY: the type is `Plain`.
    unsafe { core::mem::zeroed() }
}

/// Makes `room` all zeroes without a call of `memset`, which a program without a C library does not have.
pub(crate) fn zero_in_place<T: Plain>(room: &mut MaybeUninit<T>) -> &mut T {
    clear(room.as_mut_ptr().cast(), size_of::<T>() / 4);
    // SAFETY: every byte has just been written, and the type is `Plain`.
    return unsafe { room.assume_init_mut() };

    #[inline(never)]
    fn clear(first: *mut u32, words: usize) {
        for word in 0..words {
            // SAFETY: the caller's room has `words` words from `first` on. Volatile, or the loop becomes a `memset`.
            unsafe { first.add(word).write_volatile(0) };
        }
    }
}
