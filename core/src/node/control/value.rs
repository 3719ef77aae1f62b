//! Values of controls, as one call has several of them.

use super::description::Control;
use super::id::ControlId;
use super::kind::ControlType;

/// One control and its value, in a call on several ([`Controls::set_controls`](crate::node::Controls::set_controls)).
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ControlValue<'a> {
    id: ControlId,
    payload: ControlPayload<'a>,
    is_text: bool,
}

/// A value, as the driver is given it. For implementations of [`Controls`](crate::node::Controls).
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ControlPayload<'a> {
    /// Of 32 bits.
    Integer(i32),
    /// Of 64 bits.
    Integer64(i64),
    /// Bytes: text, an array, or a structure.
    Bytes {
        /// The program's memory.
        room: &'a mut [u8],
        /// `size`: bytes of the room, and what the driver makes of that.
        size: u32,
    },
}

impl<'a> ControlValue<'a> {
    /// A number of 32 bits: integers, booleans, menus, bits, buttons.
    pub const fn new(id: ControlId, value: i32) -> Self {
        Self { id, payload: ControlPayload::Integer(value), is_text: false }
    }

    /// A number of 64 bits ([`ControlType::INTEGER64`]).
    pub const fn new_64(id: ControlId, value: i64) -> Self {
        Self { id, payload: ControlPayload::Integer64(value), is_text: false }
    }

    /// A number, in as many bits as the control has: a larger one is the largest, so that the driver brings it into range. Of bits,
    /// the lower 32. `None` if the control's value is bytes.
    pub fn number(control: &Control, value: i64) -> Option<Self> {
        if control.has_payload() {
            return None;
        }
        Some(match control.control_type {
            ControlType::INTEGER64 => Self::new_64(control.id, value),
            ControlType::BITMASK => Self::new(control.id, value as i32),
            _ => Self::new(control.id, value.clamp(i32::MIN.into(), i32::MAX.into()) as i32),
        })
    }

    /// Bytes: room for the value, or the value to set, which the driver overwrites with what it has made of it. `None` if the
    /// control's value is a number.
    ///
    /// A text ends with a NUL, for which there is room. An array has the elements one after the other in the processor's byte
    /// order; as many as fit into the bytes, if its length can be set.
    pub fn bytes(control: &Control, room: &'a mut [u8]) -> Option<Self> {
        let size = u32::try_from(room.len()).unwrap_or(u32::MAX);
        let is_text = control.control_type == ControlType::STRING && !control.is_array();
        let payload = ControlPayload::Bytes { room, size };
        control.has_payload().then_some(Self { id: control.id, payload, is_text })
    }

    /// Which control.
    pub const fn id(&self) -> ControlId {
        self.id
    }

    /// The number, after the call as the driver has it; `None` of bytes. Of bits, those of 32 and a sign: see
    /// [`Controls::value`](crate::node::Controls::value).
    pub const fn as_number(&self) -> Option<i64> {
        match self.payload {
            ControlPayload::Integer(value) => Some(value as i64),
            ControlPayload::Integer64(value) => Some(value),
            ControlPayload::Bytes { .. } => None,
        }
    }

    /// The bytes of the value, after the call as the driver has it: of a text, what is before its NUL; `None` of a number.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        let ControlPayload::Bytes { room, size } = &self.payload else { return None };
        Some(valid(room, *size, self.is_text))
    }

    /// How many bytes the value has, after a call that failed with ENOSPC, and after one that read an array; `None` of a number.
    pub const fn size(&self) -> Option<u32> {
        match self.payload {
            ControlPayload::Bytes { size, .. } => Some(size),
            _ => None,
        }
    }

    /// The value, as the driver is given it. For implementations of [`Controls`](crate::node::Controls).
    pub fn payload_mut(&mut self) -> &mut ControlPayload<'a> {
        &mut self.payload
    }

    /// The bytes of the value with the life of the room.
    pub(super) fn into_bytes(self) -> &'a [u8] {
        match self.payload {
            ControlPayload::Bytes { room, size } => valid(room, size, self.is_text),
            _ => &[],
        }
    }
}

/// What of the room is the value's.
fn valid(room: &[u8], size: u32, is_text: bool) -> &[u8] {
    // A text's size stays the room's.
    let end = if is_text { room.iter().position(|byte| *byte == 0) } else { Some(size as usize) };
    let end = end.unwrap_or(room.len()).min(room.len());
    room.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Control, ControlId, ControlPayload, ControlType, ControlValue};

    fn control(control_type: ControlType) -> Control {
        Control::new(ControlId(1), control_type)
    }

    #[test]
    fn numbers_have_as_many_bits_as_the_control() {
        let number = |control_type, value| ControlValue::number(&control(control_type), value);
        assert_eq!(number(ControlType::INTEGER, 1 << 40), Some(ControlValue::new(ControlId(1), i32::MAX)));
        assert_eq!(number(ControlType::INTEGER64, 1 << 40), Some(ControlValue::new_64(ControlId(1), 1 << 40)));
        assert_eq!(number(ControlType::BITMASK, 0x8040_2010), Some(ControlValue::new(ControlId(1), -0x7fbf_dff0)));
        assert_eq!(number(ControlType::STRING, 1), None);
        assert_eq!(ControlValue::bytes(&control(ControlType::INTEGER), &mut []), None);
    }

    #[test]
    fn bytes_end_where_the_value_ends_whatever_the_driver_makes_of_the_size() {
        let mut room = *b"ab\0cd";
        for (control_type, size, bytes) in
            [(ControlType::STRING, 5, &b"ab"[..]), (ControlType::U8, 2, b"ab"), (ControlType::U8, u32::MAX, b"ab\0cd")]
        {
            let mut value = ControlValue::bytes(&control(control_type), &mut room).unwrap();
            if let ControlPayload::Bytes { size: given, .. } = value.payload_mut() {
                assert_eq!(core::mem::replace(given, size), 5);
            }
            assert_eq!((value.as_bytes(), value.size()), (Some(bytes), Some(size)));
            assert_eq!(value.into_bytes(), bytes);
        }
        let mut endless = *b"abc";
        assert_eq!(ControlValue::bytes(&control(ControlType::STRING), &mut endless).unwrap().into_bytes(), b"abc");
    }
}
