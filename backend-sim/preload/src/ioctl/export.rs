//! VIDIOC_EXPBUF.

use vidbuf_sim::kernel::ExportBuffer;

use crate::abi::v4l2_exportbuffer;
use crate::errno::{Errno, last};
use crate::next;
use crate::table::Entry;

use super::{Answer, Call};

/// Makes a descriptor of a plane: the memfd once more, opened as the program asks.
pub fn export(call: &mut Call) -> Answer {
    let mut raw: v4l2_exportbuffer = call.read()?;
    let ask = ExportBuffer { buffer_type: raw.type_, index: raw.index, plane: raw.plane, flags: raw.flags, fd: raw.fd };
    let (place, file) = (call.device, call.file);
    let device = call.device();
    let export = device.node.export_buffer(file, &ask)?;
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
        None => Err(Errno(libc::EINVAL)),
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
        return Err(Errno(libc::EMFILE));
    }
    raw.fd = fd;
    raw.reserved = [0; 11];
    call.write(&raw)
}
