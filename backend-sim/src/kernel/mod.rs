//! The device itself: a V4L2 node that does system calls as videobuf2 does.
//!
//! [`Node`] is a state machine and nothing else: it has no memory, no threads and no clock of its own. System calls go in
//! with the kernel's structures ([`abi`]) and come out with what the kernel returns, or its error numbers, checked in the
//! kernel's order: [`open`](NodeOf::open), [`close`](NodeOf::close), [`ioctl`](NodeOf::ioctl), [`map`](NodeOf::map) and so on.
//! The driver's side is explicit: [`tick`](NodeOf::tick), [`complete`](NodeOf::complete) and their neighbours. [`Sim`](crate::Sim) puts memory,
//! time and a script around it; use `Node` alone to build a system-call shim or to compare with a real kernel.
//!
//! ```
//! use vidbuf_sim::kernel::abi::buffer::{V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_requestbuffers};
//! use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_REQBUFS, VIDIOC_STREAMON};
//! use vidbuf_sim::kernel::{Node, OpenMode, QueueId, Returned};
//! use vidbuf_sim::{Errno, Kernel, Profile};
//!
//! let mut node = Node::<8>::new(Profile::VIVID, Kernel::V6_12, 4096, 16 << 20);
//! let file = node.open(OpenMode::READ_WRITE)?;
//! let (mut type_, memory) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP);
//! let mut request = v4l2_requestbuffers { count: 3, type_, memory, ..Default::default() };
//! node.call(file, VIDIOC_REQBUFS, &mut request, &mut [])?;
//! let mut buffer = v4l2_buffer { type_, memory, ..Default::default() };
//! node.call(file, VIDIOC_QBUF, &mut buffer, &mut [])?;
//! assert_eq!(buffer.flags, 0x2002);
//! node.call(file, VIDIOC_STREAMON, &mut type_, &mut [])?;
//! assert_eq!(node.call(file, VIDIOC_DQBUF, &mut buffer, &mut []), Ok(Returned::WouldSleep));
//! node.tick(QueueId::FIRST);
//! assert_eq!(node.call(file, VIDIOC_DQBUF, &mut buffer, &mut []), Ok(Returned::Done));
//! assert_eq!((buffer.flags, buffer.sequence, buffer.bytesused), (0x2000, 0, 320 * 240 * 2));
//! # Ok::<(), Errno>(())
//! ```
//!
//! # Versions
//!
//! This module follows the kernel, and a later version may add fields to its structures and variants to its enums without that being a
//! breaking change of the package. Write `..` in patterns, and a last arm in a `match`.

mod arena;
mod buffer_calls;
mod buffer_type;
mod control_events;
pub(crate) mod controls;
mod driver;
mod event;
mod export;
mod file;
mod file_io;
mod format;
mod inputs;
mod ioctl;
mod map;
mod node;
mod poll;
mod queue;
mod room;
pub(crate) mod timings;

pub(crate) use buffer_type::is_multiplanar;
pub use driver::{Completion, Inject};
pub use export::Export;
pub use file::{File, OpenMode};
pub use file_io::Transfer;
pub use ioctl::Returned;
pub use map::{Mapping, Protection};
pub use node::NodeOf;
pub use poll::events;
pub use queue::foreign::{DmaBuf, Foreign, NoForeign, PlaneMemory};
pub use queue::slot::State;
pub use room::{Node, QueueId};
pub(crate) use room::{Room, Rooms};
pub use vidbuf_abi as abi;
