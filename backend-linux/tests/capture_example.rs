//! The arithmetic of the example `capture`, on the numbers of odd drivers: sizes, strides and lengths of frames that do not fit
//! each other, timestamps from anywhere. Random, from a seed that a failure prints.

#![allow(dead_code, reason = "the example uses what is not used here")]

#[path = "../examples/capture/fourcc.rs"]
mod fourcc;
#[path = "../examples/capture/layout.rs"]
mod layout;
#[path = "../examples/capture/picture.rs"]
mod picture;
#[path = "../examples/capture/statistics.rs"]
mod statistics;

use layout::Meaning;
use statistics::{Quality, Seen, Statistics};
use vidbuf::FourCc;

/// xorshift64*: enough for numbers that only have to differ.
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    fn choose<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// A size or stride: mostly small, sometimes at an edge of its type.
    fn size(&mut self) -> u32 {
        match self.below(8) {
            0 => self.choose(&[0, 1 << 16, u32::MAX / 3, i32::MAX as u32, 1 << 31, u32::MAX - 1, u32::MAX]),
            1 => self.number() as u32,
            _ => self.below(70) as u32,
        }
    }

    fn time(&mut self) -> i64 {
        match self.below(3) {
            0 => self.choose(&[i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX]),
            1 => self.number() as i64,
            _ => self.below(10_000_000) as i64,
        }
    }
}

const CODES: [&[u8; 4]; 14] = [
    b"YUYV", b"UYVY", b"NV12", b"NV21", b"NM12", b"YU12", b"YM12", b"RGB3", b"BGR3", b"GREY", b"MJPG", b"JPEG",
    b"H264", b"pBAA",
];

/// The lengths of a frame's planes: random, or about as long as they must be.
fn lengths(random: &mut Random, meaning: &Meaning) -> Vec<usize> {
    let mut lengths: Vec<usize> = (0..random.below(4)).map(|_| random.below(8000) as usize).collect();
    if random.below(2) == 0 {
        for part in meaning.parts().unwrap_or_default() {
            lengths.resize(lengths.len().max(part.plane + 1), 0);
            let end = part.end().unwrap_or(u64::MAX).saturating_add(random.below(5)).saturating_sub(2);
            if end < 60_000 {
                lengths[part.plane] = end as usize;
            }
        }
    }
    lengths
}

#[test]
fn every_frame_gives_a_picture_or_an_error() {
    let mut pictures = 0;
    for seed in 1..=8_000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let fourcc = FourCc::new(*random.choose(&CODES));
        let (width, height) = (random.size(), random.size());
        let bytesperline = (0..random.below(4)).map(|_| random.size()).collect();
        let meaning = Meaning { fourcc, width, height, bytesperline, compressed: random.below(2) == 0 };
        let lengths = lengths(&mut random, &meaning);
        let planes: Vec<Vec<u8>> = lengths
            .iter()
            .map(|length| random.number().to_le_bytes().into_iter().cycle().take(*length).collect())
            .collect();
        let context = || format!("seed {seed}: {meaning:?}, {lengths:?}");
        let complete = meaning.is_complete(&lengths);
        let picture = std::panic::catch_unwind(|| picture::to_rgb(&meaning, &planes))
            .unwrap_or_else(|_| panic!("panic at {}", context()));
        if meaning.parts().is_some() {
            // A format with a fixed size: a whole frame has a picture, another one has none.
            assert_eq!(picture.is_ok(), complete, "{}, {:?}", context(), picture.err());
        }
        if let Ok(picture) = picture {
            pictures += 1;
            assert_eq!(
                picture.pixels.len() as u64,
                3 * u64::from(picture.width) * u64::from(picture.height),
                "{}",
                context()
            );
        }
    }
    assert!(pictures > 1_000, "only {pictures} pictures");
}

