//! Runs the contract suite on real nodes: `contract /dev/video0 [/dev/video1 ...] [--without=CASE]`.
//!
//! The nodes are of the `vivid` driver. Ends with one line `N passed, M failed` and a status that says the same.

use std::process::ExitCode;

use vidbuf::node::{ControlId, Controls};
use vidbuf::queue::{MultiPlanar, SinglePlanar};
use vidbuf::v4l2::BufferType;
use vidbuf_tests::contract::{self, Rig as _, controls, events, inputs, node, states, timings};
use vidbuf_tests::rig::kernel::Vivid;

fn main() -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    let (without, paths): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word.starts_with("--without="));
    let without: Vec<&str> = without.iter().filter_map(|word| word.split_once('=')).map(|(_, name)| name).collect();
    for path in paths {
        let (p, f) = match Vivid::new(&path) {
            Ok(vivid) => run(&path, &vivid, &without),
            Err(why) => {
                println!("FAILED  {path}: {why}");
                (0, 1)
            }
        };
        passed += p;
        failed += f;
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(path: &str, vivid: &Vivid, without: &[&str]) -> (usize, usize) {
    let device = format!("{path} ({:?})", vivid.buffer_type());
    let mut cases = match vivid.buffer_type() {
        BufferType::VideoCapture => [
            states::capture::<_, SinglePlanar>(),
            node::cases(),
            controls::cases::<_, SinglePlanar>(),
            timings::cases(),
            inputs::cases::<_, SinglePlanar>(),
            events::cases::<_, SinglePlanar>(),
        ]
        .concat(),
        BufferType::VideoCaptureMplane => [
            states::capture::<_, MultiPlanar>(),
            node::cases(),
            controls::cases::<_, MultiPlanar>(),
            timings::cases(),
            inputs::cases::<_, MultiPlanar>(),
            events::cases::<_, MultiPlanar>(),
        ]
        .concat(),
        BufferType::VideoOutput => states::output::<_, SinglePlanar>(),
        _ => states::output::<_, MultiPlanar>(),
    };
    cases.retain(|(name, _)| !without.contains(name));
    let counts = contract::run(&device, vivid, &cases);
    put_back(&vivid.node());
    counts
}

/// A node keeps its brightness, its hue and so on, and others look at its pictures.
fn put_back(node: &impl Controls) {
    for control in node.controls().map_while(Result::ok) {
        let (value, default) = (node.value(&control), control.default);
        // Those that every driver may have; what a driver has for itself shows in no picture.
        if ControlId::BRIGHTNESS.0 >> 8 != control.id.0 >> 8 || !control.is_settable() || value == Ok(default) {
            continue;
        }
        if let (Ok(_), Err(error)) = (value, node.set_value(&control, default)) {
            println!("{} is not put back: {error}", control.name);
        }
    }
}
