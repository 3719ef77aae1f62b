//! How long a frame takes, and which of these intervals a node has.

use core::time::Duration;

use super::list;
use crate::error::Errno;
use crate::v4l2::FourCc;

/// Seconds that a frame takes, as a fraction: 1/30 is 30 frames a second.
///
/// Both fields of `v4l2_fract`: a later version adds none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameInterval {
    /// Seconds, together with the denominator.
    pub numerator: u32,
    /// Divides the numerator. A driver that does not know the interval returns 0 here, in the numerator, or in both.
    pub denominator: u32,
}

impl FrameInterval {
    /// The interval, rounded down to nanoseconds; `None` if the driver does not know it (a 0 in either number).
    pub const fn duration(self) -> Option<Duration> {
        const NANOSECONDS: u64 = 1_000_000_000;
        // Below 2^62.
        let nanoseconds = self.numerator as u64 * NANOSECONDS;
        match nanoseconds.checked_div(self.denominator as u64) {
            Some(nanoseconds) if self.numerator > 0 => Some(Duration::from_nanos(nanoseconds)),
            _ => None,
        }
    }
}

/// One frame interval, or a range of them ([`ListIntervals`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FrameIntervals {
    /// Exactly this one.
    Discrete(FrameInterval),
    /// Everything from `least` to `most`, which is the longest.
    Range {
        /// The shortest.
        least: FrameInterval,
        /// The longest.
        most: FrameInterval,
        /// In steps of this; `None`: whatever lies between.
        step: Option<FrameInterval>,
    },
}

/// A node that lists which frame intervals it has.
///
/// Kernel: `vidioc-enum-frameintervals.rst`.
pub trait ListIntervals {
    /// `ioctl(fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval)`: the interval number `index`, counted from 0, of a pixel format and exactly
    /// this size in pixels; `None` after the last (EINVAL, or an interval of another number than `index`). A range has the number
    /// 0 and is the only one.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver does not list intervals.
    #[doc(alias = "VIDIOC_ENUM_FRAMEINTERVALS")]
    fn interval(&self, format: FourCc, width: u32, height: u32, index: u32) -> Result<Option<FrameIntervals>, Errno>;

    /// All of them, one after the other; none if the node has no such format or size. An error is the last item. Ends on every
    /// driver: an interval that repeats the one before is left out, and numbers from 1024 on are not asked for.
    ///
    /// ```
    /// use vidbuf::node::{FrameIntervals, ListIntervals};
    /// use vidbuf::{Errno, FourCc};
    ///
    /// /// The most frames in a second, rounded down.
    /// fn fastest(camera: &impl ListIntervals, width: u32, height: u32) -> Result<u32, Errno> {
    ///     let mut most = 0;
    ///     for listed in camera.intervals(FourCc::YUYV, width, height) {
    ///         let shortest = match listed? {
    ///             FrameIntervals::Discrete(interval) => interval,
    ///             FrameIntervals::Range { least, .. } => least,
    ///             _ => continue,
    ///         };
    ///         most = most.max(shortest.denominator.checked_div(shortest.numerator).unwrap_or(0));
    ///     }
    ///     Ok(most)
    /// }
    /// ```
    fn intervals(
        &self,
        format: FourCc,
        width: u32,
        height: u32,
    ) -> impl Iterator<Item = Result<FrameIntervals, Errno>> {
        list::items(move |index| {
            let interval = self.interval(format, width, height, index)?;
            Ok(interval.filter(|interval| index == 0 || matches!(interval, FrameIntervals::Discrete(_))))
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{Duration, Errno, FourCc, FrameInterval, FrameIntervals, ListIntervals};
    use std::vec::Vec;

    #[test]
    fn duration_of_every_fraction_is_a_number_or_unknown() {
        let table = [
            ((1, 30), Some(Duration::from_nanos(33_333_333))),
            ((1001, 30000), Some(Duration::from_nanos(33_366_666))),
            ((u32::MAX, 1), Some(Duration::from_secs(u32::MAX.into()))),
            ((1, u32::MAX), Some(Duration::ZERO)),
            ((0, 0), None),
            ((1, 0), None),
            ((0, 30), None),
        ];
        for ((numerator, denominator), duration) in table {
            assert_eq!(FrameInterval { numerator, denominator }.duration(), duration, "{numerator}/{denominator}");
        }
    }

    const fn fraction(number: u32) -> FrameInterval {
        FrameInterval { numerator: number, denominator: 30 }
    }

    /// A driver that makes its list of the number it is asked for.
    struct Driver(fn(u32) -> FrameIntervals);

    impl ListIntervals for Driver {
        fn interval(&self, _: FourCc, _: u32, _: u32, index: u32) -> Result<Option<FrameIntervals>, Errno> {
            Ok(Some((self.0)(index)))
        }
    }

    #[test]
    fn list_ends_on_drivers_that_do_not_end_it() {
        let listed = |driver: fn(u32) -> FrameIntervals| {
            Driver(driver).intervals(FourCc::YUYV, 2, 2).collect::<Result<Vec<_>, _>>().unwrap()
        };
        assert_eq!(listed(|index| FrameIntervals::Discrete(fraction(index))).len(), 1024);
        assert_eq!(listed(|_| FrameIntervals::Discrete(fraction(1))).len(), 1);
        // Each range another one: only the first counts.
        let range = |index| FrameIntervals::Range { least: fraction(index), most: fraction(index + 9), step: None };
        assert_eq!(listed(range), [range(0)]);
    }
}
