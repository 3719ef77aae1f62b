//! What can be done to a node, as data: whole arguments, so that a sequence can be kept, shortened and replayed.

use vidbuf_sim::kernel::{
    Buffer, CreateBuffers, ExportBuffer, OpenMode, Plane, Protection, RemoveBuffers, RequestBuffers,
};

/// Descriptors that a sequence can hold.
pub const DESCRIPTORS: usize = 4;
/// Mappings, and exported buffers, that a sequence can hold.
pub const PLACES: usize = 12;

/// The calls that take a `v4l2_buffer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Call {
    QueryBuffer,
    QueueBuffer,
    PrepareBuffer,
    DequeueBuffer,
}

/// The calls that take a `v4l2_format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FormatCall {
    Get,
    Try,
    Set,
}

/// Of a `v4l2_format`, what is asked and compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Picture {
    pub buffer_type: u32,
    pub width: u32,
    pub height: u32,
    pub pixelformat: u32,
    pub field: u32,
    pub planes: u32,
    pub bytesperline: [u32; 3],
    pub sizeimage: [u32; 3],
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
    RequestBuffers {
        descriptor: usize,
        request: RequestBuffers,
    },
    CreateBuffers {
        descriptor: usize,
        create: CreateBuffers,
    },
    RemoveBuffers {
        descriptor: usize,
        remove: RemoveBuffers,
    },
    Buffer {
        descriptor: usize,
        call: Call,
        buffer: Buffer,
        planes: Vec<Plane>,
    },
    /// VIDIOC_DQBUF. If it sleeps, a frame wakes it, or else a signal.
    Dequeue {
        descriptor: usize,
        buffer: Buffer,
        planes: Vec<Plane>,
        frame: bool,
    },
    /// A thread of its own sleeps in VIDIOC_DQBUF while the sequence goes on.
    Sleep {
        descriptor: usize,
        buffer: Buffer,
        planes: Vec<Plane>,
    },
    /// read or write of so many bytes, whichever the node has.
    Transfer {
        descriptor: usize,
        length: usize,
    },
    Export {
        descriptor: usize,
        place: usize,
        export: ExportBuffer,
    },
    CloseExported {
        place: usize,
    },
    Stream {
        descriptor: usize,
        on: bool,
        buffer_type: u32,
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
    Format {
        descriptor: usize,
        call: FormatCall,
        picture: Picture,
    },
    GetPriority {
        descriptor: usize,
    },
    SetPriority {
        descriptor: usize,
        priority: u32,
    },
    /// The driver finishes at least one buffer, or shows that it has none to finish.
    OneFrame,
    Inject {
        fault: Fault,
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
            Self::RequestBuffers { .. } => "REQBUFS",
            Self::CreateBuffers { .. } => "CREATE_BUFS",
            Self::RemoveBuffers { .. } => "REMOVE_BUFS",
            Self::Buffer { call: Call::QueryBuffer, .. } | Self::Audit => "QUERYBUF",
            Self::Buffer { call: Call::QueueBuffer, .. } => "QBUF",
            Self::Buffer { call: Call::PrepareBuffer, .. } => "PREPARE_BUF",
            Self::Buffer { call: Call::DequeueBuffer, .. } | Self::Dequeue { .. } => "DQBUF",
            Self::Sleep { .. } => "DQBUF in a thread",
            Self::Transfer { .. } => "read or write",
            Self::Export { .. } => "EXPBUF",
            Self::CloseExported { .. } => "close of a dma-buf",
            Self::Stream { on: true, .. } => "STREAMON",
            Self::Stream { on: false, .. } => "STREAMOFF",
            Self::Map { .. } => "mmap",
            Self::Unmap { .. } => "munmap",
            Self::Poll { .. } => "poll",
            Self::Format { call: FormatCall::Get, .. } => "G_FMT",
            Self::Format { call: FormatCall::Try, .. } => "TRY_FMT",
            Self::Format { call: FormatCall::Set, .. } => "S_FMT",
            Self::GetPriority { .. } => "G_PRIORITY",
            Self::SetPriority { .. } => "S_PRIORITY",
            Self::OneFrame => "(frame)",
            Self::Inject { .. } => "(fault)",
        }
    }
}
