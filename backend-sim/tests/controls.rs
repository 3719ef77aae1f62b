//! Controls of a simulated device: what the kernel refuses, in its order, and what the driver refuses on request.

use vidbuf::node::{ControlFlags, ControlId, ControlType, ControlValue, Controls as _, Which};
use vidbuf::{Queue, Request};
use vidbuf_sim::kernel::abi::control::{
    V4L2_CTRL_FLAG_NEXT_COMPOUND, V4L2_CTRL_FLAG_NEXT_CTRL, v4l2_control, v4l2_ext_control, v4l2_ext_controls,
    v4l2_queryctrl,
};
use vidbuf_sim::kernel::abi::ioctl::{
    VIDIOC_G_CTRL, VIDIOC_G_EXT_CTRLS, VIDIOC_QUERY_EXT_CTRL, VIDIOC_QUERYCTRL, VIDIOC_QUERYMENU, VIDIOC_S_CTRL,
    VIDIOC_S_EXT_CTRLS, VIDIOC_S_PRIORITY, VIDIOC_TRY_EXT_CTRLS,
};
use vidbuf_sim::kernel::abi::value::Value as _;
use vidbuf_sim::kernel::{DmaBuf, File, Foreign, Node, OpenMode, Returned};
use vidbuf_sim::{Errno, Kernel, Profile, Sim, SimControl};

fn on<T>(profile: Profile, body: impl FnOnce(&Sim<'_>) -> T) -> T {
    let mut memory = vec![0; 1 << 20];
    body(&Sim::new(profile, &mut memory))
}

#[test]
fn driver_that_refuses_one_of_several_leaves_those_before_it_set() {
    on(Profile::VIVID, |sim| {
        let camera = sim.open().unwrap();
        sim.inject(|inject| inject.control = Some((ControlId::CONTRAST, Errno::EIO)));
        let ids = [ControlId::BRIGHTNESS, ControlId::CONTRAST, ControlId::SATURATION];
        let mut values = ids.map(|id| ControlValue::new(id, 7));
        let error = camera.set_controls(&mut values).unwrap_err();
        assert_eq!((error.errno, error.index, error.changed), (Errno::EIO, Some(1), true));
        assert_eq!(ids.map(|id| camera.control(id)), [Ok(7), Ok(128), Ok(128)]);
        // Once.
        assert_eq!(camera.set_controls(&mut values), Ok(()));
        sim.inject(|inject| inject.control = Some((ControlId::BRIGHTNESS, Errno::EPIPE)));
        assert_eq!(camera.set_control(ControlId::BRIGHTNESS, 7), Ok(7), "the driver is not asked for what it has");
        assert_eq!(camera.set_control(ControlId::BRIGHTNESS, 8), Err(Errno::EPIPE));
        assert_eq!(camera.control(ControlId::BRIGHTNESS), Ok(7));
    });
}

#[test]
fn webcam_refuses_what_it_sets_itself_unless_the_same_call_makes_it_manual() {
    on(Profile::UVC, |sim| {
        let camera = sim.open().unwrap();
        let (mode, time) = (ControlId::EXPOSURE_AUTO, ControlId::EXPOSURE_ABSOLUTE);
        let flags = || camera.query_control(time).unwrap().unwrap().flags;
        assert_eq!(flags(), ControlFlags::INACTIVE);
        assert_eq!(camera.set_control(time, 100), Err(Errno::EACCES));
        assert_eq!(camera.try_controls(&mut [ControlValue::new(time, 100)]), Ok(()), "a try is not refused");
        let error = camera.set_controls(&mut [ControlValue::new(time, 100)]).unwrap_err();
        assert_eq!((error.errno, error.changed), (Errno::EACCES, false));
        assert_eq!(camera.set_controls(&mut [ControlValue::new(time, 100), ControlValue::new(mode, 1)]), Ok(()));
        assert_eq!((camera.control(time), flags()), (Ok(100), ControlFlags::empty()));
        assert_eq!(camera.set_control(mode, 2), Err(Errno::EINVAL), "a hole");
        assert_eq!(camera.set_control(mode, 4), Err(Errno::ERANGE));
    });
}

#[test]
fn streaming_queue_gives_its_device_for_controls() {
    on(Profile::VIVID, |sim| {
        let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
        let frame = queue.dequeue().unwrap().unwrap();
        assert_eq!(queue.backend().set_control(ControlId::BRIGHTNESS, 30), Ok(30));
        let cropping = queue.backend().find_control("enable_capture_cropping").unwrap().unwrap();
        assert!(cropping.flags.contains(ControlFlags::GRABBED));
        assert_eq!(queue.backend().set_value(&cropping, 0), Err(Errno::EBUSY));
        drop(frame);
        let idle = queue.stop().unwrap();
        assert_eq!(idle.backend().set_value(&cropping, 0), Ok(0));
    });
}

#[test]
fn device_without_controls_has_no_calls_on_them() {
    on(Profile::UNICAM, |sim| {
        let camera = sim.open().unwrap();
        assert_eq!(camera.controls().next(), Some(Err(Errno::ENOTTY)));
        assert_eq!(camera.control(ControlId::GAIN), Err(Errno::ENOTTY));
        assert_eq!(camera.set_control(ControlId::GAIN, 1), Err(Errno::ENOTTY));
        let error = camera.get_controls(Which::Current, &mut []).unwrap_err();
        assert_eq!((error.errno, error.index, error.changed), (Errno::ENOTTY, None, false));
    });
}

#[test]
fn controls_of_a_kernel_are_those_that_it_has() {
    for (kernel, count, loops) in [(Kernel::V6_1, 72, true), (Kernel::V6_12, 75, false)] {
        let mut memory = vec![0; 1 << 20];
        let sim = Sim::new(Profile::VIVID, &mut memory).kernel(kernel);
        let camera = sim.open().unwrap();
        assert_eq!(camera.controls().count(), count);
        assert_eq!(camera.find_control("loop_video").unwrap().is_some(), loops);
    }
}

/// A program's memory from address 4096 on.
struct Memory([u8; 256]);

impl Memory {
    fn at(&mut self, address: u64, length: usize) -> Result<&mut [u8], Errno> {
        let start = address.checked_sub(4096).ok_or(Errno::EFAULT)? as usize;
        self.0.get_mut(start..).and_then(|rest| rest.get_mut(..length)).ok_or(Errno::EFAULT)
    }
}

impl Foreign for Memory {
    fn pin(&mut self, _: u64, _: u32, _: bool) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }

    fn dma_buf(&mut self, _: i32) -> Result<DmaBuf, Errno> {
        Err(Errno::EINVAL)
    }

    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        bytes.copy_from_slice(self.at(address, bytes.len())?);
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        self.at(address, bytes.len())?.copy_from_slice(bytes);
        Ok(())
    }
}

