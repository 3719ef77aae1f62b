//! Requested: QUERYBUF.

use vidbuf::Request;
use vidbuf::queue::Planes;

use super::queues::{arm, gone, idle, one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // QUERYBUF
        unplugged_while_requested_fails_each_time_and_leaves_the_state,
    ]
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
