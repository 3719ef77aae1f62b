//! What the node is: QUERYCAP, inputs and outputs, priority.

use vidbuf_sim::Flow;

use crate::abi::*;
use crate::errno::Errno;

use super::{Answer, Call};

mod cap {
    pub const VIDEO_CAPTURE: u32 = 0x1;
    pub const VIDEO_OUTPUT: u32 = 0x2;
    pub const VIDEO_CAPTURE_MPLANE: u32 = 0x1000;
    pub const VIDEO_OUTPUT_MPLANE: u32 = 0x2000;
    pub const EXT_PIX_FORMAT: u32 = 0x20_0000;
    pub const READWRITE: u32 = 0x100_0000;
    pub const STREAMING: u32 = 0x400_0000;
    pub const DEVICE_CAPS: u32 = 0x8000_0000;
}

/// VIDIOC_QUERYCAP. The driver's name is this library's own: who looks for "vivid" expects vivid's hundred controls.
pub fn query(call: &mut Call) -> Answer {
    let device = call.device();
    let profile = device.profile();
    let mut caps = match (profile.flow, profile.multiplanar) {
        (Flow::Output, false) => cap::VIDEO_OUTPUT,
        (Flow::Output, true) => cap::VIDEO_OUTPUT_MPLANE,
        (_, false) => cap::VIDEO_CAPTURE,
        (_, true) => cap::VIDEO_CAPTURE_MPLANE,
    };
    caps |= cap::EXT_PIX_FORMAT | cap::STREAMING;
    if profile.read_write {
        caps |= cap::READWRITE;
    }
    let answer = v4l2_capability {
        driver: text("vidbuf-sim"),
        card: text(&device.setting.card),
        bus_info: text(&format!("platform:vidbuf-sim-{:03}", device.setting.minor)),
        version: device.node.kernel().version,
        capabilities: caps | cap::DEVICE_CAPS,
        device_caps: caps,
        reserved: [0; 3],
    };
    call.write(&answer)
}

/// Inputs are for capture nodes, outputs for the others.
fn direction(call: &mut Call, output: bool) -> Result<(), Errno> {
    if (call.device().profile().flow == Flow::Output) == output { Ok(()) } else { Err(Errno(libc::ENOTTY)) }
}

/// VIDIOC_ENUMINPUT: one camera.
pub fn enumerate_input(call: &mut Call) -> Answer {
    direction(call, false)?;
    let ask: v4l2_input = call.read()?;
    if ask.index != 0 {
        return Err(Errno(libc::EINVAL));
    }
    const CAMERA: u32 = 2;
    call.write(&v4l2_input { name: text("Camera 0"), type_: CAMERA, ..v4l2_input::zeroed() })
}

/// VIDIOC_ENUMOUTPUT: one screen.
pub fn enumerate_output(call: &mut Call) -> Answer {
    direction(call, true)?;
    let ask: v4l2_output = call.read()?;
    if ask.index != 0 {
        return Err(Errno(libc::EINVAL));
    }
    const ANALOG: u32 = 2;
    call.write(&v4l2_output { name: text("Output 0"), type_: ANALOG, ..v4l2_output::zeroed() })
}

/// VIDIOC_G_INPUT.
pub fn get_input(call: &mut Call) -> Answer {
    direction(call, false)?;
    call.write(&0u32)
}

/// VIDIOC_S_INPUT.
pub fn set_input(call: &mut Call) -> Answer {
    direction(call, false)?;
    choose(call)
}

/// VIDIOC_G_OUTPUT.
pub fn get_output(call: &mut Call) -> Answer {
    direction(call, true)?;
    call.write(&0u32)
}

/// VIDIOC_S_OUTPUT.
pub fn set_output(call: &mut Call) -> Answer {
    direction(call, true)?;
    choose(call)
}

fn choose(call: &mut Call) -> Answer {
    let wanted: u32 = call.read()?;
    if wanted == 0 { call.write(&0u32) } else { Err(Errno(libc::EINVAL)) }
}

/// VIDIOC_G_PRIORITY.
pub fn get_priority(call: &mut Call) -> Answer {
    let file = call.file;
    let priority = call.device().node.priority(file)?;
    call.write(&priority)
}

/// VIDIOC_S_PRIORITY.
pub fn set_priority(call: &mut Call) -> Answer {
    let wanted: u32 = call.read()?;
    let file = call.file;
    call.device().node.set_priority(file, wanted)?;
    Ok(0)
}
