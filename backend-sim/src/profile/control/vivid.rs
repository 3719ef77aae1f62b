//! Controls of vivid, as the driver reports them on Linux 6.1 and 6.12. Its "U8 Pixel Array" is not among them: its size
//! follows the picture's, without bound.

use vidbuf::node::{ControlFlags, ControlId, ControlType};

use super::{Otherwise, SimControl, SimMenu};
use crate::profile::Kernel;

const V6_12: u32 = Kernel::V6_12.version;

/// By number.
pub const VIVID: &[SimControl] = &[
    SimControl::title(ControlId::BRIGHTNESS, "User Controls"),
    SimControl::integer(ControlId::BRIGHTNESS, "Brightness", (0, 255), 1, 128).with_flags(ControlFlags::SLIDER),
    SimControl::integer(ControlId::CONTRAST, "Contrast", (0, 255), 1, 128).with_flags(ControlFlags::SLIDER),
    SimControl::integer(ControlId::SATURATION, "Saturation", (0, 255), 1, 128).with_flags(ControlFlags::SLIDER),
    SimControl::integer(ControlId::HUE, "Hue", (-128, 128), 1, 0).with_flags(ControlFlags::SLIDER),
    SimControl::integer(ControlId::AUDIO_VOLUME, "Volume", (0, 255), 1, 200).with_flags(ControlFlags::SLIDER),
    SimControl::boolean(ControlId::AUDIO_MUTE, "Mute", false),
    SimControl::boolean(ControlId::AUTOGAIN, "Gain, Automatic", true).with_flags(ControlFlags::UPDATE),
    SimControl::integer(ControlId::GAIN, "Gain", (0, 255), 1, 100).follows(ControlId::AUTOGAIN, 0, Otherwise::Volatile),
    SimControl::boolean(ControlId::HFLIP, "Horizontal Flip", false),
    SimControl::boolean(ControlId::VFLIP, "Vertical Flip", false),
    SimControl::integer(ControlId::ALPHA_COMPONENT, "Alpha Component", (0, 255), 1, 0),
    SimControl::button(ControlId(0x0098_f900), "Button"),
    SimControl::boolean(ControlId(0x0098_f901), "Boolean", true),
    SimControl::integer(ControlId(0x0098_f902), "Integer 32 Bits", (i32::MIN as i64, i32::MAX as i64), 1, 0),
    of(ControlType::INTEGER64, 0x0098_f903, "Integer 64 Bits", (i64::MIN, i64::MAX), 0),
    SimControl::menu(ControlId(0x0098_f904), "Menu", MENU_ITEMS, 3).between((1, 4)),
    STRING,
    SimControl::bitmask(ControlId(0x0098_f906), "Bitmask", 0x8040_2010, 0x8000_2000),
    INTEGER_MENU,
    of(ControlType::U32, 0x0098_f908, "U32 1 Element Array", (16, 131_072), 24).array(&[1]),
    of(ControlType::U16, 0x0098_f909, "U16 8x16 Matrix", (16, 8192), 24).array(&[8, 16]),
    of(ControlType::U8, 0x0098_f90a, "U8 2x3x4x5 Array", (16, 32), 24).array(&[2, 3, 4, 5]),
    AREA,
    SimControl::integer(ControlId(0x0098_f90c), "Read-Only Integer 32 Bits", (0, 255), 1, 0)
        .with_flags(ControlFlags::READ_ONLY),
    of(ControlType::U32, 0x0098_f90d, "U32 Dynamic Array", (10, 90), 50)
        .array(&[100])
        .with_flags(ControlFlags::DYNAMIC_ARRAY),
    SimControl::integer(ControlId(0x0098_f90f), "S32 2 Element Array", (-10, 10), 1, 2)
        .array(&[2])
        .on_kernels(V6_12, u32::MAX),
    of(ControlType::INTEGER64, 0x0098_f910, "S64 5 Element Array", (-10, 10), 4)
        .array(&[5])
        .on_kernels(V6_12, u32::MAX),
    SimControl::title(ControlId::DV_RX_POWER_PRESENT, "Digital Video Controls"),
    SimControl::bitmask(ControlId::DV_RX_POWER_PRESENT, "Power Present", 0x1, 0x1).with_flags(ControlFlags::READ_ONLY),
    SimControl::menu(ControlId::DV_RX_RGB_RANGE, "Rx RGB Quantization Range", RX_RGB_QUANTIZATION_RANGE, 0),
    SimControl::title(ControlId(0x00f0_0001), "Vivid Controls"),
    SimControl::menu(ControlId(0x00f0_f000), "Test Pattern", TEST_PATTERN, 0),
    SimControl::menu(ControlId(0x00f0_f001), "OSD Text Mode", OSD_TEXT_MODE, 0),
    SimControl::menu(ControlId(0x00f0_f002), "Horizontal Movement", HORIZONTAL_MOVEMENT, 3),
    SimControl::menu(ControlId(0x00f0_f003), "Vertical Movement", VERTICAL_MOVEMENT, 3),
    SimControl::boolean(ControlId(0x00f0_f004), "Show Border", false),
    SimControl::boolean(ControlId(0x00f0_f005), "Show Square", false),
    SimControl::boolean(ControlId(0x00f0_f006), "Insert SAV Code in Image", false),
    SimControl::boolean(ControlId(0x00f0_f007), "Insert EAV Code in Image", false),
    SimControl::boolean(ControlId(0x00f0_f009), "Insert Video Guard Band", false),
    SimControl::boolean(ControlId(0x00f0_f014), "Sensor Flipped Horizontally", false),
    SimControl::boolean(ControlId(0x00f0_f015), "Sensor Flipped Vertically", false),
    SimControl::menu(ControlId(0x00f0_f016), "Standard Aspect Ratio", STANDARD_ASPECT_RATIO, 1).between((1, 4)),
    SimControl::menu(ControlId(0x00f0_f017), "DV Timings Aspect Ratio", DV_TIMINGS_ASPECT_RATIO, 0),
    SimControl::menu(ControlId(0x00f0_f018), "Timestamp Source", TIMESTAMP_SOURCE, 0),
    SimControl::menu(ControlId(0x00f0_f019), "Colorspace", COLORSPACE, 2),
    SimControl::menu(ControlId(0x00f0_f01a), "Transfer Function", TRANSFER_FUNCTION, 0),
    SimControl::menu(ControlId(0x00f0_f01b), "Y'CbCr Encoding", Y_CBCR_ENCODING, 0),
    SimControl::menu(ControlId(0x00f0_f01c), "Quantization", QUANTIZATION, 0),
    SimControl::boolean(ControlId(0x00f0_f01d), "Limited RGB Range (16-235)", false),
    SimControl::boolean(ControlId(0x00f0_f01e), "Apply Alpha To Red Only", false),
    SimControl::boolean(ControlId(0x00f0_f01f), "Enable Capture Cropping", true).grabbed_while_streaming(),
    SimControl::boolean(ControlId(0x00f0_f020), "Enable Capture Composing", true).grabbed_while_streaming(),
    SimControl::boolean(ControlId(0x00f0_f021), "Enable Capture Scaler", true).grabbed_while_streaming(),
    SimControl::boolean(ControlId(0x00f0_f025), "Loop Video", false).on_kernels(0, V6_12),
    SimControl::boolean(ControlId(0x00f0_f026), "Wrap Sequence Number", false),
    SimControl::menu(ControlId(0x00f0_f027), "Wrap Timestamp", WRAP_TIMESTAMP, 0),
    SimControl::integer(ControlId(0x00f0_f028), "Maximum EDID Blocks", (1, 256), 1, 2),
    SimControl::integer(ControlId(0x00f0_f029), "Fill Percentage of Frame", (0, 100), 1, 100),
    SimControl::boolean(ControlId(0x00f0_f02a), "Reduced Framerate", false),
    SimControl::menu(ControlId(0x00f0_f02b), "HSV Encoding", HSV_ENCODING, 0),
    SimControl::menu(ControlId(0x00f0_f03c), "Standard Signal Mode", STANDARD_SIGNAL_MODE, 0),
    SimControl::menu(ControlId(0x00f0_f03d), "Standard", STANDARD, 0),
    SimControl::menu(ControlId(0x00f0_f03e), "DV Timings Signal Mode", DV_TIMINGS_SIGNAL_MODE, 0)
        .with_flags(ControlFlags::INACTIVE),
    SimControl::menu(ControlId(0x00f0_f03f), "DV Timings", DV_TIMINGS, 0).with_flags(ControlFlags::INACTIVE),
    SimControl::integer(ControlId(0x00f0_f040), "Percentage of Dropped Buffers", (0, 100), 1, 0),
    SimControl::button(ControlId(0x00f0_f041), "Disconnect"),
    SimControl::button(ControlId(0x00f0_f042), "Inject V4L2_BUF_FLAG_ERROR"),
    SimControl::button(ControlId(0x00f0_f043), "Inject VIDIOC_REQBUFS Error"),
    SimControl::button(ControlId(0x00f0_f044), "Inject VIDIOC_QBUF Error"),
    SimControl::button(ControlId(0x00f0_f045), "Inject VIDIOC_STREAMON Error"),
    SimControl::button(ControlId(0x00f0_f046), "Inject Fatal Streaming Error"),
    SimControl::button(ControlId(0x00f0_f048), "Inject req_validate() Error"),
    SimControl::menu(ControlId(0x00f0_f071), "HDMI 000-0 Is Connected To", HDMI_000_0_IS_CONNECTED_TO, 0)
        .on_kernels(V6_12, u32::MAX),
    SimControl::menu(ControlId(0x00f0_f080), "S-Video 000-0 Is Connected To", S_VIDEO_000_0_IS_CONNECTED_TO, 0)
        .on_kernels(V6_12, u32::MAX),
];

