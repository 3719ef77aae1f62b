//! Controls of a usual USB camera, as uvcvideo has them.

use vidbuf::node::ControlId;

use super::{Otherwise, SimControl};

/// By number: limits and defaults that many cameras report. uvcvideo lists a camera with these the same way (`tests/run drivers`).
pub const WEBCAM: &[SimControl] = &[
    SimControl::title(ControlId::BRIGHTNESS, "User Controls"),
    SimControl::integer(ControlId::BRIGHTNESS, "Brightness", (0, 255), 1, 128),
    SimControl::integer(ControlId::CONTRAST, "Contrast", (0, 255), 1, 32),
    SimControl::integer(ControlId::SATURATION, "Saturation", (0, 255), 1, 32),
    SimControl::boolean(ControlId::AUTO_WHITE_BALANCE, "White Balance, Automatic", true),
    SimControl::integer(ControlId::GAIN, "Gain", (0, 255), 1, 64),
    SimControl::menu(ControlId::POWER_LINE_FREQUENCY, "Power Line Frequency", &["Disabled", "50 Hz", "60 Hz"], 2),
    SimControl::integer(ControlId::WHITE_BALANCE_TEMPERATURE, "White Balance Temperature", (2800, 6500), 10, 4000)
        .follows(ControlId::AUTO_WHITE_BALANCE, 0, Otherwise::Refused),
    SimControl::integer(ControlId::SHARPNESS, "Sharpness", (0, 255), 1, 24),
    SimControl::integer(ControlId::BACKLIGHT_COMPENSATION, "Backlight Compensation", (0, 1), 1, 0),
    SimControl::title(ControlId::EXPOSURE_AUTO, "Camera Controls"),
    SimControl::menu(ControlId::EXPOSURE_AUTO, "Auto Exposure", &["", "Manual Mode", "", "Aperture Priority Mode"], 3),
    SimControl::integer(ControlId::EXPOSURE_ABSOLUTE, "Exposure Time, Absolute", (1, 10_000), 1, 166).follows(
        ControlId::EXPOSURE_AUTO,
        1,
        Otherwise::Refused,
    ),
    SimControl::boolean(ControlId::EXPOSURE_AUTO_PRIORITY, "Exposure, Dynamic Framerate", false),
];