#[test]
fn empty_frame_is_never_complete() {
    for code in CODES {
        for (width, height) in [(0, 0), (0, 1), (64, 48), (u32::MAX, u32::MAX)] {
            let meaning =
                Meaning { fourcc: FourCc::new(*code), width, height, bytesperline: vec![0; 3], compressed: false };
            assert!(!meaning.is_complete(&[]), "{meaning:?}");
            assert!(!meaning.is_complete(&[0, 0, 0]), "{meaning:?}");
        }
    }
}

#[test]
fn statistics_of_any_timestamps_are_numbers() {
    for seed in 1..=2000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut statistics = Statistics::default();
        let frames = random.below(6) as u32;
        for _ in 0..frames {
            statistics.frame(Seen {
                quality: random.choose(&[Quality::Good, Quality::Flagged, Quality::Empty, Quality::Short]),
                bytes: random.choose(&[0, 1, u64::MAX]),
                stamp_us: random.time(),
                now_us: (random.below(4) > 0).then(|| random.time()),
                lost_before: (random.below(4) > 0).then(|| random.size()),
            });
        }
        assert_eq!(statistics.frames(), frames, "seed {seed}");
        if let Some(rate) = statistics.per_second() {
            assert!(rate.is_finite() && rate >= 0.0, "seed {seed}: {rate}");
        }
        for percent in [0, 50, 99, 100] {
            assert!(statistics.latency(percent).is_none_or(f64::is_finite), "seed {seed}");
        }
    }
}

#[test]
fn no_frame_has_no_rate_and_no_latency() {
    let statistics = Statistics::default();
    assert_eq!((statistics.frames(), statistics.per_second(), statistics.latency(50)), (0, None, None));
}

#[test]
fn latency_is_of_frames_whose_clock_is_known() {
    let mut statistics = Statistics::default();
    let seen = Seen { quality: Quality::Good, bytes: 1, stamp_us: 5_000, now_us: None, lost_before: None };
    statistics.frame(seen);
    assert_eq!(statistics.latency(50), None);
    statistics.frame(Seen { now_us: Some(7_000), ..seen });
    assert_eq!(statistics.latency(50), Some(2.0));
}

#[test]
fn every_printed_name_of_a_pixel_format_is_read_again() {
    let big_endian = |code: [u8; 4]| FourCc(FourCc::new(code).0 | 1 << 31);
    for (fourcc, name) in [
        (FourCc::YUYV, "YUYV"),
        (FourCc::new(*b"Y16 "), "Y16 "),
        (big_endian(*b"Y16 "), "Y16 -BE"),
        (FourCc::new(*b"A-BE"), "A-BE"),
        (FourCc(0), "0x00000000"),
        (FourCc::new([1, b'.', b'.', b'.']), "0x2e2e2e01"),
    ] {
        assert_eq!(fourcc::name(fourcc), name);
        assert_eq!(fourcc::parse(name), Ok(fourcc), "{name}");
    }
    let mut random = Random(7);
    for _ in 0..100_000 {
        let bytes = [0; 4].map(|_: u8| (random.below(0x70) as u8 + 0x10) | (random.below(8) as u8 / 7) << 7);
        let fourcc = FourCc::new(bytes);
        assert_eq!(fourcc::parse(&fourcc::name(fourcc)), Ok(fourcc), "{:#x}", fourcc.0);
    }
}

#[test]
fn typed_names_of_pixel_formats() {
    assert_eq!(fourcc::parse("Y16"), Ok(FourCc::new(*b"Y16 ")));
    assert_eq!(fourcc::parse("Y16-BE"), Ok(FourCc(FourCc::new(*b"Y16 ").0 | 1 << 31)));
    for text in ["", "-BE-BE-BE", "YUYV2", "YUYVV-BE", "0xyuyvyuyv", "Y\u{fc}16", "------BE"] {
        assert!(fourcc::parse(text).is_err(), "{text}");
    }
    let formats = [FourCc::YUYV, FourCc(FourCc::new(*b"Y16 ").0 | 1 << 31), FourCc::new(*b"a'b ")];
    assert_eq!(fourcc::list(formats), r"YUYV 'Y16 -BE' 'a'\''b '");
}
