//! QUERYCAP, G_PRIORITY, S_PRIORITY.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/vidioc-querycap.rst`.

use crate::define::{constants, structures};

structures! {
    /// Argument of QUERYCAP. Kernel: `vidioc-querycap.rst`.
    #[repr(C)]
    struct v4l2_capability {
        driver: [u8; 16], "The driver's name.";
        card: [u8; 32], "The device's name.";
        bus_info: [u8; 32], "Where the device is connected.";
        version: u32, "The kernel's version: major << 16, minor << 8, patch.";
        capabilities: u32, "`V4L2_CAP_*` of all nodes of the device.";
        device_caps: u32, "`V4L2_CAP_*` of this node, if DEVICE_CAPS is set above.";
        reserved: [u32; 3], "Zero.";
    }
}

constants! { u32:
    V4L2_CAP_VIDEO_CAPTURE = 0x1, "Captures video, one plane.";
    V4L2_CAP_VIDEO_OUTPUT = 0x2, "Shows video, one plane.";
    V4L2_CAP_VIDEO_OVERLAY = 0x4, "Shows the captured video by itself.";
    V4L2_CAP_VBI_CAPTURE = 0x10, "Captures raw VBI.";
    V4L2_CAP_VBI_OUTPUT = 0x20, "Sends raw VBI.";
    V4L2_CAP_SLICED_VBI_CAPTURE = 0x40, "Captures decoded VBI.";
    V4L2_CAP_SLICED_VBI_OUTPUT = 0x80, "Sends decoded VBI.";
    V4L2_CAP_RDS_CAPTURE = 0x100, "Captures RDS.";
    V4L2_CAP_VIDEO_OUTPUT_OVERLAY = 0x200, "Has an on-screen display.";
    V4L2_CAP_HW_FREQ_SEEK = 0x400, "Seeks stations.";
    V4L2_CAP_RDS_OUTPUT = 0x800, "Sends RDS.";
    V4L2_CAP_VIDEO_CAPTURE_MPLANE = 0x1000, "Captures video, several planes.";
    V4L2_CAP_VIDEO_OUTPUT_MPLANE = 0x2000, "Shows video, several planes.";
    V4L2_CAP_VIDEO_M2M_MPLANE = 0x4000, "From memory to memory, several planes.";
    V4L2_CAP_VIDEO_M2M = 0x8000, "From memory to memory, one plane.";
    V4L2_CAP_TUNER = 0x1_0000, "Has a tuner.";
    V4L2_CAP_AUDIO = 0x2_0000, "Has audio inputs or outputs.";
    V4L2_CAP_RADIO = 0x4_0000, "A radio receiver.";
    V4L2_CAP_MODULATOR = 0x8_0000, "Has a modulator.";
    V4L2_CAP_SDR_CAPTURE = 0x10_0000, "Captures software radio.";
    V4L2_CAP_EXT_PIX_FORMAT = 0x20_0000, "The later fields of the pixel format are valid.";
    V4L2_CAP_SDR_OUTPUT = 0x40_0000, "Sends software radio.";
    V4L2_CAP_META_CAPTURE = 0x80_0000, "Captures metadata.";
    V4L2_CAP_READWRITE = 0x100_0000, "Has `read` or `write`.";
    V4L2_CAP_EDID = 0x200_0000, "Only sets and reads an EDID (since Linux 6.12).";
    V4L2_CAP_STREAMING = 0x400_0000, "Has buffers that are streamed.";
    V4L2_CAP_META_OUTPUT = 0x800_0000, "Takes metadata.";
    V4L2_CAP_TOUCH = 0x1000_0000, "A touch device.";
    V4L2_CAP_IO_MC = 0x2000_0000, "Configured through a media device.";
    V4L2_CAP_DEVICE_CAPS = 0x8000_0000, "`device_caps` is valid.";

    V4L2_PRIORITY_UNSET = 0, "None.";
    V4L2_PRIORITY_BACKGROUND = 1, "Gives way to every other program.";
    V4L2_PRIORITY_INTERACTIVE = 2, "What an open file has.";
    V4L2_PRIORITY_RECORD = 3, "No other program may change anything.";
    V4L2_PRIORITY_DEFAULT = 2, "INTERACTIVE.";
}
