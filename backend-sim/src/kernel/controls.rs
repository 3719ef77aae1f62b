//! Values of a node's controls, and what they are now.

use vidbuf::node::{ControlFlags, ControlType};
use vidbuf_abi::value::Value as _;

use crate::profile::{Otherwise, SimControl, SimMenu};
use vidbuf::Errno;

use super::NodeOf;
use super::room::Rooms;

/// Bytes that a node has for the values of its controls: eight for a number; for an array, a structure or a text its bytes, rounded up to
/// eights, and eight more. A control for which there is no room does not exist.
pub const CONTROL_ROOM: usize = 2048;
/// The most bytes of one control.
pub const LONGEST_VALUE: usize = 512;

/// Where the number of elements of an array, and its bytes, are.
const HEAD: usize = 8;

/// The values.
#[derive(Clone, Debug)]
pub struct Values([u8; CONTROL_ROOM]);

/// A control of a node: its place in the driver's list, and where its value is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub number: usize,
    pub control: &'static SimControl,
    at: usize,
}

/// Bytes of the room that a control takes.
fn takes(control: &SimControl) -> usize {
    if !control.has_payload() {
        return HEAD;
    }
    let bytes = control.most_elems() as usize * control.elem_size() as usize;
    bytes.next_multiple_of(HEAD).saturating_add(HEAD)
}

/// The controls of a list that a kernel has, and that there is room for.
pub fn places(list: &'static [SimControl], version: u32) -> impl Iterator<Item = Place> {
    let mut next = 0_usize;
    list.iter().enumerate().filter_map(move |(number, control)| {
        let (since, until) = control.kernels;
        let end = next.saturating_add(takes(control));
        let fits = end <= CONTROL_ROOM && takes(control) <= LONGEST_VALUE + HEAD;
        if version < since || version >= until || !fits {
            return None;
        }
        let at = core::mem::replace(&mut next, end);
        Some(Place { number, control, at })
    })
}

impl Values {
    /// As they are at first.
    pub fn new(list: &'static [SimControl], version: u32) -> Self {
        let mut values = Self([0; CONTROL_ROOM]);
        for place in places(list, version) {
            let control = place.control;
            if !control.has_payload() {
                values.set_number(place, control.default);
                continue;
            }
            values.set_elems(place, if control.is_dynamic() { 1 } else { control.most_elems() });
            first_value(control, values.bytes_mut(place));
        }
        values
    }

    /// The value of a number.
    pub fn number(&self, place: Place) -> i64 {
        i64::get(&self.0, place.at)
    }

    pub fn set_number(&mut self, place: Place, value: i64) {
        value.put(&mut self.0, place.at);
    }

    /// How many elements an array has now.
    pub fn elems(&self, place: Place) -> u32 {
        if place.control.has_payload() { u32::get(&self.0, place.at) } else { 1 }
    }

    pub fn set_elems(&mut self, place: Place, elems: u32) {
        elems.put(&mut self.0, place.at);
    }

    /// The bytes of a value, as long as they are now.
    pub fn bytes(&self, place: Place) -> &[u8] {
        let length = self.elems(place) as usize * place.control.elem_size() as usize;
        self.0.get(place.at + HEAD..).and_then(|rest| rest.get(..length)).unwrap_or_default()
    }

    pub fn bytes_mut(&mut self, place: Place) -> &mut [u8] {
        let length = self.elems(place) as usize * place.control.elem_size() as usize;
        self.0.get_mut(place.at + HEAD..).and_then(|rest| rest.get_mut(..length)).unwrap_or_default()
    }
}

/// Fills a value of bytes with the control's default.
pub fn first_value(control: &SimControl, bytes: &mut [u8]) {
    let size = control.elem_size() as usize;
    match control.control_type {
        ControlType::STRING => {
            bytes.fill(0);
            bytes.iter_mut().take(control.minimum.max(0) as usize).for_each(|byte| *byte = b' ');
        }
        ControlType::AREA => {
            control.area.0.put(bytes, 0);
            control.area.1.put(bytes, 4);
        }
        _ => bytes.chunks_exact_mut(size).for_each(|element| put_element(element, control.default)),
    }
}

