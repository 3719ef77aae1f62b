//! The real side: a node of the vivid driver, through raw system calls.

use std::ffi::CString;

use vidbuf_sim::kernel::{
    Buffer, CreateBuffers, ExportBuffer, OpenMode, Plane, Protection, RemoveBuffers, RequestBuffers,
};

use super::abi::{RawBuffer, RawCreate, RawExport, RawFormat, RawPlane, RawRemove, RawRequest, errno, ioctl, number};
use super::operation::{Call, DESCRIPTORS, FormatCall, PLACES, Picture};
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

fn plain(answer: Result<i32, i32>) -> Outcome {
    answer.map(|_| ())
}

fn check(answer: i32) -> Result<i32, i32> {
    if answer < 0 { Err(errno()) } else { Ok(answer) }
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

    fn open_node(&self, mode: OpenMode) -> Result<i32, i32> {
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
        plain(check(unsafe { libc::close(fd) }))
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

    /// The device capabilities.
    pub fn capabilities(&self) -> Result<u32, i32> {
        #[repr(C)]
        #[derive(Clone, Copy)]
        struct Capability([u32; 26]);
        let mut capability = Capability([0; 26]);
        ioctl(self.fd_for_looking()?, number::QUERYCAP, &mut capability)?;
        Ok(capability.0[22])
    }

    /// Remembers the buffer type of the node.
    pub fn set_buffer_type(&mut self, buffer_type: u32) {
        self.buffer_type = buffer_type;
    }

    /// The open file of a descriptor, for a thread.
    pub fn raw(&self, descriptor: usize) -> Option<i32> {
        self.descriptors[descriptor]
    }

    /// The buffer type of the node.
    pub fn buffer_type(&self) -> Result<u32, i32> {
        let bits = self.capabilities()?;
        let types = [(0x1, 1), (0x1000, 9), (0x2, 2), (0x2000, 10)];
        types.iter().find(|(bit, _)| bits & bit != 0).map(|(_, buffer_type)| *buffer_type).ok_or(libc::EINVAL)
    }

    /// Gives an exported buffer's descriptor another number, for good.
    pub fn move_export(&mut self, place: usize, number: i32) -> Outcome {
        let fd = self.exports[place].take().ok_or(libc::EBADF)?;
        // SAFETY: plain system calls on descriptors.
        check(unsafe { libc::dup2(fd, number) })?;
        Self::close_fd(fd)
    }

    fn fd_for_looking(&self) -> Result<i32, i32> {
        self.control.or_else(|| self.descriptors.iter().flatten().next().copied()).ok_or(libc::EBADF)
    }

    /// Sets a control, through whichever descriptor has priority enough.
    pub fn set_value(&self, id: u32, value: i32) -> Outcome {
        let mut last = Err(libc::EBADF);
        for fd in self.control.iter().chain(self.descriptors.iter().flatten()) {
            let mut control = (id, value);
            last = plain(ioctl(*fd, number::S_CTRL, &mut control));
            if last != Err(libc::EBUSY) {
                return last;
            }
        }
        last
    }

    /// Looks at a buffer, through whichever descriptor there is.
    pub fn look(&self, buffer: &mut Buffer, planes: &mut [Plane]) -> Outcome {
        buffer_ioctl(self.fd_for_looking()?, number::QUERYBUF, buffer, planes)
    }

    /// Chooses an output connector, on output nodes.
    pub fn set_output(&self, connector: i32) -> Outcome {
        let mut connector = connector;
        plain(ioctl(self.fd_for_looking()?, number::S_OUTPUT, &mut connector))
    }

    /// Sets the frame interval, where the node has a say in it.
    pub fn set_interval(&self, buffer_type: u32, denominator: u32) -> Outcome {
        let mut parameters = [0_u32; 51];
        parameters[0] = buffer_type;
        parameters[3] = 1;
        parameters[4] = denominator;
        plain(ioctl(self.fd_for_looking()?, number::S_PARM, &mut parameters))
    }

    /// G_FMT, TRY_FMT or S_FMT through the descriptor for controls.
    pub fn control_format(&self, call: FormatCall, picture: &mut Picture) -> Outcome {
        format_ioctl(self.fd_for_looking()?, call, picture)
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

/// One of the calls on a buffer.
pub fn buffer_ioctl(fd: i32, request: u64, buffer: &mut Buffer, planes: &mut [Plane]) -> Outcome {
    let mut raw_planes: Vec<RawPlane> = planes.iter().map(RawPlane::new).collect();
    let has_planes = matches!(buffer.buffer_type, 9 | 10);
    let given = *buffer;
    let mut raw = if has_planes && raw_planes.is_empty() {
        RawBuffer::new(&Buffer { m: 0, ..given }, None)
    } else {
        RawBuffer::new(&given, has_planes.then_some(raw_planes.as_mut_slice()))
    };
    let outcome = ioctl(fd, request, &mut raw);
    *buffer = raw.plain(&given, has_planes);
    for (plane, raw) in planes.iter_mut().zip(&raw_planes) {
        *plane = raw.plain();
    }
    plain(outcome)
}

fn format_ioctl(fd: i32, call: FormatCall, picture: &mut Picture) -> Outcome {
    let multiplanar = matches!(picture.buffer_type, 9 | 10);
    let mut raw = RawFormat::new(picture.buffer_type);
    let (lines, stride) = if multiplanar { (24, 20) } else { (16, 0) };
    let number = match call {
        FormatCall::Get => number::G_FMT,
        FormatCall::Try => number::TRY_FMT,
        FormatCall::Set => number::S_FMT,
    };
    if call != FormatCall::Get {
        for (at, value) in [(0, picture.width), (4, picture.height), (8, picture.pixelformat), (12, picture.field)] {
            raw.set_word(at, value);
        }
        let count = if multiplanar { 3 } else { 1 };
        for (plane, bytes) in picture.bytesperline.iter().enumerate().take(count) {
            raw.set_word(lines + plane * stride, *bytes);
        }
        if multiplanar {
            *raw.planes() = picture.planes as u8;
        }
    }
    ioctl(fd, number, &mut raw)?;
    picture.width = raw.word(0);
    picture.height = raw.word(4);
    picture.pixelformat = raw.word(8);
    picture.field = raw.word(12);
    picture.planes = if multiplanar { u32::from(*raw.planes()) } else { 1 };
    for plane in 0..3 {
        let there = plane < picture.planes as usize;
        let at = lines + plane * stride;
        picture.bytesperline[plane] = if there { raw.word(at) } else { 0 };
        picture.sizeimage[plane] = if there { raw.word(if multiplanar { at - 4 } else { at + 4 }) } else { 0 };
    }
    Ok(())
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
        plain(check(unsafe { libc::fcntl(fd, libc::F_SETFL, flags) }))
    }

    fn request(&mut self, descriptor: usize, request: &mut RequestBuffers) -> Outcome {
        let mut raw = RawRequest::new(request);
        let outcome = ioctl(self.fd(descriptor)?, number::REQBUFS, &mut raw);
        *request = raw.plain();
        plain(outcome)
    }

    fn create(&mut self, descriptor: usize, create: &mut CreateBuffers) -> Outcome {
        let mut raw = RawCreate::new(create);
        let outcome = ioctl(self.fd(descriptor)?, number::CREATE_BUFS, &mut raw);
        *create = raw.plain(create);
        plain(outcome)
    }

    fn remove(&mut self, descriptor: usize, remove: &RemoveBuffers) -> Outcome {
        plain(ioctl(self.fd(descriptor)?, number::REMOVE_BUFS, &mut RawRemove::new(remove)))
    }

    fn buffer(&mut self, descriptor: usize, call: Call, buffer: &mut Buffer, planes: &mut [Plane]) -> Outcome {
        let number = match call {
            Call::QueryBuffer => number::QUERYBUF,
            Call::QueueBuffer => number::QBUF,
            Call::PrepareBuffer => number::PREPARE_BUF,
            Call::DequeueBuffer => number::DQBUF,
        };
        buffer_ioctl(self.fd(descriptor)?, number, buffer, planes)
    }

    fn export(&mut self, descriptor: usize, place: usize, export: &ExportBuffer) -> Outcome {
        let mut raw = RawExport::new(export);
        ioctl(self.fd(descriptor)?, number::EXPBUF, &mut raw)?;
        self.exports[place] = Some(raw.fd);
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

    fn stream(&mut self, descriptor: usize, on: bool, buffer_type: u32) -> Outcome {
        let mut buffer_type = buffer_type;
        let number = if on { number::STREAMON } else { number::STREAMOFF };
        plain(ioctl(self.fd(descriptor)?, number, &mut buffer_type))
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
        plain(check(unsafe { libc::munmap(address as *mut libc::c_void, length) }))
    }

    fn poll(&mut self, descriptor: usize, events: u16) -> u16 {
        let fd = self.descriptors[descriptor].unwrap_or(-1);
        let mut poll = libc::pollfd { fd, events: events as i16, revents: 0 };
        // SAFETY: one `pollfd` that lives here, no time-out.
        unsafe { libc::poll(&mut poll, 1, 0) };
        poll.revents as u16
    }

    fn format(&mut self, descriptor: usize, call: FormatCall, picture: &mut Picture) -> Outcome {
        format_ioctl(self.fd(descriptor)?, call, picture)
    }

    fn priority(&mut self, descriptor: usize) -> Result<u32, i32> {
        let mut priority = 0_u32;
        ioctl(self.fd(descriptor)?, number::G_PRIORITY, &mut priority)?;
        Ok(priority)
    }

    fn set_priority(&mut self, descriptor: usize, priority: u32) -> Outcome {
        let mut priority = priority;
        plain(ioctl(self.fd(descriptor)?, number::S_PRIORITY, &mut priority))
    }
}
