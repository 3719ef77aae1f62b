//! Structures of G_FMT, S_FMT, TRY_FMT, ENUM_FMT and ENUM_FRAMESIZES.

use super::{by_target, layout};
use vidbuf::MAX_PLANES;

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_pix_format {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixelformat: u32,
    pub(crate) field: u32,
    pub(crate) bytesperline: u32,
    pub(crate) sizeimage: u32,
    pub(crate) colorspace: u32,
    pub(crate) priv_: u32,
    pub(crate) flags: u32,
    pub(crate) ycbcr_enc: u32,
    pub(crate) quantization: u32,
    pub(crate) xfer_func: u32,
}
layout!(v4l2_pix_format: 48,
    width @ 0, height @ 4, pixelformat @ 8, field @ 12, bytesperline @ 16, sizeimage @ 20, colorspace @ 24, priv_ @ 28,
    flags @ 32, ycbcr_enc @ 36, quantization @ 40, xfer_func @ 44);

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_plane_pix_format {
    pub(crate) sizeimage: u32,
    pub(crate) bytesperline: u32,
    pub(crate) reserved: [u16; 6],
}
layout!(v4l2_plane_pix_format: 20, sizeimage @ 0, bytesperline @ 4, reserved @ 8);

/// Packed in the kernel's header; no field is misaligned without that, so it is not packed here.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_pix_format_mplane {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixelformat: u32,
    pub(crate) field: u32,
    pub(crate) colorspace: u32,
    pub(crate) plane_fmt: [v4l2_plane_pix_format; MAX_PLANES],
    pub(crate) num_planes: u8,
    pub(crate) flags: u8,
    pub(crate) ycbcr_enc: u8,
    pub(crate) quantization: u8,
    pub(crate) xfer_func: u8,
    pub(crate) reserved: [u8; 7],
}
layout!(v4l2_pix_format_mplane: 192,
    width @ 0, height @ 4, pixelformat @ 8, field @ 12, colorspace @ 16, plane_fmt @ 20, num_planes @ 180, flags @ 181,
    ycbcr_enc @ 182, quantization @ 183, xfer_func @ 184, reserved @ 185);

/// `v4l2_format.fmt`. One member of the kernel's union holds a pointer; that decides the alignment.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) union v4l2_format_union {
    pub(crate) pix: v4l2_pix_format,
    pub(crate) pix_mp: v4l2_pix_format_mplane,
    pub(crate) raw: [u32; 50],
    pub(crate) pointer: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_format {
    pub(crate) type_: u32,
    pub(crate) fmt: v4l2_format_union,
}

impl v4l2_format {
    /// The format of a single-planar queue.
    pub(crate) fn pix(&self) -> &v4l2_pix_format {
        // SAFETY: integers, for which any bytes are a value; a `v4l2_format` starts as zeroes, all of its bytes are set.
        unsafe { &self.fmt.pix }
    }

    /// The format of a single-planar queue, to be filled.
    pub(crate) fn pix_mut(&mut self) -> &mut v4l2_pix_format {
        // SAFETY: as in `pix`, and integers of one member are integers of the other.
        unsafe { &mut self.fmt.pix }
    }

    /// The format of a multi-planar queue.
    pub(crate) fn pix_mp(&self) -> &v4l2_pix_format_mplane {
        // SAFETY: as in `pix`.
        unsafe { &self.fmt.pix_mp }
    }

    /// The format of a multi-planar queue, to be filled.
    pub(crate) fn pix_mp_mut(&mut self) -> &mut v4l2_pix_format_mplane {
        // SAFETY: as in `pix_mut`.
        unsafe { &mut self.fmt.pix_mp }
    }
}
layout!(v4l2_format: by_target(208, 204, 204), type_ @ 0, fmt @ by_target(8, 4, 4));

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_fmtdesc {
    pub(crate) index: u32,
    pub(crate) type_: u32,
    pub(crate) flags: u32,
    pub(crate) description: [u8; 32],
    pub(crate) pixelformat: u32,
    pub(crate) mbus_code: u32,
    pub(crate) reserved: [u32; 3],
}
layout!(v4l2_fmtdesc: 64,
    index @ 0, type_ @ 4, flags @ 8, description @ 12, pixelformat @ 44, mbus_code @ 48, reserved @ 52);

/// The union of `v4l2_frmsize_discrete` (the first two numbers) and `v4l2_frmsize_stepwise` is `size`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct v4l2_frmsizeenum {
    pub(crate) index: u32,
    pub(crate) pixel_format: u32,
    pub(crate) type_: u32,
    pub(crate) size: [u32; 6],
    pub(crate) reserved: [u32; 2],
}
layout!(v4l2_frmsizeenum: 44, index @ 0, pixel_format @ 4, type_ @ 8, size @ 12, reserved @ 36);
