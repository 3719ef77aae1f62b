//! The states of a queue, as types.

mod sealed {
    pub trait Sealed {}
}

/// A state of a [`Queue`](crate::Queue).
pub trait State: sealed::Sealed {
    /// The state's name.
    const NAME: &'static str;
}

/// A state with buffers allocated: every one but [`Idle`].
pub trait Allocated: State {}

/// A state in which the backend may be looked at: every one but [`Queried`].
///
/// The calls of [`Backend`](crate::Backend) are safe, also by a reference. Between query and map they could change the buffers
/// that the cookies at hand stand for, and two slots would be mapped from one memory.
pub trait LendsBackend: State {}

/// A state with the buffers mapped: [`Mapped`] and [`Streaming`].
pub trait HasMemory: Allocated {}

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident: $($also:ident)*;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl State for $name {
            const NAME: &'static str = stringify!($name);
        }
        $(impl $also for $name {})*
    )* };
}

states! {
    /// No buffers.
    Idle: LendsBackend;
    /// Buffers allocated (`VIDIOC_REQBUFS`), nothing known about them.
    Requested: Allocated LendsBackend;
    /// Length and offset of every plane known (`VIDIOC_QUERYBUF`).
    Queried: Allocated;
    /// Every plane mapped (`mmap`).
    Mapped: Allocated HasMemory LendsBackend;
    /// The stream is on (`VIDIOC_STREAMON`).
    Streaming: Allocated HasMemory LendsBackend;
}
