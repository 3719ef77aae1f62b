//! VIDIOC_ENUM_DV_TIMINGS, VIDIOC_DV_TIMINGS_CAP, VIDIOC_QUERY_DV_TIMINGS, VIDIOC_G_DV_TIMINGS, VIDIOC_S_DV_TIMINGS.

use vidbuf::Errno;
use vidbuf::node::Timings;
use vidbuf_abi::timings::{
    V4L2_DV_BT_656_1120, v4l2_bt_timings_cap, v4l2_dv_timings, v4l2_dv_timings_cap, v4l2_dv_timings_cap_union,
    v4l2_enum_dv_timings,
};

use super::super::NodeOf;
use super::super::room::Rooms;
use super::super::timings::{from_kernel, to_kernel};

/// Whether everything is equal that a source sends.
fn is_same_signal(one: &Timings, other: &Timings) -> bool {
    let blanking = |timings: &Timings| (timings.horizontal, timings.vertical, timings.vertical_second_field);
    one.is_like(other, 0) && one.polarities == other.polarities && blanking(one) == blanking(other)
}

impl<R: Rooms> NodeOf<R> {
    fn check_digital(&self) -> Result<(), Errno> {
        if self.is_digital() { Ok(()) } else { Err(Errno::ENODATA) }
    }

    pub(super) fn enumerate_timings(&self, ask: &mut v4l2_enum_dv_timings) -> Result<(), Errno> {
        self.check_digital()?;
        let timings = self.driver.profile.timings.list.get(ask.index as usize).ok_or(Errno::EINVAL)?;
        (ask.reserved, ask.timings) = ([0; 2], to_kernel(timings));
        Ok(())
    }

    pub(super) fn timings_cap(&self, cap: &mut v4l2_dv_timings_cap) -> Result<(), Errno> {
        self.check_digital()?;
        let range = &self.driver.profile.timings.range;
        let bt = v4l2_bt_timings_cap {
            min_width: range.min_width,
            max_width: range.max_width,
            min_height: range.min_height,
            max_height: range.max_height,
            min_pixelclock: range.min_pixel_clock,
            max_pixelclock: range.max_pixel_clock,
            standards: range.standards.bits(),
            capabilities: range.capabilities.bits(),
            ..v4l2_bt_timings_cap::default()
        };
        let cap_of_bt = v4l2_dv_timings_cap_union::of_bt(bt);
        *cap = v4l2_dv_timings_cap { type_: V4L2_DV_BT_656_1120, cap: cap_of_bt, ..Default::default() };
        Ok(())
    }

    pub(super) fn query_timings(&self, timings: &mut v4l2_dv_timings) -> Result<(), Errno> {
        self.check_digital()?;
        *timings = to_kernel(&self.detected()?);
        Ok(())
    }

    pub(super) fn get_timings(&self, timings: &mut v4l2_dv_timings) -> Result<(), Errno> {
        self.check_digital()?;
        *timings = to_kernel(&self.inputs.timings);
        Ok(())
    }

    pub(super) fn set_timings(&mut self, timings: &mut v4l2_dv_timings) -> Result<(), Errno> {
        self.check_digital()?;
        let asked = from_kernel(timings).ok_or(Errno::EINVAL)?;
        let support = &self.driver.profile.timings;
        let asked = if support.takes_range {
            Some(asked).filter(|asked| support.range.contains(asked)).ok_or(Errno::ERANGE)?
        } else {
            // What the kernel knows of them beside the numbers that were compared.
            *support.list.iter().find(|listed| is_same_signal(listed, &asked)).ok_or(Errno::EINVAL)?
        };
        *timings = to_kernel(&asked);
        if is_same_signal(&asked, &self.inputs.timings) {
            return Ok(());
        }
        if self.has_buffers() {
            return Err(Errno::EBUSY);
        }
        self.inputs.timings = asked;
        self.adopt_input();
        Ok(())
    }
}
