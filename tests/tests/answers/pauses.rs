//! A call that would sleep for good, because no buffer is with the driver, pauses until another thread hands one over, at most
//! a thousand times. Here the pause itself hands the buffer over, so that each test has one thread.

use std::rc::Rc;
use std::time::Duration;

use super::driver::Driver;
use vidbuf::backend::{PlanePayload, Wake};
use vidbuf::queue::{Capture, CaptureQueue, Kind, OutputQueue, Streaming};
use vidbuf::{Error, Parked, Request};

const PAYLOAD: PlanePayload = PlanePayload { bytesused: 10, data_offset: 0 };
const NOTHING_QUEUED: Error = Error::NothingQueued { buffers: 3 };
/// As many pauses as there are at most.
const ALL: u32 = 1000;

/// Every buffer is with the program.
fn starved(nonblocking: bool) -> (Rc<CaptureQueue<Driver, Streaming>>, [Parked<Kind<Capture>>; 3]) {
    let mut driver = Driver::new();
    driver.nonblocking = nonblocking;
    let queue = CaptureQueue::<_>::new(driver).start(Request::exactly(3)).unwrap();
    let parked = [0, 1, 2].map(|index| {
        queue.backend().finish(index, &[PAYLOAD], |answer| answer.sequence = index);
        queue.dequeue().unwrap().unwrap().park()
    });
    assert_eq!((queue.holders().parked, queue.backend().pauses.get()), (3, 0));
    (Rc::new(queue), parked)
}

/// Every pause before this one returns true, this one and those after it false.
fn pauses_end_at(queue: &CaptureQueue<Driver, Streaming>, last: u32) {
    queue.backend().pauses.set(0);
    *queue.backend().during_pause.borrow_mut() = Some(Box::new(move |number| number < last));
}

/// The second buffer is handed back, and filled at once, in the pause with this number.
fn handed_back_in(queue: &Rc<CaptureQueue<Driver, Streaming>>, parked: Parked<Kind<Capture>>, number: u32) {
    let (parked, lent) = (std::cell::Cell::new(Some(parked)), Rc::downgrade(queue));
    *queue.backend().during_pause.borrow_mut() = Some(Box::new(move |now| {
        if now == number {
            let queue = lent.upgrade().unwrap();
            queue.unpark(parked.take().unwrap()).unwrap().requeue().unwrap();
            queue.backend().finish(1, &[PAYLOAD], |answer| answer.sequence = 7);
        }
        true
    }));
}

#[test]
fn dequeue_goes_on_when_a_buffer_is_handed_back_during_a_pause() {
    for number in [1, 3, ALL] {
        let (queue, [_, second, _]) = starved(false);
        handed_back_in(&queue, second, number);
        let frame = queue.dequeue().unwrap().unwrap();
        assert_eq!((frame.index(), frame.sequence(), queue.backend().pauses.get()), (1, 7, number));
    }
}

#[test]
fn wait_without_a_time_out_goes_on_when_a_buffer_is_handed_back_during_a_pause() {
    for nonblocking in [false, true] {
        for number in [1, 3, ALL] {
            let (queue, [_, second, _]) = starved(nonblocking);
            handed_back_in(&queue, second, number);
            assert_eq!((queue.wait(None), queue.backend().pauses.get()), (Ok(Wake::Ready), number));
            assert_eq!(queue.dequeue().unwrap().unwrap().sequence(), 7);
        }
    }
}

#[test]
fn pauses_end_when_one_returns_false_or_after_a_thousand() {
    let (queue, _parked) = starved(false);
    for (last, pauses) in [(1, 1), (3, 3), (ALL, ALL), (u32::MAX, ALL)] {
        pauses_end_at(&queue, last);
        assert_eq!((queue.dequeue().unwrap_err(), queue.backend().pauses.get()), (NOTHING_QUEUED, pauses));
        pauses_end_at(&queue, last);
        assert_eq!((queue.wait(None), queue.backend().pauses.get()), (Err(NOTHING_QUEUED), pauses));
    }
    // An output queue in which nothing was enqueued.
    let queue = OutputQueue::<_>::new(Driver::new()).request_buffers(Request::exactly(3)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    *queue.backend().during_pause.borrow_mut() = Some(Box::new(|_| true));
    assert_eq!((queue.dequeue().unwrap_err(), queue.backend().pauses.get()), (NOTHING_QUEUED, ALL));
}

#[test]
fn call_that_ends_by_itself_does_not_pause() {
    let moment = Duration::from_millis(1);
    for nonblocking in [false, true] {
        let (queue, _parked) = starved(nonblocking);
        pauses_end_at(&queue, u32::MAX);
        assert_eq!(queue.wait(Some(moment)), Ok(Wake::TimedOut));
        assert!(queue.dequeue_timeout(moment).unwrap().is_none());
        if nonblocking {
            assert!(queue.dequeue().unwrap().is_none());
        }
        assert_eq!(queue.backend().pauses.get(), 0);
    }
}

#[test]
fn wait_without_a_time_out_sleeps_on_a_non_blocking_device_too_and_so_pauses() {
    let (queue, _parked) = starved(true);
    pauses_end_at(&queue, u32::MAX);
    assert_eq!((queue.wait(None), queue.backend().pauses.get()), (Err(NOTHING_QUEUED), ALL));
    assert!(queue.dequeue().unwrap().is_none());
    let mut driver = Driver::new();
    driver.nonblocking = true;
    let queue = OutputQueue::<_>::new(driver).request_buffers(Request::exactly(3)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    assert_eq!(queue.wait(None), Err(NOTHING_QUEUED));
    assert!(queue.dequeue().unwrap().is_none());
}
