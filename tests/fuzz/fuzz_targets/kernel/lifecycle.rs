//! The life of buffers, with answers that no kernel gives.

use std::cell::RefCell;
use std::time::Duration;

use vidbuf::backend::PlanePayload;
use vidbuf::error::PayloadError;
use vidbuf::queue::{Capture, Kind, Output, Planes, QueueKind, State};
use vidbuf::{Frame, Queue, Request};
use vidbuf_linux::Device;

use crate::kernel::{choose, is_over, meanwhile};

const CAPACITY: usize = 4;

fn told<Q: QueueKind, S: State>(queue: &Queue<Device, S, Q, CAPACITY>, error: &vidbuf::Error) {
    assert!(!error.to_string().is_empty() && !format!("{queue:?}").is_empty());
}

/// Up, frames in every treatment, down; again until the bytes run out.
pub fn capture<P: Planes>(device: Device) {
    let mut queue = Queue::<_, _, Kind<Capture, P>, CAPACITY>::new(device);
    while !is_over() {
        queue = match queue.try_start(Request::up_to(choose(3) + 1)) {
            Ok(streaming) => {
                frames(&streaming);
                match streaming.try_stop() {
                    Ok(idle) => idle,
                    Err(failed) => {
                        told(&failed.value, &failed.error);
                        failed.value
                    }
                }
            }
            Err(failed) => {
                told(&failed.value, &failed.error);
                failed.value
            }
        };
    }
}

type Captured<'q, P> = Frame<'q, Device, Kind<Capture, P>>;

fn frames<'q, P: Planes>(queue: &'q Queue<Device, vidbuf::queue::Streaming, Kind<Capture, P>, CAPACITY>) {
    let held: RefCell<Vec<(Captured<'q, P>, Vec<u8>)>> = RefCell::default();
    let keep = |frame: Captured<'q, P>| {
        let seen = look(&frame);
        held.borrow_mut().push((frame, seen));
    };
    // Another thread's dequeue, while this one is inside QBUF.
    let other = || match queue.dequeue() {
        Ok(frame) => frame.into_iter().for_each(keep),
        Err(error) => told(queue, &error),
    };
    let mut parked = Vec::new();
    meanwhile(other, || {
        loop {
            let last = || held.borrow_mut().pop().map(|(frame, _)| frame);
            match choose(9) {
                0 => break,
                1 | 2 => other(),
                3 => match queue.dequeue_timeout(Duration::from_millis(1)) {
                    Ok(frame) => frame.into_iter().for_each(keep),
                    Err(error) => told(queue, &error),
                },
                4 => {
                    if let Some(Err(refused)) = last().map(Frame::try_requeue) {
                        told(queue, &refused.error);
                        refused.value.into_iter().for_each(keep);
                    }
                }
                5 => drop(last()),
                6 => parked.extend(last().map(Frame::park)),
                7 => {
                    parked.pop().map(|parked| queue.unpark(parked).expect("of this stream")).into_iter().for_each(keep)
                }
                8 => {
                    let _ = queue.requeue_dropped().inspect_err(|error| told(queue, error));
                }
                _ => {
                    let _ = queue.wait(Some(Duration::ZERO)).inspect_err(|error| told(queue, error));
                }
            }
            let held = held.borrow();
            for (frame, seen) in held.iter() {
                assert_eq!(look(frame), *seen, "{frame:?} changed in the program's hands");
            }
            let mut indices: Vec<_> =
                held.iter().map(|(frame, _)| frame.index()).chain(parked.iter().map(vidbuf::Parked::index)).collect();
            let count = indices.len();
            indices.sort_unstable();
            indices.dedup();
            assert_eq!(indices.len(), count, "a buffer has two owners");
            assert!(indices.iter().all(|index| (*index as usize) < queue.granted()));
            let holders = queue.holders();
            assert_eq!((holders.held, holders.parked), (held.len(), parked.len()));
            assert_eq!(holders.free + holders.driver + count, queue.granted(), "a buffer is nobody's");
        }
        let frames = held.take();
        drop(frames);
    });
}

