//! VIDIOC_G_EDID, VIDIOC_S_EDID.

use vidbuf::Errno;
use vidbuf::node::{EDID_BLOCK, EdidBlock};
use vidbuf_abi::timings::v4l2_edid;

use super::super::NodeOf;
use super::super::inputs::EDID_BLOCKS;
use super::super::queue::foreign::Foreign;
use super::super::room::Rooms;
use crate::profile::Connector;

/// More is no array that the V4L2 core copies.
const MOST: u32 = 256;

/// The first blocks of the array; an EDID has no more.
type Blocks = [EdidBlock; EDID_BLOCKS];

/// What the V4L2 core does of the array: it copies all of it before the call, and back after it, whatever came of the call.
fn on_blocks(
    edid: &mut v4l2_edid,
    foreign: &mut dyn Foreign,
    call: impl FnOnce(&mut v4l2_edid, &mut Blocks) -> Result<(), Errno>,
) -> Result<(), Errno> {
    if edid.blocks > MOST {
        return Err(Errno::EINVAL);
    }
    let address = |number: usize| (edid.edid as u64).checked_add((number * EDID_BLOCK) as u64).ok_or(Errno::EFAULT);
    let count = edid.blocks as usize;
    let mut blocks = [[0; EDID_BLOCK]; EDID_BLOCKS];
    let mut beyond = [0; EDID_BLOCK];
    for number in 0..count {
        foreign.read(address(number)?, blocks.get_mut(number).unwrap_or(&mut beyond))?;
    }
    let at = edid.edid as u64;
    let returned = call(edid, &mut blocks);
    for number in 0..count {
        let address = at + (number * EDID_BLOCK) as u64;
        match blocks.get(number) {
            Some(block) => foreign.write(address, block)?,
            None => {
                foreign.read(address, &mut beyond)?;
                foreign.write(address, &beyond)?;
            }
        }
    }
    returned
}

impl<R: Rooms> NodeOf<R> {
    /// The driver's look at the connector.
    fn check_edid(&self, edid: &mut v4l2_edid) -> Result<(), Errno> {
        edid.reserved = [0; 5];
        let connector = self.driver.profile.input(edid.pad);
        if connector.is_some_and(Connector::has_timings) { Ok(()) } else { Err(Errno::EINVAL) }
    }

    pub(super) fn get_edid(&self, edid: &mut v4l2_edid, foreign: &mut dyn Foreign) -> Result<(), Errno> {
        on_blocks(edid, foreign, |edid, blocks| {
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
            let wanted = self.inputs.edid.iter().skip(edid.start_block as usize).take(edid.blocks as usize);
            for (to, from) in blocks.iter_mut().zip(wanted) {
                *to = *from;
            }
            Ok(())
        })
    }

    pub(super) fn set_edid(
        &mut self,
        file: usize,
        edid: &mut v4l2_edid,
        foreign: &mut dyn Foreign,
    ) -> Result<(), Errno> {
        on_blocks(edid, foreign, |edid, blocks| {
            self.check_priority(file)?;
            self.check_edid(edid)?;
            if edid.start_block > 0 {
                return Err(Errno::EINVAL);
            }
            if edid.blocks as usize > EDID_BLOCKS {
                edid.blocks = EDID_BLOCKS as u32;
                return Err(Errno::E2BIG);
            }
            if (edid.blocks > 0 || self.driver.kernel.keeps_edid_while_busy) && self.has_buffers() {
                return Err(Errno::EBUSY);
            }
            self.inputs.edid.clear();
            for block in blocks.iter().take(edid.blocks as usize) {
                // There is room.
                let _ = self.inputs.edid.push(*block);
            }
            if self.driver.profile.timings.follows_source {
                // The source reads it, and sends something or ceases to.
                self.source_changed(edid.pad);
            }
            Ok(())
        })
    }
}
