//! Calls, those that sleep, and what ends a sleep: a frame, a signal, another thread.

use vidbuf::Errno;
use vidbuf::v4l2::QueueType;

use crate::driver::Engine;
use crate::file::SimFile;
use crate::kernel::{File, Room, Rooms};
use crate::sim::FILES;
use crate::state::State;
use crate::trace::{Answer, Call, Traced};

/// How often a call that sleeps lets other threads go on (`Sim::yield_with`), at most.
const PATIENCE: u32 = 100_000;

/// How far a call that may sleep has come.
pub(crate) enum Step<R> {
    /// It returns this.
    Done(R),
    /// The program holds every buffer; another thread may give one back.
    Starved,
}

/// How a sleep without a time-out ended.
pub(crate) enum Sleep {
    /// Something has happened that the sleeper should look at.
    Woken,
    /// A signal came first.
    Interrupted,
    /// Nothing will ever happen.
    Forever,
}

/// Signals to come: one, or one at equal distances.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signals {
    next_ns: Option<u64>,
    /// 0: there is only one.
    interval_ns: u64,
    /// How many have arrived.
    pub arrived: u32,
}

impl Signals {
    pub fn plan(&mut self, next_ns: Option<u64>, interval_ns: u64) {
        (self.next_ns, self.interval_ns) = (next_ns, interval_ns);
    }

    /// Time has passed up to `now`.
    pub fn pass(&mut self, now_ns: u64) {
        let Some(late) = self.next_ns.and_then(|next_ns| now_ns.checked_sub(next_ns)) else { return };
        let more = late.checked_div(self.interval_ns);
        self.arrived = self.arrived.wrapping_add(1).wrapping_add(more.unwrap_or(0) as u32);
        self.next_ns = more.and_then(|_| now_ns.checked_add(self.interval_ns - late % self.interval_ns));
    }
}

impl<'m, const BUFFERS: usize, const QUEUES: usize> SimFile<'_, 'm, BUFFERS, QUEUES> {
    /// One call: counted, perhaps made to fail, done, traced.
    pub(crate) fn call<R: Traced>(
        &self,
        queue: QueueType,
        call: Call,
        argument: u64,
        body: impl FnOnce(&mut State<'m, Room<BUFFERS, QUEUES, FILES>>, File) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        self.sim.state.with(|state| {
            let outcome = self.begin(state, queue, call).and_then(|()| body(state, self.file));
            end(state, call, argument, outcome)
        })
    }

    /// The same for a call that may sleep: while the program holds every buffer, other threads are let go on in between, without
    /// the lock.
    #[inline(always)]
    pub(crate) fn sleeping_call<R: Traced>(
        &self,
        queue: QueueType,
        call: Call,
        argument: u64,
        mut body: impl FnMut(&mut State<'m, Room<BUFFERS, QUEUES, FILES>>, File, bool) -> Result<Step<R>, Errno>,
    ) -> Result<R, Errno> {
        let mut patience = PATIENCE;
        loop {
            let hook = self.sim.state.with(|state| {
                let begun = if patience == PATIENCE { self.begin(state, queue, call) } else { Ok(()) };
                let may_starve = patience > 0 && state.settings.hook.is_some();
                let outcome = match begun.and_then(|()| body(state, self.file, may_starve)) {
                    Ok(Step::Starved) => return Err(state.settings.hook),
                    Ok(Step::Done(value)) => Ok(value),
                    Err(error) => Err(error),
                };
                Ok(end(state, call, argument, outcome))
            });
            match hook {
                Ok(outcome) => return outcome,
                Err(hook) => hook.unwrap_or(core::hint::spin_loop)(),
            }
            patience -= 1;
        }
    }

    #[inline(always)]
    fn begin(
        &self,
        state: &mut State<'m, Room<BUFFERS, QUEUES, FILES>>,
        queue: QueueType,
        call: Call,
    ) -> Result<(), Errno> {
        state.begin(call, self.file, Some(queue.buffer_type as u32))?;
        if self.drives(queue) { Ok(()) } else { Err(Errno::EINVAL) }
    }
}

#[inline(always)]
fn end<T: Traced, R: Rooms>(
    state: &mut State<'_, R>,
    call: Call,
    argument: u64,
    outcome: Result<T, Errno>,
) -> Result<T, Errno> {
    state.follow_driver();
    match &outcome {
        Ok(value) => state.end(call, argument, value.answer()),
        Err(error) => state.end(call, argument, Answer::Refused(*error)),
    }
    outcome
}

impl<R: Rooms> State<'_, R> {
    /// Sleeps without a time-out: until the next thing that a sleeper would notice, or until a signal.
    pub fn sleep(&mut self) -> Sleep {
        let next = self.next_noticeable();
        match self.signals.next_ns {
            Some(signal) if next.is_none_or(|next| signal < next) => {
                self.run_until(signal);
                Sleep::Interrupted
            }
            _ => {
                let Some(next) = next else { return Sleep::Forever };
                self.run_until(next);
                Sleep::Woken
            }
        }
    }

    /// Whether the driver cannot go on because the program holds buffers.
    pub fn is_starved(&self, file: File, queue: QueueType) -> bool {
        let Some(queue) = self.node.queue_of(file, queue.buffer_type as u32) else { return false };
        let idle = self.node.is_streaming(queue) && self.node.done(queue) == 0 && !Engine::can_complete(&self.node);
        idle && self.node.held_buffer(queue).is_some() && !self.node.is_gone(file)
    }

    /// A sixteenth of a frame time.
    pub fn let_a_moment_pass(&mut self) {
        let until = self.node.now_ns().saturating_add(self.engine.interval_ns() / 16 + 1);
        self.run_until(until);
    }
}

#[cfg(test)]
mod tests {
    use super::Signals;

    #[test]
    fn signals_that_time_passes_are_counted_and_the_next_one_is_after_now() {
        let mut signals = Signals::default();
        signals.pass(100);
        assert_eq!((signals.arrived, signals.next_ns), (0, None));
        signals.plan(Some(150), 0);
        signals.pass(149);
        assert_eq!((signals.arrived, signals.next_ns), (0, Some(150)));
        signals.pass(150);
        assert_eq!((signals.arrived, signals.next_ns), (1, None));
        signals.plan(Some(200), 10);
        signals.pass(200);
        assert_eq!((signals.arrived, signals.next_ns), (2, Some(210)));
        signals.pass(239);
        assert_eq!((signals.arrived, signals.next_ns), (5, Some(240)));
        signals.pass(u64::MAX);
        assert_eq!(signals.next_ns, None);
    }
}
