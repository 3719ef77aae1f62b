//! Every format of the vivid driver, in its order.

use vidbuf::FourCc;

use super::{HSV, LUMA, PixelFormat, RGB, YCBCR};

/// Formats with more memory planes than one, at the end of the list.
const MULTIPLANAR: usize = 10;

impl PixelFormat {
    /// What vivid's multi-planar nodes list (`VIDIOC_ENUM_FMT`), on Linux 6.1 to 6.12.
    pub const VIVID_MULTIPLANAR: &'static [Self] = &ALL;
    /// What vivid's single-planar nodes list: the same without the last ten.
    pub const VIVID: &'static [Self] = Self::VIVID_MULTIPLANAR.split_at(ALL.len() - MULTIPLANAR).0;
}

const fn planar(
    fourcc: FourCc,
    memory_planes: u8,
    colour_planes: u8,
    bits: [u8; 3],
    vertical: [u8; 3],
    description: &'static str,
) -> PixelFormat {
    PixelFormat { memory_planes, colour_planes, bits, vertical, ..PixelFormat::packed(fourcc, 8, description, YCBCR) }
}

const ALL: [PixelFormat; 93] = [
    PixelFormat::packed(FourCc::YUYV, 16, "YUYV 4:2:2", YCBCR).offsets([128, 0, 0]),
    PixelFormat::packed(FourCc::UYVY, 16, "UYVY 4:2:2", YCBCR),
    PixelFormat::packed(FourCc::YVYU, 16, "YVYU 4:2:2", YCBCR),
    PixelFormat::packed(FourCc::VYUY, 16, "VYUY 4:2:2", YCBCR),
    planar(FourCc::YUV422P, 1, 3, [8, 4, 4], [1, 1, 1], "Planar YUV 4:2:2"),
    planar(FourCc::YUV420, 1, 3, [8, 4, 4], [1, 2, 2], "Planar YUV 4:2:0"),
    planar(FourCc::YVU420, 1, 3, [8, 4, 4], [1, 2, 2], "Planar YVU 4:2:0"),
    planar(FourCc::NV12, 1, 2, [8, 8, 0], [1, 2, 1], "Y/UV 4:2:0"),
    planar(FourCc::NV21, 1, 2, [8, 8, 0], [1, 2, 1], "Y/VU 4:2:0"),
    planar(FourCc::NV16, 1, 2, [8, 8, 0], [1, 1, 1], "Y/UV 4:2:2"),
    planar(FourCc::NV61, 1, 2, [8, 8, 0], [1, 1, 1], "Y/VU 4:2:2"),
    planar(FourCc::NV24, 1, 2, [8, 16, 0], [1, 1, 1], "Y/UV 4:4:4"),
    planar(FourCc::NV42, 1, 2, [8, 16, 0], [1, 1, 1], "Y/VU 4:4:4"),
    PixelFormat::packed(FourCc::YUV555, 16, "16-bit A/XYUV 1-5-5-5", RGB),
    PixelFormat::packed(FourCc::YUV565, 16, "16-bit YUV 5-6-5", RGB),
    PixelFormat::packed(FourCc::YUV444, 16, "16-bit A/XYUV 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::YUV32, 32, "32-bit A/XYUV 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::AYUV32, 32, "32-bit AYUV 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::XYUV32, 32, "32-bit XYUV 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::VUYA32, 32, "32-bit VUYA 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::VUYX32, 32, "32-bit VUYX 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::YUVA32, 32, "32-bit YUVA 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::YUVX32, 32, "32-bit YUVX 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::GREY, 8, "8-bit Greyscale", LUMA),
    PixelFormat::packed(FourCc::Y10, 16, "10-bit Greyscale", LUMA),
    PixelFormat::packed(FourCc::Y12, 16, "12-bit Greyscale", LUMA),
    PixelFormat::packed(FourCc::Y16, 16, "16-bit Greyscale", LUMA),
    PixelFormat::packed(FourCc::Y16_BE, 16, "16-bit Greyscale BE", LUMA),
    PixelFormat::packed(FourCc::RGB332, 8, "8-bit RGB 3-3-2", RGB),
    PixelFormat::packed(FourCc::RGB565, 16, "16-bit RGB 5-6-5", RGB),
    PixelFormat::packed(FourCc::RGB565X, 16, "16-bit RGB 5-6-5 BE", RGB),
    PixelFormat::packed(FourCc::RGB444, 16, "16-bit A/XRGB 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::XRGB444, 16, "16-bit XRGB 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::ARGB444, 16, "16-bit ARGB 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::RGBX444, 16, "16-bit RGBX 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::RGBA444, 16, "16-bit RGBA 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::XBGR444, 16, "16-bit XBGR 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::ABGR444, 16, "16-bit ABGR 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::BGRX444, 16, "16-bit BGRX 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::BGRA444, 16, "16-bit BGRA 4-4-4-4", RGB),
    PixelFormat::packed(FourCc::RGB555, 16, "16-bit A/XRGB 1-5-5-5", RGB),
    PixelFormat::packed(FourCc::XRGB555, 16, "16-bit XRGB 1-5-5-5", RGB),
    PixelFormat::packed(FourCc::ARGB555, 16, "16-bit ARGB 1-5-5-5", RGB),
    PixelFormat::packed(FourCc::RGBX555, 16, "16-bit RGBX 5-5-5-1", RGB),
    PixelFormat::packed(FourCc::RGBA555, 16, "16-bit RGBA 5-5-5-1", RGB),
    PixelFormat::packed(FourCc::XBGR555, 16, "16-bit XBGR 1-5-5-5", RGB),
    PixelFormat::packed(FourCc::ABGR555, 16, "16-bit ABGR 1-5-5-5", RGB),
    PixelFormat::packed(FourCc::BGRX555, 16, "16-bit BGRX 5-5-5-1", RGB),
    PixelFormat::packed(FourCc::BGRA555, 16, "16-bit BGRA 5-5-5-1", RGB),
    PixelFormat::packed(FourCc::RGB555X, 16, "16-bit A/XRGB 1-5-5-5 BE", RGB),
    PixelFormat::packed(FourCc::XRGB555X, 16, "16-bit XRGB 1-5-5-5 BE", RGB),
    PixelFormat::packed(FourCc::ARGB555X, 16, "16-bit ARGB 1-5-5-5 BE", RGB),
    PixelFormat::packed(FourCc::RGB24, 24, "24-bit RGB 8-8-8", RGB),
    PixelFormat::packed(FourCc::BGR24, 24, "24-bit BGR 8-8-8", RGB),
    PixelFormat::packed(FourCc::BGR666, 32, "18-bit BGRX 6-6-6-14", RGB),
    PixelFormat::packed(FourCc::RGB32, 32, "32-bit A/XRGB 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::BGR32, 32, "32-bit BGRA/X 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::XRGB32, 32, "32-bit XRGB 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::XBGR32, 32, "32-bit BGRX 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::ARGB32, 32, "32-bit ARGB 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::ABGR32, 32, "32-bit BGRA 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::RGBX32, 32, "32-bit RGBX 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::BGRX32, 32, "32-bit XBGR 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::RGBA32, 32, "32-bit RGBA 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::BGRA32, 32, "32-bit ABGR 8-8-8-8", RGB),
    PixelFormat::packed(FourCc::SBGGR8, 8, "8-bit Bayer BGBG/GRGR", RGB),
    PixelFormat::packed(FourCc::SGBRG8, 8, "8-bit Bayer GBGB/RGRG", RGB),
    PixelFormat::packed(FourCc::SGRBG8, 8, "8-bit Bayer GRGR/BGBG", RGB),
    PixelFormat::packed(FourCc::SRGGB8, 8, "8-bit Bayer RGRG/GBGB", RGB),
    PixelFormat::packed(FourCc::SBGGR10, 16, "10-bit Bayer BGBG/GRGR", RGB),
    PixelFormat::packed(FourCc::SGBRG10, 16, "10-bit Bayer GBGB/RGRG", RGB),
    PixelFormat::packed(FourCc::SGRBG10, 16, "10-bit Bayer GRGR/BGBG", RGB),
    PixelFormat::packed(FourCc::SRGGB10, 16, "10-bit Bayer RGRG/GBGB", RGB),
    PixelFormat::packed(FourCc::SBGGR12, 16, "12-bit Bayer BGBG/GRGR", RGB),
    PixelFormat::packed(FourCc::SGBRG12, 16, "12-bit Bayer GBGB/RGRG", RGB),
    PixelFormat::packed(FourCc::SGRBG12, 16, "12-bit Bayer GRGR/BGBG", RGB),
    PixelFormat::packed(FourCc::SRGGB12, 16, "12-bit Bayer RGRG/GBGB", RGB),
    PixelFormat::packed(FourCc::SBGGR16, 16, "16-bit Bayer BGBG/GRGR", RGB),
    PixelFormat::packed(FourCc::SGBRG16, 16, "16-bit Bayer GBGB/RGRG", RGB),
    PixelFormat::packed(FourCc::SGRBG16, 16, "16-bit Bayer GRGR/BGBG", RGB),
    PixelFormat::packed(FourCc::SRGGB16, 16, "16-bit Bayer RGRG/GBGB", RGB),
    PixelFormat::packed(FourCc::HSV24, 24, "24-bit HSV 8-8-8", HSV),
    PixelFormat::packed(FourCc::HSV32, 32, "32-bit XHSV 8-8-8-8", HSV),
    planar(FourCc::NV16M, 2, 2, [8, 8, 0], [1, 1, 1], "Y/UV 4:2:2 (N-C)").offsets([128, 0, 0]),
    planar(FourCc::NV61M, 2, 2, [8, 8, 0], [1, 1, 1], "Y/VU 4:2:2 (N-C)").offsets([0, 128, 0]),
    planar(FourCc::YUV420M, 3, 3, [8, 4, 4], [1, 2, 2], "Planar YUV 4:2:0 (N-C)"),
    planar(FourCc::YVU420M, 3, 3, [8, 4, 4], [1, 2, 2], "Planar YVU 4:2:0 (N-C)"),
    planar(FourCc::NV12M, 2, 2, [8, 8, 0], [1, 2, 1], "Y/UV 4:2:0 (N-C)"),
    planar(FourCc::NV21M, 2, 2, [8, 8, 0], [1, 2, 1], "Y/VU 4:2:0 (N-C)"),
    planar(FourCc::YUV422M, 3, 3, [8, 4, 4], [1, 1, 1], "Planar YUV 4:2:2 (N-C)"),
    planar(FourCc::YVU422M, 3, 3, [8, 4, 4], [1, 1, 1], "Planar YVU 4:2:2 (N-C)"),
    planar(FourCc::YUV444M, 3, 3, [8, 8, 8], [1, 1, 1], "Planar YUV 4:4:4 (N-C)"),
    planar(FourCc::YVU444M, 3, 3, [8, 8, 8], [1, 1, 1], "Planar YVU 4:4:4 (N-C)"),
];

#[cfg(test)]
mod tests {
    use super::PixelFormat;

    #[test]
    fn formats_with_names_are_the_drivers() {
        let listed = PixelFormat::VIVID_MULTIPLANAR;
        for known in [
            PixelFormat::YUYV,
            PixelFormat::GREY,
            PixelFormat::RGB24,
            PixelFormat::NV12,
            PixelFormat::NV12M,
            PixelFormat::NV16M,
            PixelFormat::YUV420M,
        ] {
            assert!(listed.contains(&known), "{known:?}");
        }
        assert!(PixelFormat::VIVID.iter().all(|format| format.memory_planes == 1));
        for (index, format) in listed.iter().enumerate() {
            assert!(listed[..index].iter().all(|earlier| earlier.fourcc != format.fourcc), "{format:?} twice");
        }
    }
}
