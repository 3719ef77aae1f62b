//! Controls: G_CTRL, S_CTRL, G_EXT_CTRLS, S_EXT_CTRLS, TRY_EXT_CTRLS, QUERYCTRL, QUERY_EXT_CTRL, QUERYMENU.
//!
//! The ids are in [`control_id`](crate::control_id) and [`codec_control`](crate::codec_control).
//!
//! Kernel: `include/uapi/linux/videodev2.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-g-ext-ctrls,vidioc-queryctrl}.rst`.

use crate::define::{constants, structures, unions};

structures! {
    /// Argument of G_CTRL and S_CTRL. Kernel: `vidioc-g-ctrl.rst`.
    #[repr(C)]
    struct v4l2_control {
        id: u32, "`V4L2_CID_*`.";
        value: i32, "The value.";
    }

    /// One control of [`v4l2_ext_controls`]. Kernel: `vidioc-g-ext-ctrls.rst`.
    #[repr(C)]
    struct v4l2_ext_control {
        id: u32, "`V4L2_CID_*`.";
        size: u32, "Bytes that the pointer points to; 0 if the value is no pointer.";
        reserved2: [u32; 1], "Zero.";
        value: v4l2_ext_control_value, "The value, or where it is.";
    }

    /// Argument of G_EXT_CTRLS, S_EXT_CTRLS and TRY_EXT_CTRLS. Kernel: `vidioc-g-ext-ctrls.rst`.
    #[repr(C)]
    struct v4l2_ext_controls {
        which: u32, "`V4L2_CTRL_WHICH_*`, or a class (`ctrl_class`).";
        count: u32, "Elements of the array.";
        error_idx: u32, "On return: which control was refused; `count`, if none in particular.";
        request_fd: i32, "The request, if `which` is REQUEST_VAL.";
        reserved: [u32; 1], "Zero.";
        controls: usize, "The address of an array of `v4l2_ext_control`.";
    }

    /// Argument of QUERYCTRL. Kernel: `vidioc-queryctrl.rst`.
    #[repr(C)]
    struct v4l2_queryctrl {
        id: u32, "`V4L2_CID_*`, or with `V4L2_CTRL_FLAG_NEXT_*` the one before; on return, the control's.";
        type_: u32, "On return: `V4L2_CTRL_TYPE_*`.";
        name: [u8; 32], "On return: a name for people.";
        minimum: i32, "On return: the smallest value.";
        maximum: i32, "On return: the largest value.";
        step: i32, "On return: from one value to the next.";
        default_value: i32, "On return: the value at first.";
        flags: u32, "On return: `V4L2_CTRL_FLAG_*`.";
        reserved: [u32; 2], "Zero.";
    }

    /// Argument of QUERY_EXT_CTRL. Kernel: `vidioc-queryctrl.rst`.
    #[repr(C)]
    struct v4l2_query_ext_ctrl {
        id: u32, "`V4L2_CID_*`, or with `V4L2_CTRL_FLAG_NEXT_*` the one before; on return, the control's.";
        type_: u32, "On return: `V4L2_CTRL_TYPE_*`.";
        name: [u8; 32], "On return: a name for people.";
        minimum: i64, "On return: the smallest value.";
        maximum: i64, "On return: the largest value.";
        step: u64, "On return: from one value to the next.";
        default_value: i64, "On return: the value at first.";
        flags: u32, "On return: `V4L2_CTRL_FLAG_*`.";
        elem_size: u32, "On return: bytes of an element.";
        elems: u32, "On return: how many elements there are.";
        nr_of_dims: u32, "On return: dimensions of the array; 0 if it is none.";
        dims: [u32; V4L2_CTRL_MAX_DIMS as usize], "On return: elements in each dimension.";
        reserved: [u32; 32], "Zero.";
    }

    /// Argument of QUERYMENU. Kernel: `vidioc-queryctrl.rst`.
    #[repr(C)]
    struct v4l2_querymenu {
        id: u32, "`V4L2_CID_*`.";
        index: u32, "Which item.";
        item: v4l2_querymenu_item, "On return: its name, or its value.";
        reserved: u32, "Zero.";
    }

    /// The value of a control of type AREA. Kernel: `ext-ctrls-image-source.rst`.
    #[repr(C)]
    struct v4l2_area {
        width: u32, "Width.";
        height: u32, "Height.";
    }
}

unions! {
    /// The unnamed union in `v4l2_ext_control`. A 32-bit program writes only 4 bytes of a pointer.
    anonymous v4l2_ext_control_value(u32, 8) {
        value set_value of_value: i32, "Controls of 32 bits.";
        value64 set_value64 of_value64: i64, "Controls of 64 bits.";
        string set_string of_string: usize, "The address of a text that ends with a zero.";
        p_u8 set_p_u8 of_p_u8: usize, "The address of an array.";
        p_u16 set_p_u16 of_p_u16: usize, "The address of an array.";
        p_u32 set_p_u32 of_p_u32: usize, "The address of an array.";
        p_area set_p_area of_p_area: usize, "The address of a `v4l2_area`.";
        ptr set_ptr of_ptr: usize, "The address of any payload.";
    }

    /// The unnamed union in `v4l2_querymenu`.
    anonymous v4l2_querymenu_item(u32, 32) {
        name set_name of_name: [u8; 32], "Menus: the name of the item.";
        value set_value of_value: i64, "Integer menus: the value of the item.";
    }
}

