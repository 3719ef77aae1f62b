//! What the node is: QUERYCAP, inputs and outputs, priority.

use vidbuf_sim::kernel::abi::capability::{
    V4L2_CAP_DEVICE_CAPS, V4L2_CAP_EXT_PIX_FORMAT, V4L2_CAP_READWRITE, V4L2_CAP_STREAMING, V4L2_CAP_VIDEO_CAPTURE,
    V4L2_CAP_VIDEO_CAPTURE_MPLANE, V4L2_CAP_VIDEO_OUTPUT, V4L2_CAP_VIDEO_OUTPUT_MPLANE, v4l2_capability,
};
use vidbuf_sim::kernel::abi::input::{V4L2_INPUT_TYPE_CAMERA, V4L2_OUTPUT_TYPE_ANALOG, v4l2_input, v4l2_output};

use vidbuf_sim::{Errno, Flow};

use super::{Answer, Call, text};

/// VIDIOC_QUERYCAP. The driver's name is the runner's own: who looks for "vivid" expects vivid's hundred controls.
pub fn query(call: &mut Call) -> Answer {
    let device = &*call.device;
    let profile = device.profile();
    let mut caps = match (profile.flow, profile.multiplanar) {
        (Flow::Output, false) => V4L2_CAP_VIDEO_OUTPUT,
        (Flow::Output, true) => V4L2_CAP_VIDEO_OUTPUT_MPLANE,
        (_, false) => V4L2_CAP_VIDEO_CAPTURE,
        (_, true) => V4L2_CAP_VIDEO_CAPTURE_MPLANE,
    };
    caps |= V4L2_CAP_EXT_PIX_FORMAT | V4L2_CAP_STREAMING;
    if profile.read_write {
        caps |= V4L2_CAP_READWRITE;
    }
    let answer = v4l2_capability {
        driver: text("vidbuf-sim"),
        card: text(&device.camera.card),
        bus_info: text(&format!("platform:vidbuf-sim-{:03}", device.camera.minor)),
        version: device.node.kernel().version,
        capabilities: caps | V4L2_CAP_DEVICE_CAPS,
        device_caps: caps,
        reserved: [0; 3],
    };
    call.write(&answer)
}

/// Inputs are for capture nodes, outputs for the others.
fn direction(call: &mut Call, output: bool) -> Result<(), Errno> {
    if (call.device.profile().flow == Flow::Output) == output { Ok(()) } else { Err(Errno::ENOTTY) }
}

/// VIDIOC_ENUMINPUT: one camera.
pub fn enumerate_input(call: &mut Call) -> Answer {
    direction(call, false)?;
    let ask: v4l2_input = call.read()?;
    if ask.index != 0 {
        return Err(Errno::EINVAL);
    }
    call.write(&v4l2_input { name: text("Camera 0"), type_: V4L2_INPUT_TYPE_CAMERA, ..Default::default() })
}

/// VIDIOC_ENUMOUTPUT: one screen.
pub fn enumerate_output(call: &mut Call) -> Answer {
    direction(call, true)?;
    let ask: v4l2_output = call.read()?;
    if ask.index != 0 {
        return Err(Errno::EINVAL);
    }
    call.write(&v4l2_output { name: text("Output 0"), type_: V4L2_OUTPUT_TYPE_ANALOG, ..Default::default() })
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
    if wanted == 0 { call.write(&0u32) } else { Err(Errno::EINVAL) }
}
