//! How many buffers are wanted, and how few will do.

/// What to ask of `VIDIOC_REQBUFS`: the number wanted and the least that is acceptable.
///
/// Contiguous memory is scarce on small boards (ENOMEM is the commonest failure on a Raspberry Pi): a program that wants
/// four buffers and works with two asks for that, and [`granted`](crate::Queue::granted) is what it got.
///
/// ```
/// use vidbuf::Request;
/// let request = Request::up_to(4).at_least(2);
/// assert_eq!((request.wanted(), request.least()), (4, 2));
/// assert_eq!(Request::exactly(3).least(), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Request {
    wanted: u32,
    least: u32,
}

impl Request {
    /// Wants `count` buffers, or as many as the queue has room for if that is less, and accepts any number from 1.
    pub const fn up_to(count: u32) -> Self {
        Self { wanted: count, least: 1 }
    }

    /// Wants `count` buffers and accepts no fewer (a driver may still grant more).
    pub const fn exactly(count: u32) -> Self {
        Self { wanted: count, least: count }
    }

    /// Accepts no fewer than `least`.
    #[must_use]
    pub const fn at_least(self, least: u32) -> Self {
        Self { wanted: self.wanted, least }
    }

    /// Buffers wanted.
    pub const fn wanted(&self) -> u32 {
        self.wanted
    }

    /// Least acceptable.
    pub const fn least(&self) -> u32 {
        self.least
    }
}
