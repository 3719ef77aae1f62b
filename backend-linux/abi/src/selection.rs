//! Rectangles: G_SELECTION, S_SELECTION, CROPCAP, G_CROP, S_CROP.
//!
//! Kernel: `include/uapi/linux/{videodev2,v4l2-common}.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-g-selection,v4l2-selection-targets,v4l2-selection-flags}.rst`.

use crate::define::{constants, structures};
use crate::frame::v4l2_fract;

structures! {
    /// A rectangle.
    #[repr(C)]
    struct v4l2_rect {
        left: i32, "Its left edge.";
        top: i32, "Its top edge.";
        width: u32, "Its width.";
        height: u32, "Its height.";
    }

    /// Argument of CROPCAP. Kernel: `vidioc-cropcap.rst`.
    #[repr(C)]
    struct v4l2_cropcap {
        type_: u32, "`V4L2_BUF_TYPE_*`.";
        bounds: v4l2_rect, "On return: what can be captured.";
        defrect: v4l2_rect, "On return: what usually is.";
        pixelaspect: v4l2_fract, "On return: height to width of a pixel.";
    }

    /// Argument of G_CROP and S_CROP. Kernel: `vidioc-g-crop.rst`.
    #[repr(C)]
    struct v4l2_crop {
        type_: u32, "`V4L2_BUF_TYPE_*`.";
        c: v4l2_rect, "The rectangle.";
    }

    /// Argument of G_SELECTION and S_SELECTION. Kernel: `vidioc-g-selection.rst`.
    #[repr(C)]
    struct v4l2_selection {
        type_: u32, "`V4L2_BUF_TYPE_*`.";
        target: u32, "`V4L2_SEL_TGT_*`.";
        flags: u32, "`V4L2_SEL_FLAG_*`.";
        r: v4l2_rect, "The rectangle; on return, as adjusted.";
        reserved: [u32; 9], "Zero.";
    }
}

constants! { u32:
    V4L2_SEL_TGT_CROP = 0x0, "What is taken.";
    V4L2_SEL_TGT_CROP_DEFAULT = 0x1, "What is taken at first.";
    V4L2_SEL_TGT_CROP_BOUNDS = 0x2, "What can be taken.";
    V4L2_SEL_TGT_NATIVE_SIZE = 0x3, "All pixels of the source.";
    V4L2_SEL_TGT_COMPOSE = 0x100, "Where it is placed.";
    V4L2_SEL_TGT_COMPOSE_DEFAULT = 0x101, "Where it is placed at first.";
    V4L2_SEL_TGT_COMPOSE_BOUNDS = 0x102, "Where it can be placed.";
    V4L2_SEL_TGT_COMPOSE_PADDED = 0x103, "Where it is placed, with what the hardware writes around it.";
    V4L2_SEL_FLAG_GE = 0x1, "Not smaller.";
    V4L2_SEL_FLAG_LE = 0x2, "Not larger.";
    V4L2_SEL_FLAG_KEEP_CONFIG = 0x4, "Leave what follows as it is; subdevices only.";
}
