//! One camera: the model of its node, the engine that ends its frames, and the memory of its buffers.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use vidbuf::node::FrameInterval;
use vidbuf_sim::driver::{Bytes, Engine, Place, Unreachable};
use vidbuf_sim::kernel::{Export, File, Mapping, Node, PlaneMemory, QueueId};
use vidbuf_sim::{Errno, Event, Flow, Kernel, Picture, Profile};

use crate::cameras::Camera;
use crate::dma_bufs::DmaBufs;
use crate::faults::{Fault, Plan};
use crate::system::errno;
use crate::system::memfd::Piece;
use crate::system::memory::Memory;
use crate::system::timer::{Clock, now_ns};

/// A node with room for the buffers of the largest queue that a profile has, and for as many open files as the model can
/// distinguish.
pub type Model = Node<64, 1, 256>;

/// Planes that a buffer can have.
const PLANES: u32 = 8;

/// A page of this machine: x86-64 has no other.
const PAGE: usize = 4096;

/// Who uses a plane's memory besides its buffer.
enum Use {
    Mapping(Mapping, File),
    Export(Export),
}

/// The memory of one plane.
struct Plane {
    piece: Rc<Piece>,
    uses: Vec<Use>,
}

/// A camera.
pub struct Device {
    /// What it is.
    pub camera: Camera,
    /// The model.
    pub node: Box<Model>,
    /// What it was before the call that is being made.
    before: Box<Model>,
    /// Ends frames.
    pub engine: Engine<'static>,
    /// What is to go wrong.
    pub plan: Plan,
    /// By where it begins in the model's memory.
    memory: BTreeMap<usize, Plane>,
    /// The share of frames that are lost, of a hundred.
    dropped: u32,
    /// Buffers that the driver has finished.
    finished: u64,
    /// After how many of them one has the ERROR flag.
    flagged_after: Option<u64>,
    /// How many of the next pictures are torn.
    pub torn: u32,
    /// What timestamps are of.
    pub clock: Clock,
    /// Whose memory the buffers are in, for USERPTR.
    users: [Memory; 64],
    /// Where pictures are drawn first.
    scratch: Vec<u8>,
}

impl Device {
    /// A camera, plugged in.
    pub fn new(mut camera: Camera, kernel: Kernel) -> Self {
        // Once for each camera, as long as the runner lives.
        camera.profile.card = camera.card.clone().leak();
        if kernel == Kernel::V6_1 && camera.profile.sizes == Profile::VIVID_WEBCAM.sizes {
            camera.profile.sizes = Profile::VIVID_WEBCAM_6_1.sizes;
        }
        camera.profile.bus_info = format!("platform:vidbuf-sim-{:03}", camera.minor).leak();
        let mut engine = Engine::new(Duration::from_nanos(1_000_000_000 / u64::from(camera.rate)));
        // What a program sends is not looked at.
        engine.set_pictures(camera.profile.flow != Flow::Output);
        let mut node = Box::new(Model::new(camera.profile, kernel, PAGE, camera.memory));
        node.set_frame_interval(FrameInterval { numerator: 1, denominator: camera.rate });
        if let Some(recording) = camera.recording {
            engine.replay(&recording);
            node.adopt_format(QueueId::FIRST, *recording.format());
        }
        Self {
            before: node.clone(),
            node,
            camera,
            engine,
            plan: Plan::new(now_ns()),
            memory: BTreeMap::new(),
            dropped: 0,
            finished: 0,
            flagged_after: None,
            torn: 0,
            clock: Clock::Monotonic,
            users: [Memory { thread: 0 }; 64],
            scratch: Vec::new(),
        }
    }

    /// The driver.
    pub fn profile(&self) -> &Profile {
        self.node.profile()
    }

    /// Lets all frames happen that are due, and all faults.
    pub fn catch_up(&mut self, dma_bufs: &DmaBufs) {
        let now = now_ns();
        self.follow();
        while let Some((due, fault)) = self.plan.take(now, self.interval_ns()) {
            self.run_until(dma_bufs, due.min(now));
            // What does not fit any more is not planned: the script of one moment is that long.
            fault.apply(self);
            self.follow();
        }
        self.run_until(dma_bufs, now);
    }

    /// Frames come at the rate that the node has now.
    pub fn follow_interval(&mut self) {
        if let Some(interval) = self.node.frame_interval().duration() {
            self.engine.set_interval(interval);
        }
    }

