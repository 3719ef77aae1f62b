//! Mutual exclusion: a spin lock, or `critical_section` with that feature and where the target has no atomics.
//!
//! # Safety
//!
//! [`Lock`] hands out `&mut T` from `&self`; both variants make sure that there is one at a time.
#![allow(unsafe_code)]

use core::cell::UnsafeCell;

/// A value that one caller at a time may touch, for the length of a closure. Not to be entered from inside.
pub(crate) struct Lock<T> {
    raw: Raw,
    value: UnsafeCell<T>,
}

// SAFETY: `with` gives access to one thread at a time, so sharing the lock only ever moves the `T` between threads.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    pub const fn new(value: T) -> Self {
        Self { raw: Raw::new(), value: UnsafeCell::new(value) }
    }

    pub fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: `Raw::with` runs one closure at a time, so this is the only reference to the value. The closures are
        // this crate's own and none of them enters the lock again.
        self.raw.with(|| body(unsafe { &mut *self.value.get() }))
    }

    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

#[cfg(all(target_has_atomic = "32", not(feature = "critical-section")))]
mod raw {
    use core::sync::atomic::{AtomicBool, Ordering};

    pub(super) struct Raw(AtomicBool);

    /// Opens the lock again, also when the closure unwinds.
    struct Open<'a>(&'a AtomicBool);

    impl Drop for Open<'_> {
        fn drop(&mut self) {
            self.0.store(false, Ordering::Release);
        }
    }

    impl Raw {
        pub const fn new() -> Self {
            Self(AtomicBool::new(false))
        }

        #[inline]
        pub fn with<R>(&self, body: impl FnOnce() -> R) -> R {
            while self.0.compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed).is_err() {
                core::hint::spin_loop();
            }
            let _open = Open(&self.0);
            body()
        }
    }
}

#[cfg(not(all(target_has_atomic = "32", not(feature = "critical-section"))))]
mod raw {
    pub(super) struct Raw;

    impl Raw {
        pub const fn new() -> Self {
            Self
        }

        #[inline]
        pub fn with<R>(&self, body: impl FnOnce() -> R) -> R {
            critical_section::with(|_| body())
        }
    }
}

use raw::Raw;
