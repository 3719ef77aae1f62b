//! Which sizes and rates a driver has, as data.

use vidbuf::FourCc;
use vidbuf::node::FrameInterval;

use super::Profile;

/// A size that a driver lists.
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pixels in a line.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// In which pixel formats; none stands for all.
    pub formats: &'static [FourCc],
    /// Which intervals frames of it may have, in the driver's order.
    pub intervals: &'static [FrameInterval],
}

/// Which sizes a driver has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sizes {
    /// Everything in a range; its intervals are the profile's.
    Range {
        /// The smallest, as (width, height).
        least: (u32, u32),
        /// The largest.
        most: (u32, u32),
        /// From one to the next, as `VIDIOC_ENUM_FRAMESIZES` reports.
        step: (u32, u32),
        /// What `VIDIOC_S_FMT` rounds to, which some drivers do not report.
        align: (u32, u32),
    },
    /// These, in the driver's order, each with its intervals.
    Discrete(&'static [Size]),
}

/// How a driver sets a rate (`VIDIOC_S_PARM`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Rate {
    /// Not at all: there is no `VIDIOC_G_PARM` and no `VIDIOC_S_PARM`, as on receivers whose sensor has the rate.
    Elsewhere,
    /// As vivid: the first interval of the list that is not longer than the given one, at any time; a denominator of 0 is the last of the
    /// list. The interval stays when a format is set, if the size has it.
    NotLonger,
    /// As uvcvideo: the nearest interval of the list, not while streaming. Setting a format goes back to the first of its list.
    Nearest,
}

impl Sizes {
    /// Everything that a driver of the simulator may have.
    pub(super) const ANY: Self =
        Self::Range { least: (16, 16), most: (Profile::LARGEST, Profile::LARGEST), step: (2, 2), align: (2, 2) };
    /// unicam lists every size, and makes widths multiples of 4.
    pub(super) const UNICAM: Self =
        Self::Range { least: (16, 16), most: (Profile::LARGEST, Profile::LARGEST), step: (1, 1), align: (4, 1) };

    /// The sizes of a pixel format that are listed one by one.
    pub(crate) fn listed(&self, format: FourCc) -> impl Iterator<Item = &'static Size> {
        let list: &'static [Size] = match *self {
            Self::Discrete(list) => list,
            Self::Range { .. } => &[],
        };
        list.iter().filter(move |size| size.formats.is_empty() || size.formats.contains(&format))
    }

    /// The size that VIDIOC_S_FMT makes of another: of a list the nearest (least difference in width and height together), of a range
    /// the nearest multiple of what it rounds to; of two as near, the larger.
    pub(crate) fn nearest(&self, format: FourCc, width: u32, height: u32) -> (u32, u32) {
        let (least, most, align) = match *self {
            Self::Range { least, most, align, .. } => (least, most, align),
            Self::Discrete(_) => {
                let far =
                    |size: &&Size| u64::from(size.width.abs_diff(width)) + u64::from(size.height.abs_diff(height));
                return self.listed(format).min_by_key(far).map_or((0, 0), |size| (size.width, size.height));
            }
        };
        let side = |pixels: u32, least: u32, most: u32, align: u32| {
            let (pixels, align) = (pixels.max(least).min(most), align.max(1));
            let nearest = pixels.saturating_add(align / 2) / align * align;
            nearest.max(least).min(most)
        };
        (side(width, least.0, most.0, align.0), side(height, least.1, most.1, align.1))
    }
}

impl Profile {
    /// The intervals that frames of this size may have, in the driver's order.
    pub(crate) fn intervals_of(&self, format: FourCc, width: u32, height: u32) -> &'static [FrameInterval] {
        match self.sizes {
            Sizes::Range { .. } => self.intervals,
            Sizes::Discrete(_) => {
                let mut listed = self.sizes.listed(format);
                let size = listed.find(|size| (size.width, size.height) == (width, height));
                size.map_or(&[], |size| size.intervals)
            }
        }
    }
}

