//! A frame put aside: a token without a lifetime.

use core::fmt;
use core::marker::PhantomData;

use crate::error::{Failed, UnparkReason};
use crate::queue::info::Info;
use crate::queue_kind::{Capture, Kind, QueueKind};

/// A captured frame that stays with the program without borrowing the queue, so that one struct can own the queue and
/// remember what it holds. [`Queue::unpark`](crate::Queue::unpark) makes it a frame again.
///
/// The buffer is not with the driver meanwhile. Losing the token costs that buffer until the stream is stopped; stopping the
/// stream ends the token, and it is refused from then on.
#[must_use = "a parked buffer is back in use only after `unpark`, or when the stream is stopped"]
pub struct Parked<K: QueueKind = Kind<Capture>> {
    pub(crate) allocation: u32,
    pub(crate) session: u32,
    pub(crate) index: u32,
    pub(crate) info: Info,
    pub(crate) kind: PhantomData<fn() -> K>,
}

impl<K: QueueKind> Parked<K> {
    /// Which buffer.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The driver's frame counter.
    pub fn sequence(&self) -> u32 {
        self.info.sequence
    }
}

impl<K: QueueKind> fmt::Debug for Parked<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parked").field("index", &self.index).field("sequence", &self.info.sequence).finish()
    }
}

impl<K: QueueKind> fmt::Display for Failed<Parked<K>, UnparkReason> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parked buffer {} {}", self.value.index(), self.error.words())
    }
}

impl<K: QueueKind> core::error::Error for Failed<Parked<K>, UnparkReason> {}
