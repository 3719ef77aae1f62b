//! A failure, as it is passed on inside of a queue.

use crate::error::{DriverFault, Errno, Error, Operation};

/// What an [`Error`] is made of where it leaves the queue, in one register of 64 bits. Inside, failures are passed on and dropped more
/// often than looked at, and an [`Error`] takes 32 bytes.
///
/// The lower half is the errno: ENODEV or any other where no call was made. The upper half is the [`Call`].
#[derive(Clone, Copy)]
pub(crate) struct Failure {
    error: Errno,
    call: u32,
}

/// Which call failed, and how. From the lowest byte up: the operation; 2 bytes of a number; what kind of failure it is, on which the
/// meaning of the number depends.
#[derive(Clone, Copy)]
pub(crate) struct Call(u32);

/// What a [`Failure`] is. Numbers that are apart: a table of jumps is larger than what compares them.
mod what {
    /// A call for the whole queue that the backend refused.
    pub(super) const QUEUE: u32 = 0;
    /// One for the buffer of this number.
    pub(super) const BUFFER: u32 = 1;
    /// A device that is known to be gone.
    pub(super) const UNPLUGGED: u32 = 0x10;
    /// A call that would sleep for good: none of so many buffers is queued.
    pub(super) const NOTHING_QUEUED: u32 = 0x20;
    /// No memory for so many buffers.
    pub(super) const NO_MEMORY: u32 = 0x40;
    /// As [`BUFFER`], but another thread has dequeued it meanwhile. The sign.
    pub(super) const TAKEN_AWAY: u32 = 0x80 | BUFFER;
}

/// The operation of this number.
const fn operation(number: u32) -> Operation {
    match number {
        0 => Operation::RequestBuffers,
        1 => Operation::QueryBuffer,
        2 => Operation::Map,
        3 => Operation::Unmap,
        4 => Operation::Enqueue,
        5 => Operation::Dequeue,
        6 => Operation::StreamOn,
        7 => Operation::StreamOff,
        8 => Operation::Wait,
        _ => Operation::ReleaseBuffers,
    }
}
const _: () = {
    let mut number = 0;
    while number <= Operation::ReleaseBuffers as u32 {
        assert!(operation(number) as u32 == number);
        number += 1;
    }
};

impl Call {
    /// For the whole queue.
    #[inline(always)]
    pub(crate) fn of_queue(operation: Operation) -> Self {
        Self::new(what::QUEUE, 0, operation)
    }

    /// For one buffer. A queue has no more of them than 2 bytes can count.
    #[inline(always)]
    pub(crate) fn of_buffer(operation: Operation, index: u32) -> Self {
        Self::new(what::BUFFER, index, operation)
    }

    #[inline(always)]
    fn new(what: u32, number: u32, operation: Operation) -> Self {
        Self(what << 24 | number << 8 | operation as u32)
    }
}

impl Failure {
    /// Of a call that the backend refused.
    #[inline(always)]
    pub(crate) fn new(Call(call): Call, error: Errno) -> Self {
        Self { error, call }
    }

    /// No call was made, because the device is gone.
    #[inline(always)]
    pub(crate) fn unplugged(operation: Operation) -> Self {
        Self::new(Call::new(what::UNPLUGGED, 0, operation), Errno::ENODEV)
    }

    /// No call was made, because it would sleep for good.
    #[inline(always)]
    pub(crate) fn nothing_queued(buffers: usize) -> Self {
        Self::new(Call::new(what::NOTHING_QUEUED, buffers as u32, Operation::Dequeue), Errno::EDEADLK)
    }

    /// No memory for so many buffers.
    #[inline(always)]
    pub(crate) fn no_memory(least: u32, error: Errno) -> Self {
        Self::new(Call::new(what::NO_MEMORY, least, Operation::RequestBuffers), error)
    }

    /// Its two numbers, and a third that means nothing: what [`of_numbers`](Self::of_numbers) makes it of again, passed in the places
    /// of other numbers.
    #[inline(always)]
    pub(crate) fn into_numbers(self) -> (Option<Errno>, u32, u32) {
        (Some(self.error), self.call, 0)
    }

    #[inline(always)]
    pub(crate) fn of_numbers(error: Errno, call: u32) -> Self {
        Self { error, call }
    }

    /// The same, of a buffer that another thread has now.
    pub(crate) fn taken_away(self) -> Self {
        Self { call: self.call | what::TAKEN_AWAY << 24, ..self }
    }

    pub(crate) fn is_taken_away(self) -> bool {
        (self.call as i32) < 0
    }

    /// Whether the device is gone.
    pub(crate) fn is_unplugged(self) -> bool {
        self.error == Errno::ENODEV
    }

    /// Whether DQBUF of a non-blocking device has found nothing.
    pub(crate) fn is_nothing_ready(self) -> bool {
        self.error == Errno::EAGAIN && self.call == Call::of_queue(Operation::Dequeue).0
    }

    /// Whether a signal came first.
    pub(crate) fn is_interrupted(self) -> bool {
        self.error == Errno::EINTR
    }
}

impl From<Failure> for Error {
    #[cold]
    #[inline(never)]
    fn from(Failure { error, call }: Failure) -> Self {
        let (what, number, operation) = (call >> 24, call >> 8 & 0xffff, operation(call & 0xff));
        match what {
            what::QUEUE => Self::Refused { operation, index: None, error },
            what::UNPLUGGED => Self::Unplugged { operation },
            what::NOTHING_QUEUED => Self::NothingQueued { buffers: number },
            what::NO_MEMORY => Self::NoMemoryForBuffers { least: number, error },
            what::TAKEN_AWAY => Self::Driver(DriverFault::DequeuedWhileRefused { index: number }),
            _ => Self::Refused { operation, index: Some(number), error },
        }
    }
}

/// What an error has that does not fit a [`Failure`].
pub(crate) struct Details(Option<Error>);

impl Details {
    /// None yet.
    #[inline(always)]
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// The failure that this is the whole error of. Its own errno is none that anybody looks for.
    pub(crate) fn of(&mut self, error: impl Into<Error>) -> Failure {
        Failure::new(Call(what::QUEUE), self.of_driver(error))
    }

    /// The same, as a backend would report it.
    pub(crate) fn of_driver(&mut self, error: impl Into<Error>) -> Errno {
        self.0 = Some(error.into());
        Errno::EPROTO
    }

    /// At the end: the error that a failure is.
    #[cold]
    #[inline(never)]
    pub(crate) fn error(self, failure: Failure) -> Error {
        self.0.unwrap_or_else(|| failure.into())
    }
}

/// Takes steps, and returns how they ended, with the details.
#[inline(always)]
pub(crate) fn detailed(steps: impl FnOnce(&mut Details) -> Result<(), Failure>) -> Result<(), Error> {
    let mut details = Details::none();
    match steps(&mut details) {
        Ok(()) => Ok(()),
        Err(failure) => Err(details.error(failure)),
    }
}
