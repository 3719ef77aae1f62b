//! Several controls in one call, as the control framework does it: it looks at all of them, then reads or sets one cluster after
//! the other, and copies everything back, also after a failure.

mod check;

use vidbuf::Errno;
use vidbuf::node::{ControlFlags, ControlType};
use vidbuf_abi::control::{
    V4L2_CID_MAX_CTRLS, V4L2_CTRL_WHICH_DEF_VAL, V4L2_CTRL_WHICH_REQUEST_VAL, v4l2_ext_control, v4l2_ext_controls,
};
use vidbuf_abi::event::V4L2_EVENT_CTRL_CH_VALUE;
use vidbuf_abi::ioctl::{VIDIOC_G_EXT_CTRLS, VIDIOC_S_EXT_CTRLS};
use vidbuf_abi::value::Value as _;

use super::super::super::NodeOf;
use super::super::super::controls::{LONGEST_VALUE, Place, first_value, validated_bytes};
use super::super::super::queue::foreign::Foreign;
use super::super::super::room::Rooms;
use super::{Cluster, EINVAL, put};

const CLASS_MASK: u32 = 0x0fff_0000;

/// Elements of the same control in one call: no program has many.
type Same = heapless::Vec<u32, 64>;

/// The argument of a call, and the array that it points to, which is the program's.
struct Call<'a> {
    raw: v4l2_ext_controls,
    foreign: &'a mut dyn Foreign,
}

impl Call<'_> {
    fn element(&mut self, index: u32) -> Result<v4l2_ext_control, Errno> {
        let mut bytes = [0; size_of::<v4l2_ext_control>()];
        self.foreign.read(self.address(index), &mut bytes)?;
        Ok(v4l2_ext_control::get(&bytes, 0))
    }

    fn put(&mut self, index: u32, element: v4l2_ext_control) -> Result<(), Errno> {
        let mut bytes = [0; size_of::<v4l2_ext_control>()];
        element.put(&mut bytes, 0);
        self.foreign.write(self.address(index), &bytes)
    }

    fn address(&self, index: u32) -> u64 {
        (self.raw.controls as u64).wrapping_add(u64::from(index) * size_of::<v4l2_ext_control>() as u64)
    }

    /// Every element is the program's memory.
    fn is_readable(&mut self) -> Result<(), Errno> {
        (0..self.raw.count).try_for_each(|index| self.element(index).map(drop))
    }
}

impl<R: Rooms> NodeOf<R> {
    /// VIDIOC_G_EXT_CTRLS, VIDIOC_S_EXT_CTRLS and VIDIOC_TRY_EXT_CTRLS.
    pub(super) fn several_controls(
        &mut self,
        file: usize,
        number: u32,
        argument: &mut [u8],
        foreign: &mut dyn Foreign,
    ) -> Result<(), Errno> {
        let raw = v4l2_ext_controls::read(argument).ok_or(Errno::EFAULT)?;
        let mut call = Call { raw, foreign };
        if raw.count > V4L2_CID_MAX_CTRLS {
            return Err(EINVAL);
        }
        call.is_readable()?;
        if self.places().next().is_none() {
            return Err(Errno::ENOTTY);
        }
        let set = number == VIDIOC_S_EXT_CTRLS;
        if set {
            self.check_priority(file)?;
        }
        call.raw.error_idx = raw.count;
        let outcome = match number {
            // No file is a request.
            _ if raw.which == V4L2_CTRL_WHICH_REQUEST_VAL => Err(EINVAL),
            VIDIOC_G_EXT_CTRLS => self.get_several(&mut call),
            _ => self.change_several(&mut call, set.then_some(file)),
        };
        call.raw.write(argument).ok_or(Errno::EFAULT)?;
        outcome
    }

