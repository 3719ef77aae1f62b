//! Drivers that report what is not so: whatever the simulator is told to report, it touches no memory that the program may have.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use vidbuf::backend::PlaneLayout;
use vidbuf::queue::{CaptureQueue, OutputQueue, Streaming};
use vidbuf::v4l2::{BufferType, MemoryType, QueueType};
use vidbuf::{Backend as _, FourCc, Frame, Request};
use vidbuf_sim::{Errno, Kernel, Lie, Profile, Sim, SimFile, checksum};

type Stream<'s, 'm> = CaptureQueue<SimFile<'s, 'm>, Streaming>;

/// Dequeues with a lie about buffer 0 and watches the frame, if it is that buffer's, for a moment.
fn watch(sim: &Sim<'_>, queue: &Stream<'_, '_>, lie: Lie, given: &AtomicU32) -> bool {
    // Full of lies is full.
    let _ = sim.lie(lie);
    let Ok(Some(frame)) = queue.dequeue() else { return true };
    if frame.index() != 0 {
        return true;
    }
    given.fetch_add(1, Relaxed);
    let bytes = frame.whole_plane(0).unwrap();
    let before = checksum(bytes);
    for _ in 0..200 {
        std::hint::spin_loop();
    }
    checksum(bytes) == before
}

#[test]
fn buffer_reported_while_it_is_being_enqueued_never_changes_in_its_owners_hands() {
    for lie in [Lie::Index(0), Lie::IndexNotQueued] {
        let mut memory = vec![0; 1 << 20];
        let sim = Sim::new(Profile::VIVID, &mut memory).format(FourCc::YUYV, 64, 16);
        let file = sim.open_nonblocking().unwrap();
        let mut queue = CaptureQueue::<_>::new(file).start(Request::exactly(2)).unwrap();
        let (began, given) = (Instant::now(), AtomicU32::new(0));
        let (mut rounds, mut changed) = (0, 0);
        while began.elapsed() < Duration::from_secs(2) {
            let stop = AtomicBool::new(false);
            std::thread::scope(|scope| {
                let other = scope.spawn(|| {
                    while !stop.load(Relaxed) {
                        if let Ok(Some(frame)) = queue.dequeue() {
                            let _ = frame.requeue();
                        }
                    }
                });
                for _ in 0..200 {
                    changed += u32::from(!watch(&sim, &queue, lie, &given));
                }
                stop.store(true, Relaxed);
                // The end of the scope waits, too, but out of ThreadSanitizer's sight.
                other.join().unwrap();
            });
            // A stopped stream ends all doubts, so that there is something to be lost again.
            sim.clear_script();
            queue = queue.stream_off().unwrap().stream_on().unwrap();
            rounds += 1;
        }
        let given = given.into_inner();
        assert_eq!(changed, 0, "{lie:?}: {changed} of {given} frames changed in {rounds} rounds");
        println!("{lie:?}: {given} frames of buffer 0 watched in {rounds} rounds");
    }
}

#[test]
fn doubtful_buffer_is_accepted_left_alone_and_finished_with_the_error_flag_until_the_stream_is_stopped() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory).format(FourCc::YUYV, 64, 16);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    let take = || -> Frame<'_, SimFile<'_, '_>> { queue.dequeue().unwrap().unwrap() };
    let held = take();
    let (index, picture) = (held.index(), checksum(held.bytes().unwrap()));
    assert!(sim.lie(Lie::IndexNotQueued));
    assert!(queue.dequeue().is_err(), "one buffer with two owners");
    assert_eq!(checksum(held.bytes().unwrap()), picture);
    held.requeue().unwrap();
    for _ in 0..6 {
        let frame = take();
        // Neither poisoned nor drawn.
        let same = checksum(frame.whole_plane(0).unwrap()) == picture;
        assert_eq!((frame.is_flagged_bad(), same), (frame.index() == index, frame.index() == index));
        assert!(frame.index() == index || sim.picture(frame.sequence()).is_in(0, frame.bytes().unwrap()));
        frame.requeue().unwrap();
    }
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    for _ in 0..4 {
        let frame = queue.dequeue().unwrap().unwrap();
        assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().unwrap()));
        frame.requeue().unwrap();
    }
    assert_eq!(sim.violations(), 0);
}

