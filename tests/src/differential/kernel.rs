//! The real side: a node of the vivid driver, through raw system calls.

use std::ffi::CString;

use vidbuf_abi::buffer::{v4l2_exportbuffer, v4l2_plane};
use vidbuf_abi::capability::{
    V4L2_CAP_VIDEO_CAPTURE, V4L2_CAP_VIDEO_CAPTURE_MPLANE, V4L2_CAP_VIDEO_OUTPUT, V4L2_CAP_VIDEO_OUTPUT_MPLANE,
    v4l2_capability,
};
use vidbuf_abi::control::v4l2_control;
use vidbuf_abi::ioctl::{VIDIOC_EXPBUF, VIDIOC_QUERYBUF, VIDIOC_QUERYCAP, VIDIOC_S_CTRL};
use vidbuf_abi::value::Value;
use vidbuf_sim::kernel::{OpenMode, Protection};

use super::memories;
use super::operation::{DESCRIPTORS, PLACES};
use super::system::{self, check, errno};
use super::world::{Outcome, World};

/// A real node.
pub struct Real {
    path: CString,
    /// A descriptor of the test's own, for controls and for looking.
    control: Option<i32>,
    descriptors: [Option<i32>; DESCRIPTORS],
    mappings: [Option<(usize, usize)>; PLACES],
    exports: [Option<i32>; PLACES],
    /// What read and write are told to use.
    scratch: Vec<u8>,
    /// The node's, once it is known.
    buffer_type: u32,
}

impl Real {
    /// The node at `path`, not opened yet.
    pub fn new(path: &str) -> Result<Self, String> {
        let path = CString::new(path).map_err(|_| "a path with a NUL".to_string())?;
        let nothing = [None; DESCRIPTORS];
        Ok(Self {
            path,
            control: None,
            descriptors: nothing,
            mappings: [None; PLACES],
            exports: [None; PLACES],
            scratch: Vec::new(),
            buffer_type: 0,
        })
    }

    /// Opens the node, for whoever asks.
    pub fn open_node(&self, mode: OpenMode) -> Result<i32, i32> {
        let access = match (mode.read, mode.write) {
            (true, false) => libc::O_RDONLY,
            (false, true) => libc::O_WRONLY,
            _ => libc::O_RDWR,
        };
        let flags = access | libc::O_CLOEXEC | if mode.nonblocking { libc::O_NONBLOCK } else { 0 };
        // SAFETY: the path is a C string that lives.
        check(unsafe { libc::open(self.path.as_ptr(), flags) })
    }

    fn close_fd(fd: i32) -> Outcome {
        // SAFETY: the descriptor came from `open`, `dup` or EXPBUF and is forgotten by the caller.
        check(unsafe { libc::close(fd) }).map(drop)
    }

    /// Opens or closes the descriptor for controls.
    pub fn set_control(&mut self, open: bool) -> Outcome {
        match (self.control.take(), open) {
            (Some(fd), true) => self.control = Some(fd),
            (None, true) => self.control = Some(self.open_node(OpenMode::NONBLOCKING)?),
            (Some(fd), false) => Self::close_fd(fd)?,
            (None, false) => {}
        }
        Ok(())
    }

    /// The buffer type of the node.
    pub fn type_of_node(&self) -> Result<u32, i32> {
        let mut capability = v4l2_capability::ZERO;
        self.set_up(VIDIOC_QUERYCAP, &mut capability)?;
        let types = [
            (V4L2_CAP_VIDEO_CAPTURE, 1),
            (V4L2_CAP_VIDEO_CAPTURE_MPLANE, 9),
            (V4L2_CAP_VIDEO_OUTPUT, 2),
            (V4L2_CAP_VIDEO_OUTPUT_MPLANE, 10),
        ];
        let found = types.iter().find(|(bit, _)| capability.device_caps & bit != 0);
        found.map(|(_, buffer_type)| *buffer_type).ok_or(libc::EINVAL)
    }

    /// A call through whichever descriptor there is, the one for controls first.
    pub fn set_up<T: Value>(&self, number: u32, argument: &mut T) -> Outcome {
        system::call(self.fd_for_looking()?, number, argument)
    }

    /// Remembers the buffer type of the node.
    pub fn set_buffer_type(&mut self, buffer_type: u32) {
        self.buffer_type = buffer_type;
    }

    /// The open file of a descriptor, for a thread.
    pub fn raw(&self, descriptor: usize) -> Option<i32> {
        self.descriptors[descriptor]
    }

    fn fd_for_looking(&self) -> Result<i32, i32> {
        self.control.or_else(|| self.descriptors.iter().flatten().next().copied()).ok_or(libc::EBADF)
    }

    /// Sets a control, through whichever descriptor has priority enough.
    pub fn set_value(&self, id: u32, value: i32) -> Outcome {
        let mut last = Err(libc::EBADF);
        for fd in self.control.iter().chain(self.descriptors.iter().flatten()) {
            last = system::call(*fd, VIDIOC_S_CTRL, &mut v4l2_control { id, value });
            if last != Err(libc::EBUSY) {
                return last;
            }
        }
        last
    }

