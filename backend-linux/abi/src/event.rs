//! Events: SUBSCRIBE_EVENT, UNSUBSCRIBE_EVENT, DQEVENT.
//!
//! Kernel: `include/uapi/linux/videodev2.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-dqevent,vidioc-subscribe-event}.rst`.

use crate::buffer::v4l2_timespec;
use crate::define::{constants, structures, unions};

structures! {
    /// Payload of an event VSYNC. Kernel: `vidioc-dqevent.rst`.
    #[repr(C)]
    struct v4l2_event_vsync {
        field: u8, "`V4L2_FIELD_*`.";
    }

    /// Payload of an event CTRL. Kernel: `vidioc-dqevent.rst`.
    #[repr(C)]
    struct v4l2_event_ctrl {
        changes: u32, "`V4L2_EVENT_CTRL_CH_*`.";
        type_: u32, "`V4L2_CTRL_TYPE_*`.";
        value: v4l2_event_ctrl_value, "The value; 0 if it is behind a pointer.";
        flags: u32, "`V4L2_CTRL_FLAG_*`.";
        minimum: i32, "The smallest value.";
        maximum: i32, "The largest value.";
        step: i32, "From one value to the next.";
        default_value: i32, "The value at first.";
    }

    /// Payload of an event FRAME_SYNC. Kernel: `vidioc-dqevent.rst`.
    #[repr(C)]
    struct v4l2_event_frame_sync {
        frame_sequence: u32, "The frame that begins.";
    }

    /// Payload of an event SOURCE_CHANGE. Kernel: `vidioc-dqevent.rst`.
    #[repr(C)]
    struct v4l2_event_src_change {
        changes: u32, "`V4L2_EVENT_SRC_CH_*`.";
    }

    /// Payload of an event MOTION_DET. Kernel: `vidioc-dqevent.rst`.
    #[repr(C)]
    struct v4l2_event_motion_det {
        flags: u32, "`V4L2_EVENT_MD_FL_*`.";
        frame_sequence: u32, "The frame, if its flag is set.";
        region_mask: u32, "The regions with motion.";
    }

    /// Argument of DQEVENT. Kernel: `vidioc-dqevent.rst`.
    #[repr(C)]
    struct v4l2_event {
        type_: u32, "`V4L2_EVENT_*`.";
        u: v4l2_event_u, "The payload.";
        pending: u32, "Events that wait behind it.";
        sequence: u32, "Counts the events of the open file; a gap is an event that was overwritten.";
        timestamp: v4l2_timespec, "When it happened, CLOCK_MONOTONIC.";
        id: u32, "What it is about: a control, an input, a pad.";
        reserved: [u32; 8], "Zero.";
    }

    /// Argument of SUBSCRIBE_EVENT and UNSUBSCRIBE_EVENT. Kernel: `vidioc-subscribe-event.rst`.
    #[repr(C)]
    struct v4l2_event_subscription {
        type_: u32, "`V4L2_EVENT_*`.";
        id: u32, "What it is about.";
        flags: u32, "`V4L2_EVENT_SUB_FL_*`.";
        reserved: [u32; 5], "Zero.";
    }
}

unions! {
    /// The unnamed union in `v4l2_event_ctrl`.
    anonymous v4l2_event_ctrl_value(u64, 8) {
        value set_value of_value: i32, "Controls of 32 bits.";
        value64 set_value64 of_value64: i64, "Controls of 64 bits.";
    }

    /// `v4l2_event.u`.
    union v4l2_event_u(u64, 64) {
        vsync set_vsync of_vsync: v4l2_event_vsync, "Type VSYNC.";
        ctrl set_ctrl of_ctrl: v4l2_event_ctrl, "Type CTRL.";
        frame_sync set_frame_sync of_frame_sync: v4l2_event_frame_sync, "Type FRAME_SYNC.";
        src_change set_src_change of_src_change: v4l2_event_src_change, "Type SOURCE_CHANGE.";
        motion_det set_motion_det of_motion_det: v4l2_event_motion_det, "Type MOTION_DET.";
        data set_data of_data: [u8; 64], "All of it.";
    }
}

constants! { u32:
    V4L2_EVENT_ALL = 0, "In UNSUBSCRIBE_EVENT: every subscription.";
    V4L2_EVENT_VSYNC = 1, "Vertical synchronisation.";
    V4L2_EVENT_EOS = 2, "End of stream (deprecated: use flag LAST).";
    V4L2_EVENT_CTRL = 3, "A control changed.";
    V4L2_EVENT_FRAME_SYNC = 4, "A frame begins.";
    V4L2_EVENT_SOURCE_CHANGE = 5, "Resolution or signal of the source changed.";
    V4L2_EVENT_MOTION_DET = 6, "Motion began or ended.";
    V4L2_EVENT_PRIVATE_START = 0x800_0000, "From here on: a driver's own.";
    V4L2_EVENT_CTRL_CH_VALUE = 0x1, "The value.";
    V4L2_EVENT_CTRL_CH_FLAGS = 0x2, "The flags.";
    V4L2_EVENT_CTRL_CH_RANGE = 0x4, "Minimum, maximum, step or default.";
    V4L2_EVENT_CTRL_CH_DIMENSIONS = 0x8, "The dimensions of an array.";
    V4L2_EVENT_SRC_CH_RESOLUTION = 0x1, "The resolution.";
    V4L2_EVENT_MD_FL_HAVE_FRAME_SEQ = 0x1, "`frame_sequence` is valid.";
    V4L2_EVENT_SUB_FL_SEND_INITIAL = 0x1, "Send an event with the present state at once.";
    V4L2_EVENT_SUB_FL_ALLOW_FEEDBACK = 0x2, "Send events of this file's own changes too.";
}