/// The number in an element of an array.
fn element(control: &SimControl, bytes: &[u8]) -> i64 {
    match (control.control_type, bytes.len()) {
        (ControlType::INTEGER64, _) => i64::get(bytes, 0),
        (ControlType::U32, _) => u32::get(bytes, 0).into(),
        (_, 1) => u8::get(bytes, 0).into(),
        (_, 2) => u16::from_ne_bytes([u8::get(bytes, 0), u8::get(bytes, 1)]).into(),
        _ => i32::get(bytes, 0).into(),
    }
}

fn put_element(bytes: &mut [u8], value: i64) {
    match bytes.len() {
        1 => (value as u8).put(bytes, 0),
        2 => bytes.copy_from_slice(&(value as u16).to_ne_bytes()),
        4 => (value as u32).put(bytes, 0),
        _ => value.put(bytes, 0),
    }
}

/// What the framework makes of a number that a program sets.
pub fn validated(control: &SimControl, value: i64) -> Result<i64, Errno> {
    let (minimum, maximum) = (control.minimum, control.maximum);
    match control.control_type {
        ControlType::BOOLEAN => Ok((value != 0).into()),
        ControlType::BITMASK => Ok((value as i32 & maximum as i32).into()),
        ControlType::BUTTON | ControlType::CTRL_CLASS => Ok(0),
        ControlType::MENU | ControlType::INTEGER_MENU if !(minimum..=maximum).contains(&value) => Err(Errno::ERANGE),
        ControlType::MENU | ControlType::INTEGER_MENU if item(control, value).is_none() => Err(Errno::EINVAL),
        ControlType::MENU | ControlType::INTEGER_MENU => Ok(value),
        _ => {
            let (minimum, maximum, step) = (minimum.into(), i128::from(maximum), i128::from(control.step).max(1));
            let value = i128::from(value);
            // In doubt up, but from half a step before the end on to the end.
            let near_end = maximum >= 0 && value >= maximum - step / 2;
            let value = if near_end { maximum } else { (value + step / 2).min(maximum).max(minimum) };
            Ok((minimum + (value - minimum) / step * step) as i64)
        }
    }
}

/// What the framework makes of a value of bytes.
pub fn validated_bytes(control: &SimControl, bytes: &mut [u8]) -> Result<(), Errno> {
    match control.control_type {
        ControlType::STRING => {
            let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()) as i64;
            let off_step = (length - control.minimum) % control.step.max(1) as i64 != 0;
            if length < control.minimum || off_step { Err(Errno::ERANGE) } else { Ok(()) }
        }
        ControlType::AREA if u32::get(bytes, 0) == 0 || u32::get(bytes, 4) == 0 => Err(Errno::EINVAL),
        ControlType::AREA => Ok(()),
        _ => bytes.chunks_exact_mut(control.elem_size() as usize).try_for_each(|bytes| {
            put_element(bytes, validated(control, element(control, bytes))?);
            Ok(())
        }),
    }
}

/// An item of a menu: a name, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Name(&'static str),
    Number(i64),
}

/// The item with this number, unless it is a hole.
pub fn item(control: &SimControl, index: i64) -> Option<Item> {
    let place = usize::try_from(index).ok().filter(|_| (control.minimum..=control.maximum).contains(&index))?;
    match control.menu {
        SimMenu::Names(names) => names.get(place).filter(|name| !name.is_empty()).map(|name| Item::Name(name)),
        SimMenu::Numbers(_, holes) if place < 64 && holes >> place & 1 != 0 => None,
        SimMenu::Numbers(numbers, _) => numbers.get(place).copied().map(Item::Number),
        SimMenu::None => None,
    }
}

