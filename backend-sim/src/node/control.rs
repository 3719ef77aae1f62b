//! [`Controls`] by the calls that a program on Linux makes.

use vidbuf::Errno;
use vidbuf::node::{
    Control, ControlFlags, ControlId, ControlPayload, ControlType, ControlValue, Controls, ControlsCall, ControlsError,
    MOST_CONTROLS, MenuItem, MenuLabel, Text, Which, item,
};
use vidbuf_abi::control::{
    V4L2_CTRL_FLAG_NEXT_COMPOUND, V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_WHICH_CUR_VAL, V4L2_CTRL_WHICH_DEF_VAL,
    V4L2_CTRL_WHICH_MAX_VAL, V4L2_CTRL_WHICH_MIN_VAL, v4l2_control, v4l2_ext_control, v4l2_ext_controls,
    v4l2_query_ext_ctrl, v4l2_querymenu,
};
use vidbuf_abi::ioctl::{
    VIDIOC_G_CTRL, VIDIOC_G_EXT_CTRLS, VIDIOC_QUERY_EXT_CTRL, VIDIOC_QUERYMENU, VIDIOC_S_CTRL, VIDIOC_S_EXT_CTRLS,
    VIDIOC_TRY_EXT_CTRLS,
};
use vidbuf_abi::value::Value;

use crate::file::SimFile;
use crate::kernel::{DmaBuf, Foreign};

/// Bytes of an element of the array.
const ELEMENT: usize = size_of::<v4l2_ext_control>();
/// Bits of an address within one piece of the program's memory. The array is the first piece, the room of value 0 the next.
const PIECE: u32 = 24;

/// What a program points to: the array, and the rooms of the values.
struct Program<'p, 'v> {
    array: [u8; ELEMENT * MOST_CONTROLS],
    values: &'p mut [ControlValue<'v>],
}

impl Program<'_, '_> {
    /// The bytes from an address on.
    fn at(&mut self, address: u64, length: usize) -> Result<&mut [u8], Errno> {
        let (piece, offset) = ((address >> PIECE) as usize, (address & ((1 << PIECE) - 1)) as usize);
        let memory = match piece.checked_sub(1) {
            None => &mut self.array[..],
            Some(value) => match self.values.get_mut(value).map(ControlValue::payload_mut) {
                Some(ControlPayload::Bytes { room, .. }) => room,
                _ => return Err(Errno::EFAULT),
            },
        };
        memory.get_mut(offset..).and_then(|rest| rest.get_mut(..length)).ok_or(Errno::EFAULT)
    }

    /// The value as the kernel takes it.
    fn give(&mut self, index: usize) {
        let Some(value) = self.values.get_mut(index) else { return };
        let mut element = v4l2_ext_control { id: value.id().0, ..Default::default() };
        match value.payload_mut() {
            ControlPayload::Integer(number) => element.value.set_value(*number),
            ControlPayload::Integer64(number) => element.value.set_value64(*number),
            ControlPayload::Bytes { room, size } => {
                *size = u32::try_from(room.len()).unwrap_or(u32::MAX);
                element.size = *size;
                element.value.set_ptr((index + 1) << PIECE);
            }
            _ => {}
        }
        element.put(&mut self.array, index * ELEMENT);
    }

    /// What the kernel has made of it.
    fn take(&mut self, index: usize) {
        let element = v4l2_ext_control::get(&self.array, index * ELEMENT);
        match self.values.get_mut(index).map(ControlValue::payload_mut) {
            Some(ControlPayload::Integer(number)) => *number = { element.value }.value(),
            Some(ControlPayload::Integer64(number)) => *number = { element.value }.value64(),
            Some(ControlPayload::Bytes { size, .. }) => *size = element.size,
            _ => {}
        }
    }
}

