//! What the uvcvideo driver adds: extension units and metadata.
//!
//! Kernel: `include/uapi/linux/uvcvideo.h`, `Documentation/userspace-api/media/drivers/uvcvideo.rst`.

use crate::define::{constants, structures};

structures! {
    /// An item of a menu that UVCIOC_CTRL_MAP makes. Kernel: `uvcvideo.rst`.
    #[repr(C)]
    struct uvc_menu_info {
        value: u32, "What is sent to the camera.";
        name: [u8; 32], "A name for people.";
    }

    /// Argument of UVCIOC_CTRL_MAP. Kernel: `uvcvideo.rst`.
    #[repr(C)]
    struct uvc_xu_control_mapping {
        id: u32, "The id that the control gets.";
        name: [u8; 32], "The name that the control gets.";
        entity: [u8; 16], "The GUID of the extension unit.";
        selector: u8, "The control's number in the unit.";
        size: u8, "Its bits.";
        offset: u8, "Bits before it.";
        v4l2_type: u32, "`V4L2_CTRL_TYPE_*`.";
        data_type: u32, "`UVC_CTRL_DATA_TYPE_*`.";
        menu_info: usize, "The address of an array of `uvc_menu_info`.";
        menu_count: u32, "Its elements.";
        reserved: [u32; 4], "Zero.";
    }

    /// Argument of UVCIOC_CTRL_QUERY. Kernel: `uvcvideo.rst`.
    #[repr(C)]
    struct uvc_xu_control_query {
        unit: u8, "The extension unit.";
        selector: u8, "The control's number in the unit.";
        query: u8, "The request of the UVC specification.";
        size: u16, "Bytes of the data.";
        data: usize, "The address of the data.";
    }

    /// A block in a metadata buffer of format UVC. Kernel: `metafmt-uvc.rst`.
    #[repr(C, packed(4))]
    packed uvc_meta_buf {
        ns: u64, "The time of the host, in nanoseconds.";
        sof: u16, "The USB frame number.";
        length: u8, "Bytes of the UVC payload header, with this one.";
        flags: u8, "The bits of the UVC payload header.";
        buf: [u8; 0], "Here the rest of the header begins, `length - 2` bytes.";
    }
}

constants! { u32:
    UVC_CTRL_DATA_TYPE_RAW = 0, "Bytes.";
    UVC_CTRL_DATA_TYPE_SIGNED = 1, "Signed.";
    UVC_CTRL_DATA_TYPE_UNSIGNED = 2, "Unsigned.";
    UVC_CTRL_DATA_TYPE_BOOLEAN = 3, "Boolean.";
    UVC_CTRL_DATA_TYPE_ENUM = 4, "One of several.";
    UVC_CTRL_DATA_TYPE_BITMASK = 5, "Bits.";
}
