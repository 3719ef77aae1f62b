//! What there is: `list` and `info`.

use std::fmt::Write as _;

use vidbuf::node::{Controls, Formats, FrameInterval, FrameIntervals, FrameSize, QueryCapabilities};
use vidbuf::v4l2::BufferType;
use vidbuf_linux::Errno;
use vidbuf_linux::find::{NodeKind, nodes};

use crate::{controls, names};

/// A line of text. A `String` has room.
macro_rules! line {
    ($to:expr, $($words:tt)*) => {
        writeln!($to, $($words)*).unwrap_or_default()
    };
}

/// Adds every node, cameras first.
pub fn list(to: &mut String) -> Result<(), String> {
    let mut all = nodes().collect::<Result<Vec<_>, _>>().map_err(|error| format!("the folder of nodes: {error}"))?;
    if all.is_empty() {
        return Err("there is no video node: is the camera plugged in, and its driver loaded?".into());
    }
    all.sort_by_key(|node| (node.kind() != NodeKind::Camera, node.number));
    for node in all {
        let kind = match node.kind() {
            NodeKind::Camera => "camera",
            NodeKind::Codec => "codec",
            NodeKind::Converter => "converter",
            NodeKind::Isp => "image processor",
            NodeKind::Output => "output",
            NodeKind::Metadata => "metadata",
            _ => "other",
        };
        let path = format!("/dev/video{}", node.number);
        match node.capabilities {
            Ok(about) => {
                line!(
                    to,
                    "{path:<14} {kind:<16} {} ({}, {}) at {}",
                    node.name,
                    about.card,
                    about.driver,
                    about.bus_info
                );
            }
            Err(Errno::EACCES) => line!(to, "{path:<14} {:<16} {}: no permission", "?", node.name),
            Err(error) => line!(to, "{path:<14} {:<16} {}: {error}", "?", node.name),
        }
    }
    Ok(())
}

/// Adds what a camera is, and everything it lists. The same for a real one and a simulated one.
pub fn info(
    camera: &(impl Formats + QueryCapabilities + Controls),
    buffer_type: BufferType,
    to: &mut String,
) -> Result<(), String> {
    let failed = |call: &'static str| move |error: Errno| format!("{call}: {error}");
    let about = camera.capabilities().map_err(failed("VIDIOC_QUERYCAP"))?;
    line!(to, "{} ({}) at {}", about.card, about.driver, about.bus_info);
    match camera.format(buffer_type) {
        Ok(format) => {
            let rate = camera.frame_interval(buffer_type).map_or("?".into(), names::rate);
            line!(to, "set to {}x{} {}, {rate} frames/s", format.width, format.height, format.pixel_format);
        }
        Err(error) => line!(to, "set to no format ({error})"),
    }
    for offered in camera.formats(buffer_type) {
        let offered = offered.map_err(failed("VIDIOC_ENUM_FMT"))?;
        line!(to, "{:<8} {}", offered.pixel_format.to_string(), offered.description);
        for size in camera.sizes(offered.pixel_format) {
            match size {
                Ok(FrameSize::Discrete { width, height }) => {
                    let rates = camera.intervals(offered.pixel_format, width, height).map_while(Result::ok).map(rates);
                    line!(to, "         {width}x{height}: {}", rates.collect::<Vec<_>>().join(" "));
                }
                Ok(FrameSize::Stepwise { least, most, step }) => {
                    let rates =
                        camera.intervals(offered.pixel_format, least.0, least.1).map_while(Result::ok).map(rates);
                    line!(
                        to,
                        "         {}x{} to {}x{} in steps of {}x{}: {}",
                        least.0,
                        least.1,
                        most.0,
                        most.1,
                        step.0,
                        step.1,
                        rates.collect::<Vec<_>>().join(" ")
                    );
                }
                Ok(_) => {}
                // Not every driver lists sizes.
                Err(Errno::ENOTTY) => line!(to, "         any size"),
                Err(error) => return Err(format!("VIDIOC_ENUM_FRAMESIZES: {error}")),
            }
        }
    }
    controls::list(camera, to)
}

fn rates(listed: FrameIntervals) -> String {
    match listed {
        FrameIntervals::Discrete(interval) => names::rate(interval),
        FrameIntervals::Range { least, most, .. } => format!("{} to {}", names::rate(most), names::rate(least)),
        _ => names::rate(FrameInterval { numerator: 0, denominator: 0 }),
    }
}
