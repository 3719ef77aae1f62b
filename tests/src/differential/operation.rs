//! What can be done to a node, as data: whole arguments, so that a sequence can be kept, shortened and replayed.

use vidbuf_abi::buffer::v4l2_plane;
use vidbuf_abi::ioctl;
use vidbuf_abi::layout::Layout;
use vidbuf_abi::value::Value;
use vidbuf_sim::Cable;
use vidbuf_sim::kernel::{OpenMode, Protection};

/// Descriptors that a sequence can hold.
pub const DESCRIPTORS: usize = 4;
/// Mappings, and exported buffers, that a sequence can hold.
pub const PLACES: usize = 12;

/// What vivid calls its signal modes, in its order.
pub const CABLES: [Cable; 4] = [Cable::AsSet, Cable::Out, Cable::NoLock, Cable::OutOfRange];

/// What ends the sleep of an ioctl, if it sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// A signal.
    BySignal,
    /// A frame, if one can come; else a signal.
    ByFrame,
    /// It sleeps in a thread of its own while the sequence goes on.
    Later,
}

/// Any ioctl.
#[derive(Clone, PartialEq)]
pub struct Ioctl {
    /// On which descriptor.
    pub descriptor: usize,
    /// Which one.
    pub number: u32,
    /// Its argument.
    pub argument: Vec<u8>,
    /// The array that a multi-planar buffer points to.
    pub planes: Vec<v4l2_plane>,
    /// What else it points to: the bytes from [`POINTED`](super::memories::POINTED) on, or none.
    pub memory: Vec<u8>,
    /// What ends its sleep.
    pub wake: Wake,
}

impl Ioctl {
    /// One that does not sleep.
    pub fn new<T: Value>(descriptor: usize, number: u32, argument: T) -> Self {
        let mut bytes = vec![0; size_of::<T>()];
        argument.put(&mut bytes, 0);
        Self { descriptor, number, argument: bytes, planes: Vec::new(), memory: Vec::new(), wake: Wake::BySignal }
    }

    /// The kernel's name.
    pub fn name(&self) -> &'static str {
        let known = ioctl::find(self.number, Layout::TARGET);
        known.map_or("(unknown ioctl)", |ioctl| ioctl.name.strip_prefix("VIDIOC_").unwrap_or(ioctl.name))
    }
}

/// A failure inside the driver: vivid's error controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Fault {
    QueueSetup,
    BufferPrepare,
    Start,
    FlaggedFrame,
    QueueError,
    Unplug,
}

/// One step. Where a descriptor or a place does not hold what the step needs, the step does nothing.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Operation {
    Open {
        descriptor: usize,
        mode: OpenMode,
    },
    Close {
        descriptor: usize,
    },
    Dup {
        from: usize,
        to: usize,
    },
    NonBlocking {
        descriptor: usize,
        on: bool,
    },
    Ioctl(Ioctl),
    /// read or write of so many bytes, whichever the node has.
    Transfer {
        descriptor: usize,
        length: usize,
    },
    CloseExported {
        place: usize,
    },
    Map {
        descriptor: usize,
        place: usize,
        offset: u64,
        length: u64,
        protection: Protection,
    },
    Unmap {
        place: usize,
    },
    Poll {
        descriptor: usize,
        events: u16,
    },
    /// The driver finishes at least one buffer, or shows that it has none to finish.
    OneFrame,
    Inject {
        fault: Fault,
    },
    /// What arrives at the HDMI input, which is in use: one of [`CABLES`].
    Cable {
        cable: usize,
    },
    /// VIDIOC_QUERYBUF of every buffer and one more.
    Audit,
}

impl Operation {
    /// The name of the step, for counting.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Close { .. } => "close",
            Self::Dup { .. } => "dup",
            Self::NonBlocking { .. } => "fcntl",
            Self::Ioctl(Ioctl { wake: Wake::Later, .. }) => "DQBUF in a thread",
            Self::Ioctl(ioctl) => ioctl.name(),
            Self::Audit => "QUERYBUF",
            Self::Transfer { .. } => "read or write",
            Self::CloseExported { .. } => "close of a dma-buf",
            Self::Map { .. } => "mmap",
            Self::Unmap { .. } => "munmap",
            Self::Poll { .. } => "poll",
            Self::OneFrame => "(frame)",
            Self::Inject { .. } => "(fault)",
            Self::Cable { .. } => "(cable)",
        }
    }
}
