//! Controls.

use vidbuf_sim::kernel::abi::control::{
    V4L2_CID_MAX_CTRLS as MOST, V4L2_CTRL_WHICH_DEF_VAL as DEFAULTS, v4l2_control, v4l2_ext_control, v4l2_ext_controls,
    v4l2_query_ext_ctrl, v4l2_queryctrl, v4l2_querymenu, v4l2_querymenu_item,
};

use vidbuf_sim::Errno;

use super::{Answer, Call, text};

const CLASS_MASK: u32 = 0x0fff_0000;
const EINVAL: Errno = Errno::EINVAL;

/// VIDIOC_QUERYCTRL.
pub fn query(call: &mut Call) -> Answer {
    let ask: v4l2_queryctrl = call.read()?;
    let control = call.device.extras.controls.listed(call.device.extras.controls.query(ask.id))?;
    call.write(&v4l2_queryctrl {
        id: control.id,
        type_: control.kind,
        name: text(control.name),
        minimum: control.range.0,
        maximum: control.range.1,
        step: control.step,
        default_value: control.default,
        flags: control.flags,
        reserved: [0; 2],
    })
}

/// VIDIOC_QUERY_EXT_CTRL.
pub fn query_extended(call: &mut Call) -> Answer {
    let ask: v4l2_query_ext_ctrl = call.read()?;
    let control = call.device.extras.controls.listed(call.device.extras.controls.query(ask.id))?;
    call.write(&v4l2_query_ext_ctrl {
        id: control.id,
        type_: control.kind,
        name: text(control.name),
        minimum: control.range.0.into(),
        maximum: control.range.1.into(),
        step: control.step as u64,
        default_value: control.default.into(),
        flags: control.flags,
        elem_size: 4,
        elems: 1,
        nr_of_dims: 0,
        dims: [0; 4],
        reserved: [0; 32],
    })
}

/// VIDIOC_QUERYMENU.
pub fn query_menu(call: &mut Call) -> Answer {
    let ask: v4l2_querymenu = call.read()?;
    let control = call.device.extras.controls.listed(call.device.extras.controls.find(ask.id))?;
    let name = control.menu.get(ask.index as usize).ok_or(EINVAL)?;
    call.write(&v4l2_querymenu { item: v4l2_querymenu_item::of_name(text(name)), reserved: 0, ..ask })
}

/// VIDIOC_G_CTRL.
pub fn get(call: &mut Call) -> Answer {
    let mut raw: v4l2_control = call.read()?;
    let place = call.device.extras.controls.find(raw.id).ok_or(EINVAL)?;
    raw.value = call.device.extras.controls.get(place)?;
    call.write(&raw)
}

/// VIDIOC_S_CTRL.
pub fn set(call: &mut Call) -> Answer {
    let mut raw: v4l2_control = call.read()?;
    check_priority(call)?;
    let place = call.device.extras.controls.find(raw.id).ok_or(EINVAL)?;
    raw.value = call.device.extras.controls.check(place, raw.value)?;
    store(call, place, raw.value);
    call.write(&raw)
}

fn check_priority(call: &mut Call) -> Result<(), Errno> {
    let file = call.file;
    let node = &call.device.node;
    node.may_change(file)
}

fn store(call: &mut Call, place: usize, value: i32) {
    super::faults::pressed(call.device, place, value);
    let extras = &mut call.device.extras;
    if extras.controls.set(place, value) {
        extras.events.control_changed(call.file, place, &extras.controls);
    }
}

/// The structure around several controls, and where they are in the list.
struct Several {
    raw: v4l2_ext_controls,
    places: Vec<usize>,
}

impl Several {
    /// Finds all of them. `error_idx` is which was wrong, or with `all_or_none` only that one was.
    fn read(call: &mut Call, all_or_none: bool) -> Result<Self, Errno> {
        let mut raw: v4l2_ext_controls = call.read()?;
        raw.reserved = [0];
        raw.error_idx = raw.count;
        let mut several = Self { raw, places: Vec::new() };
        // The present values, the defaults, or the values of one class.
        let any_class = matches!(raw.which, 0 | DEFAULTS);
        if !(any_class || call.device.extras.controls.has_class(raw.which)) || raw.count > MOST {
            return several.fail(call, EINVAL);
        }
        for place in 0..raw.count {
            let control: v4l2_ext_control = call.memory.get(several.address(place))?;
            let found = call.device.extras.controls.find(control.id);
            let fits = any_class || control.id & CLASS_MASK == raw.which;
            match found.filter(|_| fits) {
                Some(found) => several.places.push(found),
                None => {
                    if !all_or_none {
                        several.raw.error_idx = place;
                    }
                    return several.fail(call, EINVAL);
                }
            }
        }
        Ok(several)
    }

    fn address(&self, place: u32) -> u64 {
        (self.raw.controls + place as usize * size_of::<v4l2_ext_control>()) as u64
    }

    /// These calls write a result even when they fail.
    fn fail<T>(&self, call: &mut Call, errno: Errno) -> Result<T, Errno> {
        call.write(&self.raw)?;
        Err(errno)
    }

    fn control(&self, call: &Call, place: usize) -> Result<v4l2_ext_control, Errno> {
        call.memory.get(self.address(place as u32))
    }

    fn put(&self, call: &Call, place: usize, mut control: v4l2_ext_control, value: i32) -> Result<(), Errno> {
        control.value.set_value(value);
        call.memory.put(self.address(place as u32), control)
    }
}

/// VIDIOC_G_EXT_CTRLS.
pub fn get_all(call: &mut Call) -> Answer {
    let several = Several::read(call, true)?;
    let defaults = several.raw.which == DEFAULTS;
    for found in &several.places {
        if let Err(errno) = call.device.extras.controls.get(*found) {
            return several.fail(call, errno);
        }
    }
    for (place, found) in several.places.iter().enumerate() {
        let value = if defaults {
            call.device.extras.controls.at(*found).default
        } else {
            call.device.extras.controls.get(*found)?
        };
        several.put(call, place, several.control(call, place)?, value)?;
    }
    call.write(&several.raw)
}

/// VIDIOC_TRY_EXT_CTRLS.
pub fn try_all(call: &mut Call) -> Answer {
    change_all(call, false)
}

/// VIDIOC_S_EXT_CTRLS.
pub fn set_all(call: &mut Call) -> Answer {
    check_priority(call)?;
    change_all(call, true)
}

fn change_all(call: &mut Call, store_them: bool) -> Answer {
    let mut several = Several::read(call, store_them)?;
    if several.raw.which == DEFAULTS {
        return several.fail(call, EINVAL);
    }
    let mut values = Vec::new();
    for (place, found) in several.places.iter().enumerate() {
        let control = several.control(call, place)?;
        match call.device.extras.controls.check(*found, { control.value }.value()) {
            Ok(value) => values.push(value),
            Err(errno) => {
                if !store_them {
                    several.raw.error_idx = place as u32;
                }
                return several.fail(call, errno);
            }
        }
    }
    for (place, (found, value)) in several.places.iter().zip(values).enumerate() {
        if store_them {
            store(call, *found, value);
        }
        several.put(call, place, several.control(call, place)?, value)?;
    }
    call.write(&several.raw)
}
