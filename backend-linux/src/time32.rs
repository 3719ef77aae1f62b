//! 32-bit targets only: kernels before 5.6 do not know `v4l2_buffer` with 64-bit time.
//!
//! Such a kernel fails with ENOTTY, as for a call that a node does not offer. So after ENOTTY the older form is tried, and
//! remembered for the whole program once it has worked.
//!
//! # Safety
//!
//! As in [`ioctl`](crate::ioctl): number and structure are of `vidbuf-abi`, and their sizes are compared.
#![allow(unsafe_code)]

use core::sync::atomic::{AtomicBool, Ordering};

use rustix::fd::BorrowedFd;
use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, Updater, ioctl};

use vidbuf_abi::buffer::v4l2_buffer;
use vidbuf_abi::event::v4l2_event;
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF};
use vidbuf_abi::time32::{
    VIDIOC_DQBUF_TIME32, VIDIOC_DQEVENT_TIME32, VIDIOC_QBUF_TIME32, VIDIOC_QUERYBUF_TIME32, v4l2_buffer_time32,
    v4l2_event_time32,
};

use crate::Errno;
use crate::errno::errno;
use crate::ioctl::size_in;

/// Whether the running kernel has shown that it only knows the older form.
static OLD_KERNEL: AtomicBool = AtomicBool::new(false);

/// The number of the same ioctl on the older structure.
const fn older(number: Opcode) -> Opcode {
    let older = match number as u32 {
        VIDIOC_QUERYBUF => VIDIOC_QUERYBUF_TIME32,
        VIDIOC_QBUF => VIDIOC_QBUF_TIME32,
        VIDIOC_DQBUF => VIDIOC_DQBUF_TIME32,
        _ => panic!("not an ioctl on a buffer"),
    };
    assert!(size_in(older as Opcode) == size_of::<v4l2_buffer_time32>());
    older as Opcode
}

/// The ioctl of this number on the older structure.
struct Old<'a, const OPCODE: Opcode>(&'a mut v4l2_buffer_time32);

// SAFETY: number and structure agree: `older` asserts their sizes. The kernel reads and writes it
// (and the plane array it points to), and `output_from_ptr` reads nothing.
unsafe impl<const OPCODE: Opcode> Ioctl for Old<'_, OPCODE> {
    type Output = ();
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        const { older(OPCODE) }
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
            other => return other.map_err(errno),
        }
    }
    let mut old = v4l2_buffer_time32::from(&*buffer);
    // SAFETY: `Old` carries the size of the older structure; the caller guarantees the planes, which have one form only.
    let outcome = unsafe { ioctl(fd, Old::<OPCODE>(&mut old)) };
    if outcome != Err(rustix::io::Errno::NOTTY) {
        OLD_KERNEL.store(true, Ordering::Relaxed);
    }
    outcome.map_err(errno)?;
    *buffer = v4l2_buffer::from(&old);
    Ok(())
}

/// `VIDIOC_DQEVENT` in the older form.
pub(crate) fn dequeue_event(fd: BorrowedFd<'_>, event: &mut v4l2_event) -> Result<(), Errno> {
    const OLDER: Opcode = VIDIOC_DQEVENT_TIME32 as Opcode;
    const { assert!(size_in(OLDER) == size_of::<v4l2_event_time32>()) };
    let mut old = v4l2_event_time32::default();
    // SAFETY: the number carries the size of the structure, which the kernel fills and which has no pointers.
    unsafe { ioctl(fd, Updater::<OLDER, v4l2_event_time32>::new(&mut old)) }.map_err(errno)?;
    *event = v4l2_event::from(&old);
    Ok(())
}
