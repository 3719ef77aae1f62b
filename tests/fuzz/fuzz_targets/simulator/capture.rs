//! A program that captures.

use std::time::Duration;

use vidbuf::backend::PlanePayload;
use vidbuf::error::PayloadError;
use vidbuf::queue::{Capture, Idle, Kind, Mapped, Planes, Queried, Requested, Streaming};
use vidbuf::{Frame, Parked, Queue, Request};
use vidbuf_sim::checksum;

use crate::Open;
use crate::ledger::{CAPACITY, Ledger};
use crate::mischief::Driver;

type Capturing<'s, 'm, P, S> = Queue<Open<'s, 'm>, S, Kind<Capture, P>, CAPACITY>;

type Captured<'q, 's, 'm, P> = Frame<'q, Open<'s, 'm>, Kind<Capture, P>>;

/// Where going down ended: all the way, or one step.
type Down<All, Step> = Result<All, Step>;

/// The driver, and what outlives a stream.
struct Player<'a, 's, 'm, 'b, P: Planes> {
    driver: &'a mut Driver<'s, 'm, 'b>,
    /// Tokens of this stream and of earlier ones; `true` while they are good.
    parked: Vec<(Parked<Kind<Capture, P>>, bool)>,
}

/// Plays until the bytes run out.
pub fn play<P: Planes>(driver: &mut Driver<'_, '_, '_>) {
    let Some(file) = driver.open() else { return };
    let mut queue = Queue::new(file);
    let mut player = Player::<P> { driver, parked: Vec::new() };
    while !player.driver.choices.are_over() {
        queue = player.idle(queue);
    }
    player.driver.sim.clear_script();
}

impl<'s, 'm, P: Planes> Player<'_, 's, 'm, '_, P> {
    fn idle(&mut self, queue: Capturing<'s, 'm, P, Idle>) -> Capturing<'s, 'm, P, Idle> {
        let (wanted, least) = (self.driver.then(6), self.driver.then(6));
        match queue.request_buffers(Request::up_to(wanted).at_least(least)) {
            Ok(queue) => {
                assert!((1..=CAPACITY).contains(&queue.granted()) && queue.granted() >= least as usize);
                self.requested(queue)
            }
            Err(failed) => words(&failed.error, failed.value),
        }
    }

    fn requested(&mut self, mut queue: Capturing<'s, 'm, P, Requested>) -> Capturing<'s, 'm, P, Idle> {
        loop {
            queue = if self.driver.then(4) > 0 {
                match queue.query_buffers() {
                    Ok(queue) => match self.queried(queue) {
                        Ok(idle) => return idle,
                        Err(requested) => requested,
                    },
                    Err(failed) => words(&failed.error, failed.value),
                }
            } else {
                match queue.release() {
                    Ok(queue) => return queue,
                    Err(failed) => words(&failed.error, failed.value),
                }
            };
        }
    }

    fn queried(
        &mut self,
        mut queue: Capturing<'s, 'm, P, Queried>,
    ) -> Down<Capturing<'s, 'm, P, Idle>, Capturing<'s, 'm, P, Requested>> {
        loop {
            queue = if self.driver.then(4) > 0 {
                match queue.map() {
                    Ok(queue) => return self.mapped(queue),
                    Err(failed) => words(&failed.error, failed.value),
                }
            } else {
                match queue.release() {
                    Ok(queue) => return Ok(queue),
                    Err(failed) => words(&failed.error, failed.value),
                }
            };
        }
    }

    fn mapped(
        &mut self,
        mut queue: Capturing<'s, 'm, P, Mapped>,
    ) -> Down<Capturing<'s, 'm, P, Idle>, Capturing<'s, 'm, P, Requested>> {
        loop {
            queue = if self.driver.then(4) > 0 {
                match queue.stream_on() {
                    Ok(queue) => match self.streaming(queue) {
                        Ok(idle) => return Ok(idle),
                        Err(mapped) => mapped,
                    },
                    Err(failed) => words(&failed.error, failed.value),
                }
            } else {
                return Err(match queue.unmap() {
                    Ok(queue) => queue,
                    Err(failed) => words(&failed.error, failed.value),
                });
            };
        }
    }

    fn streaming(
        &mut self,
        mut queue: Capturing<'s, 'm, P, Streaming>,
    ) -> Down<Capturing<'s, 'm, P, Idle>, Capturing<'s, 'm, P, Mapped>> {
        let mut ledger = Ledger::default();
        loop {
            self.frames(&queue, &mut ledger);
            if self.driver.then(2) == 0 {
                self.parked.iter_mut().for_each(|(_, good)| *good = false);
                return Ok(match queue.try_stop() {
                    Ok(queue) => queue,
                    Err(failed) => words(&failed.error, failed.value),
                });
            }
            queue = match queue.stream_off() {
                Ok(mapped) => {
                    self.parked.iter_mut().for_each(|(_, good)| *good = false);
                    // A device that is gone has given nothing back.
                    let holders = mapped.holders();
                    assert_eq!(holders.free + holders.driver, mapped.granted());
                    assert!(holders.driver == 0 || mapped.is_unplugged(), "{holders:?}");
                    return Err(mapped);
                }
                Err(failed) => words(&failed.error, failed.value),
            };
        }
    }

