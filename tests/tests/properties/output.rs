//! A program that sends, step by step beside the model.

use vidbuf::{Error, Kind, Output, OutputBuffer, PlanePayload, Planes, Queue, Request, Streaming};
use vidbuf_sim::{Sim, SimErrno, SimFile};

use crate::reference::{Answer, Reference, Step};
use crate::{BUFFERS, FRAME, answer_of, compare, driver};

type Stream<'s, 'm, P> = Queue<SimFile<'s, 'm>, Streaming, Kind<Output, P>, BUFFERS>;
type Token<'q, 's, 'm, P> = OutputBuffer<'q, SimFile<'s, 'm>, Kind<Output, P>>;

fn start<'s, 'm, P: Planes>(sim: &'s Sim<'m>) -> Stream<'s, 'm, P> {
    let queue = Queue::new(sim.open().expect("it is there"))
        .request_buffers(Request::exactly(BUFFERS as u32))
        .expect("no fault");
    queue.query_buffers().expect("no fault").map().expect("no fault").stream_on().expect("no fault")
}

/// Takes the steps; what is left at the end is dropped.
pub fn play<P: Planes>(sim: &Sim<'_>, mut reference: Reference, steps: &[Step]) {
    let mut queue = start::<P>(sim);
    let mut steps = steps.iter();
    while let Some(step) = stream(sim, &queue, &mut reference, &mut steps) {
        sim.clear_script();
        queue = match step {
            Step::Restart => queue.stream_off().expect("no fault").stream_on().expect("no fault"),
            _ => {
                drop(queue.stop().expect("no fault"));
                if reference.is_gone() {
                    sim.replug();
                }
                start(sim)
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
    steps: &mut impl Iterator<Item = &'l Step>,
) -> Option<&'l Step> {
    let mut buffers: Vec<Token<'q, 's, 'm, P>> = Vec::new();
    for step in steps {
        if matches!(step, Step::Restart | Step::Again) {
            return Some(step);
        }
        let answer = if driver(sim, step) { Answer::Done } else { take(queue, &mut buffers, step) };
        *reference = reference.clone().after(step);
        assert_eq!(Some(answer), reference.answer, "{step:?}");
        compare(queue.holders(), reference, step);
        let indices: Vec<_> = buffers.iter().map(|buffer| buffer.index() as usize).collect();
        assert_eq!(indices, reference.held.iter().map(|held| held.index).collect::<Vec<_>>(), "in hand after {step:?}");
    }
    None
}

/// One step of the program.
fn take<'q, 's, 'm, P: Planes>(
    queue: &'q Stream<'s, 'm, P>,
    buffers: &mut Vec<Token<'q, 's, 'm, P>>,
    step: &Step,
) -> Answer {
    let outcome: Result<Answer, Error<SimErrno>> = match *step {
        Step::Dequeue | Step::DequeueWithin(_) => {
            let outcome = match *step {
                Step::DequeueWithin(patience) => queue.dequeue_timeout(FRAME * patience),
                _ => queue.dequeue(),
            };
            outcome.map(|buffer| {
                let Some(buffer) = buffer else { return Answer::Nothing };
                let sent = buffer.sent().expect("it comes from the driver");
                let (index, bad) = (buffer.index() as usize, sent.flags.contains(vidbuf::BufferFlags::ERROR));
                buffers.push(buffer);
                Answer::Frame { index, sequence: sent.sequence, lost: Some(0), bad }
            })
        }
        Step::Take => Ok(match queue.take() {
            Some(buffer) => {
                let index = buffer.index() as usize;
                assert!(buffer.sent().is_none());
                buffers.push(buffer);
                Answer::Buffer(index)
            }
            None => Answer::Nothing,
        }),
        Step::Enqueue(place) => {
            let mut buffer = buffers.remove(place % buffers.len());
            let mut payloads = [PlanePayload::default(); 8];
            let planes = buffer.planes();
            for (plane, payload) in payloads.iter_mut().enumerate().take(planes) {
                payload.bytesused = buffer.plane_mut(plane).expect("the plane exists").len() as u32;
            }
            buffer.enqueue_planes(&payloads[..planes]).map(|()| Answer::Done).map_err(|refused| {
                buffers.push(refused.buffer.expect("the buffer comes back"));
                refused.error
            })
        }
        Step::Drop(place) => {
            drop(buffers.remove(place % buffers.len()));
            Ok(Answer::Done)
        }
        Step::Forget(place) => {
            std::mem::forget(buffers.remove(place % buffers.len()));
            Ok(Answer::Done)
        }
        _ => unreachable!("{step:?} is no step of an output program"),
    };
    outcome.unwrap_or_else(|error| answer_of(&error))
}
