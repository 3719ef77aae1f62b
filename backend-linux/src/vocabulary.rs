//! V4L2's words as types (`vidbuf`, and this crate) have the numbers that the kernel's headers have (`vidbuf-abi`): asserted at
//! compile time.

mod pixel_formats;

use vidbuf::backend::MAX_PLANES;
use vidbuf::node::{CapabilityFlags, ControlFlags, ControlType, FormatFlags};
use vidbuf::v4l2::{
    BufferCapabilities, BufferFlags, BufferType, Colorspace, Field, MemoryType, Quantization, TransferFunction,
    YcbcrEncoding,
};
use vidbuf_abi::{buffer, capability, color, control, format};

/// Each `OURS = MODULE::KERNEL`.
macro_rules! equal {
    ($($ours:expr => $module:ident::$kernel:ident;)+) => {
        const _: () = {
            $(assert!($ours as u64 == $module::$kernel as u64, stringify!($kernel));)+
        };
    };
}

pub(crate) use equal;

/// Each constant of a flag type: every one that it has.
macro_rules! flags {
    ($type:ident, $($ours:ident => $module:ident::$kernel:ident;)+) => {
        equal!($($type::$ours.bits() => $module::$kernel;)+);
        // One more is the nameless constant that keeps the bits of newer kernels.
        const _: () = assert!(<$type as bitflags::Flags>::FLAGS.len() == [$(stringify!($ours)),+].len() + 1);
    };
}

equal! {
    BufferType::VideoCapture => buffer::V4L2_BUF_TYPE_VIDEO_CAPTURE;
    BufferType::VideoOutput => buffer::V4L2_BUF_TYPE_VIDEO_OUTPUT;
    BufferType::VideoCaptureMplane => buffer::V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
    BufferType::VideoOutputMplane => buffer::V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE;
    MemoryType::Mmap => buffer::V4L2_MEMORY_MMAP;
    MemoryType::UserPtr => buffer::V4L2_MEMORY_USERPTR;
    MemoryType::DmaBuf => buffer::V4L2_MEMORY_DMABUF;
    MAX_PLANES => buffer::VIDEO_MAX_PLANES;
    Field::ANY.0 => buffer::V4L2_FIELD_ANY;
    Field::NONE.0 => buffer::V4L2_FIELD_NONE;
    Field::TOP.0 => buffer::V4L2_FIELD_TOP;
    Field::BOTTOM.0 => buffer::V4L2_FIELD_BOTTOM;
    Field::INTERLACED.0 => buffer::V4L2_FIELD_INTERLACED;
    Field::ALTERNATE.0 => buffer::V4L2_FIELD_ALTERNATE;
    Colorspace::DEFAULT.0 => color::V4L2_COLORSPACE_DEFAULT;
    Colorspace::SMPTE170M.0 => color::V4L2_COLORSPACE_SMPTE170M;
    Colorspace::SMPTE240M.0 => color::V4L2_COLORSPACE_SMPTE240M;
    Colorspace::REC709.0 => color::V4L2_COLORSPACE_REC709;
    Colorspace::SYSTEM_470_M.0 => color::V4L2_COLORSPACE_470_SYSTEM_M;
    Colorspace::SYSTEM_470_BG.0 => color::V4L2_COLORSPACE_470_SYSTEM_BG;
    Colorspace::JPEG.0 => color::V4L2_COLORSPACE_JPEG;
    Colorspace::SRGB.0 => color::V4L2_COLORSPACE_SRGB;
    Colorspace::OPRGB.0 => color::V4L2_COLORSPACE_OPRGB;
    Colorspace::BT2020.0 => color::V4L2_COLORSPACE_BT2020;
    Colorspace::RAW.0 => color::V4L2_COLORSPACE_RAW;
    Colorspace::DCI_P3.0 => color::V4L2_COLORSPACE_DCI_P3;
    TransferFunction::DEFAULT.0 => color::V4L2_XFER_FUNC_DEFAULT;
    TransferFunction::REC709.0 => color::V4L2_XFER_FUNC_709;
    TransferFunction::SRGB.0 => color::V4L2_XFER_FUNC_SRGB;
    TransferFunction::OPRGB.0 => color::V4L2_XFER_FUNC_OPRGB;
    TransferFunction::SMPTE240M.0 => color::V4L2_XFER_FUNC_SMPTE240M;
    TransferFunction::NONE.0 => color::V4L2_XFER_FUNC_NONE;
    TransferFunction::DCI_P3.0 => color::V4L2_XFER_FUNC_DCI_P3;
    TransferFunction::SMPTE2084.0 => color::V4L2_XFER_FUNC_SMPTE2084;
    YcbcrEncoding::DEFAULT.0 => color::V4L2_YCBCR_ENC_DEFAULT;
    YcbcrEncoding::BT601.0 => color::V4L2_YCBCR_ENC_601;
    YcbcrEncoding::REC709.0 => color::V4L2_YCBCR_ENC_709;
    YcbcrEncoding::XV601.0 => color::V4L2_YCBCR_ENC_XV601;
    YcbcrEncoding::XV709.0 => color::V4L2_YCBCR_ENC_XV709;
    YcbcrEncoding::BT2020.0 => color::V4L2_YCBCR_ENC_BT2020;
    YcbcrEncoding::BT2020_CONST_LUM.0 => color::V4L2_YCBCR_ENC_BT2020_CONST_LUM;
    YcbcrEncoding::SMPTE240M.0 => color::V4L2_YCBCR_ENC_SMPTE240M;
    Quantization::DEFAULT.0 => color::V4L2_QUANTIZATION_DEFAULT;
    Quantization::FULL_RANGE.0 => color::V4L2_QUANTIZATION_FULL_RANGE;
    Quantization::LIMITED_RANGE.0 => color::V4L2_QUANTIZATION_LIM_RANGE;
}

