//! Controls of every type: listed, found, read, set and tried; what is refused, which one of several it was, and what stays as it was.

use vidbuf::Errno;
use vidbuf::node::{Control, ControlFlags, ControlId, ControlType, ControlValue, Controls, MOST_CONTROLS, Which};
use vidbuf::queue::Planes;

use super::queues::{one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};

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

fn text_is_set_and_read<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let text = control(&node, TEXT)?;
    for value in ["ab", "abcd", "\u{e9}", "  "] {
        ok!(node.set_text(&text, value));
        let mut room = [0xff; 32];
        let read = ok!(node.bytes(&text, &mut room));
        ensure!(read == value.as_bytes(), "{read:?} in place of {value}");
    }
    Ok(())
}

fn text_of_another_length_is_refused<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let text = control(&node, TEXT)?;
    ok!(node.set_text(&text, "abc"));
    for value in ["", "a", "abcde", "far too long for it"] {
        let refused = node.set_text(&text, value);
        ensure!(refused == Err(Errno::ERANGE), "{value:?}: {refused:?}");
    }
    ensure!(node.set_bytes(&text, &mut []) == Err(Errno::ERANGE), "no bytes");
    ensure!(ok!(node.bytes(&text, &mut [0; 5])) == b"abc", "it has changed");
    Ok(())
}

fn arrays_are_set_and_read<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let matrix = control(&node, MATRIX)?;
    ensure!((matrix.elems, matrix.nr_of_dims, matrix.dims) == (128, 2, [8, 16, 0, 0]), "{matrix:?}");
    // The first element is below the limits, the last above them.
    let mut bytes: Vec<u8> = (0..128_u16).flat_map(|value| (value * 99).to_ne_bytes()).collect();
    ok!(node.set_bytes(&matrix, &mut bytes));
    let numbers = |bytes: &[u8]| -> Vec<u16> {
        bytes.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect()
    };
    let set = numbers(&bytes);
    ensure!(set[..3] == [16, 99, 198] && set[127] == 8192, "{set:?}");
    let mut room = [0; 300];
    let read = ok!(node.bytes(&matrix, &mut room));
    ensure!(numbers(read) == set, "{read:?}");
    let refused = node.set_bytes(&matrix, &mut [0; 255]);
    ensure!(refused == Err(Errno::EFAULT), "too few bytes: {refused:?}");
    ensure!(numbers(ok!(node.bytes(&matrix, &mut room))) == set, "it has changed");
    Ok(())
}

fn array_whose_length_can_be_set_has_it<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let array = control(&node, DYNAMIC)?;
    ensure!(array.flags.contains(ControlFlags::DYNAMIC_ARRAY) && array.dims[0] == 100, "{array:?}");
    for elements in [3, 100, 1] {
        let mut bytes = [20; 402];
        ok!(node.set_bytes(&array, &mut bytes[..elements * 4 + 2]));
        let now = control(&node, DYNAMIC)?;
        ensure!((now.elems as usize, now.size()) == (elements, Some(elements * 4)), "{now:?}");
        let mut room = [0; 404];
        let read = ok!(node.bytes(&array, &mut room)).len();
        ensure!(read == elements * 4, "{read} bytes of {elements} elements");
    }
    let refused = [node.set_bytes(&array, &mut [0; 404]), node.set_bytes(&array, &mut [0; 3])];
    ensure!(refused == [Err(Errno::ENOSPC), Err(Errno::EFAULT)], "{refused:?}");
    Ok(())
}

fn room_that_is_too_small_is_refused_with_the_size<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    for (id, needed) in [(MATRIX, 256), (DYNAMIC, 4), (TEXT, 5)] {
        let control = control(&node, id)?;
        let mut room = [0; 2];
        let mut values = [ControlValue::bytes(&control, &mut room).ok_or("no bytes")?];
        let refused = node.get_controls(Which::Current, &mut values);
        let errno = refused.map_err(|error| error.errno);
        ensure!(errno == Err(Errno::ENOSPC), "{id}: {errno:?}");
        ensure!(values[0].size() == Some(needed), "{id}: {:?}", values[0].size());
    }
    Ok(())
}

