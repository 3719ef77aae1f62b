//! Plays a list of choices on the real code, looks at where it leads, and brings everything down again.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use corosensei::stack::DefaultStack;
use corosensei::{CoroutineResult, ScopedCoroutine, ScopedCoroutineRef, Yielder};
use vidbuf::Request;
use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf_sim::Errno;

use crate::cells;
use crate::choice::{Choice, Refusal, THREADS};
use crate::device::Open;
use crate::machine::{BUFFERS, Call, Go, Machine, Place};
use crate::model::Small;
use crate::program::{Kept, Program};
use crate::seen::{Broken, Seen, State};

pub type Stream<'m> = CaptureQueue<Open<'m>, Streaming, BUFFERS>;
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

/// Where a stream ended: at the end of the path, or because the program stops it.
enum End {
    Path(Box<Seen>, Vec<Choice>),
    Restart(Refusal),
}

fn run(model: Small, path: &[Choice], stacks: &mut [DefaultStack; THREADS]) -> Result<(Seen, Vec<Choice>), Broken> {
    let machine = Machine::new(model.blocking);
    let _cells = cells::watch(&machine);
    let idle = CaptureQueue::<_, _, BUFFERS>::new(machine.open());
    let mut queue: Stream<'_> = idle.start(Request::exactly(BUFFERS as u32)).map_err(|_| Broken::NotIdle)?;
    let kept = Kept::default();
    let mut choices = path.iter().copied();
    let end = loop {
        match session(model, &machine, &queue, &kept, &mut choices, stacks)? {
            End::Path(seen, next) => break (*seen, next),
            End::Restart(refusal) => queue = restart(&machine, queue, refusal, &kept)?,
        }
    };
    let driver = if machine.is_unplugged() { machine.driver() } else { 0 };
    let off = queue.stream_off().map_err(|_| Broken::NotIdle)?;
    if (off.holders().driver, off.holders().free) != (driver, BUFFERS - driver) {
        return Err(if machine.is_unplugged() { Broken::Reclaimed } else { Broken::Lost });
    }
    let unmapped = off.unmap().map_err(|_| Broken::NotIdle)?;
    let queue = unmapped.release().map_err(|_| Broken::NotIdle)?;
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
        Err(failed) => failed.value.stream_off().map_err(|_| Broken::NotIdle)?,
    };
    let mut parked = kept.parked.borrow_mut();
    parked.iter_mut().for_each(|aside| aside.good = false);
    // A few stale tokens tell as much as any number of them, which would make the states endless.
    parked.sort_by_key(|aside| aside.token.index());
    parked.truncate(STALE);
    kept.forgotten.borrow_mut().clear();
    let failed = match off.stream_on() {
        Ok(queue) => return Ok(queue),
        Err(failed) => failed.value,
    };
    if failed.holders().free != BUFFERS {
        return Err(Broken::Lost);
    }
    failed.stream_on().map_err(|_| Broken::NotIdle)
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
    let program = Program::new(machine, queue, kept);
    let thread = |number: usize, yielder: &Yielder<Go, Place>, mut go: Go| {
        while let Go::Begin(operation) = go {
            machine.interruptible(number, yielder, || program.perform(operation));
            go = yielder.suspend(Place::Idle);
        }
    };
    ScopedCoroutine::with_stack(first, |yielder: &_, go| thread(0, yielder, go)).scope(|first| {
        ScopedCoroutine::with_stack(second, |yielder: &_, go| thread(1, yielder, go)).scope(|second| {
            let mut coroutines = [first, second];
            let end = steps(model, &program, choices, &mut coroutines)?;
            // Returned from, not left asleep: a coroutine that is dropped is unwound, which takes as long as all else.
            for mut idle in coroutines.into_iter().filter(|coroutine| coroutine.started()) {
                idle.resume(Go::On);
            }
            Ok(end)
        })
    })
}

fn steps(
    model: Small,
    program: &Program<'_, '_>,
    choices: &mut impl Iterator<Item = Choice>,
    coroutines: &mut [Coroutine<'_, '_>; THREADS],
) -> Result<End, Broken> {
    let machine = program.machine;
    let mut places = [Place::Idle; THREADS];
    let mut resume = |thread: usize, go: Go| {
        let place = match coroutines[thread].resume(go) {
            CoroutineResult::Yield(place) => place,
            CoroutineResult::Return(()) => Place::Idle,
        };
        if place == Place::Idle {
            machine.end(thread);
        }
        place
    };
    for choice in choices {
        match choice {
            Choice::Begin(thread, operation) => {
                let thread = usize::from(thread);
                machine.begin(thread, operation);
                places[thread] = resume(thread, Go::Begin(operation));
            }
            Choice::Go(thread) => places[usize::from(thread)] = resume(thread.into(), Go::On),
            Choice::Interrupt(thread) => {
                places[usize::from(thread)] = resume(thread.into(), Go::Refused(Errno::EINTR));
            }
            Choice::Refuse(thread) => {
                places[usize::from(thread)] = resume(thread.into(), Go::Refused(Errno::EINVAL));
            }
            Choice::Finish => machine.finish(),
            Choice::Fail => machine.fail(),
            Choice::Unplug => machine.unplug(),
            Choice::Scribble(index) => machine.scribble(index),
            Choice::Restart(refusal) => return Ok(End::Restart(refusal)),
        }
    }
    program.check()?;
    let (seen, next) = program.look(model, &places);
    // Down again: the threads come to the end of what they do, frames are dropped, and the driver gets them all.
    for (thread, place) in places.iter_mut().enumerate() {
        while *place != Place::Idle {
            let go = if *place == Place::Asleep { Go::Refused(Errno::EINTR) } else { Go::On };
            *place = resume(thread, go);
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
    Ok(End::Path(Box::new(seen), next))
}
