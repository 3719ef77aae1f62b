//! One number shared between contexts: an atomic, or a cell under a critical section.
//!
//! Atomics where the target has them; [`critical_section`] under the feature, or where it has none (Cortex-M0). The
//! section covers a change of this number, never a system call. Every access is ordered as the slot protocol needs it:
//! reads acquire, writes release.

#[cfg(all(target_has_atomic = "32", not(feature = "critical-section")))]
mod imp {
    use core::sync::atomic::{AtomicU32, Ordering};

    /// A shared number.
    #[derive(Debug)]
    pub(crate) struct Shared(AtomicU32);

    impl Shared {
        pub(crate) const fn new(value: u32) -> Self {
            Self(AtomicU32::new(value))
        }

        #[inline]
        pub(crate) fn load(&self) -> u32 {
            self.0.load(Ordering::Acquire)
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

        /// Sets bits.
        #[inline]
        pub(crate) fn set_bits(&self, bits: u32) {
            self.0.fetch_or(bits, Ordering::AcqRel);
        }

        /// Stores a number; returns the one before.
        #[inline]
        pub(crate) fn swap(&self, value: u32) -> u32 {
            self.0.swap(value, Ordering::AcqRel)
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
    use core::cell::Cell;
    use critical_section::{Mutex, with};

    /// A shared number.
    #[derive(Debug)]
    pub(crate) struct Shared(Mutex<Cell<u32>>);

    impl Shared {
        pub(crate) const fn new(value: u32) -> Self {
            Self(Mutex::new(Cell::new(value)))
        }

        pub(crate) fn load(&self) -> u32 {
            with(|section| self.0.borrow(section).get())
        }

        pub(crate) fn store(&self, value: u32) {
            with(|section| self.0.borrow(section).set(value));
        }

        /// Whether the number was `from` and is `to` now.
        pub(crate) fn exchange(&self, from: u32, to: u32) -> bool {
            with(|section| {
                let cell = self.0.borrow(section);
                let same = cell.get() == from;
                if same {
                    cell.set(to);
                }
                same
            })
        }

        /// Sets bits.
        pub(crate) fn set_bits(&self, bits: u32) {
            with(|section| {
                let cell = self.0.borrow(section);
                cell.set(cell.get() | bits);
            });
        }

        /// Stores a number; returns the one before.
        pub(crate) fn swap(&self, value: u32) -> u32 {
            with(|section| self.0.borrow(section).replace(value))
        }

        /// Clears bits; returns the number before.
        pub(crate) fn clear_bits(&self, bits: u32) -> u32 {
            with(|section| {
                let cell = self.0.borrow(section);
                let before = cell.get();
                cell.set(before & !bits);
                before
            })
        }

        /// Adds, wrapping; returns the number before.
        pub(crate) fn add(&self, value: u32) -> u32 {
            with(|section| {
                let cell = self.0.borrow(section);
                let before = cell.get();
                cell.set(before.wrapping_add(value));
                before
            })
        }
    }
}

pub(crate) use imp::Shared;
