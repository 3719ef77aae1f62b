//! The life of buffers, with answers that no kernel gives.

use std::time::Duration;

use vidbuf::{Capture, Frame, Kind, Output, PlanePayload, Planes, Queue, QueueKind, Request, State};
use vidbuf_linux::Device;

use crate::kernel::{choose, is_over};

const CAPACITY: usize = 4;

fn told<Q: QueueKind, S: State>(queue: &Queue<Device, S, Q, CAPACITY>, error: &vidbuf::Error<vidbuf_linux::Errno>) {
    assert!(!error.to_string().is_empty() && !format!("{queue:?}").is_empty());
}

/// Up, frames in every treatment, down; again until the bytes run out.
pub fn capture<P: Planes>(device: Device) {
    let mut queue = Queue::<_, _, Kind<Capture, P>, CAPACITY>::new(device);
    while !is_over() {
        queue = match queue.start(Request::up_to(choose(3) + 1)) {
            Ok(streaming) => {
                frames(&streaming);
                match streaming.stop() {
                    Ok(idle) => idle,
                    Err(failed) => {
                        told(&failed.queue, &failed.error);
                        failed.queue
                    }
                }
            }
            Err(failed) => {
                told(&failed.queue, &failed.error);
                failed.queue
            }
        };
    }
}

type Captured<'q, P> = Frame<'q, Device, Kind<Capture, P>>;

fn frames<P: Planes>(queue: &Queue<Device, vidbuf::Streaming, Kind<Capture, P>, CAPACITY>) {
    let mut held: Vec<Captured<'_, P>> = Vec::new();
    let mut parked = Vec::new();
    loop {
        match choose(8) {
            0 => break,
            1 | 2 => match queue.dequeue() {
                Ok(frame) => held.extend(frame),
                Err(error) => told(queue, &error),
            },
            3 => match queue.dequeue_timeout(Duration::from_millis(1)) {
                Ok(frame) => held.extend(frame),
                Err(error) => told(queue, &error),
            },
            4 => {
                if let Some(Err(refused)) = held.pop().map(Frame::requeue) {
                    told(queue, &refused.error);
                    held.extend(refused.buffer);
                }
            }
            5 => drop(held.pop()),
            6 => parked.extend(held.pop().map(Frame::park)),
            7 => held.extend(parked.pop().map(|parked| queue.unpark(parked).expect("of this stream"))),
            _ => {
                let _ = queue.wait(Some(Duration::ZERO)).inspect_err(|error| told(queue, error));
            }
        }
        held.iter().for_each(look);
        let mut indices: Vec<_> =
            held.iter().map(Frame::index).chain(parked.iter().map(vidbuf::Parked::index)).collect();
        let count = indices.len();
        indices.sort_unstable();
        indices.dedup();
        assert_eq!(indices.len(), count, "a buffer has two owners");
        assert!(indices.iter().all(|index| (*index as usize) < queue.granted()));
        assert_eq!((queue.holders().held, queue.holders().parked), (held.len(), parked.len()));
    }
}

/// Reads both ends of the payload: what lies between takes memory.
fn look<P: Planes>(frame: &Captured<'_, P>) {
    for plane in 0..frame.planes() {
        let payload = frame.suspect_payload(plane).expect("the plane exists");
        let whole = frame.whole_plane(plane).expect("the plane exists");
        let PlanePayload { bytesused, data_offset } = frame.payload_range(plane).expect("the plane exists");
        assert!(data_offset <= bytesused && bytesused as usize <= whole.len());
        assert_eq!(payload.len(), (bytesused - data_offset) as usize);
        std::hint::black_box((payload.first().copied(), payload.last().copied(), frame.lost_before()));
    }
    assert!(!format!("{frame:?} {:?}", frame.timestamp().as_micros()).is_empty());
}

/// Up, buffers sent with any payload, down; again until the bytes run out.
pub fn output<P: Planes>(device: Device) {
    let mut idle = Queue::<_, _, Kind<Output, P>, CAPACITY>::new(device);
    while !is_over() {
        let requested = match idle.request_buffers(Request::up_to(choose(3) + 1)) {
            Ok(requested) => requested,
            Err(failed) => {
                told(&failed.queue, &failed.error);
                idle = failed.queue;
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
                    if let Err(refused) = buffer.enqueue_planes(&payloads) {
                        told(&streaming, &refused.error);
                        held.extend(refused.buffer);
                    }
                }
            }
            for buffer in &mut held {
                for plane in 0..buffer.planes() {
                    if let Some(byte) = buffer.plane_mut(plane).expect("the plane exists").last_mut() {
                        *byte = 1;
                    }
                }
            }
            assert_eq!(streaming.holders().held, held.len());
        }
        drop(held);
        idle = streaming.stop().unwrap_or_else(|failed| failed.queue);
    }
}
