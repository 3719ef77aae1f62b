//! Signals, on both sides, and inputs as a sequence begins with them.

use vidbuf_abi::ioctl::{VIDIOC_S_DV_TIMINGS, VIDIOC_S_EDID, VIDIOC_S_INPUT, VIDIOC_S_STD};
use vidbuf_abi::timings::v4l2_edid;

use super::super::operation::CABLES;
use super::super::subject::{HDMI, first_timings};
use super::{Failure, Outcome, Pair, control};

impl Pair {
    /// Every input of the real node as the simulator's are at first; the webcam in use.
    pub(super) fn set_up_inputs(&mut self) -> Outcome {
        for mut input in [1, 2, HDMI] {
            self.real.set_up(VIDIOC_S_INPUT, &mut input)?;
            if input == HDMI {
                self.real.set_value(control::TIMINGS_SIGNAL_MODE, 0)?;
                self.real.set_up(VIDIOC_S_DV_TIMINGS, &mut first_timings())?;
                let mut blocks = [0_u8; 256];
                let edid = blocks.as_mut_ptr().expose_provenance();
                self.real.set_up(VIDIOC_S_EDID, &mut v4l2_edid { pad: HDMI, blocks: 2, edid, ..Default::default() })?;
            } else {
                self.real.set_up(VIDIOC_S_STD, &mut 0x1000_u64)?;
            }
        }
        self.real.set_up(VIDIOC_S_INPUT, &mut 0_u32)
    }

    pub(super) fn cable(&mut self, cable: usize) -> Result<(), Failure> {
        let node = &mut self.simulated.node;
        let Some(changed) = CABLES.get(cable).filter(|_| !node.is_unplugged() && node.input() == HDMI) else {
            return Ok(());
        };
        match self.real.set_value(control::TIMINGS_SIGNAL_MODE, cable as i32) {
            Ok(()) => node.set_cable(HDMI, *changed),
            Err(libc::EBUSY) => {}
            Err(error) => return Err(Failure::BadFrame(format!("the signal's control: errno {error}"))),
        }
        Ok(())
    }
}
