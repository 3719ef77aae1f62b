#![doc = include_str!("../README.md")]
#![no_std]
#![deny(unsafe_code, unsafe_op_in_unsafe_fn, missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(any(target_os = "linux", target_os = "android")))]
compile_error!("V4L2 exists on Linux only");

#[cfg(any(test, feature = "std"))]
extern crate std;

mod backend;
mod clock;
mod device;
mod errno;
pub mod find;
mod ioctl;
mod kernel_buffer;
mod mapping;
mod node;
mod node_path;
mod plain;
#[cfg(target_pointer_width = "32")]
mod time32;
mod vocabulary;
mod wait;

/// Descriptors, as [`Device::from_fd`], [`Device::into_fd`] and `Device`'s `AsFd` have them: rustix's, which are the standard
/// library's with feature `std`.
pub mod fd {
    #[doc(no_inline)]
    pub use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
}

pub use device::Device;

pub use kernel_buffer::KernelBuffer;
pub use node_path::NodePath;
/// The kernel's error numbers; the same type as `vidbuf::Errno`.
#[doc(no_inline)]
pub use vidbuf::Errno;
/// What a node is asked and set to; the same types as in `vidbuf::node`.
#[doc(no_inline)]
pub use vidbuf::node::{
    Capabilities, CapabilityFlags, Format, FormatDescription, FormatFlags, FrameInterval, FrameSize, PlaneFormat, Text,
};
