//! dup, fcntl and access.

use core::ffi::{CStr, c_char, c_int};

use crate::table::{Entry, is_ours};
use crate::world::world;
use crate::{next, settings};

/// `make` makes a duplicate, which becomes what `fd` is.
fn duplicate(fd: c_int, to: Option<c_int>, make: impl FnOnce() -> c_int) -> c_int {
    let mut world = world();
    if let Some(to) = to.filter(|to| *to != fd && is_ours(*to)) {
        super::close::forget(&mut world, to);
    }
    let new = make();
    if new < 0 || new == fd {
        return new;
    }
    let Some(entry) = world.table.get(fd) else { return new };
    match entry {
        Entry::Node(open) => {
            // An unplugged or closed node cannot be behind an entry of the table; then nothing is counted.
            let _ = world.devices[open.device].node.dup(open.file);
        }
        Entry::Export(id) => world.exports.hold(id),
        // The duplicate of an epoll instance watches what the kernel watches only.
        Entry::Epoll => return new,
    }
    world.table.enter(new, entry);
    new
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn dup(fd: c_int) -> c_int {
    // SAFETY: the caller's.
    let make = || unsafe { next::dup(fd) };
    if is_ours(fd) { duplicate(fd, None, make) } else { make() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn dup2(fd: c_int, to: c_int) -> c_int {
    // SAFETY: the caller's.
    let make = || unsafe { next::dup2(fd, to) };
    if is_ours(fd) || is_ours(to) { duplicate(fd, Some(to), make) } else { make() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn dup3(fd: c_int, to: c_int, flags: c_int) -> c_int {
    // SAFETY: the caller's.
    let make = || unsafe { next::dup3(fd, to, flags) };
    if is_ours(fd) || is_ours(to) { duplicate(fd, Some(to), make) } else { make() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fcntl(fd: c_int, command: c_int, argument: usize) -> c_int {
    // SAFETY: the caller's.
    let call = || unsafe { next::fcntl(fd, command, argument) };
    if !is_ours(fd) {
        return call();
    }
    match command {
        libc::F_DUPFD | libc::F_DUPFD_CLOEXEC => duplicate(fd, None, call),
        libc::F_SETFL => {
            let mut world = world();
            let answer = call();
            if let Some(open) = world.table.node(fd).filter(|_| answer == 0) {
                let nonblocking = argument as c_int & libc::O_NONBLOCK != 0;
                // It is open: the table has it.
                let _ = world.devices[open.device].node.set_nonblocking(open.file, nonblocking);
            }
            answer
        }
        _ => call(),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fcntl64(fd: c_int, command: c_int, argument: usize) -> c_int {
    // SAFETY: the caller's.
    unsafe { fcntl(fd, command, argument) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn access(path: *const c_char, mode: c_int) -> c_int {
    // SAFETY: the caller's promise: what is not null ends with a zero.
    if !path.is_null() && settings::find(unsafe { CStr::from_ptr(path) }).is_some() && mode & libc::X_OK == 0 {
        return 0;
    }
    // SAFETY: the caller's.
    unsafe { next::access(path, mode) }
}
