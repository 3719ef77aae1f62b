//! An in-memory V4L2 driver: test camera firmware without a camera.
//!
//! [`Sim`] is the device, the [`tutorial`] shows how to test with it, and [`recording`] plays what a real camera did.
#![no_std]
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

mod backend;
mod cable;
mod control;
pub mod driver;
mod file;
mod format;
pub mod kernel;
mod lock;
mod memory;
mod node;
mod profile;
pub mod recording;
mod report;
mod sim;
mod sleep;
mod state;
pub mod timings;
mod trace;
#[doc = include_str!("../docs/tutorial.md")]
pub mod tutorial {}

pub use cable::Cable;
pub use driver::picture::Picture;
pub use driver::plan::{Mishap, Odds};
pub use driver::script::{Event, Lie, SCRIPT};
pub use file::SimFile;
pub use format::{Format, PixelFormat, PlaneFormat};
pub use profile::{
    Connector, ConnectorKind, Cookies, Flow, Follows, Kernel, Otherwise, Ownership, Profile, Rate, SimControl, SimMenu,
    Size, Sizes, TimingsSupport,
};
pub use recording::Recording;
pub use report::{Sent, Violation, checksum};
pub use sim::Sim;
pub use state::{POISON_ENQUEUED, POISON_UNMAPPED};
pub use trace::{Answer, Call, Record};
/// The kernel's error numbers; the same type as `vidbuf::Errno`.
#[doc(no_inline)]
pub use vidbuf::Errno;
