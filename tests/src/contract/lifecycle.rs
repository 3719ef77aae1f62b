//! Cases that pass through every state of a capture queue.

use vidbuf::Request;
use vidbuf::queue::Planes;

use super::queues::{idle, one_good_frame, streaming};
use super::{Case, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // all states
        idle_up_and_down_again_leaves_nothing,
        dropping_the_queue_in_any_state_leaves_nothing,
        stream_restarts_many_times,
    ]
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
