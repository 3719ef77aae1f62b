//! What a program asks a camera's node beside frames: which it is, what it has, and its controls.

use vidbuf::node::{
    Control, ControlFlags, ControlId, ControlType, ControlValue, Controls, FormatFlags, Formats, FrameInterval,
    FrameIntervals, FrameSize, Wanted, Which as Value,
};
use vidbuf::v4l2::BufferType;
use vidbuf::{Errno, FourCc};
use vidbuf_linux::Device;
use vidbuf_linux::find::{Finder, NodeKind, Which, nodes};
use vidbuf_sim::{Profile, Sim};

use super::camera::Camera;
use super::{in_order, streaming, text};
use crate::checks::{Outcome, ensure};
use crate::programs::{line, seen};

const CAPTURE: BufferType = BufferType::VideoCapture;
/// The camera's sizes, and how long a frame takes at each.
const SIZES: [(u32, u32, u32); 3] = [(640, 480, 30), (320, 240, 30), (1280, 720, 10)];
/// The camera has a brightness from 0 to 255, and no hue.
const HAS: ControlId = ControlId::BRIGHTNESS;
const HAS_NOT: ControlId = ControlId::HUE;

const fn rate(denominator: u32) -> FrameInterval {
    FrameInterval { numerator: 1, denominator }
}

fn open(camera: &Camera) -> Result<Device, String> {
    Device::open(camera.node()).map_err(text)
}

/// Of two cameras of one name, the name is the first's; the place is each one's own.
pub fn found() -> Outcome {
    let (one, other) = (Camera::first()?, Camera::plug("")?);
    let about = |camera: &Camera| open(camera)?.capabilities().map_err(text);
    let (about_one, about_other) = (about(&one)?, about(&other)?);
    let card = about_other.card.to_str().map_err(text)?;
    let [place_one, place_other] = [&about_one, &about_other].map(|about| about.bus_info);
    let (place_one, place_other) = (place_one.to_str().map_err(text)?, place_other.to_str().map_err(text)?);
    for (which, camera) in [
        (Which::First, &one),
        (Which::Name(card), &one),
        (Which::Bus(place_one), &one),
        (Which::Bus(place_other), &other),
    ] {
        let (device, node) = Finder::new(which).and_then(|finder| finder.find()).map_err(text)?;
        let path = format!("/dev/video{}", node.number);
        ensure(camera.node().to_bytes() == path.as_bytes(), || format!("{which:?}: {path}"))?;
        ensure(node.kind() == NodeKind::Camera && node.index == 0, || format!("{which:?}: {node:?}"))?;
        ensure(device.capabilities() == node.capabilities, || format!("{which:?}: another device"))?;
    }
    // Each has a node of metadata beside it.
    let mut kinds = Vec::new();
    for node in nodes() {
        let node = node.map_err(text)?;
        if node.capabilities.map_err(text)?.bus_info == about_other.bus_info {
            kinds.push((node.kind(), node.index));
        }
    }
    ensure(kinds == [(NodeKind::Camera, 0), (NodeKind::Metadata, 1)], || format!("{kinds:?}"))?;
    for which in [Which::Name("no such camera"), Which::Bus("usb-nowhere")] {
        let none = Finder::new(which).and_then(|finder| finder.find());
        ensure(none.err() == Some(Errno::ENOENT), || format!("{which:?} is found"))?;
    }
    let finder = Finder::new(Which::Bus(place_other)).map_err(text)?;
    other.unplug()?;
    let gone = finder.find();
    ensure(gone.err() == Some(Errno::ENOENT), || "found, and it is gone".into())
}

/// The camera's descriptors, as the driver lists them.
pub fn listed() -> Outcome {
    lists(&open(&Camera::first()?)?)
}

