//! What can be seen of a state, and what may be wrong with it.

use std::hash::{Hash, Hasher};

use crate::choice::{Choice, Operation};
use crate::machine::{BUFFERS, Past, Place};

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
    /// Where the threads stand, at what, and what they have been through; the threads are alike, so in order.
    pub threads: Vec<Standing>,
    /// Buffers that need not be tried again.
    pub passed_over: [bool; BUFFERS],
    /// The queue's shared numbers.
    pub numbers: Vec<u32>,
    /// The queue's own count: free, driver, held, parked.
    pub holders: [u8; 4],
    /// The queue is in error; the device is gone, in truth and as the queue knows.
    pub trouble: [bool; 3],
}

/// What a thread does, where it stands in it, and what it has been through. The number of its frame is counted from the one
/// that the queue expects next, or there would be no end of states; how far it is behind makes no difference.
pub type Standing = (Place, Option<Operation>, Past);

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
    /// Frames are reported as lost, and none was.
    Miscounted,
    /// A dropped frame was not handed to the driver.
    NotHandedBack,
    /// A buffer that the driver has refused is tried again and again, in the way of the others.
    TriedAgain,
    /// A free buffer that no call will hand to the driver.
    Overlooked,
    /// A thread sleeps for a buffer while it is plain that none can come.
    Asleep,
    /// A thread is told that nothing can come although the driver had a buffer all the time.
    NotAsleep,
    /// What the driver of a device that is gone had is not its own any more.
    Reclaimed,
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

impl State {
    /// Whether this is not what is wrong.
    pub fn is_not(&self, broken: Broken) -> bool {
        self.broken != Some(broken)
    }
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
