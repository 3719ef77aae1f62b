//! A program that captures, step by step beside the model.

use vidbuf::queue::{Capture, Kind, Mapped, Planes, Streaming};
use vidbuf::{Error, Frame, Parked, Queue, Request};
use vidbuf_sim::{Call, Errno, Sim, SimFile};

use crate::reference::Reference;
use crate::steps::{Answer, Step};
use crate::{BUFFERS, FRAME, answer_of, compare, driver};

type Stream<'s, 'm, P> = Queue<SimFile<'s, 'm>, Streaming, Kind<Capture, P>, BUFFERS>;
type Stopped<'s, 'm, P> = Queue<SimFile<'s, 'm>, Mapped, Kind<Capture, P>, BUFFERS>;
type Token<'q, 's, 'm, P> = Frame<'q, SimFile<'s, 'm>, Kind<Capture, P>>;

/// Takes the steps; what is left at the end is dropped.
pub fn play<'s, 'm, P: Planes>(sim: &'s Sim<'m>, mut reference: Reference, steps: &[Step]) {
    let mut queue: Stream<'s, 'm, P> =
        Queue::new(sim.open().expect("it is there")).start(Request::exactly(BUFFERS as u32)).expect("no fault yet");
    let mut parked = Vec::new();
    let mut steps = steps.iter();
    while let Some(step) = stream(sim, &queue, &mut reference, &mut parked, &mut steps) {
        sim.clear_script();
        let off = queue.stream_off().expect("no fault");
        reference.stop();
        compare(off.holders(), &reference, step);
        queue = match step {
            Step::Restart { interrupted, .. } => on(sim, off, *interrupted),
            _ => again(sim, off, &reference),
        };
        reference = reference.after(step);
        compare(queue.holders(), &reference, step);
    }
    sim.clear_script();
    queue.stop().expect("no fault");
}

/// Stream on, a second time if a signal came the first time: nothing has changed then.
fn on<'s, 'm, P: Planes>(sim: &Sim<'_>, off: Stopped<'s, 'm, P>, interrupted: bool) -> Stream<'s, 'm, P> {
    if !interrupted {
        return off.stream_on().expect("no fault");
    }
    assert!(sim.fail_next(Call::StreamOn, 1, Errno::EINTR));
    let before = off.holders();
    let failed = off.stream_on().expect_err("a signal");
    assert_eq!((answer_of(&failed.error), failed.value.holders()), (Answer::Interrupted, before));
    failed.value.stream_on().expect("no fault")
}

/// Down and up, on the device that is back if it was gone.
fn again<'s, 'm, P: Planes>(sim: &'s Sim<'m>, mut off: Stopped<'s, 'm, P>, reference: &Reference) -> Stream<'s, 'm, P> {
    if reference.is_gone() {
        let failed = off.stream_on().expect_err("it is gone");
        assert_eq!(answer_of(&failed.error), Answer::Unplugged);
        off = failed.value;
        compare(off.holders(), reference, &Step::Again);
    }
    let mut idle = off.unmap().expect("no fault").release().expect("no fault");
    if reference.is_gone() {
        // vivid is back when the last file is closed.
        sim.replug();
        *idle.backend_mut() = sim.open().expect("the device is back");
    }
    idle.start(Request::exactly(BUFFERS as u32)).expect("the device is there")
}

/// The steps up to the next that needs the queue for itself.
fn stream<'q, 's, 'm, 'l, P: Planes>(
    sim: &Sim<'_>,
    queue: &'q Stream<'s, 'm, P>,
    reference: &mut Reference,
    parked: &mut Vec<Parked<Kind<Capture, P>>>,
    steps: &mut impl Iterator<Item = &'l Step>,
) -> Option<&'l Step> {
    let mut frames: Vec<Token<'q, 's, 'm, P>> = Vec::new();
    for step in steps {
        if matches!(step, Step::Restart { .. } | Step::Again) {
            return Some(step);
        }
        let answer = if driver(sim, step) { Answer::Done } else { take(queue, &mut frames, parked, step) };
        *reference = reference.clone().after(step);
        assert_eq!(Some(answer), reference.answer, "{step:?}");
        compare(queue.holders(), reference, step);
        let indices: Vec<_> = frames.iter().map(|frame| frame.index() as usize).collect();
        assert_eq!(indices, reference.held.iter().map(|held| held.index).collect::<Vec<_>>(), "in hand after {step:?}");
        for frame in &frames {
            for plane in 0..frame.planes() {
                let payload = frame.suspect_payload(plane).expect("the plane exists");
                assert!(sim.picture(frame.sequence()).is_in(plane, payload), "{frame:?} changed in {step:?}");
            }
        }
    }
    None
}

/// One step of the program.
fn take<'q, 's, 'm, P: Planes>(
    queue: &'q Stream<'s, 'm, P>,
    frames: &mut Vec<Token<'q, 's, 'm, P>>,
    parked: &mut Vec<Parked<Kind<Capture, P>>>,
    step: &Step,
) -> Answer {
    let outcome: Result<Answer, Error> = match *step {
        Step::Dequeue | Step::DequeueWithin(_) => {
            let outcome = match *step {
                Step::DequeueWithin(patience) => queue.dequeue_timeout(FRAME * patience),
                _ => queue.dequeue(),
            };
            outcome.map(|frame| {
                let Some(frame) = frame else { return Answer::Nothing };
                let (index, sequence) = (frame.index() as usize, frame.sequence());
                let (lost, bad) = (frame.lost_before(), frame.is_flagged_bad());
                assert_eq!(frame.payload(0).is_err(), bad);
                frames.push(frame);
                Answer::Frame { index, sequence, lost, bad }
            })
        }
        Step::Enqueue(place) => {
            let frame = frames.remove(place % frames.len());
            frame.try_requeue().map(|()| Answer::Done).map_err(|refused| {
                frames.push(refused.value.expect("the frame comes back"));
                refused.error
            })
        }
        Step::Drop(place) => {
            drop(frames.remove(place % frames.len()));
            Ok(Answer::Done)
        }
        Step::Forget(place) => {
            std::mem::forget(frames.remove(place % frames.len()));
            Ok(Answer::Done)
        }
        Step::Park(place) => {
            parked.push(frames.remove(place % frames.len()).park());
            Ok(Answer::Done)
        }
        Step::Unpark(place) => match queue.unpark(parked.remove(place % parked.len())) {
            Ok(frame) => {
                frames.push(frame);
                Ok(Answer::Done)
            }
            Err(_) => Ok(Answer::Stale),
        },
        Step::Wait => queue.wait(None).map(|_| Answer::Done),
        Step::RequeueDropped => queue.requeue_dropped().map(|()| Answer::Done),
        _ => unreachable!("{step:?} is no step of a capture program"),
    };
    outcome.unwrap_or_else(|error| answer_of(&error))
}
