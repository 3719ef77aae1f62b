//! 32-bit targets only: kernels before 5.6 do not know `v4l2_buffer` with 64-bit time.
//!
//! Such a kernel fails with ENOTTY, as for a call that a node does not offer. So after ENOTTY the older form is tried, and
//! remembered for the whole program once it has worked.
//!
//! # Safety
//!
//! As in [`ioctl`](crate::ioctl): the number is computed from the structure.
#![allow(unsafe_code)]

use core::sync::atomic::{AtomicBool, Ordering};

use rustix::fd::BorrowedFd;
use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, Updater, ioctl};

use crate::Errno;
use crate::abi::{v4l2_buffer, v4l2_buffer_time32};

/// Whether the running kernel has shown that it only knows the older form.
static OLD_KERNEL: AtomicBool = AtomicBool::new(false);

/// The number with the size of another structure in it.
const fn with_size(number: Opcode, size: usize) -> Opcode {
    // Bits 16 to 28: 13 bits are size on every architecture (a 14th, on some, is 0 for a structure this small).
    const MASK: Opcode = 0x1fff << 16;
    (number & !MASK) | ((size as Opcode) << 16)
}

/// An ioctl on the older structure, under the number that `OPCODE` becomes with its size.
struct Old<'a, const OPCODE: Opcode>(&'a mut v4l2_buffer_time32);

// SAFETY: number and structure agree: the size in the number is that of the structure. The kernel reads and writes it
// (and the plane array it points to), and `output_from_ptr` reads nothing.
unsafe impl<const OPCODE: Opcode> Ioctl for Old<'_, OPCODE> {
    type Output = ();
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        with_size(OPCODE, size_of::<v4l2_buffer_time32>())
    }

    fn as_ptr(&mut self) -> *mut core::ffi::c_void {
        (&raw mut *self.0).cast()
    }

    unsafe fn output_from_ptr(_: IoctlOutput, _: *mut core::ffi::c_void) -> rustix::io::Result<()> {
        Ok(())
    }
}

/// An ioctl on one `v4l2_buffer`, in whichever form the kernel knows.
///
/// # Safety
///
/// `buffer` points to `length` planes (its own field), or to none.
pub(crate) unsafe fn update_buffer<const OPCODE: Opcode>(
    fd: BorrowedFd<'_>,
    buffer: &mut v4l2_buffer,
) -> Result<(), Errno> {
    if !OLD_KERNEL.load(Ordering::Relaxed) {
        // SAFETY: `OPCODE` carries the size of `v4l2_buffer`; the caller guarantees the planes.
        match unsafe { ioctl(fd, Updater::<OPCODE, v4l2_buffer>::new(buffer)) } {
            Err(rustix::io::Errno::NOTTY) => {}
            other => return other.map_err(Errno::from_rustix),
        }
    }
    let mut old = v4l2_buffer_time32::from(&*buffer);
    // SAFETY: `Old` carries the size of the older structure; the caller guarantees the planes, which have one form only.
    let outcome = unsafe { ioctl(fd, Old::<OPCODE>(&mut old)) };
    if outcome != Err(rustix::io::Errno::NOTTY) {
        OLD_KERNEL.store(true, Ordering::Relaxed);
    }
    outcome?;
    *buffer = v4l2_buffer::from(&old);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn older_numbers_are_those_of_32_bit_time() {
        assert_eq!(super::with_size(super::super::ioctl::VIDIOC_QBUF, 68) as u32, 0xc044_560f);
    }
}
