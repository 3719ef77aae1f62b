//! Several controls at once: which one was refused, and what is set then.

use super::*;

pub fn several_are_set_and_read_at_once<R: Rig>(rig: &R) -> Outcome {
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

pub fn refused_one_of_several_is_named_and_nothing_is_set<R: Rig>(rig: &R) -> Outcome {
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

pub fn refused_text_leaves_those_before_it_set<R: Rig>(rig: &R) -> Outcome {
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

pub fn defaults_are_read_whatever_is_set<R: Rig>(rig: &R) -> Outcome {
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

pub fn too_many_are_refused<R: Rig>(rig: &R) -> Outcome {
    let node = rig.node();
    let values = |count| (0..count).map(|_| ControlValue::new(ControlId::BRIGHTNESS, 128)).collect::<Vec<_>>();
    ok!(node.set_controls(&mut values(MOST_CONTROLS)));
    let Err(error) = node.set_controls(&mut values(MOST_CONTROLS + 1)) else { return Err("accepted".into()) };
    ensure!((error.errno, error.index, error.changed) == (Errno::EINVAL, None, false), "{error:?}");
    Ok(())
}
