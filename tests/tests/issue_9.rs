//! Faults that were found by breaking the library on purpose: each test fails on the code as it was.

use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::time::Duration;

use vidbuf::backend::{Dequeued, Enqueue, Granted, PlaneCount, PlaneLayout, Region, Wake};
use vidbuf::error::{DriverFault, ErrorKind, PayloadError};
use vidbuf::queue::{CaptureQueue, Idle, Mapped, OutputQueue};
use vidbuf::v4l2::{BufferCapabilities, BufferType, MemoryType, QueueType};
use vidbuf::{Backend, Error, Recovery, Request};
use vidbuf_sim::{Call, Errno, Event, Lie, Profile, Sim, SimFile};

fn memory() -> Vec<u8> {
    vec![0; 4 << 20]
}

/// An output queue of four buffers, three of them enqueued.
fn filled<'s, 'm>(sim: &'s Sim<'m>) -> OutputQueue<SimFile<'s, 'm>, Mapped> {
    let queue = OutputQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap();
    let length = queue.layout(0).next().unwrap().length;
    for byte in 1..=3 {
        let mut buffer = queue.take().unwrap();
        buffer.bytes_mut().unwrap().fill(byte);
        buffer.enqueue(length).unwrap();
    }
    queue
}

#[test]
fn queried_buffers_with_one_cookie_are_a_fault_and_nothing_is_mapped() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID_OUTPUT, &mut memory);
    // The first buffer gets the second one's.
    assert!(sim.lie(Lie::CookieOf(1)));
    let queue = OutputQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
    let failed = queue.query_buffers().unwrap_err();
    assert!(
        matches!(failed.error, Error::Driver(DriverFault::SharedCookie { index: 0, other: 1, .. })),
        "{}",
        failed.error
    );
    assert_eq!(sim.mappings(), 0);
    failed.value.query_buffers().unwrap().map().unwrap();
}

#[test]
fn mapping_of_another_length_is_undone_and_a_fault() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    assert!(sim.lie(Lie::ShortMapping(4096)));
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
    let failed = queue.query_buffers().unwrap().map().unwrap_err();
    let fault = DriverFault::MappingLength { index: 0, mapped: 4096, asked: 153_600 };
    assert_eq!((failed.error, sim.mappings()), (fault.into(), 0));
    failed.value.map().unwrap();
}

#[test]
fn unplugged_output_queue_gives_nothing_out_that_the_driver_had() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID_OUTPUT, &mut memory);
    let queue = filled(&sim).stream_on().unwrap();
    sim.unplug();
    assert!(queue.dequeue().unwrap_err().is_unplugged());
    let queue = queue.stream_off().unwrap();
    assert_eq!((queue.holders().driver, queue.holders().free), (3, 1));
    let fourth = queue.take().unwrap();
    assert!(queue.take().is_none());
    drop(fourth);
    // Not after unmapping and coming back either.
    drop(queue.unmap().unwrap().release().unwrap());
    assert_eq!((sim.mappings(), sim.violation(0)), (0, None));
}

#[test]
fn stream_off_that_fails_frees_nothing() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    let held = queue.dequeue().unwrap().unwrap();
    drop(held);
    let before = queue.holders();
    assert!(sim.fail_next(Call::StreamOff, 100, Errno::EINTR));
    let failed = queue.stream_off().unwrap_err();
    assert_eq!((failed.value.holders(), failed.error.recovery()), (before, Recovery::Again));
    sim.clear_script();
    failed.value.stop().unwrap();
}

/// Every transition, up and down, with a signal: where the buffers are does not change.
#[test]
fn interrupted_transition_leaves_every_buffer_where_it_was() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID_OUTPUT, &mut memory);
    let queue = filled(&sim);
    let before = queue.holders();
    assert!(sim.fail_next(Call::StreamOn, 1, Errno::EINTR));
    let failed = queue.stream_on().unwrap_err();
    assert!(failed.error.is_retryable());
    assert_eq!(failed.value.holders(), before);
    // What was enqueued is sent when the stream starts.
    let queue = failed.value.stream_on().unwrap();
    sim.advance(Duration::from_secs(1));
    // The device keeps the newest, to show it again.
    assert_eq!(sim.sent(), 2);
    queue.stop().unwrap();

    let mut memory = self::memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let interrupt = |call, times| assert!(sim.fail_next(call, times, Errno::EINTR));
    let idle = CaptureQueue::<_>::new(sim.open().unwrap());
    interrupt(Call::RequestBuffers, 1);
    let idle = idle.request_buffers(Request::exactly(4)).unwrap_err().value;
    assert_eq!(sim.buffers(), 0);
    let requested = idle.request_buffers(Request::exactly(4)).unwrap();
    let free = requested.holders();
    interrupt(Call::QueryBuffer, 1);
    let requested = requested.query_buffers().unwrap_err().value;
    assert_eq!(requested.holders(), free);
    let queried = requested.query_buffers().unwrap();
    assert!(sim.fail(Call::Map, 2, Errno::EINTR));
    let queried = queried.map().unwrap_err().value;
    assert_eq!((queried.holders(), sim.mappings()), (free, 0));
    let mut mapped = queried.map().unwrap();
    for call in [Call::StreamOn, Call::Enqueue] {
        interrupt(call, 1);
        mapped = mapped.stream_on().unwrap_err().value;
        assert_eq!(mapped.holders(), free, "{call}");
    }
    let streaming = mapped.stream_on().unwrap();
    let driver = streaming.holders();
    interrupt(Call::StreamOff, 1000);
    let streaming = streaming.stream_off().unwrap_err().value;
    assert_eq!(streaming.holders(), driver);
    sim.clear_script();
    let requested = streaming.stream_off().unwrap().unmap().unwrap();
    interrupt(Call::RequestBuffers, 1000);
    let requested = requested.release().unwrap_err().value;
    assert_eq!(requested.holders(), free);
    sim.clear_script();
    requested.release().unwrap();
    assert_eq!((sim.mappings(), sim.buffers(), sim.violation(0)), (0, 0, None));
}

