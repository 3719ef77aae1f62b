//! What a queue hands out is what the driver answered, field by field; what it hands over is what the program gave.

use super::driver::{Driver, Given};
use vidbuf::backend::{PlaneLayout, PlanePayload};
use vidbuf::error::{DriverFault, ErrorKind, Operation, PayloadError};
use vidbuf::queue::{CaptureMplaneQueue, CaptureQueue, OutputMplaneQueue, OutputQueue, Streaming};
use vidbuf::v4l2::{BufferFlags, Field, Timestamp};
use vidbuf::{Errno, Error, Request};

const ALL: Request = Request::exactly(3);

fn payload(data_offset: u32, bytesused: u32) -> PlanePayload {
    PlanePayload { bytesused, data_offset }
}

fn output(driver: Driver) -> OutputQueue<Driver, Streaming> {
    let queue = OutputQueue::<_>::new(driver).request_buffers(ALL).unwrap();
    queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap()
}

fn capture(driver: Driver) -> CaptureQueue<Driver, Streaming> {
    CaptureQueue::<_>::new(driver).start(ALL).unwrap()
}

#[test]
fn frame_shows_what_dqbuf_returned() {
    let queue = capture(Driver::new());
    queue.backend().finish(2, &[payload(0, 60)], |answer| {
        answer.flags = BufferFlags::from_bits_retain(0x2000);
        answer.field = Field::INTERLACED;
        answer.sequence = 77;
        answer.timestamp = Timestamp { seconds: 5, microseconds: 6 };
    });
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!((frame.index(), frame.sequence(), frame.planes()), (2, 77, 1));
    assert_eq!((frame.flags().bits(), frame.field()), (0x2000, Field::INTERLACED));
    assert_eq!(frame.timestamp(), Timestamp { seconds: 5, microseconds: 6 });
    assert_eq!((frame.is_flagged_bad(), frame.is_last()), (false, false));
    assert_eq!(frame.payload_range(0), Ok(payload(0, 60)));
    assert_eq!((frame.bytes().unwrap().len(), frame.whole_plane(0).unwrap().len()), (60, 64));
    assert_eq!(frame.payload_range(1), Err(PayloadError::NoSuchPlane { plane: 1, planes: 1 }));
    let words = format!("{frame:?}");
    assert!(words.contains("index: 2, sequence: 77") && words.contains("bytesused: 60"), "{words}");
}

#[test]
fn good_frame_may_be_empty_or_full() {
    for (range, bytes) in [(payload(0, 0), 0), (payload(0, 64), 64)] {
        let queue = capture(Driver::new());
        queue.backend().finish(0, &[range], |_| {});
        assert_eq!(queue.dequeue().unwrap().unwrap().bytes().unwrap().len(), bytes);
    }
}

#[test]
fn flagged_frame_gives_no_bytes_unless_they_are_asked_for_as_suspect() {
    let queue = capture(Driver::new());
    queue.backend().finish(1, &[payload(0, 10)], |answer| answer.flags = BufferFlags::ERROR | BufferFlags::LAST);
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!((frame.is_flagged_bad(), frame.is_last()), (true, true));
    let refused = PayloadError::FlaggedBad { index: 1, sequence: 0 };
    let mut room = [0; 64];
    assert_eq!((frame.bytes(), frame.copy_to(0, &mut room)), (Err(refused), Err(refused)));
    assert_eq!(frame.suspect_payload(0).unwrap().len(), 10);
    assert_eq!(frame.copy_suspect_to(0, &mut room), Ok(10));
    assert!(refused.to_string().contains("frame 0 in buffer 1 is flagged bad"), "{refused}");
}

#[test]
fn copy_is_of_the_payload_alone_whether_or_not_it_could_be_borrowed() {
    for exclusive in [true, false] {
        let mut driver = Driver::with_planes(&[64, 32]);
        driver.exclusive = exclusive;
        let queue = CaptureMplaneQueue::<_>::new(driver).start(ALL).unwrap();
        assert_eq!(queue.is_exclusive(), exclusive);
        queue.backend().finish(1, &[payload(4, 20), payload(8, 8)], |_| {});
        let frame = queue.dequeue().unwrap().unwrap();
        assert_eq!(frame.planes(), 2);
        // A mapping is full of the lowest byte of its cookie, and these cookies are multiples of 4096.
        let mut room = [9; 64];
        assert_eq!(frame.copy_to(0, &mut room), Ok(16));
        assert_eq!((&room[..16], room[16]), (&[0; 16][..], 9));
        assert_eq!(frame.copy_to(0, &mut room[..3]), Ok(3));
        assert_eq!((frame.copy_to(1, &mut room), frame.copy_to(1, &mut [])), (Ok(0), Ok(0)));
        assert_eq!(frame.copy_to(2, &mut room), Err(PayloadError::NoSuchPlane { plane: 2, planes: 2 }));
        assert_eq!(frame.payload_range(2), Err(PayloadError::NoSuchPlane { plane: 2, planes: 2 }));
        assert_eq!(frame.whole_plane(2).err(), Some(PayloadError::NoSuchPlane { plane: 2, planes: 2 }));
        let borrowed = frame.payload(0).map(<[u8]>::len);
        assert_eq!(borrowed, if exclusive { Ok(16) } else { Err(PayloadError::NotExclusive { index: 1 }) });
        assert_eq!(frame.whole_plane(1).is_ok(), exclusive);
    }
}

