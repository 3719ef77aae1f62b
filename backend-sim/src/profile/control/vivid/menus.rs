//! Items of vivid's menus.

pub const MENU_ITEMS: &[&str] = &["", "Menu Item 1", "", "Menu Item 3", "Menu Item 4"];

pub const RX_RGB_QUANTIZATION_RANGE: &[&str] = &["Automatic", "RGB Limited Range (16-235)", "RGB Full Range (0-255)"];

pub const TEST_PATTERN: &[&str] = &[
    "75% Colorbar",
    "100% Colorbar",
    "CSC Colorbar",
    "Horizontal 100% Colorbar",
    "100% Color Squares",
    "100% Black",
    "100% White",
    "100% Red",
    "100% Green",
    "100% Blue",
    "16x16 Checkers",
    "2x2 Checkers",
    "1x1 Checkers",
    "2x2 Red/Green Checkers",
    "1x1 Red/Green Checkers",
    "Alternating Hor Lines",
    "Alternating Vert Lines",
    "One Pixel Wide Cross",
    "Two Pixels Wide Cross",
    "Ten Pixels Wide Cross",
    "Gray Ramp",
    "Noise",
];

pub const OSD_TEXT_MODE: &[&str] = &["All", "Counters Only", "None"];

pub const HORIZONTAL_MOVEMENT: &[&str] = &[
    "Move Left Fast",
    "Move Left",
    "Move Left Slow",
    "No Movement",
    "Move Right Slow",
    "Move Right",
    "Move Right Fast",
];

pub const VERTICAL_MOVEMENT: &[&str] =
    &["Move Up Fast", "Move Up", "Move Up Slow", "No Movement", "Move Down Slow", "Move Down", "Move Down Fast"];

pub const STANDARD_ASPECT_RATIO: &[&str] = &["", "4x3", "14x9", "16x9", "16x9 Anamorphic"];

pub const DV_TIMINGS_ASPECT_RATIO: &[&str] = &["Source Width x Height", "4x3", "14x9", "16x9"];

pub const TIMESTAMP_SOURCE: &[&str] = &["End of Frame", "Start of Exposure"];

pub const COLORSPACE: &[&str] =
    &["SMPTE 170M", "Rec. 709", "sRGB", "opRGB", "BT.2020", "DCI-P3", "SMPTE 240M", "470 System M", "470 System BG"];

pub const TRANSFER_FUNCTION: &[&str] =
    &["Default", "Rec. 709", "sRGB", "opRGB", "SMPTE 240M", "None", "DCI-P3", "SMPTE 2084"];

pub const Y_CBCR_ENCODING: &[&str] = &[
    "Default",
    "ITU-R 601",
    "Rec. 709",
    "xvYCC 601",
    "xvYCC 709",
    "",
    "BT.2020",
    "BT.2020 Constant Luminance",
    "SMPTE 240M",
];

pub const QUANTIZATION: &[&str] = &["Default", "Full Range", "Limited Range"];

pub const WRAP_TIMESTAMP: &[&str] = &["None", "64 Bit", "32 Bit"];

pub const HSV_ENCODING: &[&str] = &["Hue 0-179", "Hue 0-256"];

pub const STANDARD_SIGNAL_MODE: &[&str] =
    &["Current Standard", "No Signal", "No Lock", "", "Selected Standard", "Cycle Through All Standards"];

pub const STANDARD: &[&str] = &[
    "NTSC-M",
    "NTSC-M-JP",
    "NTSC-M-KR",
    "NTSC-443",
    "PAL-BGH",
    "PAL-I",
    "PAL-DK",
    "PAL-M",
    "PAL-N",
    "PAL-Nc",
    "PAL-60",
    "SECAM-BGH",
    "SECAM-DK",
    "SECAM-L",
    "SECAM-Lc",
];

pub const DV_TIMINGS_SIGNAL_MODE: &[&str] = &[
    "Current DV Timings",
    "No Signal",
    "No Lock",
    "Out of Range",
    "Selected DV Timings",
    "Cycle Through All DV Timings",
];

pub const DV_TIMINGS: &[&str] = &[
    "640x480p59",
    "720x480i29",
    "720x480p59",
    "720x576i25",
    "720x576p50",
    "1280x720p24",
    "1280x720p25",
    "1280x720p30",
    "1280x720p50",
    "1280x720p60",
    "1920x1080p24",
    "1920x1080p25",
    "1920x1080p30",
    "1920x1080i25",
    "1920x1080p50",
    "1920x1080i30",
    "1920x1080p60",
    "640x350p85",
    "640x400p85",
    "720x400p85",
    "640x480p72",
    "640x480p75",
    "640x480p85",
    "800x600p56",
    "800x600p60",
    "800x600p72",
    "800x600p75",
    "800x600p85",
    "800x600p119",
    "848x480p60",
    "1024x768i43",
    "1024x768p60",
    "1024x768p70",
    "1024x768p75",
    "1024x768p84",
    "1024x768p119",
    "1152x864p75",
    "1280x768p59",
    "1280x768p59",
    "1280x768p74",
    "1280x768p84",
    "1280x768p119",
    "1280x800p59",
    "1280x800p59",
    "1280x800p74",
    "1280x800p84",
    "1280x800p119",
    "1280x960p60",
    "1280x960p85",
    "1280x960p119",
    "1280x1024p60",
    "1280x1024p75",
    "1280x1024p85",
    "1280x1024p119",
    "1360x768p60",
    "1360x768p119",
    "1366x768p59",
    "1366x768p60",
    "1400x1050p59",
    "1400x1050p59",
    "1400x1050p74",
    "1400x1050p84",
    "1400x1050p119",
    "1440x900p59",
    "1440x900p59",
    "1440x900p74",
    "1440x900p84",
    "1440x900p119",
    "1600x900p60",
    "1600x1200p60",
    "1600x1200p65",
    "1600x1200p70",
    "1600x1200p75",
    "1600x1200p85",
    "1600x1200p119",
    "1680x1050p59",
    "1680x1050p59",
    "1680x1050p74",
    "1680x1050p84",
    "1680x1050p119",
    "1792x1344p59",
    "1792x1344p74",
    "1792x1344p119",
    "1856x1392p59",
    "1856x1392p75",
    "1856x1392p119",
    "1920x1200p59",
    "1920x1200p59",
    "1920x1200p74",
    "1920x1200p84",
    "1920x1200p119",
    "1920x1440p60",
    "1920x1440p75",
    "1920x1440p119",
    "2048x1152p60",
    "2560x1600p59",
    "2560x1600p59",
    "2560x1600p74",
    "2560x1600p84",
    "2560x1600p119",
    "3840x2160p24",
    "3840x2160p25",
    "3840x2160p30",
    "3840x2160p50",
    "3840x2160p60",
    "4096x2160p24",
    "4096x2160p25",
    "4096x2160p30",
    "4096x2160p50",
    "4096x2160p59",
    "4096x2160p60",
];

pub const HDMI_000_0_IS_CONNECTED_TO: &[&str] =
    &["Test Pattern Generator", "None", "Output HDMI 000-0", "Output HDMI 001-0"];

pub const S_VIDEO_000_0_IS_CONNECTED_TO: &[&str] =
    &["Test Pattern Generator", "None", "Output S-Video 000-0", "Output S-Video 001-0"];
