//! open and its many names.

use core::ffi::{CStr, c_char, c_int, c_uint};

use vidbuf_sim::kernel::OpenMode;

use crate::errno::{answer, last};
use crate::table::{Entry, Open};
use crate::world::world;
use crate::{next, paths, settings};
use vidbuf_sim::Errno;

/// The node or the made-up file that a path means.
enum Meant {
    Node(usize),
    Text(String),
}

fn meant(path: *const c_char) -> Option<Meant> {
    if path.is_null() {
        return None;
    }
    // SAFETY: the promise of the caller of `open`: what is not null ends with a zero.
    let path = unsafe { CStr::from_ptr(path) };
    settings::find(path).map(Meant::Node).or_else(|| paths::text(path).map(Meant::Text))
}

fn open_meant(meant: Meant, flags: c_int) -> Result<c_int, Errno> {
    match meant {
        Meant::Text(text) => paths::open_text(&text),
        Meant::Node(device) => open_node(device, flags),
    }
}

/// Opens a node: the descriptor is one of /dev/null, whose open file keeps the access mode and O_NONBLOCK for us.
fn open_node(device: usize, flags: c_int) -> Result<c_int, Errno> {
    let mode = OpenMode {
        read: flags & libc::O_ACCMODE != libc::O_WRONLY,
        write: flags & libc::O_ACCMODE != libc::O_RDONLY,
        nonblocking: flags & libc::O_NONBLOCK != 0,
    };
    let kept = flags & (libc::O_ACCMODE | libc::O_NONBLOCK | libc::O_CLOEXEC);
    let mut world = world();
    let file = world.device(device).node.open(mode)?;
    // SAFETY: a path that ends with a zero.
    let fd = unsafe { next::open(c"/dev/null".as_ptr(), kept, 0) };
    let outcome = match fd {
        -1 => Err(last()),
        fd if world.table.enter(fd, Entry::Node(Open { device, file })) => Ok(fd),
        fd => {
            // SAFETY: our own descriptor.
            unsafe { next::close(fd) };
            Err(Errno::EMFILE)
        }
    };
    if outcome.is_err() {
        // It was opened just now.
        let _ = world.devices[device].node.close(file);
    }
    outcome
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    match meant(path) {
        Some(meant) => answer(open_meant(meant, flags)),
        // SAFETY: the caller's.
        None => unsafe { next::open(path, flags, mode) },
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat(directory: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    match meant(path) {
        Some(meant) => answer(open_meant(meant, flags)),
        // SAFETY: the caller's.
        None => unsafe { next::openat(directory, path, flags, mode) },
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    // SAFETY: the caller's. 64-bit targets have one size of files.
    unsafe { open(path, flags, mode) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat64(directory: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    // SAFETY: the caller's.
    unsafe { openat(directory, path, flags, mode) }
}

// What fortified programs call: `open` without a mode, which they must not need.

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __open_2(path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's.
    unsafe { open(path, flags, 0) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __open64_2(path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's.
    unsafe { open(path, flags, 0) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __openat_2(directory: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's.
    unsafe { openat(directory, path, flags, 0) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __openat64_2(directory: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's.
    unsafe { openat(directory, path, flags, 0) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fopen(path: *const c_char, mode: *const c_char) -> *mut libc::FILE {
    if let Some(Meant::Text(text)) = meant(path) {
        return match paths::open_text(&text) {
            // SAFETY: a descriptor of our own, which the stream takes over; the caller's mode.
            Ok(fd) => unsafe { libc::fdopen(fd, mode) },
            Err(errno) => {
                crate::errno::set(errno.raw());
                core::ptr::null_mut()
            }
        };
    }
    // SAFETY: the caller's.
    unsafe { next::fopen(path, mode) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fopen64(path: *const c_char, mode: *const c_char) -> *mut libc::FILE {
    // SAFETY: the caller's.
    unsafe { fopen(path, mode) }
}
