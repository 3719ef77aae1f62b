//! Controls: the calls of [`Controls`] on a video node or a subdevice node, which have the same numbers.

mod query;
mod several;

use core::mem::MaybeUninit;

use vidbuf::node::{
    Control, ControlId, ControlValue, Controls, ControlsCall, ControlsError, MenuItem, MenuLabel, item,
};
use vidbuf_abi::control::{
    V4L2_CTRL_FLAG_NEXT_COMPOUND, V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_TYPE_MENU, v4l2_control, v4l2_query_ext_ctrl,
    v4l2_queryctrl, v4l2_querymenu,
};

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno};

plain!(v4l2_control);
plain!(v4l2_queryctrl);
plain!(v4l2_query_ext_ctrl);
plain!(v4l2_querymenu);

impl Device {
    /// The control that the driver returns for this number and these flags of a query.
    fn query(&self, id: u32, next: u32) -> Result<Option<Control>, Errno> {
        let mut room = MaybeUninit::<v4l2_query_ext_ctrl>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.id = id | next;
        match v4l2!(self, VIDIOC_QUERY_EXT_CTRL, kernel) {
            Ok(()) => Ok(Some(query::described(kernel))),
            Err(Errno::EINVAL) => Ok(None),
            // A kernel before 3.17, or a driver with controls of its own making.
            Err(Errno::ENOTTY) => self.query_32(id, next & V4L2_CTRL_FLAG_NEXT_CTRL),
            Err(error) => Err(error),
        }
    }

    /// The same by the older call, which reports no arrays and has limits of 32 bits.
    fn query_32(&self, id: u32, next: u32) -> Result<Option<Control>, Errno> {
        let mut room = MaybeUninit::<v4l2_queryctrl>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.id = id | next;
        match v4l2!(self, VIDIOC_QUERYCTRL, kernel) {
            Ok(()) => Ok(Some(query::described_32(kernel))),
            Err(Errno::EINVAL) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Controls for Device {
    fn query_control(&self, id: ControlId) -> Result<Option<Control>, Errno> {
        Ok(self.query(id.0, 0)?.filter(|control| control.id == id))
    }

    fn next_control(&self, after: ControlId) -> Result<Option<Control>, Errno> {
        self.query(after.0, V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND)
    }

    fn menu_item(&self, control: &Control, index: u32) -> Result<Option<MenuItem>, Errno> {
        if !control.is_menu() {
            return Ok(None);
        }
        let mut room = MaybeUninit::<v4l2_querymenu>::uninit();
        let kernel = zero_in_place(&mut room);
        (kernel.id, kernel.index) = (control.id.0, index);
        let outcome = v4l2!(self, VIDIOC_QUERYMENU, kernel);
        let label = match control.control_type.0 {
            V4L2_CTRL_TYPE_MENU => MenuLabel::Name(vidbuf::node::Text::new(kernel.item.name())),
            _ => MenuLabel::Number(kernel.item.value()),
        };
        item(index, outcome.map(|()| (kernel.index, MenuItem::new(index, label))))
    }

    fn control(&self, id: ControlId) -> Result<i32, Errno> {
        let mut control = v4l2_control { id: id.0, value: 0 };
        v4l2!(self, VIDIOC_G_CTRL, &mut control)?;
        Ok(control.value)
    }

    fn set_control(&self, id: ControlId, value: i32) -> Result<i32, Errno> {
        let mut control = v4l2_control { id: id.0, value };
        v4l2!(self, VIDIOC_S_CTRL, &mut control)?;
        Ok(control.value)
    }

    fn call_controls(&self, call: ControlsCall, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
        several::call(self, call, values)
    }
}