    fn get_several(&mut self, call: &mut Call<'_>) -> Result<(), Errno> {
        let count = call.raw.count;
        let defaults = call.raw.which == V4L2_CTRL_WHICH_DEF_VAL;
        call.raw.which &= CLASS_MASK;
        if count == 0 {
            return self.has_class(call.raw.which);
        }
        let prepared = self.prepare(call, true).and_then(|clusters| {
            for index in 0..count {
                let place = self.place_of(call, index)?;
                if place.control.flags.contains(ControlFlags::WRITE_ONLY) {
                    return Err(Errno::EACCES);
                }
            }
            Ok(clusters)
        });
        call.raw.error_idx = count;
        let clusters = prepared?;
        for first in 0..count {
            if !self.is_first(call, first, clusters)? {
                continue;
            }
            call.raw.error_idx = first;
            let master = self.master_of(self.place_of(call, first)?);
            let mut fails = !defaults;
            for index in first..count {
                let place = self.place_of(call, index)?;
                if index != first && !(clusters && self.master_of(place).number == master.number) {
                    continue;
                }
                if core::mem::take(&mut fails) && self.is_volatile(place) {
                    self.fail_control(place)?;
                }
                self.give(call, index, place, defaults)?;
            }
        }
        Ok(())
    }

    /// Copies a value to the program.
    fn give(&self, call: &mut Call<'_>, index: u32, place: Place, defaults: bool) -> Result<(), Errno> {
        let mut element = call.element(index)?;
        let control = place.control;
        if !control.has_payload() {
            let value = match defaults {
                true => control.default,
                false if self.is_volatile(place) => self.volatile_number(place),
                false => self.controls.number(place),
            };
            give_number(&mut element, control.control_type, value);
            return call.put(index, element);
        }
        let mut room = [0; LONGEST_VALUE];
        let current = self.controls.bytes(place);
        let value = room.get_mut(..current.len()).unwrap_or_default();
        match defaults {
            true => first_value(control, value),
            false => value.copy_from_slice(current),
        }
        give_bytes(call, index, element, place, value)
    }

    fn change_several(&mut self, call: &mut Call<'_>, by: Option<usize>) -> Result<(), Errno> {
        let count = call.raw.count;
        if call.raw.which == V4L2_CTRL_WHICH_DEF_VAL {
            return Err(EINVAL);
        }
        call.raw.which &= CLASS_MASK;
        if count == 0 {
            return self.has_class(call.raw.which);
        }
        let prepared =
            self.prepare(call, false).and_then(|clusters| self.validate(call, by.is_some()).map(|()| clusters));
        let clusters = prepared.inspect_err(|_| {
            if by.is_some() {
                call.raw.error_idx = count;
            }
        })?;
        for first in 0..count {
            if self.is_first(call, first, clusters)? {
                call.raw.error_idx = first;
                self.change_cluster(call, first, clusters, by)?;
            }
        }
        Ok(())
    }

