//! What a node offers besides its buffers: lists that fit what can be set, and end.

use vidbuf::FourCc;
use vidbuf::node::{FrameIntervals, ListIntervals as _};

use super::{Case, Outcome, Rig, cases, ensure, ok};

/// Every case of a capture node.
pub fn cases<R: Rig>() -> Vec<Case<R>> {
    let intervals = cases![R:
        intervals_of_a_size_are_listed_and_end,
        intervals_of_what_the_node_has_not_are_none,
        intervals_of_an_unplugged_node_are_an_error,
    ];
    [intervals, super::formats::cases()].concat()
}

fn intervals_of_a_size_are_listed_and_end<R: Rig>(rig: &R) -> Outcome {
    let (node, (format, width, height)) = (rig.node(), rig.picture());
    let mut count = 0;
    for listed in node.intervals(format, width, height) {
        let FrameIntervals::Discrete(interval) = ok!(listed) else { return Err("a range".into()) };
        ensure!(interval.duration().is_some(), "{interval:?}");
        count += 1;
    }
    ensure!(count > 0, "none of {width}x{height}");
    ensure!(ok!(node.interval(format, width, height, count)).is_none(), "one behind the last");
    ensure!(ok!(node.interval(format, width, height, u32::MAX)).is_none(), "number {}", u32::MAX);
    Ok(())
}

fn intervals_of_what_the_node_has_not_are_none<R: Rig>(rig: &R) -> Outcome {
    let (node, (format, width, height)) = (rig.node(), rig.picture());
    let asked =
        [(FourCc::new(*b"none"), width, height), (format, 0, 0), (format, 1, height), (format, width, u32::MAX)];
    for (format, width, height) in asked {
        ensure!(node.intervals(format, width, height).next().is_none(), "{format} of {width}x{height}");
    }
    Ok(())
}

fn intervals_of_an_unplugged_node_are_an_error<R: Rig>(rig: &R) -> Outcome {
    let (node, (format, width, height)) = (rig.node(), rig.picture());
    ensure!(rig.inject(super::Fault::Unplug), "cannot be unplugged");
    match node.intervals(format, width, height).next() {
        Some(Err(vidbuf::Errno::ENODEV)) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}
