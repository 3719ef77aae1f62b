//! What can be seen of a state, and what may be wrong with it.

use std::hash::{Hash, Hasher};

use crate::choice::{Choice, Operation};
use crate::machine::{BUFFERS, Place};

/// Everything that decides what can happen next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    /// Where the node says each buffer is.
    pub node: [u8; BUFFERS],
    /// The driver's buffers, oldest first, and the finished ones.
    pub order: [Vec<u8>; 2],
    /// Frames alive, by buffer.
    pub frames: Vec<u8>,
    /// Tokens put aside: buffer, and whether the stream is still the same.
    pub parked: Vec<(u8, bool)>,
    /// Frames forgotten in this stream, by buffer.
    pub forgotten: Vec<u8>,
    /// Where the threads stand, and at what; the threads are alike, so in order.
    pub threads: Vec<(Place, Option<Operation>)>,
    /// The queue's own count: free, driver, held, parked.
    pub holders: [u8; 4],
    /// The queue is in error; the device is gone, in truth and as the queue knows.
    pub trouble: [bool; 3],
}

/// A claim that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Broken {
    /// A buffer has two owners.
    TwoOwners,
    /// A buffer is nobody's: neither a token nor the queue nor the driver has it.
    Lost,
    /// A frame in the program's hands was written.
    Written,
    /// The state cannot be brought back to idle, or not be used again.
    NotIdle,
    /// A token that should be refused was taken, or one that is good was refused.
    WrongToken,
    /// An error that an orderly driver gives no cause for.
    Accused,
    /// The library panicked.
    Panic,
}

/// A state of the model: how it is reached, what is seen of it, and what may come next.
#[derive(Clone, Debug)]
pub struct State {
    /// From the start.
    pub path: Vec<Choice>,
    /// What is seen.
    pub seen: Option<Seen>,
    /// What is wrong.
    pub broken: Option<Broken>,
    /// What can happen next.
    pub next: Vec<Choice>,
}

// Two states are one when they look the same, however they are reached.
impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.seen, self.broken).hash(state);
    }
}
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        (&self.seen, self.broken) == (&other.seen, other.broken)
    }
}
