//! What decides over the frames that are not in the script: nothing, chance, or a recording.

use crate::recording::{Happening, Happenings, RecordedFrame};
use crate::trace::Call;
use vidbuf::Errno;

use super::plan::Plan;
use super::script::Event;

/// Where frames come from.
pub(crate) enum Source<'m> {
    /// Good frames at equal distances.
    Steady,
    /// Equal distances, and mishaps drawn from a seed.
    Plan(Plan),
    /// What a real device did.
    Recording(Player<'m>),
}

impl Source<'_> {
    pub fn is_steady(&self) -> bool {
        matches!(self, Self::Steady)
    }

    /// The driver starts.
    pub fn start(&mut self) {
        if let Self::Recording(player) = self {
            player.start();
        }
    }

    /// A frame time has passed.
    pub fn advance(&mut self) {
        if let Self::Recording(player) = self {
            player.advance();
        }
    }

    /// Whether a call meets a signal.
    pub fn strike(&mut self, call: Call) -> Option<Errno> {
        match self {
            Self::Plan(plan) => plan.strike(call),
            _ => None,
        }
    }

    /// What chance makes of the next frame, of `bytes` bytes.
    pub fn draw(&mut self, bytes: u32) -> Option<Event> {
        match self {
            Self::Plan(plan) => Some(plan.draw(bytes)),
            _ => None,
        }
    }

    /// Whether something may come that ends a sleep with every buffer in the program's hands.
    pub fn may_wake(&self) -> bool {
        matches!(self, Self::Plan(plan) if plan.may_wake())
    }

    /// The recording's next line.
    pub fn recorded(&self) -> Option<Happening> {
        match self {
            Self::Recording(player) => player.next(),
            _ => None,
        }
    }

    /// The recording's next frame.
    pub fn recorded_frame(&self) -> Option<RecordedFrame> {
        match self.recorded() {
            Some(Happening::Frame(frame)) => Some(frame),
            _ => None,
        }
    }
}

/// Where a recording is being played.
#[derive(Clone)]
pub(crate) struct Player<'m> {
    rest: Happenings<'m>,
    next: Option<Happening>,
}

impl<'m> Player<'m> {
    pub fn new(happenings: Happenings<'m>) -> Self {
        Self { rest: happenings, next: None }
    }

    /// On to the next stream of the recording.
    fn start(&mut self) {
        if self.next == Some(Happening::Start) || self.rest.by_ref().any(|happening| happening == Happening::Start) {
            self.next = None;
            self.advance();
        }
    }

    /// On to the next line that takes time. A stream's end is not passed.
    fn advance(&mut self) {
        if self.next != Some(Happening::Start) {
            self.next = self.rest.by_ref().find(|happening| !matches!(happening, Happening::Lost(_)));
        }
    }

    /// What comes next, if it belongs to this stream.
    pub fn next(&self) -> Option<Happening> {
        self.next.filter(|happening| *happening != Happening::Start)
    }

    /// All that is to come in this stream.
    pub fn ahead(&self) -> impl Iterator<Item = Happening> + use<'m> {
        let mut player = self.clone();
        core::iter::from_fn(move || {
            let happening = player.next();
            player.advance();
            happening
        })
    }
}
