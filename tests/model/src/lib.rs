//! The small model: every interleaving of two threads of a program and a driver, over three buffers. It is finite, and is
//! explored to its end.
//!
//! **Real**: the whole of `vidbuf` ([`Queue`](vidbuf::Queue), its slots, its frames) behind its public API, and
//! `vidbuf_sim`'s [`Node`](vidbuf_sim::kernel::Node), which answers as videobuf2. A state is reached by running that code
//! ([`play`]), not by a description of it: a state is the list of choices that leads to it, played from the beginning,
//! and two states are one when everything that decides what can follow is the same ([`Seen`]): what can be seen from outside,
//! and the queue's own numbers, which a patched copy of the library shows (`patches/numbers.patch`).
//!
//! **Modelled**: who runs when. The two threads are stackful coroutines; a thread can be interrupted before and after each of
//! its system calls, which is also where a signal or the driver can make a call fail, and while it sleeps. What frames hold is
//! one byte, written by the driver when it finishes a buffer. Between two system calls a thread is not interrupted; `vidbuf-model --cells` explores, to a depth, a copy
//! of the library where it is, before every access to a shared number. What weaker orders than the sequential one allow is
//! loom's part (`tests/loom`).
//!
//! **Claimed** in every state ([`Broken`] names what would be broken): no buffer has two owners, none is lost, a frame in the
//! program's hands is never written, and everything can be brought back to idle and be used again. A dropped frame goes to the
//! driver at once, a refused one is in nobody's way and is not forgotten, nobody sleeps for what cannot come, no frame is
//! reported as lost where none was.
//!
//! The claims can fail: `vidbuf-model --driver-scribbles` shows a driver that writes what it gave away, and
//! `vidbuf-model --mutants` breaks the library on purpose, one line or two at a time, and demands a counterexample for each.
mod cells;
mod choice;
mod device;
mod look;
mod machine;
mod model;
pub mod mutants;
mod numbers;
mod player;
mod program;
mod seen;

pub use choice::{Choice, Operation, Refusal, THREADS};
pub use machine::BUFFERS;
pub use model::{Outcome, Small, explore};
pub use player::play;
pub use seen::{Broken, Seen, State};
