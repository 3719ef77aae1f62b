//! Structures of QUERYCAP, G_CTRL, S_CTRL, G_PARM and S_PARM.

use super::layout;

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_capability {
    pub(crate) driver: [u8; 16],
    pub(crate) card: [u8; 32],
    pub(crate) bus_info: [u8; 32],
    pub(crate) version: u32,
    pub(crate) capabilities: u32,
    pub(crate) device_caps: u32,
    pub(crate) reserved: [u32; 3],
}
layout!(v4l2_capability: 104,
    driver @ 0, card @ 16, bus_info @ 48, version @ 80, capabilities @ 84, device_caps @ 88, reserved @ 92);

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_control {
    pub(crate) id: u32,
    pub(crate) value: i32,
}
layout!(v4l2_control: 8, id @ 0, value @ 4);

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_fract {
    pub(crate) numerator: u32,
    pub(crate) denominator: u32,
}
layout!(v4l2_fract: 8, numerator @ 0, denominator @ 4);

/// `v4l2_captureparm`, and `v4l2_outputparm`, which differs in names only.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_captureparm {
    pub(crate) capability: u32,
    pub(crate) capturemode: u32,
    pub(crate) timeperframe: v4l2_fract,
    pub(crate) extendedmode: u32,
    pub(crate) readbuffers: u32,
    pub(crate) reserved: [u32; 4],
}
layout!(v4l2_captureparm: 40,
    capability @ 0, capturemode @ 4, timeperframe @ 8, extendedmode @ 16, readbuffers @ 20, reserved @ 24);

/// The union `parm` has 200 bytes; the part after `v4l2_captureparm` is `rest`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_streamparm {
    pub(crate) type_: u32,
    pub(crate) capture: v4l2_captureparm,
    pub(crate) rest: [u32; 40],
}
layout!(v4l2_streamparm: 204, type_ @ 0, capture @ 4, rest @ 44);
