//! Drivers that report what no correct one does.

extern crate std;

use super::{
    Control, ControlFlags, ControlId, ControlPayload, ControlType, ControlValue, Controls, ControlsCall, ControlsError,
    MenuItem, MenuLabel, Which,
};
use crate::error::Errno;
use crate::node::Text;
use core::cell::RefCell;
use std::vec::Vec;

/// A driver by what it returns for the next control, for a menu item, and for a call on several.
struct Driver {
    next: fn(u32) -> Result<Option<u32>, Errno>,
    item: fn(u32) -> Result<Option<MenuItem>, Errno>,
    several: fn(ControlsCall, &[u32]) -> Result<(), ControlsError>,
    calls: RefCell<Vec<ControlsCall>>,
}

fn none() -> Driver {
    Driver { next: |_| Ok(None), item: |_| Ok(None), several: |_, _| Ok(()), calls: RefCell::new(Vec::new()) }
}

fn control(id: u32) -> Control {
    Control::new(ControlId(id), ControlType::INTEGER)
}

impl Controls for Driver {
    fn query_control(&self, id: ControlId) -> Result<Option<Control>, Errno> {
        let flags = if id.0 == 7 { ControlFlags::GRABBED } else { ControlFlags::empty() };
        Ok(Some(Control { flags, ..control(id.0) }))
    }

    fn next_control(&self, after: ControlId) -> Result<Option<Control>, Errno> {
        (self.next)(after.0).map(|id| id.map(control))
    }

    fn menu_item(&self, _: &Control, index: u32) -> Result<Option<MenuItem>, Errno> {
        (self.item)(index)
    }

    fn control(&self, _: ControlId) -> Result<i32, Errno> {
        Ok(-0x7fbf_dff0)
    }

    fn set_control(&self, _: ControlId, value: i32) -> Result<i32, Errno> {
        Ok(value)
    }

    fn call_controls(&self, call: ControlsCall, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
        self.calls.borrow_mut().push(call);
        let ids: Vec<u32> = values.iter().map(|value| value.id().0).collect();
        (self.several)(call, &ids)
    }
}

fn listed(next: fn(u32) -> Result<Option<u32>, Errno>) -> Vec<Result<u32, Errno>> {
    Driver { next, ..none() }.controls().map(|item| item.map(|control| control.id.0)).collect()
}

