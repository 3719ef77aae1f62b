//! Controls of an HDMI receiver, as the driver tc358743 has them.

use vidbuf::node::{ControlFlags, ControlId};

use super::SimControl;

/// By number. Sound is not modelled: there is none.
pub const RECEIVER: &[SimControl] = &[
    SimControl::title(ControlId::BRIGHTNESS, "User Controls"),
    SimControl::integer(ControlId(0x0098_1980), "Audio sampling rate", (0, 768_000), 1, 0)
        .with_flags(ControlFlags::READ_ONLY),
    SimControl::boolean(ControlId(0x0098_1981), "Audio present", false).with_flags(ControlFlags::READ_ONLY),
    SimControl::title(ControlId::DV_RX_POWER_PRESENT, "Digital Video Controls"),
    SimControl::bitmask(ControlId::DV_RX_POWER_PRESENT, "Power Present", 1, 0).with_flags(ControlFlags::READ_ONLY),
];
