//! CLOCK_MONOTONIC, by which drivers stamp frames.

use core::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use vidbuf::Clock;

use crate::Device;

impl Clock for Device {
    /// CLOCK_MONOTONIC: time since boot, without time asleep.
    fn now(&self) -> Duration {
        now()
    }
}

/// CLOCK_MONOTONIC.
pub(crate) fn now() -> Duration {
    let now = clock_gettime(ClockId::Monotonic);
    // Neither is negative: this clock begins at 0.
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec as u32)
}
