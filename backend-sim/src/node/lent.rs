//! Memory of the program that the argument of a call points to.

use vidbuf::Errno;

use crate::kernel::{DmaBuf, Foreign};

/// Memory at addresses that its owner has made up.
pub(super) trait Lent {
    /// The bytes at an address. EFAULT if they are not lent.
    fn at(&mut self, address: u64, length: usize) -> Result<&mut [u8], Errno>;
}

impl<L: Lent> Foreign for L {
    fn pin(&mut self, _: u64, _: u32, _: bool) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }

    fn dma_buf(&mut self, _: i32) -> Result<DmaBuf, Errno> {
        Err(Errno::EINVAL)
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        bytes.copy_from_slice(self.at(address, bytes.len())?);
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.at(address, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }
}
