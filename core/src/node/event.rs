//! What a driver reports besides frames, when it happens: a changed source, a changed control, the end of a stream.

use core::time::Duration;

use crate::error::Errno;
use crate::v4l2::Field;

mod events;
mod subscription;

pub use events::{Events, FrameWait};
pub use subscription::{EventType, Subscription, SubscriptionFlags};

use bitflags::bitflags;

/// One event ([`Events::event`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub data: EventData,
    /// What it happened to: a control's id, the number of an input or a pad; 0 where there is only one.
    pub id: u32,
    /// Counts the events of this open file, those that were overwritten, too. See
    /// [`lost_since`](Self::lost_since).
    pub sequence: u32,
    /// How many events wait behind this one.
    pub pending: u32,
    /// When it happened, on the clock that [`Clock::now`](crate::Clock::now) and monotonic timestamps of frames are of.
    pub timestamp: Duration,
}

impl Event {
    /// An event as a backend of your own reports it: the first one, at time 0, with nothing behind it.
    pub const fn new(data: EventData, id: u32) -> Self {
        Self { data, id, sequence: 0, pending: 0, timestamp: Duration::ZERO }
    }

    /// How many events were overwritten between the event before, with this sequence number, and this one. A driver keeps one
    /// event of most subscriptions, and a new one takes the place of one that is still waiting.
    pub const fn lost_since(&self, sequence: u32) -> u32 {
        self.sequence.wrapping_sub(sequence).wrapping_sub(1)
    }

    /// Whether the source is another one now: a signal came or went, or has another size or rate. The format has to be set anew.
    pub const fn is_source_change(&self) -> bool {
        matches!(self.data, EventData::SourceChange(_))
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EventData {
    /// A frame or a field has begun to be shown or captured (`V4L2_EVENT_VSYNC`).
    VerticalSync {
        /// Which lines.
        field: Field,
    },
    /// A codec has returned everything that it was given (`V4L2_EVENT_EOS`). Buffers with the flag LAST report the same.
    EndOfStream,
    /// A control has changed (`V4L2_EVENT_CTRL`).
    Control(ControlChange),
    /// A frame begins to arrive (`V4L2_EVENT_FRAME_SYNC`).
    FrameSync {
        /// The sequence number that the frame will have.
        sequence: u32,
    },
    /// The source has changed (`V4L2_EVENT_SOURCE_CHANGE`).
    SourceChange(SourceChanges),
    /// Motion began or ended (`V4L2_EVENT_MOTION_DET`).
    Motion {
        /// The frame that it was seen in, if the driver reports it.
        sequence: Option<u32>,
        /// The regions with motion, one bit for each; 0: none any more.
        regions: u32,
    },
    /// A driver's own event, or one of a newer kernel.
    Other {
        /// `v4l2_event.type`.
        event_type: EventType,
        /// The bytes of `v4l2_event.u`.
        data: [u8; 64],
    },
}

/// A control that has changed, as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ControlChange {
    /// What is new. Changes that were overwritten are included.
    pub changes: ControlChanges,
    /// `V4L2_CTRL_TYPE_*`.
    pub control_type: u32,
    /// The value; 0 of strings, arrays and structures, which have to be read.
    pub value: i64,
    /// `V4L2_CTRL_FLAG_*`.
    pub flags: u32,
    /// The smallest value. The kernel reports 32 bits of this and of the next three.
    pub minimum: i32,
    /// The largest value.
    pub maximum: i32,
    /// From one value to the next.
    pub step: i32,
    /// The value at first.
    pub default: i32,
}

impl ControlChange {
    /// A change of the value of a control without a range.
    pub const fn of_value(control_type: u32, value: i64) -> Self {
        let changes = ControlChanges::VALUE;
        Self { changes, control_type, value, flags: 0, minimum: 0, maximum: 0, step: 0, default: 0 }
    }
}

bitflags! {
    /// What is new about a control (`V4L2_EVENT_CTRL_CH_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct ControlChanges: u32 {
        /// The value.
        const VALUE = 0x1;
        /// The flags.
        const FLAGS = 0x2;
        /// Minimum, maximum, step or default.
        const RANGE = 0x4;
        /// The dimensions of an array.
        const DIMENSIONS = 0x8;
        const _ = !0;
    }
}

bitflags! {
    /// What is new about a source (`V4L2_EVENT_SRC_CH_*`). Bits of newer kernels are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct SourceChanges: u32 {
        /// The size, the rate, or whether there is a signal at all.
        const RESOLUTION = 0x1;
        const _ = !0;
    }
}

// defmt's own bitflags macro is for bitflags 1.
#[cfg(feature = "defmt")]
impl defmt::Format for ControlChanges {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "ControlChanges({=u32:#x})", self.bits());
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for SourceChanges {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "SourceChanges({=u32:#x})", self.bits());
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, EventData};

    #[test]
    fn overwritten_events_are_counted_around_the_end_of_numbers() {
        let event = |sequence| Event { sequence, ..Event::new(EventData::EndOfStream, 0) };
        assert_eq!(event(8).lost_since(7), 0);
        assert_eq!(event(10).lost_since(7), 2);
        assert_eq!(event(1).lost_since(u32::MAX), 1);
    }
}
