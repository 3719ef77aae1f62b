//! Scripts, chance and recordings do the same here as in a [`Sim`].

use std::time::Duration;

use vidbuf::error::ErrorKind;
use vidbuf::{Queue, Request};
use vidbuf_sim::driver::Engine;
use vidbuf_sim::kernel::QueueId;
use vidbuf_sim::kernel::abi::buffer::{V4L2_BUF_FLAG_ERROR, V4L2_BUF_FLAG_LAST, V4L2_MEMORY_MMAP};
use vidbuf_sim::{Event, Mishap, Odds, Profile, Recording, Sim};

use super::INTERVAL;
use super::camera::Camera;

/// What a program sees of a frame: sequence number, microseconds after the first, ERROR and LAST, payload.
type Seen = Result<(u32, i64, u32, usize), Option<ErrorKind>>;

const COUNT: u32 = 4;
const SHOWN: u32 = V4L2_BUF_FLAG_ERROR | V4L2_BUF_FLAG_LAST;

/// With a [`Sim`]: every frame, until the stream fails or there are so many.
fn on_virtual_time(sim: &Sim<'_>, most: usize) -> Vec<Seen> {
    let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(COUNT)).unwrap();
    let (mut seen, mut first) = (Vec::new(), None);
    while seen.len() < most && seen.last().is_none_or(Seen::is_ok) {
        seen.push(queue.dequeue().map_err(|error| error.kind()).map(|frame| {
            let frame = frame.expect("the file is a blocking one");
            let at = frame.timestamp().as_micros();
            let bytes = frame.suspect_payload(0).map_or(0, <[u8]>::len);
            let shown = (frame.sequence(), at - *first.get_or_insert(at), frame.flags().bits() & SHOWN, bytes);
            frame.requeue().unwrap();
            shown
        }));
    }
    seen
}

/// With an engine on another clock.
fn on_real_time(camera: &mut Camera<'_>, most: usize) -> Vec<Seen> {
    camera.start(COUNT);
    let (mut seen, mut first) = (Vec::new(), None);
    while seen.len() < most && seen.last().is_none_or(Seen::is_ok) {
        // A timer is late, by a little more each time.
        let due = camera.pass_until_due();
        camera.pass(1_000 * seen.len() as u64);
        seen.push(match camera.dequeue(V4L2_MEMORY_MMAP) {
            Ok(buffer) => {
                let at = buffer.timestamp.tv_sec * 1_000_000 + buffer.timestamp.tv_usec;
                camera.queue(&buffer).unwrap();
                let bytes = buffer.bytesused as usize;
                Ok((buffer.sequence, at - *first.get_or_insert(at), buffer.flags & SHOWN, bytes))
            }
            // Chance may let a due time pass.
            Err(error) if error.kind() == ErrorKind::WouldBlock && due.is_some() => continue,
            Err(error) => Err(Some(error.kind())),
        });
    }
    seen
}

/// Both, with the same plan for the engine. Timestamps are cut off to microseconds, which may make a difference of one.
fn same(
    profile: Profile,
    most: usize,
    sim: impl FnOnce(Sim<'_>) -> Vec<Seen>,
    plan: impl FnOnce(&mut Engine<'static>),
) -> Vec<Seen> {
    let mut memory = vec![0; 4 << 20];
    let virtually = sim(Sim::new(profile, &mut memory).frame_interval(INTERVAL));
    let mut camera = Camera::new(profile, INTERVAL);
    plan(&mut camera.engine);
    let really = on_real_time(&mut camera, most);
    assert_eq!(virtually.len(), really.len(), "{virtually:?} {really:?}");
    for pair in virtually.iter().zip(&really) {
        match pair {
            (Ok(one), Ok(other)) => {
                assert!(one.1.abs_diff(other.1) <= 1, "{pair:?}");
                assert_eq!((one.0, one.2, one.3), (other.0, other.2, other.3));
            }
            _ => assert_eq!(pair.0, pair.1),
        }
    }
    really
}

#[test]
fn scripts() {
    let script = || {
        [
            Event::Frame,
            Event::Drop(2),
            Event::Error,
            Event::Short(1000),
            Event::Stall(3),
            Event::OutOfOrder(1),
            Event::Payload { plane: 0, bytesused: 77, data_offset: 0 },
            Event::Sequence(1000),
            Event::Frame,
            Event::QueueError,
        ]
    };
    let sim = |sim: Sim<'_>| {
        assert!(sim.script(script()));
        on_virtual_time(&sim, 20)
    };
    let seen = same(Profile::VIVID, 20, sim, |engine| assert!(engine.script(script())));
    assert_eq!((seen.len(), seen[7]), (8, Err(Some(ErrorKind::Io))));
}

#[test]
fn chance() {
    let odds = Odds::ROUGH.with(Mishap::Interrupt, 0);
    for seed in 0..20 {
        let sim = |sim: Sim<'_>| on_virtual_time(&sim.seeded(seed, odds), 100);
        let seen = same(Profile::VIVID, 100, sim, |engine| engine.seed(seed, odds));
        assert!(seen.len() > 1, "seed {seed}");
    }
}

#[test]
fn recordings() {
    let text = include_str!("../../recordings/vivid.trace");
    let recording = Recording::parse(text).unwrap();
    let mut memory = vec![0; 16 << 20];
    let virtually = on_virtual_time(&Sim::new(Profile::VIVID, &mut memory).replay(&recording), 500);

    let mut camera = Camera::new(recording.profile(Profile::VIVID), Duration::from_millis(1));
    camera.node.adopt_format(QueueId::FIRST, *recording.format());
    camera.engine.replay(&recording);
    let really = on_real_time(&mut camera, 500);
    assert_eq!(virtually, really);
    assert_eq!((really.len() > 20, really.last()), (true, Some(&Err(Some(ErrorKind::Io)))));
}
