//! What a control is: its name, its type and its limits.

use super::id::ControlId;
use super::kind::{ControlFlags, ControlType};
use super::spelling::Spelling;
use crate::node::text::Text;

/// A control of a device ([`Controls::controls`](crate::node::Controls::controls)). What is in it is the driver's and may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Control {
    /// Which one.
    pub id: ControlId,
    /// What its value is; of an array, what each element is.
    pub control_type: ControlType,
    /// Its name, for people.
    pub name: Text<32>,
    /// The smallest value; of text, the fewest bytes.
    pub minimum: i64,
    /// The largest value; of text, the most bytes; of bits, all that may be set.
    pub maximum: i64,
    /// From one value to the next. 0 where it has no meaning.
    pub step: u64,
    /// The value at first.
    pub default: i64,
    /// How it behaves now.
    pub flags: ControlFlags,
    /// Bytes of an element.
    pub elem_size: u32,
    /// How many elements there are: 1 if it is no array. Of an array whose length can be set, as many as there are now.
    pub elems: u32,
    /// How many of `dims` are used: 0 if it is no array.
    pub nr_of_dims: u32,
    /// Elements in each dimension.
    pub dims: [u32; 4],
}

impl Control {
    /// A control with this number and type; all else is zero. For implementations of [`Controls`](crate::node::Controls).
    pub const fn new(id: ControlId, control_type: ControlType) -> Self {
        Self {
            id,
            control_type,
            name: Text::new([0; 32]),
            minimum: 0,
            maximum: 0,
            step: 0,
            default: 0,
            flags: ControlFlags::empty(),
            elem_size: 0,
            elems: 1,
            nr_of_dims: 0,
            dims: [0; 4],
        }
    }

    /// Whether it can be set now: the driver neither hides nor holds it, and it is no title and not read-only. One that is INACTIVE
    /// can be set, mostly without effect.
    pub fn is_settable(&self) -> bool {
        let refused = ControlFlags::DISABLED | ControlFlags::GRABBED | ControlFlags::READ_ONLY;
        self.control_type != ControlType::CTRL_CLASS && !self.flags.intersects(refused)
    }

    /// Whether it can be read: it has a value, and the driver does not hide it.
    pub fn is_readable(&self) -> bool {
        let refused = ControlFlags::DISABLED | ControlFlags::WRITE_ONLY;
        !matches!(self.control_type, ControlType::CTRL_CLASS | ControlType::BUTTON) && !self.flags.intersects(refused)
    }

    /// Whether it is an array, of whatever type.
    pub const fn is_array(&self) -> bool {
        self.nr_of_dims > 0
    }

    /// Whether its value is bytes and not a number: text, arrays, and structures.
    pub fn has_payload(&self) -> bool {
        self.is_array()
            || self.flags.contains(ControlFlags::HAS_PAYLOAD)
            || self.control_type == ControlType::STRING
            || self.control_type.is_compound()
    }

    /// Whether it is a menu, of names or of numbers.
    pub const fn is_menu(&self) -> bool {
        matches!(self.control_type, ControlType::MENU | ControlType::INTEGER_MENU)
    }

    /// Bytes of its value: 4 or 8 of a number; of text, the most, with the NUL behind it; of an array whose length can be set, what it
    /// has now. `None` if the driver's numbers do not fit.
    pub fn size(&self) -> Option<usize> {
        match self.control_type {
            ControlType::CTRL_CLASS | ControlType::BUTTON => Some(0),
            ControlType::STRING if !self.is_array() => usize::try_from(self.maximum).ok()?.checked_add(1),
            _ if self.has_payload() => (self.elems as usize).checked_mul(self.elem_size as usize),
            ControlType::INTEGER64 => Some(8),
            _ => Some(4),
        }
    }

    /// The value that the driver would set if asked for this one, as far as limits and step decide: the nearest, in doubt the larger.
    /// Of bits, those that may be set. An item of a menu is brought between the first and the last, and may be a hole.
    ///
    /// Limits that contradict each other give the smallest value, a step of 0 is 1.
    pub fn nearest(&self, value: i64) -> i64 {
        match self.control_type {
            ControlType::BOOLEAN => (value != 0).into(),
            ControlType::BITMASK => value & self.maximum,
            ControlType::MENU | ControlType::INTEGER_MENU => value.min(self.maximum).max(self.minimum),
            _ => {
                let (minimum, maximum) = (i128::from(self.minimum), i128::from(self.maximum));
                let step = i128::from(self.step).max(1);
                let value = i128::from(value).min(maximum).max(minimum);
                let rounded = minimum + (value - minimum + step / 2) / step * step;
                let fits = if rounded > maximum { rounded - step } else { rounded };
                // Between the limits, which are of 64 bits.
                i64::try_from(fits.max(minimum)).unwrap_or(self.minimum)
            }
        }
    }