equal! {
    ControlType::INTEGER.0 => control::V4L2_CTRL_TYPE_INTEGER;
    ControlType::BOOLEAN.0 => control::V4L2_CTRL_TYPE_BOOLEAN;
    ControlType::MENU.0 => control::V4L2_CTRL_TYPE_MENU;
    ControlType::BUTTON.0 => control::V4L2_CTRL_TYPE_BUTTON;
    ControlType::INTEGER64.0 => control::V4L2_CTRL_TYPE_INTEGER64;
    ControlType::CTRL_CLASS.0 => control::V4L2_CTRL_TYPE_CTRL_CLASS;
    ControlType::STRING.0 => control::V4L2_CTRL_TYPE_STRING;
    ControlType::BITMASK.0 => control::V4L2_CTRL_TYPE_BITMASK;
    ControlType::INTEGER_MENU.0 => control::V4L2_CTRL_TYPE_INTEGER_MENU;
    ControlType::U8.0 => control::V4L2_CTRL_TYPE_U8;
    ControlType::U16.0 => control::V4L2_CTRL_TYPE_U16;
    ControlType::U32.0 => control::V4L2_CTRL_TYPE_U32;
    ControlType::AREA.0 => control::V4L2_CTRL_TYPE_AREA;
    ControlType::RECT.0 => control::V4L2_CTRL_TYPE_RECT;
}

flags! { ControlFlags,
    DISABLED => control::V4L2_CTRL_FLAG_DISABLED;
    GRABBED => control::V4L2_CTRL_FLAG_GRABBED;
    READ_ONLY => control::V4L2_CTRL_FLAG_READ_ONLY;
    UPDATE => control::V4L2_CTRL_FLAG_UPDATE;
    INACTIVE => control::V4L2_CTRL_FLAG_INACTIVE;
    SLIDER => control::V4L2_CTRL_FLAG_SLIDER;
    WRITE_ONLY => control::V4L2_CTRL_FLAG_WRITE_ONLY;
    VOLATILE => control::V4L2_CTRL_FLAG_VOLATILE;
    HAS_PAYLOAD => control::V4L2_CTRL_FLAG_HAS_PAYLOAD;
    EXECUTE_ON_WRITE => control::V4L2_CTRL_FLAG_EXECUTE_ON_WRITE;
    MODIFY_LAYOUT => control::V4L2_CTRL_FLAG_MODIFY_LAYOUT;
    DYNAMIC_ARRAY => control::V4L2_CTRL_FLAG_DYNAMIC_ARRAY;
    HAS_WHICH_MIN_MAX => control::V4L2_CTRL_FLAG_HAS_WHICH_MIN_MAX;
}

