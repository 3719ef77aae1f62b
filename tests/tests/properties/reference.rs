//! What must come of each step, by rules of its own.

use std::collections::VecDeque;

use crate::BUFFERS;
use crate::steps::{Answer, Step};

/// A buffer in the program's hands, and the frame that it holds.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub index: usize,
    sequence: u32,
    bad: bool,
    overlong: bool,
}

/// What the driver is told to do with coming frame times.
#[derive(Clone, Copy, Debug)]
enum Plan {
    Lose(u32),
    Flag,
    Overlong,
    Fail,
}

/// The whole world.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    output: bool,
    /// Buffers that the driver does not give back.
    keeps: usize,
    free: Vec<usize>,
    /// Free, but the driver has refused them and the program was told.
    passed_over: Vec<usize>,
    /// Something dropped or given back waits for the next call.
    waiting: bool,
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
    /// So many QBUFs are refused, with this answer.
    refusals: Option<(u32, Answer)>,
    /// A signal comes during the next DQBUF.
    interrupted: bool,
    /// What the step just taken must answer.
    pub answer: Option<Answer>,
}

impl Reference {
    pub fn new(output: bool, keeps: usize) -> Self {
        let mut reference = Self { output, keeps, ..Self::default() };
        reference.stop();
        reference.start(0);
        reference
    }

    /// A stream ends: every buffer is back, but those that the driver of a device that is gone has not given back.
    pub fn stop(&mut self) {
        self.known_gone |= self.gone;
        if !self.gone {
            self.active.clear();
            self.done.clear();
        }
        let with_driver: Vec<_> = self.active.iter().copied().chain(self.done.iter().map(|held| held.index)).collect();
        self.free = (0..BUFFERS).filter(|index| !with_driver.contains(index)).collect();
        self.passed_over.clear();
        self.held.clear();
        self.parked.iter_mut().for_each(|(_, good)| *good = false);
        (self.forgotten, self.newest, self.waiting) = (0, None, false);
        (self.failed, self.interrupted, self.refusals) = (false, false, None);
        self.plans.clear();
    }

    /// A stream begins: capture has all buffers with the driver, output what was sent before.
    fn start(&mut self, sent: usize) {
        let enqueued = if self.output { sent } else { BUFFERS };
        self.active.extend(self.free.drain(..enqueued));
        self.sequence = 0;
    }

    /// free, driver, held, parked.
    pub fn holders(&self) -> [usize; 4] {
        let parked = self.parked.iter().filter(|(_, good)| *good).count();
        let free = self.free.len() + self.passed_over.len();
        [free, self.with_driver(), self.held.len() + self.forgotten, parked]
    }

