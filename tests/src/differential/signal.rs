//! Waiting, and calls that must not wait for ever.

use std::sync::Once;

/// Runs a call that a signal ends if it sleeps for longer than so many milliseconds.
pub fn ended_after<R>(milliseconds: u64, call: impl FnOnce() -> R) -> R {
    static HANDLER: Once = Once::new();
    extern "C" fn nothing(_: libc::c_int) {}
    HANDLER.call_once(|| {
        // SAFETY: the handler touches nothing; without SA_RESTART, so that calls end with EINTR.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as usize;
            libc::sigaction(libc::SIGALRM, &action, std::ptr::null_mut());
        }
    });
    // Again and again, in case the first comes before the sleep begins.
    arm(milliseconds);
    let answer = call();
    arm(0);
    answer
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
