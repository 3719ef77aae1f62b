//! Frame sizes and intervals: ENUM_FRAMESIZES, ENUM_FRAMEINTERVALS, G_PARM, S_PARM.
//!
//! Kernel: `include/uapi/linux/videodev2.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-enum-framesizes,vidioc-enum-frameintervals,vidioc-g-parm}.rst`.

use crate::define::{constants, structures, unions};

structures! {
    /// A fraction; of a frame interval, of a second.
    #[repr(C)]
    struct v4l2_fract {
        numerator: u32, "Above the line.";
        denominator: u32, "Below the line.";
    }

    /// One size. Kernel: `vidioc-enum-framesizes.rst`.
    #[repr(C)]
    struct v4l2_frmsize_discrete {
        width: u32, "Pixels in a line.";
        height: u32, "Lines.";
    }

    /// A range of sizes. Kernel: `vidioc-enum-framesizes.rst`.
    #[repr(C)]
    struct v4l2_frmsize_stepwise {
        min_width: u32, "Smallest width.";
        max_width: u32, "Largest width.";
        step_width: u32, "From one width to the next.";
        min_height: u32, "Smallest height.";
        max_height: u32, "Largest height.";
        step_height: u32, "From one height to the next.";
    }

    /// Argument of ENUM_FRAMESIZES. Kernel: `vidioc-enum-framesizes.rst`.
    #[repr(C)]
    struct v4l2_frmsizeenum {
        index: u32, "Which size.";
        pixel_format: u32, "`V4L2_PIX_FMT_*`.";
        type_: u32, "On return: `V4L2_FRMSIZE_TYPE_*`.";
        size: v4l2_frmsizeenum_size, "On return: the size, or the range.";
        reserved: [u32; 2], "Zero.";
    }

    /// A range of intervals. Kernel: `vidioc-enum-frameintervals.rst`.
    #[repr(C)]
    struct v4l2_frmival_stepwise {
        min: v4l2_fract, "Shortest interval.";
        max: v4l2_fract, "Longest interval.";
        step: v4l2_fract, "From one to the next.";
    }

    /// Argument of ENUM_FRAMEINTERVALS. Kernel: `vidioc-enum-frameintervals.rst`.
    #[repr(C)]
    struct v4l2_frmivalenum {
        index: u32, "Which interval.";
        pixel_format: u32, "`V4L2_PIX_FMT_*`.";
        width: u32, "Pixels in a line.";
        height: u32, "Lines.";
        type_: u32, "On return: `V4L2_FRMIVAL_TYPE_*`.";
        interval: v4l2_frmivalenum_interval, "On return: the interval, or the range.";
        reserved: [u32; 2], "Zero.";
    }

    /// Parameters of a capture queue. Kernel: `vidioc-g-parm.rst`.
    #[repr(C)]
    struct v4l2_captureparm {
        capability: u32, "`V4L2_CAP_TIMEPERFRAME`, if the interval can be set.";
        capturemode: u32, "`V4L2_MODE_HIGHQUALITY`, or 0.";
        timeperframe: v4l2_fract, "Seconds from one frame to the next.";
        extendedmode: u32, "The driver's own.";
        readbuffers: u32, "Buffers that `read` uses.";
        reserved: [u32; 4], "Zero.";
    }

    /// Parameters of an output queue. Kernel: `vidioc-g-parm.rst`.
    #[repr(C)]
    struct v4l2_outputparm {
        capability: u32, "`V4L2_CAP_TIMEPERFRAME`, if the interval can be set.";
        outputmode: u32, "Zero.";
        timeperframe: v4l2_fract, "Seconds from one frame to the next.";
        extendedmode: u32, "The driver's own.";
        writebuffers: u32, "Buffers that `write` uses.";
        reserved: [u32; 4], "Zero.";
    }

    /// Argument of G_PARM and S_PARM. Kernel: `vidioc-g-parm.rst`.
    #[repr(C)]
    struct v4l2_streamparm {
        type_: u32, "`V4L2_BUF_TYPE_*`: which member of `parm` is meant.";
        parm: v4l2_streamparm_parm, "The parameters.";
    }
}

unions! {
    /// The unnamed union in `v4l2_frmsizeenum`.
    anonymous v4l2_frmsizeenum_size(u32, 24) {
        discrete set_discrete of_discrete: v4l2_frmsize_discrete, "Type DISCRETE.";
        stepwise set_stepwise of_stepwise: v4l2_frmsize_stepwise, "Types STEPWISE and CONTINUOUS.";
    }

    /// The unnamed union in `v4l2_frmivalenum`.
    anonymous v4l2_frmivalenum_interval(u32, 24) {
        discrete set_discrete of_discrete: v4l2_fract, "Type DISCRETE.";
        stepwise set_stepwise of_stepwise: v4l2_frmival_stepwise, "Types STEPWISE and CONTINUOUS.";
    }

    /// `v4l2_streamparm.parm`.
    union v4l2_streamparm_parm(u32, 200) {
        capture set_capture of_capture: v4l2_captureparm, "Capture queues.";
        output set_output of_output: v4l2_outputparm, "Output queues.";
        raw_data set_raw_data of_raw_data: [u8; 200], "All of it.";
    }
}

constants! { u32:
    V4L2_FRMSIZE_TYPE_DISCRETE = 1, "One size.";
    V4L2_FRMSIZE_TYPE_CONTINUOUS = 2, "A range in steps of 1.";
    V4L2_FRMSIZE_TYPE_STEPWISE = 3, "A range in steps.";
    V4L2_FRMIVAL_TYPE_DISCRETE = 1, "One interval.";
    V4L2_FRMIVAL_TYPE_CONTINUOUS = 2, "Any interval of a range.";
    V4L2_FRMIVAL_TYPE_STEPWISE = 3, "A range in steps.";
    V4L2_MODE_HIGHQUALITY = 1, "Better pictures, slower.";
    V4L2_CAP_TIMEPERFRAME = 0x1000, "The frame interval can be set.";
}
