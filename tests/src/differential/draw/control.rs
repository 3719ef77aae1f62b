//! Calls on controls: mostly on those that there are, with values around their limits.
//!
//! What is drawn leaves out what is not the same on both sides: vivid's gain while it is automatic (a clock), its array of pixels, and
//! whatever else changes the source or brings faults.

use vidbuf::node::ControlType;
use vidbuf_abi::control::{
    V4L2_CTRL_FLAG_NEXT_COMPOUND, V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_WHICH_DEF_VAL, V4L2_CTRL_WHICH_MAX_VAL,
    V4L2_CTRL_WHICH_MIN_VAL, V4L2_CTRL_WHICH_REQUEST_VAL, v4l2_control, v4l2_ext_control, v4l2_ext_controls,
    v4l2_query_ext_ctrl, v4l2_queryctrl, v4l2_querymenu,
};
use vidbuf_abi::ioctl::{
    VIDIOC_G_CTRL, VIDIOC_G_EXT_CTRLS, VIDIOC_QUERY_EXT_CTRL, VIDIOC_QUERYCTRL, VIDIOC_QUERYMENU, VIDIOC_S_CTRL,
    VIDIOC_S_EXT_CTRLS, VIDIOC_TRY_EXT_CTRLS,
};
use vidbuf_abi::value::Value as _;
use vidbuf_sim::SimControl;

use super::super::memories::{POINTED, POINTED_LENGTH};
use super::{Draw, Ioctl, Operation};

/// Bytes between the values of two elements.
const ROOM: usize = 512;
/// Elements with a value of their own.
const MOST: usize = 6;
/// The array of pixels comes after this one.
const BEFORE_PIXELS: u32 = 0x0098_f90d;
const GAIN: u32 = 0x0098_0913;
/// vivid sets it to the number of each frame: not read here, and nobody can set it.
const FRAME_NUMBER: u32 = 0x0098_f90c;

/// Whether values of a control may be read and set: those of users, but for what a clock sets.
pub fn is_settled(id: u32) -> bool {
    id >> 16 == 0x98 && id != GAIN
}

fn is_still(id: u32) -> bool {
    is_settled(id) && id != FRAME_NUMBER
}

/// Which controls a call is made on.
fn of_call(number: u32) -> fn(u32) -> bool {
    if matches!(number, VIDIOC_G_CTRL | VIDIOC_G_EXT_CTRLS) { is_still } else { is_settled }
}

/// Whether a control is the same on every node of vivid: its connections are named by the node's number, and what arrives at its inputs
/// is INACTIVE or not by the input and the cable that were before.
fn is_same(id: u32) -> bool {
    !matches!(id, 0x00f0_f03c..=0x00f0_f03f | 0x00f0_f071 | 0x00f0_f080)
}