    /// The part in which frames live.
    fn frames(&mut self, queue: &Capturing<'s, 'm, P, Streaming>, ledger: &mut Ledger) {
        let mut frames: Vec<(Captured<'_, 's, 'm, P>, u32)> = Vec::new();
        let granted = queue.granted();
        loop {
            let action = self.driver.then(10);
            match action {
                0 => break,
                1..=3 => {
                    let outcome = match action {
                        1 => queue.dequeue(),
                        2 => queue.dequeue_timeout(Duration::ZERO),
                        _ => queue.dequeue_timeout(Duration::from_millis(200)),
                    };
                    match outcome {
                        Ok(Some(frame)) => {
                            ledger.taken(frame.index());
                            let sum = look(&frame);
                            frames.push((frame, sum));
                        }
                        Ok(None) => {}
                        Err(error) => words(&error, ()),
                    }
                }
                4 => {
                    if let Some((frame, _)) = frames.pop() {
                        let index = frame.index();
                        ledger.given(index);
                        if let Err(refused) = frame.try_requeue() {
                            words(&refused.error, ());
                            if let Some(frame) = refused.value {
                                ledger.taken(frame.index());
                                let sum = look(&frame);
                                frames.push((frame, sum));
                            }
                        }
                    }
                }
                5 if !frames.is_empty() => {
                    let (frame, _) = frames.remove(0);
                    ledger.given(frame.index());
                }
                6 => {
                    if let Some((frame, _)) = frames.pop() {
                        ledger.forgotten(frame.index());
                        std::mem::forget(frame);
                    }
                }
                7 => {
                    if let Some((frame, _)) = frames.pop() {
                        ledger.parked(frame.index());
                        self.parked.push((frame.park(), true));
                    }
                }
                8 => {
                    if let Some((parked, good)) = self.parked.pop() {
                        match queue.unpark(parked) {
                            Ok(frame) => {
                                assert!(good, "a stale token was believed");
                                ledger.unparked(frame.index());
                                let sum = look(&frame);
                                frames.push((frame, sum));
                            }
                            Err(refused) => assert!(!good, "{refused}"),
                        }
                    }
                }
                9 => {
                    if let Err(error) = queue.requeue_dropped() {
                        words(&error, ());
                    }
                }
                _ => {
                    if let Err(error) = queue.wait(Some(Duration::from_millis(50))) {
                        words(&error, ());
                    }
                }
            }
            ledger.compare(queue, granted);
            for (frame, sum) in &frames {
                assert_eq!(look(frame), *sum, "{frame:?} changed in the program's hands");
            }
        }
        for (frame, _) in frames {
            ledger.given(frame.index());
        }
    }
}

/// Every error can be told in words.
fn words<T>(error: &vidbuf::Error, then: T) -> T {
    assert!(!error.to_string().is_empty());
    then
}

/// Reads all the bytes that the frame gives out; what a driver may change meanwhile is copied, and counts for nothing.
fn look<P: Planes>(frame: &Captured<'_, '_, '_, P>) -> u32 {
    let mut sum = 0_u32;
    for plane in 0..frame.planes() {
        let PlanePayload { bytesused, data_offset } = frame.payload_range(plane).expect("the plane exists");
        assert!(data_offset <= bytesused);
        let mut copy = vec![0; (bytesused - data_offset) as usize + 1];
        assert_eq!(frame.copy_suspect_to(plane, &mut copy), Ok(copy.len() - 1));
        assert_eq!(frame.copy_to(plane, &mut copy).is_err(), frame.is_flagged_bad());
        let whole = match frame.whole_plane(plane) {
            Ok(whole) => whole,
            Err(PayloadError::NotExclusive { .. }) => {
                assert!(matches!(frame.suspect_payload(plane), Err(PayloadError::NotExclusive { .. })));
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        let payload = frame.suspect_payload(plane).expect("the plane exists");
        assert_eq!(frame.payload(plane).is_err(), frame.is_flagged_bad());
        assert!(bytesused as usize <= whole.len());
        assert_eq!(payload, &whole[data_offset as usize..bytesused as usize]);
        assert_eq!(payload, &copy[..payload.len()]);
        sum = sum.rotate_left(1) ^ checksum(whole);
    }
    assert!(frame.whole_plane(frame.planes()).is_err());
    sum
}
