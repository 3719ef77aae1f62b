//! Which frame sizes a pixel format has.

/// One frame size, or a range of them ([`Formats::sizes`](super::Formats::sizes)). All in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FrameSize {
    /// Exactly this one.
    Discrete {
        /// Pixels in a line.
        width: u32,
        /// Lines.
        height: u32,
    },
    /// Everything from `least` in steps of `step` up to `most`, each as (width, height).
    Stepwise {
        /// The smallest.
        least: (u32, u32),
        /// The largest.
        most: (u32, u32),
        /// The step, at least (1, 1), which is every size in between.
        step: (u32, u32),
    },
}

impl FrameSize {
    /// The range from `least` to `most`, each as (width, height). A step is divided by, so that a driver's 0 becomes 1 here.
    pub const fn range(least: (u32, u32), most: (u32, u32), step: (u32, u32)) -> Self {
        const fn at_least_1(step: u32) -> u32 {
            if step == 0 { 1 } else { step }
        }
        Self::Stepwise { least, most, step: (at_least_1(step.0), at_least_1(step.1)) }
    }

    /// The nearest size of these, as (width, height); of two as near, the larger. A range whose ends are the wrong way round
    /// has its smallest size only.
    ///
    /// ```
    /// use vidbuf::node::FrameSize;
    /// let sizes = FrameSize::range((32, 32), (1920, 1080), (16, 8));
    /// assert_eq!(sizes.nearest(1278, 727), (1280, 728));
    /// assert_eq!(sizes.nearest(4000, 1), (1920, 32));
    /// ```
    pub const fn nearest(self, width: u32, height: u32) -> (u32, u32) {
        match self {
            Self::Discrete { width, height } => (width, height),
            Self::Stepwise { least, most, step } => {
                (side(width, least.0, most.0, step.0), side(height, least.1, most.1, step.1))
            }
        }
    }
}

/// The nearest of `least`, `least + step`, and so on up to `most`.
const fn side(wanted: u32, least: u32, most: u32, step: u32) -> u32 {
    let step = if step == 0 { 1 } else { step };
    if wanted <= least || most <= least {
        return least;
    }
    let within = if wanted < most { wanted } else { most } - least;
    let below = within / step * step;
    // At most `most`, so nothing wraps.
    let over = within - below;
    if over > 0 && step - over <= over && step <= most - least - below { least + below + step } else { least + below }
}

#[cfg(test)]
mod tests {
    use super::{FrameSize, side};

    #[test]
    fn nearest_side_is_one_of_the_driver() {
        let table = [
            // wanted, least, most, step
            ((640, 16, 1920, 8), 640),
            ((643, 16, 1920, 8), 640),
            ((644, 16, 1920, 8), 648),
            ((645, 16, 1920, 8), 648),
            ((0, 16, 1920, 8), 16),
            ((u32::MAX, 16, 1920, 8), 1920),
            // The last step does not fit.
            ((1919, 16, 1919, 8), 1912),
            ((u32::MAX, 0, u32::MAX, 1), u32::MAX),
            ((u32::MAX, 1, u32::MAX, 2), u32::MAX),
            ((u32::MAX - 1, 0, u32::MAX, u32::MAX), u32::MAX),
            ((7, 0, u32::MAX, u32::MAX), 0),
            // A driver's garbage.
            ((640, 1920, 16, 8), 1920),
            ((640, 16, 1920, 0), 640),
            ((640, 640, 640, 0), 640),
        ];
        for ((wanted, least, most, step), nearest) in table {
            assert_eq!(side(wanted, least, most, step), nearest, "{wanted} of {least}..={most} by {step}");
        }
    }

    #[test]
    fn step_of_0_becomes_1() {
        let range = FrameSize::range((2, 2), (9, 9), (0, 0));
        assert_eq!(range, FrameSize::Stepwise { least: (2, 2), most: (9, 9), step: (1, 1) });
    }
}
