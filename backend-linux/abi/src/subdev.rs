//! Subdevice nodes: formats, sizes, intervals, selection and routing of pads.
//!
//! Kernel: `include/uapi/linux/{v4l2-subdev,v4l2-mediabus}.h`,
//! `Documentation/userspace-api/media/v4l/{dev-subdev,vidioc-subdev-g-fmt,vidioc-subdev-g-routing}.rst`.
//!
//! `stream`, `v4l2_subdev_frame_interval.which`, routing and client capabilities are newer than Linux 6.1; there, they are
//! reserved words.

use crate::define::{constants, structures};
use crate::frame::v4l2_fract;
use crate::selection::v4l2_rect;

structures! {
    /// The format on a bus. Kernel: `subdev-formats.rst`.
    #[repr(C)]
    struct v4l2_mbus_framefmt {
        width: u32, "Pixels in a line.";
        height: u32, "Lines.";
        code: u32, "`MEDIA_BUS_FMT_*`.";
        field: u32, "`V4L2_FIELD_*`.";
        colorspace: u32, "`V4L2_COLORSPACE_*`.";
        ycbcr_enc: u16, "`V4L2_YCBCR_ENC_*`; of HSV formats, `V4L2_HSV_ENC_*`.";
        quantization: u16, "`V4L2_QUANTIZATION_*`.";
        xfer_func: u16, "`V4L2_XFER_FUNC_*`.";
        flags: u16, "`V4L2_MBUS_FRAMEFMT_SET_CSC`, or 0.";
        reserved: [u16; 10], "Zero.";
    }

    /// Argument of SUBDEV_G_FMT and SUBDEV_S_FMT. Kernel: `vidioc-subdev-g-fmt.rst`.
    #[repr(C)]
    struct v4l2_subdev_format {
        which: u32, "`V4L2_SUBDEV_FORMAT_*`.";
        pad: u32, "Which pad.";
        format: v4l2_mbus_framefmt, "The format.";
        stream: u32, "Which stream of the pad.";
        reserved: [u32; 7], "Zero.";
    }

    /// Argument of SUBDEV_G_CROP and SUBDEV_S_CROP. Kernel: `vidioc-subdev-g-crop.rst`.
    #[repr(C)]
    struct v4l2_subdev_crop {
        which: u32, "`V4L2_SUBDEV_FORMAT_*`.";
        pad: u32, "Which pad.";
        rect: v4l2_rect, "The rectangle.";
        stream: u32, "Which stream of the pad.";
        reserved: [u32; 7], "Zero.";
    }

    /// Argument of SUBDEV_ENUM_MBUS_CODE. Kernel: `vidioc-subdev-enum-mbus-code.rst`.
    #[repr(C)]
    struct v4l2_subdev_mbus_code_enum {
        pad: u32, "Which pad.";
        index: u32, "Which code.";
        code: u32, "On return: `MEDIA_BUS_FMT_*`.";
        which: u32, "`V4L2_SUBDEV_FORMAT_*`.";
        flags: u32, "On return: `V4L2_SUBDEV_MBUS_CODE_*`.";
        stream: u32, "Which stream of the pad.";
        reserved: [u32; 6], "Zero.";
    }

    /// Argument of SUBDEV_ENUM_FRAME_SIZE. Kernel: `vidioc-subdev-enum-frame-size.rst`.
    #[repr(C)]
    struct v4l2_subdev_frame_size_enum {
        index: u32, "Which range of sizes.";
        pad: u32, "Which pad.";
        code: u32, "`MEDIA_BUS_FMT_*`.";
        min_width: u32, "On return: smallest width.";
        max_width: u32, "On return: largest width.";
        min_height: u32, "On return: smallest height.";
        max_height: u32, "On return: largest height.";
        which: u32, "`V4L2_SUBDEV_FORMAT_*`.";
        stream: u32, "Which stream of the pad.";
        reserved: [u32; 7], "Zero.";
    }

    /// Argument of SUBDEV_G_FRAME_INTERVAL and SUBDEV_S_FRAME_INTERVAL. Kernel: `vidioc-subdev-g-frame-interval.rst`.
    #[repr(C)]
    struct v4l2_subdev_frame_interval {
        pad: u32, "Which pad.";
        interval: v4l2_fract, "Seconds from one frame to the next.";
        stream: u32, "Which stream of the pad.";
        which: u32, "`V4L2_SUBDEV_FORMAT_*`, for clients with INTERVAL_USES_WHICH.";
        reserved: [u32; 7], "Zero.";
    }

    /// Argument of SUBDEV_ENUM_FRAME_INTERVAL. Kernel: `vidioc-subdev-enum-frame-interval.rst`.
    #[repr(C)]
    struct v4l2_subdev_frame_interval_enum {
        index: u32, "Which interval.";
        pad: u32, "Which pad.";
        code: u32, "`MEDIA_BUS_FMT_*`.";
        width: u32, "Pixels in a line.";
        height: u32, "Lines.";
        interval: v4l2_fract, "On return: the interval.";
        which: u32, "`V4L2_SUBDEV_FORMAT_*`.";
        stream: u32, "Which stream of the pad.";
        reserved: [u32; 7], "Zero.";
    }

    /// Argument of SUBDEV_G_SELECTION and SUBDEV_S_SELECTION. Kernel: `vidioc-subdev-g-selection.rst`.
    #[repr(C)]
    struct v4l2_subdev_selection {
        which: u32, "`V4L2_SUBDEV_FORMAT_*`.";
        pad: u32, "Which pad.";
        target: u32, "`V4L2_SEL_TGT_*`.";
        flags: u32, "`V4L2_SEL_FLAG_*`.";
        r: v4l2_rect, "The rectangle; on return, as adjusted.";
        stream: u32, "Which stream of the pad.";
        reserved: [u32; 7], "Zero.";
    }

    /// Argument of SUBDEV_QUERYCAP. Kernel: `vidioc-subdev-querycap.rst`.
    #[repr(C)]
    struct v4l2_subdev_capability {
        version: u32, "The kernel's version: major << 16, minor << 8, patch.";
        capabilities: u32, "`V4L2_SUBDEV_CAP_*`.";
        reserved: [u32; 14], "Zero.";
    }

    /// A route from one pad's stream to another's. Kernel: `vidioc-subdev-g-routing.rst`.
    #[repr(C)]
    struct v4l2_subdev_route {
        sink_pad: u32, "The pad that it comes in by.";
        sink_stream: u32, "The stream there.";
        source_pad: u32, "The pad that it goes out by.";
        source_stream: u32, "The stream there.";
        flags: u32, "`V4L2_SUBDEV_ROUTE_FL_*`.";
        reserved: [u32; 5], "Zero.";
    }

    /// Argument of SUBDEV_G_ROUTING and SUBDEV_S_ROUTING. Kernel: `vidioc-subdev-g-routing.rst`.
    #[repr(C)]
    struct v4l2_subdev_routing {
        which: u32, "`V4L2_SUBDEV_FORMAT_*`.";
        len_routes: u32, "Room of the array.";
        routes: u64, "The address of an array of `v4l2_subdev_route`.";
        num_routes: u32, "Routes in the array; on return, how many there are.";
        reserved: [u32; 11], "Zero.";
    }

    /// Argument of SUBDEV_G_CLIENT_CAP and SUBDEV_S_CLIENT_CAP. Kernel: `vidioc-subdev-g-client-cap.rst`.
    #[repr(C)]
    struct v4l2_subdev_client_capability {
        capabilities: u64, "`V4L2_SUBDEV_CLIENT_CAP_*`.";
    }
}

