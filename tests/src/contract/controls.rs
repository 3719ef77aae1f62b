//! Controls of every type: listed, found, read, set and tried; what is refused, which one of several it was, and what stays as it was.

mod bytes;
mod several;

use vidbuf::Errno;
use vidbuf::node::{Control, ControlFlags, ControlId, ControlType, ControlValue, Controls, MOST_CONTROLS, Which};
use vidbuf::queue::Planes;

use super::queues::{one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};
use bytes::{
    array_whose_length_can_be_set_has_it, arrays_are_set_and_read, room_that_is_too_small_is_refused_with_the_size,
    text_is_set_and_read, text_of_another_length_is_refused,
};
use several::{
    defaults_are_read_whatever_is_set, refused_one_of_several_is_named_and_nothing_is_set,
    refused_text_leaves_those_before_it_set, several_are_set_and_read_at_once, too_many_are_refused,
};

/// Every case of a node that has vivid's controls.
pub fn cases<R: Rig, P: Planes>() -> Vec<Case<R>> {
    let streaming: Vec<Case<R>> = cases![R, P: controls_are_set_while_frames_stream];
    let others: Vec<Case<R>> = cases![R:
        controls_are_listed_in_order_and_each_is_found,
        controls_have_values_within_their_limits,
        menus_are_listed_without_holes,
        numbers_are_brought_into_range,
        try_sets_nothing,
        item_that_is_no_item_is_refused,
        control_of_another_kind_is_refused,
        control_is_not_what_it_is_not,
        text_is_set_and_read,
        text_of_another_length_is_refused,
        arrays_are_set_and_read,
        array_whose_length_can_be_set_has_it,
        room_that_is_too_small_is_refused_with_the_size,
        several_are_set_and_read_at_once,
        refused_one_of_several_is_named_and_nothing_is_set,
        refused_text_leaves_those_before_it_set,
        defaults_are_read_whatever_is_set,
        too_many_are_refused,
        gain_follows_its_mode,
        controls_of_an_unplugged_node_are_an_error,
    ];
    [streaming, others].concat()
}

const MENU: ControlId = ControlId(0x0098_f904);
const TEXT: ControlId = ControlId(0x0098_f905);
const MATRIX: ControlId = ControlId(0x0098_f909);
const READ_ONLY: ControlId = ControlId(0x0098_f90c);
const DYNAMIC: ControlId = ControlId(0x0098_f90d);
const WIDE: ControlId = ControlId(0x0098_f903);
const INTEGER: ControlId = ControlId(0x0098_f902);
const BUTTON: ControlId = ControlId(0x0098_f900);
const BITS: ControlId = ControlId(0x0098_f906);
const INTEGER_MENU: ControlId = ControlId(0x0098_f907);
const NOTHING: ControlId = ControlId(0x0098_0fff);

fn control(node: &impl Controls, id: ControlId) -> Result<Control, String> {
    node.query_control(id).map_err(|error| error.to_string())?.ok_or_else(|| format!("no control {id}"))
}

fn controls_are_listed_in_order_and_each_is_found<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let mut last = ControlId(0);
    let mut types = Vec::new();
    for listed in node.controls() {
        let listed = ok!(listed);
        ensure!(listed.id > last, "{} after {last}", listed.id);
        last = listed.id;
        let found = control(&node, listed.id)?;
        ensure!(found == listed, "{found:?}, listed as {listed:?}");
        types.push(listed.control_type);
        if listed.control_type != ControlType::CTRL_CLASS {
            let spelling = listed.spelling().to_string();
            let found = ok!(node.find_control(&spelling)).map(|control| control.id);
            ensure!(found == Some(listed.id), "{spelling}: {found:?}");
            let found = ok!(node.find_control(&listed.name.to_string())).map(|control| control.id);
            ensure!(found == Some(listed.id), "{}: {found:?}", listed.name);
        }
    }
    for control_type in [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x100, 0x101, 0x102, 0x106].map(ControlType) {
        ensure!(types.contains(&control_type), "none of {control_type:?} among {} controls", types.len());
    }
    ensure!(ok!(node.query_control(NOTHING)).is_none(), "{NOTHING} exists");
    ensure!(ok!(node.find_control("no such control")).is_none(), "found by no name");
    Ok(())
}

