//! Starved: it streams, and the program holds every buffer.

use vidbuf::queue::Planes;
use vidbuf::{Clock as _, Error, Recovery};

use super::queues::{one_good_frame, streaming};
use super::{Case, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // poll
        streaming_deadline_ends_the_wait,
        // DQBUF, which would sleep for good
        streaming_blocking_dequeue_with_every_buffer_held_is_error,
        streaming_blocking_dequeue_goes_on_while_workers_drop_frames,
        // STREAMOFF
        streaming_with_every_frame_parked_stops,
    ]
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

/// Nothing else wakes a thread that sleeps in DQBUF while all frames are elsewhere.
fn streaming_blocking_dequeue_goes_on_while_workers_drop_frames<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let mut held = Vec::new();
    while held.len() < queue.granted() {
        // Hardware that keeps the buffer it is writing does not give the last one.
        let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { break };
        held.push(frame);
    }
    ensure!(ok!(queue.dequeue_timeout(std::time::Duration::ZERO)).is_none(), "a frame without a buffer");
    std::thread::scope(|scope| {
        let work = |frame| {
            scope.spawn(move || {
                // Longer than a frame takes: all of them are with the workers at times.
                std::thread::sleep(rig.frame_time() * 3);
                drop(frame);
            })
        };
        let mut workers: Vec<_> = held.into_iter().map(work).collect();
        let mut outcome = Ok(());
        for number in 0..20 {
            match queue.dequeue() {
                Ok(Some(frame)) => workers.push(work(frame)),
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

fn streaming_with_every_frame_parked_stops<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let mut parked = Vec::new();
    for _ in 0..queue.granted() {
        // Hardware that keeps the buffer it is writing does not give the last one.
        let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { break };
        parked.push(frame.park());
    }
    let queue = ok!(queue.stream_off());
    ensure!(queue.holders().free == queue.granted(), "{:?}", queue.holders());
    drop(parked);
    let queue = ok!(queue.stream_on());
    one_good_frame(rig, &queue)?;
    Ok(())
}
