//! Rectangles: which part of a picture is taken, and where in the buffer it is placed.

use bitflags::bitflags;

/// A rectangle in pixels.
///
/// All fields of `v4l2_rect`: a later version adds none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rectangle {
    /// Its left edge; negative numbers are possible.
    pub left: i32,
    /// Its top edge.
    pub top: i32,
    /// Pixels in a line.
    pub width: u32,
    /// Lines.
    pub height: u32,
}

impl Rectangle {
    /// A rectangle at the origin.
    pub const fn of_size(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, width, height }
    }
}

/// What a rectangle is for (`V4L2_SEL_TGT_*`). A newtype, because newer kernels may know more.
///
/// A later version adds constants, no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct SelectionTarget(pub u32);

impl SelectionTarget {
    /// What is taken: of the source on a capture queue, of the buffer on an output queue.
    pub const CROP: Self = Self(0);
    /// What is taken at first; cannot be set.
    pub const CROP_DEFAULT: Self = Self(1);
    /// What can be taken; cannot be set.
    pub const CROP_BOUNDS: Self = Self(2);
    /// All pixels of the source; can be set on inputs with [`ConnectorCapabilities::NATIVE_SIZE`](super::ConnectorCapabilities::NATIVE_SIZE).
    pub const NATIVE_SIZE: Self = Self(3);
    /// Where it is placed: in the buffer on a capture queue, on the screen on an output queue. A decoder's visible picture.
    pub const COMPOSE: Self = Self(0x100);
    /// Where it is placed at first; cannot be set.
    pub const COMPOSE_DEFAULT: Self = Self(0x101);
    /// Where it can be placed; cannot be set.
    pub const COMPOSE_BOUNDS: Self = Self(0x102);
    /// Where it is placed, with what the hardware writes around it; cannot be set.
    pub const COMPOSE_PADDED: Self = Self(0x103);
}

bitflags! {
    /// How a driver may adjust a rectangle (`V4L2_SEL_FLAG_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct SelectionFlags: u32 {
        /// Not smaller. With `LE`: exactly this size.
        const GE = 0x1;
        /// Not larger.
        const LE = 0x2;
        /// Leave what follows in the pipeline as it is; subdevices only.
        const KEEP_CONFIG = 0x4;
        const _ = !0;
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for SelectionFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "SelectionFlags({=u32:#x})", self.bits());
    }
}

/// What can be cropped, and the shape of a pixel (`v4l2_cropcap`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct CropLimits {
    /// What can be taken.
    pub bounds: Rectangle,
    /// What is taken at first.
    pub default: Rectangle,
    /// Height to width of a pixel, as the kernel has it: 1/1 is square, 54/59 PAL.
    pub pixel_aspect: (u32, u32),
}

impl CropLimits {
    /// Limits as a backend of your own reports them.
    pub const fn new(bounds: Rectangle, default: Rectangle, pixel_aspect: (u32, u32)) -> Self {
        Self { bounds, default, pixel_aspect }
    }
}