fn lists(device: &impl Formats) -> Outcome {
    let formats: Vec<_> = device.formats(CAPTURE).collect::<Result<_, _>>().map_err(text)?;
    let seen: Vec<_> =
        formats.iter().map(|one| (one.pixel_format, one.flags.contains(FormatFlags::COMPRESSED))).collect();
    ensure(seen == [(FourCc::YUYV, false), (FourCc::MJPEG, true)], || format!("{formats:?}"))?;
    for format in [FourCc::YUYV, FourCc::MJPEG] {
        let sizes: Vec<_> = device.sizes(format).collect::<Result<_, _>>().map_err(text)?;
        let expected = SIZES.map(|(width, height, _)| FrameSize::Discrete { width, height });
        ensure(sizes == expected, || format!("{format}: {sizes:?}"))?;
        for (width, height, frames) in SIZES {
            let rates: Vec<_> = device.intervals(format, width, height).collect::<Result<_, _>>().map_err(text)?;
            ensure(rates == [FrameIntervals::Discrete(rate(frames))], || format!("{width}x{height}: {rates:?}"))?;
        }
    }
    ensure(device.sizes(FourCc::NV12).next().is_none(), || "sizes of a format that it has not".into())?;
    ensure(device.intervals(FourCc::YUYV, 1, 1).next().is_none(), || "rates of a size that it has not".into())
}

/// Size before rate, and rate before format.
pub fn negotiated() -> Outcome {
    let camera = Camera::plug("")?;
    let mut device = open(&camera)?;
    for (wanted, words) in [
        (Wanted::new(640, 480, &[FourCc::YUYV]).at(30), Some("640x480 YUYV at 30/s")),
        (Wanted::new(1280, 720, &[FourCc::YUYV]).at(30), Some("1280x720 YUYV at 10/s instead of 30/s")),
        (Wanted::new(320, 200, &[FourCc::NV12, FourCc::MJPEG]), Some("320x240 MJPG instead of 320x200, NV12")),
        (
            Wanted::new(4096, 4096, &[FourCc::MJPEG, FourCc::YUYV]).at(10),
            Some("1280x720 MJPG at 10/s instead of 4096x4096"),
        ),
        (Wanted::new(640, 480, &[FourCc::NV12]).at(30), None),
    ] {
        let before = device.format(CAPTURE).map_err(text)?;
        let got = wanted.set(&mut device, CAPTURE).map_err(text)?;
        ensure(got.map(|got| got.to_string()).as_deref() == words, || format!("{wanted:?}: {got:?}"))?;
        let now = device.format(CAPTURE).map_err(text)?;
        ensure(now == got.map_or(before, |got| got.format), || format!("{wanted:?}: in use is {now:?}"))?;
        let interval = device.frame_interval(CAPTURE).map_err(text)?;
        ensure(got.and_then(|got| got.interval).is_none_or(|got| got == interval), || format!("{interval:?}"))?;
    }
    Ok(())
}

/// The camera has one rate for each size, and the driver sets the nearest.
pub fn rates() -> Outcome {
    let camera = Camera::plug("")?;
    let mut device = open(&camera)?;
    for (width, height, frames) in SIZES {
        device.set_format(CAPTURE, &vidbuf::node::Format::new(width, height, FourCc::YUYV)).map_err(text)?;
        for asked in [rate(frames), rate(1), rate(1000), FrameInterval { numerator: 7, denominator: 90 }] {
            let set = device.set_frame_interval(CAPTURE, asked).map_err(text)?;
            let now = device.frame_interval(CAPTURE).map_err(text)?;
            ensure(set == rate(frames) && now == set, || format!("{asked:?}: {set:?}, then {now:?}"))?;
        }
    }
    let other_type = device.frame_interval(BufferType::VideoOutput);
    ensure(other_type == Err(Errno::EINVAL), || format!("of an output: {other_type:?}"))?;
    // Who has set a format or a rate keeps others from doing so until the file is closed.
    drop(device);
    let stream = streaming(&camera, FourCc::YUYV, true)?;
    let mut device = open(&camera)?;
    let (busy, read) = (device.set_frame_interval(CAPTURE, rate(30)), device.frame_interval(CAPTURE));
    ensure(busy == Err(Errno::EBUSY) && read == Ok(rate(30)), || format!("while it streams: {busy:?}, {read:?}"))?;
    in_order(&stream, FourCc::YUYV, 3)
}

