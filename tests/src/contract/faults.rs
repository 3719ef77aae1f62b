//! Capture with faults: what each one reports, in which state it leaves the queue, and that the stream goes on or ends cleanly.

use std::time::Duration;

use vidbuf::error::{ErrorKind, Operation, PayloadError};
use vidbuf::queue::Planes;
use vidbuf::{Errno, Error, Request};

use super::capture::{idle, one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};

/// Every case.
pub fn cases<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        refused_request_leaves_idle_and_the_next_succeeds,
        refused_enqueue_gives_the_frame_back,
        refused_start_leaves_mapped_and_the_next_succeeds,
        flagged_frame_is_not_mistaken_for_a_good_one,
        queue_error_lasts_until_stream_off,
        time_out_changes_nothing,
        interrupted_dequeue_changes_nothing,
        unplugged_stream_ends_cleanly,
        unplugged_before_streaming_ends_cleanly,
        unplugged_while_requested_fails_each_time_and_leaves_the_state,
        unplugged_while_queried_fails_each_time_and_leaves_the_state,
        unplugged_nonblocking_dequeue_fails_each_time,
    ]
}

/// Arms a fault, or ends the case: this device cannot be told to.
macro_rules! arm {
    ($rig:expr, $fault:expr) => {
        if !$rig.inject($fault) {
            return Err(format!("this device does not know {:?}", $fault));
        }
    };
}

fn refused_request_leaves_idle_and_the_next_succeeds<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = idle::<R, P>(rig, true);
    arm!(rig, Fault::RequestBuffers);
    let Err(failed) = queue.request_buffers(Request::exactly(4)) else { return Err("accepted".into()) };
    ensure!(
        matches!(failed.error, Error::Refused { operation: Operation::RequestBuffers, .. }),
        "reported as: {}",
        failed.error
    );
    ensure!(failed.error.kind() == Some(ErrorKind::Invalid), "kind {:?}", failed.error.kind());
    let queue = ok!(failed.value.start(Request::exactly(4)));
    one_good_frame(rig, &queue)?;
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

fn refused_start_leaves_mapped_and_the_next_succeeds<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = ok!(idle::<R, P>(rig, true).request_buffers(Request::exactly(4)));
    let queue = ok!(ok!(queue.query_buffers()).map());
    arm!(rig, Fault::StreamOn);
    let Err(failed) = queue.stream_on() else { return Err("accepted".into()) };
    ensure!(
        matches!(failed.error, Error::Refused { operation: Operation::StreamOn, .. }),
        "reported as: {}",
        failed.error
    );
    ensure!(failed.value.holders().free == 4, "{:?}", failed.value.holders());
    let queue = ok!(failed.value.stream_on());
    one_good_frame(rig, &queue)?;
    let queue = ok!(queue.stop());
    // All the way from idle: everything is undone.
    arm!(rig, Fault::StreamOn);
    let before = rig.mappings();
    let Err(failed) = queue.try_start(Request::exactly(4)) else { return Err("accepted".into()) };
    ensure!(rig.mappings() == before, "a failed start left mappings");
    let queue = ok!(failed.value.start(Request::exactly(4)));
    one_good_frame(rig, &queue)?;
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

fn queue_error_lasts_until_stream_off<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    let Some(held) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
    arm!(rig, Fault::QueueError);
    for _ in 0..3 {
        // poll reports it, not the DQBUF behind it.
        match queue.dequeue_timeout(rig.long()) {
            Err(Error::Refused { operation: Operation::Wait, error: Errno::EIO, .. }) => {}
            other => return Err(format!("after a queue error: {other:?}")),
        }
        match queue.dequeue() {
            Err(error) => ensure!(error.kind() == Some(ErrorKind::Io), "reported as: {error}"),
            Ok(frame) => return Err(format!("after a queue error: {frame:?}")),
        }
    }
    // A frame in hand stays readable, and is not lost when it cannot be requeued.
    ensure!(!ok!(held.payload(0)).is_empty(), "no bytes");
    let Err(refused) = held.try_requeue() else { return Err("requeued in error".into()) };
    ensure!(refused.error.kind() == Some(ErrorKind::Io), "reported as: {}", refused.error);
    drop(refused);
    let queue = ok!(ok!(queue.stream_off()).stream_on());
    ensure!(queue.holders().driver == queue.granted(), "{:?}", queue.holders());
    for _ in 0..5 {
        one_good_frame(rig, &queue)?;
    }
    Ok(())
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

