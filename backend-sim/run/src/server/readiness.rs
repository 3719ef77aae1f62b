//! What programs see that poll an open file.

use vidbuf_sim::kernel::{QueueId, events};

use crate::open_file::Ready;

use super::Server;

impl Server {
    /// What a file shows now.
    pub(super) fn readiness(&mut self, token: u64) -> Ready {
        let Some(file) = self.files.get(&token) else { return Ready::default() };
        let device = &mut self.devices[file.device];
        let priority = device.node.poll(file.file, events::PRI) & events::PRI != 0;
        let queue = QueueId::FIRST;
        let output = device.profile().flow == vidbuf_sim::Flow::Output;
        if device.node.count(queue) == 0 && !device.node.is_gone(file.file) {
            // Polling would start file I/O, if there is such; here reading or writing does.
            let transfers = device.profile().read_write;
            return Ready {
                readable: transfers && !output,
                writable: transfers && output,
                priority,
                error: !transfers,
                gone: false,
            };
        }
        let bits = device.node.poll(file.file, events::IN | events::OUT | events::PRI);
        let has = |bit| bits & bit != 0;
        Ready {
            readable: has(events::IN),
            writable: has(events::OUT),
            priority: priority || has(events::PRI),
            error: has(events::ERR),
            gone: has(events::HUP),
        }
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
