//! Unplugged: a call has failed with ENODEV, and every one does.

use vidbuf::Request;
use vidbuf::queue::Planes;

use super::queues::{arm, one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // DQBUF and poll
        unplugged_nonblocking_dequeue_fails_each_time,
        // QBUF, STREAMOFF, munmap, REQBUFS
        unplugged_stream_ends_cleanly,
    ]
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
