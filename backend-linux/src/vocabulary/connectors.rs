//! The numbers of events, inputs, standards, timings and rectangles.

use vidbuf::node::{
    ConnectorCapabilities, ControlChanges, EventType, InputStatus, Polarities, Priority, SelectionFlags,
    SelectionTarget, SourceChanges, Standards, SubscriptionFlags, TimingsCapabilities, TimingsFlags, TimingsStandards,
};
use vidbuf_abi::{capability, event, input, selection, standard, timings};

equal! {
    EventType::ALL.0 => event::V4L2_EVENT_ALL;
    EventType::VERTICAL_SYNC.0 => event::V4L2_EVENT_VSYNC;
    EventType::END_OF_STREAM.0 => event::V4L2_EVENT_EOS;
    EventType::CONTROL.0 => event::V4L2_EVENT_CTRL;
    EventType::FRAME_SYNC.0 => event::V4L2_EVENT_FRAME_SYNC;
    EventType::SOURCE_CHANGE.0 => event::V4L2_EVENT_SOURCE_CHANGE;
    EventType::MOTION.0 => event::V4L2_EVENT_MOTION_DET;
    EventType::PRIVATE_START.0 => event::V4L2_EVENT_PRIVATE_START;
    SelectionTarget::CROP.0 => selection::V4L2_SEL_TGT_CROP;
    SelectionTarget::CROP_DEFAULT.0 => selection::V4L2_SEL_TGT_CROP_DEFAULT;
    SelectionTarget::CROP_BOUNDS.0 => selection::V4L2_SEL_TGT_CROP_BOUNDS;
    SelectionTarget::NATIVE_SIZE.0 => selection::V4L2_SEL_TGT_NATIVE_SIZE;
    SelectionTarget::COMPOSE.0 => selection::V4L2_SEL_TGT_COMPOSE;
    SelectionTarget::COMPOSE_DEFAULT.0 => selection::V4L2_SEL_TGT_COMPOSE_DEFAULT;
    SelectionTarget::COMPOSE_BOUNDS.0 => selection::V4L2_SEL_TGT_COMPOSE_BOUNDS;
    SelectionTarget::COMPOSE_PADDED.0 => selection::V4L2_SEL_TGT_COMPOSE_PADDED;
    Priority::Background => capability::V4L2_PRIORITY_BACKGROUND;
    Priority::Interactive => capability::V4L2_PRIORITY_INTERACTIVE;
    Priority::Record => capability::V4L2_PRIORITY_RECORD;
    Standards::PAL.bits() => standard::V4L2_STD_PAL;
    Standards::NTSC.bits() => standard::V4L2_STD_NTSC;
    Standards::SECAM.bits() => standard::V4L2_STD_SECAM;
    Standards::LINES_525.bits() => standard::V4L2_STD_525_60;
    Standards::LINES_625.bits() => standard::V4L2_STD_625_50;
    ConnectorCapabilities::DV_TIMINGS.bits() => input::V4L2_OUT_CAP_DV_TIMINGS;
    ConnectorCapabilities::STANDARDS.bits() => input::V4L2_OUT_CAP_STD;
    ConnectorCapabilities::NATIVE_SIZE.bits() => input::V4L2_OUT_CAP_NATIVE_SIZE;
}

flags! { ControlChanges,
    VALUE => event::V4L2_EVENT_CTRL_CH_VALUE;
    FLAGS => event::V4L2_EVENT_CTRL_CH_FLAGS;
    RANGE => event::V4L2_EVENT_CTRL_CH_RANGE;
    DIMENSIONS => event::V4L2_EVENT_CTRL_CH_DIMENSIONS;
}

flags! { SourceChanges,
    RESOLUTION => event::V4L2_EVENT_SRC_CH_RESOLUTION;
}

flags! { SubscriptionFlags,
    SEND_INITIAL => event::V4L2_EVENT_SUB_FL_SEND_INITIAL;
    ALLOW_FEEDBACK => event::V4L2_EVENT_SUB_FL_ALLOW_FEEDBACK;
}

flags! { InputStatus,
    NO_POWER => input::V4L2_IN_ST_NO_POWER;
    NO_SIGNAL => input::V4L2_IN_ST_NO_SIGNAL;
    NO_COLOR => input::V4L2_IN_ST_NO_COLOR;
    HFLIP => input::V4L2_IN_ST_HFLIP;
    VFLIP => input::V4L2_IN_ST_VFLIP;
    NO_H_LOCK => input::V4L2_IN_ST_NO_H_LOCK;
    COLOR_KILL => input::V4L2_IN_ST_COLOR_KILL;
    NO_V_LOCK => input::V4L2_IN_ST_NO_V_LOCK;
    NO_STD_LOCK => input::V4L2_IN_ST_NO_STD_LOCK;
    NO_SYNC => input::V4L2_IN_ST_NO_SYNC;
    NO_EQU => input::V4L2_IN_ST_NO_EQU;
    NO_CARRIER => input::V4L2_IN_ST_NO_CARRIER;
    MACROVISION => input::V4L2_IN_ST_MACROVISION;
    NO_ACCESS => input::V4L2_IN_ST_NO_ACCESS;
    VTR => input::V4L2_IN_ST_VTR;
}