flags! { BufferFlags,
    MAPPED => buffer::V4L2_BUF_FLAG_MAPPED;
    QUEUED => buffer::V4L2_BUF_FLAG_QUEUED;
    DONE => buffer::V4L2_BUF_FLAG_DONE;
    KEYFRAME => buffer::V4L2_BUF_FLAG_KEYFRAME;
    PFRAME => buffer::V4L2_BUF_FLAG_PFRAME;
    BFRAME => buffer::V4L2_BUF_FLAG_BFRAME;
    ERROR => buffer::V4L2_BUF_FLAG_ERROR;
    IN_REQUEST => buffer::V4L2_BUF_FLAG_IN_REQUEST;
    TIMECODE => buffer::V4L2_BUF_FLAG_TIMECODE;
    M2M_HOLD_CAPTURE_BUF => buffer::V4L2_BUF_FLAG_M2M_HOLD_CAPTURE_BUF;
    PREPARED => buffer::V4L2_BUF_FLAG_PREPARED;
    NO_CACHE_INVALIDATE => buffer::V4L2_BUF_FLAG_NO_CACHE_INVALIDATE;
    NO_CACHE_CLEAN => buffer::V4L2_BUF_FLAG_NO_CACHE_CLEAN;
    TIMESTAMP_MONOTONIC => buffer::V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    TIMESTAMP_COPY => buffer::V4L2_BUF_FLAG_TIMESTAMP_COPY;
    TSTAMP_SRC_SOE => buffer::V4L2_BUF_FLAG_TSTAMP_SRC_SOE;
    LAST => buffer::V4L2_BUF_FLAG_LAST;
    REQUEST_FD => buffer::V4L2_BUF_FLAG_REQUEST_FD;
}

flags! { BufferCapabilities,
    MMAP => buffer::V4L2_BUF_CAP_SUPPORTS_MMAP;
    USERPTR => buffer::V4L2_BUF_CAP_SUPPORTS_USERPTR;
    DMABUF => buffer::V4L2_BUF_CAP_SUPPORTS_DMABUF;
    REQUESTS => buffer::V4L2_BUF_CAP_SUPPORTS_REQUESTS;
    ORPHANED_BUFS => buffer::V4L2_BUF_CAP_SUPPORTS_ORPHANED_BUFS;
    M2M_HOLD_CAPTURE_BUF => buffer::V4L2_BUF_CAP_SUPPORTS_M2M_HOLD_CAPTURE_BUF;
    MMAP_CACHE_HINTS => buffer::V4L2_BUF_CAP_SUPPORTS_MMAP_CACHE_HINTS;
    MAX_NUM_BUFFERS => buffer::V4L2_BUF_CAP_SUPPORTS_MAX_NUM_BUFFERS;
    REMOVE_BUFS => buffer::V4L2_BUF_CAP_SUPPORTS_REMOVE_BUFS;
}

