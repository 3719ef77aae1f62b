//! The contract that every backend keeps: the same cases on the simulator and on a real kernel.

pub mod connectors;
pub mod controls;
pub mod events;
pub mod failed;
pub mod formats;
pub mod idle;
pub mod inputs;
pub mod lifecycle;
pub mod mapped;
pub mod node;
pub mod parked;
pub mod queried;
pub mod queues;
pub mod requested;
pub mod starved;
pub mod states;
pub mod streaming;
pub mod timings;
pub mod unplugged;

use std::fmt::Debug;
use std::time::Duration;

use vidbuf::node::{Controls, Formats, QueryCapabilities};
use vidbuf::{Backend, Clock, FourCc};

use crate::watched::Ledger;

/// What a driver is told to do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The next REQBUFS is refused.
    RequestBuffers,
    /// The next QBUF is refused.
    Enqueue,
    /// The next start of the stream is refused.
    StreamOn,
    /// The next frame is flagged bad.
    FlaggedFrame,
    /// The queue falls into error (EIO) until the stream is stopped.
    QueueError,
    /// From now on no frame is delivered.
    DropAll,
    /// Frames are delivered again.
    DropNone,
    /// The device is gone until every handle is closed.
    Unplug,
    /// A signal comes while the next blocking call sleeps.
    Interrupt,
}

/// A device under test, and hands to break it.
pub trait Rig: Sync {
    /// What the queues are built on.
    type Backend: Backend + Clock + Sync;
    /// What is asked besides buffers.
    type Node: Controls + Formats + QueryCapabilities;

    /// The device, freshly opened, its format set, nothing allocated; beside handles that are open.
    fn open(&self, blocking: bool) -> Self::Backend;

    /// The device, opened to ask it something.
    fn node(&self) -> Self::Node;

    /// Format and size of its pictures.
    fn picture(&self) -> (FourCc, u32, u32);

    /// Arms a fault; false when this device cannot be told to.
    fn inject(&self, fault: Fault) -> bool;

    /// What was seen of the queues on this device.
    fn ledger(&self) -> &Ledger;

    /// Mappings of the device's memory in this process.
    fn mappings(&self) -> usize;

    /// Time that is long enough for a few frames.
    fn long(&self) -> Duration {
        Duration::from_secs(5)
    }

    /// Time from one frame to the next, about.
    fn frame_time(&self) -> Duration {
        Duration::from_millis(16)
    }

    /// Bytes that a good frame has in each plane, at least.
    fn least_payload(&self) -> usize {
        1
    }
}

/// Why a case failed.
pub type Outcome = Result<(), String>;

/// A case, by name.
pub type Case<R> = (&'static str, fn(&R) -> Outcome);

/// Runs `cases`, prints a line for each, checks that nothing stays mapped, and tells how many passed and failed.
pub fn run<R: Rig>(device: &str, rig: &R, cases: &[Case<R>]) -> (usize, usize) {
    let (mut passed, mut failed) = (0, 0);
    for (name, case) in cases {
        match once(rig, name, *case) {
            Ok(()) => {
                passed += 1;
                println!("ok      {device}: {name}");
            }
            Err(why) => {
                failed += 1;
                println!("FAILED  {device}: {name}: {why}");
            }
        }
    }
    // For `tests/run contract`.
    if std::env::var_os("CONTRACT_CELLS").is_some() {
        for (state, call, outcome, case) in rig.ledger().cells() {
            println!("cell\t{device}\t{state:?}\t{call:?}\t{outcome}\t{case}");
        }
    }
    (passed, failed)
}

/// Runs a case, and checks that nothing stays mapped.
///
/// # Errors
///
/// Why it failed.
pub fn once<R: Rig>(rig: &R, name: &'static str, case: fn(&R) -> Outcome) -> Outcome {
    let before = rig.mappings();
    rig.ledger().begin(name);
    case(rig)?;
    let after = rig.mappings();
    if after == before { Ok(()) } else { Err(format!("{before} mappings before, {after} after")) }
}

/// How the words of a case begin that needs a fault which the device does not know.
pub const UNKNOWN_FAULT: &str = "this device does not know";

/// Lists generic cases by their names.
macro_rules! cases {
    (R, P: $($case:ident),* $(,)?) => { vec![$((stringify!($case), $case::<R, P> as fn(&R) -> $crate::contract::Outcome)),*] };
    (R: $($case:ident),* $(,)?) => { vec![$((stringify!($case), $case::<R> as fn(&R) -> $crate::contract::Outcome)),*] };
}
pub(crate) use cases;

/// Fails the case unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($why:tt)*) => {
        if !$condition {
            return Err(format!("line {}: {}", line!(), format!($($why)*)));
        }
    };
}
pub(crate) use ensure;

/// Takes the value out of a `Result`, or fails the case with the error's words.
macro_rules! ok {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Err(format!("line {}: {}", line!(), $crate::contract::words(error))),
        }
    };
}
pub(crate) use ok;

/// The words of anything that can become a queue's error.
pub(crate) fn words<T: Into<Cause>>(error: T) -> String {
    error.into().0
}

/// Words, from any error of the library.
pub struct Cause(String);

impl From<vidbuf::node::ControlsError> for Cause {
    fn from(error: vidbuf::node::ControlsError) -> Self {
        Self(error.to_string())
    }
}

impl From<vidbuf::Errno> for Cause {
    fn from(error: vidbuf::Errno) -> Self {
        Self(error.to_string())
    }
}
impl From<vidbuf::Error> for Cause {
    fn from(error: vidbuf::Error) -> Self {
        Self(error.to_string())
    }
}
impl<T, E: std::fmt::Display> From<vidbuf::Failed<T, E>> for Cause {
    fn from(failed: vidbuf::Failed<T, E>) -> Self {
        Self(failed.error.to_string())
    }
}
impl From<vidbuf::error::PayloadError> for Cause {
    fn from(error: vidbuf::error::PayloadError) -> Self {
        Self(error.to_string())
    }
}
