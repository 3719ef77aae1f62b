//! Waits until a moment, and ages: on the backend's own clock, whatever comes between.

use std::time::Duration;

use vidbuf::backend::Wake;
use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf::{Clock as _, Errno, Error, Queue, Request};
use vidbuf_sim::{Call, Event, Profile, Sim, SimFile};

const FRAME: Duration = Duration::from_millis(10);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn device(memory: &mut [u8]) -> Sim<'_> {
    Sim::new(Profile::VIVID, memory).frame_interval(FRAME).without_pictures()
}

fn streaming<'s, 'm>(sim: &'s Sim<'m>) -> CaptureQueue<SimFile<'s, 'm>, Streaming> {
    Queue::capture(sim.open().unwrap()).start(Request::exactly(4)).unwrap()
}

#[test]
fn deadline_holds_under_signals_and_errors_of_a_signal() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    sim.script([Event::StallForever]);
    let queue = streaming(&sim);
    let deadline = sim.now() + ms(500);
    sim.signal_every(ms(7));
    // A backend that ends a wait with EINTR: the next one waits for what is left.
    sim.fail_next(Call::Wait, 20, Errno::EINTR);
    assert!(queue.dequeue_until(deadline).unwrap().is_none());
    assert_eq!((sim.now(), sim.calls(Call::Wait)), (deadline, 21));
    assert_eq!(queue.wait_until(deadline + ms(1)), Ok(Wake::TimedOut));
    assert_eq!(sim.now(), deadline + ms(1));
}

#[test]
fn deadline_that_has_passed_looks_once() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    let queue = streaming(&sim);
    assert!(queue.dequeue_until(sim.now()).unwrap().is_none(), "no frame has finished");
    sim.advance(FRAME * 2);
    assert!(queue.dequeue_until(Duration::ZERO).unwrap().is_some());
    // However many signals come: it ends.
    sim.fail_next(Call::Wait, 3, Errno::EINTR);
    let before = sim.calls(Call::Wait);
    assert!(queue.dequeue_until(Duration::ZERO).unwrap().is_none());
    assert_eq!(sim.calls(Call::Wait) - before, 1);
}

#[test]
fn frame_that_another_thread_takes_does_not_end_the_wait() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    let queue = Queue::capture(sim.open_nonblocking().unwrap()).start(Request::exactly(4)).unwrap();
    sim.fail_next(Call::Dequeue, 1, Errno::EAGAIN);
    sim.fail_next(Call::Dequeue, 1, Errno::EINTR);
    let frame = queue.dequeue_until(sim.now() + ms(100)).unwrap();
    assert_eq!(frame.map(|frame| frame.sequence()), Some(0));
}

#[test]
fn other_errors_end_it() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    let queue = streaming(&sim);
    sim.fail_next(Call::Wait, 1, Errno::EIO);
    assert!(matches!(queue.dequeue_until(ms(500)), Err(Error::Refused { error: Errno::EIO, .. })));
    sim.fail_next(Call::Dequeue, 1, Errno::ENODEV);
    assert!(queue.dequeue_until(sim.now() + ms(500)).unwrap_err().is_unplugged());
}

#[test]
fn output_buffer_comes_back_before_the_deadline() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID_OUTPUT, &mut memory).frame_interval(FRAME);
    let queue = Queue::output(sim.open().unwrap()).request_buffers(Request::exactly(2)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    let deadline = sim.now() + ms(500);
    for _ in 0..2 {
        let mut buffer = queue.take().unwrap();
        let length = buffer.bytes_mut().unwrap().len() as u32;
        buffer.enqueue(length).unwrap();
    }
    assert!(queue.dequeue_until(deadline).unwrap().is_some());
    assert!(sim.now() < deadline);
    // vivid keeps the last one.
    assert_eq!((queue.wait_until(deadline), sim.now()), (Ok(Wake::TimedOut), deadline));
}

#[test]
fn age_is_the_time_since_the_timestamp_of_a_monotonic_clock() {
    let mut memory = vec![0; 1 << 20];
    let sim = device(&mut memory);
    let queue = streaming(&sim);
    let frame = queue.dequeue().unwrap().unwrap();
    let stamped = Duration::from_micros(frame.timestamp().as_micros().unsigned_abs());
    sim.advance(ms(3));
    assert_eq!(frame.age(), Some(queue.backend().now() - stamped));
    assert!(frame.age() >= Some(ms(3)));
    frame.requeue().unwrap();

    // A clock that the driver does not name.
    let mut memory = vec![0; 1 << 20];
    let mut nameless = Profile::VIVID;
    nameless.timestamp_flags = 0;
    let sim = Sim::new(nameless, &mut memory);
    let queue = streaming(&sim);
    assert_eq!(queue.dequeue().unwrap().unwrap().age(), None);
}