fn several_are_set_and_read_at_once<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let (text, mut room) = (control(&node, TEXT)?, *b"xyz\0");
    let values = || [ControlValue::new(ControlId::CONTRAST, 1000), ControlValue::new_64(WIDE, 1 << 40)];
    let [contrast, wide] = values();
    let mut set = [contrast, ControlValue::bytes(&text, &mut room).ok_or("no bytes")?, wide];
    ok!(node.set_controls(&mut set));
    ensure!(set[0].as_number() == Some(255) && set[1].as_bytes() == Some(b"xyz"), "{set:?}");
    let mut room = [0; 5];
    let [contrast, wide] = values();
    let mut read = [wide, contrast, ControlValue::bytes(&text, &mut room).ok_or("no bytes")?];
    ok!(node.get_controls(Which::Current, &mut read));
    ensure!(read[0].as_number() == Some(1 << 40) && read[1].as_number() == Some(255), "{read:?}");
    ensure!(read[2].as_bytes() == Some(b"xyz"), "{read:?}");
    ensure!(node.set_controls(&mut []).is_ok() && node.get_controls(Which::Default, &mut []).is_ok(), "none at all");
    Ok(())
}

fn refused_one_of_several_is_named_and_nothing_is_set<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    ok!(node.set_control(ControlId::BRIGHTNESS, 50));
    let bad = [
        (MENU, 9, Errno::ERANGE),
        (MENU, 2, Errno::EINVAL),
        (READ_ONLY, 1, Errno::EACCES),
        (NOTHING, 1, Errno::EINVAL),
    ];
    for (id, value, errno) in bad {
        let values =
            || [(ControlId::BRIGHTNESS, 60), (INTEGER, 1), (id, value)].map(|(id, value)| ControlValue::new(id, value));
        for outcome in [node.set_controls(&mut values()), node.try_controls(&mut values())] {
            let Err(error) = outcome else { return Err(format!("{id} is accepted")) };
            ensure!((error.errno, error.index, error.changed) == (errno, Some(2), false), "{id}: {error:?}");
        }
    }
    ensure!(ok!(node.control(ControlId::BRIGHTNESS)) == 50, "the one before it is set");
    let mut values = [ControlId::BRIGHTNESS, BUTTON].map(|id| ControlValue::new(id, 0));
    let Err(error) = node.get_controls(Which::Current, &mut values) else { return Err("a button is read".into()) };
    ensure!((error.errno, error.index) == (Errno::EACCES, Some(1)), "{error:?}");
    Ok(())
}

fn refused_text_leaves_those_before_it_set<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let (text, mut room) = (control(&node, TEXT)?, *b"a\0");
    ok!(node.set_control(ControlId::BRIGHTNESS, 50));
    ok!(node.set_control(ControlId::CONTRAST, 50));
    let mut values = [
        ControlValue::new(ControlId::BRIGHTNESS, 60),
        ControlValue::bytes(&text, &mut room).ok_or("no bytes")?,
        ControlValue::new(ControlId::CONTRAST, 60),
    ];
    let Err(error) = node.set_controls(&mut values) else { return Err("a short text is accepted".into()) };
    ensure!((error.errno, error.index, error.changed) == (Errno::ERANGE, Some(1), true), "{error:?}");
    let now = (ok!(node.control(ControlId::BRIGHTNESS)), ok!(node.control(ControlId::CONTRAST)));
    ensure!(now == (60, 50), "{now:?}");
    Ok(())
}

fn defaults_are_read_whatever_is_set<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    ok!(node.set_control(ControlId::BRIGHTNESS, 3));
    for listed in node.controls() {
        let control = ok!(listed);
        if control.has_payload() || !control.is_readable() {
            continue;
        }
        let mut values = [ControlValue::number(&control, 0).ok_or("a number")?];
        ok!(node.get_controls(Which::Default, &mut values));
        let default = values[0].as_number();
        ensure!(
            default == Some(control.default) || control.control_type == ControlType::BITMASK,
            "{default:?} of {control:?}"
        );
    }
    for which in [Which::Minimum, Which::Maximum] {
        // Newer than the kernels here: refused, or right.
        let mut values = [ControlValue::new(ControlId::BRIGHTNESS, 1)];
        match node.get_controls(which, &mut values).map_err(|error| error.errno) {
            Err(Errno::EINVAL) => {}
            outcome => {
                ensure!(outcome == Ok(()) && matches!(values[0].as_number(), Some(0 | 255)), "{which:?}: {outcome:?}")
            }
        }
    }
    Ok(())
}

fn too_many_are_refused<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let values = |count| (0..count).map(|_| ControlValue::new(ControlId::BRIGHTNESS, 128)).collect::<Vec<_>>();
    ok!(node.set_controls(&mut values(MOST_CONTROLS)));
    let Err(error) = node.set_controls(&mut values(MOST_CONTROLS + 1)) else { return Err("accepted".into()) };
    ensure!((error.errno, error.index, error.changed) == (Errno::EINVAL, None, false), "{error:?}");
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
