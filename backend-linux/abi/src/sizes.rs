//! Sizes in every layout, as literals: what is computed in `layout` is asserted for targets that this is not compiled for.
//!
//! Kernel: the headers, compiled for x86-64, Arm and i386 with both widths of time (`tests/headers.rs`).

use crate::buffer::{v4l2_buffer, v4l2_create_buffers, v4l2_plane, v4l2_requestbuffers, v4l2_timespec, v4l2_timeval};
use crate::control::{v4l2_ext_control, v4l2_ext_controls, v4l2_query_ext_ctrl, v4l2_querymenu};
use crate::dma_buf::dma_buf_sync;
use crate::event::{v4l2_event, v4l2_event_ctrl};
use crate::format::v4l2_format;
use crate::frame::v4l2_streamparm;
use crate::input::{v4l2_input, v4l2_output, v4l2_standard};
use crate::layout::Layout;
use crate::media::{media_links_enum, media_v2_topology};
use crate::overlay::{v4l2_framebuffer, v4l2_window};
use crate::timings::{v4l2_dv_timings, v4l2_dv_timings_cap, v4l2_edid};
use crate::uvc::{uvc_xu_control_mapping, uvc_xu_control_query};

macro_rules! sizes {
    ($($name:ident: $bits64:literal $bits32:literal $bits32_time32:literal $x86:literal $x86_time32:literal;)+) => {
        const _: () = {
            $(
                assert!($name::STRUCTURE.size(Layout::Bits64) == $bits64);
                assert!($name::STRUCTURE.size(Layout::Bits32) == $bits32);
                assert!($name::STRUCTURE.size(Layout::Bits32Time32) == $bits32_time32);
                assert!($name::STRUCTURE.size(Layout::X86) == $x86);
                assert!($name::STRUCTURE.size(Layout::X86Time32) == $x86_time32);
            )+
        };
    };
}

// 64-bit, 32-bit, 32-bit with 32-bit time, 32-bit x86, 32-bit x86 with 32-bit time.
sizes! {
    v4l2_requestbuffers: 20 20 20 20 20;
    v4l2_timeval: 16 16 8 16 8;
    v4l2_timespec: 16 16 8 16 8;
    v4l2_plane: 64 60 60 60 60;
    v4l2_buffer: 88 80 68 76 68;
    v4l2_format: 208 204 204 204 204;
    v4l2_create_buffers: 256 248 248 248 248;
    v4l2_streamparm: 204 204 204 204 204;
    v4l2_window: 56 40 40 40 40;
    v4l2_framebuffer: 48 44 44 44 44;
    v4l2_ext_control: 20 20 20 20 20;
    v4l2_ext_controls: 32 24 24 24 24;
    v4l2_query_ext_ctrl: 232 232 232 232 232;
    v4l2_querymenu: 44 44 44 44 44;
    v4l2_event_ctrl: 40 40 40 36 36;
    v4l2_event: 136 136 128 128 120;
    v4l2_input: 80 80 80 76 76;
    v4l2_output: 72 72 72 72 72;
    v4l2_standard: 72 72 72 64 64;
    v4l2_dv_timings: 132 132 132 132 132;
    v4l2_dv_timings_cap: 144 144 144 144 144;
    v4l2_edid: 40 36 36 36 36;
    media_links_enum: 40 28 28 28 28;
    media_v2_topology: 72 72 72 72 72;
    dma_buf_sync: 8 8 8 8 8;
    uvc_xu_control_query: 16 12 12 12 12;
    uvc_xu_control_mapping: 96 88 88 88 88;
}