#[test]
fn list_ends_after_the_last_control_and_after_an_error() {
    assert_eq!(listed(|after| Ok((after < 3).then_some(after + 1))), [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(
        listed(|after| if after < 2 { Ok(Some(after + 1)) } else { Err(Errno::ENODEV) }),
        [Ok(1), Ok(2), Err(Errno::ENODEV)]
    );
}

#[test]
fn list_ends_on_drivers_that_do_not_end_it() {
    assert_eq!(listed(|_| Ok(Some(5))), [Ok(5)], "the same for ever");
    assert_eq!(listed(|after| Ok(Some(if after == 5 { 3 } else { 5 }))), [Ok(5)], "back again");
    assert_eq!(listed(|_| Ok(Some(0))), [], "no number");
    assert_eq!(listed(|after| Ok(Some(after | 0x8000_0000))), [], "the flag of the call left in it");
    assert_eq!(listed(|after| Ok(Some(after + 1))).len(), 1024, "another one each time");
}

fn items(limits: (i64, i64), item: fn(u32) -> Result<Option<MenuItem>, Errno>) -> Vec<Result<u32, Errno>> {
    let menu = Control { control_type: ControlType::MENU, minimum: limits.0, maximum: limits.1, ..control(1) };
    Driver { item, ..none() }.menu(&menu).map(|item| item.map(|item| item.index)).collect()
}

fn some(index: u32) -> MenuItem {
    MenuItem::new(index, MenuLabel::Number(0))
}

#[test]
fn holes_of_a_menu_are_left_out_and_huge_menus_end() {
    assert_eq!(items((1, 4), |index| Ok((index != 2).then(|| some(index)))), [Ok(1), Ok(3), Ok(4)]);
    assert_eq!(items((0, 1 << 31), |_| Ok(None)), []);
    assert_eq!(items((0, 1 << 31), |index| Ok(Some(some(index)))).len(), 1024);
    assert_eq!(items((i64::MIN, i64::MAX), |index| Ok((index == 0).then(|| some(0)))), [Ok(0)]);
    assert_eq!(items((4, 1), |index| Ok(Some(some(index)))), []);
    assert_eq!(
        items((0, 9), |index| if index == 1 { Err(Errno::EIO) } else { Ok(Some(some(index))) }),
        [Ok(0), Err(Errno::EIO)]
    );
    assert_eq!(none().menu(&Control { maximum: 9, ..control(1) }).count(), 0, "no menu");
}

#[test]
fn refused_value_is_named_by_a_try_where_the_kernel_names_none() {
    let several = |call, ids: &[u32]| match (call, ids) {
        // As the kernel does it.
        (ControlsCall::Set, _) => Err(ControlsError::new(call, Errno::ERANGE, 3, 3)),
        (ControlsCall::Try, _) => Err(ControlsError::new(call, Errno::ERANGE, 1, 3)),
        (_, [5]) => Err(ControlsError::new(call, Errno::EACCES, 1, 1)),
        (_, [_]) => Ok(()),
        _ => Err(ControlsError::new(call, Errno::EACCES, 3, 3)),
    };
    let driver = Driver { several, ..none() };
    let mut values = [4, 6, 5].map(|id| ControlValue::new(ControlId(id), 1));
    let error = driver.set_controls(&mut values).unwrap_err();
    assert_eq!((error.errno, error.index, error.changed), (Errno::ERANGE, Some(1), false));
    let error = driver.get_controls(Which::Default, &mut values).unwrap_err();
    assert_eq!((error.errno, error.index, error.changed), (Errno::EACCES, Some(2), false));
    let get = ControlsCall::Get(Which::Default);
    assert_eq!(*driver.calls.borrow(), [ControlsCall::Set, ControlsCall::Try, get, get, get, get]);
}

#[test]
fn control_that_the_driver_holds_is_named_by_its_flag() {
    let several = |call, ids: &[u32]| match call {
        ControlsCall::Set => Err(ControlsError::new(call, Errno::EBUSY, 2, ids.len())),
        _ => Ok(()),
    };
    let driver = Driver { several, ..none() };
    let error = driver.set_controls(&mut [4, 7].map(|id| ControlValue::new(ControlId(id), 1))).unwrap_err();
    assert_eq!((error.index, error.changed), (Some(1), false));
    let error = driver.set_controls(&mut [4, 4].map(|id| ControlValue::new(ControlId(id), 1))).unwrap_err();
    assert_eq!((error.index, error.changed), (None, false), "another program's priority");
}

#[test]
fn refusal_while_they_are_set_leaves_those_before_it_set() {
    let error = |index| ControlsError::new(ControlsCall::Set, Errno::EIO, index, 3);
    assert_eq!([0, 1, 2, 3, u32::MAX].map(|index| error(index).changed), [false, true, true, false, false]);
    let words = std::format!("{}", error(2));
    assert_eq!(words, std::format!("value 2: {}; some of those before it are set", Errno::EIO));
}

#[test]
fn numbers_and_bytes_are_not_mistaken_for_each_other() {
    let (number, text) = (control(1), Control { control_type: ControlType::STRING, ..control(2) });
    assert_eq!(none().value(&text), Err(Errno::EINVAL));
    assert_eq!(none().set_value(&text, 1), Err(Errno::EINVAL));
    assert_eq!(none().try_value(&text, 1), Err(Errno::EINVAL));
    assert_eq!(none().bytes(&number, &mut []), Err(Errno::EINVAL));
    assert_eq!(none().set_bytes(&number, &mut []), Err(Errno::EINVAL));
    assert_eq!(none().set_text(&number, "a"), Err(Errno::EINVAL));
    assert_eq!(none().set_text(&text, "a\0"), Err(Errno::EINVAL));
    assert_eq!(none().set_text(&text, std::str::from_utf8(&[b'a'; 256]).unwrap()), Err(Errno::ERANGE));
    assert_eq!(none().set_text(&text, ""), Ok(()));
}

#[test]
fn bits_have_no_sign() {
    let bits = Control { control_type: ControlType::BITMASK, maximum: 0x8040_2010, ..control(1) };
    assert_eq!(none().value(&bits), Ok(0x8040_2010));
    assert_eq!(none().set_value(&bits, 0x8040_2010), Ok(0x8040_2010));
    assert_eq!(none().value(&control(1)), Ok(-0x7fbf_dff0));
}

#[test]
fn control_is_found_by_either_spelling_and_titles_are_passed_over() {
    struct Named;
    impl Controls for Named {
        fn query_control(&self, _: ControlId) -> Result<Option<Control>, Errno> {
            Ok(None)
        }

        fn next_control(&self, after: ControlId) -> Result<Option<Control>, Errno> {
            let named = |id, control_type, name: &[u8]| {
                let mut bytes = [0; 32];
                bytes[..name.len()].copy_from_slice(name);
                Some(Control { name: Text::new(bytes), ..Control::new(ControlId(id), control_type) })
            };
            Ok(match after.0 {
                0 => named(1, ControlType::CTRL_CLASS, b"Gain"),
                1 => named(2, ControlType::INTEGER, b"\xff\xff\xff"),
                2 => named(3, ControlType::INTEGER, b"Gain"),
                3 => named(4, ControlType::BOOLEAN, b"White Balance, Automatic"),
                _ => return Err(Errno::EIO),
            })
        }

        fn menu_item(&self, _: &Control, _: u32) -> Result<Option<MenuItem>, Errno> {
            Ok(None)
        }

        fn control(&self, _: ControlId) -> Result<i32, Errno> {
            Err(Errno::EINVAL)
        }

        fn set_control(&self, _: ControlId, _: i32) -> Result<i32, Errno> {
            Err(Errno::EINVAL)
        }

        fn call_controls(&self, _: ControlsCall, values: &mut [ControlValue<'_>]) -> Result<(), ControlsError> {
            for value in values {
                if let ControlPayload::Integer64(value) = value.payload_mut() {
                    *value = -1;
                }
            }
            Ok(())
        }
    }
    let found = |name| Named.find_control(name).map(|control| control.map(|control| control.id.0));
    assert_eq!(found("white_balance_automatic"), Ok(Some(4)));
    assert_eq!(found("White Balance, Automatic"), Ok(Some(4)));
    assert_eq!(found("GAIN"), Ok(Some(3)));
    assert_eq!(found(""), Err(Errno::EIO), "no name is like none, and the list ends with an error");
    let wide = Control { control_type: ControlType::INTEGER64, ..control(9) };
    assert_eq!((Named.value(&wide), Named.set_value(&wide, 5), Named.try_value(&wide, 5)), (Ok(-1), Ok(-1), Ok(-1)));
}
