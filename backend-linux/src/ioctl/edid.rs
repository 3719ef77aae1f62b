//! The calls whose argument points to blocks of an EDID.
//!
//! # Safety
//!
//! The kernel follows the pointer: it is that of a slice that the caller lends exclusively, and so is the number of blocks.
#![allow(unsafe_code)]

use rustix::fd::AsFd as _;
use rustix::ioctl::Opcode;
use vidbuf::node::EdidBlock;
use vidbuf_abi::timings::v4l2_edid;

use super::update;
use crate::{Device, Errno};

opcodes!(VIDIOC_G_EDID VIDIOC_S_EDID);

/// `VIDIOC_G_EDID` into these blocks.
pub(crate) fn get(device: &Device, argument: &mut v4l2_edid, blocks: &mut [EdidBlock]) -> Result<(), Errno> {
    call::<VIDIOC_G_EDID>(device, argument, blocks)
}

/// `VIDIOC_S_EDID` of these blocks.
pub(crate) fn set(device: &Device, argument: &mut v4l2_edid, blocks: &mut [EdidBlock]) -> Result<(), Errno> {
    call::<VIDIOC_S_EDID>(device, argument, blocks)
}

fn call<const OPCODE: Opcode>(
    device: &Device,
    argument: &mut v4l2_edid,
    blocks: &mut [EdidBlock],
) -> Result<(), Errno> {
    // More than 256 is EINVAL, whatever the number.
    argument.blocks = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
    argument.edid = blocks.as_mut_ptr().expose_provenance();
    // SAFETY: the kernel reads and writes `argument`, and of the memory that it points to at most `blocks` times 128 bytes
    // (`check_array_args`), which `blocks` has and which are borrowed exclusively.
    unsafe { update::<OPCODE, _>(device.as_fd(), argument) }
}