#[test]
fn doubtful_output_buffer_is_not_read() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID_OUTPUT.keeps(0), &mut memory).format(FourCc::YUYV, 64, 16);
    let queue = OutputQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(2)).unwrap();
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    let held = queue.take().unwrap();
    queue.take().unwrap().enqueue(64 * 16 * 2).unwrap();
    assert!(sim.lie(Lie::Index(held.index())));
    assert!(queue.dequeue().is_err());
    let index = held.index();
    held.enqueue(64 * 16 * 2).unwrap();
    for _ in 0..2 {
        let back = queue.dequeue().unwrap().unwrap();
        let flagged = back.sent().unwrap().flags.contains(vidbuf::v4l2::BufferFlags::ERROR);
        assert_eq!(flagged, back.index() == index);
    }
    assert_eq!((sim.sent(), sim.latest_sent(0).map(|sent| sent.index == index)), (1, Some(false)));
}

const CAPTURE: QueueType = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };

fn layout(file: &SimFile<'_, '_>, index: u32) -> PlaneLayout {
    let mut planes = [PlaneLayout::default()];
    assert_eq!(file.query_buffer(CAPTURE, index, &mut planes), Ok(1));
    planes[0]
}

#[test]
fn cookie_of_another_buffer_is_reported_and_its_memory_not_mapped_twice() {
    for kernel in [Kernel::V6_1, Kernel::V6_12] {
        let mut memory = vec![0; 1 << 20];
        let sim = Sim::new(Profile::VIVID, &mut memory).kernel(kernel).format(FourCc::YUYV, 64, 16);
        let file = sim.open().unwrap();
        file.request_buffers(CAPTURE, 4).unwrap();
        let first = layout(&file, 0);
        assert!(sim.lie(Lie::CookieOf(0)));
        let second = layout(&file, 1);
        assert_eq!(second, first);
        assert_ne!(layout(&file, 1), first, "told once");
        assert!(sim.lie(Lie::Cookie { plane: 0, offset: 4096 * 77 }));
        assert_eq!(layout(&file, 2), PlaneLayout { length: first.length, offset: 4096 * 77 });
        let region = file.map(CAPTURE, first).unwrap();
        assert_eq!(file.map(CAPTURE, second), Err(Errno::ENOMEM));
        assert_eq!(sim.violations(), 0, "not the program's fault");
        // SAFETY: it was mapped above, and nothing borrows its bytes.
        unsafe { file.unmap(region) }.unwrap();
    }
}

#[test]
fn buffers_with_exchanged_cookies_are_left_alone_by_the_driver_until_they_are_freed() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory).format(FourCc::YUYV, 64, 16);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(3)).unwrap();
    assert!(sim.lie(Lie::CookieOf(1)) && sim.lie(Lie::CookieOf(0)));
    let queue = queue.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    for _ in 0..9 {
        let frame = queue.dequeue().unwrap().unwrap();
        // The one that is what it is called has its picture; the others' memory is as it was at first.
        assert_eq!(frame.is_flagged_bad(), frame.index() < 2);
        if frame.index() < 2 {
            assert!(frame.whole_plane(0).unwrap().iter().all(|byte| *byte == 0), "{frame:?}");
        } else {
            assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().unwrap()));
        }
        frame.requeue().unwrap();
    }
    let queue = queue.stop().unwrap().start(Request::exactly(3)).unwrap();
    assert!((0..9).all(|_| queue.dequeue().unwrap().is_some_and(|frame| !frame.is_flagged_bad())));
    assert_eq!(sim.violations(), 0);
}

#[test]
fn mapping_is_as_short_as_it_was_told_to_be_and_comes_down_cleanly() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory).format(FourCc::YUYV, 64, 48);
    let file = sim.open().unwrap();
    file.request_buffers(CAPTURE, 2).unwrap();
    let asked = layout(&file, 0);
    for (told, mapped) in [(100, 100), (0, 1), (u32::MAX, asked.length as usize)] {
        assert!(sim.lie(Lie::ShortMapping(told)));
        let region = file.map(CAPTURE, asked).unwrap();
        assert_eq!(region.length, mapped);
        // SAFETY: it was mapped above, and nothing borrows its bytes.
        unsafe { file.unmap(region) }.unwrap();
    }
    assert_eq!((sim.mappings(), sim.violations()), (0, 0));
}
