//! The kernel's interface to cameras and codecs, once: structures, ioctl numbers and constants of V4L2, media devices,
//! subdevices and dma-bufs, under the kernel's names.
//!
//! - **As code**: Rust structures with the layout of this target, and constants. Integers only, no `unsafe`, no dependency, no
//!   system call: who makes the call decides how.
//! - **As data**: [`ioctl::TABLE`] and [`table`] list names, numbers, sizes, fields and constants, for tests, tracers and
//!   fuzzers.
//! - **For every program**: sizes, offsets and numbers are computed for each [`layout::Layout`] (64-bit, 32-bit, 32-bit x86,
//!   both widths of time), and [`translate`] copies an argument from one layout to another, so that a 64-bit simulator can
//!   serve a 32-bit program.
//!
//! A field that is a keyword in Rust ends with `_` (`type_`, `priv_`). Addresses are `usize`: make one by
//! `pointer.expose_provenance()`. Unions are bytes with a function for each member ([`buffer::v4l2_buffer_m`]), because every
//! bit pattern is a value of every member: reading one needs no `unsafe`, here or in the program.
//!
//! ```
//! use vidbuf_abi::buffer::{V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_buffer_m};
//! use vidbuf_abi::layout::Layout;
//!
//! let buffer = v4l2_buffer {
//!     index: 2,
//!     type_: V4L2_BUF_TYPE_VIDEO_CAPTURE,
//!     memory: V4L2_MEMORY_MMAP,
//!     m: v4l2_buffer_m::of_offset(0x4000),
//!     ..v4l2_buffer::default()
//! };
//! assert_eq!(buffer.m.offset(), 0x4000);
//! assert_eq!(v4l2_buffer::STRUCTURE.size(Layout::Bits64), 88);
//! assert_eq!(v4l2_buffer::STRUCTURE.size(Layout::Bits32Time32), 68);
//! ```
//!
//! # Versions
//!
//! A field keeps its name, type and offset, a constant its name and value, in each later version, except a reserved field: when a
//! kernel gives reserved words a name and a use, so does this crate, and what remains of the reserved field is shorter. That is no
//! breaking change here. So write `..v4l2_buffer::default()` for the fields that you do not set, `..` in patterns, and no name
//! that begins with `reserved`. What describes the interface as data ([`layout`], [`ioctl::Ioctl`], [`table`]) is
//! `#[non_exhaustive]`.
//!
//! Kernel: `include/uapi/linux/{videodev2,v4l2-common,v4l2-controls,v4l2-subdev,v4l2-mediabus,media-bus-format,media,dma-buf,
//! dma-heap,udmabuf,sync_file,uvcvideo}.h`. `tests/headers.rs` compares every size, offset and number with them.
#![no_std]
#![forbid(unsafe_code)]

mod convert;
mod define;

pub mod ioctl;
pub mod layout;
mod sizes;
pub mod table;
pub mod translate;
pub mod value;

pub mod buffer;
pub mod capability;
pub mod codec;
pub mod codec_control;
pub mod color;
pub mod control;
pub mod control_id;
pub mod debug;
pub mod dma_buf;
pub mod event;
pub mod format;
pub mod frame;
pub mod input;
pub mod media;
pub mod media_bus;
pub mod media_function;
pub mod overlay;
pub mod pixel_format;
pub mod raw_format;
pub mod selection;
pub mod standard;
pub mod subdev;
#[cfg(target_pointer_width = "32")]
pub mod time32;
pub mod timings;
pub mod tuner;
pub mod uvc;
pub mod vbi;

/// The programs in README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
