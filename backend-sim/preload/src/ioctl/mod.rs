//! ioctls: which number is which call. The model makes most of them; what it has not is here, one file for each kind.

mod capability;
mod control;
mod event;
mod export;
mod formats;
mod model;
mod rate;
mod sizes;

use core::ffi::c_void;

use vidbuf_sim::kernel::File;
use vidbuf_sim::kernel::abi::ioctl::*;
use vidbuf_sim::kernel::abi::value::Value;

use crate::device::Device;
use crate::lock::Guard;
use crate::table::Open;
use crate::user;
use crate::world::World;
use vidbuf_sim::Errno;

/// One call.
pub struct Call<'a> {
    /// Everything.
    pub world: &'a mut Guard<World>,
    /// The node.
    pub device: usize,
    /// The open file.
    pub file: File,
    /// Where the program's structure is.
    pub argument: *mut c_void,
}

type Answer = Result<i32, Errno>;

/// Calls on inputs that the model makes, of nodes that have more than a camera.
const fn is_of_inputs(number: u32) -> bool {
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
            | VIDIOC_CROPCAP
    )
}

/// `ioctl` on a node.
pub fn ioctl(world: &mut Guard<World>, open: Open, number: u32, argument: *mut c_void) -> Answer {
    let mut call = Call { world, device: open.device, file: open.file, argument };
    let call = &mut call;
    match number {
        VIDIOC_QBUF | VIDIOC_DQBUF | VIDIOC_QUERYBUF | VIDIOC_PREPARE_BUF | VIDIOC_REQBUFS | VIDIOC_CREATE_BUFS
        | VIDIOC_REMOVE_BUFS | VIDIOC_EXPBUF | VIDIOC_STREAMON | VIDIOC_STREAMOFF | VIDIOC_G_FMT | VIDIOC_S_FMT
        | VIDIOC_TRY_FMT | VIDIOC_G_PRIORITY | VIDIOC_S_PRIORITY => return model::make(call, number),
        _ => {}
    }
    if call.device().node.is_gone(open.file) {
        return Err(Errno::ENODEV);
    }
    if is_of_inputs(number) && call.device().has_signals() {
        return model::make(call, number);
    }
    match number {
        VIDIOC_QUERYCAP => capability::query(call),
        VIDIOC_ENUM_FMT => formats::enumerate(call),
        VIDIOC_G_PARM => rate::get(call),
        VIDIOC_S_PARM => rate::set(call),
        VIDIOC_ENUMINPUT => capability::enumerate_input(call),
        VIDIOC_G_CTRL => control::get(call),
        VIDIOC_S_CTRL => control::set(call),
        VIDIOC_QUERYCTRL => control::query(call),
        VIDIOC_QUERYMENU => control::query_menu(call),
        VIDIOC_G_INPUT => capability::get_input(call),
        VIDIOC_S_INPUT => capability::set_input(call),
        VIDIOC_G_OUTPUT => capability::get_output(call),
        VIDIOC_S_OUTPUT => capability::set_output(call),
        VIDIOC_ENUMOUTPUT => capability::enumerate_output(call),
        VIDIOC_G_EXT_CTRLS => control::get_all(call),
        VIDIOC_S_EXT_CTRLS => control::set_all(call),
        VIDIOC_TRY_EXT_CTRLS => control::try_all(call),
        VIDIOC_ENUM_FRAMESIZES => sizes::enumerate(call),
        VIDIOC_ENUM_FRAMEINTERVALS => rate::enumerate(call),
        VIDIOC_DQEVENT => event::dequeue(call),
        VIDIOC_SUBSCRIBE_EVENT => event::subscribe(call),
        VIDIOC_UNSUBSCRIBE_EVENT => event::unsubscribe(call),
        VIDIOC_QUERY_EXT_CTRL => control::query_extended(call),
        // There is no caller to return it to.
        VIDIOC_LOG_STATUS => Ok(0),
        _ => Err(Errno::ENOTTY),
    }
}

impl Call<'_> {
    /// The node.
    fn device(&mut self) -> &mut Device {
        self.world.device(self.device)
    }

    /// Something about the node changed.
    fn changed(&mut self) {
        let device = self.device;
        self.world.changed(device);
    }

    /// Reads the program's structure.
    fn read<T: Value>(&self) -> Result<T, Errno> {
        user::read(self.argument as usize)
    }

    /// Writes the program's structure.
    fn write<T: Value>(&self, value: &T) -> Answer {
        user::write(self.argument as usize, *value)?;
        Ok(0)
    }
}