flags! { CapabilityFlags,
    VIDEO_CAPTURE => capability::V4L2_CAP_VIDEO_CAPTURE;
    VIDEO_OUTPUT => capability::V4L2_CAP_VIDEO_OUTPUT;
    VIDEO_OVERLAY => capability::V4L2_CAP_VIDEO_OVERLAY;
    VBI_CAPTURE => capability::V4L2_CAP_VBI_CAPTURE;
    VBI_OUTPUT => capability::V4L2_CAP_VBI_OUTPUT;
    SLICED_VBI_CAPTURE => capability::V4L2_CAP_SLICED_VBI_CAPTURE;
    SLICED_VBI_OUTPUT => capability::V4L2_CAP_SLICED_VBI_OUTPUT;
    RDS_CAPTURE => capability::V4L2_CAP_RDS_CAPTURE;
    VIDEO_OUTPUT_OVERLAY => capability::V4L2_CAP_VIDEO_OUTPUT_OVERLAY;
    HW_FREQ_SEEK => capability::V4L2_CAP_HW_FREQ_SEEK;
    RDS_OUTPUT => capability::V4L2_CAP_RDS_OUTPUT;
    VIDEO_CAPTURE_MPLANE => capability::V4L2_CAP_VIDEO_CAPTURE_MPLANE;
    VIDEO_OUTPUT_MPLANE => capability::V4L2_CAP_VIDEO_OUTPUT_MPLANE;
    VIDEO_M2M_MPLANE => capability::V4L2_CAP_VIDEO_M2M_MPLANE;
    VIDEO_M2M => capability::V4L2_CAP_VIDEO_M2M;
    TUNER => capability::V4L2_CAP_TUNER;
    AUDIO => capability::V4L2_CAP_AUDIO;
    RADIO => capability::V4L2_CAP_RADIO;
    MODULATOR => capability::V4L2_CAP_MODULATOR;
    SDR_CAPTURE => capability::V4L2_CAP_SDR_CAPTURE;
    EXT_PIX_FORMAT => capability::V4L2_CAP_EXT_PIX_FORMAT;
    SDR_OUTPUT => capability::V4L2_CAP_SDR_OUTPUT;
    META_CAPTURE => capability::V4L2_CAP_META_CAPTURE;
    READWRITE => capability::V4L2_CAP_READWRITE;
    EDID => capability::V4L2_CAP_EDID;
    STREAMING => capability::V4L2_CAP_STREAMING;
    META_OUTPUT => capability::V4L2_CAP_META_OUTPUT;
    TOUCH => capability::V4L2_CAP_TOUCH;
    IO_MC => capability::V4L2_CAP_IO_MC;
    DEVICE_CAPS => capability::V4L2_CAP_DEVICE_CAPS;
}

flags! { FormatFlags,
    COMPRESSED => format::V4L2_FMT_FLAG_COMPRESSED;
    EMULATED => format::V4L2_FMT_FLAG_EMULATED;
    CONTINUOUS_BYTESTREAM => format::V4L2_FMT_FLAG_CONTINUOUS_BYTESTREAM;
    DYN_RESOLUTION => format::V4L2_FMT_FLAG_DYN_RESOLUTION;
    ENC_CAP_FRAME_INTERVAL => format::V4L2_FMT_FLAG_ENC_CAP_FRAME_INTERVAL;
    CSC_COLORSPACE => format::V4L2_FMT_FLAG_CSC_COLORSPACE;
    CSC_XFER_FUNC => format::V4L2_FMT_FLAG_CSC_XFER_FUNC;
    CSC_YCBCR_ENC => format::V4L2_FMT_FLAG_CSC_YCBCR_ENC;
    CSC_QUANTIZATION => format::V4L2_FMT_FLAG_CSC_QUANTIZATION;
    META_LINE_BASED => format::V4L2_FMT_FLAG_META_LINE_BASED;
}

#[cfg(test)]
mod tests {
    use std::format;

    use vidbuf::node::ControlId;

    #[test]
    fn every_control_has_the_kernels_number() {
        assert!(ControlId::NAMED.len() > 60);
        for (name, id) in ControlId::NAMED {
            let (name, mut all) = (format!("V4L2_CID_{name}"), vidbuf_abi::table::constants());
            let kernel = all.find(|constant| constant.name == name).map(|constant| constant.value);
            assert_eq!(kernel, Some(u64::from(id.0)), "{name}");
        }
    }
}

mod connectors;
