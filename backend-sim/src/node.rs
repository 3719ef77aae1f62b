//! What may be asked of an open file besides its buffers: the traits of [`vidbuf::node`], by the calls that a program on Linux makes.

mod control;
mod event;
mod formats;
mod input;
mod open;
mod refuse;

use vidbuf::node::{FrameInterval, FrameIntervals, ListIntervals, item};
use vidbuf::{Errno, FourCc};
use vidbuf_abi::frame::v4l2_frmivalenum;
use vidbuf_abi::ioctl::VIDIOC_ENUM_FRAMEINTERVALS;
use vidbuf_abi::value::Value;

pub(crate) use open::Presence;
pub(crate) use refuse::Refusals;

use crate::file::SimFile;

impl<const BUFFERS: usize, const QUEUES: usize> SimFile<'_, '_, BUFFERS, QUEUES> {
    /// An ioctl that is not about buffers. Frames come at the rate that the node has afterwards.
    fn node_call<T: Value>(&self, number: u32, argument: &mut T) -> Result<(), Errno> {
        self.sim.state.with(|state| {
            state.refuse(number)?;
            state.node.call(self.file, number, argument, &mut [])?;
            state.follow_interval();
            Ok(())
        })
    }

    /// The same with an argument, which it returns.
    fn ask<T: Value>(&self, number: u32, mut argument: T) -> Result<T, Errno> {
        self.node_call(number, &mut argument)?;
        Ok(argument)
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> ListIntervals for SimFile<'_, '_, BUFFERS, QUEUES> {
    /// All are of type DISCRETE.
    fn interval(&self, format: FourCc, width: u32, height: u32, index: u32) -> Result<Option<FrameIntervals>, Errno> {
        let mut ask = v4l2_frmivalenum { index, pixel_format: format.0, width, height, ..Default::default() };
        let returned = self.node_call(VIDIOC_ENUM_FRAMEINTERVALS, &mut ask);
        let listed = ask.interval.discrete();
        let interval = FrameInterval { numerator: listed.numerator, denominator: listed.denominator };
        item(index, returned.map(|()| (ask.index, FrameIntervals::Discrete(interval))))
    }
}
