//! What distinguishes drivers, and kernels, as data.

use vidbuf::FourCc;
use vidbuf::node::{CapabilityFlags, EdidBlock, FrameInterval};
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::{V4L2_BUF_FLAG_TIMESTAMP_COPY, V4L2_BUF_FLAG_TIMESTAMP_MASK};

use crate::format::PixelFormat;

mod changed;
mod codec;
mod connector;
mod control;
mod kernel;
mod loopback;
mod receiver;
mod sizes;
mod usb;
mod vivid;

pub(crate) use connector::INPUTS;
pub use connector::{Connector, ConnectorKind, TimingsSupport};
pub use control::{Follows, Otherwise, SimControl, SimMenu};
pub use kernel::{Cookies, Kernel};
pub use sizes::{Rate, Size, Sizes};

/// Which way frames flow through a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Flow {
    /// From the device.
    Capture,
    /// To the device.
    Output,
    /// To the device and back: every open file has an output and a capture queue of its own.
    MemoryToMemory,
}

/// Who may use a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Ownership {
    /// The open file that allocated; others read along (videobuf2's helpers).
    Allocator,
    /// uvcvideo's own scheme on kernels before it used the helpers: a file becomes active by `VIDIOC_REQBUFS` or
    /// `VIDIOC_S_FMT`, and all other buffer calls need an active file, `VIDIOC_QUERYBUF` too.
    Active,
}

/// A driver, as far as its buffers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The driver's name.
    pub name: &'static str,
    /// The device's name, for people.
    pub card: &'static str,
    /// Where the device is.
    pub bus_info: &'static str,
    /// What the node can do besides frames and `read`, which the other fields have. Bits that the kernel does not have are left out.
    pub node_capabilities: CapabilityFlags,
    /// What the other nodes of the device can do.
    pub other_nodes: CapabilityFlags,
    /// Which way frames flow.
    pub flow: Flow,
    /// Whether buffers carry a plane array.
    pub multiplanar: bool,
    /// Buffer types that the driver has calls for, on whichever of its nodes. The V4L2 core lets them pass here too, so that
    /// they are refused later.
    pub passes: &'static [u32],
    /// Memory models and other `V4L2_BUF_CAP_*` bits of the queue. The kernel adds its own.
    pub capabilities: BufferCapabilities,
    /// `read()` and `write()` work, which also means that a poll before `VIDIOC_REQBUFS` starts them.
    pub read_write: bool,
    /// Buffers that must be queued before the driver starts.
    pub min_queued: u32,
    /// Least number that `VIDIOC_REQBUFS` allocates, on kernels that know such a number.
    pub min_requested: u32,
    /// Least total that the driver's own queue set-up asks for, on kernels that do not: it counts for
    /// `VIDIOC_CREATE_BUFS` as well.
    pub min_setup: u32,
    /// Most buffers of a queue, on kernels where this may be more than 32.
    pub max_buffers: u32,
    /// `TIMESTAMP_*` and `TSTAMP_SRC_*` bits of the queue.
    pub timestamp_flags: u32,
    /// Buffers that the driver does not give back until it has more than these.
    pub keeps: u32,
    /// A queued capture buffer already shows the size that it will have.
    pub presets_bytesused: bool,
    /// Leaves [`PixelFormat::data_offset`] bytes before the payload on multi-planar nodes.
    pub data_offsets: bool,
    /// An output buffer with less payload than a frame is refused.
    pub needs_full_payload: bool,
    /// Setting the format that there is succeeds, and does nothing, while buffers exist.
    pub repeats_format: bool,
    /// `bytesused` 0 of an output buffer means 0 and not all.
    pub allows_zero_bytesused: bool,
    /// `VIDIOC_CREATE_BUFS` exists.
    pub creates: bool,
    /// `VIDIOC_PREPARE_BUF` exists.
    pub prepares: bool,
    /// `VIDIOC_EXPBUF` exists.
    pub exports: bool,
    /// `VIDIOC_REMOVE_BUFS` exists, on kernels that have it.
    pub removes: bool,
    /// User memory must be aligned to this (cache lines, for DMA); 1 for drivers that copy.
    pub user_alignment: u32,
    /// Bytesperline is a multiple of this.
    pub line_alignment: u32,
    /// Unplugging stops the queue, which wakes sleepers.
    pub unplug_cancels: bool,
    /// The device is back when the last open file is closed (vivid's way of being unplugged).
    pub replugs: bool,
    /// Who may use a queue.
    pub ownership: Ownership,
    /// A dequeued buffer is the program's alone, as videobuf2 has it. A driver without it reports no capabilities, gives every frame
    /// the sequence number 0, and writes each frame into the buffers that the program holds as well.
    pub exclusive: bool,
    /// Formats; the first is the default. Memory-to-memory nodes: of the raw side.
    pub formats: &'static [PixelFormat],
    /// Formats of the other side of a memory-to-memory node.
    pub coded_formats: &'static [PixelFormat],
    /// Size at first.
    pub size: (u32, u32),
    /// Which sizes there are.
    pub sizes: Sizes,
    /// Intervals that frames may have, where sizes are a range; without any there is no `VIDIOC_ENUM_FRAMEINTERVALS`.
    pub intervals: &'static [FrameInterval],
    /// How rates are set.
    pub rate: Rate,
    /// Buffers that `read()` and `write()` use, as `VIDIOC_G_PARM` reports.
    pub read_buffers: u32,
    /// A capture node reports which conversions of colours a format has.
    pub converts_colors: bool,
    /// Controls, in the order of their numbers; without any there are no calls on controls.
    pub controls: &'static [SimControl],
    /// Types of events that a program can subscribe to, `V4L2_EVENT_*`, and how many events of a subscription are kept; without any there
    /// are no calls on events.
    pub events: &'static [(u32, u8)],
    /// Inputs, at most four; without any there are no calls on inputs.
    pub inputs: &'static [Connector],
    /// Timings of digital inputs.
    pub timings: TimingsSupport,
    /// The EDID of the digital input at first, at most two blocks.
    pub edid: &'static [EdidBlock],
    /// `VIDIOC_G_SELECTION` exists, and crops, scales and places what arrives at inputs that are no camera's.
    pub crops: bool,
}

impl Profile {
    /// The most pixels in a line, and lines, of any picture: what unicam allows.
    pub const LARGEST: u32 = 16_376;

    /// Whether output timestamps are kept, and copied to what is made of the frame.
    pub(crate) const fn copies_timestamps(&self) -> bool {
        self.timestamp_flags & V4L2_BUF_FLAG_TIMESTAMP_MASK == V4L2_BUF_FLAG_TIMESTAMP_COPY
    }

    /// The description of a format, if the driver has it on that side.
    pub fn find(&self, coded: bool, fourcc: FourCc) -> Option<&'static PixelFormat> {
        let list = if coded { self.coded_formats } else { self.formats };
        list.iter().find(|format| format.fourcc == fourcc)
    }
}
