//! The arithmetic of the example `capture`, on the numbers of odd drivers: sizes, strides and lengths of frames that do not fit
//! each other, timestamps from anywhere. Random, from a seed that a failure prints.

#![allow(dead_code, reason = "the example uses what is not used here")]

#[path = "../examples/capture/arguments.rs"]
mod arguments;
#[path = "../examples/capture/layout.rs"]
mod layout;
#[path = "../examples/capture/names.rs"]
mod names;
#[path = "../examples/capture/picture.rs"]
mod picture;
#[path = "../examples/capture/statistics.rs"]
mod statistics;
#[path = "../examples/capture/video.rs"]
mod video;

use std::time::Duration;

use arguments::{Arguments, Camera, Command, Sink};
use layout::Meaning;
use statistics::{Quality, Seen, Statistics};
use vidbuf::FourCc;
use vidbuf::node::FrameInterval;
use video::Video;

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
fn names_of_pixel_formats_are_quoted_for_a_shell() {
    let formats = [FourCc::YUYV, FourCc::Y16, FourCc::Y16_BE, FourCc::new(*b"a'b ")];
    assert_eq!(names::list(formats), r"YUYV Y16 'Y16 -BE' 'a'\''b '");
}

fn read(words: &[&str]) -> Result<Command, String> {
    arguments::read(lexopt::Parser::from_args(words))
}

fn taken(words: &[&str]) -> Arguments {
    match read(words) {
        Ok(Command::Take(arguments)) => arguments,
        other => panic!("{words:?}: {other:?}"),
    }
}

#[test]
fn command_line_is_read() {
    let all = taken(&["-d", "7", "-s", "64x48", "-f", "Y16-BE", "-r", "29.97", "-n", "0", "--y4m", "-", "-t", "0"]);
    assert_eq!((all.camera, all.size, all.format), (Camera::Number(7), Some((64, 48)), Some(FourCc::Y16_BE)));
    assert_eq!((all.rate, all.frames, all.timeout), (Some(interval(1001, 30_000)), 0, None));
    let usual = taken(&[]);
    assert_eq!((usual.camera, usual.frames, usual.timeout), (Camera::Simulated, 120, Some(Duration::from_secs(5))));
    for (word, camera) in [
        ("sim", Camera::Simulated),
        ("sim:webcam", Camera::SimulatedWebcam),
        ("auto", Camera::First),
        ("/dev/video2", Camera::Path("/dev/video2".into())),
        ("USB Camera", Camera::Name("USB Camera".into())),
        ("usb-0000:01:00.0-1.2", Camera::Name("usb-0000:01:00.0-1.2".into())),
    ] {
        assert_eq!(taken(&["--device", word]).camera, camera);
    }
    for (word, rate) in [("30", (1, 30)), ("12.5", (1000, 12_500)), ("59.94", (1001, 60_000)), ("0.5", (1000, 500))] {
        assert_eq!(taken(&["-r", word]).rate, Some(interval(rate.0, rate.1)), "{word}");
    }
    let settings = taken(&["--set", "gain=50", "--set", "text=a=b"]).settings;
    let pairs: Vec<_> = settings.iter().map(|setting| (setting.name.as_str(), setting.value.as_str())).collect();
    assert_eq!(pairs, [("gain", "50"), ("text", "a=b")]);
    assert!(matches!(read(&["list"]), Ok(Command::List)));
    assert!(matches!(read(&["info", "-d", "auto"]), Ok(Command::Info(Camera::First, settings)) if settings.is_empty()));
    assert!(matches!(read(&["-h"]), Ok(Command::Help)));
    for wrong in [
        &["--size", "0x0"][..],
        &["--frames", "many"],
        &["--frames", "-1"],
        &["--rate", "0"],
        &["--rate", "1/30"],
        &["--rate", "30.1234"],
        &["--rate", "99999999999"],
        &["--format", "YUYV2"],
        &["--set", "brightness"],
        &["--set", "=1"],
        &["--raw", "a", "--y4m", "b"],
        &["--no-such-option"],
        &["--device"],
        &["take"],
        &["list", "info"],
    ] {
        assert!(read(wrong).is_err(), "{wrong:?}");
    }
}

