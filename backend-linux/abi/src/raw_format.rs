//! Raw pixel formats of sensors, and formats of metadata and software radio.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/{pixfmt-bayer,meta-formats,sdr-formats}.rst`.

use crate::define::constants;
use crate::pixel_format::fourcc;

constants! { u32:
    V4L2_PIX_FMT_SBGGR8 = fourcc(*b"BA81"), "Bayer BGGR, 8-bit.";
    V4L2_PIX_FMT_SGBRG8 = fourcc(*b"GBRG"), "Bayer GBRG, 8-bit.";
    V4L2_PIX_FMT_SGRBG8 = fourcc(*b"GRBG"), "Bayer GRBG, 8-bit.";
    V4L2_PIX_FMT_SRGGB8 = fourcc(*b"RGGB"), "Bayer RGGB, 8-bit.";

    V4L2_PIX_FMT_SBGGR10 = fourcc(*b"BG10"), "Bayer BGGR, 10 of 16 bits.";
    V4L2_PIX_FMT_SGBRG10 = fourcc(*b"GB10"), "Bayer GBRG, 10 of 16 bits.";
    V4L2_PIX_FMT_SGRBG10 = fourcc(*b"BA10"), "Bayer GRBG, 10 of 16 bits.";
    V4L2_PIX_FMT_SRGGB10 = fourcc(*b"RG10"), "Bayer RGGB, 10 of 16 bits.";

    V4L2_PIX_FMT_SBGGR10P = fourcc(*b"pBAA"), "Bayer BGGR, 10-bit, 4 pixels in 5 bytes.";
    V4L2_PIX_FMT_SGBRG10P = fourcc(*b"pGAA"), "Bayer GBRG, 10-bit, 4 pixels in 5 bytes.";
    V4L2_PIX_FMT_SGRBG10P = fourcc(*b"pgAA"), "Bayer GRBG, 10-bit, 4 pixels in 5 bytes.";
    V4L2_PIX_FMT_SRGGB10P = fourcc(*b"pRAA"), "Bayer RGGB, 10-bit, 4 pixels in 5 bytes.";

    V4L2_PIX_FMT_SBGGR10ALAW8 = fourcc(*b"aBA8"), "Bayer BGGR, 10-bit, A-law in 8.";
    V4L2_PIX_FMT_SGBRG10ALAW8 = fourcc(*b"aGA8"), "Bayer GBRG, 10-bit, A-law in 8.";
    V4L2_PIX_FMT_SGRBG10ALAW8 = fourcc(*b"agA8"), "Bayer GRBG, 10-bit, A-law in 8.";
    V4L2_PIX_FMT_SRGGB10ALAW8 = fourcc(*b"aRA8"), "Bayer RGGB, 10-bit, A-law in 8.";

    V4L2_PIX_FMT_SBGGR10DPCM8 = fourcc(*b"bBA8"), "Bayer BGGR, 10-bit, DPCM in 8.";
    V4L2_PIX_FMT_SGBRG10DPCM8 = fourcc(*b"bGA8"), "Bayer GBRG, 10-bit, DPCM in 8.";
    V4L2_PIX_FMT_SGRBG10DPCM8 = fourcc(*b"BD10"), "Bayer GRBG, 10-bit, DPCM in 8.";
    V4L2_PIX_FMT_SRGGB10DPCM8 = fourcc(*b"bRA8"), "Bayer RGGB, 10-bit, DPCM in 8.";

    V4L2_PIX_FMT_SBGGR12 = fourcc(*b"BG12"), "Bayer BGGR, 12 of 16 bits.";
    V4L2_PIX_FMT_SGBRG12 = fourcc(*b"GB12"), "Bayer GBRG, 12 of 16 bits.";
    V4L2_PIX_FMT_SGRBG12 = fourcc(*b"BA12"), "Bayer GRBG, 12 of 16 bits.";
    V4L2_PIX_FMT_SRGGB12 = fourcc(*b"RG12"), "Bayer RGGB, 12 of 16 bits.";

    V4L2_PIX_FMT_SBGGR12P = fourcc(*b"pBCC"), "Bayer BGGR, 12-bit, 2 pixels in 3 bytes.";
    V4L2_PIX_FMT_SGBRG12P = fourcc(*b"pGCC"), "Bayer GBRG, 12-bit, 2 pixels in 3 bytes.";
    V4L2_PIX_FMT_SGRBG12P = fourcc(*b"pgCC"), "Bayer GRBG, 12-bit, 2 pixels in 3 bytes.";
    V4L2_PIX_FMT_SRGGB12P = fourcc(*b"pRCC"), "Bayer RGGB, 12-bit, 2 pixels in 3 bytes.";

    V4L2_PIX_FMT_SBGGR14 = fourcc(*b"BG14"), "Bayer BGGR, 14 of 16 bits.";
    V4L2_PIX_FMT_SGBRG14 = fourcc(*b"GB14"), "Bayer GBRG, 14 of 16 bits.";
    V4L2_PIX_FMT_SGRBG14 = fourcc(*b"GR14"), "Bayer GRBG, 14 of 16 bits.";
    V4L2_PIX_FMT_SRGGB14 = fourcc(*b"RG14"), "Bayer RGGB, 14 of 16 bits.";

    V4L2_PIX_FMT_SBGGR14P = fourcc(*b"pBEE"), "Bayer BGGR, 14-bit, 4 pixels in 7 bytes.";
    V4L2_PIX_FMT_SGBRG14P = fourcc(*b"pGEE"), "Bayer GBRG, 14-bit, 4 pixels in 7 bytes.";
    V4L2_PIX_FMT_SGRBG14P = fourcc(*b"pgEE"), "Bayer GRBG, 14-bit, 4 pixels in 7 bytes.";
    V4L2_PIX_FMT_SRGGB14P = fourcc(*b"pREE"), "Bayer RGGB, 14-bit, 4 pixels in 7 bytes.";

    V4L2_PIX_FMT_SBGGR16 = fourcc(*b"BYR2"), "Bayer BGGR, 16-bit.";
    V4L2_PIX_FMT_SGBRG16 = fourcc(*b"GB16"), "Bayer GBRG, 16-bit.";
    V4L2_PIX_FMT_SGRBG16 = fourcc(*b"GR16"), "Bayer GRBG, 16-bit.";
    V4L2_PIX_FMT_SRGGB16 = fourcc(*b"RG16"), "Bayer RGGB, 16-bit.";

    V4L2_PIX_FMT_PISP_COMP1_RGGB = fourcc(*b"PC1R"), "Bayer RGGB, compressed as on Raspberry Pi 5, mode 1.";
    V4L2_PIX_FMT_PISP_COMP2_RGGB = fourcc(*b"PC2R"), "Bayer RGGB, compressed as on Raspberry Pi 5, mode 2.";
    V4L2_PIX_FMT_PISP_COMP1_GRBG = fourcc(*b"PC1G"), "Bayer GRBG, compressed as on Raspberry Pi 5, mode 1.";
    V4L2_PIX_FMT_PISP_COMP2_GRBG = fourcc(*b"PC2G"), "Bayer GRBG, compressed as on Raspberry Pi 5, mode 2.";
    V4L2_PIX_FMT_PISP_COMP1_GBRG = fourcc(*b"PC1g"), "Bayer GBRG, compressed as on Raspberry Pi 5, mode 1.";
    V4L2_PIX_FMT_PISP_COMP2_GBRG = fourcc(*b"PC2g"), "Bayer GBRG, compressed as on Raspberry Pi 5, mode 2.";
    V4L2_PIX_FMT_PISP_COMP1_BGGR = fourcc(*b"PC1B"), "Bayer BGGR, compressed as on Raspberry Pi 5, mode 1.";
    V4L2_PIX_FMT_PISP_COMP2_BGGR = fourcc(*b"PC2B"), "Bayer BGGR, compressed as on Raspberry Pi 5, mode 2.";
    V4L2_PIX_FMT_PISP_COMP1_MONO = fourcc(*b"PC1M"), "Grey, compressed as on Raspberry Pi 5, mode 1.";
    V4L2_PIX_FMT_PISP_COMP2_MONO = fourcc(*b"PC2M"), "Grey, compressed as on Raspberry Pi 5, mode 2.";

    V4L2_META_FMT_UVC = fourcc(*b"UVCH"), "UVC payload headers (`uvc_meta_buf`).";
    V4L2_META_FMT_D4XX = fourcc(*b"D4XX"), "Intel D4xx cameras.";
    V4L2_META_FMT_VIVID = fourcc(*b"VIVD"), "The vivid driver.";
    V4L2_META_FMT_VSP1_HGO = fourcc(*b"VSPH"), "Renesas VSP1 histogram.";
    V4L2_META_FMT_VSP1_HGT = fourcc(*b"VSPT"), "Renesas VSP1 histogram, two-dimensional.";
    V4L2_META_FMT_RK_ISP1_PARAMS = fourcc(*b"RK1P"), "Rockchip ISP1, parameters.";
    V4L2_META_FMT_RK_ISP1_STAT_3A = fourcc(*b"RK1S"), "Rockchip ISP1, statistics.";
    V4L2_META_FMT_RK_ISP1_EXT_PARAMS = fourcc(*b"RK1E"), "Rockchip ISP1, parameters that can grow.";
    V4L2_META_FMT_RPI_BE_CFG = fourcc(*b"RPBC"), "Raspberry Pi 5, configuration of the back end.";
    V4L2_META_FMT_RPI_FE_CFG = fourcc(*b"RPFC"), "Raspberry Pi 5, configuration of the front end (newer than Linux 6.12).";
    V4L2_META_FMT_RPI_FE_STATS = fourcc(*b"RPFS"), "Raspberry Pi 5, statistics of the front end (newer than Linux 6.12).";

    V4L2_SDR_FMT_CU8 = fourcc(*b"CU08"), "Complex, unsigned 8 bits.";
    V4L2_SDR_FMT_CU16LE = fourcc(*b"CU16"), "Complex, unsigned 16 bits.";
    V4L2_SDR_FMT_CS8 = fourcc(*b"CS08"), "Complex, signed 8 bits.";
    V4L2_SDR_FMT_CS14LE = fourcc(*b"CS14"), "Complex, signed 14 bits.";
    V4L2_SDR_FMT_RU12LE = fourcc(*b"RU12"), "Real, unsigned 12 bits.";
}
