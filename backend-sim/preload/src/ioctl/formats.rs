//! Formats.

use vidbuf::FourCc;
use vidbuf_sim::kernel::File;
use vidbuf_sim::{Format, SimErrno};

use crate::abi::*;
use crate::device::Model;
use crate::errno::Errno;

use super::{Answer, Call};

/// `V4L2_PIX_FMT_PRIV_MAGIC`: the fields after it are meant.
const MAGIC: u32 = 0xfeed_cafe;
/// `V4L2_COLORSPACE_SRGB`.
const SRGB: u32 = 8;
/// `V4L2_COLORSPACE_RAW`.
const RAW: u32 = 11;

/// The kernel's name of a format.
fn description(fourcc: FourCc) -> &'static str {
    match &fourcc.0.to_le_bytes() {
        b"YUYV" => "YUYV 4:2:2",
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
    let pixels = listed.filter(|_| node.buffer_type(0) == ask.type_).ok_or(Errno(libc::EINVAL))?;
    let answer = v4l2_fmtdesc {
        index: ask.index,
        type_: ask.type_,
        flags: u32::from(pixels.compressed),
        description: text(description(pixels.fourcc)),
        pixelformat: pixels.fourcc.0,
        mbus_code: 0,
        reserved: [0; 3],
    };
    call.write(&answer)
}

/// VIDIOC_G_FMT.
pub fn get(call: &mut Call) -> Answer {
    let ask: v4l2_format = call.read()?;
    let file = call.file;
    let format = call.device().node.get_format(file, ask.type_)?;
    call.write(&raw(ask.type_, &format))
}

/// `Node::set_format` and `Node::try_format` with everything given.
type Choose = fn(&mut Model, File, u32, FourCc, u32, u32, [u32; 3]) -> Result<Format, SimErrno>;

fn choose(call: &mut Call, function: Choose) -> Answer {
    let ask: v4l2_format = call.read()?;
    // SAFETY: integers, for which any bytes are a value.
    let (pixelformat, width, height, lines) = unsafe {
        match ask.type_ {
            9 | 10 => {
                let pix = &ask.fmt.pix_mp;
                let lines = [0, 1, 2].map(|plane| pix.plane_fmt[plane].bytesperline);
                (pix.pixelformat, pix.width, pix.height, lines)
            }
            _ => {
                let pix = &ask.fmt.pix;
                (pix.pixelformat, pix.width, pix.height, [pix.bytesperline, 0, 0])
            }
        }
    };
    let file = call.file;
    let node = &mut call.device().node;
    let format = function(node, file, ask.type_, FourCc(pixelformat), width, height, lines)?;
    call.write(&raw(ask.type_, &format))
}

/// VIDIOC_S_FMT.
pub fn set(call: &mut Call) -> Answer {
    choose(call, |node, file, type_, pixels, width, height, lines| {
        node.set_format(file, type_, pixels, width, height, lines)
    })
}

/// VIDIOC_TRY_FMT.
pub fn try_(call: &mut Call) -> Answer {
    choose(call, |node, file, type_, pixels, width, height, lines| {
        node.try_format(file, type_, pixels, width, height, lines)
    })
}

fn raw(type_: u32, format: &Format) -> v4l2_format {
    let mut answer = v4l2_format { type_, ..v4l2_format::zeroed() };
    let colorspace = if format.pixelformat.0.to_le_bytes() == *b"pRAA" { RAW } else { SRGB };
    if type_ == 9 || type_ == 10 {
        let mut planes = [v4l2_plane_pix_format { sizeimage: 0, bytesperline: 0, reserved: [0; 6] }; 8];
        for (to, from) in planes.iter_mut().zip(format.planes()) {
            (to.sizeimage, to.bytesperline) = (from.sizeimage, from.bytesperline);
        }
        answer.fmt.pix_mp = v4l2_pix_format_mplane {
            width: format.width,
            height: format.height,
            pixelformat: format.pixelformat.0,
            field: format.field,
            colorspace,
            plane_fmt: planes,
            num_planes: format.planes as u8,
            ..v4l2_pix_format_mplane::zeroed()
        };
    } else {
        answer.fmt.pix = v4l2_pix_format {
            width: format.width,
            height: format.height,
            pixelformat: format.pixelformat.0,
            field: format.field,
            bytesperline: format.plane[0].bytesperline,
            sizeimage: format.plane[0].sizeimage,
            colorspace,
            priv_: MAGIC,
            ..v4l2_pix_format::zeroed()
        };
    }
    answer
}
