//! The runner at work: it waits for calls, for frames that are due, and for files that are closed.

mod control;
mod ioctl;
mod map;
mod names;
mod open;
mod readiness;
mod sleepers;
mod transfer;

use std::collections::HashMap;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixDatagram;

use vidbuf_sim::kernel::QueueId;

use crate::cameras::Camera;
use crate::device::Device;
use crate::dma_bufs::DmaBufs;
use crate::faults::Line;
use crate::names::Names;
use crate::open_file::OpenFile;
use crate::system::listener::{Call, Listener};
use crate::system::process;
use crate::system::signals::Signals;
use crate::system::spawn::{Child, Ended};
use crate::system::timer::Timer;
use crate::system::wait::Waiting;
use sleepers::Sleeper;
use vidbuf_sim::Kernel;

/// Numbers of what is waited for; files come after them.
mod token {
    pub const LISTENER: u64 = 0;
    pub const SIGNALS: u64 = 1;
    pub const TIMER: u64 = 2;
    pub const CONTROL: u64 = 3;
    pub const FILES: u64 = 16;
}

/// Everything.
pub struct Server {
    listener: Listener,
    signals: Signals,
    timer: Timer,
    /// Files' ends, which are looked at before a call is made.
    closing: Waiting,
    waiting: Waiting,
    child: Child,
    ended: Option<Ended>,
    devices: Vec<Device>,
    files: HashMap<u64, OpenFile>,
    by_inode: HashMap<(u64, u64), u64>,
    next_file: u64,
    dma_bufs: DmaBufs,
    sleepers: Vec<Sleeper>,
    names: Names,
    control: UnixDatagram,
    /// Whether descriptors can be borrowed.
    borrows: bool,
}

impl Server {
    /// A runner for a program that has just been started.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn new(
        cameras: Vec<Camera>,
        names: Names,
        kernel: Kernel,
        (child, listener): (Child, Listener),
        signals: Signals,
        borrows: bool,
    ) -> io::Result<Self> {
        // Two for each open file, one for each plane.
        process::raise_file_limit();
        let (waiting, closing, timer) = (Waiting::new()?, Waiting::new()?, Timer::new()?);
        waiting.add(listener.fd(), token::LISTENER, false)?;
        let control = UnixDatagram::bind(names.control())?;
        control.set_nonblocking(true)?;
        waiting.add(control.as_fd(), token::CONTROL, false)?;
        waiting.add(signals.fd(), token::SIGNALS, false)?;
        waiting.add(timer.fd(), token::TIMER, false)?;
        waiting.add(closing.fd(), token::FILES, false)?;
        Ok(Self {
            listener,
            signals,
            timer,
            closing,
            waiting,
            child,
            ended: None,
            devices: cameras.into_iter().map(|camera| Device::new(camera, kernel)).collect(),
            files: HashMap::new(),
            by_inode: HashMap::new(),
            next_file: token::FILES,
            dma_bufs: DmaBufs::default(),
            sleepers: Vec::new(),
            names,
            control,
            borrows,
        })
    }

    /// Plans the lines of a script.
    ///
    /// # Errors
    ///
    /// A camera that there is not.
    pub fn plan(&mut self, lines: Vec<Line>) -> Result<(), String> {
        for line in lines {
            let paths = self.devices.iter().map(|device| &*device.camera.path);
            let place = line.camera(paths).map_err(|mistake| mistake.to_string())?;
            if let Some(device) = self.devices.get_mut(place) {
                device.plan.add(line.when, line.fault);
            }
        }
        Ok(())
    }

    /// Serves the program and its children until the last of them has ended.
    ///
    /// # Errors
    ///
    /// What the kernel fails with.
    pub fn run(mut self) -> io::Result<Ended> {
        loop {
            self.timer.set(self.devices.iter_mut().filter_map(Device::due).min())?;
            let ready: Vec<_> = self.waiting.wait(false)?.collect();
            for one in ready {
                match one.token {
                    token::LISTENER if one.ended => {
                        self.collect(true);
                        return Ok(self.ended.unwrap_or(Ended::Exited(0)));
                    }
                    token::LISTENER => {
                        if let Some(call) = self.listener.receive()? {
                            self.close_files()?;
                            self.serve(&call);
                        }
                    }
                    token::SIGNALS => self.collect(false),
                    token::CONTROL => self.control(),
                    token::TIMER => {
                        self.timer.acknowledge();
                        self.frames();
                    }
                    _ => self.close_files()?,
                }
            }
        }
    }

    fn serve(&mut self, call: &Call) {
        match call.number {
            libc::SYS_ioctl => self.ioctl(call),
            libc::SYS_mmap => self.map(call),
            libc::SYS_read
            | libc::SYS_write
            | libc::SYS_readv
            | libc::SYS_writev
            | libc::SYS_pread64
            | libc::SYS_pwrite64
            | libc::SYS_preadv
            | libc::SYS_pwritev => self.transfer(call),
            _ => self.name(call),
        }
    }

    /// Signals, and children that have ended. `all`: no process is left that could make a call, so the program ends now if it has not yet.
    fn collect(&mut self, all: bool) {
        while let Some(signal) = self.signals.next() {
            if self.ended.is_none() {
                self.child.signal(signal);
            }
        }
        let child = self.child.process;
        while let Some((process, ended)) = self.child.collect(all && self.ended.is_none()) {
            if process == child {
                self.ended = Some(ended);
            }
        }
    }

    /// Which file a thread's descriptor is of, if it is a camera's.
    fn file_of(&mut self, call: &Call, descriptor: i32) -> Option<u64> {
        if self.files.is_empty() {
            return None;
        }
        let inode = process::inode_of(call.thread, descriptor)?;
        let token = *self.by_inode.get(&inode)?;
        self.files.get_mut(&token)?.used_by(call.thread, descriptor);
        Some(token)
    }

    /// Frames are due.
    fn frames(&mut self) {
        for device in 0..self.devices.len() {
            self.catch_up(device);
        }
    }

    /// A call is about to be made on a camera: what is planned for it happens first.
    fn called(&mut self, device: usize, call: Option<vidbuf_sim::Call>) {
        if call.is_some_and(|call| self.devices[device].plan.called(call)) {
            self.catch_up(device);
        }
    }

    /// Lets the frames of a camera happen that are due, and wakes who waits for them.
    fn catch_up(&mut self, device: usize) {
        let node = &self.devices[device].node;
        let before = (node.done(QueueId::FIRST), node.is_streaming(QueueId::FIRST), node.is_unplugged());
        self.devices[device].catch_up(&self.dma_bufs);
        let node = &self.devices[device].node;
        let after = (node.done(QueueId::FIRST), node.is_streaming(QueueId::FIRST), node.is_unplugged());
        if after != before {
            self.wake(device, after.0 > before.0);
        }
    }

    /// Something about a camera has changed: sleepers look again, and programs that poll see it.
    fn wake(&mut self, device: usize, frames: bool) {
        self.wake_sleepers(device);
        self.show_all(device, frames);
    }
}
