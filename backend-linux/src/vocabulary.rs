//! V4L2's words as types (`vidbuf`, and this crate) have the numbers that the kernel's headers have (`vidbuf-abi`): asserted at
//! compile time.

use vidbuf::FourCc;
use vidbuf::backend::MAX_PLANES;
use vidbuf::v4l2::{BufferCapabilities, BufferFlags, BufferType, Field, MemoryType};
use vidbuf_abi::{buffer, capability, format, pixel_format};

use crate::node::{CapabilityFlags, FormatFlags};

/// Each `OURS = MODULE::KERNEL`.
macro_rules! equal {
    ($($ours:expr => $module:ident::$kernel:ident;)+) => {
        const _: () = {
            $(assert!($ours as u64 == $module::$kernel as u64, stringify!($kernel));)+
        };
    };
}

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
    FourCc::YUYV.0 => pixel_format::V4L2_PIX_FMT_YUYV;
    FourCc::NV12.0 => pixel_format::V4L2_PIX_FMT_NV12;
    FourCc::NV12M.0 => pixel_format::V4L2_PIX_FMT_NV12M;
    FourCc::MJPEG.0 => pixel_format::V4L2_PIX_FMT_MJPEG;
    FourCc::RGB24.0 => pixel_format::V4L2_PIX_FMT_RGB24;
    FourCc::GREY.0 => pixel_format::V4L2_PIX_FMT_GREY;
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
    VIDEO_CAPTURE_MPLANE => capability::V4L2_CAP_VIDEO_CAPTURE_MPLANE;
    VIDEO_OUTPUT_MPLANE => capability::V4L2_CAP_VIDEO_OUTPUT_MPLANE;
    VIDEO_M2M_MPLANE => capability::V4L2_CAP_VIDEO_M2M_MPLANE;
    VIDEO_M2M => capability::V4L2_CAP_VIDEO_M2M;
    EXT_PIX_FORMAT => capability::V4L2_CAP_EXT_PIX_FORMAT;
    META_CAPTURE => capability::V4L2_CAP_META_CAPTURE;
    READWRITE => capability::V4L2_CAP_READWRITE;
    STREAMING => capability::V4L2_CAP_STREAMING;
    META_OUTPUT => capability::V4L2_CAP_META_OUTPUT;
    TOUCH => capability::V4L2_CAP_TOUCH;
    IO_MC => capability::V4L2_CAP_IO_MC;
    DEVICE_CAPS => capability::V4L2_CAP_DEVICE_CAPS;
}

flags! { FormatFlags,
    COMPRESSED => format::V4L2_FMT_FLAG_COMPRESSED;
    EMULATED => format::V4L2_FMT_FLAG_EMULATED;
}

mod connectors;
