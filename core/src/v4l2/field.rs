//! Which lines of a frame a buffer holds.

/// `enum v4l2_field`: which lines of a frame a buffer holds. A newtype, because newer kernels may know more.
///
/// A later version adds constants, no field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct Field(pub u32);

impl Field {
    /// Not set (`V4L2_FIELD_ANY`); only in what a program asks for; a driver never returns it.
    pub const ANY: Self = Self(0);
    /// Progressive.
    pub const NONE: Self = Self(1);
    /// Top field only.
    pub const TOP: Self = Self(2);
    /// Bottom field only.
    pub const BOTTOM: Self = Self(3);
    /// Both fields, line by line.
    pub const INTERLACED: Self = Self(4);
    /// Top and bottom fields in alternating buffers; a format, never a buffer's field.
    pub const ALTERNATE: Self = Self(7);
}
