//! Timings of a digital input or output.

use core::mem::MaybeUninit;

use vidbuf::node::{
    Blanking, Polarities, Timings, TimingsCapabilities, TimingsFlags, TimingsRange, TimingsStandards, item, items,
};
use vidbuf_abi::frame::v4l2_fract;
use vidbuf_abi::timings::{
    V4L2_DV_BT_656_1120, v4l2_bt_timings, v4l2_dv_timings, v4l2_dv_timings_cap, v4l2_enum_dv_timings,
};

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno};

plain!(v4l2_dv_timings);
plain!(v4l2_enum_dv_timings);
plain!(v4l2_dv_timings_cap);

/// EINVAL for a type that this crate does not know; the kernel has one.
fn from_kernel(kernel: &v4l2_dv_timings) -> Result<Timings, Errno> {
    if kernel.type_ != V4L2_DV_BT_656_1120 {
        return Err(Errno::EINVAL);
    }
    let bt = kernel.timings.bt();
    let mut timings = Timings::default();
    (timings.width, timings.height, timings.interlaced) = (bt.width, bt.height, bt.interlaced != 0);
    timings.pixel_clock = bt.pixelclock;
    let blanking = |front_porch, sync, back_porch| Blanking { front_porch, sync, back_porch };
    timings.horizontal = blanking(bt.hfrontporch, bt.hsync, bt.hbackporch);
    timings.vertical = blanking(bt.vfrontporch, bt.vsync, bt.vbackporch);
    timings.vertical_second_field = blanking(bt.il_vfrontporch, bt.il_vsync, bt.il_vbackporch);
    timings.polarities = Polarities::from_bits_retain(bt.polarities);
    timings.standards = TimingsStandards::from_bits_retain(bt.standards);
    timings.flags = TimingsFlags::from_bits_retain(bt.flags);
    let v4l2_fract { numerator, denominator } = bt.picture_aspect;
    timings.picture_aspect = (numerator, denominator);
    (timings.cea861_vic, timings.hdmi_vic) = (bt.cea861_vic, bt.hdmi_vic);
    Ok(timings)
}

fn fill(timings: &Timings, kernel: &mut v4l2_dv_timings) {
    kernel.type_ = V4L2_DV_BT_656_1120;
    let (first, second) = (timings.vertical, timings.vertical_second_field);
    kernel.timings.set_bt(v4l2_bt_timings {
        width: timings.width,
        height: timings.height,
        interlaced: timings.interlaced.into(),
        polarities: timings.polarities.bits(),
        pixelclock: timings.pixel_clock,
        hfrontporch: timings.horizontal.front_porch,
        hsync: timings.horizontal.sync,
        hbackporch: timings.horizontal.back_porch,
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
    });
}

impl Device {
    /// `ioctl(fd, VIDIOC_QUERY_DV_TIMINGS, &timings)`: returns the timings of the signal that arrives now. Set them
    /// ([`set_dv_timings`](Self::set_dv_timings)) to capture it.
    ///
    /// The first three errors are states of the cable: wait for a source change
    /// ([`Subscription::SOURCE_CHANGE`](vidbuf::node::Subscription::SOURCE_CHANGE)) and ask again.
    ///
    /// # Errors
    ///
    /// - ENOLINK: no cable or no signal.
    /// - ENOLCK: a signal that the receiver cannot lock onto, or not yet.
    /// - ERANGE: a signal outside of what the receiver can take ([`dv_timings_range`](Self::dv_timings_range)).
    /// - ENODATA: this input has no timings. ENOTTY: no input has, or the device cannot detect them.
    ///
    /// # Kernel
    ///
    /// `vidioc-query-dv-timings.rst`.
    #[doc(alias = "VIDIOC_QUERY_DV_TIMINGS")]
    pub fn query_dv_timings(&self) -> Result<Timings, Errno> {
        let mut room = MaybeUninit::<v4l2_dv_timings>::uninit();
        let kernel = zero_in_place(&mut room);
        v4l2!(self, VIDIOC_QUERY_DV_TIMINGS, kernel)?;
        from_kernel(kernel)
    }

    /// `ioctl(fd, VIDIOC_G_DV_TIMINGS, &timings)`: returns the timings that are set.
    ///
    /// # Errors
    ///
    /// - ENODATA: this input or output has no timings. ENOTTY: none has.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-dv-timings.rst`.
    #[doc(alias = "VIDIOC_G_DV_TIMINGS")]
    pub fn dv_timings(&self) -> Result<Timings, Errno> {
        let mut room = MaybeUninit::<v4l2_dv_timings>::uninit();
        let kernel = zero_in_place(&mut room);
        v4l2!(self, VIDIOC_G_DV_TIMINGS, kernel)?;
        from_kernel(kernel)
    }

