//! A node, by C library calls only.

use std::ffi::CString;
use std::io::Error;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Single-planar capture with read(), 320x240 YUYV.
pub const VIVID: &str = "/dev/video40";
/// Single-planar capture without read().
pub const UNICAM: &str = "/dev/video45";

const TYPE_CAPTURE: u32 = 1;
const MEMORY_MMAP: u32 = 1;

/// `struct v4l2_buffer`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Buffer {
    pub index: u32,
    type_: u32,
    pub bytesused: u32,
    pub flags: u32,
    field: u32,
    pub seconds: i64,
    pub microseconds: i64,
    timecode: [u32; 4],
    pub sequence: u32,
    memory: u32,
    pub m: u64,
    pub length: u32,
    reserved: [u32; 2],
}

const _: () = assert!(size_of::<Buffer>() == 88);

/// An open node. Errors are errno numbers.
pub struct Node(pub OwnedFd);

pub fn errno() -> i32 {
    Error::last_os_error().raw_os_error().unwrap_or(0)
}

impl Node {
    pub fn open(path: &str) -> Self {
        let path = CString::new(path).unwrap();
        // SAFETY: a path that ends with a zero; the descriptor is new.
        unsafe {
            let fd = libc::open(path.as_ptr(), libc::O_RDWR | libc::O_CLOEXEC);
            assert!(fd >= 0, "open: {}", Error::last_os_error());
            Self(OwnedFd::from_raw_fd(fd))
        }
    }

    pub fn fd(&self) -> i32 {
        self.0.as_raw_fd()
    }

    /// `ioctl` with a structure of the size in `request`.
    pub fn ioctl<T>(&self, request: u32, argument: &mut T) -> Result<(), i32> {
        assert_eq!(request as usize >> 16 & 0x3fff, size_of::<T>());
        // SAFETY: a structure of the size that the request says.
        match unsafe { libc::ioctl(self.fd(), request as libc::Ioctl, argument) } {
            -1 => Err(errno()),
            _ => Ok(()),
        }
    }

    pub fn request(&self, count: u32) -> Result<u32, i32> {
        let mut request = [count, TYPE_CAPTURE, MEMORY_MMAP, 0, 0];
        self.ioctl(0xc014_5608, &mut request).map(|()| request[0])
    }

    fn buffer(&self, request: u32, index: u32) -> Result<Buffer, i32> {
        let mut buffer = Buffer { index, type_: TYPE_CAPTURE, memory: MEMORY_MMAP, ..Buffer::default() };
        self.ioctl(request, &mut buffer).map(|()| buffer)
    }

    pub fn query(&self, index: u32) -> Result<Buffer, i32> {
        self.buffer(0xc058_5609, index)
    }

    pub fn queue(&self, index: u32) -> Result<Buffer, i32> {
        self.buffer(0xc058_560f, index)
    }

    pub fn dequeue(&self) -> Result<Buffer, i32> {
        self.buffer(0xc058_5611, 0)
    }

    pub fn stream_on(&self) -> Result<(), i32> {
        self.ioctl(0x4004_5612, &mut { TYPE_CAPTURE })
    }

    pub fn stream_off(&self) -> Result<(), i32> {
        self.ioctl(0x4004_5613, &mut { TYPE_CAPTURE })
    }

    /// VIDIOC_EXPBUF.
    pub fn export(&self, index: u32, flags: i32) -> Result<OwnedFd, i32> {
        let mut export = [0u32; 16];
        (export[0], export[1], export[3]) = (TYPE_CAPTURE, index, flags as u32);
        self.ioctl(0xc040_5610, &mut export)?;
        // SAFETY: a new descriptor.
        Ok(unsafe { OwnedFd::from_raw_fd(export[4] as i32) })
    }

    /// Streams with this many buffers, all queued.
    pub fn streaming(path: &str, buffers: u32) -> Self {
        let node = Self::open(path);
        assert!(node.request(buffers).unwrap() >= buffers);
        for index in 0..buffers {
            node.queue(index).unwrap();
        }
        node.stream_on().unwrap();
        node
    }

    pub fn map(&self, index: u32) -> Map {
        let buffer = self.query(index).unwrap();
        Map::new(self.fd(), buffer.length as usize, libc::PROT_READ | libc::PROT_WRITE, buffer.m as i64).unwrap()
    }
}

/// Mapped memory.
pub struct Map {
    pub start: *mut u8,
    pub length: usize,
}

impl Map {
    pub fn new(fd: i32, length: usize, protection: i32, offset: i64) -> Result<Self, i32> {
        // SAFETY: a new mapping wherever there is room.
        let start = unsafe { libc::mmap64(std::ptr::null_mut(), length, protection, libc::MAP_SHARED, fd, offset) };
        if start == libc::MAP_FAILED { Err(errno()) } else { Ok(Self { start: start.cast(), length }) }
    }

    /// A copy of what is there.
    pub fn bytes(&self) -> Vec<u8> {
        let mut copy = vec![0; self.length];
        // SAFETY: mapped for reading, as long as this lives.
        unsafe { std::ptr::copy_nonoverlapping(self.start, copy.as_mut_ptr(), self.length) };
        copy
    }

    pub fn unmap_part(&self, from: usize, length: usize) {
        // SAFETY: inside this mapping; nobody looks there any more.
        assert_eq!(unsafe { libc::munmap(self.start.add(from).cast(), length) }, 0);
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: this mapping; parts that are gone do not matter.
        unsafe { libc::munmap(self.start.cast(), self.length) };
    }
}
