//! What can happen in a program, what it must come to, and how programs are drawn.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use crate::BUFFERS;
use crate::reference::Reference;

/// What the program or the driver does.
#[derive(Clone, Debug)]
pub enum Step {
    Dequeue,
    /// With so many frame times of patience.
    DequeueWithin(u32),
    /// Without an end to patience, and without taking the frame.
    Wait,
    /// Output: a buffer that nobody has.
    Take,
    /// The frame or output buffer at this place of those in hand (modulo their number) is given back, dropped, forgotten.
    Enqueue(usize),
    Drop(usize),
    Forget(usize),
    /// Capture only: put aside, and taken up again, stale tokens too.
    Park(usize),
    Unpark(usize),
    RequeueDropped,
    /// Stream off and on. In between, an output program sends so many buffers; a signal may meet the first STREAMON.
    Restart {
        sent: usize,
        interrupted: bool,
    },
    /// All the way down and up, after an unplug on the device that is back.
    Again,
    /// The driver: frame times pass; so many frames are lost; the next frame is bad, or longer than its buffer; the queue falls
    /// into error; unplug.
    Advance(u32),
    LoseFrames(u32),
    FlagFrame,
    OverlongFrame,
    FailQueue,
    Unplug,
    /// A signal comes during each of the next QBUFs, or the driver refuses them.
    InterruptEnqueue(u32),
    RefuseEnqueue(u32),
    /// A signal comes during the next DQBUF.
    InterruptDequeue,
}

/// What a step must answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    Nothing,
    Frame {
        index: usize,
        sequence: u32,
        lost: Option<u32>,
        bad: bool,
    },
    /// Output: a buffer, not from the driver.
    Buffer(usize),
    /// A token that is not good.
    Stale,
    Interrupted,
    /// QBUF's own refusal.
    Invalid,
    /// A payload that cannot be.
    Overlong,
    QueueError,
    /// ENODEV from the device, and later without asking it.
    Gone,
    Unplugged,
    /// Nothing will ever come: the driver does not give back what it has; or it has nothing.
    Forever,
    NothingQueued,
}

fn steps() -> BoxedStrategy<Step> {
    let place = || 0..BUFFERS;
    prop_oneof![
        12 => Just(Step::Dequeue),
        6 => (1..5_u32).prop_map(Step::DequeueWithin),
        3 => Just(Step::Wait),
        12 => Just(Step::Take),
        14 => place().prop_map(Step::Enqueue),
        8 => place().prop_map(Step::Drop),
        1 => place().prop_map(Step::Forget),
        4 => place().prop_map(Step::Park),
        4 => place().prop_map(Step::Unpark),
        3 => Just(Step::RequeueDropped),
        2 => (0..=BUFFERS, any::<bool>()).prop_map(|(sent, interrupted)| Step::Restart { sent, interrupted }),
        2 => Just(Step::Again),
        6 => (1..6_u32).prop_map(Step::Advance),
        2 => (1..4_u32).prop_map(Step::LoseFrames),
        2 => Just(Step::FlagFrame),
        1 => Just(Step::OverlongFrame),
        1 => Just(Step::FailQueue),
        1 => Just(Step::Unplug),
        3 => (1..4_u32).prop_map(Step::InterruptEnqueue),
        3 => (1..6_u32).prop_map(Step::RefuseEnqueue),
        3 => Just(Step::InterruptDequeue),
    ]
    .boxed()
}

macro_rules! machine {
    ($(#[$doc:meta])* $name:ident, $output:literal, $keeps:literal) => {
        $(#[$doc])*
        pub struct $name;

        impl ReferenceStateMachine for $name {
            type State = Reference;
            type Transition = Step;

            fn init_state() -> BoxedStrategy<Reference> {
                Just(Reference::new($output, $keeps)).boxed()
            }

            fn transitions(_: &Reference) -> BoxedStrategy<Step> {
                steps()
            }

            fn preconditions(state: &Reference, step: &Step) -> bool {
                state.allows(step)
            }

            fn apply(state: Reference, step: &Step) -> Reference {
                state.after(step)
            }
        }
    };
}

machine!(
    /// Programs that capture.
    Captures,
    false,
    0
);
machine!(
    /// Programs that capture from a driver that keeps a buffer.
    CapturesButOne,
    false,
    1
);
machine!(
    /// Programs that send to a driver that keeps a buffer.
    Sends,
    true,
    1
);
