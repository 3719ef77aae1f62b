//! What a buffer type determines: which way frames flow, and whether buffers have an array of planes.

use vidbuf_abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT, V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE,
};

#[inline]
pub(crate) const fn is_multiplanar(buffer_type: u32) -> bool {
    matches!(buffer_type, V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE | V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE)
}

#[inline]
pub(crate) const fn is_output(buffer_type: u32) -> bool {
    matches!(buffer_type, V4L2_BUF_TYPE_VIDEO_OUTPUT | V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE)
}