impl Draw<'_> {
    /// Any of the calls.
    pub(super) fn control(&mut self, descriptor: usize) -> Operation {
        match self.rng.u32(0..12) {
            0 => self.query(descriptor),
            1 => self.query_any(descriptor),
            2 => self.query_menu(descriptor),
            3 => self.one_value(descriptor, VIDIOC_G_CTRL),
            4 | 5 => self.one_value(descriptor, VIDIOC_S_CTRL),
            6 | 7 => self.several(descriptor, VIDIOC_G_EXT_CTRLS),
            8 | 9 => self.several(descriptor, VIDIOC_TRY_EXT_CTRLS),
            _ => self.several(descriptor, VIDIOC_S_EXT_CTRLS),
        }
    }

    /// One of the node's controls.
    fn one_of_controls(&mut self, fits: fn(u32) -> bool) -> SimControl {
        let controls = self.simulated.node.profile().controls;
        let fitting: Vec<_> = controls.iter().filter(|control| fits(control.id.0)).collect();
        *self.one_of(&fitting)
    }

    /// The number of one, or of none.
    fn control_id(&mut self, fits: fn(u32) -> bool) -> u32 {
        let (known, private) = (self.one_of_controls(fits).id.0, 0x0800_0000 + self.rng.u32(0..16));
        self.usual(90, known, &[0, private, 0x0980_0001, 0x0098_0fff, known | 0x1000_0000, 0x0fff_ffff, u32::MAX >> 2])
    }

    /// The number of one, or with flags that of the one before.
    fn asked_id(&mut self) -> u32 {
        let id = self.control_id(is_same);
        let next = self.one_of(&[
            0,
            0,
            V4L2_CTRL_FLAG_NEXT_CTRL,
            V4L2_CTRL_FLAG_NEXT_COMPOUND,
            V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND,
        ]);
        let reaches_pixels = next & V4L2_CTRL_FLAG_NEXT_COMPOUND != 0 && id & 0x0fff_ffff == BEFORE_PIXELS;
        let reaches_names =
            next & V4L2_CTRL_FLAG_NEXT_CTRL != 0 && (id & 0x0fff_ffff) >> 16 == 0xf0 && id & 0xffff >= 0xf048;
        let reaches_signals =
            next & V4L2_CTRL_FLAG_NEXT_CTRL != 0 && matches!(id & 0x0fff_ffff, 0x00f0_f000..=0x00f0_f03e);
        let others = next != 0 && id & 0xc000_0000 != 0;
        if reaches_pixels || reaches_names || reaches_signals || others { id & 0x0fff_ffff } else { id | next }
    }

    fn query(&mut self, descriptor: usize) -> Operation {
        let id = self.asked_id();
        let (type_, name, reserved) = (self.noise_word(), self.noise(), self.noise_words());
        self.noisy(Ioctl::new(
            descriptor,
            VIDIOC_QUERYCTRL,
            v4l2_queryctrl { id, type_, name, reserved, ..Default::default() },
        ))
    }

    fn query_any(&mut self, descriptor: usize) -> Operation {
        let id = self.asked_id();
        let (type_, name, reserved) = (self.noise_word(), self.noise(), self.noise_words());
        let dims = self.noise_words();
        let ask = v4l2_query_ext_ctrl { id, type_, name, dims, reserved, ..Default::default() };
        self.noisy(Ioctl::new(descriptor, VIDIOC_QUERY_EXT_CTRL, ask))
    }

    fn query_menu(&mut self, descriptor: usize) -> Operation {
        let menus = self.simulated.node.profile().controls.iter().filter(|control| {
            matches!(control.control_type, ControlType::MENU | ControlType::INTEGER_MENU) && is_same(control.id.0)
        });
        let menus: Vec<_> = menus.map(|control| (control.id.0, control.maximum as u32)).collect();
        let (menu, maximum) = self.one_of(&menus);
        let other = self.control_id(is_same);
        let id = self.usual(90, menu, &[other]);
        let some = self.rng.u32(0..=maximum);
        let index = self.usual(85, some, &[maximum + 1, 63, 64, 1 << 31, u32::MAX]);
        let (mut ask, reserved) = (v4l2_querymenu { id, index, ..Default::default() }, self.noise_word());
        ask.reserved = reserved;
        self.noisy(Ioctl::new(descriptor, VIDIOC_QUERYMENU, ask))
    }

    fn one_value(&mut self, descriptor: usize, number: u32) -> Operation {
        let control = self.one_of_controls(of_call(number));
        let (other, value) = (self.control_id(of_call(number)), self.value(&control) as i32);
        let id = self.usual(90, control.id.0, &[other]);
        self.noisy(Ioctl::new(descriptor, number, v4l2_control { id, value }))
    }

    /// A value around a control's limits.
    fn value(&mut self, control: &SimControl) -> i64 {
        let (minimum, maximum) = (control.minimum, control.maximum);
        let span = maximum.saturating_sub(minimum).clamp(0, i64::MAX - 1);
        let inside = minimum.saturating_add(self.rng.i64(0..=span));
        let (narrow, wide) = (self.rng.i32(..).into(), self.rng.i64(..));
        let around = [minimum, maximum, minimum.wrapping_sub(1), maximum.wrapping_add(1), control.default, 0, 1, -1];
        let any = self.one_of(&[narrow, wide]);
        let other = self.one_of(&around);
        self.usual(60, inside, &[other, other, any])
    }

    fn several(&mut self, descriptor: usize, number: u32) -> Operation {
        let mut memory = vec![0; POINTED_LENGTH];
        let elements = self.rng.usize(1..=MOST);
        let mut class = 0;
        for index in 0..elements {
            let control = self.one_of_controls(of_call(number));
            class = control.id.class();
            let element = self.element(&control, of_call(number), index, &mut memory);
            element.put(&mut memory, index * size_of::<v4l2_ext_control>());
        }
        let count = self.usual(93, elements as u32, &[0, 1, elements as u32 + 1, 205, 1024, 1025, u32::MAX]);
        let others = [
            class,
            class,
            0x009a_0000,
            class | 0x1000_0000,
            V4L2_CTRL_WHICH_DEF_VAL,
            V4L2_CTRL_WHICH_DEF_VAL,
            V4L2_CTRL_WHICH_DEF_VAL | 0x1000_0000,
            V4L2_CTRL_WHICH_REQUEST_VAL,
            V4L2_CTRL_WHICH_MIN_VAL,
            V4L2_CTRL_WHICH_MAX_VAL,
            u32::MAX,
        ];
        let defaults = if number == VIDIOC_G_EXT_CTRLS { 75 } else { 88 };
        let which = self.usual(defaults, 0, &others);
        let controls = self.usual(97, POINTED, &[0, POINTED + POINTED_LENGTH as u64]) as usize;
        let (error_idx, reserved) = (self.noise_word(), self.noise_words());
        let request_fd = self.usual(90, 0, &[-1, 1, i32::MAX]);
        let argument = v4l2_ext_controls { which, count, error_idx, request_fd, reserved, controls };
        let mut ioctl = Ioctl::new(descriptor, number, argument);
        ioctl.memory = memory;
        self.noisy(ioctl)
    }

    /// An element, and what it points to.
    fn element(
        &mut self,
        control: &SimControl,
        others: fn(u32) -> bool,
        index: usize,
        memory: &mut [u8],
    ) -> v4l2_ext_control {
        let other = self.control_id(others);
        let id = self.usual(95, control.id.0, &[other]);
        let mut element = v4l2_ext_control { id, reserved2: self.noise_words(), ..Default::default() };
        element.value.set_value64(i64::from_ne_bytes(self.noise()));
        let is_text = control.control_type == ControlType::STRING;
        if !is_text && !control.control_type.is_compound() && control.dims.is_empty() {
            let value = self.value(control);
            let mut union = element.value;
            match control.control_type {
                ControlType::INTEGER64 => union.set_value64(value),
                _ => union.set_value(value as i32),
            }
            element.value = union;
            element.size = self.usual(95, 0, &[4, 8, u32::MAX]);
            return element;
        }
        let at = ROOM * (index + 1);
        let room = &mut memory[at..at + ROOM];
        self.rng.fill(room);
        let right = if is_text { control.maximum as u32 + 1 } else { self.bytes_of(control) };
        if is_text {
            let some = self.rng.usize(0..8);
            let length = self.usual(50, 3, &[2, 4, some]);
            room.iter_mut().take(length).for_each(|byte| *byte = b'a' + *byte % 26);
            room[length] = if self.chance(90) { 0 } else { b'x' };
        }
        let some = self.rng.u32(0..=right * 2);
        element.size = self.usual(75, right, &[0, 1, right - 1, right + 1, some, ROOM as u32]).min(ROOM as u32);
        let address = POINTED + at as u64;
        let address = self.usual(97, address, &[0, POINTED + POINTED_LENGTH as u64]);
        let mut union = element.value;
        union.set_ptr(address as usize);
        element.value = union;
        element
    }

    /// Bytes of an array that is right: of one whose length can be set, of some length.
    fn bytes_of(&mut self, control: &SimControl) -> u32 {
        let size = match control.control_type {
            ControlType::U8 => 1,
            ControlType::U16 => 2,
            ControlType::INTEGER64 | ControlType::AREA => 8,
            _ => 4,
        };
        let elements: u32 = control.dims.iter().product();
        let is_dynamic = control.flags.contains(vidbuf::node::ControlFlags::DYNAMIC_ARRAY);
        size * if is_dynamic { self.rng.u32(1..=elements) } else { elements }
    }
}