    /// `ioctl(fd, VIDIOC_S_DV_TIMINGS, &timings)`: sets timings, and the format with them, and returns those now in use.
    ///
    /// # Errors
    ///
    /// - EINVAL or ERANGE: the device cannot have them.
    /// - EBUSY: buffers are allocated, or another file has a higher priority. Timings that are set already are no error.
    /// - ENODATA: this input or output has no timings. ENOTTY: none has.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-dv-timings.rst`.
    #[doc(alias = "VIDIOC_S_DV_TIMINGS")]
    pub fn set_dv_timings(&self, timings: &Timings) -> Result<Timings, Errno> {
        let mut room = MaybeUninit::<v4l2_dv_timings>::uninit();
        let kernel = zero_in_place(&mut room);
        fill(timings, kernel);
        v4l2!(self, VIDIOC_S_DV_TIMINGS, kernel)?;
        from_kernel(kernel)
    }

    /// `ioctl(fd, VIDIOC_ENUM_DV_TIMINGS, &timings)`: the timings number `index` of those that the device knows by name, counted from 0;
    /// `None` after the last (EINVAL, or timings of another number than `index`).
    ///
    /// # Errors
    ///
    /// - ENODATA: this input or output has no timings. ENOTTY: none has.
    ///
    /// # Kernel
    ///
    /// `vidioc-enum-dv-timings.rst`.
    #[doc(alias = "VIDIOC_ENUM_DV_TIMINGS")]
    pub fn dv_timings_at(&self, index: u32) -> Result<Option<Timings>, Errno> {
        let mut room = MaybeUninit::<v4l2_enum_dv_timings>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.index = index;
        let outcome = v4l2!(self, VIDIOC_ENUM_DV_TIMINGS, kernel);
        item(index, outcome.and_then(|()| Ok((kernel.index, from_kernel(&kernel.timings)?))))
    }

    /// All timings that the device knows by name, one after the other ([`dv_timings_at`](Self::dv_timings_at)). An error is the last
    /// item, and the list ends on every driver.
    pub fn dv_timings_list(&self) -> impl Iterator<Item = Result<Timings, Errno>> + use<'_> {
        items(move |index| self.dv_timings_at(index))
    }

    /// `ioctl(fd, VIDIOC_DV_TIMINGS_CAP, &range)`: returns which timings the device can have.
    ///
    /// # Errors
    ///
    /// - ENODATA: this input or output has no timings. ENOTTY: none has.
    /// - EINVAL: a range of a type that is not known here; the kernel has one type.
    ///
    /// # Kernel
    ///
    /// `vidioc-dv-timings-cap.rst`.
    #[doc(alias = "VIDIOC_DV_TIMINGS_CAP")]
    pub fn dv_timings_range(&self) -> Result<TimingsRange, Errno> {
        let mut room = MaybeUninit::<v4l2_dv_timings_cap>::uninit();
        let kernel = zero_in_place(&mut room);
        v4l2!(self, VIDIOC_DV_TIMINGS_CAP, kernel)?;
        if kernel.type_ != V4L2_DV_BT_656_1120 {
            return Err(Errno::EINVAL);
        }
        let cap = kernel.cap.bt();
        let clock = (cap.min_pixelclock, cap.max_pixelclock);
        let mut range = TimingsRange::new((cap.min_width, cap.max_width), (cap.min_height, cap.max_height), clock);
        range.standards = TimingsStandards::from_bits_retain(cap.standards);
        range.capabilities = TimingsCapabilities::from_bits_retain(cap.capabilities);
        Ok(range)
    }
}

#[cfg(test)]
mod tests {
    use super::{Timings, fill, from_kernel, v4l2_dv_timings};
    use vidbuf_abi::value::Value as _;

    #[test]
    fn every_number_comes_back_that_was_set() {
        // Each field another number; what is reserved stays zero.
        let mut bytes = [0; size_of::<v4l2_dv_timings>()];
        for (at, byte) in bytes.iter_mut().enumerate().take(4 + 124 - 46).skip(4) {
            *byte = at as u8;
        }
        bytes[4 + 8..4 + 12].copy_from_slice(&1_u32.to_ne_bytes());
        let kernel = v4l2_dv_timings::read(&bytes).expect("enough bytes");
        let timings = from_kernel(&kernel).expect("type 0");
        assert_eq!((timings.interlaced, timings.hdmi_vic), (true, 4 + 77));
        let mut back = v4l2_dv_timings::default();
        fill(&timings, &mut back);
        assert_eq!(back, kernel);
    }

    #[test]
    fn unknown_type_is_an_error() {
        let kernel = v4l2_dv_timings { type_: 1, ..v4l2_dv_timings::default() };
        assert!(from_kernel(&kernel).is_err());
        assert_eq!(from_kernel(&v4l2_dv_timings::default()), Ok(Timings::default()));
    }
}
