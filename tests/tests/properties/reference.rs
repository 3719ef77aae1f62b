//! What must come of each step, by rules of its own.

use std::collections::VecDeque;

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use crate::BUFFERS;

/// What the program or the driver does.
#[derive(Clone, Debug)]
pub enum Step {
    Dequeue,
    /// With so many frame times of patience.
    DequeueWithin(u32),
    /// Output: a buffer that nobody has.
    Take,
    /// The frame or output buffer at this place of those in hand (modulo their number) is given back, dropped, forgotten.
    Enqueue(usize),
    Drop(usize),
    Forget(usize),
    /// Capture only: put aside, and taken up again, stale tokens too.
    Park(usize),
    Unpark(usize),
    RequeueDropped,
    /// Stream off and on; all the way down and up (after an unplug, on the device that is back).
    Restart,
    Again,
    /// The driver: frame times pass; so many frames are lost; the next frame is bad; the queue falls into error; unplug.
    Advance(u32),
    LoseFrames(u32),
    FlagFrame,
    FailQueue,
    Unplug,
    /// A signal comes during the next QBUF or DQBUF.
    InterruptEnqueue,
    InterruptDequeue,
}

/// What a step must answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    Nothing,
    Frame {
        index: usize,
        sequence: u32,
        lost: Option<u32>,
        bad: bool,
    },
    /// Output: a buffer, not from the driver.
    Buffer(usize),
    Refused,
    Interrupted,
    QueueError,
    /// ENODEV from the device, and later without asking it.
    Gone,
    Unplugged,
    Forever,
}

/// A buffer in the program's hands, and the frame that it holds.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub index: usize,
    sequence: u32,
    bad: bool,
}

/// What the driver is told to do with coming frame times.
#[derive(Clone, Copy, Debug)]
enum Plan {
    Lose(u32),
    Flag,
    Fail,
}

/// The whole world.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    output: bool,
    /// Buffers that the driver does not give back.
    keeps: usize,
    free: Vec<usize>,
    active: VecDeque<usize>,
    done: VecDeque<Held>,
    pub held: Vec<Held>,
    /// Tokens, and whether they are good.
    pub parked: Vec<(Held, bool)>,
    forgotten: usize,
    sequence: u32,
    newest: Option<u32>,
    plans: VecDeque<Plan>,
    failed: bool,
    gone: bool,
    /// The queue was told.
    known_gone: bool,
    interrupt: [bool; 2],
    /// What the step just taken must answer.
    pub answer: Option<Answer>,
}

impl Reference {
    fn new(output: bool, keeps: usize) -> Self {
        let mut reference = Self { output, keeps, ..Self::default() };
        reference.stream();
        reference
    }

    /// A stream begins: capture has all buffers with the driver, output with the program.
    fn stream(&mut self) {
        (self.free, self.active) = (Vec::new(), VecDeque::new());
        if self.output {
            self.free.extend(0..BUFFERS);
        } else {
            self.active.extend(0..BUFFERS);
        }
        self.done.clear();
        self.held.clear();
        self.parked.iter_mut().for_each(|(_, good)| *good = false);
        (self.forgotten, self.sequence, self.newest) = (0, 0, None);
        (self.failed, self.interrupt) = (false, [false; 2]);
        self.plans.clear();
    }

    /// free, driver, held, parked.
    pub fn holders(&self) -> [usize; 4] {
        let parked = self.parked.iter().filter(|(_, good)| *good).count();
        [self.free.len(), self.active.len() + self.done.len(), self.held.len() + self.forgotten, parked]
    }

    pub fn is_gone(&self) -> bool {
        self.gone
    }

    fn can_finish(&self) -> bool {
        self.active.len() > self.keeps
    }

    /// A frame time passes.
    fn tick(&mut self) {
        let can_finish = self.can_finish();
        match self.plans.front_mut() {
            Some(Plan::Lose(frames)) => {
                *frames -= 1;
                if *frames == 0 {
                    self.plans.pop_front();
                }
                self.sequence += 1;
            }
            Some(Plan::Fail) => {
                self.plans.pop_front();
                self.failed = true;
            }
            // A frame for which there is no buffer is lost; a plan for a frame waits for one that is not.
            _ if !can_finish => self.sequence += 1,
            plan => {
                let bad = plan.is_some();
                self.plans.pop_front();
                if let Some(index) = self.active.pop_front() {
                    self.done.push_back(Held { index, sequence: self.sequence, bad });
                }
                self.sequence += 1;
            }
        }
    }

