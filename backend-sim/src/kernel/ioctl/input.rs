//! VIDIOC_ENUMINPUT, VIDIOC_G_INPUT, VIDIOC_S_INPUT, and which calls on inputs there are.

use vidbuf::Errno;
use vidbuf::node::InputStatus;
use vidbuf_abi::input::{
    V4L2_IN_CAP_DV_TIMINGS, V4L2_IN_CAP_STD, V4L2_INPUT_TYPE_CAMERA, V4L2_INPUT_TYPE_TUNER, v4l2_input,
};
use vidbuf_abi::ioctl::{
    VIDIOC_CROPCAP, VIDIOC_DV_TIMINGS_CAP, VIDIOC_ENUM_DV_TIMINGS, VIDIOC_ENUMINPUT, VIDIOC_ENUMSTD, VIDIOC_G_CROP,
    VIDIOC_G_DV_TIMINGS, VIDIOC_G_EDID, VIDIOC_G_INPUT, VIDIOC_G_SELECTION, VIDIOC_G_STD, VIDIOC_QUERY_DV_TIMINGS,
    VIDIOC_QUERYSTD, VIDIOC_S_CROP, VIDIOC_S_DV_TIMINGS, VIDIOC_S_EDID, VIDIOC_S_INPUT, VIDIOC_S_SELECTION,
    VIDIOC_S_STD,
};
use vidbuf_abi::selection::v4l2_crop;
use vidbuf_abi::standard::V4L2_STD_ALL;

use super::super::NodeOf;
use super::super::queue::foreign::Foreign;
use super::super::room::Rooms;
use super::{on_copy, on_copy_always, on_given};
use crate::cable::Cable;
use crate::profile::{Connector, ConnectorKind};

impl<R: Rooms> NodeOf<R> {
    pub(super) const fn is_input_ioctl(number: u32) -> bool {
        matches!(
            number,
            VIDIOC_ENUMINPUT
                | VIDIOC_G_INPUT
                | VIDIOC_S_INPUT
                | VIDIOC_ENUMSTD
                | VIDIOC_G_STD
                | VIDIOC_S_STD
                | VIDIOC_QUERYSTD
                | VIDIOC_ENUM_DV_TIMINGS
                | VIDIOC_G_DV_TIMINGS
                | VIDIOC_S_DV_TIMINGS
                | VIDIOC_QUERY_DV_TIMINGS
                | VIDIOC_DV_TIMINGS_CAP
                | VIDIOC_G_EDID
                | VIDIOC_S_EDID
                | VIDIOC_G_SELECTION
                | VIDIOC_S_SELECTION
                | VIDIOC_G_CROP
                | VIDIOC_S_CROP
                | VIDIOC_CROPCAP
        )
    }

    /// Whether any input needs the call: a driver has no standards that no input of it has.
    fn has_input_call(&self, number: u32) -> bool {
        let any = |has: fn(&Connector) -> bool| self.driver.profile.inputs.iter().any(has);
        match number {
            VIDIOC_ENUMINPUT | VIDIOC_G_INPUT | VIDIOC_S_INPUT => any(|_| true),
            VIDIOC_ENUMSTD | VIDIOC_G_STD | VIDIOC_S_STD | VIDIOC_QUERYSTD => any(Connector::has_standards),
            VIDIOC_G_SELECTION | VIDIOC_S_SELECTION | VIDIOC_G_CROP | VIDIOC_S_CROP | VIDIOC_CROPCAP => {
                self.driver.profile.crops
            }
            _ => any(Connector::has_timings),
        }
    }

