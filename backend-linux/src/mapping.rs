//! Mappings of device memory.
//!
//! # Safety
//!
//! `mmap` is unsafe with a chosen address or with MAP_FIXED; this module uses neither.
#![allow(unsafe_code)]

use core::ptr::{NonNull, null_mut};

use rustix::fd::BorrowedFd;
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use vidbuf::backend::{PlaneLayout, Region};

use crate::Errno;
use crate::errno::errno;

/// `mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset)`: maps one plane, with exactly the length and the offset
/// that QUERYBUF returned.
pub(crate) fn map(fd: BorrowedFd<'_>, plane: PlaneLayout) -> Result<Region, Errno> {
    // A slice may not be larger, and 32-bit address spaces have no room for it anyway.
    let Ok(length) = usize::try_from(plane.length) else { return Err(Errno::ENOMEM) };
    if length > isize::MAX as usize {
        return Err(Errno::ENOMEM);
    }
    let (protection, flags) = (ProtFlags::READ.union(ProtFlags::WRITE), MapFlags::SHARED);
    // SAFETY: without an address and without MAP_FIXED the kernel chooses unused addresses, so no memory of the program is
    // affected.
    let address = unsafe { mmap(null_mut(), length, protection, flags, fd, u64::from(plane.offset)) }.map_err(errno)?;
    // Never null: the kernel does not choose page 0.
    let address = NonNull::new(address.cast()).ok_or(Errno::ENOMEM)?;
    Ok(Region { address, length })
}

/// `munmap(address, length)`: unmaps a region, with the address and the length that it was mapped with.
///
/// # Safety
///
/// The region came from [`map`], was not unmapped before, and nothing borrows its bytes.
pub(crate) unsafe fn unmap(region: Region) -> Result<(), Errno> {
    // SAFETY: the caller's promise.
    unsafe { munmap(region.address.as_ptr().cast(), region.length) }.map_err(errno)
}
