//! Two threads and one queue, in every order that the language's memory model allows.

use std::sync::Arc;

use loom::sync::Mutex;
use loom::sync::atomic::Ordering;
use loom::thread;
use vidbuf::Error;
use vidbuf_loom::{Bytes, Stream, stream};

/// Everything that two threads and their owner share.
struct World {
    queue: Stream,
    bytes: Bytes,
}

fn world(buffers: usize, nonblocking: bool) -> Arc<World> {
    Arc::new(World { queue: stream(buffers, nonblocking), bytes: Bytes::default() })
}

/// Explores; a thread is interrupted so many times at most, wherever it is, which finds nearly all there is to be found.
fn explore(interruptions: usize, body: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(interruptions);
    builder.check(body);
}

/// All buffers are with the driver, and the queue counts them right: they come one by one, and then it is known that none can.
fn nothing_lost(world: &World, buffers: usize) {
    let holders = world.queue.holders();
    assert_eq!((holders.free, holders.driver, holders.held, holders.parked), (0, buffers, 0, 0));
    let frames: Vec<_> = (0..buffers).map(|_| world.queue.dequeue().expect("no fault").expect("a frame")).collect();
    frames.iter().for_each(|frame| world.bytes.touch(frame.index()));
    world.queue.backend().is_shared.store(false, Ordering::Relaxed);
    assert!(matches!(world.queue.dequeue(), Err(Error::NothingQueued { .. }) | Ok(None)));
}

#[test]
fn two_threads_dequeue_and_hand_back_without_sharing_a_buffer_or_losing_one() {
    explore(2, || {
        let world = world(2, true);
        let other = Arc::clone(&world);
        let worker = thread::spawn(move || {
            if let Some(frame) = other.queue.dequeue().expect("no fault") {
                other.bytes.touch(frame.index());
                frame.requeue().expect("no fault");
            }
        });
        for _ in 0..2 {
            if let Some(frame) = world.queue.dequeue().expect("no fault") {
                world.bytes.touch(frame.index());
                assert_eq!(frame.lost_before().unwrap_or(0), 0, "none was lost");
                drop(frame);
            }
        }
        worker.join().expect("no panic");
        nothing_lost(&world, 2);
    });
}

#[test]
fn what_one_thread_wrote_before_it_handed_back_is_there_for_the_next() {
    explore(3, || {
        let world = world(1, true);
        let other = Arc::clone(&world);
        let frame = world.queue.dequeue().expect("no fault").expect("a frame");
        let worker = thread::spawn(move || {
            if let Some(frame) = other.queue.dequeue().expect("no fault") {
                other.bytes.touch(frame.index());
            }
        });
        world.bytes.touch(frame.index());
        frame.requeue().expect("no fault");
        worker.join().expect("no panic");
        nothing_lost(&world, 1);
    });
}

#[test]
fn frame_dropped_while_another_thread_begins_to_wait_for_it_is_not_missed() {
    explore(3, || {
        let world = world(1, false);
        let other = Arc::clone(&world);
        let frame = world.queue.dequeue().expect("no fault").expect("a frame");
        let worker = thread::spawn(move || {
            // Nothing is with the driver at first: the queue waits for the other thread, and gives up only after many pauses.
            while other.queue.dequeue().expect("another thread gives one back").is_none() {
                thread::yield_now();
            }
        });
        world.bytes.touch(frame.index());
        drop(frame);
        worker.join().expect("no panic");
        nothing_lost(&world, 1);
    });
}

#[test]
fn dropped_frame_that_was_refused_is_handed_over_by_whoever_comes_next() {
    explore(3, || {
        let world = world(2, true);
        let other = Arc::clone(&world);
        let frame = world.queue.dequeue().expect("no fault").expect("a frame");
        world.queue.backend().refuse.store(frame.index(), Ordering::Relaxed);
        let worker = thread::spawn(move || {
            if let Some(frame) = other.queue.dequeue().expect("only the drop is refused") {
                other.bytes.touch(frame.index());
                frame.requeue().expect("only the drop is refused");
            }
        });
        world.bytes.touch(frame.index());
        drop(frame);
        // The other thread may be about to hand it over; if not, this call does.
        drop(world.queue.dequeue().expect("only the drop is refused"));
        worker.join().expect("no panic");
        nothing_lost(&world, 2);
    });
}

#[test]
fn free_buffer_that_two_threads_find_is_handed_over_once() {
    explore(3, || {
        let world = world(2, true);
        let other = Arc::clone(&world);
        let frame = world.queue.dequeue().expect("no fault").expect("a frame");
        world.queue.backend().refuse.store(frame.index(), Ordering::Relaxed);
        drop(frame);
        let worker = thread::spawn(move || other.queue.requeue_dropped().expect("only the drop is refused"));
        // The device finds a buffer that is handed over twice.
        drop(world.queue.dequeue().expect("only the drop is refused"));
        worker.join().expect("no panic");
        nothing_lost(&world, 2);
    });
}

#[test]
fn parked_frame_is_taken_up_by_one_thread_while_another_dequeues() {
    explore(2, || {
        let world = world(2, true);
        let table = Arc::new(Mutex::new(None));
        let (other, from) = (Arc::clone(&world), Arc::clone(&table));
        let worker = thread::spawn(move || {
            let Some(parked) = from.lock().expect("no panic").take() else { return };
            let frame = other.queue.unpark(parked).expect("a good token");
            other.bytes.touch(frame.index());
        });
        let frame = world.queue.dequeue().expect("no fault").expect("a frame");
        world.bytes.touch(frame.index());
        *table.lock().expect("no panic") = Some(frame.park());
        if let Some(frame) = world.queue.dequeue().expect("no fault") {
            world.bytes.touch(frame.index());
        }
        worker.join().expect("no panic");
        if let Some(parked) = table.lock().expect("no panic").take() {
            drop(world.queue.unpark(parked).expect("a good token"));
        }
        nothing_lost(&world, 2);
    });
}

#[test]
fn frame_that_another_thread_has_and_has_not_counted_is_not_reported_as_lost() {
    explore(3, || {
        let world = world(2, true);
        let other = Arc::clone(&world);
        // The first of a stream has lost nothing in any case.
        drop(world.queue.dequeue().expect("no fault"));
        let take = |world: &World| {
            let frame = world.queue.dequeue().expect("no fault").expect("one for each");
            assert_eq!(frame.lost_before().unwrap_or(0), 0, "none was lost");
            std::mem::forget(frame);
        };
        let worker = thread::spawn(move || take(&other));
        take(&world);
        worker.join().expect("no panic");
    });
}