/// A call on the elements, and what is in `error_idx` and `which` afterwards.
fn several(
    node: &mut Node<8>,
    file: File,
    number: u32,
    (which, count): (u32, u32),
    elements: &[(u32, i32)],
) -> (Result<Returned, Errno>, u32, u32) {
    let mut memory = Memory([0; 256]);
    for (index, (id, value)) in elements.iter().enumerate() {
        let mut element = v4l2_ext_control { id: *id, ..Default::default() };
        element.value.set_value(*value);
        element.put(&mut memory.0, index * size_of::<v4l2_ext_control>());
    }
    let raw = v4l2_ext_controls { which, count, error_idx: 99, controls: 4096, ..Default::default() };
    let mut argument = [0; size_of::<v4l2_ext_controls>()];
    raw.put(&mut argument, 0);
    let outcome = node.ioctl_with(file, number, &mut argument, &mut [], &mut memory);
    let raw = v4l2_ext_controls::get(&argument, 0);
    (outcome, raw.error_idx, raw.which)
}

const BRIGHTNESS: u32 = ControlId::BRIGHTNESS.0;
const READ_ONLY: u32 = 0x0098_f90c;
const MENU: u32 = 0x0098_f904;

#[test]
fn error_index_is_the_kernels_for_each_call() {
    let mut node = Node::<8>::new(Profile::VIVID, Kernel::V6_12, 4096, 1 << 20);
    let file = node.open(OpenMode::READ_WRITE).unwrap();
    const G: u32 = VIDIOC_G_EXT_CTRLS;
    const S: u32 = VIDIOC_S_EXT_CTRLS;
    const TRY: u32 = VIDIOC_TRY_EXT_CTRLS;
    let (none, bad): (&[(u32, i32)], &[(u32, i32)]) = (&[], &[(BRIGHTNESS, 1), (0x0098_0fff, 1)]);
    let locked: &[(u32, i32)] = &[(BRIGHTNESS, 1), (READ_ONLY, 1)];
    let item: &[(u32, i32)] = &[(BRIGHTNESS, 1), (MENU, 9)];
    let (einval, eacces, erange) = (Err(Errno::EINVAL), Err(Errno::EACCES), Err(Errno::ERANGE));
    let table = [
        ("more than the kernel takes", G, (0, 1025), none, Err(Errno::EINVAL), 99),
        ("an array that cannot be read", S, (0, 20), none, Err(Errno::EFAULT), 99),
        ("none", TRY, (0, 0), none, Ok(Returned::Done), 0),
        ("none of a class", G, (0x0098_0000, 0), none, Ok(Returned::Done), 0),
        ("none of no class", G, (0x009b_0000, 0), none, Err(Errno::EINVAL), 0),
        ("defaults set", S, (0x0f00_0000, 2), bad, Err(Errno::EINVAL), 2),
        ("unknown", G, (0, 2), bad, Err(Errno::EINVAL), 2),
        ("unknown", S, (0, 2), bad, Err(Errno::EINVAL), 2),
        ("unknown", TRY, (0, 2), bad, einval, 1),
        ("of another class", TRY, (0x009a_0000, 2), item, Err(Errno::EINVAL), 0),
        ("read only", S, (0, 2), locked, Err(Errno::EACCES), 2),
        ("read only", TRY, (0, 2), locked, eacces, 1),
        ("read only", G, (0, 2), locked, Ok(Returned::Done), 1),
        ("no item", S, (0, 2), item, Err(Errno::ERANGE), 2),
        ("no item", TRY, (0, 2), item, erange, 1),
        ("a request", G, (0x0f01_0000, 2), item, Err(Errno::EINVAL), 2),
        ("the smallest", G, (0x0f02_0000, 2), item, Err(Errno::EINVAL), 2),
    ];
    for (what, number, of, elements, outcome, error_idx) in table {
        let (returned, index, _) = several(&mut node, file, number, of, elements);
        assert_eq!((returned, index), (outcome, error_idx), "{what}, {number:#x}");
    }
    // What it leaves of `which`.
    assert_eq!(several(&mut node, file, G, (0x1098_0000, 2), locked).2, 0x0098_0000);
}

