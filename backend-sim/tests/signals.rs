//! Signals that come while a program waits, and threads that others wait for, on virtual time.

use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use vidbuf::backend::{PlaneCount, Wake};
use vidbuf::error::ErrorKind;
use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf::v4l2::{BufferType, MemoryType, QueueType};
use vidbuf::{Backend as _, Error, Frame, Request};
use vidbuf_sim::{Answer, Call, Errno, Event, Profile, Sim, SimFile};

const CAPTURE: QueueType = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };
const FRAME: Duration = Duration::from_millis(10);
const TIMEOUT: Duration = Duration::from_millis(500);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn device(memory: &mut [u8]) -> Sim<'_> {
    Sim::new(Profile::VIVID, memory).frame_interval(FRAME).without_pictures()
}

fn streaming<'s, 'm>(sim: &'s Sim<'m>) -> CaptureQueue<SimFile<'s, 'm>, Streaming> {
    CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap()
}

/// Virtual time that something takes.
fn timed<R>(sim: &Sim<'_>, what: impl FnOnce() -> R) -> (Duration, R) {
    let began = sim.now();
    let outcome = what();
    (sim.now() - began, outcome)
}

#[test]
fn wait_with_a_time_out_ends_at_its_deadline_under_any_rate_of_signals() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    sim.script([Event::StallForever]);
    let queue = streaming(&sim);
    for interval in [1, 100, 250, 400, 499, 500, 501] {
        sim.signal_every(ms(interval));
        let before = sim.signals();
        let (took, outcome) = timed(&sim, || queue.backend().wait(CAPTURE, Some(TIMEOUT)));
        assert_eq!((took, outcome), (TIMEOUT, Ok(Wake::TimedOut)), "every {interval} ms");
        assert_eq!(u64::from(sim.signals() - before), 500 / interval, "every {interval} ms");
        assert_eq!(sim.traced(0).map(|call| (call.call, call.answer)), Some((Call::Wait, Answer::TimedOut)));
    }
    sim.signal_every(Duration::ZERO);
    let before = sim.signals();
    sim.signal_in(TIMEOUT / 2);
    let (took, outcome) = timed(&sim, || queue.dequeue_timeout(TIMEOUT).unwrap().is_none());
    assert_eq!((took, outcome, sim.signals() - before), (TIMEOUT, true, 1));
}

#[test]
fn frame_ends_a_wait_with_a_time_out_when_it_comes_whatever_signals_came_before() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    sim.script([Event::Stall(19)]);
    let queue = streaming(&sim);
    sim.signal_every(ms(7));
    let (took, frame) = timed(&sim, || queue.dequeue_timeout(TIMEOUT).unwrap().is_some());
    assert_eq!((took, frame, sim.signals()), (ms(200), true, 28));
}

#[test]
fn wait_without_a_time_out_and_a_sleeping_dequeue_end_at_the_moment_of_the_signal() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    sim.script([Event::Stall(100)]);
    let queue = streaming(&sim);
    sim.signal_in(ms(33));
    assert_eq!(timed(&sim, || queue.backend().wait(CAPTURE, None)), (ms(33), Err(Errno::EINTR)));
    sim.signal_in(ms(44));
    let (took, error) = timed(&sim, || queue.dequeue().unwrap_err());
    assert_eq!((took, error.kind()), (ms(44), Some(ErrorKind::Interrupted)));
    // A frame comes first: the signal meets nobody.
    sim.signal_in(ms(2000));
    assert!(queue.dequeue().unwrap().is_some());
    sim.advance(ms(2000));
    assert!(queue.dequeue().unwrap().is_some());
    assert_eq!(sim.signals(), 3);
}

#[test]
fn signal_wakes_a_sleeper_that_nothing_else_would_wake() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    sim.script([Event::StallForever]);
    let queue = streaming(&sim);
    assert_eq!(queue.backend().wait(CAPTURE, None), Err(Errno::EDEADLK));
    sim.signal_in(Duration::from_secs(3600));
    let (took, outcome) = timed(&sim, || queue.backend().wait(CAPTURE, None));
    assert_eq!((took, outcome), (Duration::from_secs(3600), Err(Errno::EINTR)));
    sim.signal_in(ms(1));
    sim.clear_script();
    sim.script([Event::StallForever]);
    assert_eq!(queue.backend().wait(CAPTURE, None), Err(Errno::EDEADLK));
}

#[test]
fn signal_can_still_be_made_to_fail_a_wait_at_once() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    let queue = streaming(&sim);
    sim.fail_next(Call::Wait, 1, Errno::EINTR);
    let (took, outcome) = timed(&sim, || queue.backend().wait(CAPTURE, Some(TIMEOUT)));
    assert_eq!((took, outcome), (Duration::ZERO, Err(Errno::EINTR)));
}

/// Lets every worker go on when the main thread fails.
struct LetGo<'a>(&'a AtomicU32);

