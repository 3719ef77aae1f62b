//! What videobuf2 does where the vivid driver cannot show it (unicam, rp1-cfe, uvcvideo, a codec), and the corners of it that a
//! random comparison would pass too seldom.

mod arguments;
mod codec;
mod lifetime;
mod profiles;
mod streaming;
mod unplug;

use vidbuf_sim::kernel::abi::buffer::{V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_plane, v4l2_requestbuffers};
use vidbuf_sim::kernel::abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};
use vidbuf_sim::kernel::{File, Node, OpenMode, QueueId, Returned};
use vidbuf_sim::{Errno, Kernel, Profile};

/// Flags that the answers show.
mod flag {
    pub use vidbuf_sim::kernel::abi::buffer::{
        V4L2_BUF_FLAG_DONE as DONE, V4L2_BUF_FLAG_ERROR as ERROR, V4L2_BUF_FLAG_LAST as LAST,
        V4L2_BUF_FLAG_MAPPED as MAPPED, V4L2_BUF_FLAG_PREPARED as PREPARED, V4L2_BUF_FLAG_QUEUED as QUEUED,
    };
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
        let buffer_type = node.buffer_type(QueueId::FIRST);
        Self { node, file, buffer_type }
    }
}

impl<const QUEUES: usize> Rig<QUEUES> {
    fn request(&mut self, count: u32) -> Result<u32, Errno> {
        let (type_, memory) = (self.buffer_type, V4L2_MEMORY_MMAP);
        let mut request = v4l2_requestbuffers { count, type_, memory, ..Default::default() };
        self.node.call(self.file, VIDIOC_REQBUFS, &mut request, &mut [])?;
        Ok(request.count)
    }

    fn buffer(&self, index: u32) -> v4l2_buffer {
        v4l2_buffer { index, type_: self.buffer_type, memory: V4L2_MEMORY_MMAP, length: 8, ..Default::default() }
    }

    /// A call with this buffer and eight planes.
    fn make(&mut self, number: u32, mut buffer: v4l2_buffer) -> Result<v4l2_buffer, Errno> {
        match self.node.call(self.file, number, &mut buffer, &mut [v4l2_plane::default(); 8])? {
            Returned::Done => Ok(buffer),
            other => panic!("{other:?} on a non-blocking file"),
        }
    }

    fn query(&mut self, index: u32) -> Result<v4l2_buffer, Errno> {
        self.make(VIDIOC_QUERYBUF, self.buffer(index))
    }

    fn queue(&mut self, index: u32) -> Result<v4l2_buffer, Errno> {
        self.make(VIDIOC_QBUF, self.buffer(index))
    }

    fn prepare(&mut self, index: u32) -> Result<v4l2_buffer, Errno> {
        self.make(VIDIOC_PREPARE_BUF, self.buffer(index))
    }

    fn dequeue(&mut self) -> Result<v4l2_buffer, Errno> {
        self.make(VIDIOC_DQBUF, self.buffer(0))
    }

    fn on_off(&mut self, on: bool) -> Result<(), Errno> {
        let number = if on { VIDIOC_STREAMON } else { VIDIOC_STREAMOFF };
        self.node.call(self.file, number, &mut self.buffer_type.clone(), &mut []).map(drop)
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
