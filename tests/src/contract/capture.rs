//! Capture without faults: the lifecycle up and down, frames held, dropped, handed to threads.

use vidbuf::queue::{Capture, Idle, Kind, Planes, Streaming};
use vidbuf::{Clock as _, Error, Queue, Recovery, Request};

use super::{Case, Outcome, Rig, cases, ensure, ok};

/// A capture queue with `P` planes and room for eight buffers.
pub type Capturing<R, P, S = Streaming> = Queue<<R as Rig>::Backend, S, Kind<Capture, P>, 8>;

/// Every case.
pub fn cases<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        idle_up_and_down_again_leaves_nothing,
        streaming_frames_come_in_order,
        streaming_all_frames_held_at_once_then_requeued,
        streaming_dropped_frames_go_back_to_the_driver,
        streaming_blocking_dequeue_goes_on_while_workers_drop_frames,
        streaming_blocking_dequeue_with_every_buffer_held_is_error,
        streaming_deadline_ends_the_wait,
        streaming_frames_travel_to_another_thread,
        streaming_forgotten_frame_comes_back_at_stream_off,
        streaming_nonblocking_dequeue_of_nothing_is_none,
        dropping_the_queue_in_any_state_leaves_nothing,
        stream_restarts_many_times,
        request_that_does_not_fit_is_refused_without_a_call,
        request_below_the_drivers_floor_tells_what_was_granted,
        second_handle_is_refused_as_busy,
        large_queue_gets_more_than_32_or_is_told_fewer,
    ]
}

/// A queue on a fresh device.
pub fn idle<R: Rig, P: Planes>(rig: &R, blocking: bool) -> Capturing<R, P, Idle> {
    Queue::new(rig.open(blocking))
}

/// A stream with four buffers.
pub fn streaming<R: Rig, P: Planes>(rig: &R, blocking: bool) -> Result<Capturing<R, P>, String> {
    Ok(ok!(idle::<R, P>(rig, blocking).start(Request::exactly(4))))
}

/// Dequeues and requeues one good frame, and tells its sequence.
pub fn one_good_frame<R: Rig, P: Planes>(rig: &R, queue: &Capturing<R, P>) -> Result<u32, String> {
    let frame = ok!(queue.dequeue_timeout(rig.long()));
    let Some(frame) = frame else { return Err("no frame in time".into()) };
    for plane in 0..frame.planes() {
        let bytes = ok!(frame.payload(plane));
        ensure!(bytes.len() >= rig.least_payload(), "plane {plane} has {} bytes", bytes.len());
        ensure!(bytes.len() <= ok!(frame.whole_plane(plane)).len(), "payload beyond the plane");
    }
    let sequence = frame.sequence();
    ok!(frame.requeue());
    Ok(sequence)
}

fn idle_up_and_down_again_leaves_nothing<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let before = rig.mappings();
    let queue = ok!(idle::<R, P>(rig, true).request_buffers(Request::exactly(4)));
    ensure!(queue.granted() >= 4, "granted {}", queue.granted());
    ensure!(queue.layout(0).count() == 0, "a layout before the query");
    let queue = ok!(queue.query_buffers());
    let planes = queue.layout(0).count();
    ensure!(planes > 0, "no layout");
    let granted = queue.granted();
    let queue = ok!(queue.map());
    ensure!(rig.mappings() == before + planes * granted, "{} mappings", rig.mappings() - before);
    let queue = ok!(queue.stream_on());
    ensure!(queue.holders().driver == granted, "{:?}", queue.holders());
    one_good_frame(rig, &queue)?;
    let queue = ok!(queue.stream_off());
    ensure!(queue.holders().free == granted, "{:?}", queue.holders());
    let queue = ok!(queue.unmap());
    ensure!(rig.mappings() == before, "{} mappings left", rig.mappings());
    let queue = ok!(queue.query_buffers());
    let queue = ok!(ok!(queue.map()).unmap());
    let queue = ok!(queue.release());
    let queue = ok!(queue.start(Request::exactly(3)));
    one_good_frame(rig, &queue)?;
    let queue = ok!(queue.stop());
    drop(ok!(queue.into_backend()));
    Ok(())
}

fn streaming_frames_come_in_order<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let mut last = None;
    for _ in 0..12 {
        let Some(frame) = ok!(queue.dequeue()) else { return Err("a blocking dequeue returned nothing".into()) };
        if let Some(last) = last {
            let step = frame.sequence().wrapping_sub(last);
            ensure!((1..1000).contains(&step), "sequence {} after {last}", frame.sequence());
            ensure!(frame.lost_before() == Some(step - 1), "lost {:?} at a step of {step}", frame.lost_before());
        } else {
            ensure!(frame.lost_before() == Some(0), "lost before the first frame");
        }
        last = Some(frame.sequence());
        ok!(frame.requeue());
    }
    Ok(())
}