/// Of vivid's output node: those that both have, and its own.
pub const VIVID_OUTPUT: &[SimControl] = &[
    of_capture(0x0098_0001),
    of_capture(0x0098_0905),
    of_capture(0x0098_0909),
    of_capture(0x0098_f900),
    of_capture(0x0098_f901),
    of_capture(0x0098_f902),
    of_capture(0x0098_f903),
    of_capture(0x0098_f904),
    of_capture(0x0098_f905),
    of_capture(0x0098_f906),
    of_capture(0x0098_f907),
    of_capture(0x0098_f908),
    of_capture(0x0098_f909),
    of_capture(0x0098_f90a),
    of_capture(0x0098_f90b),
    of_capture(0x0098_f90c),
    of_capture(0x0098_f90d),
    of_capture(0x0098_f90f),
    of_capture(0x0098_f910),
    SimControl::title(ControlId(0x00a0_0901), "Digital Video Controls"),
    present(0x00a0_0901, "Hotplug Present", 1).on_kernels(0, V6_12),
    present(0x00a0_0901, "Hotplug Present", 0).on_kernels(V6_12, u32::MAX),
    present(0x00a0_0902, "RxSense Present", 1).on_kernels(0, V6_12),
    present(0x00a0_0902, "RxSense Present", 0).on_kernels(V6_12, u32::MAX),
    present(0x00a0_0903, "EDID Present", 1).on_kernels(0, V6_12),
    present(0x00a0_0903, "EDID Present", 0).on_kernels(V6_12, u32::MAX),
    SimControl::menu(ControlId(0x00a0_0904), "Transmit Mode", &["DVI-D", "HDMI"], 1).grabbed_while_streaming(),
    SimControl::menu(ControlId(0x00a0_0905), "Tx RGB Quantization Range", RX_RGB_QUANTIZATION_RANGE, 0)
        .grabbed_while_streaming(),
    of_capture(0x00f0_0001),
    SimControl::boolean(ControlId(0x00f0_f022), "Enable Output Cropping", true).grabbed_while_streaming(),
    SimControl::boolean(ControlId(0x00f0_f023), "Enable Output Composing", true).grabbed_while_streaming(),
    SimControl::boolean(ControlId(0x00f0_f024), "Enable Output Scaler", true).grabbed_while_streaming(),
    of_capture(0x00f0_f026),
    of_capture(0x00f0_f027),
    SimControl::boolean(ControlId(0x00f0_f02c), "Display Present", true).on_kernels(0, V6_12),
    of_capture(0x00f0_f040),
    of_capture(0x00f0_f041),
    of_capture(0x00f0_f042),
    of_capture(0x00f0_f043),
    of_capture(0x00f0_f044),
    of_capture(0x00f0_f045),
    of_capture(0x00f0_f046),
    of_capture(0x00f0_f048),
];

