//! What frames a node has: what is listed can be set, what is set is in use, and what is not there becomes what is nearest.

use vidbuf::node::{
    Format, Formats, FrameInterval, FrameIntervals, FrameSize, ListIntervals as _, QueryCapabilities, Wanted,
};
use vidbuf::v4l2::BufferType;
use vidbuf::{Errno, FourCc};

use super::{Case, Outcome, Rig, cases, ensure, ok};

/// Every case of a capture node.
pub fn cases<R: Rig>() -> Vec<Case<R>> {
    cases![R:
        capabilities_name_what_the_node_is,
        every_listed_format_can_be_set,
        every_listed_size_can_be_set,
        every_listed_interval_can_be_set,
        other_format_becomes_one_of_the_nodes,
        other_intervals_become_one_of_the_nodes,
        other_type_is_refused,
        nearest_is_negotiated_and_in_use,
        unplugged_node_has_no_formats,
    ]
}

/// A node, its type, and what it is set to.
fn begin<R: Rig>(rig: &R) -> Result<(R::Node, BufferType, Format, FrameInterval), String> {
    let node = rig.node();
    let Some(buffer_type) = ok!(node.capabilities()).capture_type() else { return Err("no capture node".into()) };
    let (format, interval) = (ok!(node.format(buffer_type)), ok!(node.frame_interval(buffer_type)));
    Ok((node, buffer_type, format, interval))
}

/// As it was before.
fn end(mut node: impl Formats, buffer_type: BufferType, format: &Format, interval: FrameInterval) -> Outcome {
    ensure!(ok!(node.set_format(buffer_type, format)) == *format, "the format does not come back");
    let _the_nearest = ok!(node.set_frame_interval(buffer_type, interval));
    Ok(())
}

fn capabilities_name_what_the_node_is<R: Rig>(rig: &R) -> Outcome {
    let about = ok!(rig.node().capabilities());
    ensure!(about.can_stream() && about.capture_type().is_some(), "{about:?}");
    ensure!(about.device.contains(about.node), "the device cannot do what its node can: {about:?}");
    for name in [about.driver.to_str(), about.card.to_str(), about.bus_info.to_str()] {
        ensure!(name.is_ok_and(|name| !name.is_empty()), "{about:?}");
    }
    ensure!(about.version >> 16 >= 5, "{about:?}");
    Ok(())
}

fn every_listed_format_can_be_set<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    let formats: Vec<_> = ok!(node.formats(buffer_type).collect());
    ensure!(!formats.is_empty(), "none");
    for offered in &formats {
        let asked = Format::new(before.width, before.height, offered.pixel_format);
        let tried = ok!(node.try_format(buffer_type, &asked));
        ensure!(tried.pixel_format == offered.pixel_format, "{offered:?} becomes {tried:?}");
        ensure!(ok!(node.set_format(buffer_type, &asked)) == tried, "{offered:?}: not as it was tried");
        ensure!(ok!(node.format(buffer_type)) == tried, "{offered:?} is not in use");
        ensure!((tried.width, tried.height) == (before.width, before.height), "{tried:?}");
        ensure!(!tried.used_planes().is_empty() && tried.total_size() > 0, "{tried:?}");
        ensure!(offered.description.to_str().is_ok_and(|name| !name.is_empty()), "{offered:?}");
    }
    let count = formats.len() as u32;
    ensure!(ok!(node.format_description(buffer_type, count)).is_none(), "one behind the last");
    ensure!(ok!(node.format_description(buffer_type, u32::MAX)).is_none(), "number {}", u32::MAX);
    end(node, buffer_type, &before, interval)
}

/// Sizes that stand for a list's item.
fn examples(size: FrameSize) -> Vec<(u32, u32)> {
    match size {
        FrameSize::Discrete { width, height } => vec![(width, height)],
        FrameSize::Stepwise { least, most, step } => vec![least, (least.0 + step.0, least.1 + step.1), most],
        _ => Vec::new(),
    }
}

fn every_listed_size_can_be_set<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    let mut count = 0;
    let sizes: Vec<_> = ok!(node.sizes(before.pixel_format).collect());
    for (width, height) in sizes.into_iter().flat_map(examples) {
        let set = ok!(node.set_format(buffer_type, &Format::new(width, height, before.pixel_format)));
        ensure!((set.width, set.height) == (width, height), "{width}x{height} becomes {set:?}");
        count += 1;
    }
    ensure!(count > 0, "none");
    ensure!(node.sizes(FourCc::new(*b"none")).next().is_none(), "sizes of a format that there is not");
    ensure!(ok!(node.size(before.pixel_format, 1000)).is_none(), "number 1000");
    end(node, buffer_type, &before, interval)
}

