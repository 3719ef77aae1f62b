//! Where the log goes: frames of defmt to standard error. Nothing else may write there.
//!
//! # Safety
//!
//! defmt calls `acquire`, `write` and `release` in this order and does not nest them; the critical section, which is one lock for
//! the whole process, keeps other threads out from the first to the last.

use std::cell::UnsafeCell;
use std::io::Write as _;

use critical_section::RestoreState;

#[defmt::global_logger]
struct Logger;

struct State {
    restore: UnsafeCell<RestoreState>,
    encoder: UnsafeCell<defmt::Encoder>,
    /// A whole frame of the log, so that it is written by one call.
    frame: UnsafeCell<Vec<u8>>,
}

// SAFETY: touched only between `acquire` and `release`, under the critical section.
unsafe impl Sync for State {}

static STATE: State = State {
    restore: UnsafeCell::new(RestoreState::invalid()),
    encoder: UnsafeCell::new(defmt::Encoder::new()),
    frame: UnsafeCell::new(Vec::new()),
};

// SAFETY: `acquire` and `release` are a critical section.
unsafe impl defmt::Logger for Logger {
    fn acquire() {
        // SAFETY: released in `release`, which defmt calls exactly once, on the same thread.
        let restore = unsafe { critical_section::acquire() };
        // SAFETY: the section has just begun: no other reference.
        unsafe {
            *STATE.restore.get() = restore;
            let frame = &mut *STATE.frame.get();
            (*STATE.encoder.get()).start_frame(|bytes| frame.extend_from_slice(bytes));
        }
    }

    unsafe fn flush() {}

    unsafe fn release() {
        // SAFETY: the section of `acquire` is still on: no other reference; then it ends.
        unsafe {
            let frame = &mut *STATE.frame.get();
            (*STATE.encoder.get()).end_frame(|bytes| frame.extend_from_slice(bytes));
            // A log that cannot be written is no reason to stop.
            let _ = std::io::stderr().write_all(frame);
            frame.clear();
            critical_section::release(*STATE.restore.get());
        }
    }

    unsafe fn write(bytes: &[u8]) {
        // SAFETY: the section of `acquire` is still on: no other reference.
        unsafe {
            let frame = &mut *STATE.frame.get();
            (*STATE.encoder.get()).write(bytes, |bytes| frame.extend_from_slice(bytes));
        }
    }
}

defmt::timestamp!("{=u64:us}", {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |now| now.as_micros() as u64)
});