    /// Whether anything is going to happen that a sleeper would see.
    fn will_happen(&self) -> bool {
        let next = self.plans.iter().find(|plan| !matches!(plan, Plan::Lose(_)));
        !self.gone && (matches!(next, Some(Plan::Fail)) || self.can_finish())
    }

    fn is_noticeable(&self) -> bool {
        self.gone || self.failed || !self.done.is_empty()
    }

    /// The kernel's word on QBUF.
    fn queue_buffer(&mut self, index: usize) -> Result<(), Answer> {
        if std::mem::take(&mut self.interrupt[0]) {
            return Err(Answer::Interrupted);
        }
        if self.gone {
            self.known_gone = true;
            return Err(Answer::Gone);
        }
        if self.failed {
            return Err(Answer::QueueError);
        }
        self.active.push_back(index);
        Ok(())
    }

    /// What every capture call does first: dropped frames go back, lowest buffer first, until one is refused.
    fn attend(&mut self) -> Result<(), Answer> {
        if self.known_gone {
            return Err(Answer::Unplugged);
        }
        if self.output {
            return Ok(());
        }
        self.free.sort_unstable();
        while let Some(index) = self.free.first().copied() {
            self.queue_buffer(index)?;
            self.free.remove(0);
        }
        Ok(())
    }

    /// DQBUF on a blocking device.
    fn dequeue(&mut self) -> Result<Answer, Answer> {
        if std::mem::take(&mut self.interrupt[1]) {
            return Err(Answer::Interrupted);
        }
        while !self.is_noticeable() {
            if !self.will_happen() {
                return Err(Answer::Forever);
            }
            self.tick();
        }
        if self.gone {
            self.known_gone = true;
            return Err(Answer::Gone);
        }
        if self.failed {
            return Err(Answer::QueueError);
        }
        let Some(frame) = self.done.pop_front() else { return Ok(Answer::Nothing) };
        // Output buffers do not tell.
        let lost = self.newest.filter(|_| !self.output).map_or(0, |newest| frame.sequence - newest - 1);
        let lost = Some(lost);
        self.newest = Some(frame.sequence);
        self.held.push(frame);
        let Held { index, sequence, bad } = frame;
        Ok(Answer::Frame { index, sequence, lost, bad })
    }

    fn take_in_hand(&mut self, place: usize) -> Held {
        self.held.remove(place % self.held.len())
    }

    fn step(&mut self, step: &Step) -> Result<Answer, Answer> {
        match *step {
            Step::Dequeue => {
                self.attend()?;
                return self.dequeue();
            }
            Step::DequeueWithin(patience) => {
                self.attend()?;
                for _ in 0..patience {
                    if self.is_noticeable() {
                        break;
                    }
                    self.tick();
                }
                return if self.is_noticeable() {
                    self.attend().and_then(|()| self.dequeue())
                } else {
                    Ok(Answer::Nothing)
                };
            }
            Step::Take => {
                self.free.sort_unstable();
                if self.free.is_empty() {
                    return Ok(Answer::Nothing);
                }
                let index = self.free.remove(0);
                self.held.push(Held { index, sequence: 0, bad: false });
                return Ok(Answer::Buffer(index));
            }
            Step::Enqueue(place) => {
                let held = self.take_in_hand(place);
                // Nothing is sent to a device that is known to be gone; a captured frame is the kernel's to refuse.
                let known = self.output && self.known_gone;
                let outcome = if known { Err(Answer::Unplugged) } else { self.queue_buffer(held.index) };
                if let Err(refused) = outcome {
                    self.held.push(held);
                    return Err(refused);
                }
            }
            Step::Drop(place) => {
                let held = self.take_in_hand(place);
                self.free.push(held.index);
            }
            Step::Forget(place) => {
                self.take_in_hand(place);
                self.forgotten += 1;
            }
            Step::Park(place) => {
                let held = self.take_in_hand(place);
                self.parked.push((held, true));
            }
            Step::Unpark(place) => {
                let (held, good) = self.parked.remove(place % self.parked.len());
                if !good {
                    return Ok(Answer::Refused);
                }
                self.held.push(held);
            }
            Step::RequeueDropped => self.attend()?,
            Step::Restart => self.stream(),
            Step::Again => {
                (self.gone, self.known_gone) = (false, false);
                self.stream();
            }
            Step::Advance(frames) => (0..frames).for_each(|_| self.tick()),
            Step::LoseFrames(frames) => self.plans.push_back(Plan::Lose(frames)),
            Step::FlagFrame => self.plans.push_back(Plan::Flag),
            Step::FailQueue => self.plans.push_back(Plan::Fail),
            Step::Unplug => self.gone = true,
            Step::InterruptEnqueue => self.interrupt[0] = true,
            Step::InterruptDequeue => self.interrupt[1] = true,
        }
        Ok(Answer::Done)
    }

