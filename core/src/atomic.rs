//! One number shared between contexts: an atomic, or a cell under a critical section.
//!
//! Atomics where the target has them; [`critical_section`] under the feature, or where it has none (Cortex-M0). The
//! section covers a change of one number or two, never a system call. Every access is ordered as the slot protocol needs it:
//! reads acquire, writes release.

#[cfg(all(target_has_atomic = "32", not(feature = "critical-section")))]
mod imp {
    use core::sync::atomic::{AtomicU32, Ordering};

    /// A shared number.
    #[derive(Debug)]
    pub(crate) struct SharedU32(AtomicU32);

    impl SharedU32 {
        pub(crate) const fn new(value: u32) -> Self {
            Self(AtomicU32::new(value))
        }

        #[inline]
        pub(crate) fn load(&self) -> u32 {
            self.0.load(Ordering::Acquire)
        }

        /// The number, of which nothing else knows.
        pub(crate) fn get(&mut self) -> u32 {
            self.load()
        }

        #[inline]
        pub(crate) fn store(&self, value: u32) {
            self.0.store(value, Ordering::Release);
        }

        /// Whether the number was `from` and is `to` now.
        #[inline]
        pub(crate) fn exchange(&self, from: u32, to: u32) -> bool {
            self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
        }

        /// Whether the number was `from` and is `to` now; adds to another number then, too.
        #[inline]
        pub(crate) fn exchange_then_add(&self, from: u32, to: u32, other: &Self, addend: u32) -> bool {
            let done = self.exchange(from, to);
            if done {
                other.add(addend);
            }
            done
        }

        /// Clears bits; returns the number before.
        #[inline]
        pub(crate) fn clear_bits(&self, bits: u32) -> u32 {
            self.0.fetch_and(!bits, Ordering::AcqRel)
        }

        /// Adds, wrapping; returns the number before.
        #[inline]
        pub(crate) fn add(&self, value: u32) -> u32 {
            self.0.fetch_add(value, Ordering::AcqRel)
        }
    }
}

#[cfg(not(all(target_has_atomic = "32", not(feature = "critical-section"))))]
mod imp {
    use core::sync::atomic::{AtomicU32, Ordering, fence};
    use critical_section::with;

    /// A shared number. Loads and stores are atomic on every target; what reads and writes is done in a critical section, and
    /// writes only what it changes, so that it never undoes a store.
    #[derive(Debug)]
    pub(crate) struct SharedU32(AtomicU32);

    impl SharedU32 {
        pub(crate) const fn new(value: u32) -> Self {
            Self(AtomicU32::new(value))
        }

        pub(crate) fn load(&self) -> u32 {
            self.0.load(Ordering::Acquire)
        }

        pub(crate) fn store(&self, value: u32) {
            self.0.store(value, Ordering::Release);
        }

        /// The number, of which nothing else knows.
        pub(crate) fn get(&mut self) -> u32 {
            *self.0.get_mut()
        }

        /// The number, inside of a critical section, before [`put`](Self::put). One fence has the order of both.
        fn take(&self) -> u32 {
            let number = self.0.load(Ordering::Relaxed);
            fence(Ordering::AcqRel);
            number
        }

        /// Stores a number, inside of a critical section, after [`take`](Self::take).
        fn put(&self, value: u32) {
            self.0.store(value, Ordering::Relaxed);
        }

        /// Inside of a critical section: stores what `change` makes of the number; returns the number before.
        fn change(&self, change: impl FnOnce(u32) -> u32) -> u32 {
            let before = self.take();
            let after = change(before);
            if after != before {
                self.put(after);
            }
            before
        }

        /// Whether the number was `from` and is `to` now.
        pub(crate) fn exchange(&self, from: u32, to: u32) -> bool {
            with(|_| self.change(|number| if number == from { to } else { number })) == from
        }

        /// Clears bits; returns the number before.
        pub(crate) fn clear_bits(&self, bits: u32) -> u32 {
            with(|_| self.change(|number| number & !bits))
        }

        /// Adds, wrapping; returns the number before.
        pub(crate) fn add(&self, value: u32) -> u32 {
            with(|_| {
                let before = self.take();
                self.put(before.wrapping_add(value));
                before
            })
        }

        /// Whether the number was `from` and is `to` now; adds to another number then, too.
        pub(crate) fn exchange_then_add(&self, from: u32, to: u32, other: &Self, addend: u32) -> bool {
            with(|_| {
                let done = self.take() == from;
                if done {
                    self.put(to);
                    other.put(other.take().wrapping_add(addend));
                }
                done
            })
        }
    }
}

pub(crate) use imp::SharedU32;