    /// Whether a person means this control: by its name, or as `v4l2-ctl` spells it. "White Balance, Automatic" and
    /// "white_balance_automatic" are the same, and so are large and small letters.
    pub fn is_called(&self, name: &str) -> bool {
        self.spelling().is_like(Spelling(name.as_bytes()))
    }

    /// Its name as `v4l2-ctl` spells it, to be printed.
    pub fn spelling(&self) -> Spelling<'_> {
        Spelling(self.name.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::{Control, ControlFlags, ControlId, ControlType, Text};

    fn integer(minimum: i64, maximum: i64, step: u64) -> Control {
        Control { minimum, maximum, step, ..Control::new(ControlId::GAIN, ControlType::INTEGER) }
    }

    #[test]
    fn nearest_value_is_the_kernels() {
        let table = [
            (integer(0, 255, 1), 300, 255),
            (integer(0, 255, 1), -3, 0),
            (integer(-128, 128, 1), -7, -7),
            (integer(0, 100, 10), 14, 10),
            (integer(0, 100, 10), 15, 20),
            (integer(3, 20, 5), 20, 18),
            (integer(3, 20, 5), 100, 18),
            (integer(i64::MIN, i64::MAX, 1), i64::MAX, i64::MAX),
            (integer(i64::MIN, i64::MAX, u64::MAX), i64::MAX, i64::MAX),
            (integer(i64::MIN, i64::MAX, u64::MAX), -1, i64::MIN),
            // A driver's nonsense.
            (integer(0, 255, 0), 77, 77),
            (integer(10, 0, 1), 5, 10),
            (integer(0, 5, u64::MAX), 3, 0),
        ];
        for (control, asked, nearest) in table {
            assert_eq!(control.nearest(asked), nearest, "{asked} of {control:?}");
        }
    }

    #[test]
    fn nearest_value_follows_the_type() {
        let of = |control_type, asked| Control { control_type, ..integer(1, 4, 1) }.nearest(asked);
        assert_eq!((of(ControlType::BOOLEAN, -7), of(ControlType::BOOLEAN, 0)), (1, 0));
        assert_eq!((of(ControlType::MENU, 9), of(ControlType::MENU, 0)), (4, 1));
        assert_eq!(of(ControlType::BITMASK, 0xff), 4);
    }

    #[test]
    fn size_is_what_the_value_takes_or_unknown() {
        let of = |control_type, elem_size, elems, nr_of_dims| {
            Control { elem_size, elems, nr_of_dims, ..Control::new(ControlId(1), control_type) }.size()
        };
        assert_eq!(of(ControlType::INTEGER, 4, 1, 0), Some(4));
        assert_eq!(of(ControlType::INTEGER64, 8, 1, 0), Some(8));
        assert_eq!(of(ControlType::BUTTON, 4, 1, 0), Some(0));
        assert_eq!(of(ControlType::INTEGER64, 8, 5, 1), Some(40));
        assert_eq!(of(ControlType::U16, 2, 128, 2), Some(256));
        assert_eq!(of(ControlType::U8, u32::MAX, u32::MAX, 4), (u32::MAX as usize).checked_mul(u32::MAX as usize));
        let text = |maximum| Control { maximum, ..Control::new(ControlId(1), ControlType::STRING) }.size();
        assert_eq!((text(4), text(-1)), (Some(5), None));
    }

    #[test]
    fn flags_and_types_decide_what_can_be_done() {
        let with = |flags| Control { flags, ..integer(0, 1, 1) };
        assert!(with(ControlFlags::INACTIVE | ControlFlags::WRITE_ONLY).is_settable());
        assert!(!with(ControlFlags::WRITE_ONLY).is_readable() && with(ControlFlags::READ_ONLY).is_readable());
        for flags in [ControlFlags::READ_ONLY, ControlFlags::GRABBED, ControlFlags::DISABLED] {
            assert!(!with(flags).is_settable());
        }
        let title = Control::new(ControlId(0x0098_0001), ControlType::CTRL_CLASS);
        assert!(!title.is_settable() && !title.is_readable());
    }

    #[test]
    fn name_without_a_nul_is_compared_whole() {
        let named = |name: &[u8; 32]| Control { name: Text::new(*name), ..integer(0, 1, 1) };
        assert!(named(b"Exposure Time, Absolute\0ignored!").is_called("exposure_time_absolute"));
        assert!(named(b"0123456789012345678901234567890X").is_called("0123456789012345678901234567890x"));
        assert!(!named(&[0xff; 32]).is_called("") && !named(&[0; 32]).is_called(""));
    }
}