constants! { u32:
    V4L2_SUBDEV_FORMAT_TRY = 0, "The state of this open file; the hardware keeps its own.";
    V4L2_SUBDEV_FORMAT_ACTIVE = 1, "The state of the hardware.";
    V4L2_MBUS_FRAMEFMT_SET_CSC = 0x1, "The subdevice is asked to convert colours.";
    V4L2_SUBDEV_MBUS_CODE_CSC_COLORSPACE = 0x1, "Can be converted to another colour space.";
    V4L2_SUBDEV_MBUS_CODE_CSC_XFER_FUNC = 0x2, "Can be converted to another transfer function.";
    V4L2_SUBDEV_MBUS_CODE_CSC_YCBCR_ENC = 0x4, "Can be converted to another Y'CbCr encoding.";
    V4L2_SUBDEV_MBUS_CODE_CSC_QUANTIZATION = 0x8, "Can be converted to another quantization.";
    V4L2_SUBDEV_CAP_RO_SUBDEV = 0x1, "The state of the hardware cannot be changed through the node.";
    V4L2_SUBDEV_CAP_STREAMS = 0x2, "Pads can have several streams.";
    V4L2_SUBDEV_ROUTE_FL_ACTIVE = 0x1, "The route is in use.";
    V4L2_SUBDEV_CLIENT_CAP_STREAMS = 0x1, "The program understands streams.";
    V4L2_SUBDEV_CLIENT_CAP_INTERVAL_USES_WHICH = 0x2, "The program sets `which` of frame intervals.";
}