const fn interval(numerator: u32, denominator: u32) -> FrameInterval {
    FrameInterval { numerator, denominator }
}

#[test]
fn every_complete_frame_becomes_video_or_an_error() {
    let folder = std::env::temp_dir().join(format!("vidbuf-video-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("video.y4m");
    let mut written = 0;
    for seed in 1..=2_000_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let fourcc = FourCc::new(*random.choose(&CODES));
        let (width, height) = (random.below(70) as u32, random.below(70) as u32);
        let bytesperline = (0..random.below(4)).map(|_| random.below(300) as u32).collect();
        let meaning = Meaning { fourcc, width, height, bytesperline, compressed: false };
        let lengths = lengths(&mut random, &meaning);
        let planes: Vec<Vec<u8>> = lengths.iter().map(|length| vec![random.number() as u8; *length]).collect();
        let context = format!("seed {seed}: {meaning:?}, {lengths:?}");
        let Ok(mut video) = Video::new(&Sink::Y4m(path.clone()), &meaning, Some(interval(1, 25))) else {
            assert!(!picture::is_known(fourcc), "{context}");
            continue;
        };
        let outcome = video.write(&meaning, &planes);
        video.finish().unwrap();
        assert!(
            outcome.is_ok() || !meaning.is_complete(&lengths) || meaning.parts().is_none(),
            "{context}: {outcome:?}"
        );
        if outcome.is_ok() {
            written += 1;
            let bytes = std::fs::read(&path).unwrap();
            let mut decoder = y4m::decode(&bytes[..]).unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_eq!((decoder.get_width(), decoder.get_height()), (width as usize, height as usize), "{context}");
            assert_eq!((decoder.get_framerate().num, decoder.get_framerate().den), (25, 1));
            assert_eq!(decoder.read_frame().unwrap().get_y_plane().len(), (width * height) as usize, "{context}");
            assert!(decoder.read_frame().is_err(), "one frame");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(written > 200, "only {written} frames");
}

#[test]
fn colours_stay_where_they_are() {
    let folder = std::env::temp_dir().join(format!("vidbuf-colours-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("video.y4m");
    // Two pixels by two, lines of eight bytes: luma 1 2 / 3 4, blue 5 (and 7), red 6 (and 8).
    let packed = vec![1, 5, 2, 6, 0, 0, 0, 0, 3, 7, 4, 8, 0, 0, 0, 0];
    let semi = vec![1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0];
    for (fourcc, stride, bytes, y, u, v) in [
        (FourCc::YUYV, 8, packed, [1, 2, 3, 4], vec![5, 7], vec![6, 8]),
        (FourCc::UYVY, 4, vec![5, 1, 6, 2, 7, 3, 8, 4], [1, 2, 3, 4], vec![5, 7], vec![6, 8]),
        (FourCc::NV12, 4, semi.clone(), [1, 2, 3, 4], vec![5], vec![6]),
        (FourCc::NV21, 4, semi, [1, 2, 3, 4], vec![6], vec![5]),
        (FourCc::YUV420, 2, vec![1, 2, 3, 4, 5, 6], [1, 2, 3, 4], vec![5], vec![6]),
        (FourCc::GREY, 4, vec![1, 2, 0, 0, 3, 4, 0, 0], [1, 2, 3, 4], vec![], vec![]),
    ] {
        let meaning = Meaning { fourcc, width: 2, height: 2, bytesperline: vec![stride], compressed: false };
        let mut video = Video::new(&Sink::Y4m(path.clone()), &meaning, None).unwrap();
        video.write(&meaning, &[bytes]).unwrap_or_else(|error| panic!("{fourcc}: {error}"));
        video.finish().unwrap();
        let file = std::fs::read(&path).unwrap();
        let mut decoder = y4m::decode(&file[..]).unwrap();
        let frame = decoder.read_frame().unwrap();
        assert_eq!(
            (frame.get_y_plane(), frame.get_u_plane(), frame.get_v_plane()),
            (&y[..], &u[..], &v[..]),
            "{fourcc}"
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
