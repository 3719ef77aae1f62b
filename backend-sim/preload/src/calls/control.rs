//! ioctl.

use core::ffi::{c_int, c_void};

use crate::errno::answer;
use crate::lock::Guard;
use crate::next;
use crate::table::{Entry, Open, is_ours};
use crate::world::{World, world};
use vidbuf_sim::Errno;

/// `FIONBIO`.
const NONBLOCKING: u32 = 0x5421;
/// `DMA_BUF_IOCTL_SYNC`.
const SYNC: u32 = 0x4008_6200;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(fd: c_int, request: usize, argument: *mut c_void) -> c_int {
    if !is_ours(fd) {
        // SAFETY: the caller's.
        return unsafe { next::ioctl(fd, request, argument) };
    }
    let mut world = world();
    let request = request as u32;
    match world.table.get(fd) {
        Some(Entry::Node(open)) if request == NONBLOCKING => set_nonblocking(&mut world, fd, open, argument),
        Some(Entry::Node(open)) => answer(crate::ioctl::ioctl(&mut world, open, request, argument)),
        Some(Entry::Export(_)) if request == SYNC => answer(sync(argument)),
        // SAFETY: the caller's.
        _ => unsafe { next::ioctl(fd, request as usize, argument) },
    }
}

fn set_nonblocking(world: &mut Guard<World>, fd: c_int, open: Open, argument: *mut c_void) -> c_int {
    // SAFETY: the descriptor is one of /dev/null; the kernel checks the address.
    let outcome = unsafe { next::ioctl(fd, NONBLOCKING as usize, argument) };
    if outcome == 0 {
        // SAFETY: the kernel has just read an `int` there.
        let nonblocking = unsafe { *argument.cast::<c_int>() } != 0;
        // It is open: the table has it.
        let _ = world.devices[open.device].node.set_nonblocking(open.file, nonblocking);
    }
    outcome
}

/// This memory is coherent: there is nothing to do, but wrong flags are wrong.
fn sync(argument: *mut c_void) -> Result<i32, Errno> {
    const READ_WRITE: u64 = 3;
    const END: u64 = 4;
    if (argument as usize) < 4096 {
        return Err(Errno::EFAULT);
    }
    // SAFETY: the program passes a pointer to its structure.
    let flags = unsafe { argument.cast::<u64>().read_unaligned() };
    let valid = flags & !(READ_WRITE | END) == 0 && flags & READ_WRITE != 0;
    if valid { Ok(0) } else { Err(Errno::EINVAL) }
}
