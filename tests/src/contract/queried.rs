//! Queried: mmap.

use vidbuf::Request;
use vidbuf::queue::Planes;

use super::queues::{arm, gone, idle, one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // mmap
        unplugged_while_queried_fails_each_time_and_leaves_the_state,
    ]
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
