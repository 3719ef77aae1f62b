//! Opening and closing cameras.

use std::os::fd::{AsFd, AsRawFd};

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::OpenMode;

use crate::open_file::OpenFile;
use crate::system::listener::Call;
use crate::system::{errno, process, socket};

use super::{Server, token};

impl Server {
    /// open of a camera.
    pub(super) fn open(&mut self, call: &Call, device: usize, flags: i32) {
        if let Err(errno) = self.open_device(call, device, flags) {
            // A caller that is gone needs no result.
            let _ = self.listener.answer(call.id, Err(errno));
        }
    }

    fn open_device(&mut self, call: &Call, number: usize, flags: i32) -> Result<(), Errno> {
        if flags & (libc::O_CREAT | libc::O_EXCL) == libc::O_CREAT | libc::O_EXCL {
            return Err(Errno::EEXIST);
        }
        if flags & libc::O_DIRECTORY != 0 {
            return Err(Errno::ENOTDIR);
        }
        self.catch_up(number);
        self.close_abandoned();
        // A mapping that is gone may have been the last that kept a file.
        self.settle(number);
        let access = flags & libc::O_ACCMODE;
        let mode = OpenMode { read: access != libc::O_WRONLY, write: access != libc::O_RDONLY, nonblocking: false };
        let device = &mut self.devices[number];
        let file = device.node.open(mode)?;
        let made = socket::pair(flags & libc::O_NONBLOCK != 0).and_then(|(program, peer)| {
            let inode = process::inode(program.as_raw_fd())?;
            self.closing.add(peer.fd(), self.next_file, true)?;
            Ok((program, peer, inode))
        });
        let (program, peer, inode) = match made {
            Ok(made) => made,
            Err(error) => {
                // It was opened a moment ago.
                let _ = device.node.close(file);
                return Err(match errno(&error) {
                    Errno::EMFILE => Errno::ENFILE,
                    other => other,
                });
            }
        };
        let copy = if self.borrows { None } else { program.try_clone().ok() };
        let open = OpenFile::new(number, file, inode, peer, copy);
        self.files.insert(self.next_file, open);
        self.by_inode.insert(inode, self.next_file);
        let token = self.next_file;
        self.next_file += 1;
        let ready = self.readiness(token);
        if let Some(open) = self.files.get_mut(&token) {
            open.show_first(ready, program.as_fd());
        }
        let given = self.listener.answer_with(call.id, program.as_fd(), flags & libc::O_CLOEXEC != 0);
        drop(program);
        match (given, self.files.get_mut(&token)) {
            (Ok(descriptor), Some(open)) => open.used_by(call.thread, descriptor),
            _ => self.close(token),
        }
        Ok(())
    }

    /// Files whose last descriptor is closed.
    pub(super) fn close_files(&mut self) -> std::io::Result<()> {
        if self.files.is_empty() {
            return Ok(());
        }
        loop {
            let ended: Vec<u64> = self.closing.wait(true)?.map(|ready| ready.token).collect();
            if ended.is_empty() {
                return Ok(());
            }
            for token in ended {
                match self.files.get_mut(&token) {
                    Some(file) => {
                        // It is looked at no more, whether or not a call still sleeps on it.
                        self.closing.remove(file.peer.fd());
                        file.closed = true;
                        self.finish_close(token);
                    }
                    None => debug_assert!(token < token::FILES),
                }
            }
        }
    }

    /// Files whose last close is not seen, where descriptors cannot be borrowed: a look into /proc.
    pub(super) fn close_abandoned(&mut self) {
        if self.borrows || self.files.is_empty() {
            return;
        }
        let open = process::open_files();
        let abandoned = self.files.iter().filter(|(_, file)| !file.closed && !open.contains(&file.inode));
        let tokens: Vec<u64> = abandoned.map(|(token, _)| *token).collect();
        for token in tokens {
            if let Some(file) = self.files.get_mut(&token) {
                self.closing.remove(file.peer.fd());
                file.closed = true;
                self.finish_close(token);
            }
        }
    }

    /// Ends a file that is closed, unless a call still sleeps on it.
    pub(super) fn finish_close(&mut self, token: u64) {
        if self.files.get(&token).is_some_and(|file| file.closed) && !self.is_slept_on(token) {
            self.close(token);
        }
    }

    fn close(&mut self, token: u64) {
        let Some(file) = self.files.remove(&token) else { return };
        self.by_inode.remove(&file.inode);
        let device = &mut self.devices[file.device];
        // It was open until now.
        let _ = device.node.close(file.file);
        device.engine.follow(&device.node);
        self.settle(file.device);
        self.wake(file.device, false);
    }
}
