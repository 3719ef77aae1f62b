//! A device is opened, and the open file is the backend: two queues cannot share buffers, and a close frees what is left.

use std::mem::MaybeUninit;
use std::time::Duration;

use vidbuf::backend::{PlaneCount, PlanePayload};
use vidbuf::error::ErrorKind;
use vidbuf::node::{Format, Formats as _};
use vidbuf::queue::{CaptureMplaneQueue, CaptureQueue, OutputMplaneQueue, Streaming};
use vidbuf::v4l2::BufferType;
use vidbuf::{Error, Request};
use vidbuf_sim::{Call, Errno, Lie, Profile, Sim, SimFile, Violation, checksum};

fn memory() -> Vec<u8> {
    vec![0; 8 << 20]
}

fn streaming<'s, 'm>(sim: &'s Sim<'m>) -> CaptureQueue<SimFile<'s, 'm>, Streaming> {
    CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap()
}

#[test]
fn second_file_is_refused_while_another_has_buffers_in_every_state() {
    let mut memory = memory();
    for profile in [Profile::VIVID, Profile::UNICAM, Profile::UVC] {
        let sim = Sim::new(profile, &mut memory);
        let second = || CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4));
        let busy = |state| {
            let refused = second().unwrap_err();
            assert_eq!(refused.kind(), Some(ErrorKind::Busy), "{} {state}: {refused}", profile.name);
        };
        let first = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
        busy("requested");
        let first = first.query_buffers().unwrap();
        busy("queried");
        let first = first.map().unwrap();
        busy("mapped");
        let first = first.stream_on().unwrap();
        busy("streaming");
        let frame = first.dequeue().unwrap().unwrap();
        let before = checksum(frame.bytes().unwrap());
        busy("a frame is held");
        sim.advance(Duration::from_secs(1));
        assert_eq!(checksum(frame.bytes().unwrap()), before, "{}", profile.name);
        drop(frame);
        // uvcvideo's active file stays the active one until it is closed.
        drop(first.stop().unwrap());
        second().unwrap();
        assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0), "{}", profile.name);
    }
}

#[test]
fn calls_of_another_file_neither_take_nor_disturb_a_stream() {
    use vidbuf::Backend as _;
    use vidbuf::backend::Enqueue;
    use vidbuf::v4l2::{BufferType, MemoryType, QueueType};
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let frame = queue.dequeue().unwrap().unwrap();
    let other = sim.open().unwrap();
    let of_other = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };
    assert_eq!(other.request_buffers(of_other, 0), Err(Errno::EBUSY));
    assert_eq!(other.dequeue(of_other, PlaneCount::One, &mut MaybeUninit::uninit()), Err(Errno::EBUSY));
    assert_eq!(other.stream_off(of_other), Err(Errno::EBUSY));
    let enqueue = Enqueue::empty(frame.index(), PlaneCount::One);
    // SAFETY: the file has no buffers; it is refused.
    assert_eq!(unsafe { other.enqueue(of_other, enqueue) }, Err(Errno::EBUSY));
    // A lie is not used up, and takes no buffer away.
    assert!(sim.lie(Lie::Index(frame.index())));
    assert_eq!(other.dequeue(of_other, PlaneCount::One, &mut MaybeUninit::uninit()), Err(Errno::EBUSY));
    drop(other);
    sim.clear_script();
    assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().unwrap()));
    frame.requeue().unwrap();
    assert!(queue.dequeue().unwrap().is_some());
    queue.stop().unwrap();
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
}

#[test]
fn dropping_a_file_frees_what_its_queue_could_not() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(4)).unwrap();
    assert!(sim.fail_next(Call::RequestBuffers, 2, Errno::EBUSY));
    drop(queue);
    assert_eq!(sim.buffers(), 0);
    streaming(&sim).stop().unwrap();
}

#[test]
fn memory_that_was_never_unmapped_is_not_given_to_another_file() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let frame = queue.dequeue().unwrap().unwrap();
    let kept = frame.whole_plane(0).unwrap().as_ptr();
    drop(frame);
    assert!(sim.fail_next(Call::Unmap, 100, Errno::EINVAL));
    drop(queue);
    sim.clear_script();
    assert_eq!((sim.mappings(), sim.buffers()), (4, 0));
    let queue = streaming(&sim);
    for _ in 0..8 {
        let frame = queue.dequeue().unwrap().unwrap();
        assert_ne!(frame.whole_plane(0).unwrap().as_ptr(), kept);
        frame.requeue().unwrap();
    }
    queue.stop().unwrap();
    assert_eq!((sim.mappings(), sim.buffers()), (4, 0));
}

#[test]
fn unplugged_device_cannot_be_opened_until_it_is_back() {
    let mut memory = memory();
    for profile in [Profile::VIVID, Profile::UVC, Profile::UNICAM] {
        let sim = Sim::new(profile, &mut memory);
        let queue = streaming(&sim);
        let frame = queue.dequeue().unwrap().unwrap();
        let before = checksum(frame.bytes().unwrap());
        sim.unplug();
        assert_eq!((sim.open().err(), sim.open_nonblocking().err()), (Some(Errno::ENODEV), Some(Errno::ENODEV)));
        sim.replug();
        // The old file is dead and its frame readable; the new one has buffers of its own.
        let anew = streaming(&sim);
        assert!(queue.dequeue().unwrap_err().is_unplugged(), "{}", profile.name);
        for _ in 0..8 {
            anew.dequeue().unwrap().unwrap().requeue().unwrap();
        }
        assert_eq!(checksum(frame.bytes().unwrap()), before, "{}", profile.name);
        drop(frame);
        queue.stop().unwrap();
        anew.dequeue().unwrap().unwrap().requeue().unwrap();
        anew.stop().unwrap();
        assert_eq!((sim.mappings(), sim.buffers(), sim.violation(0)), (0, 0, None), "{}", profile.name);
    }
}

