//! How many planes the buffers of a queue have.

/// `VIDEO_MAX_PLANES`: planes a multi-planar buffer has at most.
pub const MAX_PLANES: usize = 8;

/// A number of planes, 1 to [`MAX_PLANES`]: a backend may rely on it where the kernel writes so many.
///
/// A later version adds no variant: `VIDEO_MAX_PLANES` is part of the kernel's interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum PlaneCount {
    /// As on every single-planar queue.
    One = 1,
    /// 2.
    Two,
    /// 3.
    Three,
    /// 4.
    Four,
    /// 5.
    Five,
    /// 6.
    Six,
    /// 7.
    Seven,
    /// [`MAX_PLANES`].
    Eight,
}

impl PlaneCount {
    /// `None` for 0 and for more than [`MAX_PLANES`].
    pub const fn new(planes: u32) -> Option<Self> {
        const ALL: [PlaneCount; MAX_PLANES] = {
            use PlaneCount::*;
            [One, Two, Three, Four, Five, Six, Seven, Eight]
        };
        // `get` is no constant function yet.
        if 0 < planes && planes as usize <= ALL.len() { Some(ALL[planes as usize - 1]) } else { None }
    }

    /// The number.
    #[inline(always)]
    pub const fn get(self) -> usize {
        // A variant and not a number in a field: the compiler knows what it can be, and drops the checks of indices below it.
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::PlaneCount;

    #[test]
    fn one_to_eight_are_counts() {
        for planes in 1..=8 {
            assert_eq!(PlaneCount::new(planes).map(PlaneCount::get), Some(planes as usize));
        }
        assert_eq!([0, 9, u32::MAX].map(PlaneCount::new), [None; 3]);
    }
}
