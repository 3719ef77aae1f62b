//! Sequences: drawn, run, replayed and shortened.

use std::collections::BTreeMap;

use fastrand::Rng;

use vidbuf_sim::kernel::QueueId;

use super::draw::{Choice, Draw, LENGTH};
use super::kernel::Real;
use super::memories::Memories;
use super::operation::{Fault, Operation};
use super::pair::{Failure, Pair};
use super::simulated::Simulated;
use vidbuf_abi::format::v4l2_format;
use vidbuf_sim::{Kernel, Profile};

/// A node under comparison.
pub struct Subject {
    /// Its path.
    pub path: String,
    /// How it is called in tables.
    pub name: &'static str,
    /// The simulator's description of it.
    pub profile: Profile,
    /// The simulator's description of the kernel.
    pub kernel: Kernel,
    /// Memory that is neither side's own.
    pub memories: Memories,
    /// What may be asked of it.
    pub choice: Choice,
    /// The format that every sequence begins with.
    pub first: v4l2_format,
}

/// A sequence after which the two sides differ.
pub struct Divergence {
    /// The seed of the sequence.
    pub seed: u64,
    /// The steps up to the one that differs.
    pub steps: Vec<Operation>,
    /// How.
    pub failure: Failure,
}

/// What a run counted.
#[derive(Default)]
pub struct Tally {
    /// Steps by name.
    pub steps: BTreeMap<&'static str, u64>,
    /// Steps that the kernel refused, by name and error number.
    pub refused: BTreeMap<(&'static str, i32), u64>,
    /// Steps that found nothing to act on, on both sides; not counted otherwise.
    pub nothing: u64,
}

impl Tally {
    /// All steps that did something.
    pub fn total(&self) -> u64 {
        self.steps.values().sum()
    }
}

impl Subject {
    fn pair(&self, real: Real) -> Result<Pair, String> {
        let page = page_size();
        Pair::new(real, Simulated::new(self.profile, self.kernel, page, self.memories.clone()), &self.first)
    }

    /// On a camera of `vidbuf-sim run`, polling does not start file I/O, an error shows whatever is polled for, an unplugged one is
    /// ready for everything, and a private mapping fails with another error: such steps are left out there.
    fn leaves_out(&self, pair: &Pair, operation: &Operation) -> bool {
        let way = if matches!(pair.simulated.buffer_type(), 2 | 10) { 4 } else { 1 };
        let allocated = pair.simulated.node.count(QueueId::FIRST) > 0;
        let gone = pair.simulated.node.is_unplugged();
        self.choice.simulated
            && match operation {
                Operation::Poll { events, .. } => !allocated || gone || events & way == 0,
                Operation::Map { protection, .. } => !protection.shared,
                // vivid goes on and gives it a frame; the runner wakes it with ENODEV, so that it does not sleep for good.
                Operation::Inject { fault: Fault::Unplug } => pair.sleeps(),
                _ => false,
            }
    }

    /// Draws one sequence from a seed and runs it. Answers the real node, to go on with.
    pub fn run(&self, real: Real, seed: u64, tally: &mut Tally) -> Result<(Real, Option<Divergence>), String> {
        let mut rng = Rng::with_seed(seed);
        let mut pair = self.pair(real)?;
        let mut steps = Vec::with_capacity(LENGTH);
        for _ in 0..LENGTH {
            let operation = Draw { rng: &mut rng, simulated: &pair.simulated, choice: &self.choice }.operation();
            steps.push(operation);
            let operation = &steps[steps.len() - 1];
            if self.leaves_out(&pair, operation) {
                continue;
            }
            match pair.step(operation) {
                Ok(answer) => tally.count(operation, &answer),
                Err(failure) => return Ok((pair.end()?.0, Some(Divergence { seed, steps, failure }))),
            }
        }
        let (real, woken) = pair.end()?;
        Ok((real, woken.map(|failure| Divergence { seed, steps, failure })))
    }

    /// Runs given steps. Answers after how many the sides differ, if they do.
    pub fn replay(&self, real: Real, steps: &[Operation]) -> Result<(Real, Option<(usize, Failure)>), String> {
        let mut pair = self.pair(real)?;
        for (number, operation) in steps.iter().enumerate() {
            if self.leaves_out(&pair, operation) {
                continue;
            }
            if let Err(failure) = pair.step(operation) {
                return Ok((pair.end()?.0, Some((number + 1, failure))));
            }
        }
        let (real, woken) = pair.end()?;
        Ok((real, woken.map(|failure| (steps.len(), failure))))
    }

    /// Leaves out steps as long as the sides still differ (delta debugging), by replaying on both sides.
    pub fn shorten(&self, mut real: Real, divergence: Divergence) -> Result<(Real, Divergence), String> {
        let Divergence { seed, mut steps, mut failure } = divergence;
        let mut part = steps.len().div_ceil(2).max(1);
        let mut tries = 0;
        loop {
            let mut at = 0;
            let mut shorter = false;
            while at < steps.len() && tries < 400 {
                let mut fewer = steps.clone();
                fewer.drain(at..(at + part).min(steps.len()));
                tries += 1;
                let (back, found) = self.replay(real, &fewer)?;
                real = back;
                match found {
                    Some((length, found)) => {
                        fewer.truncate(length);
                        (steps, failure, shorter) = (fewer, found, true);
                    }
                    None => at += part,
                }
            }
            if part == 1 && !shorter || tries >= 400 {
                return Ok((real, Divergence { seed, steps, failure }));
            }
            part = if shorter { part.min(steps.len().max(1)) } else { part.div_ceil(2) };
        }
    }
}

fn page_size() -> usize {
    // SAFETY: asks for a number.
    unsafe { libc::sysconf(libc::_SC_PAGESIZE) as usize }
}

impl Tally {
    fn count(&mut self, operation: &Operation, answer: &super::world::Answer) {
        use super::world::Answer;
        let acts = matches!(operation, Operation::OneFrame | Operation::Inject { .. } | Operation::Cable { .. });
        if *answer == Answer::Nothing && !acts {
            self.nothing += 1;
            return;
        }
        *self.steps.entry(operation.name()).or_default() += 1;
        let refused = match *answer {
            Answer::Plain(Err(error)) | Answer::Ioctl(Err(error), _) | Answer::Number(Err(error)) => error,
            _ => return,
        };
        *self.refused.entry((operation.name(), refused)).or_default() += 1;
    }
}
