//! Plays a list of choices on the real code, looks at where it leads, and brings everything down again.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use corosensei::stack::DefaultStack;
use corosensei::{CoroutineResult, ScopedCoroutine, ScopedCoroutineRef, Yielder};
use vidbuf::{CaptureQueue, Error, Frame, Kind, Parked, Request, Streaming};
use vidbuf_sim::SimErrno;

use crate::cells;
use crate::choice::{Choice, Operation, Refusal, THREADS};
use crate::machine::{BUFFERS, Call, Go, Machine, Place};
use crate::model::Small;
use crate::seen::{Broken, Seen, State};

type Stream<'m> = CaptureQueue<&'m Machine, Streaming, BUFFERS>;
type Coroutine<'c, 's> = ScopedCoroutineRef<'c, Go, Place, (), &'s mut DefaultStack>;

thread_local! {
    static STACKS: RefCell<[DefaultStack; THREADS]> = RefCell::default();
}

/// Stale tokens that the program keeps at most.
const STALE: usize = 1;

/// Where the choices lead.
pub fn play(model: Small, path: Vec<Choice>) -> State {
    let played = catch_unwind(AssertUnwindSafe(|| STACKS.with_borrow_mut(|stacks| run(model, &path, stacks))));
    let (seen, broken, next) = match played {
        Ok(Ok((seen, next))) => (Some(seen), None, next),
        Ok(Err(broken)) => (None, Some(broken), Vec::new()),
        Err(_) => (None, Some(Broken::Panic), Vec::new()),
    };
    State { path, seen, broken, next }
}

/// Tokens that outlive a stream.
struct Aside {
    token: Parked<Kind<vidbuf::Capture>>,
    stamp: u8,
    good: bool,
}

/// What the program keeps from one stream to the next.
#[derive(Default)]
struct Kept {
    parked: RefCell<Vec<Aside>>,
    forgotten: RefCell<Vec<u8>>,
}

/// Where a stream ended: at the end of the path, or because the program stops it.
enum End {
    Path(Seen, Vec<Choice>),
    Restart(Refusal),
}

fn run(model: Small, path: &[Choice], stacks: &mut [DefaultStack; THREADS]) -> Result<(Seen, Vec<Choice>), Broken> {
    let machine = Machine::new();
    let _cells = cells::watch(&machine);
    let idle = CaptureQueue::<_, _, BUFFERS>::new(&machine);
    let mut queue: Stream<'_> = idle.start(Request::exactly(BUFFERS as u32)).map_err(|_| Broken::NotIdle)?;
    let kept = Kept::default();
    let mut choices = path.iter().copied();
    let end = loop {
        match session(model, &machine, &queue, &kept, &mut choices, stacks)? {
            End::Path(seen, next) => break (seen, next),
            End::Restart(refusal) => queue = restart(&machine, queue, refusal, &kept)?,
        }
    };
    let queue = queue.stop().map_err(|_| Broken::NotIdle)?;
    if machine.is_unplugged() {
        drop(queue);
        machine.close();
        return if machine.left() == (0, 0) { Ok(end) } else { Err(Broken::NotIdle) };
    }
    if machine.left() != (0, 0) {
        return Err(Broken::NotIdle);
    }
    // And it can be used again.
    let queue: Stream<'_> = queue.start(Request::exactly(BUFFERS as u32)).map_err(|_| Broken::NotIdle)?;
    machine.finish();
    match queue.dequeue() {
        Ok(Some(_)) => Ok(end),
        _ => Err(Broken::NotIdle),
    }
}

/// Stops the stream and starts it again; each step a second time when it was refused.
fn restart<'m>(machine: &Machine, queue: Stream<'m>, refusal: Refusal, kept: &Kept) -> Result<Stream<'m>, Broken> {
    machine.refuse.set(match refusal {
        Refusal::Nothing => None,
        Refusal::StreamOff => Some((Call::StreamOff, 0)),
        Refusal::Enqueue => Some((Call::Enqueue, 1)),
        Refusal::StreamOn => Some((Call::StreamOn, 0)),
    });
    let off = match queue.stream_off() {
        Ok(off) => off,
        Err(failed) => failed.queue.stream_off().map_err(|_| Broken::NotIdle)?,
    };
    let mut parked = kept.parked.borrow_mut();
    parked.iter_mut().for_each(|aside| aside.good = false);
    // A few stale tokens tell as much as any number of them, which would make the states endless.
    parked.sort_by_key(|aside| aside.token.index());
    parked.truncate(STALE);
    kept.forgotten.borrow_mut().clear();
    let failed = match off.stream_on() {
        Ok(queue) => return Ok(queue),
        Err(failed) => failed.queue,
    };
    if failed.holders().free != BUFFERS {
        return Err(Broken::Lost);
    }
    failed.stream_on().map_err(|_| Broken::NotIdle)
}