/// What a sink shows: one bit.
const fn present(id: u32, name: &'static str, default: u32) -> SimControl {
    SimControl::bitmask(ControlId(id), name, 0x1, default).with_flags(ControlFlags::READ_ONLY)
}

/// The same control of the capture node. A number that it does not have fails to compile.
const fn of_capture(id: u32) -> SimControl {
    let mut place = 0;
    while VIVID[place].id.0 != id {
        place += 1;
    }
    VIVID[place]
}

/// Between two values in steps of 1.
const fn of(control_type: ControlType, id: u32, name: &'static str, range: (i64, i64), default: i64) -> SimControl {
    SimControl { step: 1, default, ..SimControl::new(ControlId(id), control_type, name).between(range) }
}

/// Spaces.
const STRING: SimControl = of(ControlType::STRING, 0x0098_f905, "String", (2, 4), 0);

const AREA: SimControl =
    SimControl { area: (1000, 2000), ..SimControl::new(ControlId(0x0098_f90b), ControlType::AREA, "Area") };

/// Number 0 is outside the limits, number 1 a hole.
const INTEGER_MENU: SimControl = SimControl {
    menu: SimMenu::Numbers(&[1, 1, 2, 3, 5, 8, 13, 21, 42], 0x2),
    ..of(ControlType::INTEGER_MENU, 0x0098_f907, "Integer Menu", (1, 8), 4)
};

