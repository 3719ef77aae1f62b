//! Mapped: STREAMON; an output queue's buffers are taken, filled and sent, with QBUF, munmap and STREAMOFF.

use vidbuf::backend::PlanePayload;
use vidbuf::error::Operation;
use vidbuf::queue::Planes;
use vidbuf::{Error, Request};

use super::queues::{arm, idle, mapped, one_good_frame, send, streaming};
use super::{Case, Fault, Outcome, Rig, cases, ensure, ok};

/// The cases of a capture queue, by call.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // STREAMON
        refused_start_leaves_mapped_and_the_next_succeeds,
        unplugged_before_streaming_ends_cleanly,
    ]
}

/// The cases of an output queue, by call.
pub fn output<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        // No call
        buffers_are_taken_once,
        impossible_payloads_are_refused_and_the_buffer_comes_back,
        // QBUF, munmap
        enqueued_buffers_come_back_by_unmapping,
        dropping_the_queue_with_enqueued_buffers_leaves_nothing,
    ]
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

fn buffers_are_taken_once<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = mapped::<R, P>(rig)?;
    let all: Vec<_> = std::iter::from_fn(|| queue.take()).collect();
    ensure!(all.len() == queue.granted(), "{} of {}", all.len(), queue.granted());
    let mut indices: Vec<_> = all.iter().map(vidbuf::OutputBuffer::index).collect();
    indices.dedup();
    ensure!(indices.len() == all.len(), "an index twice: {indices:?}");
    drop(all);
    ensure!(queue.take().is_some(), "dropped buffers were lost");
    Ok(())
}

fn impossible_payloads_are_refused_and_the_buffer_comes_back<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = mapped::<R, P>(rig)?;
    let Some(mut buffer) = queue.take() else { return Err("no buffer to take".into()) };
    let planes = buffer.planes();
    let length = ok!(buffer.plane_mut(0)).len() as u32;
    let whole = PlanePayload { bytesused: length, data_offset: 0 };
    for bad in [
        PlanePayload { bytesused: length + 1, data_offset: 0 },
        PlanePayload { bytesused: 0, data_offset: 0 },
        PlanePayload { bytesused: 8, data_offset: 8 },
    ] {
        let mut payloads = vec![whole; planes];
        payloads[0] = bad;
        let Err(refused) = buffer.try_enqueue_planes(&payloads) else { return Err(format!("{bad:?} was sent")) };
        ensure!(matches!(refused.error, Error::BadPayload { plane: 0, .. }), "reported as: {}", refused.error);
        let Some(kept) = refused.value else { return Err("the buffer was lost".into()) };
        buffer = kept;
    }
    let Err(refused) = buffer.try_enqueue_planes(&[]) else { return Err("no payload was sent".into()) };
    ensure!(matches!(refused.error, Error::PayloadCount { given: 0, .. }), "reported as: {}", refused.error);
    drop(refused);
    ensure!(queue.holders().free == queue.granted(), "{:?}", queue.holders());
    Ok(())
}

fn enqueued_buffers_come_back_by_unmapping<R: Rig, P: Planes>(rig: &R) -> Outcome {
    let queue = mapped::<R, P>(rig)?;
    let Some(buffer) = queue.take() else { return Err("no buffer to take".into()) };
    send!(buffer, 1);
    ensure!(queue.holders().driver == 1, "{:?}", queue.holders());
    let queue = ok!(queue.unmap());
    let queue = ok!(ok!(queue.query_buffers()).map());
    for value in 0..4 {
        let Some(buffer) = queue.take() else { return Err(format!("buffer {value} did not come back")) };
        send!(buffer, value);
    }
    let queue = ok!(queue.stream_on());
    ensure!(ok!(queue.dequeue_timeout(rig.long())).is_some(), "nothing was sent");
    Ok(())
}

fn dropping_the_queue_with_enqueued_buffers_leaves_nothing<R: Rig, P: Planes>(rig: &R) -> Outcome {
    for stream in [false, true] {
        let queue = mapped::<R, P>(rig)?;
        for _ in 0..2 {
            let Some(buffer) = queue.take() else { return Err("no buffer to take".into()) };
            send!(buffer, 7);
        }
        if stream {
            drop(ok!(queue.stream_on()));
        }
    }
    drop(mapped::<R, P>(rig)?);
    Ok(())
}