#[test]
fn failed_start_of_an_output_queue_keeps_what_was_enqueued() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID_OUTPUT, &mut memory);
    let queue = filled(&sim);
    let before = queue.holders();
    assert!(sim.fail_next(Call::StreamOn, 1, Errno::EPIPE));
    let queue = queue.stream_on().unwrap_err().value;
    assert_eq!(queue.holders(), before);
    // And it comes back when the queue is taken down.
    queue.unmap().unwrap().release().unwrap();
    assert_eq!((sim.mappings(), sim.buffers(), sim.violation(0)), (0, 0, None));
}

#[test]
fn fresh_backend_after_an_unplug_streams() {
    let (mut one, mut two) = (memory(), memory());
    let (gone, fresh) = (Sim::new(Profile::VIVID, &mut one), Sim::new(Profile::VIVID, &mut two));
    let queue = CaptureQueue::<SimFile<'_, '_>>::new(gone.open().unwrap()).start(Request::exactly(4)).unwrap();
    gone.unplug();
    assert!(queue.dequeue().unwrap_err().is_unplugged());
    let mut queue = queue.stop().unwrap();
    assert!(queue.is_unplugged());
    *queue.backend_mut() = fresh.open().unwrap();
    assert!(!queue.is_unplugged());
    let queue = queue.start(Request::exactly(4)).unwrap();
    assert!(queue.dequeue().unwrap().is_some());
    drop(queue);
    assert_eq!((fresh.buffers(), fresh.mappings()), (0, 0));
}

#[test]
fn dropped_frame_that_the_driver_does_not_take_is_reported_once_and_dequeuing_goes_on() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    assert!(sim.fail_next(Call::Enqueue, 2, Errno::EINVAL));
    drop(queue.dequeue().unwrap());
    let error = queue.dequeue().unwrap_err();
    assert!(matches!(error, Error::Refused { index: Some(0), .. }), "{error}");
    assert_eq!(error.recovery(), Recovery::SkipFrame);
    for _ in 0..8 {
        queue.dequeue().unwrap().unwrap().requeue().unwrap();
    }
    assert_eq!(queue.holders().free, 1);
    queue.requeue_dropped().unwrap();
    assert_eq!(queue.holders().driver, 4);
}

#[test]
fn buffers_that_the_driver_took_none_of_are_tried_again_when_it_has_none() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert!(sim.fail_next(Call::Enqueue, 5, Errno::EINVAL));
    // Two drops, and each reported once; then the driver has nothing, and every call tries again.
    drop((queue.dequeue().unwrap(), queue.dequeue().unwrap()));
    let reported = (0..3).map(|_| queue.dequeue().unwrap_err().kind()).collect::<Vec<_>>();
    assert_eq!(reported, [Some(ErrorKind::Invalid); 3]);
    assert!(queue.dequeue().unwrap().is_some());
}

#[test]
fn into_backend_gives_the_queue_back_when_the_clean_up_fails() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    assert!(sim.fail_next(Call::StreamOff, 2, Errno::EIO));
    let idle = queue.try_stop().unwrap_err().value;
    let failed = idle.into_backend().unwrap_err();
    assert_eq!(failed.error.kind(), Some(ErrorKind::Io));
    drop(failed.value.into_backend().unwrap());
    assert_eq!((sim.mappings(), sim.buffers()), (0, 0));
}

#[test]
fn frame_with_an_empty_payload_is_a_good_frame() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap();
    assert!(sim.script([Event::Payload { plane: 0, bytesused: 0, data_offset: 0 }]));
    let frame = queue.dequeue().unwrap().unwrap();
    assert_eq!((frame.bytes(), frame.copy_to(0, &mut [0; 8])), (Ok(&[][..]), Ok(0)));
}

#[test]
fn more_buffers_than_the_queue_has_room_for_is_no_contradiction() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    assert!(sim.lie(Lie::Granted(5)));
    let failed = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap_err();
    assert_eq!(
        failed.to_string(),
        "VIDIOC_REQBUFS granted 5 buffers, the queue has room for 4: make more with `Queue::room`"
    );
    let failed = failed.value.request_buffers(Request::exactly(9)).unwrap_err();
    assert!(failed.to_string().contains("room for 4"), "{failed}");
}

