//! Random programs on the public API, against an independent model of what must come of them: which buffer, which frame, how
//! many lost, which error, and where every buffer is, after every step.
//!
//! The model ([`reference`]) knows lists and rules, no line of the library's or the simulator's. proptest-state-machine draws
//! the programs, within what the types allow, and shortens one that fails.

mod capture;
mod output;
mod reference;
mod steps;

use std::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;
use vidbuf::error::{DriverFault, ErrorKind, Operation};
use vidbuf::queue::{Holders, MultiPlanar, SinglePlanar};
use vidbuf::{Error, FourCc};
use vidbuf_sim::{Call, Errno, Event, Profile, Sim};

use reference::Reference;
use steps::{Answer, Captures, CapturesButOne, Sends, Step};

/// Buffers of a queue.
const BUFFERS: usize = 4;
/// Frame time of the devices.
const FRAME: Duration = Duration::from_millis(10);
/// Steps of a program, at most.
const STEPS: usize = 60;

/// Runs random programs on devices of this profile.
fn check<R>(profile: Profile, play: fn(&Sim<'_>, Reference, &[Step]))
where
    R: ReferenceStateMachine<State = Reference, Transition = Step>,
{
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((start, steps, _) in R::sequential_strategy(1..STEPS))| {
        let mut memory = vec![0; 1 << 16];
        let sim = Sim::new(profile, &mut memory).format(FourCc::YUYV, 32, 8).frame_interval(FRAME).strict();
        play(&sim, start, &steps);
        prop_assert_eq!((sim.mappings(), sim.buffers(), sim.violation(0)), (0, 0, None));
    });
}

#[test]
fn single_planar_capture_does_what_the_model_says() {
    check::<Captures>(Profile::VIVID, capture::play::<SinglePlanar>);
}

#[test]
fn capture_that_keeps_a_buffer_does_what_the_model_says() {
    check::<CapturesButOne>(Profile::UNICAM, capture::play::<SinglePlanar>);
}

#[test]
fn multi_planar_capture_does_what_the_model_says() {
    check::<Captures>(Profile::VIVID_MULTIPLANAR, capture::play::<MultiPlanar>);
}

#[test]
fn single_planar_output_does_what_the_model_says() {
    check::<Sends>(Profile::VIVID_OUTPUT, output::play::<SinglePlanar>);
}

#[test]
fn multi_planar_output_does_what_the_model_says() {
    check::<Sends>(Profile::VIVID_OUTPUT_MULTIPLANAR, output::play::<MultiPlanar>);
}

/// An error in the model's words.
fn answer_of(error: &Error) -> Answer {
    match error {
        Error::Refused { error: Errno::EDEADLK, .. } => Answer::Forever,
        Error::Refused { error: Errno::EINVAL, operation: Operation::Enqueue, .. } => Answer::Invalid,
        Error::Unplugged { .. } => Answer::Unplugged,
        Error::NothingQueued { .. } => Answer::NothingQueued,
        Error::Driver(DriverFault::BytesusedBeyondLength { .. }) => Answer::Overlong,
        other => match other.kind() {
            Some(ErrorKind::Interrupted) => Answer::Interrupted,
            Some(ErrorKind::Io) => Answer::QueueError,
            Some(ErrorKind::Unplugged) => Answer::Gone,
            _ => panic!("an error that the model does not know: {other}"),
        },
    }
}

/// What the driver's side does; true if the step is one of its own.
fn driver(sim: &Sim<'_>, step: &Step) -> bool {
    match step {
        Step::Advance(frames) => sim.advance(FRAME * *frames),
        Step::LoseFrames(frames) => assert!(sim.script([Event::Drop(*frames)])),
        Step::FlagFrame => assert!(sim.script([Event::Error])),
        Step::OverlongFrame => {
            assert!(sim.script([Event::Payload { plane: 0, bytesused: u32::MAX, data_offset: 0 }]));
        }
        Step::FailQueue => assert!(sim.script([Event::QueueError])),
        Step::Unplug => sim.unplug(),
        Step::InterruptEnqueue(times) => assert!(sim.fail_next(Call::Enqueue, *times, Errno::EINTR)),
        Step::RefuseEnqueue(times) => assert!(sim.fail_next(Call::Enqueue, *times, Errno::EINVAL)),
        Step::InterruptDequeue => assert!(sim.fail_next(Call::Dequeue, 1, Errno::EINTR)),
        _ => return false,
    }
    true
}

/// The queue's own count is the model's.
fn compare(holders: Holders, reference: &Reference, step: &Step) {
    let counted = [holders.free, holders.driver, holders.held, holders.parked];
    assert_eq!(counted, reference.holders(), "free, driver, held, parked after {step:?}");
}
