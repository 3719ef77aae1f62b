//! The life of a V4L2 streaming buffer as a typestate.
#![no_std]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod backend;
mod error;
mod explain;
mod flags;
mod kind;
mod types;

pub use backend::{Backend, Region};
pub use error::{BackendError, DriverFault, Error, ErrorKind, Failed, Operation};
pub use flags::{BufferCapabilities, BufferFlags, TimestampClock};
pub use kind::{
    Capture, Direction, DmaBuf, Kind, Memory, Mmap, MultiPlanar, Output, PlaneArray, Planes, QueueKind, SinglePlanar,
    UserPtr,
};
pub use types::{
    BufferType, Dequeued, Enqueue, Field, FourCc, Granted, MAX_PLANES, MemoryType, PlaneLayout, PlanePayload,
    QueueType, Timestamp, Wake,
};
