//! System calls on the real node: bytes in and out.

use std::io;

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_buffer_m, v4l2_plane};
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF};
use vidbuf_abi::layout::Layout;
use vidbuf_abi::value::Value;

use super::world::Outcome;

/// The error number of the last system call.
pub fn errno() -> i32 {
    io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// What a system call returned; the error number if it failed.
pub fn check(returned: i32) -> Result<i32, i32> {
    if returned < 0 { Err(errno()) } else { Ok(returned) }
}

/// Bytes of the argument that a number says.
pub const fn size(number: u32) -> usize {
    (number >> 16) as usize & 0x3fff
}

/// Whether the argument of a call is a `v4l2_buffer`.
pub const fn takes_buffer(number: u32) -> bool {
    matches!(number, VIDIOC_QUERYBUF | VIDIOC_QBUF | VIDIOC_PREPARE_BUF | VIDIOC_DQBUF)
}

/// Whether the buffers of a type have an array of planes.
pub const fn is_multiplanar(buffer_type: u32) -> bool {
    matches!(buffer_type, 9 | 10)
}

/// One ioctl. A multi-planar buffer is given the address of `planes`, or no address if there are none; afterwards the argument has
/// again what it had in place of the address, unless the kernel has changed that.
pub fn ioctl(fd: i32, number: u32, argument: &mut [u8], planes: &mut [v4l2_plane]) -> Outcome {
    if argument.len() != size(number) {
        return Err(libc::EFAULT);
    }
    let mut given = None;
    if takes_buffer(number) {
        let mut buffer = v4l2_buffer::get(argument, 0);
        if is_multiplanar(buffer.type_) {
            let address = if planes.is_empty() { 0 } else { planes.as_mut_ptr().expose_provenance() };
            given = Some((buffer.m, v4l2_buffer_m::of_planes(address)));
            buffer.m = v4l2_buffer_m::of_planes(address);
            buffer.put(argument, 0);
        }
    }
    // SAFETY: the argument has as many bytes as its number says, and a pointer in it leads to planes that live through the call. Their
    // number is the kernel's to check: `draw` makes no array shorter than a buffer says, but empty ones without an address.
    let outcome = check(unsafe { libc::ioctl(fd, number as libc::Ioctl, argument.as_mut_ptr()) });
    let (at, _) = v4l2_buffer::STRUCTURE.field(Layout::TARGET, "m").unwrap_or_else(|| unreachable!("it has one"));
    if let Some((given, passed)) = given
        && v4l2_buffer::get(argument, 0).m == passed
    {
        given.put(argument, at);
    }
    outcome.map(drop)
}

/// One ioctl with a structure.
pub fn call<T: Value>(fd: i32, number: u32, argument: &mut T) -> Outcome {
    let mut bytes = vec![0; size_of::<T>()];
    argument.put(&mut bytes, 0);
    ioctl(fd, number, &mut bytes, &mut [])?;
    *argument = T::get(&bytes, 0);
    Ok(())
}