fn brightness(device: &impl Controls) -> Result<Control, String> {
    device.query_control(HAS).map_err(text)?.ok_or_else(|| "no brightness".into())
}

/// The driver has no VIDIOC_QUERY_EXT_CTRL of its own: this is the older call.
pub fn controlled() -> Outcome {
    let camera = Camera::plug("")?;
    let device = open(&camera)?;
    let listed: Vec<_> = device.controls().collect::<Result<_, _>>().map_err(text)?;
    let control = brightness(&device)?;
    ensure(listed.contains(&control), || format!("{control:?} is not listed in {listed:?}"))?;
    let limits = (control.minimum, control.maximum, control.step, control.default);
    ensure(control.control_type == ControlType::INTEGER && limits == (0, 255, 1, 128), || format!("{control:?}"))?;
    let refused = ControlFlags::READ_ONLY | ControlFlags::INACTIVE | ControlFlags::DISABLED;
    ensure(control.is_settable() && !control.flags.intersects(refused), || format!("{control:?}"))?;
    ensure(device.find_control("brightness") == Ok(Some(control)), || "not found by its name".into())?;
    for (asked, expected) in [(100, 100), (0, 0), (300, 255), (-1, 0), (128, 128)] {
        let set = device.set_value(&control, asked).map_err(text)?;
        // Another handle of the same camera.
        let now = open(&camera)?.value(&control).map_err(text)?;
        ensure((set, now) == (expected, expected), || format!("{asked}: set {set}, then {now}"))?;
    }
    device.set_control(HAS, 7).map_err(text)?;
    let tried = device.try_value(&control, 300).map_err(text)?;
    ensure(tried == 255 && device.control(HAS) == Ok(7), || format!("tried {tried}"))?;
    let mut value = [ControlValue::new(HAS, 0)];
    device.get_controls(Value::Default, &mut value).map_err(text)?;
    ensure(value[0].as_number() == Some(128), || format!("at first {value:?}"))
}

/// The simulator's webcam has the same controls: names, limits, flags, items of menus, and values at first.
pub fn controlled_as_simulated() -> Outcome {
    let camera = Camera::plug("")?;
    let device = open(&camera)?;
    let mut memory = [];
    let sim = Sim::new(Profile::WEBCAM, &mut memory);
    let simulated = sim.open().map_err(text)?;
    let (real, simulated) = (described(&device)?, described(&simulated)?);
    ensure(real.len() == 14, || format!("{} controls", real.len()))?;
    for (real, simulated) in real.iter().zip(&simulated) {
        ensure(real == simulated, || format!("{real}, and simulated {simulated}"))?;
    }
    ensure(real.len() == simulated.len(), || format!("{} are simulated", simulated.len()))
}

fn described(node: &impl Controls) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for control in node.controls() {
        let control = control.map_err(text)?;
        let mut words = format!("{control:?} = {:?}", node.value(&control));
        for item in node.menu(&control) {
            words += &format!(", {:?}", item.map_err(text)?);
        }
        all.push(words);
    }
    Ok(all)
}

/// While a mode is automatic, what it sets is refused, alone, with others, and tried, and allowed with the mode by hand in one call.
pub fn automatic() -> Outcome {
    let camera = Camera::plug("")?;
    let device = open(&camera)?;
    refuses_what_is_automatic(&device).map_err(|why| format!("real: {why}"))?;
    let mut memory = [];
    let sim = Sim::new(Profile::WEBCAM, &mut memory);
    refuses_what_is_automatic(&sim.open().map_err(text)?).map_err(|why| format!("simulated: {why}"))
}

