//! What a control's value is, and how it behaves.

use bitflags::bitflags;

/// What a control's value is (`V4L2_CTRL_TYPE_*`). A newtype, because each kernel adds structures of codecs.
///
/// A later version adds constants, no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct ControlType(pub u32);

impl ControlType {
    /// A number of 32 bits; rounded to the nearest that is possible when set.
    pub const INTEGER: Self = Self(1);
    /// 0 or 1.
    pub const BOOLEAN: Self = Self(2);
    /// The index of a named item.
    pub const MENU: Self = Self(3);
    /// Setting it does something; it has no value.
    pub const BUTTON: Self = Self(4);
    /// A number of 64 bits.
    pub const INTEGER64: Self = Self(5);
    /// The title of a class, without a value.
    pub const CTRL_CLASS: Self = Self(6);
    /// Text; its limits are lengths in bytes.
    pub const STRING: Self = Self(7);
    /// Bits; the largest value has all that may be set.
    pub const BITMASK: Self = Self(8);
    /// The index of a number of 64 bits.
    pub const INTEGER_MENU: Self = Self(9);
    /// Bytes.
    pub const U8: Self = Self(0x100);
    /// Numbers of 16 bits.
    pub const U16: Self = Self(0x101);
    /// Numbers of 32 bits.
    pub const U32: Self = Self(0x102);
    /// Width and height, 32 bits each.
    pub const AREA: Self = Self(0x106);
    /// Left, top, width and height, 32 bits each (newer than Linux 6.12).
    pub const RECT: Self = Self(0x107);

    /// Whether each element is a structure or one of the array types, whose value is bytes.
    pub const fn is_compound(self) -> bool {
        self.0 >= Self::U8.0
    }

    /// A short name, as `v4l2-ctl` prints it; `None` for the structures of codecs and for types of newer kernels.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::INTEGER => "int",
            Self::BOOLEAN => "bool",
            Self::MENU => "menu",
            Self::BUTTON => "button",
            Self::INTEGER64 => "int64",
            Self::CTRL_CLASS => "class",
            Self::STRING => "str",
            Self::BITMASK => "bitmask",
            Self::INTEGER_MENU => "intmenu",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::AREA => "area",
            Self::RECT => "rect",
            _ => return None,
        })
    }
}

bitflags! {
    /// How a control behaves (`V4L2_CTRL_FLAG_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct ControlFlags: u32 {
        /// Not to be used.
        const DISABLED = 0x1;
        /// The driver holds it now: setting it fails with EBUSY.
        const GRABBED = 0x2;
        /// Setting it fails with EACCES.
        const READ_ONLY = 0x4;
        /// Setting it changes other controls: query those again.
        const UPDATE = 0x8;
        /// Without effect now. Most drivers keep what is set; uvcvideo fails with EACCES.
        const INACTIVE = 0x10;
        /// Best shown as a slider.
        const SLIDER = 0x20;
        /// Reading it fails with EACCES.
        const WRITE_ONLY = 0x40;
        /// The hardware changes it. What is set is dropped, unless it is `EXECUTE_ON_WRITE`.
        const VOLATILE = 0x80;
        /// Its value is bytes.
        const HAS_PAYLOAD = 0x100;
        /// Setting the same value again has an effect.
        const EXECUTE_ON_WRITE = 0x200;
        /// Setting it changes the layout of buffers: read the format again.
        const MODIFY_LAYOUT = 0x400;
        /// An array whose length can be set.
        const DYNAMIC_ARRAY = 0x800;
        /// The limits of its value can be read as values (newer than Linux 6.12).
        const HAS_WHICH_MIN_MAX = 0x1000;
        const _ = !0;
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for ControlFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "ControlFlags({=u32:#x})", self.bits());
    }
}
