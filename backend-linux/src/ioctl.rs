//! ioctls: [`v4l2!`], by which each call on a node is made, and one function for each call on a buffer, which takes only what a
//! program may set and zeroes the rest.
//!
//! Output structures are zeroed first: a file that accepts the ioctl and writes nothing returns zeroes.
//!
//! # Safety
//!
//! An ioctl is `unsafe` because number and structure must agree. Both are of `vidbuf-abi`, whose tests compare them with the
//! kernel's headers; that the size in the number is the structure's is asserted here.
#![allow(unsafe_code)]

use core::ffi::c_void;
use core::mem::MaybeUninit;

use rustix::fd::BorrowedFd;
use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, ioctl};
use vidbuf::backend::{Enqueue, PlaneCount};
use vidbuf::v4l2::{BufferType, QueueType};
use vidbuf_abi::buffer::{v4l2_buffer, v4l2_buffer_m, v4l2_plane, v4l2_requestbuffers, v4l2_timeval};

use crate::Errno;
use crate::errno::errno;
use crate::kernel_buffer::{KernelBuffer, PlaneRoom};
use crate::plain::{Plain, Pointerless, zeroed};

/// Numbers of the kernel, in the type that rustix takes.
macro_rules! opcodes {
    ($($name:ident)+) => {
        $(const $name: Opcode = vidbuf_abi::ioctl::$name as Opcode;)+
    };
}
pub(crate) mod edid;

opcodes!(VIDIOC_REQBUFS VIDIOC_QUERYBUF VIDIOC_QBUF VIDIOC_DQBUF VIDIOC_STREAMON VIDIOC_STREAMOFF);

/// Bytes of the structure that a number is for: 13 bits on every architecture (a 14th, on some, is 0 for structures this small).
pub(crate) const fn size_in(opcode: Opcode) -> usize {
    (opcode >> 16 & 0x1fff) as usize
}

/// Which kind of device a number is for, as a letter.
const fn type_in(opcode: Opcode) -> u8 {
    (opcode >> 8) as u8
}

/// An ioctl that reads and writes one `T`.
///
/// # Safety
///
/// The kernel reads and writes nothing but `value`, and what valid pointers in `value` point to.
#[inline]
pub(crate) unsafe fn update<const OPCODE: Opcode, T: Plain>(fd: BorrowedFd<'_>, value: &mut T) -> Result<(), Errno> {
    const { assert!(size_in(OPCODE) == size_of::<T>()) };
    // SAFETY: `OPCODE` carries the size of `T`, and the caller guarantees the rest.
    unsafe { call(fd, OPCODE, (&raw mut *value).cast()) }
}

/// An ioctl off the path of a frame. Out of line, and with our errno: each caller is 20 bytes less.
///
/// # Safety
///
/// `argument` points to what the kernel reads and writes for this number.
#[inline(never)]
unsafe fn call(fd: BorrowedFd<'_>, opcode: Opcode, argument: *mut c_void) -> Result<(), Errno> {
    // SAFETY: the caller's promise, unchanged.
    unsafe { ioctl(fd, Numbered(opcode, argument)) }.map_err(errno)
}

/// An ioctl by its number, on the structure behind a pointer.
struct Numbered(Opcode, *mut c_void);

// SAFETY: number and structure agree, as the caller of `call`, the only maker, guarantees. `output_from_ptr` reads nothing.
unsafe impl Ioctl for Numbered {
    type Output = ();
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        self.0
    }

    fn as_ptr(&mut self) -> *mut c_void {
        self.1
    }

    unsafe fn output_from_ptr(_: IoctlOutput, _: *mut c_void) -> rustix::io::Result<()> {
        Ok(())
    }
}

/// An ioctl of V4L2 on a structure without pointers.
#[inline]
pub(crate) fn node_call<const OPCODE: Opcode, T: Pointerless>(
    fd: BorrowedFd<'_>,
    argument: &mut T,
) -> Result<(), Errno> {
    const { assert!(type_in(OPCODE) == b'V', "a number of V4L2") };
    // SAFETY: the number is one of V4L2's, whose core copies as many bytes in and out as the number carries (`video_usercopy`),
    // and no pointer is in them.
    unsafe { update::<OPCODE, T>(fd, argument) }
}

/// `v4l2!(device, NUMBER, &mut argument)`: the call with this number of `vidbuf-abi`. What it reports is in the argument.
macro_rules! v4l2 {
    ($device:expr, $number:ident, $argument:expr) => {
        $crate::ioctl::node_call::<{ vidbuf_abi::ioctl::$number as rustix::ioctl::Opcode }, _>(
            rustix::fd::AsFd::as_fd($device),
            $argument,
        )
    };
}
pub(crate) use v4l2;

