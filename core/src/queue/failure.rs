//! A failure, as it is passed on inside of a queue.

use crate::error::{DriverFault, Errno, Error, Operation};

/// What an [`Error`] is made of where it leaves the queue, in two registers. Inside, failures are passed on and dropped more often
/// than looked at, and an [`Error`] takes 32 bytes.
#[derive(Clone, Copy)]
pub(crate) struct Failure {
    /// ENODEV or any other where no call was made.
    error: Errno,
    /// From the lowest byte up: the operation; 2 bytes of a number; what it is. The number is the buffer's index plus 1, 0 for a
    /// call of the whole queue; but how many buffers there are that are not queued, or for how many at least there is no memory.
    call: u32,
}

/// What a [`Failure`] is.
mod what {
    /// A call that the backend refused.
    pub(super) const REFUSED: u32 = 0;
    /// The same, of a buffer that another thread has dequeued meanwhile.
    pub(super) const TAKEN_AWAY: u32 = 0x80;
    /// A device that is known to be gone.
    pub(super) const UNPLUGGED: u32 = 1;
    /// A call that would sleep for good.
    pub(super) const NOTHING_QUEUED: u32 = 2;
}

/// As they are numbered in [`Failure::call`].
const OPERATIONS: [Operation; 10] = [
    Operation::RequestBuffers,
    Operation::QueryBuffer,
    Operation::Map,
    Operation::Unmap,
    Operation::Enqueue,
    Operation::Dequeue,
    Operation::StreamOn,
    Operation::StreamOff,
    Operation::Wait,
    Operation::ReleaseBuffers,
];
const _: () = {
    let mut at = 0;
    while at < OPERATIONS.len() {
        assert!(OPERATIONS[at] as usize == at);
        at += 1;
    }
};

impl Failure {
    /// Of a call for the whole queue.
    #[inline(always)]
    pub(crate) fn new(operation: Operation, error: Errno) -> Self {
        Self { error, call: operation as u32 | what::REFUSED << 24 }
    }

    /// Of a call for one buffer. A queue has no more of them than 2 bytes can count.
    #[inline(always)]
    pub(crate) fn of_buffer(operation: Operation, index: u32, error: Errno) -> Self {
        Self { error, call: operation as u32 | (index + 1) << 8 | what::REFUSED << 24 }
    }

    /// No call was made, because the device is gone.
    #[inline(always)]
    pub(crate) fn unplugged(operation: Operation) -> Self {
        Self { error: Errno::ENODEV, call: operation as u32 | what::UNPLUGGED << 24 }
    }

    /// No call was made, because it would sleep for good.
    #[inline(always)]
    pub(crate) fn nothing_queued(buffers: usize) -> Self {
        Self { error: Errno::EDEADLK, call: (buffers as u32) << 8 | what::NOTHING_QUEUED << 24 }
    }

    /// No memory for so many buffers.
    #[inline(always)]
    pub(crate) fn no_memory(least: u32, error: Errno) -> Self {
        Self { error, call: Operation::RequestBuffers as u32 | least << 8 | what::REFUSED << 24 }
    }

    /// The same, of a buffer that another thread has now.
    pub(crate) fn taken_away(self) -> Self {
        Self { call: self.call | what::TAKEN_AWAY << 24, ..self }
    }

    pub(crate) fn is_taken_away(self) -> bool {
        self.call & what::TAKEN_AWAY << 24 != 0
    }

    /// Whether the device is gone.
    pub(crate) fn is_unplugged(self) -> bool {
        self.error == Errno::ENODEV
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
        let number = call >> 8 & 0xffff;
        let operation = OPERATIONS.get((call & 0xff) as usize).copied().unwrap_or(Operation::Enqueue);
        match (call >> 24, number.checked_sub(1)) {
            (what::TAKEN_AWAY, Some(index)) => Self::Driver(DriverFault::DequeuedWhileRefused { index }),
            (what::UNPLUGGED, _) => Self::Unplugged { operation },
            (what::NOTHING_QUEUED, _) => Self::NothingQueued { buffers: number },
            (_, Some(_)) if operation == Operation::RequestBuffers => Self::NoMemoryForBuffers { least: number, error },
            (_, index) => Self::Refused { operation, index, error },
        }
    }
}
