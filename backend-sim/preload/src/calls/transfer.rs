//! read and write.

use core::ffi::{c_int, c_void};

use vidbuf_sim::kernel::{QueueId, Transfer};

use crate::errno::set;
use crate::lock::Guard;
use crate::next;
use crate::table::{Open, is_ours};
use crate::world::{World, sleep, world};
use vidbuf_sim::{Errno, Flow};

fn transfer(world: &mut Guard<World>, open: Open, bytes: *mut u8, length: usize, write: bool) -> Result<isize, Errno> {
    loop {
        let device = world.device(open.device);
        if (device.profile().flow == Flow::Output) != write {
            return Err(Errno::EINVAL);
        }
        let outcome = device.node.transfer(open.file, length);
        // The first call starts the driver, with buffers that need memory.
        device.furnish(0, device.node.count(QueueId::FIRST), false)?;
        world.changed(open.device);
        match outcome? {
            Transfer::WouldSleep => {
                let due = world.devices[open.device].due();
                sleep(world, due)?;
            }
            Transfer::Bytes { index, offset, count } => {
                let device = &mut world.devices[open.device];
                let start = device.node.plane_memory(QueueId::FIRST, index, 0).map(|(start, _)| start);
                let piece = start.and_then(|start| device.memory.get(start)).ok_or(Errno::EIO)?;
                if (bytes as usize) < 4096 && count > 0 {
                    return Err(Errno::EFAULT);
                }
                let here = (piece.address + offset as usize) as *mut u8;
                // SAFETY: the program passes so many bytes; the range that the model returned is inside the plane.
                unsafe {
                    match write {
                        true => core::ptr::copy_nonoverlapping(bytes, here, count as usize),
                        false => core::ptr::copy_nonoverlapping(here, bytes, count as usize),
                    }
                }
                device.node.transferred(count)?;
                world.changed(open.device);
                return Ok(count as isize);
            }
        }
    }
}

fn answer(fd: c_int, bytes: *mut u8, length: usize, write: bool) -> Option<isize> {
    let mut world = world();
    let open = world.table.node(fd)?;
    let outcome = transfer(&mut world, open, bytes, length, write);
    Some(outcome.unwrap_or_else(|errno| {
        set(errno.raw());
        -1
    }))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, bytes: *mut c_void, length: usize) -> isize {
    let ours = if is_ours(fd) { answer(fd, bytes.cast(), length, false) } else { None };
    // SAFETY: the caller's.
    ours.unwrap_or_else(|| unsafe { next::read(fd, bytes, length) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, bytes: *const c_void, length: usize) -> isize {
    let ours = if is_ours(fd) { answer(fd, bytes.cast_mut().cast(), length, true) } else { None };
    // SAFETY: the caller's.
    ours.unwrap_or_else(|| unsafe { next::write(fd, bytes, length) })
}

// What fortified programs call: the last argument is the size of the room.

#[unsafe(no_mangle)]
pub unsafe extern "C" fn __read_chk(fd: c_int, bytes: *mut c_void, length: usize, room: usize) -> isize {
    if length > room {
        // The C library ends such a program, too.
        // SAFETY: ends the process.
        unsafe { libc::abort() };
    }
    // SAFETY: the caller's.
    unsafe { read(fd, bytes, length) }
}
