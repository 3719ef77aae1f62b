//! What videobuf2 does where the vivid driver cannot show it (unicam, rp1-cfe, uvcvideo, a codec), and the corners of it that a
//! random comparison would pass too seldom.

mod codec;
mod lifetime;
mod profiles;
mod streaming;
mod unplug;

use vidbuf_sim::kernel::{Buffer, Dequeue, File, Node, OpenMode, Plane, RequestBuffers, abi};
use vidbuf_sim::{Kernel, Profile, SimErrno};

/// `V4L2_BUF_FLAG_*` that the answers show.
mod flag {
    pub const MAPPED: u32 = 0x1;
    pub const QUEUED: u32 = 0x2;
    pub const DONE: u32 = 0x4;
    pub const ERROR: u32 = 0x40;
    pub const PREPARED: u32 = 0x400;
    pub const LAST: u32 = 0x10_0000;
}

/// A node of a driver, one file open on it, and calls by their short names.
struct Rig<const QUEUES: usize = 1> {
    node: Node<8, QUEUES>,
    file: File,
    buffer_type: u32,
}

impl Rig {
    fn new(profile: Profile) -> Self {
        Self::on(profile, Kernel::V6_12)
    }

    fn on(profile: Profile, kernel: Kernel) -> Self {
        let mut node = Node::new(profile, kernel, 4096, 64 << 20);
        let file = node.open(OpenMode::NONBLOCKING).unwrap();
        let buffer_type = node.buffer_type(0);
        Self { node, file, buffer_type }
    }
}

impl<const QUEUES: usize> Rig<QUEUES> {
    fn request(&mut self, count: u32) -> Result<u32, SimErrno> {
        let memory = abi::MEMORY_MMAP;
        let mut request = RequestBuffers { count, buffer_type: self.buffer_type, memory, ..Default::default() };
        self.node.request_buffers(self.file, &mut request)?;
        Ok(request.count)
    }

    fn buffer(&self, index: u32) -> Buffer {
        let mut buffer = Buffer::new(index, self.buffer_type, abi::MEMORY_MMAP);
        buffer.length = 8;
        buffer
    }

    fn query(&self, index: u32) -> Result<Buffer, SimErrno> {
        let mut buffer = self.buffer(index);
        self.node.query_buffer(self.file, &mut buffer, &mut [Plane::default(); 8])?;
        Ok(buffer)
    }

    fn queue(&mut self, index: u32) -> Result<Buffer, SimErrno> {
        let mut buffer = self.buffer(index);
        self.node.queue_buffer(self.file, &mut buffer, &mut [Plane::default(); 8])?;
        Ok(buffer)
    }

    fn prepare(&mut self, index: u32) -> Result<Buffer, SimErrno> {
        let mut buffer = self.buffer(index);
        self.node.prepare_buffer(self.file, &mut buffer, &mut [Plane::default(); 8])?;
        Ok(buffer)
    }

    fn dequeue(&mut self) -> Result<Buffer, SimErrno> {
        let mut buffer = self.buffer(0);
        match self.node.dequeue_buffer(self.file, &mut buffer, &mut [Plane::default(); 8])? {
            Dequeue::Done => Ok(buffer),
            Dequeue::WouldSleep => panic!("a non-blocking file does not sleep"),
        }
    }

    fn on_off(&mut self, on: bool) -> Result<(), SimErrno> {
        match on {
            true => self.node.stream_on(self.file, self.buffer_type),
            false => self.node.stream_off(self.file, self.buffer_type),
        }
    }

    /// Allocates, queues all, streams.
    fn stream(&mut self, count: u32) {
        let count = self.request(count).unwrap();
        for index in 0..count {
            self.queue(index).unwrap();
        }
        self.on_off(true).unwrap();
    }
}
