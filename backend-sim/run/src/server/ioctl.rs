//! ioctl on a camera. Each call is a transaction: it is made on the model, written to the caller's memory and completed. If the caller
//! is gone by then, because a signal came first, the call is taken back: the caller makes it again.

use vidbuf_sim::Errno;
use vidbuf_sim::kernel::abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE, V4L2_MEMORY_USERPTR, VIDEO_MAX_PLANES,
    v4l2_buffer, v4l2_create_buffers, v4l2_exportbuffer, v4l2_plane, v4l2_requestbuffers,
};
use vidbuf_sim::kernel::abi::ioctl::{
    Ioctl, VIDIOC_CREATE_BUFS, VIDIOC_DQBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REMOVE_BUFS,
    VIDIOC_REQBUFS, VIDIOC_S_DV_TIMINGS, VIDIOC_S_INPUT, VIDIOC_S_PARM, VIDIOC_S_STD, VIDIOC_STREAMON, find,
};
use vidbuf_sim::kernel::abi::layout::Layout;
use vidbuf_sim::kernel::abi::value::Value;
use vidbuf_sim::kernel::{Export, File, Returned};

use crate::answers;
use crate::buttons;
use crate::foreign::Around;
use crate::system::listener::Call;
use crate::system::memory::Memory;
use crate::system::timer::Clock;

use super::Server;
use super::sleepers::{Asleep, Sleeper};

/// Bits of an ioctl's number: whether the kernel reads the argument, and writes it.
const READS: u32 = 1 << 30;
const WRITES: u32 = 1 << 31;

/// `DMA_BUF_IOCTL_SYNC`, and the flags that it knows.
const DMA_BUF_IOCTL_SYNC: u32 = 0x4008_6200;
const SYNC_FLAGS: u64 = 0b111;

/// An ioctl with its argument, copied.
#[derive(Clone, Debug)]
pub struct Request {
    pub number: u32,
    /// The structure.
    pub argument: Vec<u8>,
    /// Of a multi-planar buffer, the array that it points to.
    planes: Vec<v4l2_plane>,
    planes_at: u64,
    /// Of a buffer, `V4L2_MEMORY_*`.
    memory: u32,
}

impl Request {
    fn read(number: u32, address: u64, memory: Memory) -> Result<Self, Errno> {
        let mut argument = vec![0; (number >> 16) as usize & 0x3fff];
        if number & READS != 0 {
            memory.read(address, &mut argument)?;
        }
        let mut request = Self { number, argument, planes: Vec::new(), planes_at: 0, memory: 0 };
        if let VIDIOC_QBUF | VIDIOC_DQBUF | VIDIOC_QUERYBUF | VIDIOC_PREPARE_BUF = number {
            let buffer = v4l2_buffer::get(&request.argument, 0);
            request.memory = buffer.memory;
            if let V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE | V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE = buffer.type_ {
                request.planes_at = buffer.m.planes() as u64;
                // The model refuses more.
                for place in 0..u64::from(buffer.length.min(VIDEO_MAX_PLANES)) {
                    request.planes.push(memory.get(request.planes_at + place * size_of::<v4l2_plane>() as u64)?);
                }
            }
        }
        Ok(request)
    }

    fn write(&self, address: u64, memory: Memory) -> Result<(), Errno> {
        for (place, plane) in (0u64..).zip(&self.planes) {
            memory.put(self.planes_at + place * size_of::<v4l2_plane>() as u64, *plane)?;
        }
        if self.number & WRITES != 0 { memory.write(address, &self.argument) } else { Ok(()) }
    }

    /// Whether making it twice is not the same as making it once.
    fn needs_taking_back(&self) -> bool {
        use vidbuf_sim::kernel::abi::ioctl::VIDIOC_DQEVENT;
        matches!(
            self.number,
            VIDIOC_QBUF | VIDIOC_DQBUF | VIDIOC_PREPARE_BUF | VIDIOC_CREATE_BUFS | VIDIOC_REMOVE_BUFS | VIDIOC_DQEVENT
        )
    }
}

/// What a call made of it.
enum Made {
    Done,
    WouldSleep,
    Exported(Export),
}

impl Server {
    /// ioctl.
    pub(super) fn ioctl(&mut self, call: &Call) {
        let number = call.arguments[1] as u32;
        if number >> 8 & 0xff == u32::from(b'b') {
            return self.dma_buf_ioctl(call, number);
        }
        let Some(token) = self.file_of(call, call.int(0)) else { return self.listener.proceed(call.id) };
        if self.files.get(&token).is_some_and(|file| self.devices[file.device].node.is_gone(file.file)) {
            // Before the argument is looked at.
            let _ = self.listener.answer(call.id, Err(Errno::ENODEV));
            return;
        }
        let memory = Memory { thread: call.thread };
        let request = Request::read(number, call.arguments[2], memory);
        // The number may belong to another process by now.
        if !self.listener.waits(call.id) {
            return;
        }
        match request {
            Ok(request) => self.make(call, token, request),
            Err(errno) => drop(self.listener.answer(call.id, Err(errno))),
        }
    }