    /// VIDIOC_QUERYBUF, through whichever descriptor there is.
    pub fn look(&self, argument: &mut [u8], planes: &mut [v4l2_plane]) -> Outcome {
        system::ioctl(self.fd_for_looking()?, VIDIOC_QUERYBUF, argument, planes)
    }

    /// Gives back everything that the program holds, and closes the node.
    pub fn let_go(&mut self) {
        for place in 0..PLACES {
            let _ = self.unmap(place);
            let _ = self.close_exported(place);
        }
        for descriptor in 0..DESCRIPTORS {
            let _ = self.close(descriptor);
        }
        let _ = self.set_control(false);
    }

    fn fd(&self, descriptor: usize) -> Result<i32, i32> {
        self.descriptors.get(descriptor).copied().flatten().ok_or(libc::EBADF)
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl World for Real {
    fn has_descriptor(&self, descriptor: usize) -> bool {
        self.descriptors[descriptor].is_some()
    }

    fn has_mapping(&self, place: usize) -> bool {
        self.mappings[place].is_some()
    }

    fn has_export(&self, place: usize) -> bool {
        self.exports[place].is_some()
    }

    fn open(&mut self, descriptor: usize, mode: OpenMode) -> Outcome {
        self.descriptors[descriptor] = Some(self.open_node(mode)?);
        Ok(())
    }

    fn close(&mut self, descriptor: usize) -> Outcome {
        Self::close_fd(self.descriptors[descriptor].take().ok_or(libc::EBADF)?)
    }

    fn dup(&mut self, from: usize, to: usize) -> Outcome {
        // SAFETY: a plain system call on a descriptor.
        self.descriptors[to] = Some(check(unsafe { libc::dup(self.fd(from)?) })?);
        Ok(())
    }

    fn set_nonblocking(&mut self, descriptor: usize, on: bool) -> Outcome {
        let fd = self.fd(descriptor)?;
        // SAFETY: plain system calls on a descriptor.
        let flags = check(unsafe { libc::fcntl(fd, libc::F_GETFL) })?;
        let flags = if on { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
        // SAFETY: as above.
        check(unsafe { libc::fcntl(fd, libc::F_SETFL, flags) }).map(drop)
    }

    fn ioctl(&mut self, descriptor: usize, number: u32, argument: &mut [u8], planes: &mut [v4l2_plane]) -> Outcome {
        let fd = self.fd(descriptor)?;
        system::ioctl(fd, number, argument, planes)?;
        if number == VIDIOC_EXPBUF {
            let mut export = v4l2_exportbuffer::get(argument, 0);
            let place = self.free_place().ok_or(libc::EMFILE)?;
            self.exports[place] = Some(std::mem::take(&mut export.fd));
            export.put(argument, 0);
        }
        Ok(())
    }

    fn close_exported(&mut self, place: usize) -> Outcome {
        Self::close_fd(self.exports[place].take().ok_or(libc::EBADF)?)
    }

    fn transfer(&mut self, descriptor: usize, length: usize) -> Result<u32, i32> {
        let output = matches!(self.buffer_type, 2 | 10);
        let fd = self.fd(descriptor)?;
        self.scratch.resize(length, 0);
        let at = self.scratch.as_mut_ptr();
        // SAFETY: `scratch` has `length` bytes.
        let count =
            unsafe { if output { libc::write(fd, at.cast(), length) } else { libc::read(fd, at.cast(), length) } };
        if count < 0 { Err(errno()) } else { Ok(count as u32) }
    }

    fn map(&mut self, descriptor: usize, place: usize, offset: u64, length: u64, protection: Protection) -> Outcome {
        let read = if protection.read { libc::PROT_READ } else { 0 };
        let write = if protection.write { libc::PROT_WRITE } else { 0 };
        let flags = if protection.shared { libc::MAP_SHARED } else { libc::MAP_PRIVATE };
        let fd = self.fd(descriptor)?;
        let (length, offset) = (length as usize, offset as libc::off_t);
        // SAFETY: a new mapping, at an address of the kernel's choice; nobody looks into it.
        let address = unsafe { libc::mmap(std::ptr::null_mut(), length, read | write, flags, fd, offset) };
        if address == libc::MAP_FAILED {
            return Err(errno());
        }
        self.mappings[place] = Some((address as usize, length));
        Ok(())
    }

    fn unmap(&mut self, place: usize) -> Outcome {
        let (address, length) = self.mappings[place].take().ok_or(libc::EINVAL)?;
        // SAFETY: exactly what `map` made, and nobody looks into it.
        check(unsafe { libc::munmap(address as *mut libc::c_void, length) }).map(drop)
    }

    fn point_to(&mut self, memory: &[u8]) {
        memories::put_pointed(memory);
    }

    fn pointed_to(&self, memory: &mut [u8]) {
        memories::get_pointed(memory);
    }

    fn poll(&mut self, descriptor: usize, events: u16) -> u16 {
        let fd = self.descriptors[descriptor].unwrap_or(-1);
        let mut poll = libc::pollfd { fd, events: events as i16, revents: 0 };
        // SAFETY: one `pollfd` that lives here, no time-out.
        unsafe { libc::poll(&mut poll, 1, 0) };
        poll.revents as u16
    }
}
