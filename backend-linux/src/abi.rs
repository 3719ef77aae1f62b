//! The kernel's structures, by hand, under the kernel's names, each with its layout asserted beside it.
//!
//! Three layouts exist. They differ by the width of a pointer and by the alignment of a 64-bit number, so assertions name
//! all three: 64-bit, 32-bit (Arm and most others), and 32-bit x86, where 64-bit numbers align to 4.
//!
//! Kernel: `include/uapi/linux/videodev2.h`.
//!
//! # Safety
//!
//! Making a structure of zeroes is `unsafe`; it is done for [`Plain`] types only.
#![allow(non_camel_case_types, unsafe_code)]

use core::mem::MaybeUninit;

mod buffer;
mod device;
mod format;
#[cfg(target_pointer_width = "32")]
mod time32;

pub(crate) use buffer::{v4l2_buffer, v4l2_plane, v4l2_requestbuffers, v4l2_timeval};
pub(crate) use device::{v4l2_capability, v4l2_control, v4l2_fract, v4l2_streamparm};
pub(crate) use format::{
    v4l2_fmtdesc, v4l2_format, v4l2_frmsizeenum, v4l2_pix_format, v4l2_pix_format_mplane, v4l2_plane_pix_format,
};
#[cfg(target_pointer_width = "32")]
pub(crate) use time32::v4l2_buffer_time32;

/// A structure of integers (and unions and pointers of them) without padding that matters: all bytes zero is a value.
///
/// # Safety
///
/// All bytes zero is a valid value of the type, and its size is a multiple of 4.
pub(crate) unsafe trait Plain: Copy {}

/// All zeroes, in registers or in place; for the small structures of the path that runs for every frame.
#[inline(always)]
pub(crate) fn zeroed<T: Plain>() -> T {
    // SAFETY: the type is `Plain`.
    unsafe { core::mem::zeroed() }
}

/// Makes `room` all zeroes without a call of `memset`, which a program without a C library does not have.
pub(crate) fn zero_in_place<T: Plain>(room: &mut MaybeUninit<T>) -> &mut T {
    const { assert!(size_of::<T>().is_multiple_of(4) && align_of::<T>() >= 4) };
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

/// The one of three numbers that is for this target: 64-bit, 32-bit, 32-bit x86.
pub(crate) const fn by_target(bits64: usize, bits32: usize, x86: usize) -> usize {
    if size_of::<usize>() == 8 {
        bits64
    } else if align_of::<u64>() == 4 {
        x86
    } else {
        bits32
    }
}

/// Asserts a structure's size and where each named field begins, at compile time, and makes it [`Plain`].
macro_rules! layout {
    ($name:ident: $size:expr, $($field:ident @ $offset:expr),+ $(,)?) => {
        // SAFETY: the structure has integers, arrays, unions and pointers of them only; its size is asserted below.
        unsafe impl $crate::abi::Plain for $name {}
        const _: () = {
            assert!(size_of::<$name>() == $size);
            assert!(size_of::<$name>().is_multiple_of(4));
            $(assert!(core::mem::offset_of!($name, $field) == $offset);)+
        };
    };
}
pub(crate) use layout;
