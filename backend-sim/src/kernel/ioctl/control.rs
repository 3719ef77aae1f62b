//! Controls: what they are, and one value at a time.

mod several;

use vidbuf::Errno;
use vidbuf::node::{ControlFlags, ControlType};
use vidbuf_abi::control::{
    V4L2_CID_PRIVATE_BASE, V4L2_CTRL_FLAG_NEXT_COMPOUND, V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_ID_MASK, v4l2_control,
    v4l2_query_ext_ctrl, v4l2_queryctrl, v4l2_querymenu, v4l2_querymenu_item,
};
use vidbuf_abi::control_id::V4L2_CTRL_CLASS_USER;
use vidbuf_abi::event::V4L2_EVENT_CTRL_CH_VALUE;
use vidbuf_abi::ioctl::{
    VIDIOC_G_CTRL, VIDIOC_G_EXT_CTRLS, VIDIOC_QUERY_EXT_CTRL, VIDIOC_QUERYCTRL, VIDIOC_QUERYMENU, VIDIOC_S_CTRL,
    VIDIOC_S_EXT_CTRLS, VIDIOC_TRY_EXT_CTRLS,
};

use super::super::NodeOf;
use super::super::controls::{Item, Place, item, validated};
use super::super::queue::foreign::Foreign;
use super::super::room::Rooms;
use super::on_copy;
use crate::profile::Otherwise;

/// A cluster has few controls: an automatic mode, and what it sets.
type Cluster = heapless::Vec<(Place, i64), 8>;

const EINVAL: Errno = Errno::EINVAL;

impl<R: Rooms> NodeOf<R> {
    /// Whether a number is one of a call on controls.
    pub(super) const fn is_control_ioctl(number: u32) -> bool {
        matches!(
            number,
            VIDIOC_QUERYCTRL
                | VIDIOC_QUERY_EXT_CTRL
                | VIDIOC_QUERYMENU
                | VIDIOC_G_CTRL
                | VIDIOC_S_CTRL
                | VIDIOC_G_EXT_CTRLS
                | VIDIOC_S_EXT_CTRLS
                | VIDIOC_TRY_EXT_CTRLS
        )
    }

    /// The calls on controls.
    pub(super) fn control_ioctl(
        &mut self,
        file: usize,
        number: u32,
        argument: &mut [u8],
        foreign: &mut dyn Foreign,
    ) -> Result<(), Errno> {
        if let VIDIOC_G_EXT_CTRLS | VIDIOC_S_EXT_CTRLS | VIDIOC_TRY_EXT_CTRLS = number {
            return self.several_controls(file, number, argument, foreign);
        }
        if self.places().next().is_none() {
            return Err(Errno::ENOTTY);
        }
        match number {
            VIDIOC_QUERYCTRL => on_copy(argument, |ask| self.query_control(ask)),
            VIDIOC_QUERY_EXT_CTRL => on_copy(argument, |ask| self.query_any_control(ask)),
            VIDIOC_QUERYMENU => on_copy(argument, |ask| self.query_menu(ask)),
            VIDIOC_G_CTRL => on_copy(argument, |ask| self.get_control(ask)),
            _ => {
                self.check_priority(file)?;
                on_copy(argument, |ask| self.set_control(file, ask))
            }
        }
    }

    /// The control with this number, or by the older way of counting a driver's own.
    pub(in super::super) fn find_control(&self, id: u32) -> Option<Place> {
        let id = id & V4L2_CTRL_ID_MASK;
        let Some(nth) = id.checked_sub(V4L2_CID_PRIVATE_BASE) else { return self.place(id) };
        let is_private = |place: &Place| {
            let id = place.control.id;
            id.class() == V4L2_CTRL_CLASS_USER && id.0 & 0xffff >= 0x1000 && place.control.is_int()
        };
        self.places().filter(is_private).nth(nth as usize)
    }

