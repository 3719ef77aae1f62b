//! Memory that is not the node's: the program's pages and other nodes' exports.

use vidbuf::Errno;
use vidbuf_sim::kernel::{DmaBuf, Foreign};

use crate::exports::Exports;
use crate::table::{Entry, Table};

/// What a node finds around it.
pub struct Surroundings<'a> {
    /// All descriptors.
    pub table: &'a Table,
    /// All exports.
    pub exports: &'a Exports,
}

impl Foreign for Surroundings<'_> {
    fn pin(&mut self, address: u64, length: u32, write: bool) -> Result<(), Errno> {
        const PAGE: u64 = 4096;
        // Madvise's own numbers, from Linux 5.14 on.
        let advice = if write { libc::MADV_POPULATE_WRITE } else { libc::MADV_POPULATE_READ };
        let start = address & !(PAGE - 1);
        let end = address.checked_add(u64::from(length)).filter(|_| address >= PAGE && length > 0);
        let end = end.and_then(|end| end.checked_next_multiple_of(PAGE)).ok_or(Errno::EFAULT)?;
        // SAFETY: populating reads or writes nothing that the program could see; addresses that are not mapped are refused.
        match unsafe { libc::madvise(start as *mut _, (end - start) as usize, advice) } {
            0 => Ok(()),
            _ if crate::errno::last().raw() == libc::EINVAL => Ok(()),
            _ => Err(Errno::EFAULT),
        }
    }

    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, Errno> {
        match self.table.get(descriptor) {
            Some(Entry::Export(id)) => self.exports.as_dma_buf(id).ok_or(Errno::EINVAL),
            _ => Err(Errno::EINVAL),
        }
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        if read_user(address, bytes) { Ok(()) } else { Err(Errno::EFAULT) }
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        if write_user(address, bytes) { Ok(()) } else { Err(Errno::EFAULT) }
    }
}

/// The driver writes into the program's memory: false if not all of it is there. What is not mapped any more is left out: the kernel would
/// have pinned it.
pub fn write_user(address: u64, bytes: &[u8]) -> bool {
    let from = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let to = libc::iovec { iov_base: address as *mut _, iov_len: bytes.len() };
    // SAFETY: reads `bytes`; the kernel checks the other address.
    let written = unsafe { libc::process_vm_writev(libc::getpid(), &from, 1, &to, 1, 0) };
    usize::try_from(written) == Ok(bytes.len())
}

/// The driver reads the program's memory: false if not all of it is there. What is not mapped any more is left as it was, see
/// [`write_user`].
pub fn read_user(address: u64, bytes: &mut [u8]) -> bool {
    let to = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    let from = libc::iovec { iov_base: address as *mut _, iov_len: bytes.len() };
    // SAFETY: writes `bytes`; the kernel checks the other address.
    let read = unsafe { libc::process_vm_readv(libc::getpid(), &to, 1, &from, 1, 0) };
    usize::try_from(read) == Ok(bytes.len())
}
