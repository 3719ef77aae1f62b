//! One shared word about a queue: which buffers are not with the driver, which threads are inside DQBUF, what waits to be done.
//!
//! ```text
//! 31         30        29 ........ 16  15 ............ 0
//! unplugged  pending   threads inside  0x8000 - buffers with the driver
//! ```
//!
//! The lowest part reaches 0x8000 when no buffer is with the driver, so that one test of three bits finds everything that
//! keeps a `dequeue` off the straight path.

use crate::cell::Shared;

/// The device is gone.
const UNPLUGGED: u32 = 1 << 31;
/// A dropped frame's QBUF was refused; its slot is free and has to be enqueued by the next call.
const PENDING: u32 = 1 << 30;
/// No buffer is with the driver.
const NONE_QUEUED: u32 = 1 << 15;
/// One thread inside `dequeue`.
const INSIDE: u32 = 1 << 16;

/// What a queue has granted at most: the count below [`NONE_QUEUED`] has room for no more.
pub(crate) const MOST_BUFFERS: usize = NONE_QUEUED as usize - 1;

/// The word.
pub(crate) struct Tally(Shared);

/// What keeps a call off the straight path.
#[derive(Clone, Copy)]
pub(crate) struct Obstacles(u32);

impl Obstacles {
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.0 & (UNPLUGGED | PENDING | NONE_QUEUED) != 0
    }

    pub(crate) fn unplugged(self) -> bool {
        self.0 & UNPLUGGED != 0
    }

    pub(crate) fn none_queued(self) -> bool {
        self.0 & NONE_QUEUED != 0
    }
}

impl Tally {
    /// A queue without buffers.
    pub(crate) const fn new() -> Self {
        Self(Shared::new(NONE_QUEUED))
    }

    /// Begins anew with so many buffers at the driver. Whether the device is gone is not forgotten.
    pub(crate) fn reset(&mut self, queued: usize) {
        let kept = self.0.load() & UNPLUGGED;
        self.0 = Shared::new(kept | (NONE_QUEUED - queued.min(MOST_BUFFERS) as u32));
    }

    #[inline(always)]
    pub(crate) fn obstacles(&self) -> Obstacles {
        Obstacles(self.0.load())
    }

    /// A thread goes into `dequeue`. It comes out by [`leave`](Self::leave) or [`leave_with_buffer`](Self::leave_with_buffer).
    #[inline(always)]
    pub(crate) fn enter(&self) -> Obstacles {
        Obstacles(self.0.add(INSIDE))
    }

    /// Out of `dequeue`, with nothing.
    pub(crate) fn leave(&self) {
        self.0.add(INSIDE.wrapping_neg());
    }

    /// Out of `dequeue`, with a buffer that was the driver's.
    #[inline(always)]
    pub(crate) fn leave_with_buffer(&self) {
        self.0.add(1u32.wrapping_sub(INSIDE));
    }

    /// Stores a number in another place; returns the one before. If that was `expected`, out of `dequeue` with a buffer.
    #[inline(always)]
    pub(crate) fn leave_with_buffer_after(&self, place: &Shared, value: u32, expected: u32) -> u32 {
        place.swap_then_add(value, expected, &self.0, 1u32.wrapping_sub(INSIDE))
    }

    /// Whether the calling thread is the only one inside `dequeue`.
    pub(crate) fn is_alone(&self) -> bool {
        (self.0.load() & !(UNPLUGGED | PENDING)) / INSIDE <= 1
    }

    /// A buffer leaves the driver. Called after its slot has changed.
    #[inline(always)]
    pub(crate) fn count_out(&self) {
        self.0.add(1);
    }

    /// A buffer goes to the driver. Called before its slot changes, so that the count never exceeds the buffers there are.
    #[inline(always)]
    pub(crate) fn count_in(&self) {
        self.0.add(u32::MAX);
    }

    pub(crate) fn set_pending(&self) {
        self.0.set_bits(PENDING);
    }

    /// Whether something was pending; it is not any more.
    pub(crate) fn take_pending(&self) -> bool {
        self.0.clear_bits(PENDING) & PENDING != 0
    }

    pub(crate) fn set_unplugged(&self) {
        self.0.set_bits(UNPLUGGED);
    }

    pub(crate) fn forget_unplugged(&mut self) {
        self.0.clear_bits(UNPLUGGED);
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BUFFERS, Tally};

    #[test]
    fn none_queued_shows_exactly_when_the_last_buffer_has_left() {
        for granted in [1, 4, MOST_BUFFERS] {
            let mut tally = Tally::new();
            assert!(tally.obstacles().none_queued());
            tally.reset(granted);
            for _ in 0..granted {
                assert!(!tally.obstacles().any());
                tally.count_out();
            }
            assert!(tally.obstacles().none_queued());
            tally.count_in();
            assert!(!tally.obstacles().any());
        }
    }

    #[test]
    fn threads_inside_are_counted_apart_from_buffers_and_flags() {
        let mut tally = Tally::new();
        tally.reset(2);
        assert!(!tally.enter().any());
        assert!(tally.is_alone());
        tally.set_pending();
        assert!(tally.is_alone());
        assert!(tally.enter().any());
        assert!(!tally.is_alone());
        tally.leave_with_buffer();
        assert!(tally.is_alone() && !tally.obstacles().none_queued());
        tally.leave_with_buffer();
        assert!(tally.obstacles().none_queued());
        assert!(tally.take_pending() && !tally.take_pending());
        tally.set_unplugged();
        tally.reset(1);
        assert!(tally.obstacles().unplugged() && !tally.obstacles().none_queued());
        tally.forget_unplugged();
        assert!(!tally.obstacles().any());
    }

    #[test]
    fn buffer_that_is_counted_in_too_early_changes_nothing_else_when_all_are_with_the_driver() {
        let mut tally = Tally::new();
        // As many as there may be, or more.
        for queued in [MOST_BUFFERS, MOST_BUFFERS + 1] {
            tally.reset(queued);
            // A thread counts a buffer before it finds that another was quicker.
            tally.count_in();
            assert!(!tally.obstacles().any() && tally.is_alone());
            assert!(!tally.take_pending());
            tally.count_out();
            assert!(!tally.obstacles().any() && tally.is_alone());
        }
    }
}
