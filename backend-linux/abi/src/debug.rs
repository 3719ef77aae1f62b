//! Registers: DBG_G_REGISTER, DBG_S_REGISTER, DBG_G_CHIP_INFO.
//!
//! Kernel: `include/uapi/linux/videodev2.h`,
//! `Documentation/userspace-api/media/v4l/{vidioc-dbg-g-register,vidioc-dbg-g-chip-info}.rst`.

use crate::define::{constants, structures, unions};

structures! {
    /// Which chip is meant. Kernel: `vidioc-dbg-g-register.rst`.
    #[repr(C)]
    struct v4l2_dbg_match {
        type_: u32, "`V4L2_CHIP_MATCH_*`.";
        which: v4l2_dbg_match_which, "Its number or name.";
    }

    /// Argument of DBG_G_REGISTER and DBG_S_REGISTER. Kernel: `vidioc-dbg-g-register.rst`.
    #[repr(C, packed(4))]
    packed v4l2_dbg_register {
        match_: v4l2_dbg_match, "Which chip.";
        size: u32, "Bytes of the register.";
        reg: u64, "Its number.";
        val: u64, "Its value.";
    }

    /// Argument of DBG_G_CHIP_INFO. Kernel: `vidioc-dbg-g-chip-info.rst`.
    #[repr(C)]
    struct v4l2_dbg_chip_info {
        match_: v4l2_dbg_match, "Which chip.";
        name: [u8; 32], "On return: its name.";
        flags: u32, "On return: `V4L2_CHIP_FL_*`.";
        reserved: [u32; 32], "Zero.";
    }
}

unions! {
    /// The unnamed union in `v4l2_dbg_match`.
    anonymous v4l2_dbg_match_which(u32, 32) {
        addr set_addr of_addr: u32, "Its number.";
        name set_name of_name: [u8; 32], "Its name.";
    }
}

constants! { u32:
    V4L2_CHIP_MATCH_BRIDGE = 0, "The bridge, by number.";
    V4L2_CHIP_MATCH_SUBDEV = 4, "A subdevice, by number.";
    V4L2_CHIP_FL_READABLE = 0x1, "Has registers that can be read.";
    V4L2_CHIP_FL_WRITABLE = 0x2, "Has registers that can be written.";
}
