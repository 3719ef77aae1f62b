//! VIDIOC_ENUM_FMT.

use vidbuf::FourCc;
use vidbuf_sim::kernel::QueueId;
use vidbuf_sim::kernel::abi::format::{V4L2_FMT_FLAG_COMPRESSED, v4l2_fmtdesc};

use crate::user::text;
use vidbuf_sim::Errno;

use super::{Answer, Call};

/// The kernel's name of a format.
fn description(fourcc: FourCc) -> &'static str {
    match &fourcc.0.to_le_bytes() {
        b"YUYV" => "YUYV 4:2:2",
        b"UYVY" => "UYVY 4:2:2",
        b"NV12" => "Y/UV 4:2:0",
        b"NM12" => "Y/UV 4:2:0 (N-C)",
        b"YM12" => "Planar YUV 4:2:0 (N-C)",
        b"GREY" => "8-bit Greyscale",
        b"RGB3" => "24-bit RGB 8-8-8",
        b"pRAA" => "10-bit Bayer RGRG/GBGB Packed",
        b"MJPG" => "Motion-JPEG",
        b"H264" => "H.264",
        _ => "Unknown",
    }
}

/// VIDIOC_ENUM_FMT.
pub fn enumerate(call: &mut Call) -> Answer {
    let ask: v4l2_fmtdesc = call.read()?;
    let node = &call.device().node;
    let listed = node.profile().formats.get(ask.index as usize);
    let pixels = listed.filter(|_| node.buffer_type(QueueId::FIRST) == ask.type_).ok_or(Errno::EINVAL)?;
    let answer = v4l2_fmtdesc {
        index: ask.index,
        type_: ask.type_,
        flags: if pixels.compressed { V4L2_FMT_FLAG_COMPRESSED } else { 0 },
        description: text(description(pixels.fourcc)),
        pixelformat: pixels.fourcc.0,
        mbus_code: 0,
        reserved: [0; 3],
    };
    call.write(&answer)
}
