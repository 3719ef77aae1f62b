//! A camera without [`Sim`](vidbuf_sim::Sim), as a program that serves other processes would have it: a node, an engine, a clock
//! that it does not own, and memory in two places: a piece for each plane, and pages of the "process" that uses it.

use std::collections::BTreeMap;
use std::time::Duration;

use vidbuf_sim::driver::{Bytes, Engine, Place, Unreachable};
use vidbuf_sim::kernel::abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_BUF_TYPE_VIDEO_OUTPUT, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_plane,
    v4l2_requestbuffers,
};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_REQBUFS, VIDIOC_STREAMON};
use vidbuf_sim::kernel::abi::value::Value;
use vidbuf_sim::kernel::{DmaBuf, File, Foreign, Node, OpenMode, PlaneMemory, QueueId, Returned};
use vidbuf_sim::{Errno, Kernel, Profile};

/// Where the process's pages begin.
pub const PAGES: u64 = 0x7000_0000_0000;

/// The memory that buffers are made of.
#[derive(Default)]
pub struct Memory {
    /// A piece for each plane, by where the node has it; made when it is first used.
    pieces: BTreeMap<usize, Vec<u8>>,
    /// Pages of the process, while it lives.
    pub pages: Option<Vec<u8>>,
}

impl Memory {
    pub fn at(&mut self, place: PlaneMemory, length: usize) -> Result<&mut [u8], Unreachable> {
        match place {
            PlaneMemory::Own(start) => Ok(self.pieces.entry(start).or_insert_with(|| vec![0; length])),
            PlaneMemory::User(address) => {
                let start = address.checked_sub(PAGES).ok_or(Unreachable)? as usize;
                self.pages.as_mut().and_then(|pages| pages.get_mut(start..start + length)).ok_or(Unreachable)
            }
            _ => Err(Unreachable),
        }
    }
}

impl Bytes for Memory {
    fn write(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable> {
        self.at(place.memory, place.length)?[offset..][..bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    fn read(&mut self, place: &Place, offset: usize, bytes: &mut [u8]) -> Result<(), Unreachable> {
        bytes.copy_from_slice(&self.at(place.memory, place.length)?[offset..][..bytes.len()]);
        Ok(())
    }
}

impl Foreign for Memory {
    fn pin(&mut self, address: u64, length: u32, _write: bool) -> Result<(), Errno> {
        self.at(PlaneMemory::User(address), length as usize).map(|_| ()).map_err(|_| Errno::EFAULT)
    }

    fn dma_buf(&mut self, _descriptor: i32) -> Result<DmaBuf, Errno> {
        Err(Errno::EINVAL)
    }
}

/// The camera.
pub struct Camera<'m> {
    pub node: Node<8>,
    pub engine: Engine<'m>,
    pub memory: Memory,
    pub file: File,
    pub type_: u32,
    /// Nanoseconds since the machine was started.
    pub now: u64,
}

impl<'m> Camera<'m> {
    /// Opened at a time that is no round number.
    pub fn new(profile: Profile, interval: Duration) -> Self {
        let mut node = Node::new(profile, Kernel::V6_12, 4096, 64 << 20);
        let file = node.open(OpenMode::NONBLOCKING).unwrap();
        let type_ = match node.profile().flow {
            vidbuf_sim::Flow::Output => V4L2_BUF_TYPE_VIDEO_OUTPUT,
            _ => V4L2_BUF_TYPE_VIDEO_CAPTURE,
        };
        Self { node, engine: Engine::new(interval), memory: Memory::default(), file, type_, now: 86_417_123_456_789 }
    }

    /// One system call of the process: what is due has happened before.
    pub fn ioctl<T: Value>(&mut self, number: u32, argument: &mut T) -> Result<Returned, Errno> {
        let Self { node, engine, memory, file, now, .. } = self;
        engine.run_until(node, memory, *now);
        let mut bytes = vec![0; size_of::<T>()];
        argument.write(&mut bytes).unwrap();
        let returned = engine.ioctl_with(node, (*file, number), &mut bytes, &mut [] as &mut [v4l2_plane], memory);
        *argument = T::read(&bytes).unwrap();
        returned
    }

    /// Time passes in the world.
    pub fn pass(&mut self, nanoseconds: u64) {
        self.now += nanoseconds;
    }

    /// Up to when the engine has to be looked at again, as a timer would have it.
    pub fn pass_until_due(&mut self) -> Option<u64> {
        let due = self.engine.next_ns(&self.node)?;
        self.now = self.now.max(due);
        Some(due)
    }

    pub fn buffer(&self, index: u32, memory: u32) -> v4l2_buffer {
        v4l2_buffer { index, type_: self.type_, memory, ..Default::default() }
    }

    pub fn request(&mut self, count: u32, memory: u32) -> u32 {
        let mut request = v4l2_requestbuffers { count, type_: self.type_, memory, ..Default::default() };
        self.ioctl(VIDIOC_REQBUFS, &mut request).unwrap();
        request.count
    }

    /// All the way up, with so many MMAP buffers; the process needs a while for it.
    pub fn start(&mut self, count: u32) {
        assert_eq!(self.request(count, V4L2_MEMORY_MMAP), count);
        for index in 0..count {
            self.pass(31_007);
            self.queue(&self.buffer(index, V4L2_MEMORY_MMAP)).unwrap();
        }
        self.stream_on().unwrap();
    }

    pub fn stream_on(&mut self) -> Result<Returned, Errno> {
        self.ioctl(VIDIOC_STREAMON, &mut { self.type_ })
    }

    pub fn queue(&mut self, buffer: &v4l2_buffer) -> Result<Returned, Errno> {
        self.ioctl(VIDIOC_QBUF, &mut { *buffer })
    }

    pub fn dequeue(&mut self, memory: u32) -> Result<v4l2_buffer, Errno> {
        let mut buffer = self.buffer(0, memory);
        self.ioctl(VIDIOC_DQBUF, &mut buffer).map(|_| buffer)
    }

    /// What is in a buffer of the node's own memory.
    pub fn bytes(&mut self, buffer: &v4l2_buffer) -> &[u8] {
        let (memory, length) = self.node.plane_bytes(QueueId::FIRST, buffer.index, 0).unwrap();
        &self.memory.at(memory, length as usize).unwrap()[..buffer.bytesused as usize]
    }
}
