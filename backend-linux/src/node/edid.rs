//! EDID of a digital input or output.

use vidbuf::node::EdidBlock;
use vidbuf_abi::timings::v4l2_edid;

use crate::ioctl::edid;
use crate::plain::{plain_with_pointers, zeroed};
use crate::{Device, Errno};

plain_with_pointers!(v4l2_edid);

impl Device {
    /// `ioctl(fd, VIDIOC_G_EDID, &edid)`: reads blocks of the EDID from number `start_block` on into `blocks`, and returns how many
    /// were there. `connector` is the number of an input or output. With no room and a `start_block` of 0 it returns how many blocks the
    /// EDID has.
    ///
    /// # Errors
    ///
    /// - ENODATA: no EDID is stored.
    /// - EINVAL: no such connector, `start_block` is behind the last block, or room for more than 256 blocks.
    /// - ENOTTY: the driver has no EDID.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-edid.rst`.
    #[doc(alias = "VIDIOC_G_EDID")]
    pub fn edid(&self, connector: u32, start_block: u32, blocks: &mut [EdidBlock]) -> Result<u32, Errno> {
        let mut argument = v4l2_edid { pad: connector, start_block, ..zeroed() };
        edid::get(self, &mut argument, blocks)?;
        Ok(argument.blocks)
    }

    /// `ioctl(fd, VIDIOC_S_EDID, &edid)`: sets the EDID of an input; without blocks, takes it away, so that sources find no display. The
    /// input looks unplugged to the source for some 100 ms, then the source reads it and may send something else.
    ///
    /// The kernel writes the same bytes back to `blocks`, which is why they are borrowed exclusively: `&mut { EDID }` of a constant.
    ///
    /// # Errors
    ///
    /// - E2BIG: more blocks than the device has room for.
    /// - EINVAL: no such connector, more than 256 blocks, or bytes that the driver refuses. Checksums are mostly not checked.
    /// - EBUSY: another file has a higher priority, or the signal is in use.
    /// - ENOTTY: the driver has no EDID to set.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-edid.rst`.
    #[doc(alias = "VIDIOC_S_EDID")]
    pub fn set_edid(&self, connector: u32, blocks: &mut [EdidBlock]) -> Result<(), Errno> {
        let mut argument = v4l2_edid { pad: connector, ..zeroed() };
        edid::set(self, &mut argument, blocks)
    }
}