    /// ENOTTY for what the driver has not; then the priority.
    pub(super) fn input_ioctl(
        &mut self,
        file: usize,
        number: u32,
        argument: &mut [u8],
        foreign: &mut dyn Foreign,
    ) -> Result<(), Errno> {
        if !self.has_input_call(number) {
            return Err(Errno::ENOTTY);
        }
        // That of VIDIOC_S_EDID comes after its array is read.
        if let VIDIOC_S_INPUT | VIDIOC_S_STD | VIDIOC_S_DV_TIMINGS | VIDIOC_S_SELECTION | VIDIOC_S_CROP = number {
            self.check_priority(file)?;
        }
        match number {
            VIDIOC_ENUMINPUT => on_given(argument, size_of::<u32>(), |input| self.enumerate_input(input)),
            VIDIOC_G_INPUT => on_copy(argument, |index: &mut u32| {
                *index = self.inputs.current;
                Ok(())
            }),
            VIDIOC_S_INPUT => on_copy(argument, |index: &mut u32| self.set_input(*index)),
            VIDIOC_ENUMSTD => on_given(argument, size_of::<u32>(), |standard| self.enumerate_standard(standard)),
            VIDIOC_G_STD => on_copy(argument, |standards: &mut u64| {
                *standards = self.standard()?;
                Ok(())
            }),
            VIDIOC_S_STD => on_copy(argument, |standards: &mut u64| self.set_standard(*standards)),
            VIDIOC_QUERYSTD => on_copy(argument, |standards: &mut u64| {
                *standards = self.query_standard()?;
                Ok(())
            }),
            VIDIOC_ENUM_DV_TIMINGS => on_copy(argument, |ask| self.enumerate_timings(ask)),
            VIDIOC_G_DV_TIMINGS => on_copy(argument, |timings| self.get_timings(timings)),
            VIDIOC_S_DV_TIMINGS => on_copy(argument, |timings| self.set_timings(timings)),
            VIDIOC_QUERY_DV_TIMINGS => on_copy(argument, |timings| self.query_timings(timings)),
            VIDIOC_DV_TIMINGS_CAP => on_copy(argument, |cap| self.timings_cap(cap)),
            VIDIOC_G_EDID => on_copy_always(argument, |edid| self.get_edid(edid, foreign)),
            VIDIOC_S_EDID => on_copy_always(argument, |edid| self.set_edid(file, edid, foreign)),
            VIDIOC_G_SELECTION => on_copy(argument, |selection| self.get_selection(selection)),
            VIDIOC_S_SELECTION => on_copy(argument, |selection| self.set_selection(selection)),
            VIDIOC_G_CROP => on_copy(argument, |crop| self.get_crop(crop)),
            VIDIOC_S_CROP => on_copy(argument, |crop: &mut v4l2_crop| self.set_crop(crop)),
            _ => on_copy(argument, |limits| self.crop_limits(limits)),
        }
    }

    fn enumerate_input(&self, input: &mut v4l2_input) -> Result<(), Errno> {
        let index = input.index;
        // The core clears everything behind the index.
        *input = v4l2_input { index, ..Default::default() };
        let connector = self.driver.profile.input(index).ok_or(Errno::EINVAL)?;
        let last = input.name.len() - 1;
        for (to, from) in input.name.iter_mut().take(last).zip(connector.name.bytes()) {
            *to = from;
        }
        input.audioset = connector.audio_inputs;
        input.type_ = match connector.kind {
            ConnectorKind::Tuner => V4L2_INPUT_TYPE_TUNER,
            _ => V4L2_INPUT_TYPE_CAMERA,
        };
        if connector.has_standards() {
            (input.std, input.capabilities) = (V4L2_STD_ALL, V4L2_IN_CAP_STD);
        } else if connector.has_timings() {
            input.capabilities = V4L2_IN_CAP_DV_TIMINGS;
        }
        input.status = self.input_status(index, connector).bits();
        Ok(())
    }

    /// What arrives at an input, as vivid reports it: a standard's signal of the input in use only, and of each digital input what
    /// arrives at the digital one in use.
    fn input_status(&self, index: u32, connector: &Connector) -> InputStatus {
        let digital = connector.has_timings();
        let is_seen = digital || (connector.has_standards() && index == self.inputs.current);
        let cable = if digital && !self.is_digital() { Cable::default() } else { self.inputs.cable() };
        match cable {
            _ if !is_seen => InputStatus::empty(),
            Cable::Out => InputStatus::NO_SIGNAL,
            _ if digital && self.inputs.edid.is_empty() => InputStatus::NO_SIGNAL,
            Cable::NoLock => InputStatus::NO_H_LOCK,
            Cable::OutOfRange if digital => InputStatus::NO_H_LOCK,
            _ => InputStatus::empty(),
        }
    }

    fn set_input(&mut self, index: u32) -> Result<(), Errno> {
        self.driver.profile.input(index).ok_or(Errno::EINVAL)?;
        if index == self.inputs.current {
            return Ok(());
        }
        if self.has_buffers() {
            return Err(Errno::EBUSY);
        }
        self.switch_input(index);
        Ok(())
    }
}
