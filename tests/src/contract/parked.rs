//! Streaming, with frames that were parked: they are taken up again, or refused once their stream or their buffers are gone.

use std::time::Duration;

use vidbuf::error::UnparkReason;
use vidbuf::queue::{Capture, Kind, Planes};
use vidbuf::{Error, Request};

use super::queues::{Capturing, one_good_frame, streaming};
use super::{Case, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // QBUF
        parked_frame_is_taken_up_again,
        one_struct_owns_queue_and_parked_frame,
        // STREAMOFF
        parked_frame_is_refused_after_stream_off,
        parked_frame_is_refused_by_another_allocation,
    ]
}

fn parked_frame_is_taken_up_again<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
    let (index, sequence) = (frame.index(), frame.sequence());
    let parked = frame.park();
    one_good_frame(rig, &queue)?;
    ensure!(queue.holders().parked == 1, "{:?}", queue.holders());
    let frame = ok!(queue.unpark(parked));
    ensure!((frame.index(), frame.sequence()) == (index, sequence), "another frame came back");
    ensure!(!ok!(frame.payload(0)).is_empty(), "no bytes");
    ok!(frame.requeue());
    Ok(())
}

fn one_struct_owns_queue_and_parked_frame<R: Rig, P: Planes>(rig: &R) -> Outcome {
    struct Camera<R: Rig, P: Planes> {
        queue: Capturing<R, P>,
        newest: Option<vidbuf::Parked<Kind<Capture, P>>>,
    }
    impl<R: Rig, P: Planes> Camera<R, P> {
        fn keep_newest(&mut self, patience: Duration) -> Result<(), Error> {
            if let Some(frame) = self.queue.dequeue_timeout(patience)?
                && let Some(older) = self.newest.replace(frame.park())
                && let Ok(older) = self.queue.unpark(older)
            {
                older.requeue()?;
            }
            Ok(())
        }
    }
    let mut camera = Camera::<R, P> { queue: streaming(rig, true)?, newest: None };
    for _ in 0..6 {
        ok!(camera.keep_newest(rig.long()));
    }
    ensure!(camera.queue.holders().parked == 1, "{:?}", camera.queue.holders());
    ensure!(camera.newest.is_some(), "nothing kept");
    Ok(())
}

fn parked_frame_is_refused_after_stream_off<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
    let parked = frame.park();
    let queue = ok!(ok!(queue.stream_off()).stream_on());
    let Err(refused) = queue.unpark(parked) else { return Err("a stale token was believed".into()) };
    ensure!(refused.error == UnparkReason::StreamStopped, "{:?}", refused.error);
    Ok(())
}

fn parked_frame_is_refused_by_another_allocation<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = streaming::<R, P>(rig, true)?;
    let Some(frame) = ok!(queue.dequeue_timeout(rig.long())) else { return Err("no frame".into()) };
    let parked = frame.park();
    let queue = ok!(ok!(queue.stop()).start(Request::exactly(4)));
    let Err(refused) = queue.unpark(parked) else { return Err("another queue's token was believed".into()) };
    ensure!(refused.error == UnparkReason::OtherQueue, "{:?}", refused.error);
    Ok(())
}
