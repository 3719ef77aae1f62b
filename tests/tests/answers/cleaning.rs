//! The way down: whatever is refused on it, what can be undone is undone, and the first refusal is reported.

use super::driver::Driver;
use vidbuf::backend::PlanePayload;
use vidbuf::error::{ErrorKind, Operation};
use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf::{Errno, Error, Request};

fn streaming() -> CaptureQueue<Driver, Streaming> {
    CaptureQueue::<_>::new(Driver::new()).start(Request::exactly(3)).unwrap()
}

#[test]
fn stream_is_stopped_also_when_the_driver_has_no_buffer() {
    let queue = streaming();
    for index in 0..3 {
        queue.backend().finish(index, &[PlanePayload::default()], |_| {});
        std::mem::forget(queue.dequeue().unwrap());
    }
    assert_eq!(queue.holders().held, 3);
    let queue = queue.stream_off().unwrap();
    assert_eq!((queue.backend().count(Operation::StreamOff), queue.holders().free), (1, 3));
}

#[test]
fn interrupted_step_is_repeated_but_not_for_ever() {
    for operation in [Operation::StreamOff, Operation::ReleaseBuffers] {
        let queue = streaming();
        queue.backend().refuse(operation, ErrorKind::Interrupted, 64);
        let queue = queue.stop().unwrap();
        assert_eq!((queue.backend().count(operation), queue.backend().mappings()), (65, 0));

        let queue = streaming();
        queue.backend().refuse(operation, ErrorKind::Interrupted, 65);
        let failed = queue.try_stop().unwrap_err();
        let error = Errno::EINTR;
        assert_eq!(failed.error, Error::Refused { operation, index: None, error });
        assert_eq!((failed.value.backend().count(operation), failed.value.backend().mappings()), (65, 0));
    }
}

#[test]
fn first_refusal_on_the_way_down_is_the_one_reported_and_the_rest_is_done() {
    let queue = streaming();
    // A refused munmap is tried once more.
    queue.backend().refuse(Operation::Unmap, ErrorKind::Invalid, 2);
    queue.backend().refuse(Operation::ReleaseBuffers, ErrorKind::Busy, 1);
    let failed = queue.try_stop().unwrap_err();
    let error = Errno::EINVAL;
    assert_eq!(failed.error, Error::Refused { operation: Operation::Unmap, index: Some(0), error });
    // Two of three are unmapped, the stream is off.
    let queue = failed.value;
    assert_eq!((queue.backend().mappings(), queue.backend().count(Operation::StreamOff)), (1, 1));
    assert_eq!(queue.backend().count(Operation::ReleaseBuffers), 1);
    // The next request gives back first what is left.
    let queue = queue.request_buffers(Request::exactly(3)).unwrap();
    assert_eq!(queue.backend().count(Operation::ReleaseBuffers), 2);
    queue.release().unwrap();
}

#[test]
fn dropped_queue_tries_a_refused_step_again() {
    // Once more, and no oftener.
    for (refusals, expected) in [(0, 1), (1, 2), (9, 2)] {
        let queue = streaming();
        let calls = queue.backend().calls.clone();
        queue.backend().refuse(Operation::ReleaseBuffers, ErrorKind::Busy, refusals);
        drop(queue);
        let count = |operation| calls.borrow().iter().filter(|call| **call == operation).count();
        assert_eq!(count(Operation::ReleaseBuffers), expected, "{refusals} refusals");
        assert_eq!((count(Operation::StreamOff), count(Operation::Unmap)), (1, 3));
    }
}

#[test]
fn device_that_is_gone_is_not_asked_to_give_back_what_it_no_longer_has() {
    let queue = streaming();
    queue.backend().refuse(Operation::StreamOff, ErrorKind::Unplugged, 1);
    let queue = queue.stream_off().unwrap();
    assert!(queue.is_unplugged());
    let holders = queue.holders();
    assert_eq!((holders.free, holders.driver), (0, 3), "nobody knows what its driver still does with them");
}