impl Foreign for Program<'_, '_> {
    fn pin(&mut self, _: u64, _: u32, _: bool) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }

    fn dma_buf(&mut self, _: i32) -> Result<DmaBuf, Errno> {
        Err(Errno::EINVAL)
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        bytes.copy_from_slice(self.at(address, bytes.len())?);
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.at(address, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> SimFile<'_, '_, BUFFERS, QUEUES> {
    fn query(&self, id: u32) -> Result<Option<Control>, Errno> {
        let mut ask = v4l2_query_ext_ctrl { id, ..Default::default() };
        match self.node_call(VIDIOC_QUERY_EXT_CTRL, &mut ask) {
            Ok(()) => Ok(Some(described(&ask))),
            Err(Errno::EINVAL) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn described(returned: &v4l2_query_ext_ctrl) -> Control {
    let mut control = Control::new(ControlId(returned.id), ControlType(returned.type_));
    control.name = Text::new(returned.name);
    (control.minimum, control.maximum) = (returned.minimum, returned.maximum);
    (control.step, control.default) = (returned.step, returned.default_value);
    control.flags = ControlFlags::from_bits_retain(returned.flags);
    (control.elem_size, control.elems) = (returned.elem_size, returned.elems);
    (control.nr_of_dims, control.dims) = (returned.nr_of_dims, returned.dims);
    control
}

impl<const BUFFERS: usize, const QUEUES: usize> Controls for SimFile<'_, '_, BUFFERS, QUEUES> {
    fn query_control(&self, id: ControlId) -> Result<Option<Control>, Errno> {
        Ok(self.query(id.0)?.filter(|control| control.id == id))
    }

    fn next_control(&self, after: ControlId) -> Result<Option<Control>, Errno> {
        self.query(after.0 | V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND)
    }

    fn menu_item(&self, control: &Control, index: u32) -> Result<Option<MenuItem>, Errno> {
        if !control.is_menu() {
            return Ok(None);
        }
        let mut ask = v4l2_querymenu { id: control.id.0, index, ..Default::default() };
        let outcome = self.node_call(VIDIOC_QUERYMENU, &mut ask);
        let label = match control.control_type {
            ControlType::MENU => MenuLabel::Name(Text::new({ ask.item }.name())),
            _ => MenuLabel::Number({ ask.item }.value()),
        };
        item(index, outcome.map(|()| (ask.index, MenuItem::new(index, label))))
    }

    fn control(&self, id: ControlId) -> Result<i32, Errno> {
        let mut control = v4l2_control { id: id.0, value: 0 };
        self.node_call(VIDIOC_G_CTRL, &mut control)?;
        Ok(control.value)
    }

    fn set_control(&self, id: ControlId, value: i32) -> Result<i32, Errno> {
        let mut control = v4l2_control { id: id.0, value };
        self.node_call(VIDIOC_S_CTRL, &mut control)?;
        Ok(control.value)
    }

    fn call_controls(&self, call: ControlsCall, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
        let count = values.len();
        let refused = |errno, error_idx| ControlsError::new(call, errno, error_idx, count);
        let (number, which) = match call {
            ControlsCall::Get(Which::Current) => (VIDIOC_G_EXT_CTRLS, V4L2_CTRL_WHICH_CUR_VAL),
            ControlsCall::Get(Which::Default) => (VIDIOC_G_EXT_CTRLS, V4L2_CTRL_WHICH_DEF_VAL),
            ControlsCall::Get(Which::Minimum) => (VIDIOC_G_EXT_CTRLS, V4L2_CTRL_WHICH_MIN_VAL),
            ControlsCall::Get(Which::Maximum) => (VIDIOC_G_EXT_CTRLS, V4L2_CTRL_WHICH_MAX_VAL),
            ControlsCall::Set => (VIDIOC_S_EXT_CTRLS, V4L2_CTRL_WHICH_CUR_VAL),
            ControlsCall::Try => (VIDIOC_TRY_EXT_CTRLS, V4L2_CTRL_WHICH_CUR_VAL),
            _ => return Err(refused(Errno::EINVAL, u32::MAX)),
        };
        if count > MOST_CONTROLS {
            return Err(refused(Errno::EINVAL, u32::MAX));
        }
        let mut program = Program { array: [0; ELEMENT * MOST_CONTROLS], values };
        (0..count).for_each(|index| program.give(index));
        let raw = v4l2_ext_controls { which, count: count as u32, error_idx: count as u32, ..Default::default() };
        let mut argument = [0; size_of::<v4l2_ext_controls>()];
        raw.put(&mut argument, 0);
        let outcome = self
            .sim
            .state
            .with(|state| state.node.ioctl_with(self.file, number, &mut argument, &mut [], &mut program).map(drop));
        (0..count).for_each(|index| program.take(index));
        outcome.map_err(|errno| refused(errno, v4l2_ext_controls::get(&argument, 0).error_idx))
    }
}
