//! A driver that lies gets a named error with both numbers; no buffer is lost that `stream_off` does not bring back.

use vidbuf::error::{DriverFault, ErrorKind};
use vidbuf::queue::{CaptureMplaneQueue, CaptureQueue, OutputQueue, Streaming};
use vidbuf::{Error, Frame, Request};
use vidbuf_sim::{Errno, Event, Lie, Profile, Sim, SimFile};

fn memory() -> Vec<u8> {
    vec![0; 4 << 20]
}

fn streaming<'s, 'm>(sim: &'s Sim<'m>) -> CaptureQueue<SimFile<'s, 'm>, Streaming> {
    CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap()
}

/// The fault that the next dequeue is refused with; afterwards the stream goes on, and nothing is lost for good.
fn dequeue_fault(prepare: impl FnOnce(&Sim<'_>)) -> DriverFault {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    prepare(&sim);
    let fault = match queue.dequeue() {
        Err(Error::Driver(fault)) => fault,
        other => panic!("not refused: {other:?}"),
    };
    assert!(queue.dequeue().unwrap().is_some(), "the stream ended");
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    assert_eq!(queue.holders().driver, 4);
    queue.stop().unwrap();
    assert_eq!((sim.mappings(), sim.violations()), (0, 0));
    fault
}

#[test]
fn streaming_dequeue_of_index_out_of_range_is_error() {
    let fault = dequeue_fault(|sim| assert!(sim.lie(Lie::Index(99))));
    assert_eq!(fault, DriverFault::IndexOutOfRange { index: 99, granted: 4 });
    let fault = dequeue_fault(|sim| assert!(sim.lie(Lie::Index(u32::MAX))));
    assert_eq!(fault, DriverFault::IndexOutOfRange { index: u32::MAX, granted: 4 });
}

#[test]
fn streaming_dequeue_of_unqueued_index_is_error() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let held = queue.dequeue().unwrap().unwrap();
    let index = held.index();
    assert!(sim.lie(Lie::IndexNotQueued));
    match queue.dequeue() {
        Err(Error::Driver(fault)) => assert_eq!(fault, DriverFault::NotQueued { index, granted: 4 }),
        other => panic!("a buffer has two owners: {other:?}"),
    }
    held.requeue().unwrap();
    assert!(queue.dequeue().unwrap().is_some());
}

#[test]
fn streaming_payload_beyond_the_plane_is_error_and_the_buffer_goes_back() {
    let length = 320 * 240 * 2;
    let lie = Event::Payload { plane: 0, bytesused: length + 1, data_offset: 0 };
    let fault = dequeue_fault(|sim| assert!(sim.script([lie])));
    assert!(
        matches!(fault, DriverFault::BytesusedBeyondLength { plane: 0, bytesused, length: real, .. }
            if bytesused == length + 1 && real == length),
        "{fault}"
    );
}

#[test]
fn multi_planar_data_offset_beyond_bytesused_is_error_and_the_buffer_goes_back() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID_MULTIPLANAR, &mut memory);
    let queue = CaptureMplaneQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    assert!(sim.script([Event::Payload { plane: 0, bytesused: 10, data_offset: 11 }]));
    match queue.dequeue() {
        Err(Error::Driver(DriverFault::DataOffsetBeyondBytesused { data_offset: 11, bytesused: 10, .. })) => {}
        other => panic!("not refused: {other:?}"),
    }
    assert_eq!(queue.holders().free, 1);
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!(queue.holders().free, 0);
    assert_eq!(frame.payload_range(0).unwrap().data_offset, 128);
}

#[test]
fn multi_planar_dequeue_of_another_plane_count_is_error_and_the_buffer_goes_back() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID_MULTIPLANAR, &mut memory);
    let queue = CaptureMplaneQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    for planes in [0, 2, u32::MAX] {
        assert!(sim.lie(Lie::DequeuedPlanes(planes)));
        match queue.dequeue() {
            Err(Error::Driver(DriverFault::DequeuedPlanes { planes: said, expected: 1, .. })) => {
                assert_eq!(said, planes)
            }
            other => panic!("not refused: {other:?}"),
        }
        assert!(queue.dequeue().unwrap().is_some());
    }
}

