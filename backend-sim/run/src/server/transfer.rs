//! read and write on a camera, if its profile has them.

use vidbuf_sim::kernel::{QueueId, Transfer};
use vidbuf_sim::{Errno, Flow};

use crate::system::listener::Call;
use crate::system::memory::Memory;

use super::Server;
use super::sleepers::{Asleep, Sleeper};

/// What seeking reads and writes fail with.
const ESPIPE: Errno = match Errno::from_raw(libc::ESPIPE) {
    Some(errno) => errno,
    None => Errno::EINVAL,
};

/// How much is copied at once.
const PIECE: usize = 1 << 20;

impl Server {
    /// read, write and their relatives.
    pub(super) fn transfer(&mut self, call: &Call) {
        let Some(token) = self.file_of(call, call.int(0)) else { return self.listener.proceed(call.id) };
        if let libc::SYS_pread64 | libc::SYS_pwrite64 | libc::SYS_preadv | libc::SYS_pwritev = call.number {
            // A node has no position.
            let _ = self.listener.answer(call.id, Err(ESPIPE));
            return;
        }
        if let Some(file) = self.files.get(&token) {
            let device = file.device;
            self.forget_the_gone(device);
            self.catch_up(device);
        }
        self.transfer_on(call, token);
    }

    /// The same, once more after a sleep.
    pub(super) fn transfer_on(&mut self, call: &Call, token: u64) {
        match self.copy(call, token) {
            Ok(Some(count)) => drop(self.listener.answer(call.id, Ok(count))),
            Ok(None) => {
                if self.files.get(&token).and_then(|file| file.end()).is_some_and(|end| end.is_nonblocking()) {
                    let _ = self.listener.answer(call.id, Err(Errno::EAGAIN));
                } else {
                    self.sleep(Sleeper { call: *call, token, what: Asleep::Transfer });
                }
            }
            Err(errno) => drop(self.listener.answer(call.id, Err(errno))),
        }
        if let Some(file) = self.files.get(&token) {
            let device = file.device;
            let this = &mut self.devices[device];
            this.engine.follow(&this.node);
            self.show_all(device, false);
        }
    }

    /// Where the caller's bytes are: the first part that has any.
    fn room(call: &Call) -> Result<(u64, usize), Errno> {
        let memory = Memory { thread: call.thread };
        match call.number {
            libc::SYS_readv | libc::SYS_writev => {
                for place in 0..call.arguments[2].min(1024) {
                    let at = call.arguments[1] + place * 16;
                    let length: u64 = memory.get(at + 8)?;
                    if length > 0 {
                        return Ok((memory.get(at)?, length as usize));
                    }
                }
                Ok((0, 0))
            }
            _ => Ok((call.arguments[1], call.arguments[2] as usize)),
        }
    }

    /// Copies what there is; `None` if the caller would sleep.
    fn copy(&mut self, call: &Call, token: u64) -> Result<Option<i64>, Errno> {
        let file = self.files.get(&token).ok_or(Errno::EBADF)?;
        let (number, file) = (file.device, file.file);
        let writes = matches!(call.number, libc::SYS_write | libc::SYS_writev);
        let device = &mut self.devices[number];
        if (device.profile().flow == Flow::Output) != writes {
            return Err(Errno::EINVAL);
        }
        let (address, length) = Self::room(call)?;
        let outcome = device.node.transfer(file, length);
        // The first call starts the driver, with buffers that need memory.
        device.furnish(0, device.node.count(QueueId::FIRST), false)?;
        device.engine.follow(&device.node);
        let Transfer::Bytes { index, offset, count } = outcome? else { return Ok(None) };
        let start = device.node.plane_memory(QueueId::FIRST, index, 0).map(|(start, _)| start);
        let piece = start.and_then(|start| device.piece(start).cloned()).ok_or(Errno::EIO)?;
        let memory = Memory { thread: call.thread };
        let mut bytes = vec![0; (count as usize).min(PIECE)];
        let mut done = 0;
        while done < count as usize {
            let bytes = &mut bytes[..(count as usize - done).min(PIECE)];
            let (here, there) = (offset as usize + done, address + done as u64);
            if writes {
                memory.read(there, bytes)?;
                piece.write(here, bytes);
            } else {
                piece.read(here, bytes);
                memory.write(there, bytes)?;
            }
            done += bytes.len();
        }
        device.node.transferred(count)?;
        device.engine.follow(&device.node);
        Ok(Some(count.into()))
    }
}
