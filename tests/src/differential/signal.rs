//! Waiting, and calls that must not wait for ever.

use std::sync::Once;

/// Runs a call that a signal ends if it sleeps for longer than so many milliseconds.
pub fn ended_after<R>(milliseconds: u64, call: impl FnOnce() -> R) -> R {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| handle(libc::SIGALRM));
    // Again and again, in case the first comes before the sleep begins.
    arm(milliseconds);
    let answer = call();
    arm(0);
    answer
}

/// Gives a signal a handler that does nothing.
pub fn handle(number: libc::c_int) {
    extern "C" fn nothing(_: libc::c_int) {}
    // SAFETY: the handler touches nothing; without SA_RESTART, so that calls end with EINTR.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as usize;
        libc::sigaction(number, &action, std::ptr::null_mut());
    }
}

/// Keeps a signal from the calling thread.
pub fn block(number: libc::c_int) {
    // SAFETY: a set that lives here.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&mut set, number);
        libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
    }
}

fn arm(milliseconds: u64) {
    let time = libc::timeval {
        tv_sec: (milliseconds / 1000) as libc::time_t,
        tv_usec: (milliseconds % 1000 * 1000) as libc::suseconds_t,
    };
    let timer = libc::itimerval { it_interval: time, it_value: time };
    // SAFETY: one value that lives here.
    unsafe { libc::setitimer(libc::ITIMER_REAL, &timer, std::ptr::null_mut()) };
}

/// Looks every half millisecond whether something has happened, for so many milliseconds at most.
pub fn wait_until(milliseconds: u64, mut happened: impl FnMut() -> bool) -> bool {
    for _ in 0..milliseconds * 2 {
        if happened() {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_micros(500));
    }
    happened()
}
