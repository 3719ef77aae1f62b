//! Formats: ENUM_FMT, G_FMT, S_FMT, TRY_FMT.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/{vidioc-g-fmt,pixfmt-v4l2}.rst`.

use crate::buffer::VIDEO_MAX_PLANES;
use crate::define::{constants, structures, unions};
use crate::overlay::v4l2_window;
use crate::vbi::{v4l2_sliced_vbi_format, v4l2_vbi_format};

structures! {
    /// The format of a single-planar queue. Kernel: `pixfmt-v4l2.rst`.
    #[repr(C)]
    struct v4l2_pix_format {
        width: u32, "Pixels in a line.";
        height: u32, "Lines.";
        pixelformat: u32, "`V4L2_PIX_FMT_*`.";
        field: u32, "`V4L2_FIELD_*`.";
        bytesperline: u32, "Bytes from one line to the next.";
        sizeimage: u32, "Bytes that a buffer must have.";
        colorspace: u32, "`V4L2_COLORSPACE_*`.";
        priv_: u32, "`V4L2_PIX_FMT_PRIV_MAGIC`, if the fields below are valid.";
        flags: u32, "`V4L2_PIX_FMT_FLAG_*`.";
        ycbcr_enc: u32, "`V4L2_YCBCR_ENC_*`; of HSV formats, `V4L2_HSV_ENC_*`.";
        quantization: u32, "`V4L2_QUANTIZATION_*`.";
        xfer_func: u32, "`V4L2_XFER_FUNC_*`.";
    }

    /// A plane of a multi-planar format. Kernel: `pixfmt-v4l2-mplane.rst`.
    #[repr(C)]
    struct v4l2_plane_pix_format {
        sizeimage: u32, "Bytes that the plane must have.";
        bytesperline: u32, "Bytes from one line to the next.";
        reserved: [u16; 6], "Zero.";
    }

    /// The format of a multi-planar queue. Kernel: `pixfmt-v4l2-mplane.rst`.
    #[repr(C)]
    struct v4l2_pix_format_mplane {
        width: u32, "Pixels in a line.";
        height: u32, "Lines.";
        pixelformat: u32, "`V4L2_PIX_FMT_*`.";
        field: u32, "`V4L2_FIELD_*`.";
        colorspace: u32, "`V4L2_COLORSPACE_*`.";
        plane_fmt: [v4l2_plane_pix_format; VIDEO_MAX_PLANES as usize], "Each plane.";
        num_planes: u8, "How many planes there are.";
        flags: u8, "`V4L2_PIX_FMT_FLAG_*`.";
        ycbcr_enc: u8, "`V4L2_YCBCR_ENC_*`; of HSV formats, `V4L2_HSV_ENC_*`.";
        quantization: u8, "`V4L2_QUANTIZATION_*`.";
        xfer_func: u8, "`V4L2_XFER_FUNC_*`.";
        reserved: [u8; 7], "Zero.";
    }

    /// The format of a software radio queue. Kernel: `dev-sdr.rst`.
    #[repr(C)]
    struct v4l2_sdr_format {
        pixelformat: u32, "`V4L2_SDR_FMT_*`.";
        buffersize: u32, "Bytes that a buffer must have.";
        reserved: [u8; 24], "Zero.";
    }

    /// The format of a metadata queue. Kernel: `dev-meta.rst`.
    #[repr(C)]
    struct v4l2_meta_format {
        dataformat: u32, "`V4L2_META_FMT_*`.";
        buffersize: u32, "Bytes that a buffer must have.";
        width: u32, "Of formats with lines: units in a line (since Linux 6.10).";
        height: u32, "Of formats with lines: lines (since Linux 6.10).";
        bytesperline: u32, "Of formats with lines: bytes from one to the next (since Linux 6.10).";
    }

    /// Argument of G_FMT, S_FMT and TRY_FMT. Kernel: `vidioc-g-fmt.rst`.
    #[repr(C)]
    struct v4l2_format {
        type_: u32, "`V4L2_BUF_TYPE_*`: which member of `fmt` is meant.";
        fmt: v4l2_format_fmt, "The format.";
    }

    /// Argument of ENUM_FMT. Kernel: `vidioc-enum-fmt.rst`.
    #[repr(C)]
    struct v4l2_fmtdesc {
        index: u32, "Which format; the bit `V4L2_FMTDESC_FLAG_ENUM_ALL` may be set.";
        type_: u32, "`V4L2_BUF_TYPE_*`.";
        flags: u32, "On return: `V4L2_FMT_FLAG_*`.";
        description: [u8; 32], "On return: a name for people.";
        pixelformat: u32, "On return: the format.";
        mbus_code: u32, "Only formats that this bus code can become; nodes with capability IO_MC only.";
        reserved: [u32; 3], "Zero.";
    }
}