impl<R: Rooms> NodeOf<R> {
    /// The controls of this node.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + use<R> {
        places(self.driver.profile.controls, self.driver.kernel.version)
    }

    /// The control with this number.
    pub(crate) fn place(&self, id: u32) -> Option<Place> {
        self.places().find(|place| place.control.id.0 == id)
    }

    /// The one that sets this control by itself, with its manual value and what becomes of this one otherwise.
    pub(crate) fn master(&self, place: Place) -> Option<(Place, i64, Otherwise)> {
        let follows = place.control.follows?;
        Some((self.place(follows.automatic.0)?, follows.manual, follows.otherwise))
    }

    /// Whether another one sets this control now, and what becomes of it then.
    pub(crate) fn otherwise(&self, place: Place) -> Option<Otherwise> {
        let (master, manual, otherwise) = self.master(place)?;
        (self.controls.number(master) != manual).then_some(otherwise)
    }

    /// How a control behaves now.
    pub(crate) fn control_flags(&self, place: Place) -> ControlFlags {
        let mut flags = place.control.flags;
        flags.set(ControlFlags::HAS_PAYLOAD, place.control.has_payload());
        if let Some(otherwise) = self.otherwise(place) {
            flags |= ControlFlags::INACTIVE;
            flags.set(ControlFlags::VOLATILE, otherwise == Otherwise::Volatile);
        }
        if place.control.grabbed_while_streaming && self.is_grabbing() {
            flags |= ControlFlags::GRABBED;
        }
        flags
    }

    /// Whether the driver runs, and holds controls meanwhile.
    pub(super) fn is_grabbing(&self) -> bool {
        self.queue_ids().any(|queue| self.is_started(queue))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{SimControl, places, takes, validated};
    use crate::Profile;
    use vidbuf::node::{ControlFlags, ControlId};

    #[test]
    fn every_list_is_in_order_and_has_room_and_titles() {
        for profile in [Profile::VIVID, Profile::VIVID_OUTPUT, Profile::UVC, Profile::CODEC, Profile::HDMI_BRIDGE] {
            let list = profile.controls;
            // One whose default another kernel changed is there twice.
            let in_order = |pair: &[SimControl]| pair[0].id < pair[1].id || pair[0].kernels.1 <= pair[1].kernels.0;
            assert!(list.windows(2).all(in_order), "{}", profile.name);
            let here = places(list, u32::MAX - 1).count();
            let gone = list.iter().filter(|control| control.kernels.1 != u32::MAX).count();
            assert_eq!(here + gone, list.len(), "{}: no room", profile.name);
            for control in list {
                let title = ControlId(control.id.class() | 1);
                assert!(list.iter().any(|other| other.id == title), "{}", control.name);
                assert!((1..32).contains(&control.name.len()), "{}", control.name);
            }
        }
    }

    #[test]
    fn control_without_room_does_not_exist() {
        const LIST: &[SimControl] = &[
            SimControl::integer(ControlId(1), "Huge", (0, 1), 1, 0).array(&[u32::MAX, u32::MAX]),
            SimControl::integer(ControlId(2), "Array", (0, 1), 1, 0).array(&[100]),
            SimControl::boolean(ControlId(3), "Boolean", true).with_flags(ControlFlags::READ_ONLY),
        ];
        let ids: std::vec::Vec<_> = places(LIST, 0).map(|place| (place.control.id.0, place.at)).collect();
        assert_eq!(ids, [(2, 0), (3, 408)]);
        assert_eq!(takes(&LIST[2]), 8);
    }

    #[test]
    fn numbers_are_rounded_as_the_kernel_does() {
        let control = |range, step| SimControl::integer(ControlId(1), "", range, step, 0);
        let table = [
            (control((0, 255), 1), 300, 255),
            (control((0, 100), 10), 14, 10),
            (control((0, 100), 10), 15, 20),
            (control((3, 20), 5), 20, 18),
            (control((-20, -3), 5), 0, -5),
            (control((i64::MIN, i64::MAX), 1), i64::MIN, i64::MIN),
            (control((i64::MIN, i64::MAX), 1), i64::MAX, i64::MAX),
        ];
        for (control, asked, set) in table {
            assert_eq!(validated(&control, asked), Ok(set), "{asked} of {control:?}");
        }
    }
}