    fn interval_ns(&self) -> u64 {
        self.engine.interval().as_nanos() as u64
    }

    /// Looks whether a stream has started or ended.
    fn follow(&mut self) {
        self.plan.follow(self.node.is_started(QueueId::FIRST), now_ns());
    }

    fn run_until(&mut self, dma_bufs: &DmaBufs, now: u64) {
        let before = self.node.done(QueueId::FIRST);
        self.run(dma_bufs, now);
        self.finished += u64::from(self.node.done(QueueId::FIRST).saturating_sub(before));
    }

    fn run(&mut self, dma_bufs: &DmaBufs, now: u64) {
        let mut reach = Reach {
            memory: &self.memory,
            dma_bufs,
            users: &self.users,
            scratch: &mut self.scratch,
            torn: &mut self.torn,
        };
        if self.camera.loses {
            return self.engine.run_until(&mut *self.node, &mut reach, now);
        }
        // Only as far as there are buffers: what comes after the last of them waits for the next.
        while let Some(due) = self.engine.next_ns(&self.node).filter(|due| *due <= now) {
            self.engine.run_until(&mut *self.node, &mut reach, due);
        }
        self.node.set_now_ns(now);
    }

    /// When something happens next that a program could wait for.
    pub fn due(&mut self) -> Option<u64> {
        self.follow();
        let planned = self.plan.next_ns(self.interval_ns());
        self.engine.next_ns(&self.node).into_iter().chain(planned).min()
    }

    /// This share of the frames is lost, of a hundred, from now on.
    pub fn drop_frames(&mut self, share: u32) {
        self.dropped = share;
        self.engine.clear_script();
        self.plan.retain(|fault| fault != Fault::DropSome);
        if self.flagged_after == Some(self.finished) {
            self.flag_frame();
        }
        self.drop_some();
    }

    /// The next frame that is not lost has the ERROR flag.
    pub fn flag_frame(&mut self) {
        self.flagged_after = Some(self.finished);
        if self.dropped < 100 {
            // What is planned already comes first.
            self.engine.script([Event::Error]);
        }
    }

    /// Plans which of the next frames are lost, and to do so again after those.
    pub fn drop_some(&mut self) {
        match self.dropped {
            0 => {}
            // Until it is changed.
            100.. => drop(self.engine.script([Event::Drop(u32::MAX)])),
            share => {
                // Spread evenly: a frame in so many, or so many for each frame.
                let (lost, good) = if share < 50 { (1, (100 - share) / share) } else { (share / (100 - share), 1) };
                let good = good.min(16);
                self.engine.script((0..good).map(|_| Event::Frame).chain([Event::Drop(lost)]));
                let frames = u64::from(good + lost) * self.interval_ns();
                self.plan.add_after(now_ns().saturating_add(frames), Fault::DropSome);
            }
        }
    }

    /// Keeps what the node is, so that a call can be taken back.
    pub fn begin(&mut self) {
        self.before.clone_from(&self.node);
    }

    /// Takes back what was done since [`begin`](Self::begin): its caller does not know of it.
    pub fn take_back(&mut self) {
        core::mem::swap(&mut self.before, &mut self.node);
        self.engine.follow(&self.node);
    }

    /// Gives memory to the buffers from `first` on: `fresh` ones are new, others may have some.
    ///
    /// # Errors
    ///
    /// `ENOMEM` and others of the kernel's.
    pub fn furnish(&mut self, first: u32, count: u32, fresh: bool) -> Result<(), Errno> {
        for index in first..first.saturating_add(count) {
            for plane in 0..PLANES {
                let Some((start, length)) = self.node.plane_memory(QueueId::FIRST, index, plane) else { break };
                if fresh || !self.memory.contains_key(&start) {
                    let piece = Rc::new(Piece::new(&self.camera.path, length).map_err(|error| errno(&error))?);
                    self.memory.insert(start, Plane { piece, uses: Vec::new() });
                }
            }
        }
        Ok(())
    }

    /// Forgets mappings and exports that programs have given up, and memory that nothing uses any more.
    pub fn sweep(&mut self) {
        let node = &mut self.node;
        self.memory.retain(|start, plane| {
            if !plane.uses.is_empty() && !plane.piece.is_shared() {
                for used in plane.uses.drain(..) {
                    match used {
                        // It was alive: this table has each mapping once.
                        Use::Mapping(mapping, _) => drop(node.unmap(mapping)),
                        Use::Export(export) => node.release_export(export),
                    }
                }
            }
            node.is_allocated(*start)
        });
    }

