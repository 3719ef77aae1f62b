//! From sequence numbers to lost frames, and when that cannot be known.
//!
//! `v4l2_buffer.sequence` counts frames, also those that the driver had no buffer for. Three things keep a gap from being a
//! loss: a driver that does not count (every number is the same), fields that come one by one (`V4L2_FIELD_ALTERNATE`: both
//! fields of a frame have its number), and another thread that has dequeued a frame and has not come to count it yet.

use crate::atomic::SharedU32;
use crate::queue::tally::Tally;
use crate::v4l2::Field;

/// The number of lost frames that stands for "not known".
const UNKNOWN: u32 = u32::MAX;

/// Expected before the first frame. A stream that begins with this number takes the straight path at once, which does no harm.
const BEFORE_FIRST: u32 = i32::MAX as u32;

/// Frames further back than this are no stragglers of another thread (a queue has fewer buffers): the driver counts anew.
const STRAGGLERS: u32 = 0x8000;

/// What was seen of a stream, in [`Losses::seen`]. The lowest two bits are the newest field: [`Field::TOP`], [`Field::BOTTOM`], or 0
/// for a whole frame.
mod seen {
    /// Set for a single field.
    pub(super) const SINGLE: u32 = 2;
    /// The newest field.
    pub(super) const FIELD: u32 = 3;
    /// A frame, or a field.
    pub(super) const FRAME: u32 = 4;
    /// Above that: the first field of a frame; 0 until two fields of one frame came.
    pub(super) const FIRST: u32 = 3;
}

/// Counts missing frames from the numbers of the dequeued ones.
pub(crate) struct Losses {
    /// The number expected next.
    next: SharedU32,
    seen: SharedU32,
}

/// How many frames were lost before one, as it is kept in a frame.
#[derive(Clone, Copy)]
pub(crate) struct Lost(u32);

impl Lost {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn count(self) -> Option<u32> {
        (self.0 != UNKNOWN).then_some(self.0)
    }
}

impl Losses {
    pub(crate) const fn new() -> Self {
        Self { next: SharedU32::new(BEFORE_FIRST), seen: SharedU32::new(0) }
    }

    /// A stream begins.
    pub(crate) fn reset(&mut self) {
        *self = Self::new();
    }

    /// Frames lost before the one with this number, which is now the newest; and the thread leaves `dequeue` with it. If it is
    /// not the expected number, `irregular` finds out, by [`irregular`](Self::irregular).
    #[inline(always)]
    pub(crate) fn before(&self, sequence: u32, tally: &Tally, irregular: impl FnOnce() -> Lost) -> Lost {
        if tally.leave_with_buffer_after(&self.next, sequence, sequence.wrapping_add(1)) {
            Lost::NONE
        } else {
            irregular()
        }
    }

    /// A first frame, a gap, a single field, a number that was there before.
    pub(crate) fn irregular(&self, sequence: u32, field: Field, tally: &Tally) -> Lost {
        let lost = loop {
            let expected = self.next.load();
            // Between the load and the exchange that proves it to be still so: a thread that had a frame of the gap and is not
            // inside any more has counted it, and a number that was counted is never expected again.
            let alone = tally.is_alone();
            if let Some(lost) = self.look(expected, sequence, field, alone) {
                break lost;
            }
        };
        // Only now: while this thread is inside, no other takes a gap for a loss.
        tally.leave_with_buffer();
        Lost(lost)
    }