#[test]
fn only_as_many_files_as_there_are_places_for_can_be_opened() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let files: Vec<_> = (0..8).map(|_| sim.open().unwrap()).collect();
    assert_eq!(sim.open().err(), Some(Errno::ENFILE));
    drop(files);
    assert!(sim.open().is_ok());
}

#[test]
fn each_file_blocks_as_it_was_opened() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let blocking = sim.open().unwrap();
    let nonblocking = sim.open_nonblocking().unwrap();
    assert!(!blocking.is_nonblocking() && nonblocking.is_nonblocking());
    drop(blocking);
    let queue = CaptureQueue::<_>::new(nonblocking).start(Request::exactly(4)).unwrap();
    assert!(queue.dequeue().unwrap().is_none());
}

#[test]
fn format_is_the_files_or_the_tests_to_set_while_nothing_is_allocated() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let mut queue = CaptureQueue::<_>::new(sim.open().unwrap());
    let grey = Format::new(64, 48, vidbuf::FourCc::GREY);
    let set = queue.backend_mut().set_format(BufferType::VideoCapture, &grey);
    assert_eq!(set.map(|format| (format.total_size(), format.stride())), Ok((64 * 48, 64)));
    let queue = queue.start(Request::exactly(2)).unwrap();
    assert_eq!(sim.set_format(vidbuf::FourCc::GREY, 128, 48).err(), Some(Errno::EBUSY));
    queue.stop().unwrap();
    assert_eq!(sim.set_format(vidbuf::FourCc::GREY, 128, 48).map(|format| format.total()), Ok(128 * 48));
}

#[test]
fn codec_with_one_queue_is_refused_by_name_and_a_pair_decodes() {
    let mut memory = memory();
    let sim = Sim::new(Profile::CODEC, &mut memory);
    assert_eq!(sim.open().err(), Some(Errno::ENOMEM));
    assert_eq!(sim.open_pair().err(), Some(Errno::ENOMEM));
    assert_eq!((sim.violations(), sim.violation(1)), (2, Some(Violation::OneQueueForTwo)));
    assert_eq!(Sim::new(Profile::VIVID, &mut vec![0; 4096]).open_pair().err(), Some(Errno::EINVAL));

    let sim = Sim::<8, 2>::sized(Profile::CODEC, &mut memory);
    let (output, capture) = sim.open_pair().unwrap();
    let output = OutputMplaneQueue::<_>::new(output).request_buffers(Request::exactly(2)).unwrap();
    let output = output.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    let capture = CaptureMplaneQueue::<_>::new(capture).start(Request::exactly(3)).unwrap();
    // Nothing comes out before something went in.
    assert!(matches!(capture.dequeue(), Err(Error::Refused { error: Errno::EDEADLK, .. })));
    let mut taken = output.take();
    for number in 0..20 {
        let mut buffer = taken.take().unwrap();
        buffer.plane_mut(0).unwrap()[..100].fill(number);
        buffer.enqueue_planes(&[PlanePayload { bytesused: 100, data_offset: 0 }]).unwrap();
        let picture = capture.dequeue().unwrap().unwrap();
        assert_eq!(picture.sequence(), u32::from(number));
        assert!(sim.picture(picture.sequence()).is_in(0, picture.payload(0).unwrap()));
        let sent = sim.latest_sent(0).unwrap();
        assert_eq!((sent.bytes, sent.checksum), (100, checksum(&[number; 100])));
        picture.requeue().unwrap();
        taken = output.dequeue().unwrap();
    }
    drop(taken);
    output.stop().unwrap();
    capture.stop().unwrap();
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
    // Closed with the second half: it can be opened again.
    assert!(sim.open_pair().is_ok());
}

#[test]
fn half_of_a_codec_is_refused_the_other_halfs_queue() {
    let mut memory = memory();
    let sim = Sim::<8, 2>::sized(Profile::CODEC, &mut memory);
    let (output, capture) = sim.open_pair().unwrap();
    let refused = CaptureMplaneQueue::<_>::new(output).request_buffers(Request::exactly(2)).unwrap_err();
    assert_eq!(refused.error.kind(), Some(ErrorKind::Invalid));
    let refused = OutputMplaneQueue::<_>::new(capture).request_buffers(Request::exactly(2)).unwrap_err();
    assert_eq!(refused.error.kind(), Some(ErrorKind::Invalid));
    assert_eq!(sim.buffers(), 0);
}

#[test]
fn unmapping_with_another_file_open_is_no_violation() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let _bystander = sim.open().unwrap();
    streaming(&sim).stop().unwrap();
    assert_eq!((sim.mappings(), sim.violation(0)), (0, None::<Violation>));
}
