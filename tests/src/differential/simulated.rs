//! The simulator's side: its node, driven with the same calls.

use vidbuf_abi::buffer::v4l2_plane;
use vidbuf_abi::ioctl::{VIDIOC_QUERYBUF, VIDIOC_S_FMT};
use vidbuf_abi::value::Value;
use vidbuf_sim::kernel::{Export, File, Mapping, Node, OpenMode, Protection, QueueId, Returned, Transfer};
use vidbuf_sim::{Errno, Kernel, Profile};

use super::memories::Memories;
use super::operation::{DESCRIPTORS, Ioctl, PLACES};
use super::world::{Outcome, World};

/// Room for as many buffers as a video node of vivid has.
pub const BUFFERS: usize = 64;

/// Stands for "the caller would sleep": no kernel number.
pub const WOULD_SLEEP: i32 = 0x1_0000;

/// A simulated node.
pub struct Simulated {
    /// The node.
    pub node: Box<Node<BUFFERS, 1>>,
    control: Option<File>,
    descriptors: [Option<File>; DESCRIPTORS],
    mappings: [Option<Mapping>; PLACES],
    exports: [Option<Export>; PLACES],
    /// Memory that is neither node's own.
    pub foreign: Memories,
}

fn refused(error: Errno) -> i32 {
    error.raw()
}

fn plain<T>(answer: Result<T, Errno>) -> Outcome {
    answer.map(|_| ()).map_err(refused)
}

impl Simulated {
    /// A node as it is after the driver was loaded.
    pub fn new(profile: Profile, kernel: Kernel, page: usize, foreign: Memories) -> Self {
        Self {
            node: Box::new(Node::new(profile, kernel, page, 1 << 40)),
            control: None,
            descriptors: [None; DESCRIPTORS],
            mappings: [None; PLACES],
            exports: [const { None }; PLACES],
            foreign,
        }
    }

    /// Opens or closes the descriptor for controls, which counts as an open file here as there.
    pub fn set_control(&mut self, open: bool) -> Outcome {
        match (self.control.take(), open) {
            (Some(file), true) => self.control = Some(file),
            (None, true) => self.control = Some(self.node.open(OpenMode::NONBLOCKING).map_err(refused)?),
            (Some(file), false) => plain(self.node.close(file))?,
            (None, false) => {}
        }
        Ok(())
    }

    /// VIDIOC_QUERYBUF, through whichever descriptor there is.
    pub fn look(&mut self, argument: &mut [u8], planes: &mut [v4l2_plane]) -> Outcome {
        let file = self.control.or_else(|| self.descriptors.iter().flatten().next().copied()).ok_or(libc::EBADF)?;
        plain(self.node.ioctl(file, VIDIOC_QUERYBUF, argument, planes))
    }

    /// S_FMT through the descriptor for controls.
    pub fn set_format<T: Value>(&mut self, format: &mut T) -> Outcome {
        let file = self.control.ok_or(libc::EBADF)?;
        plain(self.node.call(file, VIDIOC_S_FMT, format, &mut []))
    }

    /// Which descriptors are open.
    pub fn descriptors(&self) -> impl Iterator<Item = usize> {
        (0..DESCRIPTORS).filter(|descriptor| self.descriptors[*descriptor].is_some())
    }

    /// The buffer type of the node.
    pub fn buffer_type(&self) -> u32 {
        self.node.buffer_type(QueueId::FIRST)
    }

    /// The sleeper of a DQBUF looks again.
    pub fn resume(&mut self, ioctl: &mut Ioctl) -> Outcome {
        let file = self.file(ioctl.descriptor)?;
        match self.node.resume_dequeue(file, &mut ioctl.argument, &mut ioctl.planes) {
            Ok(Returned::WouldSleep) => Err(WOULD_SLEEP),
            other => plain(other),
        }
    }

    /// A signal ends the sleep of a DQBUF.
    pub fn interrupt(&mut self, ioctl: &Ioctl) -> i32 {
        match self.file(ioctl.descriptor) {
            Ok(file) => refused(self.node.interrupt_dequeue(file, &ioctl.argument)),
            Err(error) => error,
        }
    }

    fn file(&self, descriptor: usize) -> Result<File, i32> {
        self.descriptors.get(descriptor).copied().flatten().ok_or(libc::EBADF)
    }
}

impl World for Simulated {
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
        self.descriptors[descriptor] = Some(self.node.open(mode).map_err(refused)?);
        Ok(())
    }

    fn close(&mut self, descriptor: usize) -> Outcome {
        plain(self.node.close(self.descriptors[descriptor].take().ok_or(libc::EBADF)?))
    }

    fn dup(&mut self, from: usize, to: usize) -> Outcome {
        let file = self.file(from)?;
        plain(self.node.dup(file))?;
        self.descriptors[to] = Some(file);
        Ok(())
    }

    fn set_nonblocking(&mut self, descriptor: usize, on: bool) -> Outcome {
        plain(self.node.set_nonblocking(self.file(descriptor)?, on))
    }

    fn ioctl(&mut self, descriptor: usize, number: u32, argument: &mut [u8], planes: &mut [v4l2_plane]) -> Outcome {
        let file = self.file(descriptor)?;
        match self.node.ioctl_with(file, number, argument, planes, &mut self.foreign) {
            Ok(Returned::Done) => Ok(()),
            Ok(Returned::WouldSleep) => Err(WOULD_SLEEP),
            Ok(Returned::Exported(export)) => {
                let place = self.free_place().ok_or(libc::EMFILE)?;
                self.exports[place] = Some(export);
                Ok(())
            }
            Err(error) => Err(refused(error)),
        }
    }

    fn close_exported(&mut self, place: usize) -> Outcome {
        self.node.release_export(self.exports[place].take().ok_or(libc::EBADF)?);
        Ok(())
    }

    fn transfer(&mut self, descriptor: usize, length: usize) -> Result<u32, i32> {
        match self.node.transfer(self.file(descriptor)?, length).map_err(refused)? {
            Transfer::Bytes { count, .. } => self.node.transferred(count).map(|()| count).map_err(refused),
            Transfer::WouldSleep => Err(WOULD_SLEEP),
        }
    }

    fn map(&mut self, descriptor: usize, place: usize, offset: u64, length: u64, protection: Protection) -> Outcome {
        let file = self.file(descriptor)?;
        self.mappings[place] = Some(self.node.map(file, offset, length, protection).map_err(refused)?);
        Ok(())
    }

    fn unmap(&mut self, place: usize) -> Outcome {
        plain(self.node.unmap(self.mappings[place].take().ok_or(libc::EINVAL)?))
    }

    fn point_to(&mut self, memory: &[u8]) {
        self.foreign.pointed.clear();
        self.foreign.pointed.extend_from_slice(memory);
    }

    fn pointed_to(&self, memory: &mut [u8]) {
        memory.copy_from_slice(&self.foreign.pointed);
    }

    fn poll(&mut self, descriptor: usize, events: u16) -> u16 {
        self.file(descriptor).map_or(0x20, |file| self.node.poll(file, events))
    }
}
