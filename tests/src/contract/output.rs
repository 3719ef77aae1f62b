//! Output: buffers are taken, filled, sent, and come back.

use vidbuf::backend::PlanePayload;
use vidbuf::queue::{Idle, Kind, Output, Planes};
use vidbuf::{Error, Queue, Request};

use super::{Case, Outcome, Rig, cases, ensure, ok};

/// Every case.
pub fn cases<R: Rig, P: Planes>() -> Vec<Case<R>> {
    cases![R, P:
        twenty_frames_are_sent_and_come_back,
        buffers_are_taken_once,
        impossible_payloads_are_refused_and_the_buffer_comes_back,
        enqueued_buffers_come_back_by_unmapping,
        dropping_the_queue_with_enqueued_buffers_leaves_nothing,
    ]
}

type Sending<R, P, S> = Queue<<R as Rig>::Backend, S, Kind<Output, P>, 8>;

fn mapped<R: Rig, P: Planes>(rig: &R) -> Result<Sending<R, P, vidbuf::queue::Mapped>, String> {
    let queue: Sending<R, P, Idle> = Queue::new(rig.open(true));
    let queue = ok!(queue.request_buffers(Request::exactly(4)));
    Ok(ok!(ok!(queue.query_buffers()).map()))
}

/// Fills every plane with `value` and sends it whole.
macro_rules! send {
    ($buffer:expr, $value:expr) => {{
        let mut buffer = $buffer;
        let mut payloads = Vec::new();
        for plane in 0..buffer.planes() {
            let bytes = ok!(buffer.plane_mut(plane));
            bytes.fill($value);
            payloads.push(PlanePayload { bytesused: bytes.len() as u32, data_offset: 0 });
        }
        ok!(buffer.enqueue_planes(&payloads));
    }};
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
