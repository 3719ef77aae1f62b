//! Which timings a driver can have.

use bitflags::bitflags;

use super::{Timings, TimingsStandards};

/// The range of timings of an input or output (`v4l2_bt_timings_cap`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct TimingsRange {
    /// The least visible pixels in a line.
    pub min_width: u32,
    /// The most.
    pub max_width: u32,
    /// The least visible lines.
    pub min_height: u32,
    /// The most.
    pub max_height: u32,
    /// The slowest clock in Hz.
    pub min_pixel_clock: u64,
    /// The fastest.
    pub max_pixel_clock: u64,
    /// The standards that are supported.
    pub standards: TimingsStandards,
    /// What else is supported.
    pub capabilities: TimingsCapabilities,
}

bitflags! {
    /// Which kinds of timings a driver can have (`V4L2_DV_BT_CAP_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct TimingsCapabilities: u32 {
        /// Interlaced ones.
        const INTERLACED = 0x1;
        /// Progressive ones.
        const PROGRESSIVE = 0x2;
        /// Reduced blanking.
        const REDUCED_BLANKING = 0x4;
        /// Those of no standard.
        const CUSTOM = 0x8;
        const _ = !0;
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for TimingsCapabilities {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "TimingsCapabilities({=u32:#x})", self.bits());
    }
}

impl TimingsRange {
    /// A range of sizes in pixels and clocks in Hz, all progressive, as a backend of your own may report it.
    pub const fn new(width: (u32, u32), height: (u32, u32), pixel_clock: (u64, u64)) -> Self {
        Self {
            min_width: width.0,
            max_width: width.1,
            min_height: height.0,
            max_height: height.1,
            min_pixel_clock: pixel_clock.0,
            max_pixel_clock: pixel_clock.1,
            standards: TimingsStandards::empty(),
            capabilities: TimingsCapabilities::PROGRESSIVE,
        }
    }

    /// Whether timings are in the range: by size, clock, standard, and whether they are interlaced. As the kernel's comparison, it does
    /// not look at reduced blanking. A driver may still refuse them.
    pub const fn contains(&self, timings: &Timings) -> bool {
        let kind = if timings.interlaced { TimingsCapabilities::INTERLACED } else { TimingsCapabilities::PROGRESSIVE };
        let is_standard = timings.standards.is_empty() || timings.standards.intersects(self.standards);
        self.min_width <= timings.width
            && timings.width <= self.max_width
            && self.min_height <= timings.height
            && timings.height <= self.max_height
            && self.min_pixel_clock <= timings.pixel_clock
            && timings.pixel_clock <= self.max_pixel_clock
            && self.capabilities.contains(kind)
            && (is_standard || self.capabilities.contains(TimingsCapabilities::CUSTOM))
    }
}