    /// How many were lost, or [`UNKNOWN`]; nothing when another frame was counted meanwhile.
    fn look(&self, expected: u32, sequence: u32, field: Field, alone: bool) -> Option<u32> {
        let seen = self.seen.load();
        let single = matches!(field, Field::TOP | Field::BOTTOM);
        let mut now = seen::FRAME | if single { field.0 } else { 0 };
        let first = seen == 0 && expected == BEFORE_FIRST;
        let newest = (expected ^ never(seen)).wrapping_sub(1);
        let step = sequence.wrapping_sub(newest);
        if !first && (1..STRAGGLERS).contains(&step.wrapping_neg()) {
            // It was dequeued before the newest and is counted after it. The newest stays the newest.
            return Some(UNKNOWN);
        }
        if !self.next.exchange(expected, sequence.wrapping_add(1) ^ never(now)) {
            return None;
        }
        let mut lost = if first { 0 } else { UNKNOWN };
        if !first && (seen ^ now) & seen::SINGLE == 0 {
            let mut order = seen >> seen::FIRST;
            if alone && step <= u32::MAX / 2 {
                let other = (seen ^ now) & seen::FIELD;
                if step == 0 && other != 0 {
                    // The second field of the frame: the newest came first.
                    order = seen & seen::FIELD;
                }
                lost = missing(seen, now, order, step);
            }
            now |= order << seen::FIRST;
        }
        self.seen.store(now);
        Some(lost)
    }
}

/// Set in [`Losses::next`] while fields come one by one: no frame is the expected one then, and every one is looked at closely.
fn never(seen: u32) -> u32 {
    (seen & seen::SINGLE) << 30
}

/// How many are missing, the newest being `step` frames after the one before it; [`UNKNOWN`] for the same number again, from a driver
/// that does not count.
///
/// Fields lie two to a number, in the order that two fields of one frame have shown. Until then there may be only one kind of field,
/// by the format or because every other one is lost.
fn missing(seen: u32, now: u32, order: u32, step: u32) -> u32 {
    if now & seen::SINGLE == 0 {
        return step.wrapping_sub(1);
    }
    if order == 0 {
        return UNKNOWN;
    }
    let place = |field: u32| (field ^ order) & 1;
    (2 * step + place(now)).wrapping_sub(place(seen) + 1)
}

#[cfg(test)]
mod tests {
    use super::{Field, Losses};
    use crate::queue::tally::Tally;

    /// As a thread does that goes into `dequeue` and comes out with this frame.
    fn lost(losses: &Losses, sequence: u32, field: Field) -> Option<u32> {
        lost_beside(&Tally::new(), losses, sequence, field)
    }

    fn lost_beside(tally: &Tally, losses: &Losses, sequence: u32, field: Field) -> Option<u32> {
        tally.enter();
        count(losses, sequence, field, tally)
    }

    fn count(losses: &Losses, sequence: u32, field: Field, tally: &Tally) -> Option<u32> {
        losses.before(sequence, tally, || losses.irregular(sequence, field, tally)).count()
    }

    fn frames(numbers: &[u32]) -> Option<u32> {
        let losses = Losses::new();
        numbers.iter().map(|number| lost(&losses, *number, Field::NONE)).last().flatten()
    }

    #[test]
    fn consecutive_sequences_lose_nothing() {
        assert_eq!(frames(&[7]), Some(0));
        assert_eq!(frames(&[super::BEFORE_FIRST, super::BEFORE_FIRST + 3]), Some(2));
        assert_eq!(frames(&[7, 8]), Some(0));
        assert_eq!(frames(&[u32::MAX, 0]), Some(0));
    }

    #[test]
    fn gap_is_counted_across_the_wrap() {
        assert_eq!(frames(&[7, 10]), Some(2));
        assert_eq!(frames(&[u32::MAX - 1, 1]), Some(2));
        assert_eq!(frames(&[0, 1, 2, 6, 7]), Some(0));
    }

    #[test]
    fn repeated_sequence_is_a_driver_that_does_not_count() {
        assert_eq!(frames(&[0, 0]), None);
        assert_eq!(frames(&[0, 0, 0, 0]), None);
        assert_eq!(frames(&[0, 0, 1]), Some(0));
    }

    #[test]
    fn straggler_changes_nothing_and_loses_nothing() {
        assert_eq!(frames(&[7, 9, 8]), None);
        assert_eq!(frames(&[7, 9, 8, 10]), Some(0));
        assert_eq!(frames(&[7, 9, 8, 12]), Some(2));
    }

