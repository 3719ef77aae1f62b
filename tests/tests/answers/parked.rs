//! A parked frame comes back to the stream that it was taken from, and to no other.

use super::driver::Driver;
use vidbuf::backend::PlanePayload;
use vidbuf::error::UnparkReason;
use vidbuf::queue::{Capture, CaptureQueue, Kind, Streaming};
use vidbuf::{Parked, Request};

fn streaming() -> CaptureQueue<Driver, Streaming> {
    CaptureQueue::<_>::new(Driver::new()).start(Request::exactly(3)).unwrap()
}

fn parked(queue: &CaptureQueue<Driver, Streaming>, index: u32) -> Parked<Kind<Capture>> {
    let payload = PlanePayload { bytesused: 10 + index, data_offset: 0 };
    queue.backend().finish(index, &[payload], |answer| answer.sequence = 40 + index);
    queue.dequeue().unwrap().unwrap().park()
}

#[test]
fn parked_frame_comes_back_as_it_was() {
    let queue = streaming();
    let (one, other) = (parked(&queue, 2), parked(&queue, 0));
    assert_eq!((one.index(), one.sequence(), other.index(), other.sequence()), (2, 42, 0, 40));
    assert_eq!(format!("{one:?}"), "Parked { index: 2, sequence: 42 }");
    let holders = queue.holders();
    assert_eq!((holders.driver, holders.held, holders.parked), (1, 0, 2));
    let frame = queue.unpark(one).unwrap();
    assert_eq!((frame.index(), frame.sequence(), frame.bytes().unwrap().len()), (2, 42, 12));
    assert_eq!((queue.holders().held, queue.holders().parked), (1, 1));
    queue.unpark(other).unwrap().requeue().unwrap();
    frame.requeue().unwrap();
    assert_eq!(queue.holders().driver, 3);
}

#[test]
fn parked_frame_of_another_queue_is_refused() {
    // Each with a frame parked of its own, and with none.
    for also_parked in [false, true] {
        let (mine, theirs) = (streaming(), streaming());
        let own = also_parked.then(|| parked(&theirs, 0));
        let refused = theirs.unpark(parked(&mine, 0)).unwrap_err();
        assert_eq!(refused.error, UnparkReason::OtherQueue);
        assert_eq!(refused.to_string(), "parked buffer 0 is of another queue or an earlier allocation");
        assert_eq!(mine.unpark(refused.value).unwrap().index(), 0);
        if let Some(own) = own {
            assert_eq!(theirs.unpark(own).unwrap().index(), 0);
        }
    }
}

#[test]
fn parked_frame_of_an_earlier_allocation_is_refused() {
    let queue = streaming();
    let old = parked(&queue, 0);
    let queue = queue.stop().unwrap().start(Request::exactly(3)).unwrap();
    let refused = queue.unpark(old).unwrap_err();
    assert_eq!(refused.error, UnparkReason::OtherQueue);
    let new = parked(&queue, 0);
    assert_eq!(queue.unpark(refused.value).unwrap_err().error, UnparkReason::OtherQueue);
    assert_eq!(queue.unpark(new).unwrap().index(), 0);
}

#[test]
fn parked_frame_of_an_earlier_stream_is_refused() {
    let queue = streaming();
    let old = parked(&queue, 1);
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    assert_eq!(queue.holders().driver, 3);
    let refused = queue.unpark(old).unwrap_err();
    assert_eq!(refused.error, UnparkReason::StreamStopped);
    assert_eq!(refused.to_string(), "parked buffer 1 is of a stream that was stopped");
    assert!(format!("{refused:?}").contains("index: 1") && format!("{refused:?}").contains("StreamStopped"));
}
