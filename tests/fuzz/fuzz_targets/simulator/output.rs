//! A program that sends.

use std::time::Duration;

use vidbuf::backend::PlanePayload;
use vidbuf::error::PayloadError;
use vidbuf::queue::{HasMemory, Idle, Kind, Mapped, Output, Planes, Streaming};
use vidbuf::{OutputBuffer, Queue, Request};

use crate::Open;
use crate::ledger::{CAPACITY, Ledger};
use crate::mischief::Driver;

type Sending<'s, 'm, P, S> = Queue<Open<'s, 'm>, S, Kind<Output, P>, CAPACITY>;
type Buffer<'q, 's, 'm, P> = OutputBuffer<'q, Open<'s, 'm>, Kind<Output, P>>;

/// Plays until the bytes run out.
pub fn play<P: Planes>(driver: &mut Driver<'_, '_, '_>) {
    let Some(file) = driver.open() else { return };
    let mut queue = Sending::<P, Idle>::new(file);
    while !driver.choices.are_over() {
        queue = match up(queue, driver) {
            Ok(mapped) => sessions(mapped, driver),
            Err(Some(idle)) => idle,
            Err(None) => break,
        };
    }
    driver.sim.clear_script();
}

/// Up as far as the driver lets it; all the way down again if that is not far enough.
fn up<'s, 'm, P: Planes>(
    queue: Sending<'s, 'm, P, Idle>,
    driver: &mut Driver<'s, 'm, '_>,
) -> Result<Sending<'s, 'm, P, Mapped>, Option<Sending<'s, 'm, P, Idle>>> {
    let request = Request::up_to(driver.then(3) + 1);
    let requested = queue.request_buffers(request).map_err(|failed| Some(failed.value))?;
    driver.then(0);
    let refused = match requested.query_buffers().map(Queue::map) {
        Ok(Ok(mapped)) => return Ok(mapped),
        Ok(Err(failed)) => failed.value.release().err().map(|failed| drop(failed.value)),
        Err(failed) => failed.value.release().err().map(|failed| drop(failed.value)),
    };
    if refused.is_some() {
        // Dropped with the fault that kept it: a fresh start by closing the device.
        driver.sim.clear_script();
    }
    Err(driver.open().map(Queue::new))
}

/// Streams on and off until the program goes down.
fn sessions<'s, 'm, P: Planes>(
    mut mapped: Sending<'s, 'm, P, Mapped>,
    driver: &mut Driver<'s, 'm, '_>,
) -> Sending<'s, 'm, P, Idle> {
    let mut ledger = Ledger::default();
    loop {
        // A start that failed, and could not be undone yet, brings nothing back.
        if mapped.holders().held == 0 {
            ledger = Ledger::default();
        }
        // Buffers may be sent before the stream starts.
        if driver.then(3) > 0 {
            buffers(&mapped, &mut ledger, driver, |_, _| None);
        }
        mapped = match mapped.stream_on() {
            Ok(streaming) => {
                buffers(&streaming, &mut ledger, driver, receive);
                if driver.then(1) == 0 {
                    return streaming.try_stop().unwrap_or_else(|failed| failed.value);
                }
                match streaming.stream_off() {
                    Ok(mapped) => mapped,
                    Err(failed) => return failed.value.try_stop().unwrap_or_else(|failed| failed.value),
                }
            }
            Err(failed) => {
                assert!(!failed.error.to_string().is_empty());
                failed.value
            }
        };
        if driver.choices.are_over() {
            driver.sim.clear_script();
            let unmapped = mapped.unmap().unwrap_or_else(|failed| failed.value);
            return unmapped.release().expect("nothing is in the way");
        }
    }
}

/// A buffer that has been sent, if there is one.
fn receive<'q, 's, 'm, P: Planes>(
    queue: &'q Sending<'s, 'm, P, Streaming>,
    patience: Option<Duration>,
) -> Option<Buffer<'q, 's, 'm, P>> {
    let outcome = match patience {
        Some(patience) => queue.dequeue_timeout(patience),
        None => queue.dequeue(),
    };
    outcome.inspect_err(|error| assert!(!error.to_string().is_empty())).unwrap_or_default()
}

/// The part in which buffers live.
fn buffers<'q, 's, 'm, P: Planes, S: HasMemory>(
    queue: &'q Sending<'s, 'm, P, S>,
    ledger: &mut Ledger,
    driver: &mut Driver<'s, 'm, '_>,
    receive: impl Fn(&'q Sending<'s, 'm, P, S>, Option<Duration>) -> Option<Buffer<'q, 's, 'm, P>>,
) {
    let mut held: Vec<(Buffer<'_, 's, 'm, P>, u8)> = Vec::new();
    loop {
        let action = driver.then(8);
        let got = match action {
            0 => break,
            1 | 2 => queue.take(),
            3 => receive(queue, None),
            4 => receive(queue, Some(Duration::from_millis(100))),
            5 if !held.is_empty() => {
                ledger.given(held.remove(0).0.index());
                None
            }
            6 => {
                if let Some((buffer, _)) = held.pop() {
                    ledger.forgotten(buffer.index());
                    std::mem::forget(buffer);
                }
                None
            }
            _ => held.pop().and_then(|(buffer, _)| {
                ledger.given(buffer.index());
                send(buffer, driver)
            }),
        };
        if let Some(mut buffer) = got {
            ledger.taken(buffer.index());
            for plane in 0..buffer.planes() {
                match buffer.plane_mut(plane) {
                    Ok(bytes) => bytes.fill(action as u8),
                    Err(PayloadError::NotExclusive { .. }) => {
                        let length = queue.layout(buffer.index() as usize).nth(plane).map_or(0, |plane| plane.length);
                        let bytes = vec![action as u8; length as usize + 1];
                        assert_eq!(buffer.copy_from(plane, 0, &bytes), Ok(length as usize));
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            held.push((buffer, action as u8));
        }
        ledger.compare(queue, queue.granted());
        for (buffer, mark) in &mut held {
            for plane in 0..buffer.planes() {
                let Ok(whole) = buffer.plane_mut(plane) else { continue };
                assert!(whole.iter().all(|byte| byte == mark), "written in the program's hands");
            }
        }
    }
    for (buffer, _) in held {
        ledger.given(buffer.index());
    }
}

/// Sends any payload at all; the buffer comes back if that is refused.
fn send<'q, 's, 'm, P: Planes>(
    buffer: Buffer<'q, 's, 'm, P>,
    driver: &mut Driver<'s, 'm, '_>,
) -> Option<Buffer<'q, 's, 'm, P>> {
    let choices = &mut driver.choices;
    let mut payloads = [PlanePayload::default(); 8];
    for (payload, plane) in payloads.iter_mut().zip(driver.sim.current_format().plane) {
        payload.bytesused = plane.sizeimage;
        if choices.up_to(5) == 1 {
            *payload = PlanePayload { bytesused: choices.number(), data_offset: choices.number() };
        }
    }
    let planes = if choices.up_to(7) == 1 { choices.up_to(8) as usize } else { buffer.planes() };
    let refused = buffer.try_enqueue_planes(&payloads[..planes]).err()?;
    assert!(!refused.error.to_string().is_empty());
    refused.value
}