unions! {
    /// `v4l2_format.fmt`.
    union v4l2_format_fmt(usize, 200) {
        pix set_pix of_pix: v4l2_pix_format, "VIDEO_CAPTURE, VIDEO_OUTPUT.";
        pix_mp set_pix_mp of_pix_mp: v4l2_pix_format_mplane, "VIDEO_CAPTURE_MPLANE, VIDEO_OUTPUT_MPLANE.";
        win set_win of_win: v4l2_window, "VIDEO_OVERLAY, VIDEO_OUTPUT_OVERLAY.";
        vbi set_vbi of_vbi: v4l2_vbi_format, "VBI_CAPTURE, VBI_OUTPUT.";
        sliced set_sliced of_sliced: v4l2_sliced_vbi_format, "SLICED_VBI_CAPTURE, SLICED_VBI_OUTPUT.";
        sdr set_sdr of_sdr: v4l2_sdr_format, "SDR_CAPTURE, SDR_OUTPUT.";
        meta set_meta of_meta: v4l2_meta_format, "META_CAPTURE, META_OUTPUT.";
        raw_data set_raw_data of_raw_data: [u8; 200], "All of it.";
    }
}

constants! { u32:
    V4L2_PIX_FMT_PRIV_MAGIC = 0xfeed_cafe, "In `priv_`: the fields behind it are valid.";
    V4L2_PIX_FMT_FLAG_PREMUL_ALPHA = 1, "Colours are multiplied by alpha.";
    V4L2_PIX_FMT_FLAG_SET_CSC = 2, "The driver is asked to convert colours.";

    V4L2_FMT_FLAG_COMPRESSED = 0x1, "Compressed.";
    V4L2_FMT_FLAG_EMULATED = 0x2, "Made by software (libv4l).";
    V4L2_FMT_FLAG_CONTINUOUS_BYTESTREAM = 0x4, "A buffer need not begin at a frame.";
    V4L2_FMT_FLAG_DYN_RESOLUTION = 0x8, "The size may change within the stream.";
    V4L2_FMT_FLAG_ENC_CAP_FRAME_INTERVAL = 0x10, "The encoder takes a frame interval for capture.";
    V4L2_FMT_FLAG_CSC_COLORSPACE = 0x20, "Can be converted to another colour space.";
    V4L2_FMT_FLAG_CSC_XFER_FUNC = 0x40, "Can be converted to another transfer function.";
    V4L2_FMT_FLAG_CSC_YCBCR_ENC = 0x80, "Can be converted to another Y'CbCr encoding.";
    V4L2_FMT_FLAG_CSC_HSV_ENC = 0x80, "Can be converted to another HSV encoding.";
    V4L2_FMT_FLAG_CSC_QUANTIZATION = 0x100, "Can be converted to another quantization.";
    V4L2_FMT_FLAG_META_LINE_BASED = 0x200, "Metadata in lines (since Linux 6.10).";
    V4L2_FMTDESC_FLAG_ENUM_ALL = 0x8000_0000, "In `index`: every format, whatever else is configured (newer than Linux 6.12).";
}
