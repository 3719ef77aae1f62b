//! What is seen of a program, and what can happen next.

use crate::choice::{Choice, Operation, Refusal, THREADS};
use crate::machine::Place;
use crate::model::Small;
use crate::numbers::{self, numbers};
use crate::program::Program;
use crate::seen::{Seen, Standing};

impl Program<'_, '_> {
    /// What is seen, and what can happen next.
    pub fn look(&self, model: Small, places: &[Place; THREADS]) -> (Seen, Vec<Choice>) {
        let machine = self.machine;
        let mut frames: Vec<u8> = self.frames.borrow().iter().map(|(frame, _)| frame.index() as u8).collect();
        frames.sort_unstable();
        let parked = self.kept.parked.borrow();
        let mut next = self.next(model, places, &frames, parked.len());
        if machine.is_unplugged() {
            next.retain(|choice| !matches!(choice, Choice::Restart(_) | Choice::Fail | Choice::Unplug));
        }
        let sorted = |mut list: Vec<(u8, bool)>| {
            list.sort_unstable();
            list
        };
        let holders = self.queue.holders();
        let (numbers, expected) = numbers::relative(numbers(self.queue));
        let mut standing: Vec<Standing> = (0..THREADS)
            .map(|thread| {
                let mut past = machine.past(thread);
                past.sequence = past.sequence.map(|sequence| numbers::behind(sequence, expected));
                (places[thread], machine.doing.get()[thread], past)
            })
            .collect();
        standing.sort_unstable();
        let mut forgotten = self.kept.forgotten.borrow().clone();
        forgotten.sort_unstable();
        let seen = Seen {
            node: std::array::from_fn(|index| machine.state(index as u8) as u8),
            order: [machine.active(), machine.finished.borrow().clone()],
            frames,
            parked: sorted(parked.iter().map(|aside| (aside.token.index() as u8, aside.good)).collect()),
            forgotten,
            threads: standing,
            passed_over: machine.passed_over.get(),
            numbers,
            holders: [holders.free, holders.driver, holders.held, holders.parked].map(|count| count as u8),
            trouble: [machine.failed.get(), machine.is_unplugged(), self.queue.is_unplugged()],
        };
        (seen, next)
    }

    fn next(&self, model: Small, places: &[Place; THREADS], frames: &[u8], parked: usize) -> Vec<Choice> {
        let mut next = Vec::new();
        let mut begun = false;
        for (thread, place) in places.iter().enumerate() {
            let thread = thread as u8;
            if *place != Place::Idle {
                if *place != Place::Asleep || self.machine.can_wake() {
                    next.push(Choice::Go(thread));
                }
                if place.is_call() {
                    next.push(Choice::Interrupt(thread));
                }
                if matches!(place, Place::BeforeEnqueue(_)) {
                    next.push(Choice::Refuse(thread));
                }
            } else if !std::mem::replace(&mut begun, true) {
                // Threads with nothing to do are alike: one of them is enough.
                let simple = [Operation::Dequeue, Operation::RequeueDropped];
                let with = [Operation::Requeue, Operation::Drop, Operation::Park, Operation::Forget];
                let frames = frames.iter().flat_map(|index| with.map(|operation| operation(*index)));
                let parked = (0..parked as u8).map(Operation::Unpark);
                let all = simple.into_iter().chain(frames).chain(parked);
                next.extend(all.map(|operation| Choice::Begin(thread, operation)));
            }
        }
        if self.machine.can_finish() {
            next.push(Choice::Finish);
        }
        if !self.machine.failed.get() {
            next.push(Choice::Fail);
        }
        next.push(Choice::Unplug);
        if frames.is_empty() && places.iter().all(|place| *place == Place::Idle) {
            let refusals = [Refusal::Nothing, Refusal::StreamOff, Refusal::Enqueue, Refusal::StreamOn];
            next.extend(refusals.map(Choice::Restart));
        }
        if model.scribbles {
            next.extend(frames.iter().map(|index| Choice::Scribble(*index)));
        }
        next
    }
}
