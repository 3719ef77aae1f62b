//! Another process's memory.

use std::ffi::CString;
use std::os::unix::fs::FileExt;

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::abi::value::Value;

/// What the kernel allows for a path, its zero included.
const PATH_MAX: usize = 4096;

/// The memory of the process that a thread belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Any thread of it.
    pub thread: i32,
}

impl Memory {
    /// Reads as many bytes as there is room for.
    ///
    /// # Errors
    ///
    /// `EFAULT`: not all of them are there.
    pub fn read(self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        let here = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
        let there = libc::iovec { iov_base: address as *mut _, iov_len: bytes.len() };
        // SAFETY: writes `bytes`, which is ours; the kernel checks the other address.
        let count = unsafe { libc::process_vm_readv(self.thread, &here, 1, &there, 1, 0) };
        if count == bytes.len() as isize { Ok(()) } else { Err(Errno::EFAULT) }
    }

    /// Writes bytes.
    ///
    /// # Errors
    ///
    /// `EFAULT`: not all of them could be written.
    pub fn write(self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        let here = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
        let there = libc::iovec { iov_base: address as *mut _, iov_len: bytes.len() };
        // SAFETY: reads `bytes`, which is ours; the kernel checks the other address.
        let count = unsafe { libc::process_vm_writev(self.thread, &here, 1, &there, 1, 0) };
        if count == bytes.len() as isize { Ok(()) } else { Err(Errno::EFAULT) }
    }

    /// Writes bytes where the program itself may only read, as a kernel that forces pinning does.
    ///
    /// # Errors
    ///
    /// `EFAULT`.
    pub fn force(self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        let file = std::fs::OpenOptions::new().write(true).open(format!("/proc/{}/mem", self.thread));
        file.and_then(|file| file.write_all_at(bytes, address)).map_err(|_| Errno::EFAULT)
    }

    /// Reads a structure.
    ///
    /// # Errors
    ///
    /// `EFAULT`.
    pub fn get<T: Value>(self, address: u64) -> Result<T, Errno> {
        let mut bytes = vec![0; size_of::<T>()];
        self.read(address, &mut bytes)?;
        Ok(T::get(&bytes, 0))
    }

    /// Writes a structure.
    ///
    /// # Errors
    ///
    /// `EFAULT`.
    pub fn put<T: Value>(self, address: u64, value: T) -> Result<(), Errno> {
        let mut bytes = vec![0; size_of::<T>()];
        value.put(&mut bytes, 0);
        self.write(address, &bytes)
    }

    /// Reads a string up to its zero, page by page: it may end at the end of a page that is the last.
    ///
    /// # Errors
    ///
    /// - `EFAULT`.
    /// - `ENAMETOOLONG`: no zero in 4,096 bytes.
    pub fn path(self, address: u64) -> Result<CString, Errno> {
        let mut text = Vec::new();
        // Most are short: one read of few bytes.
        let mut piece = [0; 256];
        while text.len() < PATH_MAX {
            let at = address + text.len() as u64;
            let room = (4096 - at % 4096).min(piece.len() as u64) as usize;
            self.read(at, &mut piece[..room])?;
            match piece[..room].iter().position(|byte| *byte == 0) {
                Some(end) => {
                    text.extend_from_slice(&piece[..end]);
                    return CString::new(text).map_err(|_| Errno::EFAULT);
                }
                None => text.extend_from_slice(&piece[..room]),
            }
        }
        Err(Errno::ENAMETOOLONG)
    }
}

impl Memory {
    /// Whether all of a range is mapped for reading, and for writing if that is wanted.
    pub fn has(self, start: u64, end: u64, write: bool) -> bool {
        let Ok(maps) = std::fs::read_to_string(format!("/proc/{}/maps", self.thread)) else { return false };
        // Lines are in the order of their addresses.
        let mut at = start;
        for line in maps.lines() {
            let mut words = line.split(' ');
            let range = words.next().and_then(|range| range.split_once('-'));
            let Some((Ok(from), Ok(to))) = range.map(|(from, to)| (number(from), number(to))) else { return false };
            if to <= at {
                continue;
            }
            let mode = words.next().unwrap_or_default().as_bytes();
            let allowed = mode.first() == Some(&b'r') && (!write || mode.get(1) == Some(&b'w'));
            if from > at || !allowed {
                return false;
            }
            at = to;
            if at >= end {
                return true;
            }
        }
        false
    }
}

fn number(text: &str) -> Result<u64, core::num::ParseIntError> {
    u64::from_str_radix(text, 16)
}