fn controls_have_values_within_their_limits<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    for listed in node.controls() {
        let control = ok!(listed);
        let mut room = vec![0; control.size().ok_or_else(|| format!("{control:?}"))?];
        match (control.has_payload(), control.is_readable()) {
            (false, true) => {
                let value = ok!(node.value(&control));
                ensure!(control.nearest(value) == value, "{value} of {control:?}");
            }
            (false, false) => {
                let refused = node.value(&control);
                ensure!(refused == Err(Errno::EACCES), "{refused:?} of {control:?}");
            }
            _ => {
                let bytes = ok!(node.bytes(&control, &mut room)).len();
                let least = if control.control_type == ControlType::STRING { control.minimum } else { 1 };
                ensure!(bytes as i64 >= least, "{bytes} bytes of {control:?}");
            }
        }
    }
    Ok(())
}

fn menus_are_listed_without_holes<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let mut holes = 0;
    for listed in node.controls() {
        let control = ok!(listed);
        let items: Vec<_> = ok!(node.menu(&control).collect::<Result<_, _>>());
        ensure!(items.is_empty() != control.is_menu(), "{} items of {control:?}", items.len());
        ensure!(items.iter().all(|item| !item.label.to_string().is_empty()), "{items:?}");
        ensure!(items.windows(2).all(|pair| pair[0].index < pair[1].index), "{items:?}");
        if control.is_menu() {
            holes += (control.maximum - control.minimum + 1) as usize - items.len();
            for index in [u32::MAX, 1 << 31, control.maximum as u32 + 1] {
                ensure!(ok!(node.menu_item(&control, index)).is_none(), "item {index} of {control:?}");
            }
        }
    }
    ensure!(holes >= 2, "{holes} holes");
    let number = ok!(node.menu_item(&control(&node, INTEGER_MENU)?, 8)).map(|item| item.label.to_string());
    ensure!(number.as_deref() == Some("42"), "{number:?}");
    Ok(())
}

fn numbers_are_brought_into_range<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let table = [
        (ControlId::BRIGHTNESS, 100_000, 255),
        (ControlId::BRIGHTNESS, -1, 0),
        (ControlId::HUE, i64::MIN, -128),
        (ControlId::BRIGHTNESS, 77, 77),
        (ControlId::HFLIP, 9, 1),
        (ControlId::HFLIP, 0, 0),
        (WIDE, i64::MAX, i64::MAX),
        (WIDE, i64::MIN, i64::MIN),
        (WIDE, -1, -1),
        (INTEGER, i64::MAX, i32::MAX.into()),
        (INTEGER, -5, -5),
        (BITS, 0xffff_ffff, 0x8040_2010),
        (BITS, 0, 0),
    ];
    for (id, asked, set) in table {
        let control = control(&node, id)?;
        let tried = ok!(node.try_value(&control, asked));
        ensure!(tried == set, "{asked} of {id} is tried as {tried}");
        let done = ok!(node.set_value(&control, asked));
        ensure!(done == set, "{asked} of {id} is set as {done}");
        let value = ok!(node.value(&control));
        ensure!(value == set && control.nearest(asked) == set, "{asked} of {id} is then {value}");
    }
    ensure!(ok!(node.set_control(ControlId::BRIGHTNESS, 128)) == 128, "not the default again");
    Ok(())
}

fn try_sets_nothing<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let before = ok!(node.control(ControlId::CONTRAST));
    let mut values = [ControlValue::new(ControlId::CONTRAST, before ^ 1), ControlValue::new(INTEGER, 99)];
    ok!(node.try_controls(&mut values));
    ensure!(values[0].as_number() == Some((before ^ 1).into()), "{values:?}");
    ensure!(ok!(node.control(ControlId::CONTRAST)) == before, "it is set");
    Ok(())
}

fn item_that_is_no_item_is_refused<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let menu = control(&node, MENU)?;
    let before = ok!(node.value(&menu));
    for (index, errno) in [(0, Errno::ERANGE), (5, Errno::ERANGE), (-1, Errno::ERANGE), (2, Errno::EINVAL)] {
        for outcome in [node.set_value(&menu, index), node.try_value(&menu, index)] {
            ensure!(outcome == Err(errno), "item {index}: {outcome:?}");
        }
    }
    ensure!(ok!(node.value(&menu)) == before, "it has changed");
    Ok(())
}

