//! A V4L2 driver made of memory: test camera firmware without a camera.
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod errno;
mod format;
pub mod kernel;
mod profile;

pub use errno::SimErrno;
pub use format::{Format, PixelFormat, PlaneFormat};
pub use profile::{Cookies, Flow, Kernel, Ownership, Profile};
