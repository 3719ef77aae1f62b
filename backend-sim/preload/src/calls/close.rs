//! close and close_range.

use core::ffi::{c_int, c_uint};

use crate::lock::Guard;
use crate::next;
use crate::table::{Entry, is_mine, is_ours};
use crate::world::{World, world};

/// A descriptor goes.
pub fn forget(world: &mut Guard<World>, fd: c_int) {
    match world.table.strike(fd) {
        Some(Entry::Node(open)) => {
            let device = world.device(open.device);
            // It was open: the table had it.
            let _ = device.node.close(open.file);
            if !device.node.is_alive(open.file) {
                device.events.forget(open.file);
            }
            device.sweep();
            world.settle_exports();
            world.epolls.forget_watched(fd);
            world.changed(open.device);
        }
        Some(Entry::Export(id)) => {
            world.exports.drop_user(id);
            world.settle_exports();
        }
        Some(Entry::Epoll) => world.epolls.forget(fd),
        None => {}
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn close(fd: c_int) -> c_int {
    if !is_ours(fd) {
        // SAFETY: the caller's.
        return unsafe { next::close(fd) };
    }
    let mut world = world();
    forget(&mut world, fd);
    // SAFETY: the caller's.
    unsafe { next::close(fd) }
}

/// `CLOSE_RANGE_CLOEXEC`: nothing is closed yet.
const ON_EXEC: c_int = 4;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn close_range(first: c_uint, last: c_uint, flags: c_int) -> c_int {
    if flags & ON_EXEC == 0 && is_mine() {
        let number = |limit: c_uint| c_int::try_from(limit).unwrap_or(c_int::MAX);
        let mut world = world();
        for fd in world.table.between(number(first), number(last)) {
            forget(&mut world, fd);
        }
    }
    // SAFETY: the caller's.
    unsafe { next::close_range(first, last, flags) }
}
