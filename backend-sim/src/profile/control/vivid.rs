//! Controls of vivid, as the driver reports them on Linux 6.1 and 6.12. Its "U8 Pixel Array" is not among them: its size
//! follows the picture's, without bound.

mod menus;

use vidbuf::node::{ControlFlags, ControlId, ControlType};

use super::{Otherwise, SimControl, SimMenu};
use crate::profile::Kernel;
use menus::*;

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
