//! Finds the cameras of this system, and sets the first to what is nearest to 1280x720 at 30 frames a second, with exposure, gain
//! and white balance by hand.
//!
//! ```sh
//! cargo run --example choose
//! ```

use vidbuf::FourCc;
use vidbuf::node::{ControlId, Controls as _, Wanted};
use vidbuf_linux::find::{Finder, NodeKind, Which, nodes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for node in nodes() {
        let node = node?;
        if let (NodeKind::Camera, Ok(about)) = (node.kind(), node.capabilities) {
            println!("/dev/video{}: {} ({}) at {}", node.number, about.card, about.driver, about.bus_info);
        }
    }
    let (mut camera, _) = Finder::new(Which::First)?.find()?;
    let buffer_type = camera.capabilities()?.capture_type().ok_or("not a capture node")?;
    let wanted = Wanted::new(1280, 720, &[FourCc::YUYV, FourCc::NV12, FourCc::MJPEG]).at(30);
    let got = wanted.set(&mut camera, buffer_type)?.ok_or("no usable format")?;
    println!("{got}, stride {}", got.format.stride());
    // Exposure can be set once it is manual (1), the gain once it is not automatic; a camera may lack any of them.
    for (id, value) in [
        (ControlId::EXPOSURE_AUTO, 1),
        (ControlId::EXPOSURE_ABSOLUTE, 100),
        (ControlId::GAIN, 50),
        (ControlId::AUTO_WHITE_BALANCE, 0),
    ] {
        println!("{id}: {:?} -> {:?}", camera.control(id), camera.set_control(id, value));
    }
    Ok(())
}
