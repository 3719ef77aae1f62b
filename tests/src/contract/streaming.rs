//! Streaming: DQBUF and poll, QBUF, STREAMOFF.

use std::time::Duration;

use vidbuf::Error;
use vidbuf::error::{ErrorKind, Operation, PayloadError};
use vidbuf::queue::Planes;

use super::queues::{arm, mapped, one_good_frame, send, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // DQBUF and poll
        streaming_frames_come_in_order,
        streaming_nonblocking_dequeue_of_nothing_is_none,
        flagged_frame_is_not_mistaken_for_a_good_one,
        time_out_changes_nothing,
        interrupted_dequeue_changes_nothing,
        // QBUF
        streaming_all_frames_held_at_once_then_requeued,
        streaming_dropped_frames_go_back_to_the_driver,
        streaming_frames_travel_to_another_thread,
        refused_enqueue_gives_the_frame_back,
        // STREAMOFF
        streaming_forgotten_frame_comes_back_at_stream_off,
    ]
}

/// The cases of an output queue, by call.
pub fn output<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // QBUF, DQBUF
        twenty_frames_are_sent_and_come_back,
    ]
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

fn flagged_frame_is_not_mistaken_for_a_good_one<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    arm!(rig, Fault::FlaggedFrame);
    for _ in 0..2 * queue.granted() {
        let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
        if frame.is_flagged_bad() {
            ensure!(
                matches!(frame.payload(0), Err(PayloadError::FlaggedBad { .. })),
                "the bytes of a bad frame were given out"
            );
            ok!(frame.suspect_payload(0));
            ok!(frame.requeue());
            one_good_frame(rig, &queue)?;
            return Ok(());
        }
        ok!(frame.requeue());
    }
    Err("no flagged frame".into())
}

fn time_out_changes_nothing<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    arm!(rig, Fault::DropAll);
    let mut timeouts = 0;
    // What was finished before the fault may still come.
    for _ in 0..queue.granted() + 3 {
        match ok!(queue.dequeue_timeout(Duration::from_millis(300))) {
            Some(frame) => ok!(frame.requeue()),
            None => timeouts += 1,
        }
        ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    }
    ensure!(timeouts >= 3, "{timeouts} time-outs");
    arm!(rig, Fault::DropNone);
    for _ in 0..5 {
        one_good_frame(rig, &queue)?;
    }
    Ok(())
}

fn interrupted_dequeue_changes_nothing<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    arm!(rig, Fault::DropAll);
    while let Some(frame) = ok!(queue.dequeue_timeout(Duration::from_millis(300))) {
        ok!(frame.requeue());
    }
    for _ in 0..3 {
        arm!(rig, Fault::Interrupt);
        match queue.dequeue() {
            Err(error) => ensure!(error.kind() == Some(ErrorKind::Interrupted), "reported as: {error}"),
            Ok(frame) => return Err(format!("not interrupted: {frame:?}")),
        }
        arm!(rig, Fault::Interrupt);
        // A wait with a time-out ends by it, whatever signals arrive.
        let end = ok!(queue.dequeue_timeout(Duration::from_millis(300)));
        ensure!(end.is_none(), "{end:?}");
        ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    }
    arm!(rig, Fault::DropNone);
    for _ in 0..5 {
        one_good_frame(rig, &queue)?;
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

fn refused_enqueue_gives_the_frame_back<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
    let index = frame.index();
    arm!(rig, Fault::Enqueue);
    let Err(refused) = frame.try_requeue() else { return Err("accepted".into()) };
    ensure!(
        matches!(refused.error, Error::Refused { operation: Operation::Enqueue, index: Some(at), .. } if at == index),
        "reported as: {}",
        refused.error
    );
    let Some(frame) = refused.value else { return Err("the frame was lost".into()) };
    ensure!(!ok!(frame.payload(0)).is_empty(), "no bytes any more");
    ok!(frame.requeue());
    // The same for a frame that is dropped: the buffer stays with the queue, and the next call hands it over.
    let frame = ok!(queue.dequeue_timeout(rig.long()));
    arm!(rig, Fault::Enqueue);
    drop(frame);
    ensure!(queue.holders().free == 1, "{:?}", queue.holders());
    ensure!(ok!(queue.dequeue_timeout(rig.long())).is_some(), "no frame");
    ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    one_good_frame(rig, &queue)?;
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

fn twenty_frames_are_sent_and_come_back<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = mapped::<R, P>(rig)?;
    for value in 0..4 {
        let Some(buffer) = queue.take() else { return Err("no buffer to take".into()) };
        ensure!(buffer.sent().is_none(), "sent before it was filled");
        send!(buffer, value);
    }
    ensure!(queue.take().is_none(), "a fifth of four buffers");
    let queue = ok!(queue.stream_on());
    let mut last = None;
    for value in 0..20 {
        let Some(buffer) = ok!(queue.dequeue_timeout(rig.long())) else { return Err(format!("frame {value} stuck")) };
        let Some(sent) = buffer.sent() else { return Err("not told what became of it".into()) };
        if let Some(last) = last {
            ensure!(sent.sequence > last, "sequence {} after {last}", sent.sequence);
        }
        last = Some(sent.sequence);
        send!(buffer, value as u8);
    }
    let queue = ok!(ok!(queue.stream_off()).unmap());
    ok!(queue.release());
    Ok(())
}
