//! The loop of the example `hdmi`, over a simulated receiver whose cable is pulled out and put in.

#[path = "../examples/hdmi/follow.rs"]
mod follow;

use std::time::Duration;

use follow::{End, Receiver, Seen, follow};
use vidbuf::Errno;
use vidbuf::node::Timings;
use vidbuf_sim::{Cable, Call, Event, Profile, Sim, SimFile, timings};

impl Receiver for SimFile<'_, '_> {
    fn arriving(&self) -> Result<Timings, Errno> {
        self.query_dv_timings()
    }

    fn adopt(&mut self, timings: &Timings) -> Result<(), Errno> {
        self.set_dv_timings(timings).map(drop)
    }
}

const PATIENCE: Duration = Duration::from_secs(3);

/// What a program saw, in short: signals with their height, frames with their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Note {
    Signal(u32),
    Frames(usize, u32),
    Changed,
}

/// Follows until so many frames were seen.
fn watched(sim: &Sim<'_>, frames: u32) -> (Vec<Note>, End) {
    let (mut notes, mut count) = (Vec::new(), 0);
    let receiver = sim.open().expect("it is there");
    let (receiver, end) = follow(receiver, 0, PATIENCE, |seen| {
        match (seen, notes.last_mut()) {
            (Seen::Signal(timings), _) => notes.push(Note::Signal(timings.height)),
            (Seen::Changed, _) => notes.push(Note::Changed),
            (Seen::Frame(frame), last) => {
                let bytes = frame.bytes().expect("the simulator leaves frames alone").len();
                assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().expect("as before")));
                count += 1;
                match last {
                    Some(Note::Frames(of, number)) if *of == bytes => *number += 1,
                    _ => notes.push(Note::Frames(bytes, 1)),
                }
            }
        }
        count < frames
    })
    .unwrap_or_else(|error| panic!("{error}"));
    drop(receiver);
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
    (notes, end)
}

/// A bridge that sources see.
fn bridge(memory: &mut [u8]) -> Sim<'_> {
    Sim::new(Profile::HDMI_BRIDGE.edid(&[[0; 128]]), memory).frame_interval(Duration::from_millis(10))
}

fn memory() -> Vec<u8> {
    vec![0; 16 << 20]
}

const SMALL: usize = 640 * 480 * 2;
const LARGE: usize = 1280 * 720 * 2;

#[test]
fn cable_out_and_in_again_goes_on() {
    let mut memory = memory();
    let sim = bridge(&mut memory);
    assert!(sim.cable_after(Duration::from_millis(105), Cable::Out));
    assert!(sim.cable_after(Duration::from_millis(2000), Cable::AsSet));
    let (notes, end) = watched(&sim, 20);
    let expected =
        [Note::Signal(480), Note::Frames(SMALL, 10), Note::Changed, Note::Signal(480), Note::Frames(SMALL, 10)];
    assert_eq!((notes.as_slice(), end), (expected.as_slice(), End::Enough));
}

#[test]
fn another_resolution_is_adopted() {
    let mut memory = memory();
    let sim = bridge(&mut memory);
    sim.script([Event::Frame, Event::Frame, Event::Frame, Event::Cable(Cable::Sends(&timings::P1280X720))]);
    let (notes, end) = watched(&sim, 8);
    assert_eq!(notes.first(), Some(&Note::Signal(480)));
    assert_eq!(notes.last(), Some(&Note::Frames(LARGE, 5)));
    assert!(notes.contains(&Note::Changed) && notes.contains(&Note::Signal(720)), "{notes:?}");
    assert_eq!((end, sim.calls(Call::StreamOn)), (End::Enough, 2));
}

#[test]
fn lock_that_takes_time_is_waited_for() {
    let mut memory = memory();
    let sim = bridge(&mut memory);
    sim.cable(Cable::Out);
    assert!(sim.cable_after(Duration::from_millis(300), Cable::NoLock));
    assert!(sim.cable_after(Duration::from_millis(600), Cable::OutOfRange));
    assert!(sim.cable_after(Duration::from_millis(900), Cable::Sends(&timings::P1280X720)));
    let began = sim.now();
    let (notes, end) = watched(&sim, 1);
    assert_eq!((notes.as_slice(), end), ([Note::Signal(720), Note::Frames(LARGE, 1)].as_slice(), End::Enough));
    assert!(sim.now() - began < Duration::from_millis(1000), "{:?}", sim.now() - began);
}

#[test]
fn no_signal_ends_after_the_patience() {
    let mut memory = memory();
    // Without an EDID.
    let sim = Sim::new(Profile::HDMI_BRIDGE, &mut memory);
    let began = sim.now();
    assert_eq!(watched(&sim, 1), (Vec::new(), End::NoSignal));
    let took = sim.now() - began;
    assert!((PATIENCE..PATIENCE * 2).contains(&took), "{took:?}");
}

#[test]
fn signal_without_frames_ends() {
    let mut memory = memory();
    let sim = bridge(&mut memory);
    // Eight starts, and a source that is silent in each.
    sim.script([Event::StallForever; 8]);
    let (notes, end) = watched(&sim, 1);
    assert_eq!((notes.len(), end), (16, End::NoFrames));
    assert_eq!(sim.calls(Call::StreamOn), 8);
}

#[test]
fn receiver_that_fails_its_queue_is_followed_as_well() {
    let mut memory = memory();
    let sim = bridge(&mut memory);
    let change = Event::SourceChange { width: 1280, height: 720 };
    sim.script([Event::Frame, change, Event::QueueError]);
    let (notes, end) = watched(&sim, 3);
    assert_eq!((notes.first(), notes.last()), (Some(&Note::Signal(480)), Some(&Note::Frames(LARGE, 2))), "{notes:?}");
    assert_eq!(end, End::Enough);
}
