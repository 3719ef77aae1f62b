//! What a program does about an error.

use crate::error::{DriverFault, Error, ErrorKind, Operation, PayloadError};

/// What a loop over frames does about an error. Bound the tries: a device can fail in the same way for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Recovery {
    /// Nothing has changed: make the same call again. After [`Error::NothingQueued`] hand a buffer back first, or let the
    /// thread that holds one do it.
    Again,
    /// This frame is lost, the stream goes on: dequeue the next.
    SkipFrame,
    /// The stream has ended or is in error: [`restart`](crate::Queue::restart) it, or [`stop`](crate::Queue::stop) and
    /// [`start`](crate::Queue::start), which also ask for new buffers.
    Restart,
    /// The device is gone: drop the queue, and open the device again when it is back.
    Reopen,
    /// The request, the set-up of the device or the program is wrong: the same would fail again.
    GiveUp,
}

impl Error {
    /// What to do about it in a loop over frames.
    ///
    /// ```
    /// use vidbuf::{Backend, Error, Queue, Recovery, Request};
    ///
    /// fn ten_frames<B: Backend>(camera: B) -> Result<(), Error> {
    ///     let mut queue = Queue::capture(camera).start(Request::up_to(4))?;
    ///     let (mut frames, mut tries) = (0, 0);
    ///     while frames < 10 {
    ///         let error = match queue.dequeue() {
    ///             Ok(Some(_frame)) => {
    ///                 (frames, tries) = (frames + 1, 0);
    ///                 continue;
    ///             }
    ///             Ok(None) => continue,
    ///             Err(error) => error,
    ///         };
    ///         tries += 1;
    ///         match error.recovery() {
    ///             Recovery::Again | Recovery::SkipFrame if tries < 10 => {}
    ///             Recovery::Restart if tries < 10 => queue = queue.stop()?.start(Request::up_to(4))?,
    ///             _ => return Err(error),
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::NothingQueued { .. } => Recovery::Again,
            Self::Unplugged { .. } => Recovery::Reopen,
            Self::Refused { operation, error, .. } => refused(*operation, error.kind()),
            Self::Device(error) => outside(error.kind()),
            other if other.is_of_one_frame() => Recovery::SkipFrame,
            _ => Recovery::GiveUp,
        }
    }

    /// Whether one frame is lost and no more. Apart from the rest, which is a table of jumps otherwise.
    #[inline(never)]
    fn is_of_one_frame(&self) -> bool {
        use DriverFault as F;
        match self {
            Self::Payload(error) => matches!(error, PayloadError::FlaggedBad { .. }),
            Self::Driver(fault) => matches!(
                fault,
                F::IndexOutOfRange { .. }
                    | F::NotQueued { .. }
                    | F::BytesusedBeyondLength { .. }
                    | F::DataOffsetBeyondBytesused { .. }
                    | F::DequeuedPlanes { .. }
                    | F::DequeuedWhileRefused { .. }
            ),
            _ => false,
        }
    }
}

/// Opening, formats, controls: a node that is not there may come back.
fn outside(kind: ErrorKind) -> Recovery {
    match kind {
        ErrorKind::Interrupted | ErrorKind::WouldBlock => Recovery::Again,
        ErrorKind::Unplugged | ErrorKind::BadDescriptor | ErrorKind::NotFound => Recovery::Reopen,
        _ => Recovery::GiveUp,
    }
}

fn refused(operation: Operation, kind: ErrorKind) -> Recovery {
    let rule =
        RULES.iter().find(|(operations, kinds, _)| operations >> operation as u32 & kinds >> kind as u32 & 1 != 0);
    rule.map_or(Recovery::GiveUp, |(_, _, recovery)| *recovery)
}

/// A bit for each.
macro_rules! bits {
    ($($value:expr),+) => { 0 $(| 1 << $value as u32)+ };
}

/// What to do about which errors of which calls; the first rule counts that has both. A table, because a `match` compiles to three
/// times its size.
const RULES: [(u16, u16, Recovery); 7] = {
    use ErrorKind as K;
    use Operation as O;
    [
        (u16::MAX, bits!(K::Interrupted, K::WouldBlock), Recovery::Again),
        // Another thread sleeps in the same call.
        (bits!(O::Dequeue), bits!(K::Busy), Recovery::Again),
        (u16::MAX, bits!(K::Unplugged, K::BadDescriptor), Recovery::Reopen),
        // A driver that does not take one buffer goes on with the others.
        (bits!(O::Enqueue), bits!(K::Invalid), Recovery::SkipFrame),
        (bits!(O::Enqueue, O::Dequeue, O::Wait), u16::MAX, Recovery::Restart),
        (bits!(O::StreamOn), bits!(K::Io, K::Invalid), Recovery::Restart),
        // Buffers that another user of the device has freed or changed meanwhile.
        (bits!(O::QueryBuffer, O::Map), bits!(K::Invalid), Recovery::Restart),
    ]
};