    /// The control that a query is about.
    fn asked_control(&self, id: u32) -> Option<Place> {
        let next = id & (V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND);
        if next == 0 {
            return self.find_control(id);
        }
        let id = id & V4L2_CTRL_ID_MASK;
        let fits =
            |place: &Place| match (next & V4L2_CTRL_FLAG_NEXT_CTRL != 0, next & V4L2_CTRL_FLAG_NEXT_COMPOUND != 0) {
                (true, false) => !place.control.is_compound(),
                (false, _) => place.control.is_compound(),
                _ => true,
            };
        self.places().find(|place| place.control.id.0 > id && fits(place))
    }

    fn query_any_control(&self, ask: &mut v4l2_query_ext_ctrl) -> Result<(), Errno> {
        let place = self.asked_control(ask.id).ok_or(EINVAL)?;
        let control = place.control;
        let (id, next) = (ask.id & V4L2_CTRL_ID_MASK, ask.id & !V4L2_CTRL_ID_MASK);
        *ask = v4l2_query_ext_ctrl {
            id: if next == 0 && id >= V4L2_CID_PRIVATE_BASE { id } else { control.id.0 },
            type_: control.control_type.0,
            name: padded(control.name),
            minimum: control.minimum,
            maximum: control.maximum,
            step: control.step,
            default_value: control.default,
            flags: self.control_flags(place).bits(),
            elem_size: control.elem_size(),
            elems: self.controls.elems(place),
            nr_of_dims: control.dims.len() as u32,
            ..Default::default()
        };
        ask.dims.iter_mut().zip(control.dims).for_each(|(to, from)| *to = *from);
        Ok(())
    }

    fn query_control(&self, ask: &mut v4l2_queryctrl) -> Result<(), Errno> {
        let mut any = v4l2_query_ext_ctrl { id: ask.id, ..Default::default() };
        self.query_any_control(&mut any)?;
        let name = any.name;
        *ask = v4l2_queryctrl { id: any.id, type_: any.type_, name, flags: any.flags, ..Default::default() };
        // Those whose limits have 32 bits.
        if let ControlType::INTEGER
        | ControlType::BOOLEAN
        | ControlType::MENU
        | ControlType::INTEGER_MENU
        | ControlType::STRING
        | ControlType::BITMASK = ControlType(any.type_)
        {
            (ask.minimum, ask.maximum) = (any.minimum as i32, any.maximum as i32);
            (ask.step, ask.default_value) = (any.step as i32, any.default_value as i32);
        }
        Ok(())
    }

    fn query_menu(&self, ask: &mut v4l2_querymenu) -> Result<(), Errno> {
        let place = self.find_control(ask.id).ok_or(EINVAL)?;
        ask.item = match item(place.control, ask.index.into()).ok_or(EINVAL)? {
            Item::Name(name) => v4l2_querymenu_item::of_name(padded(name)),
            Item::Number(number) => v4l2_querymenu_item::of_value(number),
        };
        ask.reserved = 0;
        Ok(())
    }

    fn get_control(&mut self, ask: &mut v4l2_control) -> Result<(), Errno> {
        let place = self.find_control(ask.id).filter(|place| place.control.is_int()).ok_or(EINVAL)?;
        if place.control.flags.contains(ControlFlags::WRITE_ONLY) {
            return Err(Errno::EACCES);
        }
        ask.value = self.number_now(place)? as i32;
        Ok(())
    }

    fn set_control(&mut self, file: usize, ask: &mut v4l2_control) -> Result<(), Errno> {
        let place = self.find_control(ask.id).filter(|place| place.control.is_int()).ok_or(EINVAL)?;
        if place.control.flags.contains(ControlFlags::READ_ONLY) {
            return Err(Errno::EACCES);
        }
        self.check_follower(place, None)?;
        let mut cluster = Cluster::new();
        let value = validated(place.control, ask.value.into())?;
        self.load_followers(place, value, &mut cluster);
        put(&mut cluster, place, value);
        self.apply_cluster(place, &cluster, Some(file))?;
        ask.value = self.controls.number(place) as i32;
        Ok(())
    }

    /// The value that a program reads.
    fn number_now(&mut self, place: Place) -> Result<i64, Errno> {
        if !self.is_volatile(place) {
            return Ok(self.controls.number(place));
        }
        self.fail_control(place)?;
        Ok(self.volatile_number(place))
    }