const fn interval(numerator: u32, denominator: u32) -> FrameInterval {
    FrameInterval { numerator, denominator }
}

/// The intervals of vivid's webcam, longest first: on Linux 6.1 without the last.
const VIVID: &[FrameInterval] = &[
    interval(1, 1),
    interval(1, 2),
    interval(1, 4),
    interval(1, 5),
    interval(1, 10),
    interval(2, 25),
    interval(1, 15),
    interval(1, 25),
    interval(1, 30),
    interval(1, 40),
    interval(1, 50),
    interval(1, 60),
    interval(1, 120),
];

/// The first intervals of vivid's webcam.
const fn first(intervals: usize) -> &'static [FrameInterval] {
    VIVID.split_at(intervals).0
}

/// What vivid has for the smallest pictures of its webcam on 6.1.
pub(super) const WEBCAM: &[FrameInterval] = first(12);

const fn vivid(width: u32, height: u32, intervals: usize) -> Size {
    Size { width, height, formats: &[], intervals: first(intervals) }
}

/// vivid's webcam on Linux 6.1: the larger the picture, the slower.
pub(super) const VIVID_6_1: &[Size] = &[
    vivid(320, 180, 12),
    vivid(640, 360, 10),
    vivid(640, 480, 8),
    vivid(1280, 720, 6),
    vivid(1920, 1080, 4),
    vivid(3840, 2160, 2),
];

/// vivid's webcam on Linux 6.12: slower at 720, 1080 and 2160 lines.
pub(super) const VIVID_6_12: &[Size] = &[
    vivid(320, 180, 13),
    vivid(640, 360, 13),
    vivid(640, 480, 13),
    vivid(1280, 720, 12),
    vivid(1920, 1080, 9),
    vivid(3840, 2160, 7),
];

const USUAL: &[FrameInterval] =
    &[interval(1, 30), interval(1, 25), interval(1, 20), interval(1, 15), interval(1, 10), interval(1, 5)];

/// The slowest intervals of that list.
const fn raw(width: u32, height: u32, intervals: usize) -> Size {
    let intervals = USUAL.split_at(USUAL.len() - intervals).1;
    Size { width, height, formats: &[FourCc::YUYV], intervals }
}

const fn compressed(width: u32, height: u32) -> Size {
    Size { width, height, formats: &[FourCc::MJPEG], intervals: USUAL }
}

/// A USB 2 camera: what the bus has no room for, it sends slowly, unless compressed.
pub(super) const USB_2: &[Size] = &[
    raw(640, 480, 6),
    raw(320, 240, 6),
    raw(160, 120, 6),
    raw(800, 600, 4),
    raw(1280, 720, 2),
    raw(1920, 1080, 1),
    compressed(1920, 1080),
    compressed(1280, 720),
    compressed(800, 600),
    compressed(640, 480),
    compressed(320, 240),
    compressed(160, 120),
];

#[cfg(test)]
mod tests {
    use super::{FourCc, Profile, Sizes};

    #[test]
    fn nearest_size_is_one_of_the_drivers() {
        let list = Profile::VIVID_WEBCAM.sizes;
        for ((width, height), nearest) in [
            ((640, 480), (640, 480)),
            ((0, 0), (320, 180)),
            ((u32::MAX, u32::MAX), (3840, 2160)),
            // As far from 640x360 as from 640x480: the first.
            ((640, 420), (640, 360)),
        ] {
            assert_eq!(list.nearest(FourCc::YUYV, width, height), nearest, "{width}x{height}");
        }
        let range = Sizes::Range { least: (32, 32), most: (1921, 1081), step: (1, 1), align: (8, 2) };
        for ((width, height), nearest) in
            [((0, 0), (32, 32)), ((643, 481), (640, 482)), ((9999, 9999), (1920, 1081)), ((1916, 5), (1920, 32))]
        {
            assert_eq!(range.nearest(FourCc::YUYV, width, height), nearest, "{width}x{height}");
        }
        assert_eq!(Profile::WEBCAM.sizes.nearest(FourCc::GREY, 640, 480), (0, 0));
    }
}
