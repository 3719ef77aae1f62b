//! A node, by C library calls only.

use std::ffi::CString;
use std::io::Error;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use vidbuf_abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_exportbuffer, v4l2_requestbuffers,
};
use vidbuf_abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_EXPBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};

/// Single-planar capture with read(), 320x240 YUYV.
pub const VIVID: &str = "/dev/video40";
/// Single-planar capture without read().
pub const UNICAM: &str = "/dev/video45";

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
        let (type_, memory) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP);
        let mut request = v4l2_requestbuffers { count, type_, memory, ..Default::default() };
        self.ioctl(VIDIOC_REQBUFS, &mut request).map(|()| request.count)
    }

    fn buffer(&self, request: u32, index: u32) -> Result<v4l2_buffer, i32> {
        let (type_, memory) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP);
        let mut buffer = v4l2_buffer { index, type_, memory, ..Default::default() };
        self.ioctl(request, &mut buffer).map(|()| buffer)
    }

    pub fn query(&self, index: u32) -> Result<v4l2_buffer, i32> {
        self.buffer(VIDIOC_QUERYBUF, index)
    }

    pub fn queue(&self, index: u32) -> Result<v4l2_buffer, i32> {
        self.buffer(VIDIOC_QBUF, index)
    }

    pub fn dequeue(&self) -> Result<v4l2_buffer, i32> {
        self.buffer(VIDIOC_DQBUF, 0)
    }

    pub fn stream_on(&self) -> Result<(), i32> {
        self.ioctl(VIDIOC_STREAMON, &mut { V4L2_BUF_TYPE_VIDEO_CAPTURE })
    }

    pub fn stream_off(&self) -> Result<(), i32> {
        self.ioctl(VIDIOC_STREAMOFF, &mut { V4L2_BUF_TYPE_VIDEO_CAPTURE })
    }

    /// VIDIOC_EXPBUF.
    pub fn export(&self, index: u32, flags: i32) -> Result<OwnedFd, i32> {
        let (type_, flags) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, flags as u32);
        let mut export = v4l2_exportbuffer { type_, index, flags, ..Default::default() };
        self.ioctl(VIDIOC_EXPBUF, &mut export)?;
        // SAFETY: a new descriptor.
        Ok(unsafe { OwnedFd::from_raw_fd(export.fd) })
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
        Map::new(self.fd(), buffer.length as usize, libc::PROT_READ | libc::PROT_WRITE, buffer.m.offset().into())
            .unwrap()
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
