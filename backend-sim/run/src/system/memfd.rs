//! Memory files: each plane of each buffer is one.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use super::{check, owned};

/// The memory of one plane, mapped here: the device's side of it.
#[derive(Debug)]
pub struct Piece {
    file: OwnedFd,
    address: usize,
    /// Bytes, whole pages.
    pub length: usize,
    /// Its inode, which is the same for every descriptor of it.
    pub inode: (u64, u64),
}

/// Opens a file once more.
fn reopen(file: &OwnedFd, flags: i32) -> io::Result<OwnedFd> {
    let path = format!("/proc/self/fd/{}\0", file.as_raw_fd());
    // SAFETY: a path that ends with a zero.
    owned(unsafe { libc::open(path.as_ptr().cast(), flags | libc::O_CLOEXEC) }.into())
}

impl Piece {
    /// Zeroed memory. The name is what a program's list of mappings shows.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new(name: &str, length: usize) -> io::Result<Self> {
        let name = CString::new(name).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        // SAFETY: a name that ends with a zero.
        let made = owned(unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC) }.into())?;
        // The kernel counts only files that were opened by name among those that are open for writing.
        let file = reopen(&made, libc::O_RDWR)?;
        // SAFETY: our own descriptor.
        check(unsafe { libc::ftruncate(file.as_raw_fd(), length as i64) }.into())?;
        let inode = super::process::inode(file.as_raw_fd())?;
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // All of it now, as a driver allocates: else the first frames would come late.
        let flags = libc::MAP_SHARED | libc::MAP_POPULATE;
        // SAFETY: a new mapping of our own descriptor.
        let address = unsafe { libc::mmap(core::ptr::null_mut(), length, protection, flags, file.as_raw_fd(), 0) };
        if address == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Self { file, address: address as usize, length, inode })
    }

    /// Opens it once more, for the program: a file of its own, so that [`is_shared`](Self::is_shared) sees it.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn open(&self, flags: i32) -> io::Result<OwnedFd> {
        reopen(&self.file, flags)
    }

    /// Whether a program has a mapping or a writable descriptor of it. The kernel grants a lease for writing only to the one
    /// file that is open for writing.
    pub fn is_shared(&self) -> bool {
        let file = self.file.as_raw_fd();
        // SAFETY: our own descriptor.
        unsafe {
            let leased = libc::fcntl(file, libc::F_SETLEASE, libc::F_WRLCK) == 0;
            if leased {
                libc::fcntl(file, libc::F_SETLEASE, libc::F_UNLCK);
            }
            !leased
        }
    }

    /// Writes at `start`; what does not fit is left out.
    pub fn write(&self, start: usize, bytes: &[u8]) {
        let room = self.length.saturating_sub(start).min(bytes.len());
        // SAFETY: inside the mapping. The program maps the same memory; who may touch it when is its contract with V4L2.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), (self.address + start) as *mut u8, room) };
    }

    /// Reads at `start`; what is not there is left as it was.
    pub fn read(&self, start: usize, bytes: &mut [u8]) {
        let room = self.length.saturating_sub(start).min(bytes.len());
        // SAFETY: inside the mapping. The program maps the same memory; who may touch it when is its contract with V4L2.
        unsafe { core::ptr::copy_nonoverlapping((self.address + start) as *const u8, bytes.as_mut_ptr(), room) };
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        // SAFETY: our own mapping, which nothing uses after this.
        unsafe { libc::munmap(self.address as *mut _, self.length) };
    }
}