#[test]
fn other_files_priority_comes_before_everything_but_the_memory() {
    let mut node = Node::<8>::new(Profile::VIVID, Kernel::V6_12, 4096, 1 << 20);
    let [file, other] = [0; 2].map(|_| node.open(OpenMode::READ_WRITE).unwrap());
    node.call(other, VIDIOC_S_PRIORITY, &mut 3_u32, &mut []).unwrap();
    let mut control = v4l2_control { id: 0x0bad_0bad, value: 1 };
    assert_eq!(node.call(file, VIDIOC_S_CTRL, &mut control, &mut []), Err(Errno::EBUSY));
    assert_eq!(several(&mut node, file, VIDIOC_S_EXT_CTRLS, (0, 1), &[(1, 1)]), (Err(Errno::EBUSY), 99, 0));
    assert_eq!(several(&mut node, file, VIDIOC_S_EXT_CTRLS, (0, 20), &[]).0, Err(Errno::EFAULT));
    assert_eq!(several(&mut node, file, VIDIOC_TRY_EXT_CTRLS, (0, 1), &[(BRIGHTNESS, 1)]).0, Ok(Returned::Done));
}

#[test]
fn older_query_counts_a_drivers_own_controls_and_leaves_wide_limits_out() {
    let mut node = Node::<8>::new(Profile::VIVID, Kernel::V6_12, 4096, 1 << 20);
    let file = node.open(OpenMode::READ_WRITE).unwrap();
    let mut query = |id: u32| {
        let mut ask = v4l2_queryctrl { id, ..Default::default() };
        node.call(file, VIDIOC_QUERYCTRL, &mut ask, &mut []).map(|_| (ask.id, ask.type_, ask.maximum))
    };
    // The second of vivid's own is a boolean; the fourth, of 64 bits, is passed over.
    assert_eq!(query(0x0800_0001), Ok((0x0800_0001, ControlType::BOOLEAN.0, 1)));
    assert_eq!(query(0x0800_0003), Ok((0x0800_0003, ControlType::MENU.0, 4)));
    assert_eq!(query(0x0098_f903), Ok((0x0098_f903, ControlType::INTEGER64.0, 0)));
    assert_eq!(query(0x0098_f902 | V4L2_CTRL_FLAG_NEXT_CTRL).map(|found| found.0), Ok(0x0098_f903));
    assert_eq!(query(V4L2_CTRL_FLAG_NEXT_COMPOUND).map(|found| found.0), Ok(0x0098_f908));
    assert_eq!(query(0x0fff_ffff | V4L2_CTRL_FLAG_NEXT_CTRL), Err(Errno::EINVAL));
}

