//! Structures at addresses of the program's.

use vidbuf_sim::kernel::abi::value::Value;

use vidbuf_sim::Errno;

/// The bytes at an address. The first page is never mapped; any other wrong address ends the program, as it would without this
/// library between it and memory.
pub fn bytes<'p>(address: usize, length: usize) -> Result<&'p mut [u8], Errno> {
    if address < 4096 {
        return Err(Errno::EFAULT);
    }
    // SAFETY: the program passes so many bytes, and waits for the call that they are the argument of.
    Ok(unsafe { core::slice::from_raw_parts_mut(address as *mut u8, length) })
}

/// Reads a structure.
pub fn read<T: Value>(address: usize) -> Result<T, Errno> {
    Ok(T::get(bytes(address, size_of::<T>())?, 0))
}

/// Writes a structure.
pub fn write<T: Value>(address: usize, value: T) -> Result<(), Errno> {
    value.put(bytes(address, size_of::<T>())?, 0);
    Ok(())
}

/// Text in a fixed field, cut to fit with a zero at its end.
pub fn text<const N: usize>(words: &str) -> [u8; N] {
    let mut field = [0; N];
    for (to, from) in field.iter_mut().take(N - 1).zip(words.bytes()) {
        *to = from;
    }
    field
}
