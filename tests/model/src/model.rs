//! The model for the checker.

use stateright::{Checker as _, HasDiscoveries, Model, Property};

use crate::choice::Choice;
use crate::machine::Place;
use crate::player::play;
use crate::seen::{Broken, State};

/// Three buffers, two threads, one driver.
#[derive(Clone, Copy, Debug, Default)]
pub struct Small {
    /// The driver may write into buffers that it does not have.
    pub scribbles: bool,
    /// The device is open for blocking calls.
    pub blocking: bool,
}

impl Model for Small {
    type State = State;
    type Action = Choice;

    fn init_states(&self) -> Vec<State> {
        vec![play(*self, Vec::new())]
    }

    fn actions(&self, state: &State, choices: &mut Vec<Choice>) {
        choices.extend(&state.next);
    }

    fn next_state(&self, last: &State, choice: Choice) -> Option<State> {
        let path = last.path.iter().copied().chain([choice]).collect();
        Some(play(*self, path))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("no buffer has two owners", |_, state: &State| state.is_not(Broken::TwoOwners)),
            Property::always("no buffer is lost", |_, state: &State| state.is_not(Broken::Lost)),
            Property::always("a frame in hand is never written", |_, state: &State| state.is_not(Broken::Written)),
            Property::always("every state can be brought back to idle", |_, state: &State| {
                state.is_not(Broken::NotIdle)
            }),
            Property::always("stale tokens are refused, good ones are not", |_, state: &State| {
                state.is_not(Broken::WrongToken)
            }),
            Property::always("an orderly driver is not accused", |_, state: &State| state.is_not(Broken::Accused)),
            Property::always("no frame is reported as lost where none was", |_, state: &State| {
                state.is_not(Broken::Miscounted)
            }),
            Property::always("a dropped frame is handed to the driver at once", |_, state: &State| {
                state.is_not(Broken::NotHandedBack)
            }),
            Property::always("a refused buffer is in nobody's way", |_, state: &State| {
                state.is_not(Broken::TriedAgain)
            }),
            Property::always("no free buffer is overlooked", |_, state: &State| state.is_not(Broken::Overlooked)),
            Property::always("nobody sleeps for what cannot come", |_, state: &State| state.is_not(Broken::Asleep)),
            Property::always("nobody is sent away from what may come", |_, state: &State| {
                state.is_not(Broken::NotAsleep)
            }),
            Property::always("what the driver of a gone device had stays its own", |_, state: &State| {
                state.is_not(Broken::Reclaimed)
            }),
            Property::always("nothing panics", |_, state: &State| state.is_not(Broken::Panic)),
            // If these were not found, the model would not see what it is for.
            Property::sometimes("both threads inside calls", |_, state: &State| {
                state.seen.as_ref().is_some_and(|seen| seen.threads.iter().all(|(place, ..)| *place != Place::Idle))
            }),
            Property::sometimes("all buffers with the program", |_, state: &State| {
                state.seen.as_ref().is_some_and(|seen| seen.frames.len() == crate::BUFFERS)
            }),
            Property::sometimes("a stale token", |_, state: &State| {
                state.seen.as_ref().is_some_and(|seen| seen.parked.iter().any(|(_, good)| !good))
            }),
        ]
    }
}

/// What an exploration found.
#[derive(Debug)]
pub struct Outcome {
    /// States that look different.
    pub states: usize,
    /// Steps taken, from all of them.
    pub steps: usize,
    /// Choices from the start to the last states.
    pub depth: usize,
    /// Whether that is all there is: no choice leads to a state that was not seen.
    pub complete: bool,
    /// Claims that do not hold, with the shortest way to see it.
    pub counterexamples: Vec<(&'static str, Vec<Choice>)>,
    /// What should have been met and was not.
    pub unmet: Vec<&'static str>,
}

/// Explores to a depth, or until there is a counterexample to the claim `until`.
pub fn explore(model: Small, depth: usize, until: Option<&str>) -> Outcome {
    let properties = model.properties();
    let claim = until.and_then(|claim| properties.iter().find(|property| property.name == claim));
    let end = claim.map_or(HasDiscoveries::All, |claim| HasDiscoveries::AllOf([claim.name].into()));
    let checker = model.checker().threads(2).finish_when(end).target_max_depth(depth + 1).spawn_bfs().join();
    let discoveries = checker.discoveries();
    let mut outcome = Outcome {
        states: checker.unique_state_count(),
        steps: checker.state_count(),
        depth: checker.max_depth().saturating_sub(1),
        complete: checker.max_depth() <= depth && claim.is_none(),
        counterexamples: Vec::new(),
        unmet: Vec::new(),
    };
    for property in properties {
        let found = discoveries.get(property.name);
        match (property.expectation, found) {
            (stateright::Expectation::Sometimes, None) => outcome.unmet.push(property.name),
            (stateright::Expectation::Always, Some(path)) => {
                outcome.counterexamples.push((property.name, path.clone().into_actions()));
            }
            _ => {}
        }
    }
    outcome
}
