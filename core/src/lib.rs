//! The life of a V4L2 streaming buffer as a typestate.
#![no_std]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod backend;
mod cell;
mod check;
mod error;
mod explain;
mod flags;
mod fmt;
mod frame;
mod inner;
mod kind;
mod output;
mod parked;
mod queue;
mod request;
mod slot;
mod types;

pub use backend::{Backend, Region};
pub use error::{BackendError, DriverFault, Error, ErrorKind, Failed, Operation};
pub use flags::{BufferCapabilities, BufferFlags, TimestampClock};
pub use frame::{Frame, PayloadError, RequeueError};
pub use kind::{
    Capture, Direction, DmaBuf, Kind, Memory, Mmap, MultiPlanar, Output, PlaneArray, Planes, QueueKind, SinglePlanar,
    UserPtr,
};
pub use output::{OutputBuffer, Sent};
pub use parked::{Parked, UnparkError, UnparkReason};
pub use queue::{
    Allocated, CaptureMplaneQueue, CaptureQueue, HasMemory, Holders, Idle, Mapped, OutputMplaneQueue, OutputQueue,
    Queried, Queue, Requested, State, Streaming, Unmapped,
};
pub use request::Request;
pub use types::{
    BufferType, Dequeued, Enqueue, Field, FourCc, Granted, MAX_PLANES, MemoryType, PlaneLayout, PlanePayload,
    QueueType, Timestamp, Wake,
};
