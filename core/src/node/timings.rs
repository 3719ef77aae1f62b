//! The signal of a digital input or output: size, blanking and clock, as HDMI and SDI have them.

use bitflags::bitflags;

use super::FrameInterval;

mod range;
pub use range::{TimingsCapabilities, TimingsRange};

/// Timings of a digital signal (`v4l2_bt_timings`).
///
/// `Timings::default()` is all zero; a program gets its timings from the driver: those of the signal, those of the list, or those in
/// use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Timings {
    /// Visible pixels in a line.
    pub width: u32,
    /// Visible lines; of both fields, if interlaced.
    pub height: u32,
    /// Whether the picture comes in two fields.
    pub interlaced: bool,
    /// Pixels a second, blanking included, in Hz.
    pub pixel_clock: u64,
    /// Pixels of a line that are not visible.
    pub horizontal: Blanking,
    /// Lines that are not visible; of the first field, if interlaced.
    pub vertical: Blanking,
    /// The lines of the second field that are not visible; zero if progressive.
    pub vertical_second_field: Blanking,
    /// Which way the pulses go.
    pub polarities: Polarities,
    /// Which standards these timings are of.
    pub standards: TimingsStandards,
    /// What else is known.
    pub flags: TimingsFlags,
    /// Width to height of the picture, valid with [`TimingsFlags::HAS_PICTURE_ASPECT`].
    pub picture_aspect: (u32, u32),
    /// The number of the format in CEA-861, valid with [`TimingsFlags::HAS_CEA861_VIC`].
    pub cea861_vic: u8,
    /// The number of the format in HDMI, valid with [`TimingsFlags::HAS_HDMI_VIC`].
    pub hdmi_vic: u8,
}

/// What lies between two lines, or between two pictures, in pixels or in lines.
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Blanking {
    /// Before the pulse.
    pub front_porch: u32,
    /// The pulse.
    pub sync: u32,
    /// After the pulse.
    pub back_porch: u32,
}

impl Blanking {
    /// All of it.
    pub const fn total(self) -> u64 {
        self.front_porch as u64 + self.sync as u64 + self.back_porch as u64
    }
}

impl Timings {
    /// Progressive timings: visible pixels and lines, pixels a second with blanking in Hz, and the blanking. The other fields are zero,
    /// to be set as they are needed.
    pub const fn progressive(
        width: u32,
        height: u32,
        pixel_clock: u64,
        horizontal: Blanking,
        vertical: Blanking,
    ) -> Self {
        Self {
            width,
            height,
            interlaced: false,
            pixel_clock,
            horizontal,
            vertical,
            vertical_second_field: Blanking { front_porch: 0, sync: 0, back_porch: 0 },
            polarities: Polarities::empty(),
            standards: TimingsStandards::empty(),
            flags: TimingsFlags::empty(),
            picture_aspect: (0, 0),
            cea861_vic: 0,
            hdmi_vic: 0,
        }
    }

    /// Pixels of a line, blanking included.
    pub const fn total_width(&self) -> u64 {
        self.width as u64 + self.horizontal.total()
    }

    /// Lines of a picture, blanking included: of both fields, if interlaced.
    pub const fn total_height(&self) -> u64 {
        let second = if self.interlaced { self.vertical_second_field.total() } else { 0 };
        self.height as u64 + self.vertical.total() + second
    }

    /// Seconds from one picture to the next, in lowest terms; `None` if the clock is 0, there is no picture, or the fraction does not
    /// fit. Two fields of an interlaced signal are one picture: fields come twice as often.
    ///
    /// A clock that is slowed down by 1000/1001 ([`TimingsFlags::REDUCED_FPS`]) is taken into account.
    ///
    /// ```
    /// use vidbuf::node::{Blanking, FrameInterval, Timings};
    ///
    /// let horizontal = Blanking { front_porch: 88, sync: 44, back_porch: 148 };
    /// let vertical = Blanking { front_porch: 4, sync: 5, back_porch: 36 };
    /// let timings = Timings::progressive(1920, 1080, 148_500_000, horizontal, vertical);
    /// assert_eq!(timings.frame_interval(), Some(FrameInterval { numerator: 1, denominator: 60 }));
    /// assert_eq!(timings.refresh_millihertz(), Some(60_000));
    /// ```
    pub fn frame_interval(&self) -> Option<FrameInterval> {
        let (pixels, clock) = self.pixels_and_clock()?;
        let divisor = greatest_common_divisor(pixels, clock);
        let (numerator, denominator) = (pixels.checked_div(divisor)?, clock.checked_div(divisor)?);
        Some(FrameInterval { numerator: numerator.try_into().ok()?, denominator: denominator.try_into().ok()? })
    }

    /// Pictures in 1000 seconds, rounded to the nearest: 59_940 of 59.94 Hz. `None` as for
    /// [`frame_interval`](Self::frame_interval), except that no fraction has to fit.
    pub fn refresh_millihertz(&self) -> Option<u32> {
        let (pixels, clock) = self.pixels_and_clock()?;
        let thousand = u128::from(clock) * 1000;
        u32::try_from((thousand + u128::from(pixels / 2)).checked_div(pixels.into())?).ok()
    }

