//! Drivers that report what is not so: whatever the simulator is told to report, it touches no memory that the program may have.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use vidbuf::{CaptureQueue, FourCc, Frame, OutputQueue, Request, Streaming};
use vidbuf_sim::{Lie, Profile, Sim, SimFile, checksum};

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
                scope.spawn(|| {
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
    assert!(sim.lie(Lie::IndexNotQueued));
    assert!(queue.dequeue().is_err());
    held.enqueue(64 * 16 * 2).unwrap();
    let back = queue.dequeue().unwrap().unwrap();
    assert!(back.sent().unwrap().flags.contains(vidbuf::BufferFlags::ERROR));
    assert_eq!(sim.sent(), 0);
}
