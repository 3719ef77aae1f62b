//! Drivers of every kind, and what is chosen of theirs.

extern crate std;

use core::cell::{Cell, RefCell};
use std::string::ToString as _;
use std::vec::Vec;

use super::{
    BufferType, Errno, Format, Formats, FourCc, FrameInterval, FrameIntervals, Traded, Wanted, nearest_in, ratio,
};
use crate::node::{FormatDescription, FormatFlags, FrameSize, ListIntervals, Text};

const VIDEO: BufferType = BufferType::VideoCapture;

const fn rate(frames: u32) -> FrameInterval {
    FrameInterval { numerator: 1, denominator: frames }
}

const fn fraction(numerator: u32, denominator: u32) -> FrameInterval {
    FrameInterval { numerator, denominator }
}

type Sizes = fn(FourCc, u32) -> Result<Option<FrameSize>, Errno>;
type Intervals = fn(FourCc, (u32, u32), u32) -> Result<Option<FrameIntervals>, Errno>;

/// A driver that is made of functions.
struct Driver {
    formats: fn(u32) -> Result<Option<FourCc>, Errno>,
    sizes: Sizes,
    intervals: Intervals,
    tries: fn(&Format) -> Result<Format, Errno>,
    parameters: Result<(), Errno>,
    set: RefCell<Vec<Format>>,
    interval: Cell<FrameInterval>,
    calls: Cell<u32>,
}

impl Driver {
    /// What many webcams are like: slow large pictures, unless compressed.
    const fn webcam() -> Self {
        Self {
            formats: |index| Ok([FourCc::YUYV, FourCc::MJPEG].get(index as usize).copied()),
            sizes: |_, index| {
                let sizes = [(640, 480), (320, 240), (1280, 720), (1920, 1080)];
                Ok(sizes.get(index as usize).map(|&(width, height)| FrameSize::Discrete { width, height }))
            },
            intervals: |format, (width, _), index| {
                let rates: &[u32] = match (format, width) {
                    (FourCc::MJPEG, _) | (_, ..=640) => &[30, 25, 20, 15, 10, 5],
                    (_, ..=1280) => &[10, 5],
                    _ => &[5],
                };
                Ok(rates.get(index as usize).map(|&frames| FrameIntervals::Discrete(rate(frames))))
            },
            tries: |format| Ok(*format),
            parameters: Ok(()),
            set: RefCell::new(Vec::new()),
            interval: Cell::new(rate(30)),
            calls: Cell::new(0),
        }
    }

    fn called(&self) {
        self.calls.set(self.calls.get() + 1);
    }
}

impl ListIntervals for Driver {
    fn interval(&self, format: FourCc, width: u32, height: u32, index: u32) -> Result<Option<FrameIntervals>, Errno> {
        self.called();
        (self.intervals)(format, (width, height), index)
    }
}

impl Formats for Driver {
    fn format(&self, _: BufferType) -> Result<Format, Errno> {
        Ok(self.set.borrow().last().copied().unwrap_or(Format::new(640, 480, FourCc::YUYV)))
    }
    fn try_format(&self, _: BufferType, format: &Format) -> Result<Format, Errno> {
        self.called();
        (self.tries)(format)
    }
    fn set_format(&mut self, _: BufferType, format: &Format) -> Result<Format, Errno> {
        self.set.borrow_mut().push(*format);
        Ok(*format)
    }
    fn format_description(&self, _: BufferType, index: u32) -> Result<Option<FormatDescription>, Errno> {
        self.called();
        let format = (self.formats)(index)?;
        Ok(format.map(|format| FormatDescription::new(format, FormatFlags::empty(), Text::new([0; 32]))))
    }
    fn size(&self, format: FourCc, index: u32) -> Result<Option<FrameSize>, Errno> {
        self.called();
        (self.sizes)(format, index)
    }
    fn frame_interval(&self, _: BufferType) -> Result<FrameInterval, Errno> {
        self.parameters.map(|()| self.interval.get())
    }
    fn set_frame_interval(&mut self, _: BufferType, interval: FrameInterval) -> Result<FrameInterval, Errno> {
        self.parameters?;
        self.interval.set(interval);
        Ok(interval)
    }
}

/// What is chosen, in words.
fn chosen(mut driver: Driver, wanted: &Wanted<'_>) -> std::string::String {
    match wanted.set(&mut driver, VIDEO) {
        Ok(Some(got)) => got.to_string(),
        Ok(None) => {
            assert!(driver.set.borrow().is_empty(), "nothing was set");
            "none".into()
        }
        Err(error) => error.to_string(),
    }
}