    fn with_driver(&self) -> usize {
        self.active.len() + self.done.len()
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
                let (bad, overlong) = (matches!(plan, Some(Plan::Flag)), matches!(plan, Some(Plan::Overlong)));
                self.plans.pop_front();
                if let Some(index) = self.active.pop_front() {
                    self.done.push_back(Held { index, sequence: self.sequence, bad, overlong });
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
        if let Some((left, answer)) = self.refusals.take() {
            self.refusals = (left > 1).then(|| (left - 1, answer.clone()));
            return Err(answer);
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

    /// Free buffers go to the driver, lowest first, until one is refused. That one is passed over from then on, unless it was a
    /// signal.
    fn queue_free(&mut self) -> Result<(), Answer> {
        self.free.sort_unstable();
        while let Some(index) = self.free.first().copied() {
            let outcome = self.queue_buffer(index);
            if outcome != Err(Answer::Interrupted) {
                self.free.remove(0);
            }
            if let Err(refused) = outcome {
                if refused != Answer::Interrupted {
                    self.passed_over.push(index);
                }
                self.waiting = true;
                return Err(refused);
            }
        }
        Ok(())
    }

    fn queue_all(&mut self) -> Result<(), Answer> {
        self.free.append(&mut self.passed_over);
        self.queue_free()
    }

    /// What every call does first: buffers that wait go to the driver; if it has none, those that it has refused, too.
    fn attend(&mut self, may_sleep: bool) -> Result<(), Answer> {
        if self.known_gone {
            return Err(Answer::Unplugged);
        }
        if !self.output {
            if std::mem::take(&mut self.waiting) {
                self.queue_free()?;
            }
            if self.with_driver() == 0 {
                self.queue_all()?;
            }
        }
        if may_sleep && self.with_driver() == 0 { Err(Answer::NothingQueued) } else { Ok(()) }
    }

    /// Until there is something to be noticed.
    fn sleep(&mut self) -> Result<(), Answer> {
        while !self.is_noticeable() {
            if !self.will_happen() {
                return Err(Answer::Forever);
            }
            self.tick();
        }
        Ok(())
    }

    /// poll, once there is something to be noticed: what is wrong is its error.
    fn poll(&mut self) -> Result<(), Answer> {
        if self.gone {
            self.known_gone = true;
            return Err(Answer::Gone);
        }
        if self.failed { Err(Answer::QueueError) } else { Ok(()) }
    }

    /// DQBUF on a blocking device.
    fn dequeue(&mut self) -> Result<Answer, Answer> {
        if std::mem::take(&mut self.interrupted) {
            return Err(Answer::Interrupted);
        }
        self.sleep()?;
        if self.gone {
            self.known_gone = true;
            return Err(Answer::Gone);
        }
        if self.failed {
            return Err(Answer::QueueError);
        }
        let Some(frame) = self.done.pop_front() else { return Ok(Answer::Nothing) };
        if frame.overlong {
            self.free.push(frame.index);
            self.waiting = true;
            return Err(Answer::Overlong);
        }
        // Output buffers do not tell.
        let lost = self.newest.filter(|_| !self.output).map_or(0, |newest| frame.sequence - newest - 1);
        let lost = Some(lost);
        self.newest = Some(frame.sequence);
        self.held.push(frame);
        let Held { index, sequence, bad, .. } = frame;
        Ok(Answer::Frame { index, sequence, lost, bad })
    }

    fn take_in_hand(&mut self, place: usize) -> Held {
        self.held.remove(place % self.held.len())
    }

    fn step(&mut self, step: &Step) -> Result<Answer, Answer> {
        match *step {
            Step::Dequeue => {
                self.attend(true)?;
                return self.dequeue();
            }
            Step::DequeueWithin(patience) => {
                self.attend(false)?;
                for _ in 0..patience {
                    if self.is_noticeable() {
                        break;
                    }
                    self.tick();
                }
                return if self.is_noticeable() {
                    self.poll()?;
                    self.attend(false).and_then(|()| self.dequeue())
                } else {
                    Ok(Answer::Nothing)
                };
            }
            Step::Wait => {
                self.attend(true)?;
                self.sleep()?;
                self.poll()?;
            }
            Step::Take => {
                self.free.sort_unstable();
                if self.free.is_empty() {
                    return Ok(Answer::Nothing);
                }
                let index = self.free.remove(0);
                self.held.push(Held { index, sequence: 0, bad: false, overlong: false });
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
                // A captured one goes back at once; to a device that is known to be gone, nothing goes.
                if self.output || self.known_gone {
                    self.free.push(held.index);
                } else if self.queue_buffer(held.index).is_err() {
                    self.free.push(held.index);
                    self.waiting = true;
                }
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
                    return Ok(Answer::Stale);
                }
                self.held.push(held);
            }
            Step::RequeueDropped => {
                if self.known_gone {
                    return Err(Answer::Unplugged);
                }
                self.waiting = false;
                self.queue_all()?;
            }
            Step::Restart { sent, .. } => {
                self.stop();
                self.start(sent);
            }
            Step::Again => {
                (self.gone, self.known_gone) = (false, false);
                self.stop();
                self.start(0);
            }
            Step::Advance(frames) => (0..frames).for_each(|_| self.tick()),
            Step::LoseFrames(frames) => self.plans.push_back(Plan::Lose(frames)),
            Step::FlagFrame => self.plans.push_back(Plan::Flag),
            Step::OverlongFrame => self.plans.push_back(Plan::Overlong),
            Step::FailQueue => self.plans.push_back(Plan::Fail),
            Step::Unplug => self.gone = true,
            Step::InterruptEnqueue(times) => self.refusals = Some((times, Answer::Interrupted)),
            Step::RefuseEnqueue(times) => self.refusals = Some((times, Answer::Invalid)),
            Step::InterruptDequeue => self.interrupted = true,
        }
        Ok(Answer::Done)
    }

    /// Whether the types, and the room of the simulator's script, allow it.
    pub fn allows(&self, step: &Step) -> bool {
        match step {
            Step::Enqueue(_) | Step::Drop(_) | Step::Forget(_) => !self.held.is_empty(),
            Step::Park(_) => !self.output && !self.held.is_empty(),
            Step::Unpark(_) => !self.parked.is_empty(),
            Step::Take => self.output,
            Step::RequeueDropped => !self.output,
            Step::Restart { .. } => self.held.is_empty() && !self.gone,
            Step::Again => self.held.is_empty(),
            Step::LoseFrames(_) | Step::FlagFrame | Step::FailQueue => self.plans.len() < 8,
            Step::OverlongFrame => !self.output && self.plans.len() < 8,
            Step::Unplug => !self.gone,
            Step::InterruptEnqueue(_) | Step::RefuseEnqueue(_) => self.refusals.is_none(),
            Step::InterruptDequeue => !self.interrupted,
            Step::Dequeue | Step::DequeueWithin(_) | Step::Wait | Step::Advance(_) => true,
        }
    }

    /// The world after a step, and what the step answers.
    pub fn after(mut self, step: &Step) -> Self {
        self.answer = Some(self.step(step).unwrap_or_else(|refused| refused));
        self
    }
}