fn streaming_all_frames_held_at_once_then_requeued<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let mut held = Vec::new();
    // One stays with the driver: some hardware keeps the buffer it is writing.
    for _ in 0..queue.granted() - 1 {
        held.extend(ok!(queue.dequeue_timeout(rig.long())));
    }
    ensure!(held.len() == queue.granted() - 1, "{} frames", held.len());
    ensure!(queue.holders().held == held.len(), "{:?}", queue.holders());
    let mut indices: Vec<_> = held.iter().map(vidbuf::Frame::index).collect();
    indices.sort_unstable();
    indices.dedup();
    ensure!(indices.len() == held.len(), "an index twice: {indices:?}");
    for frame in held {
        ok!(frame.requeue());
    }
    one_good_frame(rig, &queue)?;
    Ok(())
}

fn streaming_dropped_frames_go_back_to_the_driver<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    for _ in 0..3 * queue.granted() {
        ensure!(ok!(queue.dequeue_timeout(rig.long())).is_some(), "no frame: dropped ones were lost");
        ensure!(queue.holders().driver == queue.granted(), "not back at once: {:?}", queue.holders());
    }
    ok!(queue.requeue_dropped());
    ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    Ok(())
}

/// Nothing else wakes a thread that sleeps in DQBUF while all frames are elsewhere.
fn streaming_blocking_dequeue_goes_on_while_workers_drop_frames<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    std::thread::scope(|scope| {
        let mut workers = Vec::new();
        let mut outcome = Ok(());
        for number in 0..20 {
            match queue.dequeue() {
                // Longer than a frame takes: all of them are with the workers at times.
                Ok(Some(frame)) => workers.push(scope.spawn(move || {
                    std::thread::sleep(rig.frame_time() * 3);
                    drop(frame);
                })),
                Ok(None) => outcome = Err(format!("no frame {number}")),
                Err(error) => outcome = Err(format!("frame {number}: {error}")),
            }
        }
        // By hand: what the end of the scope does is not seen by ThreadSanitizer.
        for worker in workers {
            worker.join().map_err(|_| "a worker panicked")?;
        }
        outcome
    })?;
    ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    Ok(())
}

/// While the program holds every buffer nothing can finish: the wait ends by the device's clock.
fn streaming_deadline_ends_the_wait<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let mut held = Vec::new();
    while held.len() < queue.granted() {
        let Some(frame) = ok!(queue.dequeue_until(queue.backend().now() + rig.long())) else { break };
        held.push(frame);
    }
    let deadline = queue.backend().now() + rig.frame_time();
    ensure!(ok!(queue.dequeue_until(deadline)).is_none(), "a frame without a buffer");
    ensure!(queue.backend().now() >= deadline, "{:?} before the deadline", deadline - queue.backend().now());
    held.clear();
    let Some(frame) = ok!(queue.dequeue_until(queue.backend().now() + rig.long())) else {
        return Err("no frame".into());
    };
    let age = frame.age();
    ensure!(age.is_none_or(|age| age <= rig.long()), "{age:?} old");
    Ok(())
}

/// One thread that holds everything and asks for more would sleep for good.
fn streaming_blocking_dequeue_with_every_buffer_held_is_error<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let mut held = Vec::new();
    for _ in 0..queue.granted() {
        // Hardware that keeps the buffer it is writing does not give the last one.
        let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { return Ok(()) };
        held.push(frame);
    }
    match queue.dequeue() {
        Err(error @ Error::NothingQueued { buffers }) => {
            ensure!(buffers as usize == queue.granted() && error.recovery() == Recovery::Again, "{error:?}");
        }
        other => return Err(format!("{other:?}")),
    }
    ensure!(queue.holders().held == held.len(), "{:?}", queue.holders());
    held.pop();
    one_good_frame(rig, &queue)?;
    Ok(())
}

fn streaming_frames_travel_to_another_thread<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    for _ in 0..4 {
        let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
        std::thread::scope(|scope| {
            let far = scope.spawn(move || {
                let bytes = ok!(frame.payload(0)).iter().map(|byte| u64::from(*byte)).sum::<u64>();
                std::hint::black_box(bytes);
                ok!(frame.requeue());
                Ok(())
            });
            far.join().map_err(|_| "the thread panicked".to_string())?
        })?;
    }
    ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    Ok(())
}

