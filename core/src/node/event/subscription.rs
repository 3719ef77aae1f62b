//! Which events a program asks for.

use bitflags::bitflags;

/// `v4l2_event.type`. A newtype: drivers have types of their own, and newer kernels have more.
///
/// A later version adds constants, no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(transparent)]
pub struct EventType(pub u32);

impl EventType {
    /// Every type; only in [`Events::unsubscribe`](super::Events::unsubscribe).
    pub const ALL: Self = Self(0);
    /// A frame or a field begins to be shown or captured.
    pub const VERTICAL_SYNC: Self = Self(1);
    /// A codec has returned everything.
    pub const END_OF_STREAM: Self = Self(2);
    /// A control changed; the id is the control's.
    pub const CONTROL: Self = Self(3);
    /// A frame begins to arrive.
    pub const FRAME_SYNC: Self = Self(4);
    /// The source changed; the id is an input's or a pad's number.
    pub const SOURCE_CHANGE: Self = Self(5);
    /// Motion began or ended.
    pub const MOTION: Self = Self(6);
    /// From here on, types are a driver's own.
    pub const PRIVATE_START: Self = Self(0x0800_0000);
}

bitflags! {
    /// How events are sent (`V4L2_EVENT_SUB_FL_*`).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[repr(transparent)]
    pub struct SubscriptionFlags: u32 {
        /// One event at once, with the present state. Controls have it; other types ignore it.
        const SEND_INITIAL = 0x1;
        /// Events of this open file's own changes of a control, too.
        const ALLOW_FEEDBACK = 0x2;
        const _ = !0;
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for SubscriptionFlags {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "SubscriptionFlags({=u32:#x})", self.bits());
    }
}

/// Which events to send to an open file ([`Events::subscribe`](super::Events::subscribe)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Subscription {
    /// Of which type.
    pub event_type: EventType,
    /// About what: a control's id, the number of an input or a pad; else 0.
    pub id: u32,
    /// How.
    pub flags: SubscriptionFlags,
}

impl Subscription {
    /// Every subscription of the open file; only to end them.
    pub const ALL: Self = Self::new(EventType::ALL, 0);
    /// Changes of the source: of the only one, or of input 0.
    pub const SOURCE_CHANGE: Self = Self::new(EventType::SOURCE_CHANGE, 0);
    /// The end of a codec's stream.
    pub const END_OF_STREAM: Self = Self::new(EventType::END_OF_STREAM, 0);
    /// Frames that begin to arrive.
    pub const FRAME_SYNC: Self = Self::new(EventType::FRAME_SYNC, 0);
    /// Motion.
    pub const MOTION: Self = Self::new(EventType::MOTION, 0);

    /// Any type.
    pub const fn new(event_type: EventType, id: u32) -> Self {
        Self { event_type, id, flags: SubscriptionFlags::empty() }
    }

    /// Changes of the source at one of several inputs or pads.
    pub const fn source_change_of(input: u32) -> Self {
        Self::new(EventType::SOURCE_CHANGE, input)
    }

    /// Changes of a control (`V4L2_CID_*`).
    pub const fn control(id: u32) -> Self {
        Self::new(EventType::CONTROL, id)
    }

    /// The same, and one event at once with the control as it is now.
    #[must_use]
    pub const fn with_initial(self) -> Self {
        Self { flags: self.flags.union(SubscriptionFlags::SEND_INITIAL), ..self }
    }

    /// The same, and also events of changes that this open file makes itself.
    #[must_use]
    pub const fn with_feedback(self) -> Self {
        Self { flags: self.flags.union(SubscriptionFlags::ALLOW_FEEDBACK), ..self }
    }
}