    /// Pixels of a picture, and how many come in a second; both multiplied by the same number.
    fn pixels_and_clock(&self) -> Option<(u64, u64)> {
        let pixels = self.total_width().checked_mul(self.total_height())?;
        let is_slow = self.flags.contains(TimingsFlags::REDUCED_FPS);
        let (pixels, clock) = if is_slow {
            (pixels.checked_mul(1001)?, self.pixel_clock.checked_mul(1000)?)
        } else {
            (pixels, self.pixel_clock)
        };
        (pixels > 0 && clock > 0).then_some((pixels, clock))
    }

    /// Whether another signal is the same for a program: the same picture and totals, and clocks that differ by at most `tolerance`
    /// Hz. Receivers measure the clock and see only the sum of the blanking: 250_000 is a usual tolerance.
    pub const fn is_like(&self, other: &Self, tolerance: u64) -> bool {
        self.width == other.width
            && self.height == other.height
            && self.interlaced == other.interlaced
            && self.total_width() == other.total_width()
            && self.total_height() == other.total_height()
            && self.pixel_clock.abs_diff(other.pixel_clock) <= tolerance
    }
}

const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

bitflags! {
    /// Which pulses are positive (`V4L2_DV_*_POS_POL`); the others are negative.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct Polarities: u32 {
        /// Vertical.
        const VERTICAL_POSITIVE = 0x1;
        /// Horizontal.
        const HORIZONTAL_POSITIVE = 0x2;
        const _ = !0;
    }
}

bitflags! {
    /// Which standards timings are of (`V4L2_DV_BT_STD_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct TimingsStandards: u32 {
        /// CEA-861: television.
        const CEA861 = 0x1;
        /// VESA discrete monitor timings.
        const DMT = 0x2;
        /// VESA coordinated video timings.
        const CVT = 0x4;
        /// VESA generalized timings formula.
        const GTF = 0x8;
        /// SDI.
        const SDI = 0x10;
        const _ = !0;
    }
}

bitflags! {
    /// What else is known about timings (`V4L2_DV_FL_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct TimingsFlags: u32 {
        /// Reduced blanking.
        const REDUCED_BLANKING = 0x1;
        /// The clock can be slowed down by 1000/1001.
        const CAN_REDUCE_FPS = 0x2;
        /// The clock is slowed down by 1000/1001; `pixel_clock` is that of before.
        const REDUCED_FPS = 0x4;
        /// The second field has half a line more.
        const HALF_LINE = 0x8;
        /// Consumer video: the range of colors is limited unless something else is known.
        const IS_CE_VIDEO = 0x10;
        /// The first field has a line more.
        const FIRST_FIELD_EXTRA_LINE = 0x20;
        /// `picture_aspect` is valid.
        const HAS_PICTURE_ASPECT = 0x40;
        /// `cea861_vic` is valid.
        const HAS_CEA861_VIC = 0x80;
        /// `hdmi_vic` is valid.
        const HAS_HDMI_VIC = 0x100;
        /// The receiver can see whether the clock is slowed down.
        const CAN_DETECT_REDUCED_FPS = 0x200;
        const _ = !0;
    }
}

// defmt's own bitflags macro is for bitflags 1.
#[cfg(feature = "defmt")]
impl defmt::Format for Polarities {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Polarities({=u32:#x})", self.bits());
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for TimingsStandards {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "TimingsStandards({=u32:#x})", self.bits());
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for TimingsFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "TimingsFlags({=u32:#x})", self.bits());
    }
}

#[cfg(test)]
mod tests {
    use super::{Blanking, FrameInterval, Timings, TimingsFlags};

    /// 720x480 and 1920x1080 as CEA-861 has them.
    fn interlaced(width: u32, height: u32, clock: u64, line: [u32; 3], first: [u32; 3], second: [u32; 3]) -> Timings {
        let blanking = |[front_porch, sync, back_porch]: [u32; 3]| Blanking { front_porch, sync, back_porch };
        Timings {
            width,
            height,
            interlaced: true,
            pixel_clock: clock,
            horizontal: blanking(line),
            vertical: blanking(first),
            vertical_second_field: blanking(second),
            ..Timings::default()
        }
    }

    #[test]
    fn two_fields_are_one_picture() {
        let timings = interlaced(1920, 1080, 74_250_000, [88, 44, 148], [2, 5, 15], [2, 5, 16]);
        assert_eq!((timings.total_width(), timings.total_height()), (2200, 1125));
        assert_eq!(timings.frame_interval(), Some(FrameInterval { numerator: 1, denominator: 30 }));
        assert_eq!(timings.refresh_millihertz(), Some(30_000));
    }

    #[test]
    fn slow_clock_is_1000_of_1001() {
        let mut timings = interlaced(1920, 1080, 74_250_000, [88, 44, 148], [2, 5, 15], [2, 5, 16]);
        timings.flags = TimingsFlags::REDUCED_FPS;
        assert_eq!(timings.frame_interval(), Some(FrameInterval { numerator: 1001, denominator: 30_000 }));
        assert_eq!(timings.refresh_millihertz(), Some(29_970));
    }

    #[test]
    fn numbers_of_any_driver_are_no_panic() {
        let word = u32::MAX;
        let all = [word, word, word];
        for clock in [0, 1, u64::MAX] {
            for flags in [TimingsFlags::empty(), TimingsFlags::REDUCED_FPS] {
                let timings = Timings { flags, ..interlaced(word, word, clock, all, all, all) };
                assert_eq!(timings.frame_interval(), None);
                let _ = timings.refresh_millihertz();
                assert!(timings.is_like(&timings, 0));
            }
        }
        assert_eq!(Timings { pixel_clock: 1, ..Timings::default() }.frame_interval(), None);
    }
}
