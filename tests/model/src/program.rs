//! The program: what its threads do, and the claims.

use std::cell::RefCell;

use vidbuf::queue::Kind;
use vidbuf::{Error, Frame, Parked};

use crate::choice::Operation;
use crate::device::Open;
use crate::machine::{BUFFERS, Machine};
use crate::numbers::{self, numbers};
use crate::player::Stream;
use crate::seen::Broken;

/// Tokens that outlive a stream.
pub struct Aside {
    pub token: Parked<Kind<vidbuf::queue::Capture>>,
    stamp: u8,
    pub good: bool,
}

/// What the program keeps from one stream to the next.
#[derive(Default)]
pub struct Kept {
    pub parked: RefCell<Vec<Aside>>,
    pub forgotten: RefCell<Vec<u8>>,
}

/// The program while the stream is on.
pub struct Program<'q, 'm> {
    pub machine: &'m Machine,
    pub queue: &'q Stream<'m>,
    pub frames: RefCell<Vec<(Frame<'q, Open<'m>>, u8)>>,
    pub kept: &'q Kept,
}

/// The byte that a frame holds, read anew.
fn stamp(frame: &Frame<'_, Open<'_>>) -> u8 {
    let bytes = frame.bytes().unwrap_or_default();
    // SAFETY: a reference, read as if it could change: whether it does is the question.
    bytes.first().map_or(0, |byte| unsafe { std::ptr::from_ref(byte).read_volatile() })
}

impl<'q, 'm> Program<'q, 'm> {
    pub fn new(machine: &'m Machine, queue: &'q Stream<'m>, kept: &'q Kept) -> Self {
        Self { machine, queue, frames: RefCell::default(), kept }
    }

    /// What a thread does between `Begin` and idleness.
    pub fn perform(&self, operation: Operation) {
        match operation {
            Operation::Dequeue => match self.queue.dequeue() {
                Ok(Some(frame)) => {
                    // This driver loses none.
                    if frame.lost_before().is_some_and(|lost| lost > 0) {
                        self.machine.breaks(Broken::Miscounted);
                    }
                    self.keep(frame, None);
                }
                Ok(None) => {}
                Err(error) => self.judge(&error),
            },
            Operation::RequeueDropped => {
                let _ = self.queue.requeue_dropped().inspect_err(|error| self.judge(error));
            }
            Operation::Requeue(index) => {
                let Some((frame, stamp)) = self.take(index) else { return };
                if let Err(refused) = frame.try_requeue() {
                    self.judge(&refused.error);
                    match refused.value {
                        Some(frame) => self.keep(frame, Some(stamp)),
                        None => self.machine.breaks(Broken::Lost),
                    }
                }
            }
            Operation::Drop(index) => {
                drop(self.take(index));
                // What is known of the device is never forgotten while the stream is on, so it can be looked at now; no other
                // thread goes on between the drop's end and that.
                let known = self.machine.aside(|| self.queue.is_unplugged());
                if !known && !self.machine.running().is_some_and(|(_, past)| past.enqueued) {
                    self.machine.breaks(Broken::NotHandedBack);
                }
            }
            Operation::Park(index) => {
                let Some((frame, stamp)) = self.take(index) else { return };
                let token = frame.park();
                self.kept.parked.borrow_mut().push(Aside { token, stamp, good: true });
            }
            Operation::Unpark(position) => {
                let Aside { token, stamp, good } = self.kept.parked.borrow_mut().remove(position.into());
                self.machine.tell(&(token.index(), good));
                match self.queue.unpark(token) {
                    Ok(frame) if good => self.keep(frame, Some(stamp)),
                    Err(_) if !good => {}
                    _ => self.machine.breaks(Broken::WrongToken),
                }
            }
            Operation::Forget(index) => {
                let Some((frame, _)) = self.take(index) else { return };
                std::mem::forget(frame);
                self.kept.forgotten.borrow_mut().push(index);
            }
        }
    }

    fn keep(&self, frame: Frame<'q, Open<'m>>, written: Option<u8>) {
        let written = written.unwrap_or_else(|| stamp(&frame));
        self.frames.borrow_mut().push((frame, written));
    }

    fn take(&self, index: u8) -> Option<(Frame<'q, Open<'m>>, u8)> {
        let mut frames = self.frames.borrow_mut();
        let at = frames.iter().position(|(frame, _)| frame.index() == u32::from(index))?;
        Some(frames.remove(at))
    }

    fn judge(&self, error: &Error) {
        match error {
            Error::Driver(_) => self.machine.breaks(Broken::Accused),
            Error::NothingQueued { .. } if !self.machine.running().is_some_and(|(_, past)| past.none) => {
                self.machine.breaks(Broken::NotAsleep);
            }
            _ => {}
        }
    }

    /// Claims that hold at any moment.
    pub fn check(&self) -> Result<(), Broken> {
        if let Some(broken) = self.machine.broken.get() {
            return Err(broken);
        }
        if self.queue.is_unplugged() && !self.machine.is_unplugged() {
            return Err(Broken::Accused);
        }
        let mut owned = [false; BUFFERS];
        for (frame, written) in self.frames.borrow().iter() {
            let index = frame.index() as u8;
            if std::mem::replace(&mut owned[usize::from(index)], true) || self.machine.has_driver(index) {
                return Err(Broken::TwoOwners);
            }
            if stamp(frame) != *written {
                return Err(Broken::Written);
            }
        }
        Ok(())
    }

    /// Claims that hold when no thread is inside a call: everybody has what the queue says.
    pub fn check_at_rest(&self) -> Result<(), Broken> {
        self.check()?;
        let mut owners = [0; BUFFERS];
        let frames = self.frames.borrow().iter().map(|(frame, _)| frame.index() as usize).collect::<Vec<_>>();
        let parked = self
            .kept
            .parked
            .borrow()
            .iter()
            .filter(|aside| aside.good)
            .map(|aside| aside.token.index() as usize)
            .collect::<Vec<_>>();
        let forgotten = self.kept.forgotten.borrow().iter().map(|index| usize::from(*index)).collect::<Vec<_>>();
        let driver = (0..BUFFERS).filter(|index| self.machine.has_driver(*index as u8)).collect::<Vec<_>>();
        for index in frames.iter().chain(&parked).chain(&forgotten).chain(&driver) {
            owners[*index] += 1;
        }
        if owners.iter().any(|owners| *owners > 1) {
            return Err(Broken::TwoOwners);
        }
        let free = owners.iter().filter(|owners| **owners == 0).count();
        let holders = self.queue.holders();
        let right = (holders.free, holders.driver, holders.held, holders.parked)
            == (free, driver.len(), frames.len() + forgotten.len(), parked.len());
        if !right {
            return Err(Broken::Lost);
        }
        numbers::check_at_rest(&numbers(self.queue), self.queue.is_unplugged())
    }
}
