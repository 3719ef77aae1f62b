//! Faults by chance, the same ones for the same seed.

use crate::trace::Call;
use vidbuf::Errno;

use super::script::Event;

/// Something that a source, a bus or a signal does to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Mishap {
    /// One to three frames are lost: [`Event::Drop`]. Drawn for each frame.
    Lost,
    /// The frame has the ERROR flag: [`Event::Error`]. Drawn for each frame.
    Flagged,
    /// The frame is cut off anywhere: [`Event::Short`]. Drawn for each frame.
    Short,
    /// The source is silent for one to eight frame times: [`Event::Stall`]. Drawn for each frame.
    Stall,
    /// The second or third oldest buffer is finished: [`Event::OutOfOrder`]. Drawn for each frame.
    OutOfOrder,
    /// [`Event::QueueError`]. Drawn for each frame.
    QueueError,
    /// [`Event::Unplug`]. Drawn for each frame.
    Unplug,
    /// The call fails with EINTR. Drawn for each call but `mmap` and `munmap`, which no signal interrupts.
    Interrupt,
}

/// How many of a thousand frames, or calls, meet with which [`Mishap`].
///
/// A frame meets with one at most; what all of them leave of the thousand is good.
///
/// ```
/// use vidbuf_sim::{Mishap, Odds};
///
/// let odds = Odds::NONE.with(Mishap::Lost, 20).with(Mishap::Interrupt, 5);
/// assert_eq!(odds.of(Mishap::Lost), 20);
/// assert_eq!(Odds::ROUGH.of(Mishap::Unplug), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Odds([u16; 8]);

impl Odds {
    /// Nothing happens.
    pub const NONE: Self = Self([0; 8]);

    /// A bad cable: of a thousand frames 30 follow a loss, 20 are flagged, 20 cut off, 10 late, 10 out of order; the queue
    /// fails before 2; of a thousand calls 20 are interrupted. The device stays.
    pub const ROUGH: Self = Self([30, 20, 20, 10, 10, 2, 0, 20]);

    /// The same with so many of this mishap in a thousand.
    #[must_use]
    pub const fn with(mut self, mishap: Mishap, in_a_thousand: u16) -> Self {
        self.0[mishap as usize] = in_a_thousand;
        self
    }

    /// How many of this mishap there are in a thousand.
    pub const fn of(self, mishap: Mishap) -> u16 {
        self.0[mishap as usize]
    }
}

/// A seed under way. Frames and calls are drawn apart: how often a program calls does not change what the source does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    frames: Random,
    calls: Random,
    odds: Odds,
}

impl Plan {
    pub fn new(seed: u64, odds: Odds) -> Self {
        Self { frames: Random(seed), calls: Random(!seed), odds }
    }

    /// What becomes of the next frame, of `bytes` bytes.
    pub fn draw(&mut self, bytes: u32) -> Event {
        let mut place = self.frames.below(1000);
        // Always drawn, so that a frame takes as much of the seed whatever becomes of it.
        let detail = self.frames.next();
        let upto = |limit: u32| below(detail, limit);
        let events = [
            Event::Drop(1 + upto(3)),
            Event::Error,
            Event::Short(upto(bytes)),
            Event::Stall(1 + upto(8)),
            Event::OutOfOrder(1 + upto(2)),
            Event::QueueError,
            Event::Unplug,
        ];
        for (event, odds) in events.into_iter().zip(self.odds.0) {
            match place.checked_sub(u32::from(odds)) {
                Some(rest) => place = rest,
                None => return event,
            }
        }
        Event::Frame
    }

    pub fn strike(&mut self, call: Call) -> Option<Errno> {
        let odds = self.odds.of(Mishap::Interrupt);
        if odds == 0 || matches!(call, Call::Map | Call::Unmap) {
            return None;
        }
        (self.calls.below(1000) < u32::from(odds)).then_some(Errno::EINTR)
    }

    pub fn may_wake(&self) -> bool {
        self.odds.of(Mishap::QueueError) > 0 || self.odds.of(Mishap::Unplug) > 0
    }
}

/// SplitMix64: a counter, well mixed.
#[derive(Clone, Copy, Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u32) -> u32 {
        below(self.next(), limit)
    }
}

/// A number from 0 to `limit` - 1 (0 for a limit of 0).
fn below(random: u64, limit: u32) -> u32 {
    (((random >> 32) * u64::from(limit)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::{Event, Mishap, Odds, Plan};
    use crate::trace::Call;

    #[test]
    fn mishaps_come_as_often_as_the_odds_say() {
        let mut plan = Plan::new(7, Odds::ROUGH);
        let mut seen = [0u32; 8];
        for _ in 0..100_000 {
            let kind = match plan.draw(1000) {
                Event::Drop(1..=3) => Mishap::Lost,
                Event::Error => Mishap::Flagged,
                Event::Short(0..1000) => Mishap::Short,
                Event::Stall(1..=8) => Mishap::Stall,
                Event::OutOfOrder(1..=2) => Mishap::OutOfOrder,
                Event::QueueError => Mishap::QueueError,
                Event::Frame => continue,
                other => panic!("{other:?}"),
            };
            seen[kind as usize] += 1;
        }
        for _ in 0..100_000 {
            seen[Mishap::Interrupt as usize] += u32::from(plan.strike(Call::Dequeue).is_some());
        }
        // Within a fifth, or 60 where there are few.
        for (seen, odds) in seen.into_iter().zip(Odds::ROUGH.0) {
            let expected = u32::from(odds) * 100;
            assert!(seen.abs_diff(expected) <= (expected / 5).max(60).min(expected), "{seen} of {expected}");
        }
    }

    #[test]
    fn same_seed_draws_the_same_and_another_seed_another() {
        let draw = |seed| {
            let mut plan = Plan::new(seed, Odds::ROUGH);
            core::array::from_fn::<_, 200, _>(|_| plan.draw(500))
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn calls_do_not_change_what_the_source_does() {
        let (mut one, mut other) = (Plan::new(3, Odds::ROUGH), Plan::new(3, Odds::ROUGH));
        for _ in 0..500 {
            let _ = other.strike(Call::Enqueue);
            assert_eq!(one.draw(100), other.draw(100));
        }
    }

    #[test]
    fn mappings_are_never_interrupted() {
        let mut plan = Plan::new(1, Odds::NONE.with(Mishap::Interrupt, 1000));
        assert_eq!(plan.strike(Call::Map), None);
        assert!(plan.strike(Call::Wait).is_some());
    }
}