    /// Whether the types, and the room of the simulator's script, allow it.
    fn allows(&self, step: &Step) -> bool {
        match step {
            Step::Enqueue(_) | Step::Drop(_) | Step::Forget(_) => !self.held.is_empty(),
            Step::Park(_) => !self.output && !self.held.is_empty(),
            Step::Unpark(_) => !self.parked.is_empty(),
            Step::Take => self.output,
            Step::RequeueDropped => !self.output,
            Step::Restart => self.held.is_empty() && !self.gone,
            Step::Again => self.held.is_empty(),
            Step::LoseFrames(_) | Step::FlagFrame | Step::FailQueue => self.plans.len() < 8,
            Step::Unplug => !self.gone,
            Step::InterruptEnqueue => !self.interrupt[0],
            Step::InterruptDequeue => !self.interrupt[1],
            Step::Dequeue | Step::DequeueWithin(_) | Step::Advance(_) => true,
        }
    }

    /// The world after a step, and what the step answers.
    pub fn after(mut self, step: &Step) -> Self {
        self.answer = Some(self.step(step).unwrap_or_else(|refused| refused));
        self
    }
}

fn steps() -> BoxedStrategy<Step> {
    let place = || 0..BUFFERS;
    prop_oneof![
        12 => Just(Step::Dequeue),
        6 => (1..5_u32).prop_map(Step::DequeueWithin),
        12 => Just(Step::Take),
        14 => place().prop_map(Step::Enqueue),
        8 => place().prop_map(Step::Drop),
        1 => place().prop_map(Step::Forget),
        4 => place().prop_map(Step::Park),
        4 => place().prop_map(Step::Unpark),
        3 => Just(Step::RequeueDropped),
        2 => Just(Step::Restart),
        2 => Just(Step::Again),
        6 => (1..6_u32).prop_map(Step::Advance),
        2 => (1..4_u32).prop_map(Step::LoseFrames),
        2 => Just(Step::FlagFrame),
        1 => Just(Step::FailQueue),
        1 => Just(Step::Unplug),
        3 => Just(Step::InterruptEnqueue),
        3 => Just(Step::InterruptDequeue),
    ]
    .boxed()
}

macro_rules! machine {
    ($(#[$doc:meta])* $name:ident, $output:literal, $keeps:literal) => {
        $(#[$doc])*
        pub struct $name;

        impl ReferenceStateMachine for $name {
            type State = Reference;
            type Transition = Step;

            fn init_state() -> BoxedStrategy<Reference> {
                Just(Reference::new($output, $keeps)).boxed()
            }

            fn transitions(_: &Reference) -> BoxedStrategy<Step> {
                steps()
            }

            fn preconditions(state: &Reference, step: &Step) -> bool {
                state.allows(step)
            }

            fn apply(state: Reference, step: &Step) -> Reference {
                state.after(step)
            }
        }
    };
}

machine!(
    /// Programs that capture.
    Captures,
    false,
    0
);
machine!(
    /// Programs that capture from a driver that keeps a buffer.
    CapturesButOne,
    false,
    1
);
machine!(
    /// Programs that send to a driver that keeps a buffer.
    Sends,
    true,
    1
);
