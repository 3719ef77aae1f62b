//! What programs see that poll an open file.

use vidbuf_sim::kernel::{QueueId, events};

use crate::open_file::Ready;

use super::Server;

impl Server {
    /// What a file shows now. Where a kernel has POLLERR alone (nothing streams, the queue is in error) it is ready for reading or
    /// writing: whoever tries gets the error.
    pub(super) fn readiness(&mut self, token: u64) -> Ready {
        let Some(file) = self.files.get(&token) else { return Ready::default() };
        let device = &mut self.devices[file.device];
        let priority = device.extras.has_event(file.file);
        let queue = QueueId::FIRST;
        let output = device.profile().flow == vidbuf_sim::Flow::Output;
        // Polling a node without buffers would start file I/O.
        let bits = match device.node.count(queue) {
            0 => events::ERR,
            _ => device.node.poll(file.file, events::IN | events::OUT),
        };
        let ready = bits & (events::IN | events::OUT | events::ERR) != 0;
        Ready { readable: ready && !output, writable: ready && output, priority }
    }

    /// Has a file show what it is.
    pub(super) fn show(&mut self, token: u64, frames: bool) {
        let ready = self.readiness(token);
        if let Some(file) = self.files.get_mut(&token) {
            file.show(ready, frames && file.engaged);
        }
    }

    /// Has every file of a camera show what it is.
    pub(super) fn show_all(&mut self, device: usize, frames: bool) {
        let of_device = self.files.iter().filter(|(_, file)| file.device == device);
        let tokens: Vec<u64> = of_device.map(|(token, _)| *token).collect();
        for token in tokens {
            self.show(token, frames);
        }
    }
}
