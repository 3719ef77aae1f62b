//! The loop of the example `capture` over a simulated camera that misbehaves: what it counts, what it keeps, when it ends.

#![allow(dead_code, reason = "the example uses what is not used here")]

#[path = "../examples/capture/arguments.rs"]
mod arguments;
#[path = "../examples/capture/layout.rs"]
mod layout;
#[path = "../examples/capture/picture.rs"]
mod picture;
#[path = "../examples/capture/statistics.rs"]
mod statistics;
#[path = "../examples/capture/stream.rs"]
mod stream;
#[path = "../examples/capture/video.rs"]
mod video;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use arguments::{Arguments, Camera, Sink};
use layout::Meaning;
use stream::{Taken, take};
use vidbuf::queue::SinglePlanar;
use vidbuf::{FourCc, Queue};
use vidbuf_sim::{Call, Errno, Event, Lie, Profile, Sim};
use video::Video;

/// Bytes of a picture.
const WHOLE: usize = 2 * 320 * 240;

/// Takes so many frames from a camera that `prepare` has prepared; it returns whether all of that fits.
fn run(frames: u32, prepare: impl FnOnce(&Sim<'_>) -> bool) -> Taken {
    run_with(frames, 0, Video::None, prepare)
}

fn run_with(frames: u32, skip: u32, video: Video, prepare: impl FnOnce(&Sim<'_>) -> bool) -> Taken {
    let mut memory = vec![0; 4 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory).format(FourCc::YUYV, 320, 240);
    assert!(prepare(&sim), "the simulator has room for it");
    let arguments = Arguments {
        camera: Camera::Simulated,
        size: None,
        format: None,
        rate: None,
        settings: Vec::new(),
        frames,
        skip,
        output: "target".into(),
        jpeg: false,
        sink: Sink::None,
        timeout: Some(Duration::from_secs(1)),
    };
    let meaning = Meaning { fourcc: FourCc::YUYV, width: 320, height: 240, bytesperline: vec![640], compressed: false };
    let file = sim.open().expect("opens");
    take::<_, SinglePlanar>(Queue::new(file), &arguments, &meaning, video, &AtomicBool::new(false), || None)
}

fn counts(taken: &Taken) -> [u32; 4] {
    let statistics = &taken.statistics;
    [statistics.frames(), statistics.good, statistics.skipped, statistics.restarts]
}

#[test]
fn short_empty_and_flagged_frames_are_not_good_and_the_last_complete_one_is_kept() {
    let taken =
        run(5, |sim| sim.script([Event::Frame, Event::Short(1000), Event::Frame, Event::Error, Event::Short(0)]));
    assert_eq!((taken.outcome, counts(&taken)), (Ok(()), [5, 2, 0, 0]));
    assert_eq!(taken.picture.map(|planes| planes[0].len()), Some(WHOLE));
}

#[test]
fn frames_without_a_complete_one_leave_no_picture() {
    let taken = run(3, |sim| sim.script([Event::Short(WHOLE as u32 - 1), Event::Error, Event::Short(0)]));
    assert_eq!((taken.outcome, counts(&taken)), (Ok(()), [3, 0, 0, 0]));
    assert_eq!(taken.picture, None);
}

#[test]
fn impossible_frame_is_skipped() {
    let taken = run(10, |sim| {
        let payload = Event::Payload { plane: 0, bytesused: u32::MAX, data_offset: 0 };
        sim.script([Event::Frame, payload, Event::Frame]) && sim.lie(Lie::IndexNotQueued)
    });
    assert_eq!((taken.outcome, counts(&taken)), (Ok(()), [10, 10, 2, 0]));
}

#[test]
fn queue_in_error_is_started_again() {
    let taken = run(10, |sim| sim.script([Event::Frame, Event::QueueError, Event::Frame, Event::QueueError]));
    assert_eq!((taken.outcome, counts(&taken)), (Ok(()), [10, 10, 0, 2]));
}

#[test]
fn signals_end_nothing() {
    let taken = run(10, |sim| sim.fail(Call::Dequeue, 1, Errno::EINTR));
    assert_eq!((taken.outcome, counts(&taken)), (Ok(()), [10, 10, 0, 0]));
}

#[test]
fn device_that_fails_for_ever_is_given_up_and_what_came_is_kept() {
    let taken = run(100, |sim| sim.script([Event::Frame, Event::Frame]) && sim.script([Event::QueueError; 12]));
    assert!(taken.outcome.is_err());
    assert_eq!(counts(&taken), [2, 2, 0, 10]);
    assert_eq!(taken.picture.map(|planes| planes[0].len()), Some(WHOLE));
}

#[test]
fn unplugged_device_ends_the_run_and_what_came_is_kept() {
    let taken = run(100, |sim| sim.script([Event::Frame, Event::Frame, Event::Unplug]));
    assert!(taken.outcome.is_err_and(|error| error.is_unplugged()));
    assert_eq!(counts(&taken), [2, 2, 0, 0]);
    assert!(taken.picture.is_some());
}

#[test]
fn silent_device_ends_the_run_in_time() {
    let taken = run(100, |sim| sim.script([Event::Frame, Event::StallForever]));
    assert_eq!((taken.outcome, counts(&taken)), (Ok(()), [1, 1, 0, 0]));
}

#[test]
fn skipped_frames_count_for_nothing() {
    let taken = run_with(5, 3, Video::None, |sim| sim.script([Event::Error, Event::Error, Event::Short(0)]));
    assert_eq!((taken.outcome, counts(&taken)), (Ok(()), [5, 5, 0, 0]));
    assert_eq!(taken.statistics.lost(), 0);
}

#[test]
fn frames_until_ctrl_c_have_no_number() {
    // Nobody presses it; the device ends it.
    let taken = run(0, |sim| sim.script([Event::Frame, Event::Frame, Event::Frame, Event::StallForever]));
    assert_eq!((taken.outcome, counts(&taken), taken.interrupted), (Ok(()), [3, 3, 0, 0], false));
}

#[test]
fn file_without_room_ends_the_run_with_its_error() {
    let meaning = Meaning { fourcc: FourCc::YUYV, width: 320, height: 240, bytesperline: vec![640], compressed: false };
    let video = Video::new(&Sink::Raw("/dev/full".into()), &meaning, None).expect("opens");
    let taken = run_with(100, 0, video, |_| true);
    assert_eq!((taken.outcome, taken.statistics.frames()), (Ok(()), 1));
    assert!(taken.written.is_err_and(|why| why.contains("No space left")));
}
