//! Events of controls: what has changed about one, and who made the change. Kernel: `new_to_cur`, `send_event` and `v4l2_ctrl_grab`
//! (`v4l2-ctrls-core.c`).

use vidbuf::node::{ControlFlags, ControlId, ControlType};
use vidbuf_abi::event::{
    V4L2_EVENT_CTRL_CH_FLAGS as FLAGS, V4L2_EVENT_CTRL_CH_VALUE as VALUE, v4l2_event_ctrl, v4l2_event_ctrl_value,
};

use super::NodeOf;
use super::controls::{Place, validated};
use super::room::Rooms;
use crate::profile::Otherwise;

impl<R: Rooms> NodeOf<R> {
    /// What an event reports about a control: these changes, and how it is now.
    fn control_now(&self, place: Place, changes: u32) -> v4l2_event_ctrl {
        let control = place.control;
        // What is behind a pointer has to be read.
        let value = if control.has_payload() { 0 } else { self.controls.number(place) };
        v4l2_event_ctrl {
            changes,
            type_: control.control_type.0,
            value: v4l2_event_ctrl_value::of_value64(value),
            flags: self.control_flags(place).bits(),
            // The kernel cuts these off, too.
            minimum: control.minimum as i32,
            maximum: control.maximum as i32,
            step: control.step as i32,
            default_value: control.default as i32,
        }
    }

    /// The initial event of a subscription; titles of classes have none.
    pub(super) fn initial_event(&self, place: Place) -> Option<v4l2_event_ctrl> {
        let control = place.control;
        let readable = !control.flags.contains(ControlFlags::WRITE_ONLY);
        let is_title = control.control_type == ControlType::CTRL_CLASS;
        (!is_title).then(|| self.control_now(place, if readable { VALUE | FLAGS } else { FLAGS }))
    }

    /// Sends these changes of a control. `by`: the file that made them, which has no event of its own changes unless it asked for those.
    pub(super) fn control_has(&mut self, by: Option<usize>, place: Place, changes: u32) {
        if changes != 0 && self.has_subscriptions() {
            let change = self.control_now(place, changes);
            self.control_changed(by, place.control.id.0, change);
        }
    }

    /// The device changes a control by itself, as automatic exposure and buttons on a camera do: to a number, brought into range. False
    /// if there is no such control or item of its menu, or its value is bytes.
    pub fn change_control(&mut self, id: ControlId, value: i64) -> bool {
        let place = self.place(id.0).filter(|place| !place.control.has_payload());
        let change = place.and_then(|place| Some((place, validated(place.control, value).ok()?)));
        if let Some((place, value)) = change {
            let before = self.controls.number(place);
            self.controls.set_number(place, value);
            let changed = before != value || place.control.flags.contains(ControlFlags::EXECUTE_ON_WRITE);
            self.control_has(None, place, if changed { VALUE } else { 0 });
            self.followers_have(place, before, |_| (None, false));
        }
        change.is_some()
    }

    /// Sends what has changed about the controls that this one sets. `before`: its earlier number. `new`: the file that has set a follower
    /// in the same call, and whether its value is another one.
    pub(super) fn followers_have(&mut self, master: Place, before: i64, new: impl Fn(Place) -> (Option<usize>, bool)) {
        let now = self.controls.number(master);
        for place in self.places() {
            let Some((_, manual, otherwise)) = self.master(place).filter(|(of, ..)| of.number == master.number) else {
                continue;
            };
            let switched = (before == manual) != (now == manual);
            let (by, changed) = new(place);
            // What the hardware has set becomes the value, even if it is the same one.
            let loaded = switched && now == manual && otherwise == Otherwise::Volatile;
            let changes = if changed || loaded { VALUE } else { 0 } | if switched { FLAGS } else { 0 };
            // Other flags are in no event.
            self.control_has(by.filter(|_| !switched), place, changes);
        }
    }

    /// Whether the driver holds controls now, if anybody wants to know.
    pub(super) fn held(&self) -> Option<bool> {
        self.has_subscriptions().then(|| self.is_grabbing())
    }

    /// Sends that controls are held, or not any more. `before`: whether they were.
    pub(super) fn held_changed(&mut self, before: Option<bool>) {
        if before.is_some_and(|before| before != self.is_grabbing()) {
            for place in self.places().filter(|place| place.control.grabbed_while_streaming) {
                self.control_has(None, place, FLAGS);
            }
        }
    }
}
