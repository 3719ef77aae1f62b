//! Colour spaces and what belongs to them.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/colorspaces-defs.rst`.

use crate::define::constants;

constants! { u32:
    V4L2_COLORSPACE_DEFAULT = 0, "The driver's choice.";
    V4L2_COLORSPACE_SMPTE170M = 1, "Standard-definition television.";
    V4L2_COLORSPACE_SMPTE240M = 2, "Early high-definition television.";
    V4L2_COLORSPACE_REC709 = 3, "High-definition television.";
    V4L2_COLORSPACE_BT878 = 4, "Not to be used.";
    V4L2_COLORSPACE_470_SYSTEM_M = 5, "NTSC of 1953.";
    V4L2_COLORSPACE_470_SYSTEM_BG = 6, "EBU Tech 3213.";
    V4L2_COLORSPACE_JPEG = 7, "sRGB, encoding 601, full range.";
    V4L2_COLORSPACE_SRGB = 8, "sRGB: most cameras.";
    V4L2_COLORSPACE_OPRGB = 9, "opRGB (Adobe RGB).";
    V4L2_COLORSPACE_BT2020 = 10, "Ultra-high-definition television.";
    V4L2_COLORSPACE_RAW = 11, "As the sensor has it.";
    V4L2_COLORSPACE_DCI_P3 = 12, "Digital cinema.";

    V4L2_XFER_FUNC_DEFAULT = 0, "That of the colour space.";
    V4L2_XFER_FUNC_709 = 1, "Rec. 709.";
    V4L2_XFER_FUNC_SRGB = 2, "sRGB.";
    V4L2_XFER_FUNC_OPRGB = 3, "opRGB.";
    V4L2_XFER_FUNC_SMPTE240M = 4, "SMPTE 240M.";
    V4L2_XFER_FUNC_NONE = 5, "Linear.";
    V4L2_XFER_FUNC_DCI_P3 = 6, "Digital cinema.";
    V4L2_XFER_FUNC_SMPTE2084 = 7, "Perceptual quantizer.";

    V4L2_YCBCR_ENC_DEFAULT = 0, "That of the colour space.";
    V4L2_YCBCR_ENC_601 = 1, "BT.601.";
    V4L2_YCBCR_ENC_709 = 2, "Rec. 709.";
    V4L2_YCBCR_ENC_XV601 = 3, "xvYCC with BT.601.";
    V4L2_YCBCR_ENC_XV709 = 4, "xvYCC with Rec. 709.";
    V4L2_YCBCR_ENC_SYCC = 5, "sYCC (deprecated: use 601).";
    V4L2_YCBCR_ENC_BT2020 = 6, "BT.2020.";
    V4L2_YCBCR_ENC_BT2020_CONST_LUM = 7, "BT.2020 with constant luminance.";
    V4L2_YCBCR_ENC_SMPTE240M = 8, "SMPTE 240M.";
    V4L2_HSV_ENC_180 = 128, "Hue from 0 to 179.";
    V4L2_HSV_ENC_256 = 129, "Hue from 0 to 255.";

    V4L2_QUANTIZATION_DEFAULT = 0, "That of the colour space and format.";
    V4L2_QUANTIZATION_FULL_RANGE = 1, "0 to 255.";
    V4L2_QUANTIZATION_LIM_RANGE = 2, "16 to 235, colour differences to 240.";
}
