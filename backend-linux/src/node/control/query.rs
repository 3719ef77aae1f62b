//! A control as it is described by the kernel.

use vidbuf::node::{Control, ControlFlags, ControlId, ControlType, Text};
use vidbuf_abi::control::{v4l2_query_ext_ctrl, v4l2_queryctrl};

/// What VIDIOC_QUERY_EXT_CTRL returned.
pub(super) fn described(kernel: &v4l2_query_ext_ctrl) -> Control {
    let mut control = Control::new(ControlId(kernel.id), ControlType(kernel.type_));
    control.name = Text::new(kernel.name);
    (control.minimum, control.maximum) = (kernel.minimum, kernel.maximum);
    (control.step, control.default) = (kernel.step, kernel.default_value);
    control.flags = ControlFlags::from_bits_retain(kernel.flags);
    (control.elem_size, control.elems) = (kernel.elem_size, kernel.elems);
    (control.nr_of_dims, control.dims) = (kernel.nr_of_dims, kernel.dims);
    control
}

/// What VIDIOC_QUERYCTRL returned. Its limits of a text are lengths, those of bits have a sign that is none.
pub(super) fn described_32(kernel: &v4l2_queryctrl) -> Control {
    let mut control = Control::new(ControlId(kernel.id), ControlType(kernel.type_));
    let wide = |value: i32| match control.control_type {
        ControlType::BITMASK => i64::from(value as u32),
        _ => i64::from(value),
    };
    (control.minimum, control.maximum) = (wide(kernel.minimum), wide(kernel.maximum));
    (control.step, control.default) = (u64::from(kernel.step.unsigned_abs()), wide(kernel.default_value));
    control.name = Text::new(kernel.name);
    control.flags = ControlFlags::from_bits_retain(kernel.flags);
    control.elem_size = match control.control_type {
        ControlType::INTEGER64 => 8,
        ControlType::STRING => kernel.maximum.unsigned_abs().saturating_add(1),
        _ => 4,
    };
    control
}

#[cfg(test)]
mod tests {
    use super::{ControlType, described_32};
    use vidbuf_abi::control::v4l2_queryctrl;

    #[test]
    fn limits_of_bits_have_no_sign() {
        let kernel = v4l2_queryctrl {
            type_: 8,
            maximum: 0x8040_2010_u32 as i32,
            default_value: i32::MIN,
            step: -1,
            ..v4l2_queryctrl::default()
        };
        let control = described_32(&kernel);
        assert_eq!(
            (control.control_type, control.maximum, control.default),
            (ControlType::BITMASK, 0x8040_2010, 1 << 31)
        );
        assert_eq!(described_32(&v4l2_queryctrl { type_: 1, ..kernel }).default, i64::from(i32::MIN));
        let text = described_32(&v4l2_queryctrl { type_: 7, maximum: 8, ..kernel });
        assert_eq!((text.elem_size, text.size()), (9, Some(9)));
    }
}
