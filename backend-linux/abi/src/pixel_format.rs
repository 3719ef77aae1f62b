//! Pixel formats, without raw ones.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/pixfmt*.rst`.

use crate::define::constants;

/// The number of four characters: `fourcc(*b"YUYV")`.
pub const fn fourcc(characters: [u8; 4]) -> u32 {
    u32::from_le_bytes(characters)
}

/// The number of four characters, for the big-endian form of a format.
pub const fn fourcc_be(characters: [u8; 4]) -> u32 {
    fourcc(characters) | 1 << 31
}

constants! { u32:
    V4L2_PIX_FMT_RGB332 = fourcc(*b"RGB1"), "8 bits: R 3, G 3, B 2.";
    V4L2_PIX_FMT_RGB444 = fourcc(*b"R444"), "16 bits, 4 each (deprecated).";
    V4L2_PIX_FMT_ARGB444 = fourcc(*b"AR12"), "16 bits, 4 each, with alpha.";
    V4L2_PIX_FMT_XRGB444 = fourcc(*b"XR12"), "16 bits, 4 each.";
    V4L2_PIX_FMT_RGBA444 = fourcc(*b"RA12"), "16 bits, 4 each, alpha last.";
    V4L2_PIX_FMT_RGBX444 = fourcc(*b"RX12"), "16 bits, 4 each, padding last.";
    V4L2_PIX_FMT_ABGR444 = fourcc(*b"AB12"), "16 bits, 4 each, with alpha, B first.";
    V4L2_PIX_FMT_XBGR444 = fourcc(*b"XB12"), "16 bits, 4 each, B first.";
    V4L2_PIX_FMT_BGRA444 = fourcc(*b"GA12"), "16 bits, 4 each, B first, alpha last.";
    V4L2_PIX_FMT_BGRX444 = fourcc(*b"BX12"), "16 bits, 4 each, B first, padding last.";
    V4L2_PIX_FMT_RGB555 = fourcc(*b"RGBO"), "16 bits, 5 each (deprecated).";
    V4L2_PIX_FMT_ARGB555 = fourcc(*b"AR15"), "16 bits, 5 each, with alpha.";
    V4L2_PIX_FMT_XRGB555 = fourcc(*b"XR15"), "16 bits, 5 each.";
    V4L2_PIX_FMT_RGBA555 = fourcc(*b"RA15"), "16 bits, 5 each, alpha last.";
    V4L2_PIX_FMT_RGBX555 = fourcc(*b"RX15"), "16 bits, 5 each, padding last.";
    V4L2_PIX_FMT_ABGR555 = fourcc(*b"AB15"), "16 bits, 5 each, with alpha, B first.";
    V4L2_PIX_FMT_XBGR555 = fourcc(*b"XB15"), "16 bits, 5 each, B first.";
    V4L2_PIX_FMT_BGRA555 = fourcc(*b"BA15"), "16 bits, 5 each, B first, alpha last.";
    V4L2_PIX_FMT_BGRX555 = fourcc(*b"BX15"), "16 bits, 5 each, B first, padding last.";
    V4L2_PIX_FMT_RGB565 = fourcc(*b"RGBP"), "16 bits: R 5, G 6, B 5.";
    V4L2_PIX_FMT_RGB555X = fourcc(*b"RGBQ"), "16 bits, 5 each, big endian (deprecated).";
    V4L2_PIX_FMT_ARGB555X = fourcc_be(*b"AR15"), "16 bits, 5 each, with alpha, big endian.";
    V4L2_PIX_FMT_XRGB555X = fourcc_be(*b"XR15"), "16 bits, 5 each, big endian.";
    V4L2_PIX_FMT_RGB565X = fourcc(*b"RGBR"), "16 bits: R 5, G 6, B 5, big endian.";
    V4L2_PIX_FMT_BGR666 = fourcc(*b"BGRH"), "18 of 32 bits, 6 each.";
    V4L2_PIX_FMT_BGR24 = fourcc(*b"BGR3"), "Bytes B, G, R.";
    V4L2_PIX_FMT_RGB24 = fourcc(*b"RGB3"), "Bytes R, G, B.";
    V4L2_PIX_FMT_BGR32 = fourcc(*b"BGR4"), "Bytes B, G, R and one more (deprecated).";
    V4L2_PIX_FMT_ABGR32 = fourcc(*b"AR24"), "Bytes B, G, R, A.";
    V4L2_PIX_FMT_XBGR32 = fourcc(*b"XR24"), "Bytes B, G, R, X.";
    V4L2_PIX_FMT_BGRA32 = fourcc(*b"RA24"), "Bytes A, B, G, R.";
    V4L2_PIX_FMT_BGRX32 = fourcc(*b"RX24"), "Bytes X, B, G, R.";
    V4L2_PIX_FMT_RGB32 = fourcc(*b"RGB4"), "Bytes of R, G, B and one more (deprecated).";
    V4L2_PIX_FMT_RGBA32 = fourcc(*b"AB24"), "Bytes R, G, B, A.";
    V4L2_PIX_FMT_RGBX32 = fourcc(*b"XB24"), "Bytes R, G, B, X.";
    V4L2_PIX_FMT_ARGB32 = fourcc(*b"BA24"), "Bytes A, R, G, B.";
    V4L2_PIX_FMT_XRGB32 = fourcc(*b"BX24"), "Bytes X, R, G, B.";
    V4L2_PIX_FMT_RGBX1010102 = fourcc(*b"RX30"), "32 bits, 10 each, padding last.";
    V4L2_PIX_FMT_RGBA1010102 = fourcc(*b"RA30"), "32 bits, 10 each, alpha last.";
    V4L2_PIX_FMT_ARGB2101010 = fourcc(*b"AR30"), "32 bits, 10 each, with alpha.";
    V4L2_PIX_FMT_BGR48_12 = fourcc(*b"B312"), "48 bits: 12 of 16 each, B first.";
    V4L2_PIX_FMT_BGR48 = fourcc(*b"BGR6"), "48 bits, 16 each, B first (newer than Linux 6.1).";
    V4L2_PIX_FMT_RGB48 = fourcc(*b"RGB6"), "48 bits, 16 each (newer than Linux 6.1).";
    V4L2_PIX_FMT_ABGR64_12 = fourcc(*b"B412"), "64 bits: 12 of 16 each, B first, alpha last.";

    V4L2_PIX_FMT_GREY = fourcc(*b"GREY"), "8-bit grey.";
    V4L2_PIX_FMT_Y4 = fourcc(*b"Y04 "), "4 of 8 bits, grey.";
    V4L2_PIX_FMT_Y6 = fourcc(*b"Y06 "), "6 of 8 bits, grey.";
    V4L2_PIX_FMT_Y10 = fourcc(*b"Y10 "), "10 of 16 bits, grey.";
    V4L2_PIX_FMT_Y12 = fourcc(*b"Y12 "), "12 of 16 bits, grey, in the low bits.";
    V4L2_PIX_FMT_Y012 = fourcc(*b"Y012"), "12 of 16 bits, grey, in the high bits.";
    V4L2_PIX_FMT_Y14 = fourcc(*b"Y14 "), "14 of 16 bits, grey.";
    V4L2_PIX_FMT_Y16 = fourcc(*b"Y16 "), "16-bit grey.";
    V4L2_PIX_FMT_Y16_BE = fourcc_be(*b"Y16 "), "16-bit grey, big endian.";
    V4L2_PIX_FMT_Y10BPACK = fourcc(*b"Y10B"), "10-bit grey, without gaps.";
    V4L2_PIX_FMT_Y10P = fourcc(*b"Y10P"), "10-bit grey, 4 pixels in 5 bytes.";
    V4L2_PIX_FMT_Y12P = fourcc(*b"Y12P"), "12-bit grey, 2 pixels in 3 bytes.";
    V4L2_PIX_FMT_Y14P = fourcc(*b"Y14P"), "14-bit grey, 4 pixels in 7 bytes.";
    V4L2_PIX_FMT_Y8I = fourcc(*b"Y8I "), "8-bit grey, left and right in turn.";
    V4L2_PIX_FMT_Y12I = fourcc(*b"Y12I"), "12-bit grey, left and right in 3 bytes.";
    V4L2_PIX_FMT_Y16I = fourcc(*b"Y16I"), "16-bit grey, left and right in turn (newer than Linux 6.12).";
    V4L2_PIX_FMT_Z16 = fourcc(*b"Z16 "), "16-bit distance.";
    V4L2_PIX_FMT_INZI = fourcc(*b"INZI"), "10-bit grey, then 16-bit distance.";
    V4L2_PIX_FMT_CNF4 = fourcc(*b"CNF4"), "4-bit confidence.";
    V4L2_PIX_FMT_PAL8 = fourcc(*b"PAL8"), "8-bit palette.";
    V4L2_PIX_FMT_UV8 = fourcc(*b"UV8 "), "4 bits each of Cb and Cr.";

    V4L2_PIX_FMT_YUYV = fourcc(*b"YUYV"), "4:2:2, bytes Y, U, Y, V.";
    V4L2_PIX_FMT_YYUV = fourcc(*b"YYUV"), "4:2:2, bytes Y, Y, U, V.";
    V4L2_PIX_FMT_YVYU = fourcc(*b"YVYU"), "4:2:2, bytes Y, V, Y, U.";
    V4L2_PIX_FMT_UYVY = fourcc(*b"UYVY"), "4:2:2, bytes U, Y, V, Y.";
    V4L2_PIX_FMT_VYUY = fourcc(*b"VYUY"), "4:2:2, bytes V, Y, U, Y.";
    V4L2_PIX_FMT_Y41P = fourcc(*b"Y41P"), "4:1:1, 8 pixels in 12 bytes.";
    V4L2_PIX_FMT_YUV444 = fourcc(*b"Y444"), "16 bits, 4 each.";
    V4L2_PIX_FMT_YUV555 = fourcc(*b"YUVO"), "16 bits, 5 each.";
    V4L2_PIX_FMT_YUV565 = fourcc(*b"YUVP"), "16 bits: Y 5, U 6, V 5.";
    V4L2_PIX_FMT_YUV24 = fourcc(*b"YUV3"), "Bytes Y, U, V.";
    V4L2_PIX_FMT_YUV32 = fourcc(*b"YUV4"), "Bytes of Y, U, V and one more.";
    V4L2_PIX_FMT_AYUV32 = fourcc(*b"AYUV"), "Bytes A, Y, U, V.";
    V4L2_PIX_FMT_XYUV32 = fourcc(*b"XYUV"), "Bytes X, Y, U, V.";
    V4L2_PIX_FMT_VUYA32 = fourcc(*b"VUYA"), "Bytes V, U, Y, A.";
    V4L2_PIX_FMT_VUYX32 = fourcc(*b"VUYX"), "Bytes V, U, Y, X.";
    V4L2_PIX_FMT_YUVA32 = fourcc(*b"YUVA"), "Bytes Y, U, V, A.";
    V4L2_PIX_FMT_YUVX32 = fourcc(*b"YUVX"), "Bytes Y, U, V, X.";
    V4L2_PIX_FMT_M420 = fourcc(*b"M420"), "4:2:0, two lines of Y, one of UV.";
    V4L2_PIX_FMT_YUV48_12 = fourcc(*b"Y312"), "48 bits: 12 of 16 each.";
    V4L2_PIX_FMT_Y210 = fourcc(*b"Y210"), "4:2:2, 10 of 16 bits.";
    V4L2_PIX_FMT_Y212 = fourcc(*b"Y212"), "4:2:2, 12 of 16 bits.";
    V4L2_PIX_FMT_Y216 = fourcc(*b"Y216"), "4:2:2, 16 bits.";
    V4L2_PIX_FMT_HSV24 = fourcc(*b"HSV3"), "Bytes H, S, V.";
    V4L2_PIX_FMT_HSV32 = fourcc(*b"HSV4"), "Bytes X, H, S, V.";

    V4L2_PIX_FMT_NV12 = fourcc(*b"NV12"), "4:2:0, Y, then UV.";
    V4L2_PIX_FMT_NV21 = fourcc(*b"NV21"), "4:2:0, Y, then VU.";
    V4L2_PIX_FMT_NV15 = fourcc(*b"NV15"), "4:2:0, Y, then UV, 10 bits without gaps (newer than Linux 6.12).";
    V4L2_PIX_FMT_NV16 = fourcc(*b"NV16"), "4:2:2, Y, then UV.";
    V4L2_PIX_FMT_NV61 = fourcc(*b"NV61"), "4:2:2, Y, then VU.";
    V4L2_PIX_FMT_NV20 = fourcc(*b"NV20"), "4:2:2, Y, then UV, 10 bits without gaps (newer than Linux 6.12).";
    V4L2_PIX_FMT_NV24 = fourcc(*b"NV24"), "4:4:4, Y, then UV.";
    V4L2_PIX_FMT_NV42 = fourcc(*b"NV42"), "4:4:4, Y, then VU.";
    V4L2_PIX_FMT_P010 = fourcc(*b"P010"), "4:2:0, Y, then UV, 10 of 16 bits.";
    V4L2_PIX_FMT_P012 = fourcc(*b"P012"), "4:2:0, Y, then UV, 12 of 16 bits.";
    V4L2_PIX_FMT_NV12M = fourcc(*b"NM12"), "4:2:0, planes Y, UV.";
    V4L2_PIX_FMT_NV21M = fourcc(*b"NM21"), "4:2:0, planes Y, VU.";
    V4L2_PIX_FMT_NV16M = fourcc(*b"NM16"), "4:2:2, planes Y, UV.";
    V4L2_PIX_FMT_NV61M = fourcc(*b"NM61"), "4:2:2, planes Y, VU.";
    V4L2_PIX_FMT_P012M = fourcc(*b"PM12"), "4:2:0, planes Y, UV, 12 of 16 bits.";
    V4L2_PIX_FMT_YUV410 = fourcc(*b"YUV9"), "4:1:0, Y, then U, then V.";
    V4L2_PIX_FMT_YVU410 = fourcc(*b"YVU9"), "4:1:0, Y, then V, then U.";
    V4L2_PIX_FMT_YUV411P = fourcc(*b"411P"), "4:1:1, Y, then U, then V.";
    V4L2_PIX_FMT_YUV420 = fourcc(*b"YU12"), "4:2:0, Y, then U, then V.";
    V4L2_PIX_FMT_YVU420 = fourcc(*b"YV12"), "4:2:0, Y, then V, then U.";
    V4L2_PIX_FMT_YUV422P = fourcc(*b"422P"), "4:2:2, Y, then U, then V.";
    V4L2_PIX_FMT_YUV420M = fourcc(*b"YM12"), "4:2:0, planes Y, U, V.";
    V4L2_PIX_FMT_YVU420M = fourcc(*b"YM21"), "4:2:0, planes Y, V, U.";
    V4L2_PIX_FMT_YUV422M = fourcc(*b"YM16"), "4:2:2, planes Y, U, V.";
    V4L2_PIX_FMT_YVU422M = fourcc(*b"YM61"), "4:2:2, planes Y, V, U.";
    V4L2_PIX_FMT_YUV444M = fourcc(*b"YM24"), "4:4:4, planes Y, U, V.";
    V4L2_PIX_FMT_YVU444M = fourcc(*b"YM42"), "4:4:4, planes Y, V, U.";
    V4L2_PIX_FMT_NV12_4L4 = fourcc(*b"VT12"), "NV12 in tiles of 4x4.";
    V4L2_PIX_FMT_NV12_16L16 = fourcc(*b"HM12"), "NV12 in tiles of 16x16.";
    V4L2_PIX_FMT_NV12_32L32 = fourcc(*b"ST12"), "NV12 in tiles of 32x32.";
    V4L2_PIX_FMT_P010_4L4 = fourcc(*b"T010"), "P010 in tiles of 4x4.";
    V4L2_PIX_FMT_NV12MT = fourcc(*b"TM12"), "NV12M in tiles of 64x32, in the order of a Z.";
    V4L2_PIX_FMT_NV12MT_16X16 = fourcc(*b"VM12"), "NV12M in tiles of 16x16.";

    V4L2_PIX_FMT_MJPEG = fourcc(*b"MJPG"), "Motion JPEG: as from webcams.";
    V4L2_PIX_FMT_JPEG = fourcc(*b"JPEG"), "JPEG.";
    V4L2_PIX_FMT_DV = fourcc(*b"dvsd"), "DV.";
    V4L2_PIX_FMT_MPEG = fourcc(*b"MPEG"), "An MPEG multiplex.";
    V4L2_PIX_FMT_H264 = fourcc(*b"H264"), "H.264 with start codes.";
    V4L2_PIX_FMT_H264_NO_SC = fourcc(*b"AVC1"), "H.264 without start codes.";
    V4L2_PIX_FMT_H264_MVC = fourcc(*b"M264"), "H.264 with several views.";
    V4L2_PIX_FMT_H263 = fourcc(*b"H263"), "H.263.";
    V4L2_PIX_FMT_MPEG1 = fourcc(*b"MPG1"), "MPEG-1.";
    V4L2_PIX_FMT_MPEG2 = fourcc(*b"MPG2"), "MPEG-2.";
    V4L2_PIX_FMT_MPEG2_SLICE = fourcc(*b"MG2S"), "MPEG-2, for stateless decoders.";
    V4L2_PIX_FMT_MPEG4 = fourcc(*b"MPG4"), "MPEG-4 part 2.";
    V4L2_PIX_FMT_XVID = fourcc(*b"XVID"), "Xvid.";
    V4L2_PIX_FMT_VC1_ANNEX_G = fourcc(*b"VC1G"), "VC-1, annex G.";
    V4L2_PIX_FMT_VC1_ANNEX_L = fourcc(*b"VC1L"), "VC-1, annex L.";
    V4L2_PIX_FMT_VP8 = fourcc(*b"VP80"), "VP8.";
    V4L2_PIX_FMT_VP8_FRAME = fourcc(*b"VP8F"), "VP8, for stateless decoders.";
    V4L2_PIX_FMT_VP9 = fourcc(*b"VP90"), "VP9.";
    V4L2_PIX_FMT_VP9_FRAME = fourcc(*b"VP9F"), "VP9, for stateless decoders.";
    V4L2_PIX_FMT_HEVC = fourcc(*b"HEVC"), "HEVC (H.265).";
    V4L2_PIX_FMT_FWHT = fourcc(*b"FWHT"), "The codec of vicodec.";
    V4L2_PIX_FMT_FWHT_STATELESS = fourcc(*b"SFWH"), "The codec of vicodec, stateless.";
    V4L2_PIX_FMT_H264_SLICE = fourcc(*b"S264"), "H.264, for stateless decoders.";
    V4L2_PIX_FMT_HEVC_SLICE = fourcc(*b"S265"), "HEVC, for stateless decoders.";
    V4L2_PIX_FMT_AV1_FRAME = fourcc(*b"AV1F"), "AV1, for stateless decoders.";
    V4L2_PIX_FMT_SPK = fourcc(*b"SPK0"), "Sorenson Spark.";
    V4L2_PIX_FMT_RV30 = fourcc(*b"RV30"), "RealVideo 8.";
    V4L2_PIX_FMT_RV40 = fourcc(*b"RV40"), "RealVideo 9 and 10.";
}
