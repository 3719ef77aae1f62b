//! The one lock, under which signals wait: a handler must not find it taken by its own thread, and a kernel's call is not
//! interrupted in its middle either.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};

/// A lock that `fork` knows of.
pub struct Lock<T> {
    mutex: UnsafeCell<libc::pthread_mutex_t>,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached under the mutex only.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    /// An open lock.
    pub const fn new(value: T) -> Self {
        Self { mutex: UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER), value: UnsafeCell::new(value) }
    }

    /// Takes the lock and holds signals back.
    pub fn lock(&'static self) -> Guard<T> {
        let mask = hold_signals();
        self.acquire();
        Guard { lock: self, mask }
    }

    /// Takes the lock; for `fork`.
    pub fn acquire(&self) {
        // SAFETY: an initialised mutex that never moves. Of its errors none can happen: no thread takes it twice.
        unsafe { libc::pthread_mutex_lock(self.mutex.get()) };
    }

    /// Gives the lock back; for `fork`.
    pub fn release(&self) {
        // SAFETY: as above, and this thread has it.
        unsafe { libc::pthread_mutex_unlock(self.mutex.get()) };
    }
}

/// The lock is taken while this lives.
pub struct Guard<T: 'static> {
    lock: &'static Lock<T>,
    mask: libc::sigset_t,
}

impl<T> Guard<T> {
    /// Opens the lock for the time of `wait`, which gets the signal mask that the program had.
    pub fn unlocked<R>(&mut self, wait: impl FnOnce(&libc::sigset_t) -> R) -> R {
        self.lock.release();
        let answer = wait(&self.mask);
        self.lock.acquire();
        answer
    }

    /// As [`unlocked`](Self::unlocked), with signals let through meanwhile.
    pub fn interruptible<R>(&mut self, wait: impl FnOnce() -> R) -> R {
        self.unlocked(|mask| {
            restore_signals(mask);
            let answer = wait();
            let saved = crate::errno::last();
            hold_signals();
            crate::errno::set(saved.raw());
            answer
        })
    }
}

impl<T> Deref for Guard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this thread has the mutex.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for Guard<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this thread has the mutex.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for Guard<T> {
    fn drop(&mut self) {
        let saved = crate::errno::last();
        self.lock.release();
        restore_signals(&self.mask);
        crate::errno::set(saved.raw());
    }
}

fn hold_signals() -> libc::sigset_t {
    let mut all = MaybeUninit::uninit();
    let mut before = MaybeUninit::uninit();
    // SAFETY: both are written before they are read; these functions do not fail with valid arguments.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
        before.assume_init()
    }
}

fn restore_signals(mask: &libc::sigset_t) {
    // SAFETY: a mask that `hold_signals` got.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, core::ptr::null_mut()) };
}
