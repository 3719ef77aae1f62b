//! mmap and munmap.

use core::ffi::{c_int, c_void};

use vidbuf_sim::kernel::Protection;

use crate::errno::{last, set};
use crate::lock::Guard;
use crate::regions::Mapped;
use crate::table::{Entry, Open, is_ours};
use crate::world::{World, world};
use crate::{next, regions};
use vidbuf_sim::Errno;

/// `MAP_TYPE`: shared, private, or shared with checked flags.
const TYPE: c_int = 0xf;
const SHARED_VALIDATE: c_int = 3;

/// Everything that `mmap` is asked for.
#[derive(Clone, Copy)]
struct Ask {
    address: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    offset: i64,
}

impl Ask {
    fn map(&self, fd: c_int, offset: i64) -> Result<*mut c_void, Errno> {
        // SAFETY: the caller of `mmap` vouches for the rest.
        let mapped = unsafe { next::mmap(self.address, self.length, self.protection, self.flags, fd, offset) };
        if mapped == libc::MAP_FAILED { Err(last()) } else { Ok(mapped) }
    }
}

fn map_plane(world: &mut Guard<World>, open: Open, ask: &Ask) -> Result<*mut c_void, Errno> {
    let kind = ask.flags & TYPE;
    let protection = Protection {
        read: ask.protection & libc::PROT_READ != 0,
        write: ask.protection & libc::PROT_WRITE != 0,
        shared: kind == libc::MAP_SHARED || kind == SHARED_VALIDATE,
    };
    let device = world.device(open.device);
    let mapping = device.node.map(open.file, ask.offset as u64, ask.length as u64, protection)?;
    let memory = device.node.mapped_memory(mapping);
    let piece = memory.and_then(|(start, _)| device.memory.get(start)).ok_or(Errno::EINVAL);
    match piece.and_then(|piece| ask.map(piece.fd, 0)) {
        Ok(mapped) => {
            world.regions.add(Mapped::Plane(open.device, mapping), mapped as usize, end(mapped, ask.length));
            Ok(mapped)
        }
        Err(errno) => {
            // It was made just now.
            let _ = device.node.unmap(mapping);
            Err(errno)
        }
    }
}

/// Where a mapping ends: whole pages.
fn end(start: *mut c_void, length: usize) -> usize {
    (start as usize).saturating_add(length).next_multiple_of(4096)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: i64,
) -> *mut c_void {
    let ask = Ask { address, length, protection, flags, offset };
    if flags & libc::MAP_ANONYMOUS != 0 || !is_ours(fd) {
        // SAFETY: the caller's.
        return unsafe { next::mmap(address, length, protection, flags, fd, offset) };
    }
    let mut world = world();
    let outcome = match world.table.get(fd) {
        Some(Entry::Node(open)) => map_plane(&mut world, open, &ask),
        entry => ask.map(fd, offset).inspect(|mapped| {
            if let Some(Entry::Export(id)) = entry {
                world.exports.hold(id);
                world.regions.add(Mapped::Export(id), *mapped as usize, end(*mapped, length));
            }
        }),
    };
    outcome.unwrap_or_else(|errno| {
        set(errno.raw());
        libc::MAP_FAILED
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mmap64(
    address: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: i64,
) -> *mut c_void {
    // SAFETY: the caller's. 64-bit targets have one size of files.
    unsafe { mmap(address, length, protection, flags, fd, offset) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn munmap(address: *mut c_void, length: usize) -> c_int {
    if !regions::any() {
        // SAFETY: the caller's.
        return unsafe { next::munmap(address, length) };
    }
    let mut world = world();
    // SAFETY: the caller's.
    let outcome = unsafe { next::munmap(address, length) };
    if outcome == 0 {
        let gone = world.regions.cut(address as usize, end(address, length));
        world.unmapped(gone);
    }
    outcome
}
