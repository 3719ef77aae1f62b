//! The simulator's side: its node, driven with the same calls.

use vidbuf_sim::kernel::{
    Buffer, CreateBuffers, Dequeue, Export, ExportBuffer, File, Mapping, Node, OpenMode, Plane, Protection,
    RemoveBuffers, RequestBuffers, Transfer,
};
use vidbuf_sim::{Kernel, Profile, SimErrno};

use super::memories::Memories;
use super::operation::{Call, DESCRIPTORS, FormatCall, Operation, PLACES, Picture};
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

fn refused(error: SimErrno) -> i32 {
    i32::from(error.raw())
}

fn plain<T>(answer: Result<T, SimErrno>) -> Outcome {
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

    /// Looks at a buffer, through whichever descriptor there is.
    pub fn look(&self, buffer: &mut Buffer, planes: &mut [Plane]) -> Outcome {
        let file = self.control.or_else(|| self.descriptors.iter().flatten().next().copied()).ok_or(libc::EBADF)?;
        plain(self.node.query_buffer(file, buffer, planes))
    }

    /// S_FMT through the descriptor for controls.
    pub fn control_format(&mut self, call: FormatCall, picture: &mut Picture) -> Outcome {
        let file = self.control.ok_or(libc::EBADF)?;
        self.format_of(file, call, picture)
    }

    /// Which descriptors are open.
    pub fn descriptors(&self) -> impl Iterator<Item = usize> {
        (0..DESCRIPTORS).filter(|descriptor| self.descriptors[*descriptor].is_some())
    }

    /// The buffer type of the node.
    pub fn buffer_type(&self) -> u32 {
        self.node.buffer_type(0)
    }

    /// The sleeper of a DQBUF looks again.
    pub fn resume(&mut self, descriptor: usize, buffer: &mut Buffer, planes: &mut [Plane]) -> Outcome {
        match self.node.resume_dequeue(self.file(descriptor)?, buffer, planes) {
            Ok(Dequeue::Done) => Ok(()),
            Ok(Dequeue::WouldSleep) => Err(WOULD_SLEEP),
            Err(error) => Err(refused(error)),
        }
    }

    /// A signal ends the sleep of a DQBUF.
    pub fn interrupt(&mut self, operation: &Operation, buffer: &Buffer) -> i32 {
        match *operation {
            Operation::Dequeue { descriptor, .. } | Operation::Sleep { descriptor, .. } => {
                match self.file(descriptor) {
                    Ok(file) => refused(self.node.interrupt_dequeue(file, buffer)),
                    Err(error) => error,
                }
            }
            _ => WOULD_SLEEP,
        }
    }

    fn file(&self, descriptor: usize) -> Result<File, i32> {
        self.descriptors.get(descriptor).copied().flatten().ok_or(libc::EBADF)
    }

    fn format_of(&mut self, file: File, call: FormatCall, picture: &mut Picture) -> Outcome {
        let Picture { buffer_type, width, height, bytesperline, .. } = *picture;
        let code = vidbuf::FourCc(picture.pixelformat);
        let format = match call {
            FormatCall::Get => self.node.get_format(file, buffer_type),
            FormatCall::Try => self.node.try_format(file, buffer_type, code, width, height, bytesperline),
            FormatCall::Set => self.node.set_format(file, buffer_type, code, width, height, bytesperline),
        }
        .map_err(refused)?;
        *picture = Picture {
            buffer_type,
            width: format.width,
            height: format.height,
            pixelformat: format.pixelformat.0,
            field: format.field,
            planes: format.planes,
            bytesperline: std::array::from_fn(|plane| format.plane[plane].bytesperline),
            sizeimage: std::array::from_fn(|plane| format.plane[plane].sizeimage),
        };
        Ok(())
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

    fn request(&mut self, descriptor: usize, request: &mut RequestBuffers) -> Outcome {
        plain(self.node.request_buffers(self.file(descriptor)?, request))
    }

    fn create(&mut self, descriptor: usize, create: &mut CreateBuffers) -> Outcome {
        plain(self.node.create_buffers(self.file(descriptor)?, create))
    }

    fn remove(&mut self, descriptor: usize, remove: &RemoveBuffers) -> Outcome {
        plain(self.node.remove_buffers(self.file(descriptor)?, remove))
    }

    fn buffer(&mut self, descriptor: usize, call: Call, buffer: &mut Buffer, planes: &mut [Plane]) -> Outcome {
        let file = self.file(descriptor)?;
        match call {
            Call::QueryBuffer => plain(self.node.query_buffer(file, buffer, planes)),
            Call::QueueBuffer => plain(self.node.queue_buffer_with(file, buffer, planes, &mut self.foreign)),
            Call::PrepareBuffer => plain(self.node.prepare_buffer_with(file, buffer, planes, &mut self.foreign)),
            Call::DequeueBuffer => match self.node.dequeue_buffer(file, buffer, planes) {
                Ok(Dequeue::Done) => Ok(()),
                Ok(Dequeue::WouldSleep) => Err(WOULD_SLEEP),
                Err(error) => Err(refused(error)),
            },
        }
    }

    fn export(&mut self, descriptor: usize, place: usize, export: &ExportBuffer) -> Outcome {
        self.exports[place] = Some(self.node.export_buffer(self.file(descriptor)?, export).map_err(refused)?);
        Ok(())
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

    fn stream(&mut self, descriptor: usize, on: bool, buffer_type: u32) -> Outcome {
        let file = self.file(descriptor)?;
        plain(if on { self.node.stream_on(file, buffer_type) } else { self.node.stream_off(file, buffer_type) })
    }

    fn map(&mut self, descriptor: usize, place: usize, offset: u64, length: u64, protection: Protection) -> Outcome {
        let file = self.file(descriptor)?;
        self.mappings[place] = Some(self.node.map(file, offset, length, protection).map_err(refused)?);
        Ok(())
    }

    fn unmap(&mut self, place: usize) -> Outcome {
        plain(self.node.unmap(self.mappings[place].take().ok_or(libc::EINVAL)?))
    }

    fn poll(&mut self, descriptor: usize, events: u16) -> u16 {
        self.file(descriptor).map_or(0x20, |file| self.node.poll(file, events))
    }

    fn format(&mut self, descriptor: usize, call: FormatCall, picture: &mut Picture) -> Outcome {
        self.format_of(self.file(descriptor)?, call, picture)
    }

    fn priority(&mut self, descriptor: usize) -> Result<u32, i32> {
        self.node.priority(self.file(descriptor)?).map_err(refused)
    }

    fn set_priority(&mut self, descriptor: usize, priority: u32) -> Outcome {
        plain(self.node.set_priority(self.file(descriptor)?, priority))
    }
}
