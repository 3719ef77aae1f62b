//! mmap on a camera.

use std::os::fd::AsFd;

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::Protection;

use crate::system::errno;
use crate::system::inject;
use crate::system::listener::Call;

use super::Server;

impl Server {
    /// mmap.
    pub(super) fn map(&mut self, call: &Call) {
        let Some(token) = self.file_of(call, call.int(4)) else { return self.listener.proceed(call.id) };
        if let Err(errno) = self.map_buffer(call, token) {
            // A caller that is gone needs no result.
            let _ = self.listener.answer(call.id, Err(errno));
        }
    }

    /// Maps a plane of a buffer. If that fails, the call is not completed.
    fn map_buffer(&mut self, call: &Call, token: u64) -> Result<(), Errno> {
        let file = self.files.get(&token).ok_or(Errno::EBADF)?;
        let (number, file) = (file.device, file.file);
        self.catch_up(number);
        self.called(number, Some(vidbuf_sim::Call::Map));
        let device = &mut self.devices[number];
        device.sweep();
        let [_, length, protection, flags, _, offset] = call.arguments;
        let has = |bit: i32, of: u64| of & bit as u64 != 0;
        let protection = Protection {
            read: has(libc::PROT_READ, protection),
            write: has(libc::PROT_WRITE, protection),
            shared: has(libc::MAP_SHARED, flags),
        };
        device.engine.strike(&mut *device.node, vidbuf_sim::Call::Map, file, None)?;
        let mapping = device.node.map(file, offset, length, protection)?;
        let start = device.node.mapped_memory(mapping).map(|(start, _)| start);
        let piece = start.and_then(|start| device.piece(start).cloned());
        let outcome = match piece {
            None => Err(Errno::EINVAL),
            Some(piece) => piece
                .open(libc::O_RDWR)
                .map_err(|error| errno(&error))
                .and_then(|opened| self.listener.add(call.id, opened.as_fd(), true))
                .and_then(|descriptor| inject::map(&self.listener, call, descriptor)),
        };
        let device = &mut self.devices[number];
        match (outcome, start) {
            (Ok(Some(Ok(_))), Some(start)) => device.add_mapping(start, mapping, file),
            (outcome, _) => {
                // It was made a moment ago.
                let _ = device.node.unmap(mapping);
                outcome?;
            }
        }
        Ok(())
    }
}
