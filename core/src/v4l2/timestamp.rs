//! When a frame was taken.

/// `v4l2_buffer.timestamp`: the driver's clock (see [`BufferFlags::timestamp_clock`](crate::v4l2::BufferFlags::timestamp_clock)), whole microseconds.
///
/// Both fields of `struct timeval`: a later version adds none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Timestamp {
    /// Seconds.
    pub seconds: i64,
    /// Microseconds, 0 to 999,999 from a well-behaved driver.
    pub microseconds: i64,
}

impl Timestamp {
    /// The time in microseconds, saturating.
    #[inline]
    pub const fn as_micros(self) -> i64 {
        self.seconds.saturating_mul(1_000_000).saturating_add(self.microseconds)
    }

    /// A time from microseconds, not negative.
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self { seconds: (micros / 1_000_000) as i64, microseconds: (micros % 1_000_000) as i64 }
    }
}
