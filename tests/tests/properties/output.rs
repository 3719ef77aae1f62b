//! A program that sends, step by step beside the model.

use vidbuf::backend::PlanePayload;
use vidbuf::queue::{Idle, Kind, Mapped, Output, Planes, Streaming};
use vidbuf::{Error, Failed, OutputBuffer, Queue, Request};
use vidbuf_sim::{Call, Errno, Sim, SimFile};

use crate::reference::Reference;
use crate::steps::{Answer, Step};
use crate::{BUFFERS, FRAME, answer_of, compare, driver};

type Stream<'s, 'm, P> = Queue<SimFile<'s, 'm>, Streaming, Kind<Output, P>, BUFFERS>;
type Stopped<'s, 'm, P> = Queue<SimFile<'s, 'm>, Mapped, Kind<Output, P>, BUFFERS>;
type Token<'q, 's, 'm, P> = OutputBuffer<'q, SimFile<'s, 'm>, Kind<Output, P>>;

fn start<'s, 'm, P: Planes>(idle: Queue<SimFile<'s, 'm>, Idle, Kind<Output, P>, BUFFERS>) -> Stream<'s, 'm, P> {
    let queue = idle.request_buffers(Request::exactly(BUFFERS as u32)).expect("no fault");
    queue.query_buffers().expect("no fault").map().expect("no fault").stream_on().expect("no fault")
}

/// Takes the steps; what is left at the end is dropped.
pub fn play<'s, 'm, P: Planes>(sim: &'s Sim<'m>, mut reference: Reference, steps: &[Step]) {
    let mut queue = start::<P>(Queue::new(sim.open().expect("it is there")));
    let mut steps = steps.iter();
    while let Some(step) = stream(sim, &queue, &mut reference, &mut steps) {
        sim.clear_script();
        let off = queue.stream_off().expect("no fault");
        reference.stop();
        compare(off.holders(), &reference, step);
        queue = match *step {
            Step::Restart { sent, interrupted } => on(sim, off, sent, interrupted),
            _ => again(sim, off, &reference),
        };
        reference = reference.after(step);
        compare(queue.holders(), &reference, step);
    }
    sim.clear_script();
    queue.stop().expect("no fault");
}

/// Sends buffers, then stream on, a second time if a signal came the first time: what was sent stays sent.
fn on<'s, 'm, P: Planes>(sim: &Sim<'_>, off: Stopped<'s, 'm, P>, sent: usize, interrupted: bool) -> Stream<'s, 'm, P> {
    for _ in 0..sent {
        assert!(send(off.take().expect("all are free")).is_ok());
    }
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
        // What the driver had is given out to nobody.
        let taken: Vec<_> = std::iter::from_fn(|| off.take()).collect();
        assert_eq!(taken.len(), off.granted() - off.holders().driver);
    }
    let mut idle = off.unmap().expect("no fault").release().expect("no fault");
    if reference.is_gone() {
        sim.replug();
        *idle.backend_mut() = sim.open().expect("the device is back");
    }
    start(idle)
}

/// Sends the whole of every plane.
fn send<'q, 's, 'm, P: Planes>(
    mut buffer: Token<'q, 's, 'm, P>,
) -> Result<(), Failed<Option<Token<'q, 's, 'm, P>>, Error>> {
    let mut payloads = [PlanePayload::default(); 8];
    let planes = buffer.planes();
    for (plane, payload) in payloads.iter_mut().enumerate().take(planes) {
        payload.bytesused = buffer.plane_mut(plane).expect("the plane exists").len() as u32;
    }
    buffer.try_enqueue_planes(&payloads[..planes])
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
        if matches!(step, Step::Restart { .. } | Step::Again) {
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
    let outcome: Result<Answer, Error> = match *step {
        Step::Dequeue | Step::DequeueWithin(_) => {
            let outcome = match *step {
                Step::DequeueWithin(patience) => queue.dequeue_timeout(FRAME * patience),
                _ => queue.dequeue(),
            };
            outcome.map(|buffer| {
                let Some(buffer) = buffer else { return Answer::Nothing };
                let sent = buffer.sent().expect("it comes from the driver");
                let (index, bad) = (buffer.index() as usize, sent.flags.contains(vidbuf::v4l2::BufferFlags::ERROR));
                buffers.push(buffer);
                Answer::Frame { index, sequence: sent.sequence, lost: Some(0), bad }
            })
        }
        Step::Wait => queue.wait(None).map(|_| Answer::Done),
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
            let buffer = buffers.remove(place % buffers.len());
            send(buffer).map(|()| Answer::Done).map_err(|refused| {
                buffers.push(refused.value.expect("the buffer comes back"));
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