    /// Tries or sets the elements of one cluster, the first of which is at `first`. `by`: the file that sets them; `None`: a try.
    fn change_cluster(
        &mut self,
        call: &mut Call<'_>,
        first: u32,
        clusters: bool,
        by: Option<usize>,
    ) -> Result<(), Errno> {
        let place = self.place_of(call, first)?;
        if place.control.has_payload() {
            return self.change_bytes(call, first, clusters, by);
        }
        let master = self.master_of(place);
        let mut cluster = Cluster::new();
        let of_cluster = |node: &Self, call: &mut Call<'_>, index: u32| -> Result<Option<Place>, Errno> {
            let place = node.place_of(call, index)?;
            let same = index == first || clusters && node.master_of(place).number == master.number;
            Ok(same.then_some(place))
        };
        // A mode that becomes manual first loads what it has set, which values of the same call replace.
        let mut mode = None;
        for index in first..call.raw.count {
            if let Some(place) = of_cluster(self, call, index)?.filter(|place| place.number == master.number) {
                mode = Some(number_in(&call.element(index)?, place.control.control_type));
            }
        }
        if let Some(mode) = mode {
            self.load_followers(master, mode, &mut cluster);
        }
        for index in first..call.raw.count {
            if let Some(place) = of_cluster(self, call, index)? {
                put(&mut cluster, place, number_in(&call.element(index)?, place.control.control_type));
            }
        }
        self.apply_cluster(master, &cluster, by)?;
        for index in first..call.raw.count {
            let Some(place) = of_cluster(self, call, index)? else { continue };
            let Some((_, value)) = cluster.iter().find(|(other, _)| other.number == place.number) else { continue };
            let mut element = call.element(index)?;
            give_number(&mut element, place.control.control_type, *value);
            call.put(index, element)?;
        }
        Ok(())
    }

    /// Tries or sets a value of bytes: of several elements of the same control, the last one's.
    fn change_bytes(
        &mut self,
        call: &mut Call<'_>,
        first: u32,
        clusters: bool,
        by: Option<usize>,
    ) -> Result<(), Errno> {
        let place = self.place_of(call, first)?;
        let (mut room, mut length) = ([0; LONGEST_VALUE], 0);
        for index in self.same(call, first, clusters, place)? {
            length = self.take_bytes(call, index, place, &mut room)?;
        }
        let value = room.get(..length).ok_or(EINVAL)?;
        if by.is_some() {
            let flags = self.control_flags(place);
            if flags.contains(ControlFlags::GRABBED) {
                return Err(Errno::EBUSY);
            }
            if self.controls.bytes(place) != value || flags.contains(ControlFlags::EXECUTE_ON_WRITE) {
                self.fail_control(place)?;
                self.controls.set_elems(place, length as u32 / place.control.elem_size());
                self.controls.bytes_mut(place).copy_from_slice(value);
                self.control_has(by, place, V4L2_EVENT_CTRL_CH_VALUE);
            }
        }
        for index in self.same(call, first, clusters, place)? {
            let element = call.element(index)?;
            give_bytes(call, index, element, place, value)?;
        }
        Ok(())
    }

    /// Reads and validates the bytes of an element; how many they are.
    fn take_bytes(&self, call: &mut Call<'_>, index: u32, place: Place, room: &mut [u8]) -> Result<usize, Errno> {
        let (control, element) = (place.control, call.element(index)?);
        let elems = if control.is_dynamic() { element.size / control.elem_size() } else { self.controls.elems(place) };
        let value = room.get_mut(..elems as usize * control.elem_size() as usize).ok_or(EINVAL)?;
        let given = (element.size as usize).min(value.len());
        let (bytes, _) = value.split_at_mut(given);
        if control.is_text() && bytes.is_empty() {
            return Err(Errno::ERANGE);
        }
        call.foreign.read({ element.value }.ptr() as u64, bytes)?;
        if let (true, Some(last)) = (control.is_text(), bytes.last_mut()) {
            let cut = core::mem::take(last);
            let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            if length as i64 == control.maximum && cut != 0 {
                return Err(Errno::ERANGE);
            }
        }
        validated_bytes(control, value)?;
        Ok(value.len())
    }
}

/// The number in an element.
fn number_in(element: &v4l2_ext_control, control_type: ControlType) -> i64 {
    if control_type == ControlType::INTEGER64 { { element.value }.value64() } else { { element.value }.value().into() }
}

/// Puts a number into an element; of 32 bits, the rest of the union stays as it is.
fn give_number(element: &mut v4l2_ext_control, control_type: ControlType, value: i64) {
    let mut union = element.value;
    match control_type {
        ControlType::INTEGER64 => union.set_value64(value),
        _ => union.set_value(value as i32),
    }
    element.value = union;
}

/// Copies a value of bytes to where an element points.
fn give_bytes(
    call: &mut Call<'_>,
    index: u32,
    mut element: v4l2_ext_control,
    place: Place,
    value: &[u8],
) -> Result<(), Errno> {
    let mut length = element.size as usize;
    if place.control.is_text() {
        // With its NUL.
        length = value.iter().position(|byte| *byte == 0).unwrap_or(value.len()) + 1;
        if (element.size as usize) < length {
            element.size = place.control.elem_size();
            call.put(index, element)?;
            return Err(Errno::ENOSPC);
        }
    }
    call.foreign.write({ element.value }.ptr() as u64, value.get(..length).unwrap_or(value))
}
