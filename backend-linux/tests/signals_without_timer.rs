//! Waiting under signals when no descriptor is left for a timer. A test of its own process, because the others need descriptors.

use std::time::{Duration, Instant};

use rustix::pipe::pipe;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
use vidbuf::Backend as _;
use vidbuf::backend::Wake;
use vidbuf::v4l2::{BufferType, MemoryType, QueueType};
use vidbuf_linux::Device;

#[test]
fn time_out_ends_a_wait_also_without_a_timer() {
    extern "C" fn nothing(_: i32) {}
    // SAFETY: zeroes are a `sigaction` without flags (no SA_RESTART) and with an empty mask.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = nothing as extern "C" fn(i32) as *const () as usize;
    // SAFETY: the handler does nothing.
    assert_eq!(unsafe { libc::sigaction(libc::SIGALRM, &action, std::ptr::null_mut()) }, 0);
    // SAFETY: zeroes are a `sigevent`; what matters is set below.
    let mut event: libc::sigevent = unsafe { std::mem::zeroed() };
    event.sigev_notify = libc::SIGEV_THREAD_ID;
    event.sigev_signo = libc::SIGALRM;
    // SAFETY: a call without arguments.
    event.sigev_notify_thread_id = unsafe { libc::gettid() };
    let mut timer = std::ptr::null_mut();
    // SAFETY: `event` and `timer` live until the call returns.
    assert_eq!(unsafe { libc::timer_create(libc::CLOCK_MONOTONIC, &mut event, &mut timer) }, 0);
    let (reader, _writer) = pipe().expect("a pipe");
    // SAFETY: a pipe has no buffers, and no duplicate of the descriptor exists.
    let device = unsafe { Device::from_fd(reader) };

    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(64), maximum: limit.maximum }).expect("less is always allowed");
    let mut all = Vec::new();
    while let Ok(another) = rustix::io::dup(&_writer) {
        all.push(another);
    }
    assert!(timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC).is_err(), "a descriptor is left");

    let time = libc::timespec { tv_sec: 0, tv_nsec: 3_000_000 };
    let times = libc::itimerspec { it_interval: time, it_value: time };
    // SAFETY: the timer was made above, and `times` lives until the call returns.
    assert_eq!(unsafe { libc::timer_settime(timer, 0, &times, std::ptr::null_mut()) }, 0);
    let queue = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };
    let (began, timeout) = (Instant::now(), Duration::from_millis(200));
    let outcome = device.wait(queue, Some(timeout));
    let took = began.elapsed();
    // SAFETY: made above, deleted once.
    unsafe { libc::timer_delete(timer) };
    assert_eq!(outcome, Ok(Wake::TimedOut));
    assert!(took >= timeout && took < Duration::from_secs(5), "{took:?}");
}