/// The program while the stream is on.
struct Program<'q, 'm> {
    machine: &'m Machine,
    queue: &'q Stream<'m>,
    frames: RefCell<Vec<(Frame<'q, &'m Machine>, u8)>>,
    kept: &'q Kept,
    broken: Cell<Option<Broken>>,
}

/// The byte that a frame holds, read anew.
fn stamp(frame: &Frame<'_, &Machine>) -> u8 {
    let bytes = frame.bytes().unwrap_or_default();
    // SAFETY: a reference, read as if it could change: whether it does is the question.
    bytes.first().map_or(0, |byte| unsafe { std::ptr::from_ref(byte).read_volatile() })
}

impl<'q, 'm> Program<'q, 'm> {
    fn breaks(&self, broken: Broken) {
        self.broken.set(self.broken.get().or(Some(broken)));
    }

    /// What a thread does between `Begin` and idleness.
    fn perform(&self, operation: Operation) {
        match operation {
            Operation::Dequeue => match self.queue.dequeue() {
                Ok(Some(frame)) => self.keep(frame, None),
                Ok(None) => {}
                Err(error) => self.judge(&error),
            },
            Operation::RequeueDropped => {
                let _ = self.queue.requeue_dropped().inspect_err(|error| self.judge(error));
            }
            Operation::Requeue(index) => {
                let Some((frame, stamp)) = self.take(index) else { return };
                if let Err(refused) = frame.requeue() {
                    self.judge(&refused.error);
                    match refused.buffer {
                        Some(frame) => self.keep(frame, Some(stamp)),
                        None => self.breaks(Broken::Lost),
                    }
                }
            }
            Operation::Drop(index) => drop(self.take(index)),
            Operation::Park(index) => {
                let Some((frame, stamp)) = self.take(index) else { return };
                let token = frame.park();
                self.kept.parked.borrow_mut().push(Aside { token, stamp, good: true });
            }
            Operation::Unpark(position) => {
                let Aside { token, stamp, good } = self.kept.parked.borrow_mut().remove(position.into());
                self.machine.tell(&(token.index(), good));
                match self.queue.unpark(token) {
                    Ok(frame) if good => self.keep(frame, Some(stamp)),
                    Err(_) if !good => {}
                    _ => self.breaks(Broken::WrongToken),
                }
            }
            Operation::Forget(index) => {
                let Some((frame, _)) = self.take(index) else { return };
                std::mem::forget(frame);
                self.kept.forgotten.borrow_mut().push(index);
            }
        }
    }

    fn keep(&self, frame: Frame<'q, &'m Machine>, written: Option<u8>) {
        let written = written.unwrap_or_else(|| stamp(&frame));
        self.frames.borrow_mut().push((frame, written));
    }

    fn take(&self, index: u8) -> Option<(Frame<'q, &'m Machine>, u8)> {
        let mut frames = self.frames.borrow_mut();
        let at = frames.iter().position(|(frame, _)| frame.index() == u32::from(index))?;
        Some(frames.remove(at))
    }

    fn judge(&self, error: &Error<SimErrno>) {
        if matches!(error, Error::Driver(_)) {
            self.breaks(Broken::Accused);
        }
    }

    /// Claims that hold at any moment.
    fn check(&self) -> Result<(), Broken> {
        if let Some(broken) = self.broken.get() {
            return Err(broken);
        }
        if self.queue.is_unplugged() && !self.machine.is_unplugged() {
            return Err(Broken::Accused);
        }
        let mut owned = [false; BUFFERS];
        for (frame, written) in self.frames.borrow().iter() {
            let index = frame.index() as u8;
            if std::mem::replace(&mut owned[usize::from(index)], true) || self.machine.has_driver(index) {
                return Err(Broken::TwoOwners);
            }
            if stamp(frame) != *written {
                return Err(Broken::Written);
            }
        }
        Ok(())
    }

    /// Claims that hold when no thread is inside a call: everybody has what the queue says.
    fn check_at_rest(&self) -> Result<(), Broken> {
        self.check()?;
        let mut owners = [0; BUFFERS];
        let frames = self.frames.borrow().iter().map(|(frame, _)| frame.index() as usize).collect::<Vec<_>>();
        let parked = self
            .kept
            .parked
            .borrow()
            .iter()
            .filter(|aside| aside.good)
            .map(|aside| aside.token.index() as usize)
            .collect::<Vec<_>>();
        let forgotten = self.kept.forgotten.borrow().iter().map(|index| usize::from(*index)).collect::<Vec<_>>();
        let driver = (0..BUFFERS).filter(|index| self.machine.has_driver(*index as u8)).collect::<Vec<_>>();
        for index in frames.iter().chain(&parked).chain(&forgotten).chain(&driver) {
            owners[*index] += 1;
        }
        if owners.iter().any(|owners| *owners > 1) {
            return Err(Broken::TwoOwners);
        }
        let free = owners.iter().filter(|owners| **owners == 0).count();
        let holders = self.queue.holders();
        let right = (holders.free, holders.driver, holders.held, holders.parked)
            == (free, driver.len(), frames.len() + forgotten.len(), parked.len());
        if right { Ok(()) } else { Err(Broken::Lost) }
    }