#[test]
fn output_buffer_hands_over_what_the_program_gave() {
    let queue = OutputMplaneQueue::<_>::new(Driver::with_planes(&[64, 32])).request_buffers(ALL).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    let mut buffer = queue.take().unwrap();
    assert_eq!((buffer.index(), buffer.planes(), buffer.sent()), (0, 2, None));
    buffer.set_field(Field::TOP);
    buffer.set_timestamp(Timestamp { seconds: 1, microseconds: 2 });
    assert_eq!((buffer.plane_mut(0).unwrap().len(), buffer.plane_mut(1).unwrap().len()), (64, 32));
    assert_eq!(buffer.plane_mut(2).err(), Some(PayloadError::NoSuchPlane { plane: 2, planes: 2 }));
    let payloads = vec![payload(1, 64), payload(0, 32)];
    buffer.enqueue_planes(&payloads).unwrap();
    let timestamp = Timestamp { seconds: 1, microseconds: 2 };
    assert_eq!(*queue.backend().given.borrow(), [Given { index: 0, payloads, field: Field::TOP, timestamp }]);

    queue.backend().finish(0, &[payload(0, 0), payload(0, 0)], |answer| {
        answer.sequence = 9;
        answer.flags = BufferFlags::ERROR;
        answer.timestamp = timestamp;
    });
    let sent = queue.dequeue().unwrap().unwrap().sent().unwrap();
    assert_eq!((sent.sequence, sent.flags, sent.timestamp), (9, BufferFlags::ERROR, timestamp));
}

#[test]
fn output_payload_that_does_not_fit_is_refused_with_its_numbers() {
    let queue = output(Driver::new());
    for (data_offset, bytesused) in [(0, 0), (0, 65), (5, 5), (6, 5)] {
        let refused = queue.take().unwrap().try_enqueue_planes(&[payload(data_offset, bytesused)]).unwrap_err();
        assert_eq!(refused.error, Error::BadPayload { plane: 0, bytesused, data_offset, length: 64 });
        assert!(refused.value.is_some());
    }
    let (first, second) = (queue.take().unwrap(), queue.take().unwrap());
    assert_eq!((first.index(), second.index()), (0, 1));
    assert_eq!(format!("{second:?}"), "OutputBuffer { index: 1, sent: None }");
    drop((first, second));
    let refused = queue.take().unwrap().try_enqueue_planes(&[payload(0, 1); 2]).unwrap_err();
    assert_eq!(refused.error, Error::PayloadCount { given: 2, planes: 1 });
    drop(refused);
    assert!(queue.backend().given.borrow().is_empty());
    for (data_offset, bytesused) in [(0, 1), (0, 64), (63, 64)] {
        queue.take().unwrap().enqueue_planes(&[payload(data_offset, bytesused)]).unwrap();
    }
}