const BOTH: &[FourCc] = &[FourCc::YUYV, FourCc::MJPEG];

#[test]
fn size_goes_before_rate_and_rate_before_format() {
    let table = [
        (Wanted::new(640, 480, BOTH).at(30), "640x480 YUYV at 30/s"),
        (Wanted::new(1280, 720, BOTH).at(30), "1280x720 MJPG at 30/s instead of YUYV"),
        (Wanted::new(1280, 720, &[FourCc::YUYV]).at(30), "1280x720 YUYV at 10/s instead of 30/s"),
        (Wanted::new(1280, 720, BOTH), "1280x720 YUYV"),
        (Wanted::new(1280, 720, BOTH).at(10), "1280x720 YUYV at 10/s"),
        (Wanted::new(4000, 3000, BOTH).at(60), "1920x1080 MJPG at 30/s instead of 4000x3000, YUYV, 60/s"),
        (Wanted::new(0, 0, BOTH).at(0), "320x240 YUYV instead of 0x0"),
        // 800 is as far from 640x480 (160 + 120) as nothing else.
        (Wanted::new(800, 600, BOTH).at(22), "640x480 YUYV at 20/s instead of 800x600, 22/s"),
        // The favourite is not there.
        (Wanted::new(640, 480, &[FourCc::NV12, FourCc::MJPEG]), "640x480 MJPG instead of NV12"),
        (Wanted::new(640, 480, &[FourCc::NV12]), "none"),
        // None is named: the one that is set.
        (Wanted::new(320, 240, &[]).at(5), "320x240 YUYV at 5/s"),
    ];
    for (wanted, words) in table {
        assert_eq!(chosen(Driver::webcam(), &wanted), words, "{wanted:?}");
    }
}

#[test]
fn what_was_traded_is_typed() {
    let wanted = Wanted::new(1280, 800, BOTH).at(60);
    let got = wanted.set(&mut Driver::webcam(), VIDEO).unwrap().unwrap();
    assert_eq!(got.size_traded(), Some(Traded { wanted: (1280, 800), got: (1280, 720) }));
    assert_eq!(got.format_traded(), Some(Traded { wanted: FourCc::YUYV, got: FourCc::MJPEG }));
    assert_eq!(got.interval_traded(), Some(Traded { wanted: rate(60), got: rate(30) }));
    let wanted = Wanted::new(640, 480, BOTH).with_interval(fraction(2, 60));
    let got = wanted.set(&mut Driver::webcam(), VIDEO).unwrap().unwrap();
    assert_eq!((got.size_traded(), got.format_traded(), got.interval_traded()), (None, None, None));
}

#[test]
fn of_two_sizes_as_near_the_larger_is_taken() {
    let sizes: Sizes = |_, index| {
        let sizes = [(640, 470), (640, 490), (650, 480)];
        Ok(sizes.get(index as usize).map(|&(width, height)| FrameSize::Discrete { width, height }))
    };
    let driver = Driver { sizes, ..Driver::webcam() };
    assert_eq!(chosen(driver, &Wanted::new(640, 480, BOTH)), "640x490 YUYV instead of 640x480");
}

#[test]
fn ranges_of_sizes_and_intervals_have_their_nearest_step() {
    let sizes: Sizes = |_, index| Ok((index == 0).then(|| FrameSize::range((16, 16), (16376, 16376), (16, 2))));
    let intervals: Intervals = |_, _, index| {
        let (least, most, step) = (fraction(1, 60), fraction(1, 5), Some(fraction(1, 60)));
        Ok((index == 0).then_some(FrameIntervals::Range { least, most, step }))
    };
    let unicam = || Driver { sizes, intervals, ..Driver::webcam() };
    assert_eq!(chosen(unicam(), &Wanted::new(1283, 721, BOTH).at(30)), "1280x722 YUYV at 30/s instead of 1283x721");
    assert_eq!(chosen(unicam(), &Wanted::new(1280, 720, BOTH).at(25)), "1280x720 YUYV at 30/s instead of 25/s");
    assert_eq!(chosen(unicam(), &Wanted::new(1280, 720, BOTH).at(1000)), "1280x720 YUYV at 60/s instead of 1000/s");
}

