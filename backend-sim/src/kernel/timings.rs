//! Timings between the types of programs and the kernel's structure.

use vidbuf::node::{Blanking, Polarities, Timings, TimingsFlags, TimingsStandards};
use vidbuf_abi::frame::v4l2_fract;
use vidbuf_abi::timings::{V4L2_DV_BT_656_1120, v4l2_bt_timings, v4l2_dv_timings, v4l2_dv_timings_union};

/// As the kernel writes them.
pub(crate) fn to_kernel(timings: &Timings) -> v4l2_dv_timings {
    let (line, first, second) = (timings.horizontal, timings.vertical, timings.vertical_second_field);
    let bt = v4l2_bt_timings {
        width: timings.width,
        height: timings.height,
        interlaced: timings.interlaced.into(),
        polarities: timings.polarities.bits(),
        pixelclock: timings.pixel_clock,
        hfrontporch: line.front_porch,
        hsync: line.sync,
        hbackporch: line.back_porch,
        vfrontporch: first.front_porch,
        vsync: first.sync,
        vbackporch: first.back_porch,
        il_vfrontporch: second.front_porch,
        il_vsync: second.sync,
        il_vbackporch: second.back_porch,
        standards: timings.standards.bits(),
        flags: timings.flags.bits(),
        picture_aspect: v4l2_fract { numerator: timings.picture_aspect.0, denominator: timings.picture_aspect.1 },
        cea861_vic: timings.cea861_vic,
        hdmi_vic: timings.hdmi_vic,
        ..v4l2_bt_timings::default()
    };
    v4l2_dv_timings { type_: V4L2_DV_BT_656_1120, timings: v4l2_dv_timings_union::of_bt(bt) }
}

/// As programs have them; `None` for a type that there is not.
pub(crate) fn from_kernel(kernel: &v4l2_dv_timings) -> Option<Timings> {
    if kernel.type_ != V4L2_DV_BT_656_1120 {
        return None;
    }
    let bt = kernel.timings.bt();
    let blanking = |front_porch, sync, back_porch| Blanking { front_porch, sync, back_porch };
    let line = blanking(bt.hfrontporch, bt.hsync, bt.hbackporch);
    let first = blanking(bt.vfrontporch, bt.vsync, bt.vbackporch);
    let mut timings = Timings::progressive(bt.width, bt.height, bt.pixelclock, line, first);
    timings.interlaced = bt.interlaced != 0;
    timings.vertical_second_field = blanking(bt.il_vfrontporch, bt.il_vsync, bt.il_vbackporch);
    timings.polarities = Polarities::from_bits_retain(bt.polarities);
    timings.standards = TimingsStandards::from_bits_retain(bt.standards);
    timings.flags = TimingsFlags::from_bits_retain(bt.flags);
    let v4l2_fract { numerator, denominator } = bt.picture_aspect;
    timings.picture_aspect = (numerator, denominator);
    (timings.cea861_vic, timings.hdmi_vic) = (bt.cea861_vic, bt.hdmi_vic);
    Some(timings)
}

#[cfg(test)]
mod tests {
    use super::{from_kernel, to_kernel};

    #[test]
    fn every_number_comes_back() {
        for timings in crate::timings::ALL {
            assert_eq!(from_kernel(&to_kernel(timings)), Some(*timings));
        }
        let mut unknown = to_kernel(&crate::timings::P640X480);
        unknown.type_ = 1;
        assert_eq!(from_kernel(&unknown), None);
    }
}