fn refuses_what_is_automatic(node: &impl Controls) -> Outcome {
    let (mode, time) = (ControlId::EXPOSURE_AUTO, ControlId::EXPOSURE_ABSOLUTE);
    let flags = |id| node.query_control(id).map(|control| control.map(|control| control.flags));
    ensure(flags(time) == Ok(Some(ControlFlags::INACTIVE)), || format!("{:?}", flags(time)))?;
    let set = node.set_control(time, 200);
    ensure(set == Err(Errno::EACCES), || format!("{set:?}"))?;
    let both = |value| [ControlValue::new(mode, value), ControlValue::new(time, 300)];
    let set = node.set_controls(&mut both(3)).err().ok_or("set with an automatic mode")?;
    ensure(set.errno == Errno::EACCES && !set.changed, || format!("{set:?}"))?;
    node.set_controls(&mut both(1)).map_err(|error| format!("with the mode by hand: {error}"))?;
    let now = (node.control(mode), node.control(time), flags(time));
    ensure(now == (Ok(1), Ok(300), Ok(Some(ControlFlags::empty()))), || format!("{now:?}"))?;
    node.set_control(mode, 3).map_err(text)?;
    let set = node.set_control(time, 400);
    ensure(set == Err(Errno::EACCES) && node.control(time) == Ok(300), || format!("then {set:?}"))?;
    // There is no such item.
    let set = node.set_control(mode, 2);
    ensure(matches!(set, Err(Errno::EINVAL | Errno::ERANGE)), || format!("of a hole: {set:?}"))
}

/// No control is None where a list is asked, and EINVAL where a value is.
pub fn not_controlled() -> Outcome {
    let camera = Camera::plug("")?;
    let device = open(&camera)?;
    ensure(device.query_control(HAS_NOT) == Ok(None), || "it has a hue".into())?;
    ensure(device.find_control("hue") == Ok(None), || "it has a control called hue".into())?;
    let (read, set) = (device.control(HAS_NOT), device.set_control(HAS_NOT, 1));
    ensure((read, set) == (Err(Errno::EINVAL), Err(Errno::EINVAL)), || format!("{read:?}, {set:?}"))?;
    device.set_control(HAS, 50).map_err(text)?;
    let both = || [ControlValue::new(HAS, 60), ControlValue::new(HAS_NOT, 1)];
    let read = device.get_controls(Value::Current, &mut both()).err().ok_or("both are read")?;
    let set = device.set_controls(&mut both()).err().ok_or("both are set")?;
    println!("        read: {read}; set: {set}");
    ensure(read.errno == Errno::EINVAL && read.index == Some(1), || format!("{read:?}"))?;
    ensure(set.errno == Errno::EINVAL && !set.changed, || format!("{set:?}"))?;
    ensure(device.control(HAS) == Ok(50), || format!("brightness is {:?}", device.control(HAS)))
}

/// Through the queue that owns the device.
pub fn controlled_while_streaming() -> Outcome {
    let camera = Camera::plug("")?;
    let stream = streaming(&camera, FourCc::YUYV, true)?;
    in_order(&stream, FourCc::YUYV, 3)?;
    let control = brightness(stream.backend())?;
    for value in [10, 200] {
        let set = stream.backend().set_value(&control, value).map_err(text)?;
        ensure(set == value && stream.backend().value(&control) == Ok(value), || format!("{value}: {set}"))?;
        in_order(&stream, FourCc::YUYV, 3)?;
    }
    stream.stop().map(drop).map_err(text)
}

/// By the camera's place, as a user names it.
pub fn example() -> Outcome {
    let camera = Camera::plug("")?;
    let place = open(&camera)?.capabilities().map_err(text)?.bus_info.to_string();
    let run = |words: &str| seen(line("timeout -s KILL 60 capture").args(["--device", &place]).args(words.split(' ')));
    let info = run("info --set brightness=77")?;
    let expected = "brightness (int): 0 to 255 in steps of 1, default 128, value 77";
    ensure(info.status == 0 && info.both.contains(expected), || info.both.clone())?;
    for (words, status, sentence) in [
        ("-s 320x240 -n 3 -o /tmp/set --set brightness=78", 0, "good             3"),
        ("--set brightness=256", 1, "brightness=256: not possible; brightness takes 0 to 255 in steps of 1"),
        ("--set hue=1", 1, "there is no control hue: `capture info` lists them"),
    ] {
        let seen = run(words)?;
        ensure(seen.status == status && seen.both.contains(sentence), || format!("{words}: {}", seen.both))?;
    }
    let now = open(&camera)?.control(HAS);
    ensure(now == Ok(78), || format!("{now:?}"))
}
