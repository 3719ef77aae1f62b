//! Recordings of a real driver, played: the example `replay` compares every line; here is what a program can do meanwhile.

use std::time::Duration;

use vidbuf::error::ErrorKind;
use vidbuf::queue::{Capture, CaptureMplaneQueue, CaptureQueue, Kind, MultiPlanar, Planes, SinglePlanar, Streaming};
use vidbuf::{Error, FourCc, Queue, Request};
use vidbuf_sim::recording::Happening;
use vidbuf_sim::{Call, Errno, Event, Profile, Recording, Sim, SimFile};

const VIVID: &str = include_str!("../recordings/vivid.trace");
const VIVID_MPLANE: &str = include_str!("../recordings/vivid-mplane.trace");

/// The recorded streams' frames: sequence and time.
fn streams(text: &str) -> Vec<Vec<(u32, u64)>> {
    let mut streams = Vec::new();
    for happening in Recording::parse(text).unwrap().happenings() {
        match happening {
            Happening::Start => streams.push(Vec::new()),
            Happening::Frame(frame) => streams.last_mut().unwrap().push((frame.sequence, frame.at_us)),
            _ => {}
        }
    }
    streams
}

fn memory() -> Vec<u8> {
    vec![0; 1 << 20]
}

fn playing<'s, 'm>(sim: &'s Sim<'m>) -> CaptureQueue<SimFile<'s, 'm>, Streaming> {
    CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap()
}

fn next(queue: &CaptureQueue<SimFile<'_, '_>, Streaming>) -> Result<u32, Error> {
    queue.dequeue().map(|frame| frame.expect("the device blocks").sequence())
}

#[test]
fn recording_sets_format_and_interface_whatever_the_profile_is() {
    let recording = Recording::parse(VIVID_MPLANE).unwrap();
    let mut memory = memory();
    let sim = Sim::new(Profile::UVC, &mut memory).replay(&recording);
    assert_eq!((sim.current_format().pixelformat, sim.current_format().planes), (FourCc::NV12M, 2));
    assert_eq!(
        CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap_err().kind(),
        Some(ErrorKind::Invalid)
    );
    let queue = CaptureMplaneQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!((frame.payload(0).unwrap().len(), frame.payload(1).unwrap().len()), (57_600, 28_800));
    assert!(sim.picture(frame.sequence()).is_in(1, frame.payload(1).unwrap()));
}

#[test]
fn unknown_pixel_format_is_played_as_it_was_recorded() {
    let text = VIVID.replace("0x56595559", "0x41424344").replace("bytesperline=640", "bytesperline=0");
    let mut memory = memory();
    let sim = Sim::new(Profile::UNICAM.keeps(0), &mut memory).replay(&Recording::parse(&text).unwrap());
    let queue = playing(&sim);
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!((sim.current_format().pixelformat, frame.bytes().unwrap().len()), (FourCc(0x4142_4344), 115_200));
}

#[test]
fn frames_that_come_while_every_buffer_is_held_are_lost() {
    let recorded = &streams(VIVID)[0];
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory).replay(&Recording::parse(VIVID).unwrap());
    let queue = playing(&sim);
    let held: [_; 4] = core::array::from_fn(|_| queue.dequeue().unwrap().unwrap());
    assert_eq!(held.each_ref().map(|frame| frame.sequence()), [0, 1, 2, 3]);
    // Until just before the recording's tenth frame.
    let passed = Duration::from_micros(recorded[9].1 - recorded[3].1 - 1);
    sim.advance(passed);
    drop(held);
    assert_eq!(next(&queue).unwrap(), recorded[9].0);
    assert_eq!(next(&queue).unwrap(), recorded[10].0);
}

#[test]
fn program_that_only_polls_sees_the_same_frames() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory).replay(&Recording::parse(VIVID).unwrap());
    let queue = CaptureQueue::<_>::new(sim.open_nonblocking().unwrap()).start(Request::exactly(4)).unwrap();
    let mut seen = Vec::new();
    let end = loop {
        match queue.dequeue() {
            Ok(frame) => seen.extend(frame.map(|frame| frame.sequence())),
            Err(error) => break error,
        }
    };
    assert_eq!(end.kind(), Some(ErrorKind::Io));
    assert_eq!(seen, streams(VIVID)[0].iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>());
}