fn unplugged_stream_ends_cleanly<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let before = rig.mappings();
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    let Some(held) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
    arm!(rig, Fault::Unplug);
    // A call that sleeps may still get its frame; then, and for ever, the device is gone.
    let mut told = 0;
    for _ in 0..2 * queue.granted() {
        match queue.dequeue_timeout(rig.long()) {
            Ok(Some(frame)) => drop(frame),
            Ok(None) => return Err("an unplug looks like a time-out".into()),
            Err(error) => {
                ensure!(error.is_unplugged(), "reported as: {error}");
                told += 1;
            }
        }
    }
    ensure!(told >= queue.granted(), "told {told} times");
    ensure!(queue.is_unplugged(), "not remembered");
    // Existing mappings stay readable.
    ensure!(!ok!(held.payload(0)).is_empty(), "no bytes");
    let Err(refused) = held.try_requeue() else { return Err("requeued without a device".into()) };
    ensure!(refused.error.is_unplugged(), "reported as: {}", refused.error);
    drop(refused);
    let queue = ok!(queue.stream_off());
    let queue = ok!(queue.unmap());
    ensure!(rig.mappings() == before, "{} mappings left", rig.mappings());
    let queue = ok!(queue.release());
    let Err(failed) = queue.request_buffers(Request::exactly(4)) else {
        return Err("a gone device gave buffers".into());
    };
    ensure!(failed.error.is_unplugged(), "reported as: {}", failed.error);
    drop(failed);
    // Every handle is closed: it is back.
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    Ok(())
}

fn unplugged_before_streaming_ends_cleanly<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = ok!(idle::<R, P>(rig, true).request_buffers(Request::exactly(4)));
    let queue = ok!(ok!(queue.query_buffers()).map());
    arm!(rig, Fault::Unplug);
    let Err(failed) = queue.stream_on() else { return Err("a gone device streams".into()) };
    ensure!(failed.error.is_unplugged(), "reported as: {}", failed.error);
    drop(failed);
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    Ok(())
}

/// What a call on a device that is gone gives back.
fn gone<T, Q>(result: Result<T, vidbuf::error::Failed<Q>>) -> Result<Q, String> {
    match result {
        Ok(_) => Err("a call on a gone device succeeded".into()),
        Err(failed) if failed.error.is_unplugged() => Ok(failed.value),
        Err(failed) => Err(format!("reported as: {}", failed.error)),
    }
}

fn unplugged_while_requested_fails_each_time_and_leaves_the_state<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = ok!(idle::<R, P>(rig, true).request_buffers(Request::exactly(4)));
    arm!(rig, Fault::Unplug);
    let queue = gone(queue.query_buffers())?;
    drop(gone(queue.query_buffers())?);
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    Ok(())
}

fn unplugged_while_queried_fails_each_time_and_leaves_the_state<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = ok!(ok!(idle::<R, P>(rig, true).request_buffers(Request::exactly(4))).query_buffers());
    arm!(rig, Fault::Unplug);
    let queue = gone(queue.map())?;
    drop(gone(queue.map())?);
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    Ok(())
}

fn unplugged_nonblocking_dequeue_fails_each_time<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, false)?;
    one_good_frame(rig, &queue)?;
    arm!(rig, Fault::Unplug);
    for _ in 0..2 {
        match queue.dequeue() {
            Err(error) => ensure!(error.is_unplugged(), "reported as: {error}"),
            Ok(frame) => return Err(format!("a gone device gave {frame:?}")),
        }
    }
    drop(queue);
    let queue = streaming::<R, P>(rig, true)?;
    one_good_frame(rig, &queue)?;
    Ok(())
}
