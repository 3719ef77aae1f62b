//! A program that captures, step by step beside the model.

use vidbuf::{Capture, Error, Frame, Kind, Parked, Planes, Queue, Request, Streaming};
use vidbuf_sim::{Sim, SimErrno, SimFile};

use crate::reference::{Answer, Reference, Step};
use crate::{BUFFERS, FRAME, answer_of, compare, driver};

type Stream<'s, 'm, P> = Queue<SimFile<'s, 'm>, Streaming, Kind<Capture, P>, BUFFERS>;
type Token<'q, 's, 'm, P> = Frame<'q, SimFile<'s, 'm>, Kind<Capture, P>>;

/// Takes the steps; what is left at the end is dropped.
pub fn play<P: Planes>(sim: &Sim<'_>, mut reference: Reference, steps: &[Step]) {
    let mut queue: Stream<'_, '_, P> =
        Queue::new(sim.open().expect("it is there")).start(Request::exactly(BUFFERS as u32)).expect("no fault yet");
    let mut parked = Vec::new();
    let mut steps = steps.iter();
    while let Some(step) = stream(sim, &queue, &mut reference, &mut parked, &mut steps) {
        sim.clear_script();
        queue = match step {
            Step::Restart => queue.stream_off().expect("no fault").stream_on().expect("no fault"),
            _ => {
                let mut file = queue.stop().expect("no fault").into_backend().expect("nothing is left over");
                if reference.is_gone() {
                    // vivid is back when the last file is closed.
                    sim.replug();
                    file = sim.open().expect("the device is back");
                }
                Queue::new(file).start(Request::exactly(BUFFERS as u32)).expect("the device is there")
            }
        };
        reference = reference.after(step);
        compare(queue.holders(), &reference, step);
    }
    sim.clear_script();
    queue.stop().expect("no fault");
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
        if matches!(step, Step::Restart | Step::Again) {
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
    let outcome: Result<Answer, Error<SimErrno>> = match *step {
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
            frame.requeue().map(|()| Answer::Done).map_err(|refused| {
                frames.push(refused.buffer.expect("the frame comes back"));
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
            Err(_) => Ok(Answer::Refused),
        },
        Step::RequeueDropped => queue.requeue_dropped().map(|()| Answer::Done),
        _ => unreachable!("{step:?} is no step of a capture program"),
    };
    outcome.unwrap_or_else(|error| answer_of(&error))
}
