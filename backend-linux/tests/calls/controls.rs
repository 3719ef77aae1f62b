//! Controls, byte by byte, and drivers that lie about them.

use vidbuf::node::{
    Control, ControlFlags, ControlId, ControlType, ControlValue, Controls as _, MOST_CONTROLS, MenuLabel, Which,
};
use vidbuf_linux::Errno;

use super::device;
use super::kernel::{Argument, answers};

const QUERYCTRL: u32 = 36;
const QUERYMENU: u32 = 37;
const G_EXT_CTRLS: u32 = 71;
const S_EXT_CTRLS: u32 = 72;
const TRY_EXT_CTRLS: u32 = 73;
const QUERY_EXT_CTRL: u32 = 103;

/// A control of bytes.
fn payload(control_type: ControlType) -> Control {
    Control::new(ControlId(0x0098_f905), control_type)
}

#[test]
fn control_is_described_as_the_newer_call_reports_it() {
    let driver = |argument: &mut Argument| {
        assert_eq!((argument.number(), argument.size()), (QUERY_EXT_CTRL, 232));
        assert_eq!(argument.get(0), 0x0098_0900 | 0xc000_0000, "the next one, of every kind");
        argument.put(0, [0x0098_f909, 0x101]);
        argument.bytes(8, b"U16 8x16 Matrix\0and what was there");
        // From -2 to 2^32 in steps of 3, -1 at first.
        argument.put(40, [u32::MAX - 1, u32::MAX, 0, 1, 3, 0, u32::MAX, u32::MAX]);
        argument.put(72, [0x500, 2, 128, 2, 8, 16, 7, 9]);
    };
    let (control, calls) = answers(driver, || device().next_control(ControlId::BRIGHTNESS));
    let control = control.unwrap().unwrap();
    assert_eq!(calls, 1);
    assert_eq!((control.id, control.control_type), (ControlId(0x0098_f909), ControlType::U16));
    assert_eq!(control.name.to_string(), "U16 8x16 Matrix");
    assert_eq!((control.minimum, control.maximum, control.step, control.default), (-2, 1 << 32, 3, -1));
    assert_eq!(control.flags, ControlFlags::HAS_PAYLOAD | ControlFlags::MODIFY_LAYOUT);
    assert_eq!((control.elem_size, control.elems, control.size()), (2, 128, Some(256)));
    assert_eq!((control.nr_of_dims, control.dims), (2, [8, 16, 7, 9]));
}

#[test]
fn older_call_is_made_where_there_is_no_newer_one() {
    let driver = |argument: &mut Argument| {
        if argument.number() == QUERY_EXT_CTRL {
            return argument.fail(Errno::ENOTTY);
        }
        assert_eq!((argument.number(), argument.size()), (QUERYCTRL, 68));
        match argument.get(0) {
            0x8000_0000 => {
                argument.put(0, [0x0098_0900, 1]);
                argument.bytes(8, &[0xff; 32]);
                argument.put(40, [u32::MAX, 255, 5, 128, 0x20]);
            }
            0x8098_0900 => argument.fail(Errno::EINVAL),
            other => panic!("{other:#x}"),
        }
    };
    let (listed, calls) = answers(driver, || device().controls().collect::<Result<Vec<_>, _>>().unwrap());
    assert_eq!((listed.len(), calls), (1, 4));
    let control = listed[0];
    assert_eq!((control.minimum, control.maximum, control.step, control.default), (-1, 255, 5, 128));
    assert_eq!((control.flags, control.size()), (ControlFlags::SLIDER, Some(4)));
    assert_eq!(control.name.to_string(), "\u{fffd}".repeat(32), "no UTF-8 and no end");
    let (none, _) = answers(|argument| argument.fail(Errno::ENOTTY), || device().query_control(ControlId::GAIN));
    assert_eq!(none, Err(Errno::ENOTTY));
}

#[test]
fn control_of_another_number_is_none() {
    let driver = |argument: &mut Argument| argument.put(0, [0x0098_0901, 1]);
    assert_eq!(answers(driver, || device().query_control(ControlId::BRIGHTNESS)).0, Ok(None));
    // One for ever.
    assert_eq!(answers(driver, || device().controls().count()), (1, 2));
}

#[test]
fn items_of_a_menu_are_names_or_numbers() {
    let driver = |argument: &mut Argument| {
        assert_eq!((argument.number(), argument.size(), argument.get(0)), (QUERYMENU, 44, 0x0098_f905));
        match argument.get(4) {
            1 => argument.bytes(8, &[1, 0, 0, 0, 1, 0, 0, 0]),
            3 => argument.put(4, [4]),
            _ => argument.fail(Errno::EINVAL),
        }
    };
    let menu = |control_type| {
        let mut control = payload(control_type);
        control.maximum = 4;
        control
    };
    let listed = |control| answers(driver, || device().menu(&control).collect::<Result<Vec<_>, _>>().unwrap());
    let (items, calls) = listed(menu(ControlType::INTEGER_MENU));
    assert_eq!((items.len(), items[0].index, items[0].label, calls), (1, 1, MenuLabel::Number(0x1_0000_0001), 5));
    let (items, _) = listed(menu(ControlType::MENU));
    assert_eq!(items[0].label.to_string(), "\u{1}");
    assert_eq!(listed(menu(ControlType::INTEGER)), (vec![], 0), "no call for what is no menu");
}