#[test]
fn driver_without_lists_is_asked_what_it_makes_of_the_wish() {
    let without = || Driver {
        sizes: |_, _| Err(Errno::ENOTTY),
        intervals: |_, _, _| Err(Errno::ENOTTY),
        tries: |format| Ok(Format { width: format.width.min(1000), ..*format }),
        ..Driver::webcam()
    };
    let wanted = Wanted::new(1280, 720, BOTH).at(30);
    assert_eq!(chosen(without(), &wanted), "1000x720 YUYV at 30/s instead of 1280x720");
    let silent = Driver {
        formats: |_| Err(Errno::ENOTTY),
        tries: |_| Err(Errno::ENOTTY),
        parameters: Err(Errno::ENOTTY),
        ..without()
    };
    assert_eq!(chosen(silent, &wanted), "1280x720 YUYV instead of 30/s");
    // Formats that it does not have become another, or are refused.
    let other = Driver { tries: |format| Ok(Format { pixel_format: FourCc::GREY, ..*format }), ..without() };
    assert_eq!(chosen(other, &wanted), "none");
    assert_eq!(chosen(Driver { tries: |_| Err(Errno::EINVAL), ..without() }, &wanted), "none");
    // Any other error is one.
    let gone = Driver { sizes: |_, _| Err(Errno::ENODEV), ..Driver::webcam() };
    assert_eq!(chosen(gone, &wanted), Errno::ENODEV.to_string());
    let busy = Driver { parameters: Err(Errno::EBUSY), ..Driver::webcam() };
    assert_eq!(chosen(busy, &wanted), Errno::EBUSY.to_string());
}

#[test]
fn lists_without_an_end_cost_a_bounded_number_of_calls() {
    let mut endless = Driver {
        formats: |index| Ok(Some(FourCc(index))),
        sizes: |_, index| Ok(Some(FrameSize::Discrete { width: index, height: index })),
        intervals: |_, _, index| Ok(Some(FrameIntervals::Discrete(rate(index)))),
        ..Driver::webcam()
    };
    let formats = [FourCc(1023), FourCc(0), FourCc(5000)];
    let got = Wanted::new(5000, 5000, &formats).at(5000).set(&mut endless, VIDEO).unwrap().unwrap();
    assert_eq!((got.format.width, got.interval), (1023, Some(rate(1023))));
    assert!(endless.calls.get() < 3 * 3 * 1024, "{}", endless.calls.get());
}

#[test]
fn rates_are_compared_by_their_ratio() {
    let far = |one| ratio(one, rate(30)).unwrap();
    assert!(far(rate(30)) < far(rate(31)) && far(rate(31)) < far(rate(28)));
    // As near; the faster is better.
    assert!(far(rate(60)) < far(rate(15)) && far(rate(15)) < far(rate(61)));
    assert_eq!(far(fraction(1001, 30030)), far(rate(30)));
    assert!(far(fraction(1001, 30000)) < far(rate(31)));
    assert_eq!((ratio(fraction(0, 30), rate(30)), ratio(fraction(1, 0), rate(30))), (None, None));
    // Numbers at the edge of their type.
    for one in [fraction(u32::MAX, 1), fraction(1, u32::MAX), fraction(u32::MAX, u32::MAX)] {
        for other in [fraction(u32::MAX, 1), fraction(1, u32::MAX), fraction(u32::MAX, u32::MAX - 1)] {
            assert!(ratio(one, other).is_some_and(|far| far >= 1 << 17));
        }
    }
}

#[test]
fn nearest_of_a_range_is_in_it() {
    let range = |least, most, step| FrameIntervals::Range { least, most, step };
    let (least, most) = (fraction(1, 60), fraction(1, 5));
    let table = [
        (range(least, most, None), rate(30), rate(30)),
        (range(least, most, None), rate(100), least),
        (range(least, most, None), rate(1), most),
        (range(least, most, Some(fraction(1, 60))), rate(30), rate(30)),
        (range(least, most, Some(fraction(1, 100))), fraction(3, 100), fraction(2, 75)),
        // The last step would be beyond the end.
        (range(rate(60), fraction(1, 31), Some(fraction(1, 60))), fraction(1, 32), rate(60)),
        // Steps of 0 are no steps.
        (range(least, most, Some(fraction(0, 0))), rate(30), rate(30)),
        (range(least, most, Some(fraction(0, 60))), rate(30), rate(30)),
        // Ends the wrong way round: one of them.
        (range(most, least, None), rate(30), most),
        // Numbers too large to reckon with are the driver's to round.
        (range(fraction(1, u32::MAX), fraction(u32::MAX, 1), Some(fraction(7, u32::MAX - 1))), rate(30), rate(30)),
        (range(fraction(0, 0), fraction(0, 0), None), rate(30), fraction(0, 0)),
    ];
    for (listed, wanted, nearest) in table {
        assert_eq!(nearest_in(listed, wanted), nearest, "{listed:?} {wanted:?}");
    }
}