    /// What is seen, and what can happen next.
    fn look(&self, model: Small, threads: &[(Place, Option<Operation>)]) -> (Seen, Vec<Choice>) {
        let machine = self.machine;
        let mut frames: Vec<u8> = self.frames.borrow().iter().map(|(frame, _)| frame.index() as u8).collect();
        frames.sort_unstable();
        let parked = self.kept.parked.borrow();
        let mut next = self.next(model, threads, &frames, parked.len());
        if machine.is_unplugged() {
            next.retain(|choice| !matches!(choice, Choice::Restart(_) | Choice::Fail | Choice::Unplug));
        }
        let sorted = |mut list: Vec<(u8, bool)>| {
            list.sort_unstable();
            list
        };
        let holders = self.queue.holders();
        let mut standing = threads.to_vec();
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
            holders: [holders.free, holders.driver, holders.held, holders.parked].map(|count| count as u8),
            trouble: [machine.failed.get(), machine.is_unplugged(), self.queue.is_unplugged()],
        };
        (seen, next)
    }

    fn next(&self, model: Small, threads: &[(Place, Option<Operation>)], frames: &[u8], parked: usize) -> Vec<Choice> {
        let mut next = Vec::new();
        let mut begun = false;
        for (thread, (place, _)) in threads.iter().enumerate() {
            let thread = thread as u8;
            if *place != Place::Idle {
                next.push(Choice::Go(thread));
                if place.is_before() {
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
        if frames.is_empty() && threads.iter().all(|(place, _)| *place == Place::Idle) {
            let refusals = [Refusal::Nothing, Refusal::StreamOff, Refusal::Enqueue, Refusal::StreamOn];
            next.extend(refusals.map(Choice::Restart));
        }
        if model.scribbles {
            next.extend(frames.iter().map(|index| Choice::Scribble(*index)));
        }
        next
    }
}

/// Plays on while the stream stays on.
fn session<'m>(
    model: Small,
    machine: &'m Machine,
    queue: &Stream<'m>,
    kept: &Kept,
    choices: &mut impl Iterator<Item = Choice>,
    [first, second]: &mut [DefaultStack; THREADS],
) -> Result<End, Broken> {
    let program = Program { machine, queue, frames: RefCell::default(), kept, broken: Cell::new(None) };
    let thread = |yielder: &Yielder<Go, Place>, mut go: Go| {
        while let Go::Begin(operation) = go {
            machine.interruptible(yielder, || program.perform(operation));
            go = yielder.suspend(Place::Idle);
        }
    };
    ScopedCoroutine::with_stack(first, thread).scope(|first| {
        ScopedCoroutine::with_stack(second, thread).scope(|second| steps(model, &program, choices, [first, second]))
    })
}

fn steps(
    model: Small,
    program: &Program<'_, '_>,
    choices: &mut impl Iterator<Item = Choice>,
    mut coroutines: [Coroutine<'_, '_>; THREADS],
) -> Result<End, Broken> {
    let machine = program.machine;
    let mut threads = [(Place::Idle, None); THREADS];
    let mut resume = |thread: usize, go: Go| match coroutines[thread].resume(go) {
        CoroutineResult::Yield(place) => place,
        CoroutineResult::Return(()) => Place::Idle,
    };
    for choice in choices {
        match choice {
            Choice::Begin(thread, operation) => {
                let thread = usize::from(thread);
                threads[thread] = (resume(thread, Go::Begin(operation)), Some(operation));
            }
            Choice::Go(thread) => threads[usize::from(thread)].0 = resume(thread.into(), Go::On),
            Choice::Refuse(thread) => threads[usize::from(thread)].0 = resume(thread.into(), Go::Refused),
            Choice::Finish => machine.finish(),
            Choice::Fail => machine.fail(),
            Choice::Unplug => machine.unplug(),
            Choice::Scribble(index) => machine.scribble(index),
            Choice::Restart(refusal) => return Ok(End::Restart(refusal)),
        }
        for thread in &mut threads {
            if thread.0 == Place::Idle {
                thread.1 = None;
            }
        }
    }
    program.check()?;
    let (seen, next) = program.look(model, &threads);
    // Down again: the threads come to the end of what they do, frames are dropped, and the driver gets them all.
    for (thread, (place, _)) in threads.iter_mut().enumerate() {
        while *place != Place::Idle {
            *place = resume(thread, Go::On);
        }
    }
    program.check_at_rest()?;
    program.frames.borrow_mut().clear();
    if !machine.failed.get() && !machine.is_unplugged() {
        program.queue.requeue_dropped().map_err(|_| Broken::NotIdle)?;
        if program.queue.holders().free != 0 {
            return Err(Broken::Lost);
        }
    }
    program.check_at_rest()?;
    Ok(End::Path(seen, next))
}