impl Drop for LetGo<'_> {
    fn drop(&mut self) {
        self.0.store(u32::MAX, Ordering::Relaxed);
    }
}

/// Four workers hold a frame each, all there are, and give it back while the main thread waits for the next.
fn four_workers(
    sim: &Sim<'_>,
    wait: impl Fn(&CaptureQueue<SimFile<'_, '_>, Streaming>),
    give_back: fn(Frame<'_, SimFile<'_, '_>>),
) {
    let queue = streaming(sim);
    let (taken, looked_at) = (AtomicU32::new(0), AtomicU32::new(0));
    std::thread::scope(|scope| {
        let _workers_end_with_this_thread = LetGo(&taken);
        let mut workers = Vec::new();
        for number in 0..200 {
            wait(&queue);
            let frame = match queue.dequeue() {
                Ok(frame) => frame.expect("a blocking device"),
                Err(error) => panic!("frame {number}: {error}"),
            };
            assert_eq!(frame.sequence(), number, "virtual time does not pass while the program holds every buffer");
            taken.store(number + 1, Ordering::Relaxed);
            let (taken, looked_at) = (&taken, &looked_at);
            workers.push(scope.spawn(move || {
                // Not before the three after it are held as well.
                while taken.load(Ordering::Relaxed) < (number + 4).min(200) {
                    std::thread::yield_now();
                }
                looked_at.fetch_add(1, Ordering::Relaxed);
                give_back(frame);
            }));
        }
        // The end of the scope waits, too, but out of ThreadSanitizer's sight.
        workers.into_iter().for_each(|worker| worker.join().unwrap());
    });
    assert_eq!(looked_at.into_inner(), 200);
    queue.stop().unwrap();
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
}

#[test]
fn four_workers_that_hold_every_buffer_are_waited_for_with_a_hook() {
    let wait = |queue: &CaptureQueue<SimFile<'_, '_>, Streaming>| {
        assert_eq!(queue.backend().wait(CAPTURE, Some(TIMEOUT)), Ok(Wake::Ready));
    };
    fn requeue(frame: Frame<'_, SimFile<'_, '_>>) {
        frame.requeue().unwrap();
    }
    let ways: [fn(Frame<'_, SimFile<'_, '_>>); 2] = [|frame| drop(frame), requeue];
    for give_back in ways {
        let mut memory = vec![0; 1 << 20];
        let sim = device(&mut memory).yield_with(std::thread::yield_now);
        four_workers(&sim, |_| {}, give_back);
        let mut memory = vec![0; 1 << 20];
        let sim = device(&mut memory).yield_with(std::thread::yield_now);
        four_workers(&sim, wait, give_back);
    }
}

static HOOKED: AtomicU32 = AtomicU32::new(0);
static COUNTING: AtomicBool = AtomicBool::new(false);

#[test]
fn patience_ends_and_without_a_hook_there_is_none() {
    fn hook() {
        if COUNTING.load(Ordering::Relaxed) {
            HOOKED.fetch_add(1, Ordering::Relaxed);
        }
    }
    let starve = |sim: &Sim<'_>| {
        let queue = streaming(sim);
        let held: Vec<_> = (0..4).map(|_| queue.dequeue().unwrap().unwrap()).collect();
        COUNTING.store(true, Ordering::Relaxed);
        let slept = queue.backend().dequeue(CAPTURE, PlaneCount::One, &mut MaybeUninit::uninit()).map(drop);
        assert_eq!(slept, Err(Errno::EDEADLK));
        let (took, outcome) = timed(sim, || queue.backend().wait(CAPTURE, Some(TIMEOUT)));
        assert_eq!((took, outcome), (TIMEOUT, Ok(Wake::TimedOut)));
        assert_eq!(queue.backend().wait(CAPTURE, Some(Duration::ZERO)), Ok(Wake::TimedOut));
        COUNTING.store(false, Ordering::Relaxed);
        assert_eq!(sim.calls(Call::Wait), 2, "a call is one call, however often it looks");
        drop(held);
        HOOKED.swap(0, Ordering::Relaxed)
    };
    let mut memory = vec![0; 1 << 20];
    assert_eq!(starve(&device(&mut memory)), 0);
    // A poll that only looks does not wait for anybody.
    assert_eq!(starve(&device(&mut memory).yield_with(hook)), 200_000);
}

#[test]
fn starved_stream_without_a_hook_is_told_apart_from_one_that_waits_for_a_frame() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory).yield_with(std::thread::yield_now);
    let queue = streaming(&sim);
    // One is held, three are the driver's: time passes as always.
    let _held = queue.dequeue().unwrap().unwrap();
    let (took, frame) = timed(&sim, || queue.dequeue());
    assert!(took == FRAME && matches!(frame, Ok(Some(_))));
    let silent: Result<_, Error> = {
        sim.script([Event::StallForever]);
        queue.dequeue().map(|frame| frame.is_some())
    };
    assert!(silent.is_err());
}
