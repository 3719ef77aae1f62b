//! Timings of a digital input or output.

use core::mem::MaybeUninit;

use vidbuf::node::{Timings, TimingsRange, item, items};
use vidbuf_abi::timings::{v4l2_dv_timings, v4l2_dv_timings_cap, v4l2_enum_dv_timings};

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno};

plain!(v4l2_dv_timings);
plain!(v4l2_enum_dv_timings);
plain!(v4l2_dv_timings_cap);

vidbuf_abi::timings_conversions!(conversions);
use conversions::{fill, from_kernel, range};

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
        from_kernel(kernel).ok_or(Errno::EINVAL)
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
        from_kernel(kernel).ok_or(Errno::EINVAL)
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
    pub fn set_dv_timings(&mut self, timings: &Timings) -> Result<Timings, Errno> {
        let mut room = MaybeUninit::<v4l2_dv_timings>::uninit();
        let kernel = zero_in_place(&mut room);
        fill(timings, kernel);
        v4l2!(self, VIDIOC_S_DV_TIMINGS, kernel)?;
        from_kernel(kernel).ok_or(Errno::EINVAL)
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
        item(index, outcome.and_then(|()| Ok((kernel.index, from_kernel(&kernel.timings).ok_or(Errno::EINVAL)?))))
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
        range(kernel).ok_or(Errno::EINVAL)
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
        assert!(from_kernel(&kernel).is_none());
        assert_eq!(from_kernel(&v4l2_dv_timings::default()), Some(Timings::default()));
    }
}