#[test]
fn idle_request_granted_nothing_too_few_or_too_many_is_error_and_given_back() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let request = Request::up_to(4).at_least(3);
    let refused = |granted| {
        assert!(sim.lie(Lie::Granted(granted)));
        let failed = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(request).unwrap_err();
        assert_eq!(sim.buffers(), 0, "not given back");
        failed.error
    };
    assert_eq!(refused(5), Error::TooManyGranted { granted: 5, capacity: 4 });
    assert_eq!(refused(2), Error::TooFewGranted { least: 3, granted: 2 });
    assert!(sim.lie(Lie::Granted(0)));
    let failed = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(request).unwrap_err();
    assert_eq!(failed.error, DriverFault::NothingGranted { asked: 4 }.into());
    drop(failed);
    CaptureQueue::<_>::new(sim.open().unwrap()).start(request).unwrap();
}

#[test]
fn idle_request_without_memory_asks_for_fewer_down_to_the_least() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    assert!(sim.fail_next(vidbuf_sim::Call::RequestBuffers, 2, Errno::ENOMEM));
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::up_to(4).at_least(2)).unwrap();
    assert_eq!(queue.granted(), 2);
    queue.release().unwrap();
    assert!(sim.fail_next(vidbuf_sim::Call::RequestBuffers, 2, Errno::ENOMEM));
    let failed =
        CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::up_to(4).at_least(3)).unwrap_err();
    assert!(matches!(failed.error, Error::NoMemoryForBuffers { least: 3, .. }), "{}", failed.error);
    assert_eq!(failed.error.kind(), Some(ErrorKind::NoMemory));
}

#[test]
fn requested_query_of_impossible_planes_is_error() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let lies = [Lie::Planes(0), Lie::Planes(2), Lie::Planes(u32::MAX), Lie::Length { plane: 0, length: 0 }];
    for lie in lies {
        assert!(sim.lie(lie));
        let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
        let failed = queue.query_buffers().unwrap_err();
        assert!(
            matches!(
                failed.error,
                Error::Driver(DriverFault::PlaneCount { .. } | DriverFault::EmptyPlane { index: 0, plane: 0 })
            ),
            "{lie:?}: {}",
            failed.error
        );
        failed.value.query_buffers().unwrap().release().unwrap();
    }
}

#[test]
fn queried_map_of_a_length_that_is_not_there_is_refused_by_the_kernel() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    assert!(sim.lie(Lie::Length { plane: 0, length: 1 << 20 }));
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
    let failed = queue.query_buffers().unwrap().map().unwrap_err();
    assert_eq!(failed.error.kind(), Some(ErrorKind::Invalid));
    assert_eq!(sim.mappings(), 0);
}

#[test]
fn queried_map_of_a_shorter_length_than_there_is_comes_down_cleanly() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    assert!(sim.lie(Lie::Length { plane: 0, length: 5 }));
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    queue.stop().unwrap();
    assert_eq!((sim.mappings(), sim.violation(0)), (0, None));
}

#[test]
fn buffers_that_a_refused_stream_off_left_with_the_driver_are_not_enqueued_twice() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap();
    // The start fails, and the buffers cannot be taken back: neither by the roll-back nor before unmapping.
    sim.inject(|inject| inject.start = Some(Errno::EINVAL));
    assert!(sim.fail_next(vidbuf_sim::Call::StreamOff, 2, Errno::EIO));
    let queue = queue.stream_on().unwrap_err().value;
    let queue = queue.unmap().unwrap_err().value.query_buffers().unwrap().map().unwrap();
    assert_eq!((queue.holders().driver, queue.holders().free), (4, 0));
    let queue = queue.stream_on().unwrap();
    for _ in 0..8 {
        queue.dequeue().unwrap().unwrap().requeue().unwrap();
    }
    queue.stop().unwrap();
    assert_eq!((sim.mappings(), sim.buffers(), sim.violation(0)), (0, 0, None));
}

