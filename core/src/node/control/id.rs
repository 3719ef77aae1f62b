//! Which control is meant.

use core::fmt;

/// The number of a control (`V4L2_CID_*`). A newtype, because drivers have controls of their own.
///
/// ```
/// use vidbuf::node::ControlId;
/// assert_eq!(ControlId::BRIGHTNESS, ControlId(0x0098_0900));
/// assert_eq!(ControlId::EXPOSURE_ABSOLUTE.to_string(), "0x009a0902");
/// ```
///
/// A later version adds constants, no field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct ControlId(pub u32);

/// One line for each constant: its name, its number and what it sets.
macro_rules! ids {
    ($($name:ident = $number:literal, $meaning:literal;)+) => {
        impl ControlId {
            $(
                #[doc = $meaning]
                pub const $name: Self = Self($number);
            )+

            /// The kernel's name of each constant without `V4L2_CID_`, with the constant.
            pub const NAMED: &[(&'static str, Self)] = &[$((stringify!($name), Self::$name)),+];
        }
    };
}

ids! {
    BRIGHTNESS = 0x0098_0900, "Brightness.";
    CONTRAST = 0x0098_0901, "Contrast.";
    SATURATION = 0x0098_0902, "Saturation.";
    HUE = 0x0098_0903, "Hue.";
    AUDIO_VOLUME = 0x0098_0905, "Volume.";
    AUDIO_MUTE = 0x0098_0909, "No sound.";
    AUTO_WHITE_BALANCE = 0x0098_090c, "White balance, automatic.";
    DO_WHITE_BALANCE = 0x0098_090d, "White balance, once: a button.";
    RED_BALANCE = 0x0098_090e, "Red.";
    BLUE_BALANCE = 0x0098_090f, "Blue.";
    GAMMA = 0x0098_0910, "Gamma.";
    EXPOSURE = 0x0098_0911, "Exposure, in the driver's unit; of raw sensors, lines.";
    AUTOGAIN = 0x0098_0912, "Gain, automatic.";
    GAIN = 0x0098_0913, "Gain.";
    HFLIP = 0x0098_0914, "Mirror, left to right.";
    VFLIP = 0x0098_0915, "Mirror, top to bottom.";
    POWER_LINE_FREQUENCY = 0x0098_0918, "Against flicker of lamps: 0 off, 1 50 Hz, 2 60 Hz, 3 automatic.";
    HUE_AUTO = 0x0098_0919, "Hue, automatic.";
    WHITE_BALANCE_TEMPERATURE = 0x0098_091a, "White balance, in kelvins.";
    SHARPNESS = 0x0098_091b, "Sharpness.";
    BACKLIGHT_COMPENSATION = 0x0098_091c, "Against light from behind.";
    CHROMA_AGC = 0x0098_091d, "Colour gain, automatic.";
    COLORFX = 0x0098_091f, "Colour effects.";
    AUTOBRIGHTNESS = 0x0098_0920, "Brightness, automatic.";
    ROTATE = 0x0098_0922, "Rotation, in degrees.";
    MIN_BUFFERS_FOR_CAPTURE = 0x0098_0927, "The fewest buffers for capture; read only.";
    MIN_BUFFERS_FOR_OUTPUT = 0x0098_0928, "The fewest buffers for output; read only.";
    ALPHA_COMPONENT = 0x0098_0929, "Alpha of each pixel.";

    EXPOSURE_AUTO = 0x009a_0901, "Exposure: 0 automatic, 1 manual, 2 time by hand, 3 aperture by hand (what webcams call automatic).";
    EXPOSURE_ABSOLUTE = 0x009a_0902, "Exposure, in 100 µs.";
    EXPOSURE_AUTO_PRIORITY = 0x009a_0903, "Whether automatic exposure may slow frames down.";
    PAN_ABSOLUTE = 0x009a_0908, "Turn to, in arc seconds.";
    TILT_ABSOLUTE = 0x009a_0909, "Tilt to, in arc seconds.";
    FOCUS_ABSOLUTE = 0x009a_090a, "Focus at.";
    FOCUS_AUTO = 0x009a_090c, "Focus, automatic.";
    ZOOM_ABSOLUTE = 0x009a_090d, "Zoom to.";
    PRIVACY = 0x009a_0910, "No picture.";
    IRIS_ABSOLUTE = 0x009a_0911, "Aperture.";
    AUTO_EXPOSURE_BIAS = 0x009a_0913, "Correction of the automatic exposure.";
    WIDE_DYNAMIC_RANGE = 0x009a_0915, "Wide dynamic range.";
    ISO_SENSITIVITY = 0x009a_0917, "ISO sensitivity.";
    ISO_SENSITIVITY_AUTO = 0x009a_0918, "ISO sensitivity, automatic.";
    SCENE_MODE = 0x009a_091a, "Kind of scene.";
    AUTO_FOCUS_START = 0x009a_091c, "Focus now: a button.";
    CAMERA_ORIENTATION = 0x009a_0922, "Which side of the device it is on; read only.";
    CAMERA_SENSOR_ROTATION = 0x009a_0923, "How it is mounted, in degrees; read only.";

    FLASH_LED_MODE = 0x009c_0901, "Off, flash or torch.";
    FLASH_STROBE = 0x009c_0903, "Flash now: a button.";
    FLASH_TORCH_INTENSITY = 0x009c_0908, "How bright the torch is.";

    JPEG_COMPRESSION_QUALITY = 0x009d_0903, "1 to 100.";

    VBLANK = 0x009e_0901, "Lines between frames.";
    HBLANK = 0x009e_0902, "Pixels between lines.";
    ANALOGUE_GAIN = 0x009e_0903, "Gain before conversion, in the sensor's unit.";
    UNIT_CELL_SIZE = 0x009e_0908, "Size of a pixel, in nm: an area.";
    NOTIFY_GAINS = 0x009e_0909, "Gains that the ISP applies, for the sensor to know: an array.";

    LINK_FREQ = 0x009f_0901, "Frequency of the link, in Hz: a menu of numbers.";
    PIXEL_RATE = 0x009f_0902, "Pixels a second: 64 bits, read only.";
    TEST_PATTERN = 0x009f_0903, "Test pattern.";
    DIGITAL_GAIN = 0x009f_0905, "Gain after conversion.";

    DV_RX_POWER_PRESENT = 0x00a0_0964, "Sources that give 5 V, as bits; read only.";
    DV_RX_RGB_RANGE = 0x00a0_0965, "Range of RGB that is received.";
    DV_RX_IT_CONTENT_TYPE = 0x00a0_0966, "Kind of content that is received; read only.";

    MPEG_VIDEO_GOP_SIZE = 0x0099_09cb, "Frames from one key frame to the next.";
    MPEG_VIDEO_BITRATE_MODE = 0x0099_09ce, "Bit rate: 0 variable, 1 constant, 2 constant quality.";
    MPEG_VIDEO_BITRATE = 0x0099_09cf, "Bits a second.";
    MPEG_VIDEO_HEADER_MODE = 0x0099_09d8, "Headers: 0 in a buffer of their own, 1 with the first frame.";
    MPEG_VIDEO_REPEAT_SEQ_HEADER = 0x0099_09e2, "Headers before each key frame.";
    MPEG_VIDEO_FORCE_KEY_FRAME = 0x0099_09e5, "A key frame next: a button.";
    MPEG_VIDEO_H264_I_PERIOD = 0x0099_0a66, "Frames from one I frame to the next.";
    MPEG_VIDEO_H264_LEVEL = 0x0099_0a67, "Level of H.264.";
    MPEG_VIDEO_H264_PROFILE = 0x0099_0a6b, "Profile of H.264.";
}

impl ControlId {
    /// The class it belongs to, e.g. 0x00980000 (user) or 0x009a0000 (camera).
    pub const fn class(self) -> u32 {
        self.0 & 0x0fff_0000
    }
}

impl fmt::Display for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.0)
    }
}

impl fmt::Debug for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ControlId({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for ControlId {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "ControlId({=u32:#x})", self.0);
    }
}