    /// Makes a call, or puts it to sleep.
    fn make(&mut self, call: &Call, token: u64, request: Request) {
        let Some(file) = self.files.get(&token) else { return };
        let (device, file) = (file.device, file.file);
        self.forget_the_gone(device);
        self.catch_up(device);
        self.called(device, vidbuf_sim::Call::of(request.number));
        self.devices[device].sweep();
        if request.needs_taking_back() {
            self.devices[device].begin();
        }
        self.make_on(call, token, (device, file), request, false);
    }

    /// A call that slept looks again.
    pub(super) fn resume(&mut self, call: &Call, token: u64, request: Request) {
        let Some(file) = self.files.get(&token) else { return };
        let (device, file) = (file.device, file.file);
        self.devices[device].begin();
        self.make_on(call, token, (device, file), request, true);
    }

    fn make_on(&mut self, call: &Call, token: u64, (device, file): (usize, File), mut request: Request, again: bool) {
        let asked = request.clone();
        let mut made = self.try_once(call, (device, file), &mut request, again);
        if let Ok(Made::WouldSleep) = made {
            let nonblocking = self.files[&token].end().is_some_and(|end| end.is_nonblocking());
            if self.devices[device].node.is_unplugged() {
                // vivid would give it one more frame; here no frame comes any more.
                let _ = self.listener.answer(call.id, Err(Errno::ENODEV));
                return;
            }
            if !nonblocking || again {
                self.sleep(Sleeper { call: *call, token, what: Asleep::Ioctl(Box::new(asked)) });
                return;
            }
            // It is not made again: a call that is to fail is counted once.
            made = Err(if request.number == VIDIOC_DQBUF { Errno::EAGAIN } else { Errno::ENOENT });
        }
        if let Err(Errno::EBUSY) = made
            && !self.borrows
            && !again
        {
            // By a file that is closed already, perhaps.
            self.close_abandoned();
            request = asked;
            made = self.try_once(call, (device, file), &mut request, again);
        }
        let furnished = self.furnish(device, &request, made.is_ok());
        let outcome = match made {
            Ok(Made::Exported(export)) => self.export(call, device, &mut request, export),
            Ok(_) => furnished,
            Err(errno) => Err(errno),
        };
        self.report(call, token, device, &request, outcome);
    }

    fn try_once(
        &mut self,
        call: &Call,
        (device, file): (usize, File),
        request: &mut Request,
        again: bool,
    ) -> Result<Made, Errno> {
        let memory = Memory { thread: call.thread };
        let mut dma_bufs = core::mem::take(&mut self.dma_bufs);
        let mut found = None;
        if request.memory == vidbuf_sim::kernel::abi::buffer::V4L2_MEMORY_DMABUF {
            found = Some(self.pieces_of(call.thread, request));
        }
        let this = &mut self.devices[device];
        let mut around = Around { memory, dma_bufs: &mut dma_bufs, found: found.unwrap_or_default() };
        let made = if again && request.number == VIDIOC_DQBUF {
            this.node.resume_dequeue(file, &mut request.argument, &mut request.planes)
        } else {
            let (argument, planes) = (&mut request.argument, &mut request.planes);
            this.engine.ioctl_with(&mut *this.node, (file, request.number), argument, planes, &mut around)
        };
        self.dma_bufs = dma_bufs;
        if request.number == VIDIOC_DQBUF && this.clock != Clock::Monotonic && matches!(made, Ok(Returned::Done)) {
            let mut buffer = v4l2_buffer::get(&request.argument, 0);
            let stamp = &mut buffer.timestamp;
            let at = this.clock.at(stamp.tv_sec as u64 * 1_000_000_000 + stamp.tv_usec as u64 * 1000);
            (stamp.tv_sec, stamp.tv_usec) = ((at / 1_000_000_000) as _, (at / 1000 % 1_000_000) as _);
            buffer.put(&mut request.argument, 0);
        }
        match made {
            Ok(Returned::Done) => Ok(Made::Done),
            Ok(Returned::WouldSleep) => Ok(Made::WouldSleep),
            Ok(Returned::Exported(export)) => Ok(Made::Exported(export)),
            Err(Errno::ENOTTY) => {
                answers::make(this, file, request.number, &mut request.argument)?;
                Ok(Made::Done)
            }
            Err(errno) => Err(errno),
        }
    }

    /// Gives memory to new buffers.
    fn furnish(&mut self, device: usize, request: &Request, made: bool) -> Result<(), Errno> {
        let this = &mut self.devices[device];
        if !made {
            return Ok(());
        }
        match request.number {
            VIDIOC_REQBUFS => {
                let count = v4l2_requestbuffers::get(&request.argument, 0).count;
                // What is there may be fewer than what is reported, if that is part of the script.
                this.furnish(0, count, true)
            }
            VIDIOC_CREATE_BUFS => {
                let create = v4l2_create_buffers::get(&request.argument, 0);
                this.furnish(create.index, create.count, true)
            }
            _ => Ok(()),
        }
    }