flags! { ConnectorCapabilities,
    DV_TIMINGS => input::V4L2_IN_CAP_DV_TIMINGS;
    STANDARDS => input::V4L2_IN_CAP_STD;
    NATIVE_SIZE => input::V4L2_IN_CAP_NATIVE_SIZE;
}

flags! { Standards,
    PAL_B => standard::V4L2_STD_PAL_B;
    PAL_B1 => standard::V4L2_STD_PAL_B1;
    PAL_G => standard::V4L2_STD_PAL_G;
    PAL_H => standard::V4L2_STD_PAL_H;
    PAL_I => standard::V4L2_STD_PAL_I;
    PAL_D => standard::V4L2_STD_PAL_D;
    PAL_D1 => standard::V4L2_STD_PAL_D1;
    PAL_K => standard::V4L2_STD_PAL_K;
    PAL_M => standard::V4L2_STD_PAL_M;
    PAL_N => standard::V4L2_STD_PAL_N;
    PAL_NC => standard::V4L2_STD_PAL_Nc;
    PAL_60 => standard::V4L2_STD_PAL_60;
    NTSC_M => standard::V4L2_STD_NTSC_M;
    NTSC_M_JP => standard::V4L2_STD_NTSC_M_JP;
    NTSC_443 => standard::V4L2_STD_NTSC_443;
    NTSC_M_KR => standard::V4L2_STD_NTSC_M_KR;
    SECAM_B => standard::V4L2_STD_SECAM_B;
    SECAM_D => standard::V4L2_STD_SECAM_D;
    SECAM_G => standard::V4L2_STD_SECAM_G;
    SECAM_H => standard::V4L2_STD_SECAM_H;
    SECAM_K => standard::V4L2_STD_SECAM_K;
    SECAM_K1 => standard::V4L2_STD_SECAM_K1;
    SECAM_L => standard::V4L2_STD_SECAM_L;
    SECAM_LC => standard::V4L2_STD_SECAM_LC;
}

flags! { SelectionFlags,
    GE => selection::V4L2_SEL_FLAG_GE;
    LE => selection::V4L2_SEL_FLAG_LE;
    KEEP_CONFIG => selection::V4L2_SEL_FLAG_KEEP_CONFIG;
}

flags! { Polarities,
    VERTICAL_POSITIVE => timings::V4L2_DV_VSYNC_POS_POL;
    HORIZONTAL_POSITIVE => timings::V4L2_DV_HSYNC_POS_POL;
}

flags! { TimingsStandards,
    CEA861 => timings::V4L2_DV_BT_STD_CEA861;
    DMT => timings::V4L2_DV_BT_STD_DMT;
    CVT => timings::V4L2_DV_BT_STD_CVT;
    GTF => timings::V4L2_DV_BT_STD_GTF;
    SDI => timings::V4L2_DV_BT_STD_SDI;
}

flags! { TimingsFlags,
    REDUCED_BLANKING => timings::V4L2_DV_FL_REDUCED_BLANKING;
    CAN_REDUCE_FPS => timings::V4L2_DV_FL_CAN_REDUCE_FPS;
    REDUCED_FPS => timings::V4L2_DV_FL_REDUCED_FPS;
    HALF_LINE => timings::V4L2_DV_FL_HALF_LINE;
    IS_CE_VIDEO => timings::V4L2_DV_FL_IS_CE_VIDEO;
    FIRST_FIELD_EXTRA_LINE => timings::V4L2_DV_FL_FIRST_FIELD_EXTRA_LINE;
    HAS_PICTURE_ASPECT => timings::V4L2_DV_FL_HAS_PICTURE_ASPECT;
    HAS_CEA861_VIC => timings::V4L2_DV_FL_HAS_CEA861_VIC;
    HAS_HDMI_VIC => timings::V4L2_DV_FL_HAS_HDMI_VIC;
    CAN_DETECT_REDUCED_FPS => timings::V4L2_DV_FL_CAN_DETECT_REDUCED_FPS;
}

flags! { TimingsCapabilities,
    INTERLACED => timings::V4L2_DV_BT_CAP_INTERLACED;
    PROGRESSIVE => timings::V4L2_DV_BT_CAP_PROGRESSIVE;
    REDUCED_BLANKING => timings::V4L2_DV_BT_CAP_REDUCED_BLANKING;
    CUSTOM => timings::V4L2_DV_BT_CAP_CUSTOM;
}
