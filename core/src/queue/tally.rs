//! One shared word about a queue: which buffers are with the driver, which threads are inside DQBUF, what waits to be done.
//!
//! ```text
//! 31 ................................................. 16  15 ............ 0
//! buffers with the driver - 1, less what stands in the way  threads inside
//! ```
//!
//! The upper half is negative when no buffer is with the driver, when the device is gone, and when something is pending: these two
//! are taken off as numbers larger than any count. So a thread that goes in sees with the same instruction, by the sign, whether
//! anything keeps it off the straight path.

use crate::atomic::SharedU32;

/// One thread inside `dequeue`.
const INSIDE: u32 = 1;
/// One buffer with the driver.
const QUEUED: u32 = 1 << 16;
/// Taken off while a dropped frame's refused QBUF waits to be done again by the next call: its slot is free.
const PENDING: u32 = 0x2000 * QUEUED;
/// Taken off while the device is gone.
const UNPLUGGED: u32 = 0x4000 * QUEUED;

/// The bits below the marks.
const COUNT: u32 = PENDING - 1;

/// What a queue has granted at most. A count may exceed it for a moment, by one a thread.
pub(crate) const MOST_BUFFERS: usize = 0x1000;

/// The word.
pub(crate) struct Tally(SharedU32);

/// What the word was at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Obstacles(u32);

impl Obstacles {
    /// Whether anything keeps a call off the straight path.
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        (self.0 as i32) < 0
    }

    /// Less than any number of buffers less what stands for something pending.
    pub(crate) fn unplugged(self) -> bool {
        (self.0 as i32) < -((PENDING + QUEUED) as i32)
    }

    /// The three highest bits are 0 less one for what is pending, less two for a device that is gone.
    fn is_off(self, mark: u32) -> bool {
        let upper = self.0.wrapping_add(QUEUED);
        (upper & COUNT).wrapping_sub(upper) & mark != 0
    }

    pub(crate) fn none_queued(self) -> bool {
        !self.0 & COUNT & !(QUEUED - 1) == 0
    }
}

impl Tally {
    /// A queue without buffers.
    pub(crate) const fn new() -> Self {
        Self(SharedU32::new(QUEUED.wrapping_neg()))
    }

    /// Begins anew with no buffer at the driver, of a device that is `unplugged` or not.
    pub(crate) fn reset(&mut self, unplugged: bool) {
        let none = if unplugged { (QUEUED + UNPLUGGED).wrapping_neg() } else { QUEUED.wrapping_neg() };
        self.0 = SharedU32::new(none);
    }

    #[inline(always)]
    pub(crate) fn obstacles(&self) -> Obstacles {
        Obstacles(self.0.load())
    }

    /// The same, of a queue that nothing else uses.
    pub(crate) fn last(&mut self) -> Obstacles {
        Obstacles(self.0.get())
    }

    /// A buffer is with the driver, of a queue that nothing else uses.
    pub(crate) fn count_in_alone(&mut self) {
        self.0 = SharedU32::new(self.0.get().wrapping_add(QUEUED));
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
        self.0.add((QUEUED + INSIDE).wrapping_neg());
    }

    /// If the number in another place is `from`: stores `to` there, and is out of `dequeue` with a buffer. Else false.
    #[inline(always)]
    pub(crate) fn leave_with_buffer_after(&self, place: &SharedU32, from: u32, to: u32) -> bool {
        place.exchange_then_add(from, to, &self.0, (QUEUED + INSIDE).wrapping_neg())
    }

    /// Whether the calling thread is the only one inside `dequeue`.
    pub(crate) fn is_alone(&self) -> bool {
        self.0.load() as u16 <= 1
    }

    /// A buffer leaves the driver. Called after its slot has changed.
    #[inline(always)]
    pub(crate) fn count_out(&self) {
        self.0.add(QUEUED.wrapping_neg());
    }

    /// A buffer goes to the driver. Called before its slot changes: it is never counted too late.
    #[inline(always)]
    pub(crate) fn count_in(&self) {
        self.0.add(QUEUED);
    }

    #[inline(always)]
    pub(crate) fn set_pending(&self) {
        self.take_off(PENDING);
    }

    /// Whether something was pending; it is not any more.
    pub(crate) fn take_pending(&self) -> bool {
        loop {
            let word = self.0.load();
            if !Obstacles(word).is_off(PENDING) || self.0.exchange(word, word.wrapping_add(PENDING)) {
                return Obstacles(word).is_off(PENDING);
            }
        }
    }

    #[inline(always)]
    pub(crate) fn set_unplugged(&self) {
        self.take_off(UNPLUGGED);
    }

    pub(crate) fn forget_unplugged(&mut self) {
        let now = self.last();
        if now.unplugged() {
            self.0 = SharedU32::new(now.0.wrapping_add(UNPLUGGED));
        }
    }

    /// Takes something off, once.
    #[cold]
    #[inline(never)]
    fn take_off(&self, mark: u32) {
        loop {
            let word = self.0.load();
            if Obstacles(word).is_off(mark) || self.0.exchange(word, word.wrapping_sub(mark)) {
                return;
            }
        }
    }
}

#[cfg(test)]
impl Tally {
    /// With so many buffers at the driver.
    pub(crate) fn of(queued: usize) -> Self {
        let mut tally = Self::new();
        (0..queued).for_each(|_| tally.count_in_alone());
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BUFFERS, Tally};

    #[test]
    fn none_queued_shows_exactly_when_the_last_buffer_has_left() {
        for granted in [1, 4, MOST_BUFFERS] {
            assert!(Tally::new().obstacles().none_queued());
            let tally = Tally::of(granted);
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
        let mut tally = Tally::of(2);
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
        tally.reset(tally.obstacles().unplugged());
        tally.count_in_alone();
        assert!(tally.obstacles().unplugged() && !tally.obstacles().none_queued());
        tally.forget_unplugged();
        assert!(!tally.obstacles().any());
    }

    #[test]
    fn buffer_that_is_counted_in_too_early_changes_nothing_else_when_all_are_with_the_driver() {
        // As many as there may be, or more.
        for queued in [MOST_BUFFERS, MOST_BUFFERS + 1] {
            let tally = Tally::of(queued);
            // A thread counts a buffer before it finds that another was quicker.
            tally.count_in();
            assert!(!tally.obstacles().any() && tally.is_alone());
            assert!(!tally.take_pending());
            tally.count_out();
            assert!(!tally.obstacles().any() && tally.is_alone());
        }
    }
}
