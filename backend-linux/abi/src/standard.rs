//! Analogue video standards: bits of G_STD, S_STD, QUERYSTD and ENUMSTD.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/vidioc-enumstd.rst`.

use crate::define::constants;

constants! { u64:
    V4L2_STD_UNKNOWN = 0, "None.";
    V4L2_STD_PAL_B = 0x1, "PAL B.";
    V4L2_STD_PAL_B1 = 0x2, "PAL B1.";
    V4L2_STD_PAL_G = 0x4, "PAL G.";
    V4L2_STD_PAL_H = 0x8, "PAL H.";
    V4L2_STD_PAL_I = 0x10, "PAL I.";
    V4L2_STD_PAL_D = 0x20, "PAL D.";
    V4L2_STD_PAL_D1 = 0x40, "PAL D1.";
    V4L2_STD_PAL_K = 0x80, "PAL K.";
    V4L2_STD_PAL_M = 0x100, "PAL M.";
    V4L2_STD_PAL_N = 0x200, "PAL N.";
    V4L2_STD_PAL_Nc = 0x400, "PAL N of Argentina.";
    V4L2_STD_PAL_60 = 0x800, "PAL with 525 lines.";
    V4L2_STD_NTSC_M = 0x1000, "NTSC M, BTSC audio.";
    V4L2_STD_NTSC_M_JP = 0x2000, "NTSC M, audio of Japan.";
    V4L2_STD_NTSC_443 = 0x4000, "NTSC with the colour carrier of PAL.";
    V4L2_STD_NTSC_M_KR = 0x8000, "NTSC M, audio of Korea.";
    V4L2_STD_SECAM_B = 0x1_0000, "SECAM B.";
    V4L2_STD_SECAM_D = 0x2_0000, "SECAM D.";
    V4L2_STD_SECAM_G = 0x4_0000, "SECAM G.";
    V4L2_STD_SECAM_H = 0x8_0000, "SECAM H.";
    V4L2_STD_SECAM_K = 0x10_0000, "SECAM K.";
    V4L2_STD_SECAM_K1 = 0x20_0000, "SECAM K1.";
    V4L2_STD_SECAM_L = 0x40_0000, "SECAM L.";
    V4L2_STD_SECAM_LC = 0x80_0000, "SECAM L'.";
    V4L2_STD_ATSC_8_VSB = 0x100_0000, "ATSC 8-VSB.";
    V4L2_STD_ATSC_16_VSB = 0x200_0000, "ATSC 16-VSB.";
    V4L2_STD_NTSC = 0xb000, "All NTSC but 443.";
    V4L2_STD_SECAM_DK = 0x32_0000, "SECAM D, K, K1.";
    V4L2_STD_SECAM = 0xff_0000, "All SECAM.";
    V4L2_STD_PAL_BG = 0x7, "PAL B, B1, G.";
    V4L2_STD_PAL_DK = 0xe0, "PAL D, D1, K.";
    V4L2_STD_PAL = 0xff, "All PAL with 625 lines but N.";
    V4L2_STD_MN = 0xb700, "PAL and NTSC, M and N.";
    V4L2_STD_525_60 = 0xf900, "525 lines, 29.97 frames a second.";
    V4L2_STD_625_50 = 0xff_06ff, "625 lines, 25 frames a second.";
    V4L2_STD_ATSC = 0x300_0000, "Digital.";
    V4L2_STD_ALL = 0xff_ffff, "All analogue ones.";
}