    /// The memory of the plane that begins there.
    pub fn piece(&self, start: usize) -> Option<&Rc<Piece>> {
        self.memory.get(&start).map(|plane| &plane.piece)
    }

    /// The memory with this inode.
    pub fn piece_of(&self, inode: (u64, u64)) -> Option<&Rc<Piece>> {
        self.memory.values().map(|plane| &plane.piece).find(|piece| piece.inode == inode)
    }

    /// A program has a mapping of the plane that begins there. One of each file stands for all: how many there are is not known, only
    /// whether there is any.
    pub fn add_mapping(&mut self, start: usize, mapping: Mapping, file: File) {
        let known = |used: &Use| matches!(used, Use::Mapping(_, other) if *other == file);
        match self.memory.get_mut(&start) {
            Some(plane) if !plane.uses.iter().any(known) => plane.uses.push(Use::Mapping(mapping, file)),
            _ => drop(self.node.unmap(mapping)),
        }
    }

    /// A program has a dma-buf of the plane that begins there.
    pub fn add_export(&mut self, start: usize, export: Export) {
        match self.memory.get_mut(&start) {
            Some(plane) => plane.uses.push(Use::Export(export)),
            None => self.node.release_export(export),
        }
    }

    /// A buffer is queued by this process: its memory is there.
    pub fn set_user(&mut self, index: u32, memory: Memory) {
        if let Some(user) = self.users.get_mut(index as usize) {
            *user = memory;
        }
    }
}

/// The memory that a node's buffers are in.
struct Reach<'a> {
    memory: &'a BTreeMap<usize, Plane>,
    dma_bufs: &'a DmaBufs,
    users: &'a [Memory; 64],
    scratch: &'a mut Vec<u8>,
    /// How many of the next pictures are torn.
    torn: &'a mut u32,
}

/// How many frames later the lower half of a torn picture is: the bars move so far that it shows.
const LATER: u32 = 3;

impl Reach<'_> {
    fn piece(&self, memory: PlaneMemory) -> Result<&Piece, Unreachable> {
        match memory {
            PlaneMemory::Own(start) => self.memory.get(&start).map(|plane| &*plane.piece),
            PlaneMemory::DmaBuf(id) => self.dma_bufs.piece(id),
            _ => None,
        }
        .ok_or(Unreachable)
    }

    fn user(&self, place: &Place) -> Result<Memory, Unreachable> {
        self.users.get(place.index as usize).copied().ok_or(Unreachable)
    }
}

impl Bytes for Reach<'_> {
    fn write(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable> {
        match place.memory {
            PlaneMemory::User(address) => {
                let (user, at) = (self.user(place)?, address + offset as u64);
                user.write(at, bytes).or_else(|_| user.force(at, bytes)).map_err(|_| Unreachable)
            }
            memory => {
                self.piece(memory)?.write(offset, bytes);
                Ok(())
            }
        }
    }

    fn read(&mut self, place: &Place, offset: usize, bytes: &mut [u8]) -> Result<(), Unreachable> {
        match place.memory {
            PlaneMemory::User(address) => {
                self.user(place)?.read(address + offset as u64, bytes).map_err(|_| Unreachable)
            }
            memory => {
                self.piece(memory)?.read(offset, bytes);
                Ok(())
            }
        }
    }

    fn draw(&mut self, place: &Place, picture: &Picture) -> Result<(), Unreachable> {
        let extent = picture.extent(place.plane as usize);
        let extent = extent.start..extent.end.min(place.length);
        self.scratch.resize(extent.end, 0);
        picture.draw(place.plane as usize, self.scratch);
        if *self.torn > 0 && place.plane == 0 {
            let half = extent.start + extent.len() / 2;
            let mut other = vec![0; extent.end];
            picture.after(LATER).draw(0, &mut other);
            self.scratch[half..].copy_from_slice(&other[half..]);
            *self.torn -= 1;
        }
        let scratch = core::mem::take(self.scratch);
        let outcome = scratch.get(extent.clone()).map_or(Ok(()), |bytes| self.write(place, extent.start, bytes));
        *self.scratch = scratch;
        outcome
    }
}