    #[test]
    fn counter_that_begins_anew_far_back_is_followed() {
        assert_eq!(frames(&[1_000_000, 3]), None);
        assert_eq!(frames(&[1_000_000, 3, 4]), Some(0));
        assert_eq!(frames(&[1_000_000, 3, 6]), Some(2));
    }

    #[test]
    fn gap_is_not_known_while_another_thread_may_have_the_frame() {
        let losses = Losses::new();
        let tally = Tally::of(8);
        // A second thread is inside, with frame 2.
        tally.enter();
        assert_eq!(lost_beside(&tally, &losses, 1, Field::NONE), Some(0));
        assert_eq!(lost_beside(&tally, &losses, 3, Field::NONE), None);
        assert_eq!(count(&losses, 2, Field::NONE, &tally), None);
        assert_eq!(lost_beside(&tally, &losses, 4, Field::NONE), Some(0));
        assert_eq!(lost_beside(&tally, &losses, 6, Field::NONE), Some(1));
    }

    #[test]
    fn frame_that_comes_while_its_successor_is_looked_at_is_not_lost() {
        let losses = Losses::new();
        let tally = Tally::of(8);
        assert_eq!(lost_beside(&tally, &losses, 7, Field::NONE), Some(0));
        // Two threads are inside, with frames 8 and 9. That of 9 has found 8 expected; that of 8 counts it and leaves.
        tally.enter();
        tally.enter();
        assert_eq!(count(&losses, 8, Field::NONE, &tally), Some(0));
        assert!(tally.is_alone());
        assert_eq!(losses.look(8, 9, Field::NONE, true), None, "looked at again");
        assert_eq!(count(&losses, 9, Field::NONE, &tally), Some(0));
        // It is over with the next frame.
        assert_eq!(lost_beside(&tally, &losses, 10, Field::NONE), Some(0));
        assert_eq!(lost_beside(&tally, &losses, 12, Field::NONE), Some(1));
    }

    #[test]
    fn single_fields_are_counted_when_their_order_is_known() {
        const T: Field = Field::TOP;
        const B: Field = Field::BOTTOM;
        let run = |fields: &[(u32, Field)]| {
            let losses = Losses::new();
            fields.iter().map(|(number, field)| lost(&losses, *number, *field)).last().flatten()
        };
        let start = [(0, T), (0, B), (1, T), (1, B)];
        let after = |next| run(&[&start[..], &[next]].concat());
        assert_eq!(run(&start[..1]), Some(0));
        assert_eq!(run(&start[..2]), Some(0));
        assert_eq!(run(&start), Some(0));
        assert_eq!(after((2, T)), Some(0));
        assert_eq!(after((2, B)), Some(1));
        assert_eq!(after((3, T)), Some(2));
        assert_eq!(after((1, B)), None);
        assert_eq!(run(&[(0, T), (0, B), (1, T), (2, T)]), Some(1));
        assert_eq!(run(&[(0, T), (0, B), (1, T), (2, B)]), Some(2));
        // Bottom first.
        assert_eq!(run(&[(0, B), (0, T), (1, B), (2, B)]), Some(1));
        assert_eq!(run(&[(0, B), (0, T), (1, B)]), Some(0));
        // Only top fields, by format or because every bottom field is lost: not known.
        assert_eq!(run(&[(0, T), (1, T)]), None);
        // Whole frames after fields, and the other way round.
        assert_eq!(run(&[(0, T), (0, B), (1, Field::NONE)]), None);
        assert_eq!(run(&[(0, T), (0, B), (1, Field::NONE), (2, Field::NONE)]), Some(0));
        // A driver that counts fields and not frames: the order never shows.
        assert_eq!(run(&[(0, T), (1, B), (2, T)]), None);
    }
}
