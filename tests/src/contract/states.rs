//! The cases by state: each file is a state of the queue, and its list has the cases by the call that they are about.

use vidbuf::queue::Planes;

use super::{Case, Rig, failed, idle, lifecycle, mapped, parked, queried, requested, starved, streaming, unplugged};
use crate::watched::State;

/// The state in which a file's cases make their calls (`None`: in all of them), and the cases.
pub type InState<R> = (Option<State>, Vec<Case<R>>);

/// The cases of a capture queue, state by state.
pub fn capture_by_state<R: Rig, P: Planes>() -> Vec<InState<R>> {
    vec![
        (None, lifecycle::capture::<R, P>()),
        (Some(State::Idle), idle::capture::<R, P>()),
        (Some(State::Requested), requested::capture::<R, P>()),
        (Some(State::Queried), queried::capture::<R, P>()),
        (Some(State::Mapped), mapped::capture::<R, P>()),
        (Some(State::Streaming), streaming::capture::<R, P>()),
        (Some(State::Streaming), parked::capture::<R, P>()),
        (Some(State::Starved), starved::capture::<R, P>()),
        (Some(State::Failed), failed::capture::<R, P>()),
        (Some(State::Unplugged), unplugged::capture::<R, P>()),
    ]
}

/// The cases of an output queue, state by state.
pub fn output_by_state<R: Rig, P: Planes>() -> Vec<InState<R>> {
    vec![(Some(State::Mapped), mapped::output::<R, P>()), (Some(State::Streaming), streaming::output::<R, P>())]
}

/// The cases of a capture queue.
pub fn capture<R: Rig, P: Planes>() -> Vec<Case<R>> {
    capture_by_state::<R, P>().into_iter().flat_map(|(_, cases)| cases).collect()
}

/// The cases of an output queue.
pub fn output<R: Rig, P: Planes>() -> Vec<Case<R>> {
    output_by_state::<R, P>().into_iter().flat_map(|(_, cases)| cases).collect()
}