    fn is_volatile(&self, place: Place) -> bool {
        self.control_flags(place).contains(ControlFlags::VOLATILE)
    }

    /// What the hardware shows: seconds, as vivid does.
    fn volatile_number(&self, place: Place) -> i64 {
        let seconds = (self.driver.now_ns / 1_000_000_000) as i64 & 0xff;
        if self.otherwise(place).is_some() { seconds } else { self.controls.number(place) }
    }

    /// Whether the driver refuses a control that another one sets. `manual`: that one is set to its manual value by the same call.
    fn check_follower(&self, place: Place, manual: Option<bool>) -> Result<(), Errno> {
        let refused = self.otherwise(place) == Some(Otherwise::Refused) && manual != Some(true);
        if refused { Err(Errno::EACCES) } else { Ok(()) }
    }

    /// A planned failure of the driver's for this control.
    fn fail_control(&mut self, place: Place) -> Result<(), Errno> {
        match self.driver.inject.control {
            Some((id, errno)) if id == place.control.id => {
                self.driver.inject.control = None;
                Err(errno)
            }
            _ => Ok(()),
        }
    }

    /// Before an automatic mode is set to its manual value, what it has set becomes the values that are set.
    fn load_followers(&self, master: Place, value: i64, cluster: &mut Cluster) {
        for place in self.places() {
            let follows = self.master(place).filter(|(of, ..)| of.number == master.number);
            let loads = follows.is_some_and(|(of, manual, otherwise)| {
                otherwise == Otherwise::Volatile && self.controls.number(of) != manual && value == manual
            });
            if loads {
                put(cluster, place, self.volatile_number(place));
            }
        }
    }

    /// Tries or sets new values of one cluster: all, or none if the driver refuses one. `by`: the file that sets them; `None`: a try.
    fn apply_cluster(&mut self, master: Place, cluster: &Cluster, by: Option<usize>) -> Result<(), Errno> {
        let grabbed = |(place, _): &(Place, i64)| self.control_flags(*place).contains(ControlFlags::GRABBED);
        if by.is_some() && cluster.iter().any(grabbed) {
            return Err(Errno::EBUSY);
        }
        if by.is_none() {
            return Ok(());
        }
        let switches = cluster.iter().any(|(place, value)| {
            place.number == master.number && *value != self.controls.number(*place) && !place.control.has_payload()
        });
        // What is volatile keeps its value, unless the mode that sets it becomes manual now.
        let keeps = |place: Place| self.is_volatile(place) && !(switches && place.number != master.number);
        let acts = |place: Place| place.control.flags.contains(ControlFlags::EXECUTE_ON_WRITE);
        let changes = |(place, value): &&(Place, i64)| !keeps(*place) && *value != self.controls.number(*place);
        let changed: Cluster = cluster.iter().filter(changes).copied().collect();
        if changed.is_empty() && !cluster.iter().any(|(place, _)| acts(*place)) {
            return Ok(());
        }
        for (place, _) in cluster {
            self.fail_control(*place)?;
        }
        let before = self.controls.number(master);
        for (place, value) in &changed {
            self.controls.set_number(*place, *value);
        }
        let has = |in_list: &Cluster, place: Place| in_list.iter().any(|(other, _)| other.number == place.number);
        let new = |place| (by.filter(|_| has(cluster, place)), has(&changed, place) || acts(place));
        let (by, is_changed) = new(master);
        self.control_has(by, master, if is_changed { V4L2_EVENT_CTRL_CH_VALUE } else { 0 });
        self.followers_have(master, before, new);
        Ok(())
    }
}

/// A value of a cluster, in place of an earlier one.
fn put(cluster: &mut Cluster, place: Place, value: i64) {
    match cluster.iter_mut().find(|(other, _)| other.number == place.number) {
        Some((_, old)) => *old = value,
        // A larger cluster than any driver's: the value is not set.
        None => drop(cluster.push((place, value))),
    }
}

fn padded(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    // With a NUL at the end.
    bytes.iter_mut().take(31).zip(text.bytes()).for_each(|(to, from)| *to = from);
    bytes
}