fn every_listed_interval_can_be_set<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    let intervals: Vec<_> = ok!(node.intervals(before.pixel_format, before.width, before.height).collect());
    ensure!(!intervals.is_empty(), "none");
    for listed in intervals {
        let FrameIntervals::Discrete(listed) = listed else { return Err("a range".into()) };
        ensure!(ok!(node.set_frame_interval(buffer_type, listed)) == listed, "{listed:?}");
        ensure!(ok!(node.frame_interval(buffer_type)) == listed, "{listed:?} is not in use");
    }
    end(node, buffer_type, &before, interval)
}

fn other_format_becomes_one_of_the_nodes<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    let all: Vec<_> = ok!(node.formats(buffer_type).collect());
    for asked in [
        Format::new(before.width, before.height, FourCc::new(*b"none")),
        Format::new(0, 0, before.pixel_format),
        Format::new(u32::MAX, 1, before.pixel_format),
        Format::new(u32::MAX, u32::MAX, FourCc(u32::MAX)),
    ] {
        let set = ok!(node.set_format(buffer_type, &asked));
        ensure!(all.iter().any(|offered| offered.pixel_format == set.pixel_format), "{asked:?} becomes {set:?}");
        ensure!(set.width > 0 && set.height > 0 && set.total_size() > 0, "{asked:?} becomes {set:?}");
        ensure!(ok!(node.try_format(buffer_type, &set)) == set, "{set:?} is not kept");
    }
    end(node, buffer_type, &before, interval)
}

fn other_intervals_become_one_of_the_nodes<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    let listed: Vec<_> = ok!(node.intervals(before.pixel_format, before.width, before.height).collect());
    for (numerator, denominator) in [(0, 0), (0, 1), (1, 0), (u32::MAX, 1), (1, u32::MAX), (7, 97)] {
        let set = ok!(node.set_frame_interval(buffer_type, FrameInterval { numerator, denominator }));
        ensure!(listed.contains(&FrameIntervals::Discrete(set)), "{numerator}/{denominator} becomes {set:?}");
        ensure!(ok!(node.frame_interval(buffer_type)) == set, "{set:?} is not in use");
    }
    end(node, buffer_type, &before, interval)
}

fn other_type_is_refused<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    for other in [BufferType::VideoOutput, BufferType::VideoOutputMplane] {
        let refused = [
            node.format(other).err(),
            node.try_format(other, &before).err(),
            node.set_format(other, &before).err(),
            node.frame_interval(other).err(),
            node.set_frame_interval(other, interval).err(),
        ];
        ensure!(refused == [Some(Errno::EINVAL); 5], "{other:?}: {refused:?}");
        ensure!(node.formats(other).next().is_none(), "formats of {other:?}");
    }
    end(node, buffer_type, &before, interval)
}

fn nearest_is_negotiated_and_in_use<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    let formats = [FourCc::new(*b"none"), before.pixel_format];
    let wanted = Wanted::new(before.width + 1, before.height + 1, &formats).at(29);
    let Some(got) = ok!(wanted.set(&mut node, buffer_type)) else { return Err("none".into()) };
    ensure!(got.format == ok!(node.format(buffer_type)), "{got} is not in use");
    ensure!(got.interval == Some(ok!(node.frame_interval(buffer_type))), "{got} is not in use");
    ensure!(got.size_traded().is_some() && got.format_traded().is_some(), "{got}");
    let rate = got.interval.and_then(FrameInterval::duration);
    ensure!(rate.is_some_and(|rate| (25..=40).contains(&rate.as_millis())), "{got}");
    ensure!(ok!(Wanted::new(1, 1, &formats[..1]).set(&mut node, buffer_type)).is_none(), "no such format");
    end(node, buffer_type, &before, interval)
}

fn unplugged_node_has_no_formats<R: Rig>(rig: &R) -> Outcome {
    let (mut node, buffer_type, before, interval) = begin(rig)?;
    ensure!(rig.inject(super::Fault::Unplug), "cannot be unplugged");
    let refused = [
        node.capabilities().err(),
        node.format(buffer_type).err(),
        node.try_format(buffer_type, &before).err(),
        node.set_format(buffer_type, &before).err(),
        node.frame_interval(buffer_type).err(),
        node.set_frame_interval(buffer_type, interval).err(),
        Wanted::new(1, 1, &[before.pixel_format]).set(&mut node, buffer_type).err(),
    ];
    ensure!(refused == [Some(Errno::ENODEV); 7], "{refused:?}");
    ensure!(matches!(node.formats(buffer_type).next(), Some(Err(Errno::ENODEV))), "formats");
    ensure!(matches!(node.sizes(before.pixel_format).next(), Some(Err(Errno::ENODEV))), "sizes");
    Ok(())
}
