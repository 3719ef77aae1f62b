//! Drivers other than vivid, as the capture example meets them.

use std::fs;

use crate::checks::{Checks, Outcome, ensure};
use crate::programs::{line, node, seen};

/// What the example does with a node.
#[derive(Clone, Copy)]
enum Meets {
    /// It takes frames and writes a picture.
    Frames,
    /// It ends with these words.
    Words(&'static str),
}

/// A driver's name, the variable of a node, and what the example meets there.
const NODES: &[(&str, &str, Meets)] = &[
    ("uvcvideo", "SOFT_CAMERA", Meets::Frames),
    // Its sensors and debayers have other formats until somebody makes them agree.
    ("vimc", "RAW_CAPTURE_0", Meets::Words("VIDIOC_STREAMON")),
    ("vimc", "RGB_YUV_CAPTURE", Meets::Words("VIDIOC_STREAMON")),
    // Memory to memory.
    ("vim2m", "VIM2M", Meets::Words("is no camera")),
    ("vicodec", "STATEFUL_ENCODER", Meets::Words("is no camera")),
    ("vicodec", "STATEFUL_DECODER", Meets::Words("is no camera")),
    ("vicodec", "STATELESS_DECODER", Meets::Words("is no camera")),
    ("visl", "VISL", Meets::Words("is no camera")),
];

pub fn run(checks: &mut Checks, driver: &str) {
    let nodes = NODES.iter().filter(|(name, ..)| *name == driver);
    for (_, variable, meets) in nodes {
        checks.check(&format!("{driver}: {variable}"), met(&node(variable), *meets));
    }
    checks.check(&format!("{driver}: every node has a name"), names());
    if driver == "uvcvideo" {
        crate::usb::run(checks);
        checks.check("uvcvideo: the camera is found, and not its metadata", found(&node("SOFT_CAMERA")));
        crate::usb::contract::run(checks);
    }
}

fn met(node: &str, meets: Meets) -> Outcome {
    let seen = seen(&mut line(&format!(
        "timeout -s KILL 60 capture --device {node} --frames 10 --timeout 3000 --output /tmp/picture"
    )))?;
    print!("{}", seen.both);
    let last = seen.both.lines().last().unwrap_or_default();
    let right = match meets {
        Meets::Frames => seen.status == 0 && fs::metadata("/tmp/picture/frame.png").is_ok_and(|about| about.len() > 0),
        Meets::Words(words) => seen.status == 1 && last.starts_with("capture: ") && last.contains(words),
    };
    ensure(right, || format!("status {}: {}", seen.status, seen.both))
}

/// The camera is the one that is listed as such and opened without a path, at the rate that is nearest.
fn found(path: &str) -> Outcome {
    let list = seen(&mut line("capture list"))?;
    let mut kinds = list.out.lines().map(|line| line.split_whitespace().take(2).collect::<Vec<_>>());
    ensure(kinds.next() == Some(vec![path, "camera"]) && kinds.all(|kind| kind[1] == "metadata"), || {
        list.both.clone()
    })?;
    let taken = seen(&mut line("timeout -s KILL 60 capture -d auto -s 1280x720 -f YUYV -r 30 -n 3 -o /tmp/found"))?;
    ensure(taken.status == 0 && taken.both.contains("1280x720 YUYV at 10/s instead of 30/s"), || taken.both.clone())
}

/// What the nodes are called, for whoever adds a row.
fn names() -> Outcome {
    let entries = fs::read_dir("/sys/class/video4linux").map_err(|error| error.to_string())?;
    let mut count = 0;
    for entry in entries.filter_map(Result::ok) {
        let name = fs::read_to_string(entry.path().join("name")).map_err(|error| error.to_string())?;
        println!("{}: {}", entry.file_name().to_string_lossy(), name.trim());
        ensure(!name.trim().is_empty(), || "a node without a name".into())?;
        count += 1;
    }
    ensure(count > 0, || "no node".into())
}