#[test]
fn list_without_room_for_all_has_those_before() {
    const WIDE: &[SimControl] = &[
        SimControl::integer(ControlId(0x0098_f900), "Huge", (0, 1), 1, 0).array(&[1000, 1000]),
        SimControl::boolean(ControlId(0x0098_f901), "Boolean", true),
    ];
    on(Profile::VIVID.controls(WIDE), |sim| {
        let ids: Vec<_> = sim.open().unwrap().controls().map(|control| control.unwrap().id.0).collect();
        assert_eq!(ids, [0x0098_f901]);
    });
}

#[test]
fn camera_changes_a_control_by_itself() {
    on(Profile::UVC, |sim| {
        let camera = sim.open().unwrap();
        assert!(sim.change_control(ControlId::EXPOSURE_ABSOLUTE, 333));
        assert_eq!(camera.control(ControlId::EXPOSURE_ABSOLUTE), Ok(333));
        assert!(sim.change_control(ControlId::BRIGHTNESS, 1 << 40));
        assert_eq!(camera.control(ControlId::BRIGHTNESS), Ok(255));
        assert!(!sim.change_control(ControlId::EXPOSURE_AUTO, 2), "a hole");
        assert!(!sim.change_control(ControlId::PIXEL_RATE, 1));
    });
}

/// Numbers that are the same every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 24
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.next() as usize % of.len()]
    }
}

#[test]
fn no_argument_whatever_makes_it_panic_or_leaves_a_value_outside_its_limits() {
    const CALLS: [u32; 8] = [
        VIDIOC_QUERYCTRL,
        VIDIOC_QUERY_EXT_CTRL,
        VIDIOC_QUERYMENU,
        VIDIOC_G_CTRL,
        VIDIOC_S_CTRL,
        VIDIOC_G_EXT_CTRLS,
        VIDIOC_S_EXT_CTRLS,
        VIDIOC_TRY_EXT_CTRLS,
    ];
    for profile in [Profile::VIVID, Profile::UVC, Profile::VIVID_OUTPUT, Profile::CODEC] {
        let mut node = Box::new(Node::<2, 2>::new(profile, Kernel::V6_12, 4096, 1 << 20));
        let file = node.open(OpenMode::READ_WRITE).unwrap();
        let (mut numbers, mut accepted) = (Numbers(1), 0);
        for _ in 0..20_000 {
            let number = numbers.one_of(&CALLS);
            let mut memory = Memory([0; 256]);
            memory.0.iter_mut().for_each(|byte| *byte = numbers.next() as u8);
            for element in 0..4 {
                let at = element * size_of::<v4l2_ext_control>();
                let size = numbers.one_of(&[0, 4, 8, 100, numbers.0 as u32]);
                profile.controls[numbers.next() as usize % profile.controls.len()].id.0.put(&mut memory.0, at);
                size.put(&mut memory.0, at + 4);
                numbers.one_of(&[4096 + 80_u64, 4096 + 200, 7, numbers.0]).put(&mut memory.0, at + 12);
            }
            let mut argument = [0; 256];
            argument.iter_mut().for_each(|byte| *byte = numbers.next() as u8);
            let id = profile.controls[numbers.next() as usize % profile.controls.len()].id.0;
            let (which, count) =
                (numbers.one_of(&[0, 0, 0x0f00_0000, 0x0098_0000]), numbers.one_of(&[0_u32, 1, 2, 4, 12, 13]));
            match number {
                VIDIOC_G_EXT_CTRLS | VIDIOC_S_EXT_CTRLS | VIDIOC_TRY_EXT_CTRLS => {
                    v4l2_ext_controls { which, count, controls: 4096, ..Default::default() }.put(&mut argument, 0);
                }
                _ => numbers.one_of(&[id, id | V4L2_CTRL_FLAG_NEXT_CTRL, numbers.0 as u32]).put(&mut argument, 0),
            }
            accepted += u32::from(node.ioctl_with(file, number, &mut argument, &mut [], &mut memory).is_ok());
        }
        assert!(accepted > 2000, "{}: {accepted}", profile.name);
        for control in profile.controls {
            let mut ask = v4l2_control { id: control.id.0, value: 0 };
            let Ok(_) = node.call(file, VIDIOC_G_CTRL, &mut ask, &mut []) else { continue };
            let value = if control.control_type == ControlType::BITMASK {
                (ask.value as u32).into()
            } else {
                i64::from(ask.value)
            };
            assert!((control.minimum..=control.maximum).contains(&value), "{value} of {control:?}");
        }
    }
}
