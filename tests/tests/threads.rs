//! One queue and several threads: no buffer has two owners at once, no picture changes in its owner's hands, none is lost.
//!
//! ThreadSanitizer watches these (`tests/run sanitizers`), so they share what a program shares and nothing else: frames are
//! given away through a ring or put back into the queue, and ownership is written down in one flag a buffer. The ring is no
//! channel of the standard library, because that is not instrumented and its own synchronisation would look like races.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{ScopedJoinHandle, scope, yield_now};
use std::time::Duration;

use heapless::spsc::{Consumer, Producer, Queue as Ring};
use vidbuf::queue::{CaptureQueue, Kind, OutputQueue, Streaming};
use vidbuf::{FourCc, Frame, Parked, Request};
use vidbuf_sim::{Call, Errno, Event, Profile, Sim, SimFile, checksum};

const BUFFERS: usize = 4;
/// Frames that each test lets through.
const FRAMES: u32 = 400;
const PATIENCE: Duration = Duration::from_secs(1);

type Stream<'s, 'm> = CaptureQueue<SimFile<'s, 'm>, Streaming>;
type Capture<'q, 's, 'm> = Frame<'q, SimFile<'s, 'm>>;

fn device(profile: Profile, memory: &mut [u8]) -> Sim<'_> {
    Sim::new(profile, memory).format(FourCc::YUYV, 64, 16).strict()
}

fn streaming<'s, 'm>(sim: &'s Sim<'m>) -> Stream<'s, 'm> {
    CaptureQueue::<_>::new(sim.open_nonblocking().expect("a device"))
        .start(Request::exactly(BUFFERS as u32))
        .expect("a stream")
}

/// Who has a buffer, written down by its owner. Relaxed on purpose: the queue, not this, must order what its owners do.
#[derive(Default)]
struct Owners([AtomicBool; BUFFERS]);

impl Owners {
    fn claim(&self, index: u32) {
        assert!(!self.0[index as usize].swap(true, Ordering::Relaxed), "buffer {index} has two owners");
    }

    fn give_up(&self, index: u32) {
        assert!(self.0[index as usize].swap(false, Ordering::Relaxed), "buffer {index} had no owner");
    }
}

/// Takes a frame that is there within a second of the device's time; several threads may have to share what there is.
fn next<'q, 's, 'm>(queue: &'q Stream<'s, 'm>, owners: &Owners) -> Option<Capture<'q, 's, 'm>> {
    let frame = queue.dequeue_timeout(PATIENCE).expect("a stream without faults")?;
    owners.claim(frame.index());
    Some(frame)
}

/// The picture is whole and the frame's own: the driver has not touched the buffer since.
fn look(sim: &Sim<'_>, frame: &Capture<'_, '_, '_>) {
    assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().expect("a good frame")), "{frame:?} changed");
}

/// Everything that was given up is with the queue or the driver; the queue comes down with nothing left over.
fn nothing_lost(sim: &Sim<'_>, queue: Stream<'_, '_>) {
    let holders = queue.holders();
    assert_eq!((holders.held, holders.parked, holders.free + holders.driver), (0, 0, BUFFERS), "{holders:?}");
    queue.requeue_dropped().expect("a stream without faults");
    assert_eq!(queue.holders().driver, BUFFERS);
    queue.stop().expect("a clean end");
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
}

