//! Queues in the state in which a case begins, and what cases of several states do with them.

use vidbuf::error::Failed;
use vidbuf::queue::{Capture, Idle, Kind, Mapped, Output, Planes, Streaming};
use vidbuf::{Queue, Request};

use super::{Rig, ensure, ok};

/// A capture queue with `P` planes and room for eight buffers.
pub type Capturing<R, P, S = Streaming> = Queue<<R as Rig>::Backend, S, Kind<Capture, P>, 8>;

/// An output queue with `P` planes and room for eight buffers.
pub type Sending<R, P, S> = Queue<<R as Rig>::Backend, S, Kind<Output, P>, 8>;

/// A queue on a fresh device.
pub fn idle<R: Rig, P: Planes>(rig: &R, blocking: bool) -> Capturing<R, P, Idle> {
    Queue::new(rig.open(blocking))
}

/// A stream with four buffers.
pub fn streaming<R: Rig, P: Planes>(rig: &R, blocking: bool) -> Result<Capturing<R, P>, String> {
    Ok(ok!(idle::<R, P>(rig, blocking).start(Request::exactly(4))))
}

/// Dequeues and requeues one good frame, and tells its sequence.
pub fn one_good_frame<R: Rig, P: Planes>(rig: &R, queue: &Capturing<R, P>) -> Result<u32, String> {
    let frame = ok!(queue.dequeue_timeout(rig.long()));
    let Some(frame) = frame else { return Err("no frame in time".into()) };
    for plane in 0..frame.planes() {
        let bytes = ok!(frame.payload(plane));
        ensure!(bytes.len() >= rig.least_payload(), "plane {plane} has {} bytes", bytes.len());
        ensure!(bytes.len() <= ok!(frame.whole_plane(plane)).len(), "payload beyond the plane");
    }
    let sequence = frame.sequence();
    ok!(frame.requeue());
    Ok(sequence)
}

/// An output queue with four mapped buffers.
pub fn mapped<R: Rig, P: Planes>(rig: &R) -> Result<Sending<R, P, Mapped>, String> {
    let queue: Sending<R, P, Idle> = Queue::new(rig.open(true));
    let queue = ok!(queue.request_buffers(Request::exactly(4)));
    Ok(ok!(ok!(queue.query_buffers()).map()))
}

/// What a call on a device that is gone gives back.
pub fn gone<T, Q>(result: Result<T, Failed<Q>>) -> Result<Q, String> {
    match result {
        Ok(_) => Err("a call on a gone device succeeded".into()),
        Err(failed) if failed.error.is_unplugged() => Ok(failed.value),
        Err(failed) => Err(format!("reported as: {}", failed.error)),
    }
}

/// Arms a fault, or ends the case: this device cannot be told to.
macro_rules! arm {
    ($rig:expr, $fault:expr) => {
        if !$rig.inject($fault) {
            return Err(format!("{} {:?}", $crate::contract::UNKNOWN_FAULT, $fault));
        }
    };
}
pub(crate) use arm;

/// Fills every plane with `value` and sends it whole.
macro_rules! send {
    ($buffer:expr, $value:expr) => {{
        let mut buffer = $buffer;
        let mut payloads = Vec::new();
        for plane in 0..buffer.planes() {
            let bytes = ok!(buffer.plane_mut(plane));
            bytes.fill($value);
            payloads.push(vidbuf::backend::PlanePayload { bytesused: bytes.len() as u32, data_offset: 0 });
        }
        ok!(buffer.enqueue_planes(&payloads));
    }};
}
pub(crate) use send;
