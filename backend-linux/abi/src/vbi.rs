//! The vertical blanking interval: formats, and G_SLICED_VBI_CAP.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/{dev-raw-vbi,dev-sliced-vbi}.rst`.

use crate::define::{constants, structures};

structures! {
    /// The format of a raw VBI queue. Kernel: `dev-raw-vbi.rst`.
    #[repr(C)]
    struct v4l2_vbi_format {
        sampling_rate: u32, "Samples a second.";
        offset: u32, "Samples before the first.";
        samples_per_line: u32, "Samples of a line.";
        sample_format: u32, "`V4L2_PIX_FMT_GREY`.";
        start: [i32; 2], "The first line of each field.";
        count: [u32; 2], "The lines of each field.";
        flags: u32, "`V4L2_VBI_*`.";
        reserved: [u32; 2], "Zero.";
    }

    /// The format of a sliced VBI queue. Kernel: `dev-sliced-vbi.rst`.
    #[repr(C)]
    struct v4l2_sliced_vbi_format {
        service_set: u16, "`V4L2_SLICED_*`, all that are wanted.";
        service_lines: [[u16; 24]; 2], "`V4L2_SLICED_*` of each line of each field.";
        io_size: u32, "Bytes of a buffer.";
        reserved: [u32; 2], "Zero.";
    }

    /// Argument of G_SLICED_VBI_CAP. Kernel: `vidioc-g-sliced-vbi-cap.rst`.
    #[repr(C)]
    struct v4l2_sliced_vbi_cap {
        service_set: u16, "`V4L2_SLICED_*`, all that there are.";
        service_lines: [[u16; 24]; 2], "`V4L2_SLICED_*` that each line of each field can have.";
        type_: u32, "`V4L2_BUF_TYPE_SLICED_VBI_*`.";
        reserved: [u32; 3], "Zero.";
    }

    /// One line in a buffer of a sliced VBI queue. Kernel: `dev-sliced-vbi.rst`.
    #[repr(C)]
    struct v4l2_sliced_vbi_data {
        id: u32, "`V4L2_SLICED_*`; 0 if nothing was received.";
        field: u32, "0 for the first field, 1 for the second.";
        line: u32, "Which line.";
        reserved: u32, "Zero.";
        data: [u8; 48], "What was received.";
    }
}

constants! { u32:
    V4L2_VBI_UNSYNC = 0x1, "Lines of both fields may be exchanged.";
    V4L2_VBI_INTERLACED = 0x2, "Lines of both fields in turn.";
    V4L2_SLICED_TELETEXT_B = 0x1, "Teletext.";
    V4L2_SLICED_VPS = 0x400, "Video programme system.";
    V4L2_SLICED_CAPTION_525 = 0x1000, "Closed captions.";
    V4L2_SLICED_WSS_625 = 0x4000, "Wide screen signalling.";
    V4L2_SLICED_VBI_525 = 0x1000, "What there is with 525 lines.";
    V4L2_SLICED_VBI_625 = 0x4401, "What there is with 625 lines.";
}