#[test]
fn unplugged_output_buffer_enqueued_after_the_stream_is_refused_and_no_violation() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID.output(), &mut memory);
    let queue = OutputQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(2)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap();
    let length = queue.layout(0).next().unwrap().length;
    for _ in 0..2 {
        queue.take().unwrap().enqueue(length).unwrap();
    }
    let queue = queue.stream_on().unwrap();
    sim.unplug();
    assert!(queue.dequeue().unwrap_err().is_unplugged());
    let queue = queue.stream_off().unwrap();
    // Nothing is known to have stopped the driver: what it had is not given out.
    assert_eq!((queue.holders().driver, queue.holders().free), (2, 0));
    assert!(queue.take().is_none());
    queue.unmap().unwrap().release().unwrap();
    assert_eq!((sim.mappings(), sim.violation(0)), (0, None));
}

#[test]
fn mapped_output_buffer_is_kept_from_a_driver_whose_start_said_that_it_is_gone() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID.output(), &mut memory);
    let queue = OutputQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(2)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap();
    let length = queue.layout(0).next().unwrap().length;
    queue.take().unwrap().enqueue(length).unwrap();
    sim.inject(|inject| inject.start = Some(Errno::ENODEV));
    let queue = queue.stream_on().unwrap_err().value;
    let calls = sim.total_calls();
    let refused = queue.take().unwrap().try_enqueue(length).unwrap_err();
    assert_eq!(refused.error, Error::Unplugged { operation: vidbuf::error::Operation::Enqueue });
    assert!(refused.value.is_some());
    drop(refused);
    assert_eq!(sim.total_calls(), calls);
    queue.unmap().unwrap().release().unwrap();
    assert_eq!((sim.mappings(), sim.violation(0)), (0, None));
}

#[test]
fn unplugged_stream_on_is_refused_without_a_call() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap();
    assert!(sim.fail_next(vidbuf_sim::Call::StreamOn, 1, Errno::ENODEV));
    let failed = queue.stream_on().unwrap_err();
    let calls = sim.total_calls();
    let failed = failed.value.stream_on().unwrap_err();
    assert_eq!(failed.error, Error::Unplugged { operation: vidbuf::error::Operation::StreamOn });
    assert_eq!(sim.total_calls(), calls);
    failed.value.unmap().unwrap().release().unwrap();
    assert_eq!((sim.mappings(), sim.violation(0)), (0, None));
}

#[test]
fn streaming_gap_short_frame_and_last_frame_are_told() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    assert!(sim.script([Event::Frame, Event::Drop(3), Event::Short(100), Event::Last]));
    let next = || queue.dequeue().unwrap().unwrap();
    assert_eq!(next().lost_before(), Some(0));
    let short = next();
    assert_eq!((short.lost_before(), short.bytes().unwrap().len()), (Some(3), 100));
    assert!(next().is_last());
    let end = queue.dequeue().unwrap_err();
    assert!(end.is_end_of_stream(), "{end}");
    drop(short);
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    assert!(queue.dequeue().unwrap().is_some());
}

#[test]
fn streaming_sequence_wraps_without_a_loss() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    assert!(sim.script([Event::Sequence(u32::MAX)]));
    assert_eq!(queue.dequeue().unwrap().map(|frame| frame.sequence()), Some(u32::MAX));
    let after = queue.dequeue().unwrap().unwrap();
    assert_eq!((after.sequence(), after.lost_before()), (0, Some(0)));
}

#[test]
fn held_frame_is_never_written() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let held = queue.dequeue().unwrap().unwrap();
    for _ in 0..10 {
        drop(queue.dequeue().unwrap());
    }
    assert!(sim.picture(held.sequence()).is_in(0, held.bytes().unwrap()));
}

#[test]
fn frame_is_as_small_as_its_kind_allows() {
    assert!(size_of::<Frame<'_, SimFile<'_, '_>>>() <= 96, "{}", size_of::<Frame<'_, SimFile<'_, '_>>>());
}