/// Waits for the threads. The end of a scope would, too, but inside the standard library, unseen by ThreadSanitizer.
fn join<'scope>(threads: impl IntoIterator<Item = ScopedJoinHandle<'scope, ()>>) {
    for thread in threads {
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

/// Gives a token away, as soon as there is room.
fn send<T>(ring: &mut Producer<'_, T>, token: T) {
    let mut waiting = Some(token);
    while let Some(token) = waiting.take() {
        waiting = ring.enqueue(token).err();
        if waiting.is_some() {
            yield_now();
        }
    }
}

/// The next token, until as many as there are have come.
fn receive<T>(ring: &mut Consumer<'_, T>, left: &mut u32) -> Option<T> {
    *left = left.checked_sub(1)?;
    loop {
        match ring.dequeue() {
            Some(token) => return Some(token),
            None => yield_now(),
        }
    }
}

#[test]
fn frames_sent_to_threads_are_whole_there_and_come_back_from_there() {
    let mut memory = vec![0; 1 << 16];
    let sim = device(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let owners = Owners::default();
    let done = AtomicU32::new(0);
    let mut rings: [Ring<Capture<'_, '_, '_>, BUFFERS>; 3] = Default::default();
    scope(|scope| {
        let mut threads = Vec::new();
        let mut workers = Vec::new();
        for ring in &mut rings {
            let (sender, mut receiver) = ring.split();
            workers.push(sender);
            let (owners, done, sim) = (&owners, &done, &sim);
            threads.push(scope.spawn(move || {
                let mut left = FRAMES;
                while let Some(frame) = receive(&mut receiver, &mut left) {
                    look(sim, &frame);
                    owners.give_up(frame.index());
                    if left.is_multiple_of(2) {
                        frame.requeue().expect("requeued")
                    } else {
                        drop(frame)
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        let mut sent = 0;
        while sent < workers.len() * FRAMES as usize {
            let Some(frame) = next(&queue, &owners) else { continue };
            let worker = sent % workers.len();
            send(&mut workers[worker], frame);
            sent += 1;
        }
        join(threads);
    });
    drop(rings);
    assert_eq!(done.load(Ordering::Relaxed), 3 * FRAMES);
    nothing_lost(&sim, queue);
}

#[test]
fn several_threads_dequeue_hold_and_requeue_without_sharing_a_buffer() {
    let mut memory = vec![0; 1 << 16];
    let sim = device(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let owners = Owners::default();
    scope(|scope| {
        let mut threads = Vec::new();
        for thread in 0..3 {
            let (owners, queue, sim) = (&owners, &queue, &sim);
            threads.push(scope.spawn(move || {
                let mut held = None;
                let mut seen = 0;
                while seen < FRAMES {
                    let Some(frame) = next(queue, owners) else { continue };
                    seen += 1;
                    look(sim, &frame);
                    // One frame is always in hand, and looked at again before it goes.
                    if let Some(older) = held.replace(frame) {
                        look(sim, &older);
                        owners.give_up(older.index());
                        if (seen + thread) % 3 == 0 { drop(older) } else { older.requeue().expect("requeued") }
                    }
                }
                if let Some(frame) = held {
                    owners.give_up(frame.index());
                }
            }));
        }
        join(threads);
    });
    nothing_lost(&sim, queue);
}

#[test]
fn dropped_frames_are_handed_back_once_whoever_does_it() {
    let mut memory = vec![0; 1 << 16];
    let sim = device(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let owners = Owners::default();
    let running = AtomicBool::new(true);
    scope(|scope| {
        let mut threads = Vec::new();
        threads.push(scope.spawn(|| {
            while running.load(Ordering::Relaxed) {
                queue.requeue_dropped().expect("a stream without faults");
            }
        }));
        for _ in 0..FRAMES {
            let Some(frame) = next(&queue, &owners) else { continue };
            look(&sim, &frame);
            owners.give_up(frame.index());
            drop(frame);
        }
        running.store(false, Ordering::Relaxed);
        join(threads);
    });
    // A strict simulator counts a buffer that is enqueued twice.
    nothing_lost(&sim, queue);
}

#[test]
fn interrupted_requeue_races_with_dequeue_and_loses_nothing() {
    let mut memory = vec![0; 1 << 16];
    let sim = device(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let owners = Owners::default();
    scope(|scope| {
        let mut threads = Vec::new();
        for _ in 0..2 {
            threads.push(scope.spawn(|| {
                let mut seen = 0;
                while seen < FRAMES {
                    let frame = match queue.dequeue_timeout(PATIENCE) {
                        Ok(Some(frame)) => frame,
                        Ok(None) => continue,
                        Err(error) => {
                            assert!(error.is_retryable(), "{error}");
                            continue;
                        }
                    };
                    seen += 1;
                    owners.claim(frame.index());
                    look(&sim, &frame);
                    if seen % 8 == 0 {
                        // Whichever thread's call the signal meets. No room for it: earlier ones have not struck yet.
                        let _ = sim.fail(Call::Enqueue, 1, Errno::EINTR);
                    }
                    owners.give_up(frame.index());
                    if seen % 2 == 0 {
                        drop(frame);
                        continue;
                    }
                    let mut frame = Some(frame);
                    while let Some(Err(refused)) = frame.take().map(Frame::try_requeue) {
                        assert!(refused.error.is_retryable(), "{}", refused.error);
                        let kept = refused.value.expect("the frame comes back");
                        owners.claim(kept.index());
                        look(&sim, &kept);
                        owners.give_up(kept.index());
                        frame = Some(kept);
                    }
                }
            }));
        }
        join(threads);
    });
    sim.clear_script();
    nothing_lost(&sim, queue);
}

#[test]
fn frame_parked_by_one_thread_is_taken_up_whole_by_another() {
    let mut memory = vec![0; 1 << 16];
    let sim = device(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    let owners = Owners::default();
    let mut ring: Ring<Parked<Kind<vidbuf::queue::Capture>>, BUFFERS> = Ring::new();
    let (mut sender, mut receiver) = ring.split();
    scope(|scope| {
        let mut threads = Vec::new();
        let (owners, queue, sim) = (&owners, &queue, &sim);
        threads.push(scope.spawn(move || {
            let mut left = FRAMES;
            while let Some(parked) = receive(&mut receiver, &mut left) {
                let frame = queue.unpark(parked).expect("a token of this stream");
                look(sim, &frame);
                owners.give_up(frame.index());
                frame.requeue().expect("requeued");
            }
        }));
        let mut sent = 0;
        while sent < FRAMES {
            let Some(frame) = next(queue, owners) else { continue };
            send(&mut sender, frame.park());
            sent += 1;
        }
        join(threads);
    });
    nothing_lost(&sim, queue);
}

#[test]
fn output_buffers_are_taken_filled_and_sent_by_several_threads() {
    let mut memory = vec![0; 1 << 16];
    let sim = device(Profile::VIVID_OUTPUT, &mut memory);
    let queue = OutputQueue::<_>::new(sim.open_nonblocking().expect("a device"))
        .request_buffers(Request::exactly(BUFFERS as u32))
        .expect("buffers");
    let queue = queue.query_buffers().expect("layouts").map().expect("mappings").stream_on().expect("a stream");
    let owners = Owners::default();
    let length = queue.layout(0).map(|plane| plane.length).sum();
    scope(|scope| {
        let mut threads = Vec::new();
        for thread in 0..3_u8 {
            let (owners, queue) = (&owners, &queue);
            threads.push(scope.spawn(move || {
                let mut sent = 0;
                while sent < FRAMES {
                    let taken = match queue.take() {
                        Some(buffer) => Some(buffer),
                        None => queue.dequeue_timeout(PATIENCE).expect("a stream without faults"),
                    };
                    let Some(mut buffer) = taken else { continue };
                    owners.claim(buffer.index());
                    let bytes = buffer.bytes_mut().expect("exclusive");
                    bytes.fill(thread);
                    assert!(bytes.iter().all(|byte| *byte == thread), "another thread wrote");
                    owners.give_up(buffer.index());
                    buffer.enqueue(length).expect("sent");
                    sent += 1;
                }
            }));
        }
        join(threads);
    });
    // Whole pictures of one thread each went out.
    let whole: Vec<_> = (0..3_u8).map(|thread| checksum(&vec![thread; length as usize])).collect();
    for back in 0..32 {
        let sent = sim.latest_sent(back).expect("many were sent");
        assert!(whole.contains(&sent.checksum), "a torn picture went out: {sent:?}");
    }
    queue.stop().expect("a clean end");
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
}

#[test]
fn unplug_ends_every_thread_and_their_frames_stay_readable() {
    let mut memory = vec![0; 1 << 16];
    let sim = device(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    assert!(sim.script(std::iter::repeat_n(Event::Frame, 20).chain([Event::Unplug])));
    scope(|scope| {
        let mut threads = Vec::new();
        for _ in 0..3 {
            threads.push(scope.spawn(|| {
                let mut held = None;
                let end = loop {
                    match queue.dequeue_timeout(PATIENCE) {
                        Ok(Some(frame)) => held = Some(frame),
                        Ok(None) => {}
                        Err(error) => break error,
                    }
                };
                assert!(end.is_unplugged(), "{end}");
                if let Some(frame) = held {
                    look(&sim, &frame);
                }
            }));
        }
        join(threads);
    });
    assert!(queue.is_unplugged());
    queue.stop().expect("a clean end");
    assert_eq!((sim.mappings(), sim.violations()), (0, 0));
}
