//! Kinds of cameras: which profile is under which name.

use vidbuf::node::{CapabilityFlags, EDID_BLOCK, EdidBlock};
use vidbuf_sim::{Connector, ConnectorKind, Flow, PixelFormat, Profile, TimingsSupport};

/// A kind of camera.
pub struct Kind {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What it is like.
    pub profile: Profile,
}

/// The first byte of a frame is the first of the picture.
const fn without_offset(mut profile: Profile) -> Profile {
    profile.data_offsets = false;
    profile
}

/// vivid's webcam, or an output, alone: neither tuner, audio and overlay, which the model does not have, nor other inputs.
const fn alone(mut profile: Profile) -> Profile {
    const INPUTS: &[Connector] = &[Connector::new("Camera 0", ConnectorKind::Camera)];
    // Programs that know vivid by its name expect all of its controls.
    profile.name = "vidbuf-sim";
    profile.inputs = if matches!(profile.flow, Flow::Capture) { INPUTS } else { &[] };
    (profile.timings, profile.edid, profile.crops) = (TimingsSupport::NONE, &[], false);
    profile.node_capabilities = CapabilityFlags::empty();
    profile.other_nodes =
        profile.other_nodes.intersection(CapabilityFlags::VIDEO_OUTPUT.union(CapabilityFlags::VIDEO_OUTPUT_MPLANE));
    profile
}

/// vivid's camera with all of its inputs.
pub fn with_inputs(profile: &mut Profile) {
    let whole = if profile.multiplanar { Profile::VIVID_MULTIPLANAR } else { Profile::VIVID };
    (profile.inputs, profile.timings, profile.edid) = (whole.inputs, whole.timings, whole.edid);
    (profile.crops, profile.node_capabilities) = (whole.crops, whole.node_capabilities);
}

/// vivid's HDMI input alone.
pub fn with_hdmi(profile: &mut Profile) {
    const INPUTS: &[Connector] = &[Connector::new("HDMI 0", ConnectorKind::Digital)];
    with_inputs(profile);
    (profile.inputs, profile.node_capabilities) = (INPUTS, CapabilityFlags::empty());
    profile.size = (profile.timings.first.width, profile.timings.first.height);
}

/// That of the receiver, so that its source sends something at once.
const EDID: &[EdidBlock] = &[[0; EDID_BLOCK]; 1];

/// Only the formats that have pictures.
const fn drawn(mut profile: Profile) -> Profile {
    profile.formats = Profile::VIVID.formats;
    profile
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    Kind { name: "vivid", about: "the kernel's test driver as a webcam, with read()", profile: alone(Profile::VIVID) },
    Kind {
        name: "vivid-webcam",
        about: "the same with the driver's own list of sizes and rates",
        profile: alone(drawn(Profile::VIVID_WEBCAM)),
    },
    Kind {
        name: "vivid-mplane",
        about: "the same with the multi-planar interface",
        profile: alone(without_offset(Profile::VIVID_MULTIPLANAR)),
    },
    Kind {
        name: "vivid-output",
        about: "its output: takes frames, keeps the newest",
        profile: alone(Profile::VIVID_OUTPUT),
    },
    Kind {
        name: "vivid-output-mplane",
        about: "the same with the multi-planar interface",
        profile: alone(without_offset(Profile::VIVID_OUTPUT_MULTIPLANAR)),
    },
    Kind {
        name: "uvc",
        about: "a USB camera: uvcvideo's rules of ownership, timestamps of the start of exposure",
        // Without MJPEG: the simulator's compressed frames are of the right length, and no pictures.
        profile: Profile::UVC.formats(&[PixelFormat::YUYV, PixelFormat::NV12, PixelFormat::GREY]),
    },
    Kind {
        name: "webcam",
        about: "a USB 2 camera: sizes one by one, the larger the slower; exposure, gain, white balance",
        profile: Profile::WEBCAM.formats(&[PixelFormat::YUYV]),
    },
    Kind { name: "unicam", about: "the CSI receiver of Raspberry Pi 0 to 4", profile: Profile::UNICAM },
    Kind { name: "rp1-cfe", about: "the CSI receiver of Raspberry Pi 5", profile: Profile::RP1_CFE },
    Kind {
        name: "hdmi",
        about: "an HDMI receiver in front of one: EDID, timings, an event when the source changes",
        profile: Profile::HDMI_BRIDGE.edid(EDID),
    },
];
