//! Inputs, outputs and standards: ENUMINPUT, ENUMOUTPUT, ENUMSTD, ENUMAUDIO, ENUMAUDOUT, and the calls that select them.
//!
//! The standards themselves are in [`standard`](crate::standard).
//!
//! Kernel: `include/uapi/linux/videodev2.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-enuminput,vidioc-enumoutput,vidioc-enumstd,vidioc-enumaudio}.rst`.

use crate::define::{constants, structures};
use crate::frame::v4l2_fract;

structures! {
    /// Argument of ENUMINPUT. Kernel: `vidioc-enuminput.rst`.
    #[repr(C)]
    struct v4l2_input {
        index: u32, "Which input.";
        name: [u8; 32], "On return: a name for people.";
        type_: u32, "On return: `V4L2_INPUT_TYPE_*`.";
        audioset: u32, "On return: the audio inputs that go with it, as bits.";
        tuner: u32, "On return: its tuner, of type TUNER.";
        std: u64, "On return: `V4L2_STD_*` that it can have.";
        status: u32, "On return: `V4L2_IN_ST_*`.";
        capabilities: u32, "On return: `V4L2_IN_CAP_*`.";
        reserved: [u32; 3], "Zero.";
    }

    /// Argument of ENUMOUTPUT. Kernel: `vidioc-enumoutput.rst`.
    #[repr(C)]
    struct v4l2_output {
        index: u32, "Which output.";
        name: [u8; 32], "On return: a name for people.";
        type_: u32, "On return: `V4L2_OUTPUT_TYPE_*`.";
        audioset: u32, "On return: the audio outputs that go with it, as bits.";
        modulator: u32, "On return: its modulator, of type MODULATOR.";
        std: u64, "On return: `V4L2_STD_*` that it can have.";
        capabilities: u32, "On return: `V4L2_OUT_CAP_*`.";
        reserved: [u32; 3], "Zero.";
    }

    /// Argument of ENUMSTD. Kernel: `vidioc-enumstd.rst`.
    #[repr(C)]
    struct v4l2_standard {
        index: u32, "Which standard.";
        id: u64, "On return: `V4L2_STD_*`.";
        name: [u8; 24], "On return: a name for people.";
        frameperiod: v4l2_fract, "On return: seconds from one frame to the next.";
        framelines: u32, "On return: lines of a frame, with blanking.";
        reserved: [u32; 4], "Zero.";
    }

    /// Argument of ENUMAUDIO, G_AUDIO and S_AUDIO. Kernel: `vidioc-g-audio.rst`.
    #[repr(C)]
    struct v4l2_audio {
        index: u32, "Which audio input.";
        name: [u8; 32], "On return: a name for people.";
        capability: u32, "On return: `V4L2_AUDCAP_*`.";
        mode: u32, "`V4L2_AUDMODE_*`.";
        reserved: [u32; 2], "Zero.";
    }

    /// Argument of ENUMAUDOUT, G_AUDOUT and S_AUDOUT. Kernel: `vidioc-g-audioout.rst`.
    #[repr(C)]
    struct v4l2_audioout {
        index: u32, "Which audio output.";
        name: [u8; 32], "On return: a name for people.";
        capability: u32, "Zero.";
        mode: u32, "Zero.";
        reserved: [u32; 2], "Zero.";
    }
}

constants! { u32:
    V4L2_INPUT_TYPE_TUNER = 1, "A tuner.";
    V4L2_INPUT_TYPE_CAMERA = 2, "Any other video input.";
    V4L2_INPUT_TYPE_TOUCH = 3, "A touch device.";
    V4L2_IN_ST_NO_POWER = 0x1, "Switched off.";
    V4L2_IN_ST_NO_SIGNAL = 0x2, "No signal.";
    V4L2_IN_ST_NO_COLOR = 0x4, "No colour.";
    V4L2_IN_ST_HFLIP = 0x10, "Mirrored, left to right.";
    V4L2_IN_ST_VFLIP = 0x20, "Mirrored, top to bottom.";
    V4L2_IN_ST_NO_H_LOCK = 0x100, "No horizontal lock.";
    V4L2_IN_ST_COLOR_KILL = 0x200, "Colour is switched off for lack of it.";
    V4L2_IN_ST_NO_V_LOCK = 0x400, "No vertical lock.";
    V4L2_IN_ST_NO_STD_LOCK = 0x800, "No lock to a standard.";
    V4L2_IN_ST_NO_SYNC = 0x1_0000, "No lock of a digital signal.";
    V4L2_IN_ST_NO_EQU = 0x2_0000, "No lock of the equaliser.";
    V4L2_IN_ST_NO_CARRIER = 0x4_0000, "No carrier.";
    V4L2_IN_ST_MACROVISION = 0x100_0000, "Copy protection was found.";
    V4L2_IN_ST_NO_ACCESS = 0x200_0000, "Access was denied.";
    V4L2_IN_ST_VTR = 0x400_0000, "The time constant of video recorders.";
    V4L2_IN_CAP_DV_TIMINGS = 0x2, "Has digital timings.";
    V4L2_IN_CAP_STD = 0x4, "Has standards.";
    V4L2_IN_CAP_NATIVE_SIZE = 0x8, "The native size can be set.";
    V4L2_OUTPUT_TYPE_MODULATOR = 1, "A modulator.";
    V4L2_OUTPUT_TYPE_ANALOG = 2, "Any other video output.";
    V4L2_OUTPUT_TYPE_ANALOGVGAOVERLAY = 3, "An overlay over VGA.";
    V4L2_OUT_CAP_DV_TIMINGS = 0x2, "Has digital timings.";
    V4L2_OUT_CAP_STD = 0x4, "Has standards.";
    V4L2_OUT_CAP_NATIVE_SIZE = 0x8, "The native size can be set.";
    V4L2_AUDCAP_STEREO = 0x1, "Stereo.";
    V4L2_AUDCAP_AVL = 0x2, "Has automatic volume.";
    V4L2_AUDMODE_AVL = 0x1, "Automatic volume is on.";
}