constants! { u32:
    V4L2_CTRL_ID_MASK = 0x0fff_ffff, "The bits of an id that are not flags.";
    V4L2_CTRL_MAX_DIMS = 4, "The most dimensions of an array.";
    V4L2_CID_MAX_CTRLS = 1024, "The most controls of one call.";
    V4L2_CID_PRIVATE_BASE = 0x800_0000, "Where a driver's own controls began, in old programs.";

    V4L2_CTRL_WHICH_CUR_VAL = 0, "The value now.";
    V4L2_CTRL_WHICH_DEF_VAL = 0x0f00_0000, "The value at first.";
    V4L2_CTRL_WHICH_REQUEST_VAL = 0x0f01_0000, "The value in a request.";
    V4L2_CTRL_WHICH_MIN_VAL = 0x0f02_0000, "The smallest value (newer than Linux 6.12).";
    V4L2_CTRL_WHICH_MAX_VAL = 0x0f03_0000, "The largest value (newer than Linux 6.12).";

    V4L2_CTRL_TYPE_INTEGER = 1, "32-bit integer.";
    V4L2_CTRL_TYPE_BOOLEAN = 2, "0 or 1.";
    V4L2_CTRL_TYPE_MENU = 3, "The index of a named item.";
    V4L2_CTRL_TYPE_BUTTON = 4, "Setting it does something.";
    V4L2_CTRL_TYPE_INTEGER64 = 5, "64-bit integer.";
    V4L2_CTRL_TYPE_CTRL_CLASS = 6, "The title of a class.";
    V4L2_CTRL_TYPE_STRING = 7, "Text.";
    V4L2_CTRL_TYPE_BITMASK = 8, "Bits.";
    V4L2_CTRL_TYPE_INTEGER_MENU = 9, "The index of a 64-bit number.";
    V4L2_CTRL_COMPOUND_TYPES = 0x100, "From here on, types are behind a pointer.";
    V4L2_CTRL_TYPE_U8 = 0x100, "Array of `u8`.";
    V4L2_CTRL_TYPE_U16 = 0x101, "Array of `u16`.";
    V4L2_CTRL_TYPE_U32 = 0x102, "Array of `u32`.";
    V4L2_CTRL_TYPE_AREA = 0x106, "`v4l2_area`.";
    V4L2_CTRL_TYPE_RECT = 0x107, "`v4l2_rect` (newer than Linux 6.12).";
    V4L2_CTRL_TYPE_HDR10_CLL_INFO = 0x110, "HDR10 content light level.";
    V4L2_CTRL_TYPE_HDR10_MASTERING_DISPLAY = 0x111, "HDR10 mastering display.";
    V4L2_CTRL_TYPE_H264_SPS = 0x200, "The first of H.264's.";
    V4L2_CTRL_TYPE_FWHT_PARAMS = 0x220, "FWHT.";
    V4L2_CTRL_TYPE_VP8_FRAME = 0x240, "VP8.";
    V4L2_CTRL_TYPE_MPEG2_QUANTISATION = 0x250, "The first of MPEG-2's.";
    V4L2_CTRL_TYPE_VP9_COMPRESSED_HDR = 0x260, "The first of VP9's.";
    V4L2_CTRL_TYPE_HEVC_SPS = 0x270, "The first of HEVC's.";
    V4L2_CTRL_TYPE_AV1_SEQUENCE = 0x280, "The first of AV1's.";

    V4L2_CTRL_FLAG_DISABLED = 0x1, "Not to be used.";
    V4L2_CTRL_FLAG_GRABBED = 0x2, "Cannot be set now: EBUSY.";
    V4L2_CTRL_FLAG_READ_ONLY = 0x4, "Cannot be set: EACCES.";
    V4L2_CTRL_FLAG_UPDATE = 0x8, "Setting it changes other controls.";
    V4L2_CTRL_FLAG_INACTIVE = 0x10, "Without effect now.";
    V4L2_CTRL_FLAG_SLIDER = 0x20, "Best shown as a slider.";
    V4L2_CTRL_FLAG_WRITE_ONLY = 0x40, "Cannot be read: EACCES.";
    V4L2_CTRL_FLAG_VOLATILE = 0x80, "The hardware changes it.";
    V4L2_CTRL_FLAG_HAS_PAYLOAD = 0x100, "The value is behind a pointer.";
    V4L2_CTRL_FLAG_EXECUTE_ON_WRITE = 0x200, "Setting the same value again has an effect.";
    V4L2_CTRL_FLAG_MODIFY_LAYOUT = 0x400, "Setting it changes the format.";
    V4L2_CTRL_FLAG_DYNAMIC_ARRAY = 0x800, "An array whose length can be set.";
    V4L2_CTRL_FLAG_HAS_WHICH_MIN_MAX = 0x1000, "MIN_VAL and MAX_VAL can be asked for (newer than Linux 6.12).";
    V4L2_CTRL_FLAG_NEXT_CTRL = 0x8000_0000, "In an id: the next control after it.";
    V4L2_CTRL_FLAG_NEXT_COMPOUND = 0x4000_0000, "In an id: the next compound control or array after it.";
}