const MENU_ITEMS: &[&str] = &["", "Menu Item 1", "", "Menu Item 3", "Menu Item 4"];

const RX_RGB_QUANTIZATION_RANGE: &[&str] = &["Automatic", "RGB Limited Range (16-235)", "RGB Full Range (0-255)"];

const TEST_PATTERN: &[&str] = &[
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

const OSD_TEXT_MODE: &[&str] = &["All", "Counters Only", "None"];

const HORIZONTAL_MOVEMENT: &[&str] = &[
    "Move Left Fast",
    "Move Left",
    "Move Left Slow",
    "No Movement",
    "Move Right Slow",
    "Move Right",
    "Move Right Fast",
];

const VERTICAL_MOVEMENT: &[&str] =
    &["Move Up Fast", "Move Up", "Move Up Slow", "No Movement", "Move Down Slow", "Move Down", "Move Down Fast"];

const STANDARD_ASPECT_RATIO: &[&str] = &["", "4x3", "14x9", "16x9", "16x9 Anamorphic"];

const DV_TIMINGS_ASPECT_RATIO: &[&str] = &["Source Width x Height", "4x3", "14x9", "16x9"];

const TIMESTAMP_SOURCE: &[&str] = &["End of Frame", "Start of Exposure"];

const COLORSPACE: &[&str] =
    &["SMPTE 170M", "Rec. 709", "sRGB", "opRGB", "BT.2020", "DCI-P3", "SMPTE 240M", "470 System M", "470 System BG"];

const TRANSFER_FUNCTION: &[&str] =
    &["Default", "Rec. 709", "sRGB", "opRGB", "SMPTE 240M", "None", "DCI-P3", "SMPTE 2084"];

const Y_CBCR_ENCODING: &[&str] = &[
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

const QUANTIZATION: &[&str] = &["Default", "Full Range", "Limited Range"];

const WRAP_TIMESTAMP: &[&str] = &["None", "64 Bit", "32 Bit"];

const HSV_ENCODING: &[&str] = &["Hue 0-179", "Hue 0-256"];

const STANDARD_SIGNAL_MODE: &[&str] =
    &["Current Standard", "No Signal", "No Lock", "", "Selected Standard", "Cycle Through All Standards"];

const STANDARD: &[&str] = &[
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

const DV_TIMINGS_SIGNAL_MODE: &[&str] = &[
    "Current DV Timings",
    "No Signal",
    "No Lock",
    "Out of Range",
    "Selected DV Timings",
    "Cycle Through All DV Timings",
];

const DV_TIMINGS: &[&str] = &[
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

const HDMI_000_0_IS_CONNECTED_TO: &[&str] =
    &["Test Pattern Generator", "None", "Output HDMI 000-0", "Output HDMI 001-0"];

const S_VIDEO_000_0_IS_CONNECTED_TO: &[&str] =
    &["Test Pattern Generator", "None", "Output S-Video 000-0", "Output S-Video 001-0"];