fn control_of_another_kind_is_refused<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    for id in [NOTHING, WIDE, TEXT, MATRIX, ControlId(0), ControlId(u32::MAX)] {
        ensure!(node.control(id) == Err(Errno::EINVAL), "{id} is read");
        ensure!(node.set_control(id, 1) == Err(Errno::EINVAL), "{id} is set");
    }
    ensure!(node.set_control(READ_ONLY, 1) == Err(Errno::EACCES), "a read-only one is set");
    ensure!(node.control(BUTTON) == Err(Errno::EACCES), "a button is read");
    ensure!(ok!(node.set_control(BUTTON, 7)) == 0, "a button has a value");
    Ok(())
}

/// The kernel must not take a number for an address, nor an address for a number.
fn control_is_not_what_it_is_not<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    for (id, get) in [(TEXT, Errno::ENOSPC), (MATRIX, Errno::ENOSPC)] {
        let refused = node.get_controls(Which::Current, &mut [ControlValue::new_64(id, -1)]).map_err(|it| it.errno);
        ensure!(refused == Err(get), "{id} is read as a number: {refused:?}");
        let refused = node.set_controls(&mut [ControlValue::new_64(id, -1)]);
        ensure!(refused.is_err(), "{id} is set as a number");
    }
    ensure!(ControlValue::bytes(&control(&node, INTEGER)?, &mut [0; 8]).is_none(), "a number is bytes");
    Ok(())
}

fn gain_follows_its_mode<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let (on, gain) = (control(&node, ControlId::AUTOGAIN)?, ControlId::GAIN);
    let following = ControlFlags::INACTIVE | ControlFlags::VOLATILE;
    ok!(node.set_value(&on, 1));
    ensure!(control(&node, gain)?.flags.contains(following), "{:?}", control(&node, gain)?);
    ensure!(control(&node, gain)?.is_settable(), "setting it is dropped, not refused");
    ok!(node.set_control(gain, 255));
    // Both at once: the value given counts, not the one that the mode had.
    ok!(node.set_controls(&mut [ControlValue::new(gain, 44), ControlValue::new(on.id, 0)]));
    ensure!(!control(&node, gain)?.flags.intersects(following), "{:?}", control(&node, gain)?);
    let now = ok!(node.control(gain));
    ensure!(now == 44, "{now}");
    ensure!(ok!(node.set_control(gain, 45)) == 45 && ok!(node.control(gain)) == 45, "it is not set");
    ok!(node.set_value(&on, 1));
    Ok(())
}

fn controls_are_set_while_frames_stream<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let node = rig.node();
    let cropping = ControlId(0x00f0_f01f);
    let has_cropping = ok!(node.query_control(cropping)).is_some();
    let queue = streaming::<R, P>(rig, true)?;
    for value in [10, 20, 30] {
        ensure!(ok!(node.set_control(ControlId::BRIGHTNESS, value)) == value, "not set");
        one_good_frame(rig, &queue)?;
    }
    if has_cropping {
        let held = control(&node, cropping)?;
        ensure!(held.flags.contains(ControlFlags::GRABBED) && !held.is_settable(), "{held:?}");
        ensure!(node.set_value(&held, 0) == Err(Errno::EBUSY), "it is set");
        ensure!(node.try_value(&held, 0) == Ok(0), "a try is refused");
        let mut values = [ControlId::BRIGHTNESS, cropping].map(|id| ControlValue::new(id, 0));
        let Err(error) = node.set_controls(&mut values) else { return Err("they are set".into()) };
        ensure!((error.errno, error.index, error.changed) == (Errno::EBUSY, Some(1), false), "{error:?}");
    }
    ok!(queue.stop());
    ensure!(!has_cropping || !control(&node, cropping)?.flags.contains(ControlFlags::GRABBED), "still held");
    Ok(())
}

fn controls_of_an_unplugged_node_are_an_error<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    ensure!(rig.inject(Fault::Unplug), "cannot be unplugged");
    let listed: Vec<_> = node.controls().collect();
    ensure!(listed == [Err(Errno::ENODEV)], "{listed:?}");
    ensure!(node.control(ControlId::BRIGHTNESS) == Err(Errno::ENODEV), "it is read");
    let refused = node.set_controls(&mut [ControlValue::new(ControlId::BRIGHTNESS, 1)]).map_err(|error| error.errno);
    ensure!(refused == Err(Errno::ENODEV), "{refused:?}");
    Ok(())
}