fn streaming_forgotten_frame_comes_back_at_stream_off<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    std::mem::forget(ok!(queue.dequeue_timeout(rig.long())));
    ensure!(queue.holders().held == 1, "{:?}", queue.holders());
    one_good_frame(rig, &queue)?;
    let queue = ok!(ok!(queue.stream_off()).stream_on());
    ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    one_good_frame(rig, &queue)?;
    Ok(())
}

fn streaming_nonblocking_dequeue_of_nothing_is_none<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, false)?;
    // Drained at once, far quicker than frames come.
    let mut seen = 0;
    while let Some(frame) = ok!(queue.dequeue()) {
        std::mem::forget(frame);
        seen += 1;
        ensure!(seen <= queue.granted(), "more frames than buffers");
    }
    let queue = ok!(ok!(queue.stream_off()).stream_on());
    for _ in 0..5 {
        one_good_frame(rig, &queue)?;
    }
    Ok(())
}

fn dropping_the_queue_in_any_state_leaves_nothing<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let before = rig.mappings();
    for state in 0..5 {
        {
            let queue = idle::<R, P>(rig, true);
            if state > 0 {
                let queue = ok!(queue.request_buffers(Request::exactly(4)));
                if state > 1 {
                    let queue = ok!(queue.query_buffers());
                    if state > 2 {
                        let queue = ok!(queue.map());
                        if state > 3 {
                            let queue = ok!(queue.stream_on());
                            one_good_frame(rig, &queue)?;
                        }
                    }
                }
            }
        }
        ensure!(rig.mappings() == before, "state {state} left {} mappings", rig.mappings());
        let queue = ok!(idle::<R, P>(rig, true).request_buffers(Request::exactly(4)));
        ok!(queue.release());
    }
    Ok(())
}

fn stream_restarts_many_times<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let mut queue = streaming::<R, P>(rig, true)?;
    for _ in 0..5 {
        one_good_frame(rig, &queue)?;
        queue = ok!(ok!(queue.stream_off()).stream_on());
    }
    for _ in 0..5 {
        one_good_frame(rig, &queue)?;
        queue = ok!(ok!(queue.stop()).start(Request::exactly(4)));
    }
    Ok(())
}

fn request_that_does_not_fit_is_refused_without_a_call<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let mut queue = idle::<R, P>(rig, true);
    for request in [Request::exactly(9), Request::exactly(0), Request::up_to(2).at_least(3)] {
        match queue.request_buffers(request) {
            Ok(_) => return Err(format!("{request:?} was accepted")),
            Err(failed) => {
                ensure!(matches!(failed.error, Error::BadRequest { capacity: 8, .. }), "{}", failed.error);
                queue = failed.value;
            }
        }
    }
    ok!(queue.request_buffers(Request::up_to(8)));
    Ok(())
}

fn request_below_the_drivers_floor_tells_what_was_granted<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = ok!(idle::<R, P>(rig, true).request_buffers(Request::exactly(1)));
    let granted = queue.granted();
    ensure!((1..=8).contains(&granted), "granted {granted}");
    let queue = ok!(ok!(ok!(queue.query_buffers()).map()).stream_on());
    ensure!(queue.holders().driver == granted, "{:?} of {granted}", queue.holders());
    Ok(())
}

fn second_handle_is_refused_as_busy<R: Rig, P: Planes>(rig: &R) -> Outcome {
    if !rig.has_second_handle() {
        return Ok(());
    }
    let queue = streaming::<R, P>(rig, true)?;
    let Err(failed) = idle::<R, P>(rig, true).request_buffers(Request::exactly(4)) else {
        return Err("two handles have buffers".into());
    };
    ensure!(failed.error.kind() == Some(vidbuf::error::ErrorKind::Busy), "{}", failed.error);
    drop(failed);
    one_good_frame(rig, &queue)?;
    drop(queue);
    streaming::<R, P>(rig, true)?;
    Ok(())
}

fn large_queue_gets_more_than_32_or_is_told_fewer<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = Queue::<_, Idle, Kind<Capture, P>, 64>::new(rig.open(true));
    let queue = ok!(queue.request_buffers(Request::up_to(48)));
    let granted = queue.granted();
    ensure!((1..=64).contains(&granted), "granted {granted}");
    let queue = ok!(ok!(ok!(queue.query_buffers()).map()).stream_on());
    ensure!(queue.holders().driver == granted, "{:?} of {granted}", queue.holders());
    ensure!(ok!(queue.dequeue_timeout(rig.long())).is_some(), "no frame");
    Ok(())
}
