//! close.

use core::ffi::c_int;

use crate::lock::Guard;
use crate::next;
use crate::table::{Entry, is_ours};
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
