//! Calls that are not about buffers. Adding one is a row here and a function in a file of its own.

use vidbuf::Errno;
use vidbuf_abi::ioctl::{
    VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_ENUM_FRAMESIZES, VIDIOC_G_PARM, VIDIOC_QUERYCAP, VIDIOC_S_PARM,
};

use super::super::NodeOf;
use super::super::room::Rooms;
use super::on_copy;
use crate::profile::Flow;

impl<R: Rooms> NodeOf<R> {
    /// The calls that are not about buffers. ENOTTY for what the driver has not.
    pub(super) fn node_ioctl(&mut self, file: usize, number: u32, argument: &mut [u8]) -> Result<(), Errno> {
        let profile = &self.driver.profile;
        match number {
            VIDIOC_QUERYCAP => on_copy(argument, |into| {
                self.query_capabilities(into);
                Ok(())
            }),
            VIDIOC_ENUM_FMT => on_copy(argument, |ask| self.enumerate_format(file, ask)),
            VIDIOC_ENUM_FRAMESIZES if self.lists_sizes() => on_copy(argument, |ask| self.enumerate_size(ask)),
            VIDIOC_ENUM_FRAMEINTERVALS if profile.flow == Flow::Capture && !profile.intervals.is_empty() => {
                on_copy(argument, |ask| self.enumerate_interval(ask))
            }
            VIDIOC_G_PARM if self.has_rate() => on_copy(argument, |ask| self.get_parameters(file, ask)),
            VIDIOC_S_PARM if self.has_rate() => on_copy(argument, |ask| self.set_parameters(file, ask)),
            _ => Err(Errno::ENOTTY),
        }
    }
}
