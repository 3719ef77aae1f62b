//! The queue's shared numbers: the tally, the sequence expected next, who has each slot.
//!
//! They decide what the queue does next and cannot be seen from outside. A copy of the library shows them:
//! `patches/numbers.patch` replaces [`numbers`]. Without it (in `cargo test`) states that differ in them alone are one, so
//! that fewer are explored.

use crate::machine::BUFFERS;
use crate::player::Stream;
use crate::seen::Broken;

/// Whether this copy is interrupted before every access to the numbers; `patches/cells.patch` makes it so.
pub const CELLS: bool = false;
/// As `core/src/queue/losses.rs` has it.
const BEFORE_FIRST: u32 = i32::MAX as u32;
/// As `core/src/queue/tally.rs` has them: threads inside in the lower half; above, buffers with the driver less one, and less
/// the marks that are set.
const ONE_QUEUED: u32 = 1 << 16;
const PENDING: u32 = 0x2000 * ONE_QUEUED;
const UNPLUGGED: u32 = 0x4000 * ONE_QUEUED;
/// As `core/src/queue/slots.rs` has them.
const FREE: u32 = 2;
const QUEUED: u32 = 1;

/// The tally, the sequence expected next, what was seen of the stream, and every slot.
pub fn numbers(_: &Stream<'_>) -> Vec<u32> {
    Vec::new()
}

/// The numbers without those of frames, which have no end, and the frame that is expected next.
pub fn relative(mut numbers: Vec<u32>) -> (Vec<u32>, u32) {
    let Some(next) = numbers.get_mut(1) else { return (numbers, 0) };
    let expected = if *next == BEFORE_FIRST { 0 } else { *next };
    *next = u32::from(*next == BEFORE_FIRST);
    (numbers, expected)
}

/// How far a frame is from the one that is expected; what is further behind is all the same, because the count is never set back.
pub fn behind(sequence: u32, expected: u32) -> u32 {
    let distance = sequence.wrapping_sub(expected) as i32;
    distance.max(-2) as u32
}

/// What the numbers must be while no thread is inside a call.
pub fn check_at_rest(numbers: &[u32], unplugged: bool) -> Result<(), Broken> {
    let [tally, _, _, slots @ ..] = numbers else { return Ok(()) };
    let queued = slots.iter().filter(|slot| **slot == QUEUED).count() as u32;
    // Nobody is inside, so that every bit is known but for whether something is pending.
    let gone = if unplugged { UNPLUGGED } else { 0 };
    let idle = (queued * ONE_QUEUED).wrapping_sub(ONE_QUEUED).wrapping_sub(gone);
    let pending = *tally == idle.wrapping_sub(PENDING);
    if slots.len() != BUFFERS || (*tally != idle && !pending) {
        return Err(Broken::Lost);
    }
    let overlooked = slots.contains(&FREE) && !pending && !unplugged;
    if overlooked { Err(Broken::Overlooked) } else { Ok(()) }
}