/// A driver without videobuf2: it grants what it is asked for and reports no capability, and writes when it likes.
struct Loopback(Box<[u8; 4096]>, std::cell::Cell<u32>);

// SAFETY: one buffer, whose memory lives in a box as long as the value; it is not said to be exclusive.
unsafe impl Backend for Loopback {
    type Dequeued = Dequeued;

    fn request_buffers(&self, _: QueueType, count: u32) -> Result<Granted, Errno> {
        // Two buffers of one memory, as v4l2loopback 0.12 has when another program has asked it for fewer.
        Ok(Granted::new(count.min(2), BufferCapabilities::empty(), false))
    }

    fn query_buffer(&self, _: QueueType, _: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        planes[0] = PlaneLayout { length: 4096, offset: 0 };
        Ok(1)
    }

    fn map(&self, _: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        Ok(Region { address: NonNull::from(&*self.0).cast(), length: plane.length as usize })
    }

    unsafe fn unmap(&self, _: Region) -> Result<(), Errno> {
        Ok(())
    }

    unsafe fn enqueue(&self, _: QueueType, _: Enqueue<'_>) -> Result<(), Errno> {
        Ok(())
    }

    fn dequeue<'r>(
        &self,
        _: QueueType,
        _: PlaneCount,
        room: &'r mut MaybeUninit<Dequeued>,
    ) -> Result<&'r Dequeued, Errno> {
        let mut dequeued = Dequeued::default();
        dequeued.payloads[0].bytesused = 100;
        self.1.set(self.1.get() + 1);
        Ok(room.write(dequeued))
    }

    fn stream_on(&self, _: QueueType) -> Result<(), Errno> {
        Ok(())
    }

    fn stream_off(&self, _: QueueType) -> Result<(), Errno> {
        Ok(())
    }

    fn wait(&self, _: QueueType, _: Option<Duration>) -> Result<Wake, Errno> {
        Ok(Wake::Ready)
    }
}

#[test]
fn what_a_backend_need_not_implement_is_no() {
    let device = Loopback(Box::new([7; 4096]), std::cell::Cell::new(0));
    let queue = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };
    assert!(!device.is_nonblocking() && !device.pause());
    assert_eq!(device.bytes_per_buffer(queue), None);
}

#[test]
fn bytes_of_a_driver_that_is_not_known_to_leave_them_alone_are_copied_and_not_lent() {
    let device = || Loopback(Box::new([7; 4096]), std::cell::Cell::new(0));
    let queue = CaptureQueue::<_, Idle, 1>::new(device()).start(Request::exactly(1)).unwrap();
    assert!(!queue.is_exclusive());
    let frame = queue.dequeue().unwrap().unwrap();
    let refused = PayloadError::NotExclusive { index: 0 };
    assert_eq!(frame.bytes(), Err(refused));
    assert_eq!(frame.suspect_payload(0), Err(refused));
    assert_eq!(frame.whole_plane(0), Err(refused));
    let mut bytes = [0; 4096];
    assert_eq!(frame.copy_to(0, &mut bytes), Ok(100));
    assert_eq!((bytes[99], bytes[100]), (7, 0));
    assert_eq!(frame.copy_to(0, &mut bytes[..3]), Ok(3));
    assert_eq!(frame.copy_to(1, &mut bytes), Err(PayloadError::NoSuchPlane { plane: 1, planes: 1 }));
    // Its frames all have the number 0: none lost is not known.
    frame.requeue().unwrap();
    assert_eq!(queue.dequeue().unwrap().unwrap().lost_before(), None);

    let queue = OutputQueue::<_, Idle, 1>::new(device()).request_buffers(Request::exactly(1)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap();
    let mut buffer = queue.take().unwrap();
    assert_eq!(buffer.bytes_mut().err(), Some(refused));
    assert_eq!(buffer.plane_mut(0).err(), Some(refused));
    assert_eq!(buffer.copy_from(0, 4090, &[1; 10]), Ok(6));
    assert_eq!(buffer.copy_from(0, 5000, &[1; 10]), Ok(0));
    drop(buffer);
    assert_eq!(queue.backend().0[4089..4092], [7, 1, 1]);
}

#[test]
fn gap_behind_a_dequeue_that_found_nothing_is_known() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open_nonblocking().unwrap()).start(Request::exactly(4)).unwrap();
    queue.dequeue_timeout(Duration::from_secs(1)).unwrap().unwrap().requeue().unwrap();
    assert!(queue.dequeue().unwrap().is_none());
    assert!(sim.fail_next(Call::Dequeue, 1, Errno::EINTR));
    assert!(queue.dequeue().is_err());
    assert!(sim.script([Event::Drop(2)]));
    let frame = queue.dequeue_timeout(Duration::from_secs(1)).unwrap().unwrap();
    assert_eq!(frame.lost_before(), Some(2));
}
