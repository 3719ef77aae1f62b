//! The clock that deadlines and ages are measured against.

use core::time::Duration;

use crate::backend::Backend;
use crate::frame::Frame;
use crate::queue_kind::QueueKind;
use crate::v4l2::TimestampClock;

/// A clock that never goes back: CLOCK_MONOTONIC on Linux, the virtual time of a simulated device, a timer on bare metal.
///
/// [`dequeue_until`](crate::Queue::dequeue_until) needs it of its backend, and [`Frame::age`].
pub trait Clock {
    /// Time since some fixed moment in the past, the one that the driver's monotonic timestamps count from.
    fn now(&self) -> Duration;
}

impl<B: Backend + Clock, K: QueueKind> Frame<'_, B, K> {
    /// How long ago the frame was stamped; 0 if the driver stamps ahead. `None` if the timestamp is of another clock than
    /// CLOCK_MONOTONIC ([`BufferFlags::timestamp_clock`](crate::v4l2::BufferFlags::timestamp_clock)).
    ///
    /// Most drivers stamp the end of a frame, some the start of its exposure (`V4L2_BUF_FLAG_TSTAMP_SRC_SOE`).
    pub fn age(&self) -> Option<Duration> {
        let stamped = u64::try_from(self.timestamp().as_micros()).ok().map(Duration::from_micros);
        let is_monotonic = self.flags().timestamp_clock() == TimestampClock::Monotonic;
        stamped.filter(|_| is_monotonic).map(|stamped| self.backend().now().saturating_sub(stamped))
    }
}
