//! Digital video timings and EDID: G_DV_TIMINGS, S_DV_TIMINGS, QUERY_DV_TIMINGS, ENUM_DV_TIMINGS, DV_TIMINGS_CAP, G_EDID,
//! S_EDID.
//!
//! Kernel: `include/uapi/linux/{videodev2,v4l2-common}.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-g-dv-timings,vidioc-dv-timings-cap,vidioc-g-edid}.rst`.

use crate::define::{constants, structures, unions};
use crate::frame::v4l2_fract;

structures! {
    /// Timings of type BT_656_1120. `pixelclock` is aligned to 4 only. Kernel: `vidioc-g-dv-timings.rst`.
    #[repr(C, packed(4))]
    packed v4l2_bt_timings {
        width: u32, "Visible pixels in a line.";
        height: u32, "Visible lines.";
        interlaced: u32, "`V4L2_DV_PROGRESSIVE` or `V4L2_DV_INTERLACED`.";
        polarities: u32, "`V4L2_DV_*_POS_POL`.";
        pixelclock: u64, "Pixels a second.";
        hfrontporch: u32, "Pixels before the horizontal synchronisation.";
        hsync: u32, "Pixels of the horizontal synchronisation.";
        hbackporch: u32, "Pixels after the horizontal synchronisation.";
        vfrontporch: u32, "Lines before the vertical synchronisation.";
        vsync: u32, "Lines of the vertical synchronisation.";
        vbackporch: u32, "Lines after the vertical synchronisation.";
        il_vfrontporch: u32, "The same, of the second field.";
        il_vsync: u32, "The same, of the second field.";
        il_vbackporch: u32, "The same, of the second field.";
        standards: u32, "`V4L2_DV_BT_STD_*`.";
        flags: u32, "`V4L2_DV_FL_*`.";
        picture_aspect: v4l2_fract, "Width to height of the picture, if its flag is set.";
        cea861_vic: u8, "The number in CEA-861, if its flag is set.";
        hdmi_vic: u8, "The number in HDMI, if its flag is set.";
        reserved: [u8; 46], "Zero.";
    }

    /// Argument of G_DV_TIMINGS, S_DV_TIMINGS and QUERY_DV_TIMINGS. Kernel: `vidioc-g-dv-timings.rst`.
    #[repr(C)]
    struct v4l2_dv_timings {
        type_: u32, "`V4L2_DV_BT_656_1120`.";
        timings: v4l2_dv_timings_union, "The timings.";
    }

    /// Argument of ENUM_DV_TIMINGS. Kernel: `vidioc-enum-dv-timings.rst`.
    #[repr(C)]
    struct v4l2_enum_dv_timings {
        index: u32, "Which timings.";
        pad: u32, "Subdevices: which pad.";
        reserved: [u32; 2], "Zero.";
        timings: v4l2_dv_timings, "On return: the timings.";
    }

    /// The range of timings of type BT_656_1120. Kernel: `vidioc-dv-timings-cap.rst`.
    #[repr(C, packed(4))]
    packed v4l2_bt_timings_cap {
        min_width: u32, "Smallest width.";
        max_width: u32, "Largest width.";
        min_height: u32, "Smallest height.";
        max_height: u32, "Largest height.";
        min_pixelclock: u64, "Slowest clock.";
        max_pixelclock: u64, "Fastest clock.";
        standards: u32, "`V4L2_DV_BT_STD_*`.";
        capabilities: u32, "`V4L2_DV_BT_CAP_*`.";
        reserved: [u32; 16], "Zero.";
    }

    /// Argument of DV_TIMINGS_CAP. Kernel: `vidioc-dv-timings-cap.rst`.
    #[repr(C)]
    struct v4l2_dv_timings_cap {
        type_: u32, "On return: `V4L2_DV_BT_656_1120`.";
        pad: u32, "Subdevices: which pad.";
        reserved: [u32; 2], "Zero.";
        cap: v4l2_dv_timings_cap_union, "On return: the range.";
    }

    /// Argument of G_EDID and S_EDID. Kernel: `vidioc-g-edid.rst`.
    #[repr(C)]
    struct v4l2_edid {
        pad: u32, "Which input or output; subdevices: which pad.";
        start_block: u32, "The first block.";
        blocks: u32, "How many blocks of 128 bytes; on return, how many there are.";
        reserved: [u32; 5], "Zero.";
        edid: usize, "The address of the blocks.";
    }
}

unions! {
    /// The unnamed union in `v4l2_dv_timings`.
    anonymous v4l2_dv_timings_union(u32, 128) {
        bt set_bt of_bt: v4l2_bt_timings, "Type BT_656_1120.";
        reserved set_reserved of_reserved: [u32; 32], "All of it.";
    }

    /// The unnamed union in `v4l2_dv_timings_cap`.
    anonymous v4l2_dv_timings_cap_union(u32, 128) {
        bt set_bt of_bt: v4l2_bt_timings_cap, "Type BT_656_1120.";
        raw_data set_raw_data of_raw_data: [u32; 32], "All of it.";
    }
}

constants! { u32:
    V4L2_DV_PROGRESSIVE = 0, "Progressive.";
    V4L2_DV_INTERLACED = 1, "Interlaced.";
    V4L2_DV_VSYNC_POS_POL = 0x1, "The vertical synchronisation is positive.";
    V4L2_DV_HSYNC_POS_POL = 0x2, "The horizontal synchronisation is positive.";
    V4L2_DV_BT_STD_CEA861 = 0x1, "CEA-861.";
    V4L2_DV_BT_STD_DMT = 0x2, "VESA discrete monitor timings.";
    V4L2_DV_BT_STD_CVT = 0x4, "VESA coordinated video timings.";
    V4L2_DV_BT_STD_GTF = 0x8, "VESA generalized timings formula.";
    V4L2_DV_BT_STD_SDI = 0x10, "SDI.";
    V4L2_DV_FL_REDUCED_BLANKING = 0x1, "Reduced blanking.";
    V4L2_DV_FL_CAN_REDUCE_FPS = 0x2, "The clock can be slowed down by 1000/1001.";
    V4L2_DV_FL_REDUCED_FPS = 0x4, "The clock is slowed down by 1000/1001.";
    V4L2_DV_FL_HALF_LINE = 0x8, "The second field has half a line more.";
    V4L2_DV_FL_IS_CE_VIDEO = 0x10, "Consumer video: limited range by default.";
    V4L2_DV_FL_FIRST_FIELD_EXTRA_LINE = 0x20, "The first field has a line more.";
    V4L2_DV_FL_HAS_PICTURE_ASPECT = 0x40, "`picture_aspect` is valid.";
    V4L2_DV_FL_HAS_CEA861_VIC = 0x80, "`cea861_vic` is valid.";
    V4L2_DV_FL_HAS_HDMI_VIC = 0x100, "`hdmi_vic` is valid.";
    V4L2_DV_FL_CAN_DETECT_REDUCED_FPS = 0x200, "The receiver sees whether the clock is slowed down.";
    V4L2_DV_BT_656_1120 = 0, "The only type.";
    V4L2_DV_BT_CAP_INTERLACED = 0x1, "Interlaced is supported.";
    V4L2_DV_BT_CAP_PROGRESSIVE = 0x2, "Progressive is supported.";
    V4L2_DV_BT_CAP_REDUCED_BLANKING = 0x4, "Reduced blanking is supported.";
    V4L2_DV_BT_CAP_CUSTOM = 0x8, "Timings of no standard are supported.";
}
