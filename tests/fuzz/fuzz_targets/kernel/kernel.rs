//! A kernel made of bytes: `ioctl` and `ppoll` of the C library, defined here, before the library's own.
//!
//! # Safety
//!
//! Both write only what the real calls write: an ioctl as many bytes as its number says, and the plane array that a buffer
//! points to; a poll the answers of its descriptors. Memory of buffers is the file's, and what the driver writes there is in
//! [`book`].

use std::cell::RefCell;
use std::ffi::{c_int, c_ulong, c_void};
use std::mem::offset_of;
use std::os::fd::{FromRawFd, OwnedFd};

use vidbuf_abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE, v4l2_buffer, v4l2_plane,
};
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF};

use crate::Choices;
use crate::book::{self, Book};

thread_local! {
    /// What this thread's calls are answered with, while the crate is tried.
    static ANSWERS: RefCell<Option<Choices<'static>>> = const { RefCell::new(None) };
    /// What another thread would do while this one is inside QBUF.
    static MEANWHILE: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
}

/// While `body` runs, a QBUF may have this happen inside of it, once at a time.
pub fn meanwhile<R>(other: impl Fn(), body: impl FnOnce() -> R) -> R {
    let other: Box<dyn Fn() + '_> = Box::new(other);
    // SAFETY: only the lifetime changes, and the closure is gone from the static before this function, and with it what it
    // borrows, ends. A panic ends the whole process.
    let other: Box<dyn Fn()> = unsafe { std::mem::transmute(other) };
    MEANWHILE.set(Some(other));
    let result = body();
    MEANWHILE.set(None);
    result
}

/// Runs `body` with all its calls answered by these choices. `consent`: the program vouches for the driver.
pub fn answers_with(choices: Choices<'_>, file: c_int, consent: bool, body: impl FnOnce()) {
    book::open(Book::new(file, consent));
    // SAFETY: only the lifetime changes, and the choices are gone from the static before this function, and with it the
    // borrow, ends. A panic ends the whole process.
    let choices: Choices<'static> = unsafe { std::mem::transmute(choices) };
    ANSWERS.set(Some(choices));
    body();
    ANSWERS.set(None);
}

/// One of the program's own choices, from the same bytes.
pub fn choose(most: u32) -> u32 {
    ANSWERS.with_borrow_mut(|answers| answers.as_mut().map_or(0, |choices| choices.up_to(most)))
}

/// Whether the bytes have run out.
pub fn is_over() -> bool {
    ANSWERS.with_borrow(|answers| answers.as_ref().is_none_or(Choices::are_over))
}

/// A file with room behind every 32-bit offset and length. It takes memory for the pages that are touched.
pub fn file() -> Option<OwnedFd> {
    // SAFETY: plain system calls; the name is a C string.
    unsafe {
        let file = libc::memfd_create(c"device".as_ptr(), libc::MFD_CLOEXEC);
        if file < 0 {
            return None;
        }
        let owned = OwnedFd::from_raw_fd(file);
        (libc::ftruncate(file, 1 << 33) == 0).then_some(owned)
    }
}

const ERRORS: [c_int; 13] = [
    libc::EINTR,
    libc::EAGAIN,
    libc::EINVAL,
    libc::EIO,
    libc::ENODEV,
    libc::EBUSY,
    libc::ENOMEM,
    libc::EPIPE,
    libc::ENOTTY,
    libc::EFAULT,
    libc::ENOSPC,
    1,
    4095,
];

fn refuse(choices: &mut Choices<'_>) -> c_int {
    // SAFETY: this thread's errno.
    unsafe { *libc::__errno_location() = choices.of(&ERRORS) };
    -1
}

const BUFFER_CALLS: [u32; 3] = [VIDIOC_QUERYBUF, VIDIOC_QBUF, VIDIOC_DQBUF];

/// Where `type`, `m` and `length` are in a `v4l2_buffer`, and the size of a `v4l2_plane`.
const TYPE: usize = offset_of!(v4l2_buffer, type_);
pub const MEMORY: usize = offset_of!(v4l2_buffer, m);
pub const LENGTH: usize = offset_of!(v4l2_buffer, length);
pub const PLANE: usize = size_of::<v4l2_plane>();
/// Where the words end that the kernel writes in a plane.
const PLANE_WORDS: usize = offset_of!(v4l2_plane, reserved);

/// Whether the buffers of a type have an array of planes.
fn is_multiplanar(buffer_type: u32) -> bool {
    matches!(buffer_type, V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE | V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE)
}

/// A number in a structure.
pub fn word(at: usize, structure: &[u8]) -> u32 {
    structure.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_ne_bytes)
}

/// The planes that a multi-planar buffer points to.
///
/// # Safety
///
/// `structure` is a `v4l2_buffer` as the crate gave it to the kernel.
pub unsafe fn planes<'p>(structure: &[u8]) -> Option<&'p mut [u8]> {
    let array = usize::from_ne_bytes(structure.get(MEMORY..MEMORY + 8)?.try_into().ok()?) as *mut u8;
    let length = word(LENGTH, structure) as usize * PLANE;
    let multiplanar = is_multiplanar(word(TYPE, structure)) && !array.is_null();
    // SAFETY: the crate gave `length` planes at this pointer, as the real kernel takes it.
    multiplanar.then(|| unsafe { std::slice::from_raw_parts_mut(array, length) })
}

