//! VIDIOC_EXPBUF.

use vidbuf_sim::kernel::Export;
use vidbuf_sim::kernel::abi::buffer::v4l2_exportbuffer;
use vidbuf_sim::kernel::abi::value::Value as _;

use crate::errno::last;
use crate::next;
use crate::table::Entry;
use vidbuf_sim::Errno;

use super::{Answer, Call};

/// Makes a descriptor of a plane: the memfd once more, opened as the program asks.
pub fn export(call: &mut Call, argument: &mut [u8], export: Export) -> Answer {
    let mut raw = v4l2_exportbuffer::get(argument, 0);
    let place = call.device;
    let device = call.device();
    let piece = device.node.exported_memory(&export).and_then(|(start, _)| device.memory.get(start));
    let opened = match piece {
        Some(piece) => {
            let path = format!("/proc/self/fd/{}\0", piece.fd);
            // SAFETY: a path that ends with a zero.
            match unsafe { next::open(path.as_ptr().cast(), raw.flags as i32, 0) } {
                -1 => Err(last()),
                fd => Ok((fd, piece)),
            }
        }
        None => Err(Errno::EINVAL),
    };
    let (fd, piece) = match opened {
        Ok(opened) => opened,
        Err(errno) => {
            device.node.release_export(export);
            return Err(errno);
        }
    };
    let id = call.world.exports.add(place, export, piece);
    if !call.world.table.enter(fd, Entry::Export(id)) {
        call.world.exports.drop_user(id);
        call.world.settle_exports();
        // SAFETY: our own descriptor.
        unsafe { next::close(fd) };
        return Err(Errno::EMFILE);
    }
    raw.fd = fd;
    raw.put(argument, 0);
    Ok(0)
}