/// Reads both ends of every plane, or copies them where they may change, and returns what cannot change: what lies between
/// takes memory.
fn look<P: Planes>(frame: &Captured<'_, P>) -> Vec<u8> {
    assert!(!format!("{frame:?} {:?}", frame.timestamp().as_micros()).is_empty());
    let mut seen = Vec::new();
    for plane in 0..frame.planes() {
        let PlanePayload { bytesused, data_offset } = frame.payload_range(plane).expect("the plane exists");
        assert!(data_offset <= bytesused);
        let mut copy = [0; 16];
        let copied = frame.copy_suspect_to(plane, &mut copy).expect("the plane exists");
        assert_eq!(copied, ((bytesused - data_offset) as usize).min(16));
        match (frame.suspect_payload(plane), frame.whole_plane(plane)) {
            (Ok(payload), Ok(whole)) => {
                assert!(bytesused as usize <= whole.len());
                assert_eq!(payload.len(), (bytesused - data_offset) as usize);
                assert!(payload.starts_with(&copy[..copied]));
                seen.extend(whole.first().into_iter().chain(whole.last()).chain(payload.first()).chain(payload.last()));
            }
            (Err(PayloadError::NotExclusive { .. }), Err(PayloadError::NotExclusive { .. })) => {}
            other => panic!("{other:?}"),
        }
    }
    std::hint::black_box(frame.lost_before());
    seen
}

/// Up, buffers sent with any payload, down; again until the bytes run out.
pub fn output<P: Planes>(device: Device) {
    let mut idle = Queue::<_, _, Kind<Output, P>, CAPACITY>::new(device);
    while !is_over() {
        let requested = match idle.request_buffers(Request::up_to(choose(3) + 1)) {
            Ok(requested) => requested,
            Err(failed) => {
                told(&failed.value, &failed.error);
                idle = failed.value;
                continue;
            }
        };
        let streaming = requested.query_buffers().map(|queue| queue.map().map(Queue::stream_on));
        let Ok(Ok(Ok(streaming))) = streaming else {
            // Dropped in the state that it reached; that closes the device.
            return;
        };
        let mut held = Vec::new();
        loop {
            match choose(4) {
                0 => break,
                1 => held.extend(streaming.take()),
                2 => match streaming.dequeue() {
                    Ok(buffer) => held.extend(buffer),
                    Err(error) => told(&streaming, &error),
                },
                3 => drop(held.pop()),
                _ => {
                    let Some(buffer) = held.pop() else { continue };
                    let payload = PlanePayload { bytesused: choose(8192), data_offset: choose(9) };
                    let payloads = vec![payload; buffer.planes()];
                    if let Err(refused) = buffer.try_enqueue_planes(&payloads) {
                        told(&streaming, &refused.error);
                        held.extend(refused.value);
                    }
                }
            }
            for buffer in &mut held {
                for plane in 0..buffer.planes() {
                    let lent = match buffer.plane_mut(plane) {
                        Ok(bytes) => {
                            *bytes.last_mut().expect("no plane is empty") = 1;
                            true
                        }
                        Err(error) => {
                            assert!(matches!(error, PayloadError::NotExclusive { .. }), "{error}");
                            false
                        }
                    };
                    let layout = streaming.layout(buffer.index() as usize).nth(plane);
                    let length = layout.expect("the plane exists").length as usize;
                    assert_eq!(buffer.copy_from(plane, 0, &[1, 2]), Ok(2.min(length)));
                    assert_eq!(lent, streaming.is_exclusive());
                }
            }
            assert_eq!(streaming.holders().held, held.len());
        }
        drop(held);
        idle = streaming.try_stop().unwrap_or_else(|failed| failed.value);
    }
}
