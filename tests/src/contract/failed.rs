//! Failed: DQBUF has failed with EIO, and does so until STREAMOFF.

use vidbuf::error::{ErrorKind, Operation};
use vidbuf::queue::Planes;
use vidbuf::{Errno, Error};

use super::queues::{arm, one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // poll, DQBUF, QBUF, STREAMOFF
        queue_error_lasts_until_stream_off,
    ]
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