#[test]
fn several_are_handed_over_as_an_array_and_come_back() {
    let mut room = *b"abc\0rest";
    let mut values = [
        ControlValue::new(ControlId::BRIGHTNESS, -1),
        ControlValue::new_64(ControlId::PIXEL_RATE, -1),
        ControlValue::bytes(&payload(ControlType::STRING), &mut room).unwrap(),
    ];
    let driver = |argument: &mut Argument| {
        assert_eq!((argument.number(), argument.size()), (S_EXT_CTRLS, 32));
        assert_eq!(argument.many(0), [0, 3, 3, 0, 0], "which, count, error_idx, request_fd, reserved");
        let element = |number| [0, 4, 8, 12, 16].map(|offset| argument.of_element(number, offset));
        assert_eq!(element(0), [0x0098_0900, 0, 0, u32::MAX, 0]);
        assert_eq!(element(1), [0x009f_0902, 0, 0, u32::MAX, u32::MAX]);
        assert_eq!(element(2)[..3], [0x0098_f905, 8, 0]);
        let text = argument.value_of(2);
        // SAFETY: the eight bytes of `room`.
        unsafe { text.cast::<[u8; 3]>().write(*b"xy\0") };
        argument.put_element(0, 12, 255);
        argument.put_element(1, 16, 7);
    };
    let (outcome, calls) = answers(driver, || device().set_controls(&mut values));
    assert_eq!((outcome, calls), (Ok(()), 1));
    assert_eq!((values[0].as_number(), values[1].as_number()), (Some(255), Some(0x7_ffff_ffff)));
    assert_eq!((values[2].as_bytes(), values[2].size()), (Some(&b"xy"[..]), Some(8)));
}

#[test]
fn value_that_a_driver_refuses_is_named() {
    let values = || [ControlId::BRIGHTNESS, ControlId::GAIN].map(|id| ControlValue::new(id, 1));
    // As the kernel does: none is named when it sets, one is when it tries.
    let driver = |argument: &mut Argument| {
        if argument.number() == TRY_EXT_CTRLS {
            argument.put(8, [1]);
        }
        argument.fail(Errno::ERANGE);
    };
    let (outcome, calls) = answers(driver, || device().set_controls(&mut values()));
    let error = outcome.unwrap_err();
    assert_eq!((error.errno, error.index, error.changed, calls), (Errno::ERANGE, Some(1), false, 2));
    let late = |argument: &mut Argument| {
        argument.put(8, [1]);
        argument.fail(Errno::EIO);
    };
    let error = answers(late, || device().set_controls(&mut values())).0.unwrap_err();
    assert_eq!((error.errno, error.index, error.changed), (Errno::EIO, Some(1), true));
    // An index of nothing.
    let lie = |argument: &mut Argument| {
        argument.put(8, [u32::MAX]);
        argument.fail(Errno::EIO);
    };
    let error = answers(lie, || device().try_controls(&mut values())).0.unwrap_err();
    assert_eq!((error.errno, error.index, error.changed), (Errno::EIO, None, false));
}

#[test]
fn size_of_a_liar_gives_no_more_than_the_room() {
    for (control_type, size) in [(ControlType::U8, u32::MAX), (ControlType::U8, 5), (ControlType::STRING, u32::MAX)] {
        let mut room = *b"abcd";
        let driver = |argument: &mut Argument| {
            assert_eq!((argument.number(), argument.get(0)), (G_EXT_CTRLS, 0));
            argument.put_element(0, 4, size);
        };
        let (bytes, _) = answers(driver, || device().bytes(&payload(control_type), &mut room).map(<[u8]>::to_vec));
        assert_eq!(bytes, Ok(b"abcd".to_vec()));
    }
    let driver = |argument: &mut Argument| {
        argument.put_element(0, 4, 700);
        argument.fail(Errno::ENOSPC);
    };
    let mut room = [0; 4];
    let mut values = [ControlValue::bytes(&payload(ControlType::U8), &mut room).unwrap()];
    let error = answers(driver, || device().get_controls(Which::Default, &mut values)).0.unwrap_err();
    assert_eq!((error.errno, values[0].size()), (Errno::ENOSPC, Some(700)));
}

#[test]
fn more_values_than_there_is_room_for_make_no_call() {
    let mut values: Vec<_> = (0..=MOST_CONTROLS).map(|_| ControlValue::new(ControlId::GAIN, 1)).collect();
    let (outcome, calls) = answers(|_| {}, || device().call_controls(vidbuf::node::ControlsCall::Set, &mut values));
    assert_eq!((outcome.unwrap_err().errno, calls), (Errno::EINVAL, 0));
}
