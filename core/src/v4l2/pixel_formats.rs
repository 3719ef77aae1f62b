//! Pixel formats by the kernel's names (`V4L2_PIX_FMT_*`), and metadata formats (`V4L2_META_FMT_*`).

use super::FourCc;

macro_rules! formats {
    ($($name:ident = $make:ident($characters:expr), $doc:literal;)+) => {
        impl FourCc {
            $(
                #[doc = $doc]
                pub const $name: Self = Self::$make($characters);
            )+
        }

        /// Every one, by its name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, FourCc)] = &[$((stringify!($name), FourCc::$name)),+];
    };
}

formats! {
    RGB332 = new(*b"RGB1"), "8 bits: R 3, G 3, B 2.";
    RGB444 = new(*b"R444"), "16 bits, 4 each (deprecated).";
    ARGB444 = new(*b"AR12"), "16 bits, 4 each, with alpha.";
    XRGB444 = new(*b"XR12"), "16 bits, 4 each.";
    RGBA444 = new(*b"RA12"), "16 bits, 4 each, alpha last.";
    RGBX444 = new(*b"RX12"), "16 bits, 4 each, padding last.";
    ABGR444 = new(*b"AB12"), "16 bits, 4 each, with alpha, B first.";
    XBGR444 = new(*b"XB12"), "16 bits, 4 each, B first.";
    BGRA444 = new(*b"GA12"), "16 bits, 4 each, B first, alpha last.";
    BGRX444 = new(*b"BX12"), "16 bits, 4 each, B first, padding last.";
    RGB555 = new(*b"RGBO"), "16 bits, 5 each (deprecated).";
    ARGB555 = new(*b"AR15"), "16 bits, 5 each, with alpha.";
    XRGB555 = new(*b"XR15"), "16 bits, 5 each.";
    RGBA555 = new(*b"RA15"), "16 bits, 5 each, alpha last.";
    RGBX555 = new(*b"RX15"), "16 bits, 5 each, padding last.";
    ABGR555 = new(*b"AB15"), "16 bits, 5 each, with alpha, B first.";
    XBGR555 = new(*b"XB15"), "16 bits, 5 each, B first.";
    BGRA555 = new(*b"BA15"), "16 bits, 5 each, B first, alpha last.";
    BGRX555 = new(*b"BX15"), "16 bits, 5 each, B first, padding last.";
    RGB565 = new(*b"RGBP"), "16 bits: R 5, G 6, B 5.";
    RGB555X = new(*b"RGBQ"), "16 bits, 5 each, big endian (deprecated).";
    ARGB555X = big_endian(*b"AR15"), "16 bits, 5 each, with alpha, big endian.";
    XRGB555X = big_endian(*b"XR15"), "16 bits, 5 each, big endian.";
    RGB565X = new(*b"RGBR"), "16 bits: R 5, G 6, B 5, big endian.";
    BGR666 = new(*b"BGRH"), "18 of 32 bits, 6 each.";
    BGR24 = new(*b"BGR3"), "Bytes B, G, R.";
    RGB24 = new(*b"RGB3"), "24-bit RGB, 3 bytes a pixel in memory order R, G, B.";
    BGR32 = new(*b"BGR4"), "Bytes B, G, R and one more (deprecated).";
    ABGR32 = new(*b"AR24"), "Bytes B, G, R, A.";
    XBGR32 = new(*b"XR24"), "Bytes B, G, R, X.";
    BGRA32 = new(*b"RA24"), "Bytes A, B, G, R.";
    BGRX32 = new(*b"RX24"), "Bytes X, B, G, R.";
    RGB32 = new(*b"RGB4"), "Bytes of R, G, B and one more (deprecated).";
    RGBA32 = new(*b"AB24"), "Bytes R, G, B, A.";
    RGBX32 = new(*b"XB24"), "Bytes R, G, B, X.";
    ARGB32 = new(*b"BA24"), "Bytes A, R, G, B.";
    XRGB32 = new(*b"BX24"), "Bytes X, R, G, B.";
    RGBX1010102 = new(*b"RX30"), "32 bits, 10 each, padding last.";
    RGBA1010102 = new(*b"RA30"), "32 bits, 10 each, alpha last.";
    ARGB2101010 = new(*b"AR30"), "32 bits, 10 each, with alpha.";
    BGR48_12 = new(*b"B312"), "48 bits: 12 of 16 each, B first.";
    BGR48 = new(*b"BGR6"), "48 bits, 16 each, B first (newer than Linux 6.1).";
    RGB48 = new(*b"RGB6"), "48 bits, 16 each (newer than Linux 6.1).";
    ABGR64_12 = new(*b"B412"), "64 bits: 12 of 16 each, B first, alpha last.";

    GREY = new(*b"GREY"), "8-bit greyscale.";
    Y4 = new(*b"Y04 "), "4 of 8 bits, grey.";
    Y6 = new(*b"Y06 "), "6 of 8 bits, grey.";
    Y10 = new(*b"Y10 "), "10 of 16 bits, grey.";
    Y12 = new(*b"Y12 "), "12 of 16 bits, grey, in the low bits.";
    Y012 = new(*b"Y012"), "12 of 16 bits, grey, in the high bits.";
    Y14 = new(*b"Y14 "), "14 of 16 bits, grey.";
    Y16 = new(*b"Y16 "), "16-bit grey.";
    Y16_BE = big_endian(*b"Y16 "), "16-bit grey, big endian.";
    Y10BPACK = new(*b"Y10B"), "10-bit grey, without gaps.";
    Y10P = new(*b"Y10P"), "10-bit grey, 4 pixels in 5 bytes.";
    Y12P = new(*b"Y12P"), "12-bit grey, 2 pixels in 3 bytes.";
    Y14P = new(*b"Y14P"), "14-bit grey, 4 pixels in 7 bytes.";
    Y8I = new(*b"Y8I "), "8-bit grey, left and right in turn.";
    Y12I = new(*b"Y12I"), "12-bit grey, left and right in 3 bytes.";
    Y16I = new(*b"Y16I"), "16-bit grey, left and right in turn (newer than Linux 6.12).";
    Z16 = new(*b"Z16 "), "16-bit distance.";
    INZI = new(*b"INZI"), "10-bit grey, then 16-bit distance.";
    CNF4 = new(*b"CNF4"), "4-bit confidence.";
    PAL8 = new(*b"PAL8"), "8-bit palette.";
    UV8 = new(*b"UV8 "), "4 bits each of Cb and Cr.";

    YUYV = new(*b"YUYV"), "Packed 4:2:2, `Y0 U Y1 V`, 2 bytes a pixel.";
    YYUV = new(*b"YYUV"), "4:2:2, bytes Y, Y, U, V.";
    YVYU = new(*b"YVYU"), "4:2:2, bytes Y, V, Y, U.";
    UYVY = new(*b"UYVY"), "4:2:2, bytes U, Y, V, Y.";
    VYUY = new(*b"VYUY"), "4:2:2, bytes V, Y, U, Y.";
    Y41P = new(*b"Y41P"), "4:1:1, 8 pixels in 12 bytes.";
    YUV444 = new(*b"Y444"), "16 bits, 4 each.";
    YUV555 = new(*b"YUVO"), "16 bits, 5 each.";
    YUV565 = new(*b"YUVP"), "16 bits: Y 5, U 6, V 5.";
    YUV24 = new(*b"YUV3"), "Bytes Y, U, V.";
    YUV32 = new(*b"YUV4"), "Bytes of Y, U, V and one more.";
    AYUV32 = new(*b"AYUV"), "Bytes A, Y, U, V.";
    XYUV32 = new(*b"XYUV"), "Bytes X, Y, U, V.";
    VUYA32 = new(*b"VUYA"), "Bytes V, U, Y, A.";
    VUYX32 = new(*b"VUYX"), "Bytes V, U, Y, X.";
    YUVA32 = new(*b"YUVA"), "Bytes Y, U, V, A.";
    YUVX32 = new(*b"YUVX"), "Bytes Y, U, V, X.";
    M420 = new(*b"M420"), "4:2:0, two lines of Y, one of UV.";
    YUV48_12 = new(*b"Y312"), "48 bits: 12 of 16 each.";
    Y210 = new(*b"Y210"), "4:2:2, 10 of 16 bits.";
    Y212 = new(*b"Y212"), "4:2:2, 12 of 16 bits.";
    Y216 = new(*b"Y216"), "4:2:2, 16 bits.";
    HSV24 = new(*b"HSV3"), "Bytes H, S, V.";
    HSV32 = new(*b"HSV4"), "Bytes X, H, S, V.";

    NV12 = new(*b"NV12"), "4:2:0 in two parts, Y then interleaved UV, one memory plane.";
    NV21 = new(*b"NV21"), "4:2:0, Y, then VU.";
    NV15 = new(*b"NV15"), "4:2:0, Y, then UV, 10 bits without gaps (newer than Linux 6.12).";
    NV16 = new(*b"NV16"), "4:2:2, Y, then UV.";
    NV61 = new(*b"NV61"), "4:2:2, Y, then VU.";
    NV20 = new(*b"NV20"), "4:2:2, Y, then UV, 10 bits without gaps (newer than Linux 6.12).";
    NV24 = new(*b"NV24"), "4:4:4, Y, then UV.";
    NV42 = new(*b"NV42"), "4:4:4, Y, then VU.";
    P010 = new(*b"P010"), "4:2:0, Y, then UV, 10 of 16 bits.";
    P012 = new(*b"P012"), "4:2:0, Y, then UV, 12 of 16 bits.";
    NV12M = new(*b"NM12"), "4:2:0 in two memory planes.";
    NV21M = new(*b"NM21"), "4:2:0, planes Y, VU.";
    NV16M = new(*b"NM16"), "4:2:2, planes Y, UV.";
    NV61M = new(*b"NM61"), "4:2:2, planes Y, VU.";
    P012M = new(*b"PM12"), "4:2:0, planes Y, UV, 12 of 16 bits.";
    YUV410 = new(*b"YUV9"), "4:1:0, Y, then U, then V.";
    YVU410 = new(*b"YVU9"), "4:1:0, Y, then V, then U.";
    YUV411P = new(*b"411P"), "4:1:1, Y, then U, then V.";
    YUV420 = new(*b"YU12"), "4:2:0, Y, then U, then V.";
    YVU420 = new(*b"YV12"), "4:2:0, Y, then V, then U.";
    YUV422P = new(*b"422P"), "4:2:2, Y, then U, then V.";
    YUV420M = new(*b"YM12"), "4:2:0, planes Y, U, V.";
    YVU420M = new(*b"YM21"), "4:2:0, planes Y, V, U.";
    YUV422M = new(*b"YM16"), "4:2:2, planes Y, U, V.";
    YVU422M = new(*b"YM61"), "4:2:2, planes Y, V, U.";
    YUV444M = new(*b"YM24"), "4:4:4, planes Y, U, V.";
    YVU444M = new(*b"YM42"), "4:4:4, planes Y, V, U.";
    NV12_4L4 = new(*b"VT12"), "NV12 in tiles of 4x4.";
    NV12_16L16 = new(*b"HM12"), "NV12 in tiles of 16x16.";
    NV12_32L32 = new(*b"ST12"), "NV12 in tiles of 32x32.";
    P010_4L4 = new(*b"T010"), "P010 in tiles of 4x4.";
    NV12MT = new(*b"TM12"), "NV12M in tiles of 64x32, in the order of a Z.";
    NV12MT_16X16 = new(*b"VM12"), "NV12M in tiles of 16x16.";

    MJPEG = new(*b"MJPG"), "Motion JPEG: each frame a JPEG picture.";
    JPEG = new(*b"JPEG"), "JPEG.";
    DV = new(*b"dvsd"), "DV.";
    MPEG = new(*b"MPEG"), "An MPEG multiplex.";
    H264 = new(*b"H264"), "H.264 with start codes.";
    H264_NO_SC = new(*b"AVC1"), "H.264 without start codes.";
    H264_MVC = new(*b"M264"), "H.264 with several views.";
    H263 = new(*b"H263"), "H.263.";
    MPEG1 = new(*b"MPG1"), "MPEG-1.";
    MPEG2 = new(*b"MPG2"), "MPEG-2.";
    MPEG2_SLICE = new(*b"MG2S"), "MPEG-2, for stateless decoders.";
    MPEG4 = new(*b"MPG4"), "MPEG-4 part 2.";
    XVID = new(*b"XVID"), "Xvid.";
    VC1_ANNEX_G = new(*b"VC1G"), "VC-1, annex G.";
    VC1_ANNEX_L = new(*b"VC1L"), "VC-1, annex L.";
    VP8 = new(*b"VP80"), "VP8.";
    VP8_FRAME = new(*b"VP8F"), "VP8, for stateless decoders.";
    VP9 = new(*b"VP90"), "VP9.";
    VP9_FRAME = new(*b"VP9F"), "VP9, for stateless decoders.";
    HEVC = new(*b"HEVC"), "HEVC (H.265).";
    FWHT = new(*b"FWHT"), "The codec of vicodec.";
    FWHT_STATELESS = new(*b"SFWH"), "The codec of vicodec, stateless.";
    H264_SLICE = new(*b"S264"), "H.264, for stateless decoders.";
    HEVC_SLICE = new(*b"S265"), "HEVC, for stateless decoders.";
    AV1_FRAME = new(*b"AV1F"), "AV1, for stateless decoders.";
    SPK = new(*b"SPK0"), "Sorenson Spark.";
    RV30 = new(*b"RV30"), "RealVideo 8.";
    RV40 = new(*b"RV40"), "RealVideo 9 and 10.";

    SBGGR8 = new(*b"BA81"), "Bayer BGGR, 8-bit.";
    SGBRG8 = new(*b"GBRG"), "Bayer GBRG, 8-bit.";
    SGRBG8 = new(*b"GRBG"), "Bayer GRBG, 8-bit.";
    SRGGB8 = new(*b"RGGB"), "Bayer RGGB, 8-bit.";

    SBGGR10 = new(*b"BG10"), "Bayer BGGR, 10 of 16 bits.";
    SGBRG10 = new(*b"GB10"), "Bayer GBRG, 10 of 16 bits.";
    SGRBG10 = new(*b"BA10"), "Bayer GRBG, 10 of 16 bits.";
    SRGGB10 = new(*b"RG10"), "Bayer RGGB, 10 of 16 bits.";

    SBGGR10P = new(*b"pBAA"), "Bayer BGGR, 10-bit, 4 pixels in 5 bytes.";
    SGBRG10P = new(*b"pGAA"), "Bayer GBRG, 10-bit, 4 pixels in 5 bytes.";
    SGRBG10P = new(*b"pgAA"), "Bayer GRBG, 10-bit, 4 pixels in 5 bytes.";
    SRGGB10P = new(*b"pRAA"), "Bayer RGGB, 10-bit, 4 pixels in 5 bytes.";

    SBGGR10ALAW8 = new(*b"aBA8"), "Bayer BGGR, 10-bit, A-law in 8.";
    SGBRG10ALAW8 = new(*b"aGA8"), "Bayer GBRG, 10-bit, A-law in 8.";
    SGRBG10ALAW8 = new(*b"agA8"), "Bayer GRBG, 10-bit, A-law in 8.";
    SRGGB10ALAW8 = new(*b"aRA8"), "Bayer RGGB, 10-bit, A-law in 8.";

    SBGGR10DPCM8 = new(*b"bBA8"), "Bayer BGGR, 10-bit, DPCM in 8.";
    SGBRG10DPCM8 = new(*b"bGA8"), "Bayer GBRG, 10-bit, DPCM in 8.";
    SGRBG10DPCM8 = new(*b"BD10"), "Bayer GRBG, 10-bit, DPCM in 8.";
    SRGGB10DPCM8 = new(*b"bRA8"), "Bayer RGGB, 10-bit, DPCM in 8.";

    SBGGR12 = new(*b"BG12"), "Bayer BGGR, 12 of 16 bits.";
    SGBRG12 = new(*b"GB12"), "Bayer GBRG, 12 of 16 bits.";
    SGRBG12 = new(*b"BA12"), "Bayer GRBG, 12 of 16 bits.";
    SRGGB12 = new(*b"RG12"), "Bayer RGGB, 12 of 16 bits.";

    SBGGR12P = new(*b"pBCC"), "Bayer BGGR, 12-bit, 2 pixels in 3 bytes.";
    SGBRG12P = new(*b"pGCC"), "Bayer GBRG, 12-bit, 2 pixels in 3 bytes.";
    SGRBG12P = new(*b"pgCC"), "Bayer GRBG, 12-bit, 2 pixels in 3 bytes.";
    SRGGB12P = new(*b"pRCC"), "Bayer RGGB, 12-bit, 2 pixels in 3 bytes.";

    SBGGR14 = new(*b"BG14"), "Bayer BGGR, 14 of 16 bits.";
    SGBRG14 = new(*b"GB14"), "Bayer GBRG, 14 of 16 bits.";
    SGRBG14 = new(*b"GR14"), "Bayer GRBG, 14 of 16 bits.";
    SRGGB14 = new(*b"RG14"), "Bayer RGGB, 14 of 16 bits.";

    SBGGR14P = new(*b"pBEE"), "Bayer BGGR, 14-bit, 4 pixels in 7 bytes.";
    SGBRG14P = new(*b"pGEE"), "Bayer GBRG, 14-bit, 4 pixels in 7 bytes.";
    SGRBG14P = new(*b"pgEE"), "Bayer GRBG, 14-bit, 4 pixels in 7 bytes.";
    SRGGB14P = new(*b"pREE"), "Bayer RGGB, 14-bit, 4 pixels in 7 bytes.";

    SBGGR16 = new(*b"BYR2"), "Bayer BGGR, 16-bit.";
    SGBRG16 = new(*b"GB16"), "Bayer GBRG, 16-bit.";
    SGRBG16 = new(*b"GR16"), "Bayer GRBG, 16-bit.";
    SRGGB16 = new(*b"RG16"), "Bayer RGGB, 16-bit.";

    PISP_COMP1_RGGB = new(*b"PC1R"), "Bayer RGGB, compressed as on Raspberry Pi 5, mode 1.";
    PISP_COMP2_RGGB = new(*b"PC2R"), "Bayer RGGB, compressed as on Raspberry Pi 5, mode 2.";
    PISP_COMP1_GRBG = new(*b"PC1G"), "Bayer GRBG, compressed as on Raspberry Pi 5, mode 1.";
    PISP_COMP2_GRBG = new(*b"PC2G"), "Bayer GRBG, compressed as on Raspberry Pi 5, mode 2.";
    PISP_COMP1_GBRG = new(*b"PC1g"), "Bayer GBRG, compressed as on Raspberry Pi 5, mode 1.";
    PISP_COMP2_GBRG = new(*b"PC2g"), "Bayer GBRG, compressed as on Raspberry Pi 5, mode 2.";
    PISP_COMP1_BGGR = new(*b"PC1B"), "Bayer BGGR, compressed as on Raspberry Pi 5, mode 1.";
    PISP_COMP2_BGGR = new(*b"PC2B"), "Bayer BGGR, compressed as on Raspberry Pi 5, mode 2.";
    PISP_COMP1_MONO = new(*b"PC1M"), "Grey, compressed as on Raspberry Pi 5, mode 1.";
    PISP_COMP2_MONO = new(*b"PC2M"), "Grey, compressed as on Raspberry Pi 5, mode 2.";

    META_UVC = new(*b"UVCH"), "UVC payload headers (`uvc_meta_buf`).";
    META_D4XX = new(*b"D4XX"), "Intel D4xx cameras.";
    META_VIVID = new(*b"VIVD"), "The vivid driver.";
    META_VSP1_HGO = new(*b"VSPH"), "Renesas VSP1 histogram.";
    META_VSP1_HGT = new(*b"VSPT"), "Renesas VSP1 histogram, two-dimensional.";
    META_RK_ISP1_PARAMS = new(*b"RK1P"), "Rockchip ISP1, parameters.";
    META_RK_ISP1_STAT_3A = new(*b"RK1S"), "Rockchip ISP1, statistics.";
    META_RK_ISP1_EXT_PARAMS = new(*b"RK1E"), "Rockchip ISP1, parameters that can grow.";
    META_RPI_BE_CFG = new(*b"RPBC"), "Raspberry Pi 5, configuration of the back end.";
    META_RPI_FE_CFG = new(*b"RPFC"), "Raspberry Pi 5, configuration of the front end (newer than Linux 6.12).";
    META_RPI_FE_STATS = new(*b"RPFS"), "Raspberry Pi 5, statistics of the front end (newer than Linux 6.12).";
}
