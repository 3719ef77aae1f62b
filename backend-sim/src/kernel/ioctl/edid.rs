//! VIDIOC_G_EDID, VIDIOC_S_EDID.

use vidbuf::Errno;
use vidbuf::node::EDID_BLOCK;
use vidbuf_abi::timings::v4l2_edid;

use super::super::NodeOf;
use super::super::inputs::EDID_BLOCKS;
use super::super::queue::foreign::Foreign;
use super::super::room::Rooms;
use crate::profile::Connector;

/// More is no array that the V4L2 core copies.
const MOST: u32 = 256;

impl<R: Rooms> NodeOf<R> {
    /// What the core does first: the number of blocks. Then the driver's look at the connector.
    fn check_edid(&self, edid: &mut v4l2_edid) -> Result<(), Errno> {
        if edid.blocks > MOST {
            return Err(Errno::EINVAL);
        }
        edid.reserved = [0; 5];
        let connector = self.driver.profile.input(edid.pad);
        if connector.is_some_and(Connector::has_timings) { Ok(()) } else { Err(Errno::EINVAL) }
    }

    pub(super) fn get_edid(&self, edid: &mut v4l2_edid, foreign: &mut dyn Foreign) -> Result<(), Errno> {
        self.check_edid(edid)?;
        let stored = self.inputs.edid.len() as u32;
        if (edid.start_block, edid.blocks) == (0, 0) {
            edid.blocks = stored;
            return Ok(());
        }
        if stored == 0 {
            return Err(Errno::ENODATA);
        }
        let behind = stored.checked_sub(edid.start_block).filter(|behind| *behind > 0).ok_or(Errno::EINVAL)?;
        edid.blocks = edid.blocks.min(behind);
        let blocks = self.inputs.edid.iter().skip(edid.start_block as usize).take(edid.blocks as usize);
        for (number, block) in blocks.enumerate() {
            foreign.write((edid.edid + number * EDID_BLOCK) as u64, block)?;
        }
        Ok(())
    }

    pub(super) fn set_edid(&mut self, edid: &mut v4l2_edid, foreign: &mut dyn Foreign) -> Result<(), Errno> {
        if edid.blocks > MOST {
            return Err(Errno::EINVAL);
        }
        // The core reads all of them before the driver sees any.
        let mut room = [[0; EDID_BLOCK]; EDID_BLOCKS];
        for number in 0..edid.blocks as usize {
            let mut beyond = [0; EDID_BLOCK];
            let block = room.get_mut(number).unwrap_or(&mut beyond);
            foreign.read((edid.edid + number * EDID_BLOCK) as u64, block)?;
        }
        self.check_edid(edid)?;
        if edid.start_block > 0 {
            return Err(Errno::EINVAL);
        }
        if edid.blocks as usize > EDID_BLOCKS {
            edid.blocks = EDID_BLOCKS as u32;
            return Err(Errno::E2BIG);
        }
        if edid.blocks > 0 && self.has_buffers() {
            return Err(Errno::EBUSY);
        }
        self.inputs.edid.clear();
        for block in room.into_iter().take(edid.blocks as usize) {
            // There is room.
            let _ = self.inputs.edid.push(block);
        }
        if self.driver.profile.timings.follows_source {
            // The source reads it, and sends something or ceases to.
            self.source_changed(edid.pad);
        }
        Ok(())
    }
}
