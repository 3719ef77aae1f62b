//! Idle: REQBUFS.

use vidbuf::error::{ErrorKind, Operation};
use vidbuf::queue::{Capture, Idle, Kind, Planes};
use vidbuf::{Error, Queue, Request};

use super::queues::{arm, idle, one_good_frame, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // REQBUFS
        request_that_does_not_fit_is_refused_without_a_call,
        request_below_the_drivers_floor_tells_what_was_granted,
        large_queue_gets_more_than_32_or_is_told_fewer,
        second_handle_is_refused_as_busy,
        refused_request_leaves_idle_and_the_next_succeeds,
    ]
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

fn second_handle_is_refused_as_busy<R: Rig, P: Planes>(rig: &R) -> Outcome {
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
