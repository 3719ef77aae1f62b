//! Everything this crate knows as data, for tests, tracers and fuzzers: structures with their fields, constants with their
//! values. The ioctls are in [`ioctl::TABLE`](crate::ioctl::TABLE).

use crate::layout::Structure;
use crate::{
    buffer, capability, codec, codec_control, color, control, control_id, debug, dma_buf, event, format, frame, input,
    media, media_bus, media_function, overlay, pixel_format, raw_format, selection, standard, subdev, timings, tuner,
    uvc, vbi,
};

/// A constant's name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Constant {
    /// The kernel's name.
    pub name: &'static str,
    /// Its value.
    pub value: u64,
}

/// Every structure, file by file. Unions and other types without a name in the kernel's headers are reached through the
/// fields that have them.
pub fn structures() -> impl Iterator<Item = &'static Structure> {
    let files: [&[&Structure]; 19] = [
        buffer::TIMES,
        buffer::STRUCTURES,
        capability::STRUCTURES,
        codec::STRUCTURES,
        control::STRUCTURES,
        debug::STRUCTURES,
        dma_buf::STRUCTURES,
        event::STRUCTURES,
        format::STRUCTURES,
        frame::STRUCTURES,
        input::STRUCTURES,
        media::STRUCTURES,
        overlay::STRUCTURES,
        selection::STRUCTURES,
        subdev::STRUCTURES,
        timings::STRUCTURES,
        tuner::STRUCTURES,
        uvc::STRUCTURES,
        vbi::STRUCTURES,
    ];
    files.into_iter().flatten().copied()
}

/// Every union.
pub fn unions() -> impl Iterator<Item = &'static Structure> {
    let files: [&[&Structure]; 9] = [
        buffer::UNIONS,
        codec::UNIONS,
        control::UNIONS,
        debug::UNIONS,
        event::UNIONS,
        format::UNIONS,
        frame::UNIONS,
        media::UNIONS,
        timings::UNIONS,
    ];
    files.into_iter().flatten().copied()
}

/// Every constant, file by file.
pub fn constants() -> impl Iterator<Item = Constant> {
    let files: [&[Constant]; 26] = [
        buffer::CONSTANTS,
        capability::CONSTANTS,
        codec::CONSTANTS,
        codec_control::CONSTANTS,
        color::CONSTANTS,
        control::CONSTANTS,
        control_id::CONSTANTS,
        debug::CONSTANTS,
        dma_buf::CONSTANTS,
        event::CONSTANTS,
        format::CONSTANTS,
        frame::CONSTANTS,
        input::CONSTANTS,
        media::CONSTANTS,
        media_bus::CONSTANTS,
        media_function::CONSTANTS,
        overlay::CONSTANTS,
        pixel_format::CONSTANTS,
        raw_format::CONSTANTS,
        selection::CONSTANTS,
        standard::CONSTANTS,
        subdev::CONSTANTS,
        timings::CONSTANTS,
        tuner::CONSTANTS,
        uvc::CONSTANTS,
        vbi::CONSTANTS,
    ];
    files.into_iter().flatten().copied()
}