#[test]
fn copy_into_an_output_buffer_ends_at_its_end() {
    for exclusive in [true, false] {
        let mut driver = Driver::new();
        driver.exclusive = exclusive;
        let queue = output(driver);
        let mut buffer = queue.take().unwrap();
        assert_eq!(buffer.copy_from(0, 60, &[1; 10]), Ok(4));
        assert_eq!(buffer.copy_from(0, 64, &[1; 10]), Ok(0));
        assert_eq!(buffer.copy_from(0, usize::MAX, &[1; 10]), Ok(0));
        assert_eq!(buffer.copy_from(0, 3, &[2; 2]), Ok(2));
        assert_eq!(buffer.copy_from(1, 0, &[1]), Err(PayloadError::NoSuchPlane { plane: 1, planes: 1 }));
        match buffer.bytes_mut() {
            Ok(bytes) if exclusive => {
                let written = [&[0; 3][..], &[2; 2], &[0; 55], &[1; 4]].concat();
                assert_eq!(bytes, written);
            }
            Err(PayloadError::NotExclusive { index: 0 }) if !exclusive => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn layout_is_the_drivers() {
    let queue = CaptureMplaneQueue::<_>::new(Driver::with_planes(&[64, 32])).start(ALL).unwrap();
    let layouts: Vec<_> = queue.layout(1).collect();
    let (first, second) = (PlaneLayout { length: 64, offset: 0x1_0000 }, PlaneLayout { length: 32, offset: 0x1_1000 });
    assert_eq!(layouts, [first, second]);
    assert_eq!((queue.layout(3).count(), queue.granted()), (0, 3));
}

#[test]
fn refused_requeue_gives_the_frame_back() {
    let queue = capture(Driver::new());
    queue.backend().finish(1, &[payload(0, 10)], |answer| answer.sequence = 4);
    let frame = queue.dequeue().unwrap().unwrap();
    queue.backend().refuse(Operation::Enqueue, ErrorKind::Invalid, 1);
    let refused = frame.try_requeue().unwrap_err();
    let error = Errno::EINVAL;
    assert_eq!(refused.error, Error::Refused { operation: Operation::Enqueue, index: Some(1), error });
    let frame = refused.value.unwrap();
    assert_eq!((frame.index(), frame.sequence(), queue.holders().held), (1, 4, 1));
    let before = queue.backend().given.borrow().len();
    frame.requeue().unwrap();
    assert_eq!((queue.backend().given.borrow().len(), queue.holders().driver), (before + 1, 3));
}

/// The fault of the query, the cookies of a plane of each buffer being these.
fn query(length: u32, cookies: [u32; 3]) -> Option<DriverFault> {
    let mut driver = Driver::new();
    driver.layouts = cookies.map(|offset| vec![PlaneLayout { length, offset }]).to_vec();
    let failed = CaptureQueue::<_>::new(driver).request_buffers(ALL).unwrap().query_buffers().err()?;
    match failed.error {
        Error::Driver(fault) => Some(fault),
        error => panic!("{error}"),
    }
}

#[test]
fn planes_that_would_share_memory_are_refused_and_others_are_not() {
    let shared = |index, other, offset| Some(DriverFault::SharedCookie { index, other, offset });
    // Also the last of them is looked at, and with each before it.
    assert_eq!(query(64, [0, 0x1000, 0]), shared(0, 2, 0));
    assert_eq!(query(64, [0, 0x1000, 0x1000]), shared(1, 2, 0x1000));
    // Positions: one byte too long, and just not.
    assert_eq!(query(0x2001, [0, 0x2000, 0x9000]), shared(0, 1, 0x2000));
    assert_eq!(query(0x2000, [0, 0x2000, 0x4000]), None);
    assert_eq!(query(0x2000, [0x4000, 0x2000, 0]), None);
    // Almost as far apart as cookies that are made from indices: eight pages of 0x2000, and half a page.
    assert_eq!(query(0x1_2000, [0, 0x1_0000, 0x4_0000]), None);
    assert_eq!(query(0x1_2000, [0, 0x1_1000, 0x4_0000]), shared(0, 1, 0x1_1000));
    // The very last plane.
    let mut driver = Driver::with_planes(&[64, 64]);
    driver.layouts[2][1].offset = driver.layouts[1][0].offset;
    let queue = CaptureMplaneQueue::<_>::new(driver).request_buffers(ALL).unwrap();
    let fault = DriverFault::SharedCookie { index: 1, other: 2, offset: 0x1_0000 };
    assert_eq!(queue.query_buffers().unwrap_err().error, fault.into());
    // Only where both may be positions: others are numbers, and need only differ.
    assert_eq!(query(0x1000, [0, 5, 9]), None);
    assert_eq!(query(0x1000, [5, 0, 9]), None);
    assert_eq!(query(0x2000, [5, 0x1005, 0x2005]), None);
}

#[test]
fn queue_whose_buffers_are_all_held_does_not_ask_the_driver_to_sleep() {
    let busy = capture(Driver::new());
    assert!(busy.dequeue().unwrap().is_none(), "nothing is finished yet");
    assert!(format!("{busy:?}").contains("Streaming"), "{busy:?}");
    let queue = capture(Driver::new());
    let mut held = Vec::new();
    for index in 0..3 {
        queue.backend().finish(index, &[payload(0, 1)], |_| {});
        held.push(queue.dequeue().unwrap().unwrap());
    }
    assert_eq!(queue.dequeue().unwrap_err(), Error::NothingQueued { buffers: 3 });
}