    /// Writes what a call reports, completes it, and takes it back if the caller is gone.
    fn report(&mut self, call: &Call, token: u64, device: usize, request: &Request, mut outcome: Result<(), Errno>) {
        let number = request.number;
        let memory = Memory { thread: call.thread };
        if outcome.is_ok() {
            self.note(token, device, request, memory);
        }
        // Ready first: the program may poll as soon as the call returns. These calls wake no sleepers.
        let alone = matches!(number, VIDIOC_QUERYBUF | VIDIOC_DQBUF | VIDIOC_QBUF);
        if alone {
            self.show_all(device, false);
        } else {
            if !request.needs_taking_back() {
                self.settle(device);
            }
            self.wake(device, false);
        }
        if outcome.is_ok() || find(number, Layout::TARGET).is_some_and(Ioctl::is_always_copied_back) {
            let written = request.write(call.arguments[2], memory);
            outcome = outcome.and(written);
        }
        let answered = self.listener.answer(call.id, outcome.map(|()| 0));
        if !request.needs_taking_back() {
            return;
        }
        if answered.is_err() {
            self.devices[device].take_back();
            self.wake(device, false);
        }
        if answered.is_err() || !alone {
            self.settle(device);
        }
    }

    /// What a successful call changes around the model.
    fn note(&mut self, token: u64, device: usize, request: &Request, memory: Memory) {
        match request.number {
            VIDIOC_S_PARM | VIDIOC_S_INPUT | VIDIOC_S_STD | VIDIOC_S_DV_TIMINGS => {
                self.devices[device].follow_interval()
            }
            VIDIOC_QBUF | VIDIOC_PREPARE_BUF if request.memory == V4L2_MEMORY_USERPTR => {
                let index = v4l2_buffer::get(&request.argument, 0).index;
                // The thread may end before the buffer is filled.
                let thread = crate::system::process::process_of(memory.thread).unwrap_or(memory.thread);
                self.devices[device].set_user(index, Memory { thread });
            }
            VIDIOC_REQBUFS | VIDIOC_CREATE_BUFS | VIDIOC_STREAMON => {
                if let Some(file) = self.files.get_mut(&token) {
                    file.engaged = true;
                }
            }
            number if self.devices[device].camera.faults => {
                buttons::press(&mut self.devices[device], number, &request.argument, memory);
            }
            _ => {}
        }
    }

    /// Frees what nothing uses any more.
    pub(super) fn settle(&mut self, device: usize) {
        self.devices[device].sweep();
        let devices = &self.devices;
        self.dma_bufs.sweep(|number| devices.iter().any(|device| device.node.is_attached(number)));
    }

    /// VIDIOC_EXPBUF: the plane's memory as a descriptor of the caller's.
    fn export(&mut self, call: &Call, device: usize, request: &mut Request, export: Export) -> Result<(), Errno> {
        let mut raw = v4l2_exportbuffer::get(&request.argument, 0);
        let this = &mut self.devices[device];
        let start = this.node.exported_memory(&export).map(|(start, _)| start);
        let piece = start.and_then(|start| this.piece(start).cloned());
        let (Some(start), Some(piece)) = (start, piece) else {
            this.node.release_export(export);
            return Err(Errno::EINVAL);
        };
        this.add_export(start, export);
        let file = piece.open(raw.flags as i32 & libc::O_ACCMODE).map_err(|error| crate::system::errno(&error))?;
        use std::os::fd::AsFd;
        raw.fd = self.listener.add(call.id, file.as_fd(), raw.flags as i32 & libc::O_CLOEXEC != 0)?;
        raw.put(&mut request.argument, 0);
        Ok(())
    }

    /// ioctl of a dma-buf. The memory is coherent, so there is nothing to do.
    fn dma_buf_ioctl(&mut self, call: &Call, number: u32) {
        let inode = crate::system::process::inode_of(call.thread, call.int(0));
        let ours = inode.is_some_and(|inode| self.devices.iter().any(|device| device.piece_of(inode).is_some()));
        if !ours {
            return self.listener.proceed(call.id);
        }
        let outcome = match number {
            DMA_BUF_IOCTL_SYNC => match (Memory { thread: call.thread }).get::<u64>(call.arguments[2]) {
                Ok(flags) if flags & !SYNC_FLAGS == 0 && flags & 0b11 != 0 => Ok(0),
                Ok(_) => Err(Errno::EINVAL),
                Err(errno) => Err(errno),
            },
            _ => Err(Errno::ENOTTY),
        };
        let _ = self.listener.answer(call.id, outcome);
    }

    /// The memory that the descriptors of a DMABUF buffer are of.
    fn pieces_of(&self, thread: i32, request: &Request) -> crate::foreign::Found {
        let buffer = v4l2_buffer::get(&request.argument, 0);
        let single = [buffer.m.fd()];
        let planes: Vec<i32> = request.planes.iter().map(|plane| plane.m.fd()).collect();
        let descriptors = if request.planes_at == 0 { &single[..] } else { &planes };
        let piece = |descriptor: i32| {
            let inode = crate::system::process::inode_of(thread, descriptor)?;
            self.devices.iter().find_map(|device| device.piece_of(inode)).cloned()
        };
        descriptors.iter().filter_map(|descriptor| Some((*descriptor, piece(*descriptor)?))).collect()
    }
}