/// `ioctl(2)`.
///
/// # Safety
///
/// As the real one: `argument` points to as many bytes as the request's number says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(file: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    let number = request as u32;
    let (size, reads) = ((request >> 16) as usize & 0x3fff, request >> 31 & 1 == 1);
    let is_answered = ANSWERS.with(|answers| answers.try_borrow().is_ok_and(|answers| answers.is_some()));
    if !is_answered {
        // SAFETY: the real call with the caller's arguments.
        return unsafe { libc::syscall(libc::SYS_ioctl, file, request, argument) } as c_int;
    }
    // A call that only takes is given a copy: what it was called with may be constant.
    let mut copy = Vec::new();
    let structure = match (reads, size) {
        (_, 0) => &mut copy[..],
        // SAFETY: the caller's promise.
        (true, _) => unsafe { std::slice::from_raw_parts_mut(argument.cast::<u8>(), size) },
        (false, _) => {
            // SAFETY: as above.
            copy.extend_from_slice(unsafe { std::slice::from_raw_parts(argument.cast::<u8>(), size) });
            &mut copy[..]
        }
    };
    let asked = word(0, structure);
    if number == VIDIOC_QBUF {
        book::with(|book| book.is_on_its_way(Some(asked)));
        if choose(5) == 1
            && let Some(other) = MEANWHILE.take()
        {
            other();
            MEANWHILE.set(Some(other));
        }
    }
    let refused = ANSWERS.with_borrow_mut(|answers| {
        let choices = answers.as_mut()?;
        if choices.up_to(3) == 1 {
            return Some(refuse(choices));
        }
        let is_buffer = BUFFER_CALLS.contains(&number);
        // SAFETY: the structure is the crate's own, as it calls the kernel.
        let planes = is_buffer.then(|| unsafe { planes(structure) }).flatten().unwrap_or_default();
        if reads && size > 0 {
            fill(choices, number, structure, planes);
        }
        let mark = choices.up_to(255) as u8;
        let Some(Err(errno)) = book::with(|book| book.done(number, asked, structure, planes, mark)) else {
            return None;
        };
        // SAFETY: this thread's errno.
        unsafe { *libc::__errno_location() = errno };
        Some(-1)
    });
    if number == VIDIOC_QBUF {
        book::with(|book| book.is_on_its_way(None));
    }
    refused.unwrap_or(0)
}

/// Writes any answer. The kernel gives the pointer to the planes back as it got it.
fn fill(choices: &mut Choices<'_>, number: u32, structure: &mut [u8], planes: &mut [u8]) {
    let is_buffer = BUFFER_CALLS.contains(&number) && structure.len() == size_of::<v4l2_buffer>();
    let multiplanar = is_buffer && is_multiplanar(word(TYPE, structure));
    let mut pointer = [0; 8];
    if multiplanar {
        pointer.copy_from_slice(&structure[MEMORY..MEMORY + 8]);
    }
    // Any bytes; or, so that calls get somewhere, small numbers in every word, lengths and offsets of whole pages.
    let wild = choices.flag();
    let any = |choices: &mut Choices<'_>, bytes: &mut [u8]| {
        if wild {
            choices.fill(bytes);
        } else {
            for word in bytes.chunks_exact_mut(4) {
                let small = choices.up_to(9);
                word.copy_from_slice(&(if small > 6 { small << 12 } else { small }).to_ne_bytes());
            }
        }
    };
    any(choices, structure);
    if multiplanar {
        structure[MEMORY..MEMORY + 8].copy_from_slice(&pointer);
        for plane in planes.chunks_exact_mut(PLANE) {
            any(choices, &mut plane[..PLANE_WORDS]);
        }
    } else if is_buffer && !wild {
        // `m.offset`: whole pages.
        structure[MEMORY..MEMORY + 4].copy_from_slice(&(choices.up_to(9) << 12).to_ne_bytes());
    }
}

/// `ppoll(2)`.
///
/// # Safety
///
/// As the real one: `descriptors` points to `count` of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ppoll(
    descriptors: *mut libc::pollfd,
    count: libc::nfds_t,
    timeout: *const libc::timespec,
    signals: *const libc::sigset_t,
) -> c_int {
    let answer = ANSWERS.with(|answers| {
        let mut answers = answers.try_borrow_mut().ok()?;
        let choices = answers.as_mut()?;
        if choices.up_to(3) == 1 {
            return Some(refuse(choices));
        }
        // SAFETY: the caller's promise.
        let descriptors = unsafe { std::slice::from_raw_parts_mut(descriptors, count as usize) };
        let mut ready = 0;
        for descriptor in &mut *descriptors {
            descriptor.revents = if choices.flag() { descriptor.events } else { choices.number() as i16 };
            ready += c_int::from(descriptor.revents != 0);
        }
        // Without a time-out, no kernel returns before something is ready: the timer is, which comes last.
        if let (true, 0, Some(last)) = (timeout.is_null(), ready, descriptors.last_mut()) {
            last.revents = last.events;
            ready = 1;
        }
        Some(ready)
    });
    // SAFETY: the real call with the caller's arguments; the kernel's set of signals has 8 bytes.
    answer.unwrap_or_else(|| unsafe {
        libc::syscall(libc::SYS_ppoll, descriptors, count, timeout, signals, 8_usize) as c_int
    })
}