#[test]
fn restart_goes_on_with_the_next_recorded_stream_and_after_the_last_there_is_silence() {
    let text = VIVID.replace("unplug at=", "# unplug at=");
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory).replay(&Recording::parse(&text).unwrap());
    let queue = playing(&sim);
    assert_eq!(next(&queue).unwrap(), 0);
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    for (sequence, _) in &streams(VIVID)[1] {
        assert_eq!(next(&queue).unwrap(), *sequence);
    }
    let silent = |queue: &CaptureQueue<_, Streaming>| match next(queue) {
        Err(Error::Refused { error, .. }) => error == Errno::EDEADLK,
        _ => false,
    };
    assert!(silent(&queue));
    assert!(queue.dequeue_timeout(Duration::from_secs(60)).unwrap().is_none());
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    assert!(silent(&queue));
}

#[test]
fn script_changes_what_becomes_of_recorded_frames() {
    let recorded = &streams(VIVID)[0];
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory).replay(&Recording::parse(VIVID).unwrap());
    sim.script([Event::Error, Event::Drop(2), Event::Short(10), Event::Frame, Event::Stall(1), Event::QueueError]);
    let queue = playing(&sim);
    let began = sim.now();
    let frame = queue.dequeue().unwrap().unwrap();
    assert!(frame.is_flagged_bad() && frame.sequence() == 0);
    frame.requeue().unwrap();
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!((frame.sequence(), frame.lost_before(), frame.bytes().unwrap().len()), (recorded[3].0, Some(2), 10));
    frame.requeue().unwrap();
    assert_eq!(next(&queue).unwrap(), recorded[4].0);
    assert_eq!(next(&queue).unwrap_err().kind(), Some(ErrorKind::Io));
    assert_eq!(u64::try_from((sim.now() - began).as_micros()), Ok(recorded[6].1));
}

#[test]
fn call_that_fails_during_a_recording_loses_no_frame() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory).replay(&Recording::parse(VIVID).unwrap());
    let queue = playing(&sim);
    for (sequence, _) in &streams(VIVID)[0] {
        assert!(sim.fail(Call::Dequeue, 1, Errno::EINTR));
        assert!(next(&queue).unwrap_err().is_retryable());
        assert_eq!(next(&queue).unwrap(), *sequence);
    }
}

/// Takes what comes, whatever it is, with restarts; answers how many frames.
fn take_all<P: Planes>(recording: &Recording<'_>, memory: &mut [u8]) -> u32 {
    let sim = Sim::new(Profile::VIVID, memory).replay(recording);
    let Ok(mut queue) = Queue::<_, _, Kind<Capture, P>, 4>::new(sim.open().unwrap()).start(Request::up_to(4)) else {
        return 0;
    };
    let mut frames = 0;
    for _ in 0..4 {
        while let Ok(Some(frame)) = queue.dequeue_timeout(Duration::from_secs(1_000_000)) {
            let end = frame.payload_range(0).unwrap().bytesused;
            assert!(end as usize <= frame.whole_plane(0).unwrap().len());
            frames += 1;
        }
        let Ok(mapped) = queue.stream_off() else { break };
        let Ok(again) = mapped.stream_on() else { break };
        queue = again;
    }
    frames
}

#[test]
fn every_recording_that_is_accepted_can_be_played() {
    let good = "vidbuf-trace 1
format_mplane pixelformat=0x3231564e width=64 height=48 field=1 bytesperline=64,0 sizeimage=4608,9
start
frame at=10 sequence=4294967295 flags=0x12041 field=1 timestamp=-7 bytesused=4608,0 data_offset=9,0
lost count=1
frame at=99 sequence=1 flags=0x112001 field=4 timestamp=88 bytesused=1,1
error at=100
start
unplug at=1
";
    let mut memory = vec![0; 1 << 16];
    let (mut accepted, mut refused, mut frames) = (0, 0, 0);
    for (at, old) in good.char_indices() {
        for new in ["", "0", "9", "99999", "x", "-", ",", " ", "\n"] {
            let text = format!("{}{new}{}", &good[..at], &good[at + old.len_utf8()..]);
            match Recording::parse(&text) {
                Ok(recording) => {
                    accepted += 1;
                    frames += if recording.is_multiplanar() {
                        take_all::<MultiPlanar>(&recording, &mut memory)
                    } else {
                        take_all::<SinglePlanar>(&recording, &mut memory)
                    };
                }
                Err(_) => refused += 1,
            }
        }
    }
    println!("{accepted} accepted, {frames} frames, {refused} refused");
    assert!(accepted > 150 && frames > accepted && refused > 1000, "{accepted}, {frames}, {refused}");
}