/// An ioctl on the structure behind a pointer, of which not every field needs a value.
///
/// Made for the path of a frame alone: what it calls is inlined there, also in a program built for size, where it has a single
/// caller (9 instructions a frame).
#[cfg(not(target_pointer_width = "32"))]
struct InPlace<const OPCODE: Opcode>(*mut c_void);

// SAFETY: number and structure agree: the number carries the size of `v4l2_buffer`, and `update_buffer`, the only maker, has
// a pointer to one. `output_from_ptr` reads nothing.
#[cfg(not(target_pointer_width = "32"))]
unsafe impl<const OPCODE: Opcode> Ioctl for InPlace<OPCODE> {
    type Output = ();
    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        OPCODE
    }

    fn as_ptr(&mut self) -> *mut c_void {
        self.0
    }

    unsafe fn output_from_ptr(_: IoctlOutput, _: *mut c_void) -> rustix::io::Result<()> {
        Ok(())
    }
}

/// An ioctl on one `v4l2_buffer`. On 32-bit targets, kernels before 5.6 need the older number and structure.
///
/// # Safety
///
/// As [`update`]: `buffer` points to `length` planes (its own field), or to none. On 64-bit targets not every field needs
/// a value; on 32-bit ones all do.
#[inline(always)]
unsafe fn update_buffer<const OPCODE: Opcode, const HOT: bool>(
    fd: BorrowedFd<'_>,
    buffer: *mut v4l2_buffer,
) -> Result<(), Errno> {
    const { assert!(size_in(OPCODE) == size_of::<v4l2_buffer>()) };
    #[cfg(target_pointer_width = "32")]
    // SAFETY: the caller's promise, unchanged.
    return unsafe { crate::time32::update_buffer::<OPCODE>(fd, &mut *buffer) };
    #[cfg(not(target_pointer_width = "32"))]
    // SAFETY: the caller's promise, unchanged.
    match unsafe {
        if HOT { ioctl(fd, InPlace::<OPCODE>(buffer.cast())) } else { return call(fd, OPCODE, buffer.cast()) }
    } {
        Ok(()) => Ok(()),
        Err(error) => Err(errno(error)),
    }
}

/// `VIDIOC_REQBUFS`.
pub(crate) fn request_buffers(fd: BorrowedFd<'_>, queue: QueueType, count: u32) -> Result<v4l2_requestbuffers, Errno> {
    let mut argument: v4l2_requestbuffers = zeroed();
    argument.count = count;
    argument.type_ = queue.buffer_type as u32;
    argument.memory = queue.memory as u32;
    // SAFETY: REQBUFS reads and writes one `v4l2_requestbuffers`, which has no pointers. Buffers it frees stay mapped.
    unsafe { update::<VIDIOC_REQBUFS, _>(fd, &mut argument) }?;
    Ok(argument)
}

/// `VIDIOC_QUERYBUF`; `planes` is empty for single-planar queues.
pub(crate) fn query_buffer(
    fd: BorrowedFd<'_>,
    queue: QueueType,
    index: u32,
    planes: &mut [v4l2_plane],
) -> Result<v4l2_buffer, Errno> {
    let mut buffer: v4l2_buffer = zeroed();
    buffer.index = index;
    buffer.type_ = queue.buffer_type as u32;
    buffer.memory = queue.memory as u32;
    if !planes.is_empty() {
        buffer.length = planes.len() as u32;
        buffer.m = v4l2_buffer_m::of_planes(planes.as_mut_ptr().expose_provenance());
    }
    // SAFETY: QUERYBUF reads and writes one `v4l2_buffer` and the plane array it points to, borrowed by this function.
    unsafe { update_buffer::<VIDIOC_QUERYBUF, false>(fd, &mut buffer) }?;
    Ok(buffer)
}

