//! Overlays: the window of G_FMT, G_FBUF, S_FBUF.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/{dev-overlay,vidioc-g-fbuf}.rst`.

use crate::define::{constants, structures};
use crate::selection::v4l2_rect;

structures! {
    /// A rectangle that is not shown, in a list. Kernel: `dev-overlay.rst`.
    #[repr(C)]
    struct v4l2_clip {
        c: v4l2_rect, "The rectangle.";
        next: usize, "Unused.";
    }

    /// An overlay window: the format of an overlay. Kernel: `dev-overlay.rst`.
    #[repr(C)]
    struct v4l2_window {
        w: v4l2_rect, "Where the window is.";
        field: u32, "`V4L2_FIELD_*`.";
        chromakey: u32, "The colour that the overlay replaces.";
        clips: usize, "The address of an array of `v4l2_clip`; none since Linux 6.4.";
        clipcount: u32, "Its elements.";
        bitmap: usize, "The address of a mask; none since Linux 6.4.";
        global_alpha: u8, "How opaque the overlay is.";
    }

    /// `v4l2_framebuffer.fmt`: the first fields of a pixel format.
    #[repr(C)]
    part v4l2_framebuffer_fmt {
        width: u32, "Pixels in a line.";
        height: u32, "Lines.";
        pixelformat: u32, "`V4L2_PIX_FMT_*`.";
        field: u32, "`V4L2_FIELD_*`.";
        bytesperline: u32, "Bytes from one line to the next.";
        sizeimage: u32, "Bytes of the picture.";
        colorspace: u32, "`V4L2_COLORSPACE_*`.";
        priv_: u32, "Zero.";
    }

    /// Argument of G_FBUF and S_FBUF. Kernel: `vidioc-g-fbuf.rst`.
    #[repr(C)]
    struct v4l2_framebuffer {
        capability: u32, "`V4L2_FBUF_CAP_*`.";
        flags: u32, "`V4L2_FBUF_FLAG_*`.";
        base: usize, "The physical address.";
        fmt: v4l2_framebuffer_fmt, "The format.";
    }
}

constants! { u32:
    V4L2_FBUF_CAP_EXTERNOVERLAY = 0x1, "The overlay is mixed outside.";
    V4L2_FBUF_CAP_CHROMAKEY = 0x2, "Has a colour key.";
    V4L2_FBUF_CAP_LIST_CLIPPING = 0x4, "Has clipping rectangles.";
    V4L2_FBUF_CAP_BITMAP_CLIPPING = 0x8, "Has a clipping mask.";
    V4L2_FBUF_CAP_LOCAL_ALPHA = 0x10, "Has an alpha for each pixel.";
    V4L2_FBUF_CAP_GLOBAL_ALPHA = 0x20, "Has one alpha for all.";
    V4L2_FBUF_CAP_LOCAL_INV_ALPHA = 0x40, "Has an inverted alpha for each pixel.";
    V4L2_FBUF_CAP_SRC_CHROMAKEY = 0x80, "Has a colour key in the overlay.";
    V4L2_FBUF_FLAG_PRIMARY = 0x1, "The visible surface.";
    V4L2_FBUF_FLAG_OVERLAY = 0x2, "An overlay surface.";
    V4L2_FBUF_FLAG_CHROMAKEY = 0x4, "Use the colour key.";
    V4L2_FBUF_FLAG_LOCAL_ALPHA = 0x8, "Use the pixels' alpha.";
    V4L2_FBUF_FLAG_GLOBAL_ALPHA = 0x10, "Use one alpha.";
    V4L2_FBUF_FLAG_LOCAL_INV_ALPHA = 0x20, "Use the pixels' inverted alpha.";
    V4L2_FBUF_FLAG_SRC_CHROMAKEY = 0x40, "Use the overlay's colour key.";
}
