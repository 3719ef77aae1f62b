//! Waiting under signals: a time-out ends a wait in time, whatever their rate. A pipe stands in for the device.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::fd::{AsRawFd as _, OwnedFd};
use rustix::pipe::pipe;
use vidbuf::Backend as _;
use vidbuf::backend::Wake;
use vidbuf::v4l2::{BufferType, MemoryType, QueueType};
use vidbuf_linux::{Device, Errno};

const QUEUE: QueueType = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };

/// Allowed beyond the bound of a wait: time for a busy machine to run this process again.
const BUSY: Duration = Duration::from_secs(5);

/// A signal number of its own for each test, because a handler belongs to the whole process.
struct Signals {
    timer: libc::timer_t,
}

impl Signals {
    /// Sends signal `number` to this thread, and to no other, at every `interval` from now on.
    fn every(interval: Duration, number: i32, handler: extern "C" fn(i32)) -> Self {
        // SAFETY: zeroes are a `sigaction` without flags (no SA_RESTART) and with an empty mask.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = handler as *const () as usize;
        // SAFETY: the handler only uses atomics and `write`, which a signal handler may.
        assert_eq!(unsafe { libc::sigaction(number, &action, std::ptr::null_mut()) }, 0);
        // SAFETY: zeroes are a `sigevent`; what matters is set below.
        let mut event: libc::sigevent = unsafe { std::mem::zeroed() };
        event.sigev_notify = libc::SIGEV_THREAD_ID;
        event.sigev_signo = number;
        // SAFETY: a call without arguments.
        event.sigev_notify_thread_id = unsafe { libc::gettid() };
        let mut timer = std::ptr::null_mut();
        // SAFETY: `event` and `timer` live until the call returns.
        assert_eq!(unsafe { libc::timer_create(libc::CLOCK_MONOTONIC, &mut event, &mut timer) }, 0);
        let time = libc::timespec { tv_sec: 0, tv_nsec: interval.subsec_nanos() as _ };
        let times = libc::itimerspec { it_interval: time, it_value: time };
        // SAFETY: the timer was made just now, and `times` lives until the call returns.
        assert_eq!(unsafe { libc::timer_settime(timer, 0, &times, std::ptr::null_mut()) }, 0);
        Self { timer }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        // SAFETY: made in `every`, deleted once.
        unsafe { libc::timer_delete(self.timer) };
    }
}

/// A device that is a pipe, and the end to write to.
fn device() -> (Device, OwnedFd) {
    let (reader, writer) = pipe().expect("a pipe");
    // SAFETY: a pipe has no buffers, and no duplicate of the descriptor exists.
    (unsafe { Device::from_fd(reader) }, writer)
}

#[test]
fn time_out_ends_a_wait_however_often_signals_arrive() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    extern "C" fn count(_: i32) {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
    let (device, _writer) = device();
    let timeout = Duration::from_millis(200);
    // Many within the time-out; a few; one that arrives shortly before its end.
    for (interval, least) in [(Duration::from_micros(300), 100), (Duration::from_millis(40), 4), (timeout * 9 / 10, 1)]
    {
        // A busy machine delivers several signals as one: then once more, and each wait has to end in time.
        let enough = (0..20).any(|_| {
            COUNT.store(0, Ordering::Relaxed);
            let signals = Signals::every(interval, libc::SIGALRM, count);
            let began = Instant::now();
            let outcome = device.wait(QUEUE, Some(timeout));
            let took = began.elapsed();
            drop(signals);
            assert_eq!(outcome, Ok(Wake::TimedOut), "a signal every {interval:?}");
            assert!(took >= timeout && took < 2 * timeout + BUSY, "{took:?} with a signal every {interval:?}");
            COUNT.load(Ordering::Relaxed) >= least
        });
        assert!(enough, "never {least} signals, one every {interval:?}");
    }
}

#[test]
fn data_that_comes_between_signals_ends_the_wait() {
    static WRITER: AtomicI32 = AtomicI32::new(-1);
    static COUNT: AtomicU32 = AtomicU32::new(0);
    extern "C" fn write_at_the_tenth(_: i32) {
        if COUNT.fetch_add(1, Ordering::Relaxed) == 9 {
            // SAFETY: one byte of a constant, to a pipe that the test keeps open.
            unsafe { libc::write(WRITER.load(Ordering::Relaxed), c"x".as_ptr().cast(), 1) };
        }
    }
    let (device, writer) = device();
    WRITER.store(writer.as_raw_fd(), Ordering::Relaxed);
    let _signals = Signals::every(Duration::from_millis(2), libc::SIGUSR1, write_at_the_tenth);
    assert_eq!(device.wait(QUEUE, Some(Duration::from_secs(3600))), Ok(Wake::Ready));
    assert!(COUNT.load(Ordering::Relaxed) >= 10);
}

#[test]
fn device_that_goes_away_between_signals_ends_the_wait() {
    static WRITER: AtomicI32 = AtomicI32::new(-1);
    static COUNT: AtomicU32 = AtomicU32::new(0);
    extern "C" fn close_at_the_tenth(_: i32) {
        if COUNT.fetch_add(1, Ordering::Relaxed) == 9 {
            // SAFETY: the test has given this descriptor up to the handler.
            unsafe { libc::close(WRITER.load(Ordering::Relaxed)) };
        }
    }
    let (device, writer) = device();
    WRITER.store(rustix::fd::IntoRawFd::into_raw_fd(writer), Ordering::Relaxed);
    let _signals = Signals::every(Duration::from_millis(2), libc::SIGUSR2, close_at_the_tenth);
    assert_eq!(device.wait(QUEUE, Some(Duration::from_secs(3600))), Err(Errno::ENODEV));
}

#[test]
fn signal_ends_a_wait_without_a_time_out() {
    extern "C" fn nothing(_: i32) {}
    let (device, _writer) = device();
    let _signals = Signals::every(Duration::from_millis(2), libc::SIGVTALRM, nothing);
    assert_eq!(device.wait(QUEUE, None), Err(Errno::EINTR));
}

#[test]
fn look_without_waiting_is_not_held_up_by_a_signal() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    extern "C" fn count(_: i32) {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
    let (device, _writer) = device();
    let _signals = Signals::every(Duration::from_micros(50), libc::SIGPROF, count);
    // A signal that is pending when `ppoll` begins makes it fail with EINTR, also with a time-out of zero.
    while COUNT.load(Ordering::Relaxed) < 2000 {
        assert_eq!(device.wait(QUEUE, Some(Duration::ZERO)), Ok(Wake::TimedOut));
    }
}