/// `VIDIOC_QBUF`; `planes` is filled by the caller for multi-planar output queues.
///
/// # Safety
///
/// Nothing borrows the bytes of the buffer, and nothing will until it is dequeued.
#[inline(always)]
pub(crate) unsafe fn enqueue_buffer<const HOT: bool>(
    fd: BorrowedFd<'_>,
    queue: QueueType,
    given: &Enqueue<'_>,
    planes: &mut PlaneRoom,
) -> Result<(), Errno> {
    let mut room = MaybeUninit::<v4l2_buffer>::uninit();
    // Kernels with 32-bit time get a copy of the whole.
    #[cfg(target_pointer_width = "32")]
    room.write(zeroed());
    let buffer = room.as_mut_ptr();
    // The fields that QBUF reads (`vb2_queue_or_prepare_buf`, `vidioc-qbuf.rst`), and no more: the kernel overwrites the rest
    // without reading it, and zeroing it would be a third of what this path costs.
    // SAFETY: writes to fields of `room`; the pointer is to the whole of it.
    unsafe {
        (&raw mut (*buffer).index).write(given.index);
        (&raw mut (*buffer).type_).write(queue.buffer_type as u32);
        (&raw mut (*buffer).flags).write(0);
        (&raw mut (*buffer).memory).write(queue.memory as u32);
        (&raw mut (*buffer).reserved2).write(0);
        (&raw mut (*buffer).request_fd).write(0);
        // The kernel ignores these on capture queues.
        if queue.buffer_type.is_output() {
            (&raw mut (*buffer).field).write(given.field.0);
            let (tv_sec, tv_usec) = (given.timestamp.seconds, given.timestamp.microseconds);
            (&raw mut (*buffer).timestamp).write(v4l2_timeval { tv_sec, tv_usec });
            let bytesused = given.payloads.first().map_or(0, |plane| plane.bytesused);
            (&raw mut (*buffer).bytesused).write(bytesused);
        }
        if queue.buffer_type.is_multiplanar() {
            (&raw mut (*buffer).length).write(given.planes.get() as u32);
            (&raw mut (*buffer).m).write(v4l2_buffer_m::of_planes(planes.as_mut_ptr().expose_provenance()));
        }
    }
    // SAFETY: QBUF reads and writes one `v4l2_buffer` and the plane array it points to, borrowed by this function; the
    // caller gives up the buffer's own bytes.
    unsafe { update_buffer::<VIDIOC_QBUF, HOT>(fd, buffer) }
}

/// `VIDIOC_DQBUF` of a queue whose buffers have so many planes.
#[inline(always)]
pub(crate) fn dequeue_buffer<'r>(
    fd: BorrowedFd<'_>,
    queue: QueueType,
    planes: PlaneCount,
    room: &'r mut MaybeUninit<KernelBuffer>,
) -> Result<&'r KernelBuffer, Errno> {
    // Kernels with 32-bit time get a copy of the whole.
    let (buffer, array) = KernelBuffer::parts(room);
    // SAFETY: `buffer` is a field of `room`.
    #[cfg(target_pointer_width = "32")]
    unsafe {
        buffer.write(zeroed())
    };
    // The fields that DQBUF reads, and no more: `vb2_dqbuf` reads the flags also after a failure, and a LAST flag left in here
    // would end the stream.
    // SAFETY: writes to fields of `room`.
    unsafe {
        (&raw mut (*buffer).type_).write(queue.buffer_type as u32);
        (&raw mut (*buffer).flags).write(0);
        (&raw mut (*buffer).memory).write(queue.memory as u32);
        if queue.buffer_type.is_multiplanar() {
            (&raw mut (*buffer).length).write(planes.get() as u32);
            (&raw mut (*buffer).m).write(v4l2_buffer_m::of_planes(array.expose_provenance()));
        }
    }
    // SAFETY: DQBUF reads and writes one `v4l2_buffer` and the plane array it points to, both in `room`.
    unsafe { update_buffer::<VIDIOC_DQBUF, true>(fd, buffer) }?;
    // SAFETY: the call has succeeded: the kernel has written the buffer (it is read back, by its number, and
    // `video_usercopy` does), and planes need no value.
    Ok(unsafe { room.assume_init_ref() })
}

/// `VIDIOC_STREAMON`, which takes a pointer to the type, not the type.
pub(crate) fn stream_on(fd: BorrowedFd<'_>, buffer_type: BufferType) -> Result<(), Errno> {
    // SAFETY: STREAMON reads one `int`.
    unsafe { update::<VIDIOC_STREAMON, _>(fd, &mut (buffer_type as i32)) }
}

/// `VIDIOC_STREAMOFF`, which takes a pointer to the type, not the type.
pub(crate) fn stream_off(fd: BorrowedFd<'_>, buffer_type: BufferType) -> Result<(), Errno> {
    // SAFETY: STREAMOFF reads one `int`.
    unsafe { update::<VIDIOC_STREAMOFF, _>(fd, &mut (buffer_type as i32)) }
}
