//! Requests that cannot be, requests that a driver refuses, and buffers that contradict each other.

use std::time::Duration;

use super::driver::Driver;
use vidbuf::backend::{PlaneLayout, PlanePayload};
use vidbuf::error::{DriverFault, ErrorKind, Operation};
use vidbuf::queue::{CaptureMplaneQueue, CaptureQueue, OutputQueue};
use vidbuf::{Errno, Error, Request};

#[test]
fn request_that_cannot_be_is_refused_before_any_call() {
    let requests = [
        (Request::up_to(4).at_least(0), (4, 0)),
        (Request::up_to(2).at_least(3), (2, 3)),
        (Request::exactly(5), (5, 5)),
        (Request::up_to(6).at_least(5), (6, 5)),
        (Request::exactly(0), (0, 0)),
    ];
    for (request, (wanted, least)) in requests {
        let failed = CaptureQueue::<_>::new(Driver::new()).request_buffers(request).unwrap_err();
        assert_eq!(failed.error, Error::BadRequest { wanted, least, capacity: 4 });
        assert_eq!(failed.value.backend().count(Operation::RequestBuffers), 0);
    }
    for request in [Request::up_to(3), Request::exactly(3), Request::up_to(4).at_least(1), Request::up_to(9)] {
        assert_eq!(CaptureQueue::<_>::new(Driver::new()).request_buffers(request).unwrap().granted(), 3);
    }
}

#[test]
fn only_for_want_of_memory_is_a_request_repeated_with_fewer() {
    let queue = CaptureQueue::<_>::new(Driver::new());
    queue.backend().refuse(Operation::RequestBuffers, ErrorKind::Busy, 1);
    let failed = queue.request_buffers(Request::up_to(3)).unwrap_err();
    let error = Errno::EBUSY;
    assert_eq!(failed.error, Error::Refused { operation: Operation::RequestBuffers, index: None, error });
    let queue = failed.value;
    assert_eq!(queue.backend().count(Operation::RequestBuffers), 1);
    queue.backend().refuse(Operation::RequestBuffers, ErrorKind::NoMemory, 2);
    let queue = queue.request_buffers(Request::up_to(3)).unwrap();
    assert_eq!(queue.backend().count(Operation::RequestBuffers), 4);
    queue.release().unwrap();
}

/// The fault of the query of buffers with so many planes each.
fn query(planes: [usize; 3]) -> Option<DriverFault> {
    let mut driver = Driver::new();
    let mut offset = 0;
    driver.layouts = Vec::new();
    for planes in planes {
        let mut layouts = Vec::new();
        for _ in 0..planes {
            layouts.push(PlaneLayout { length: 64, offset });
            offset += 0x1000;
        }
        driver.layouts.push(layouts);
    }
    let failed =
        CaptureMplaneQueue::<_>::new(driver).request_buffers(Request::exactly(3)).unwrap().query_buffers().err()?;
    match failed.error {
        Error::Driver(fault) => Some(fault),
        error => panic!("{error}"),
    }
}

#[test]
fn buffers_have_one_to_eight_planes_and_all_the_same_number() {
    let fault = |index, planes, expected| Some(DriverFault::PlaneCount { index, planes, expected });
    assert_eq!(query([0, 0, 0]), fault(0, 0, 8));
    assert_eq!(query([9, 9, 9]), fault(0, 9, 8));
    assert_eq!(query([2, 2, 3]), fault(2, 3, 2));
    assert_eq!(query([2, 1, 2]), fault(1, 1, 2));
    assert_eq!(query([1, 1, 1]), None);
    assert_eq!(query([8, 8, 8]), None);
}

#[test]
fn plane_without_bytes_is_a_fault_that_names_it() {
    let mut driver = Driver::with_planes(&[64, 64]);
    driver.layouts[1][1].length = 0;
    let queue = CaptureMplaneQueue::<_>::new(driver).request_buffers(Request::exactly(3)).unwrap();
    assert_eq!(queue.query_buffers().unwrap_err().error, DriverFault::EmptyPlane { index: 1, plane: 1 }.into());
}

#[test]
fn sent_buffer_is_waited_for() {
    let queue = OutputQueue::<_>::new(Driver::new()).request_buffers(Request::exactly(3)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    queue.take().unwrap().enqueue(1).unwrap();
    let patience = Duration::from_secs(1);
    assert!(queue.dequeue_timeout(patience).unwrap().is_none());
    queue.backend().finish(0, &[PlanePayload::default()], |answer| answer.sequence = 5);
    let sent = queue.dequeue_timeout(patience).unwrap().unwrap().sent().unwrap();
    assert_eq!(sent.sequence, 5);
}
