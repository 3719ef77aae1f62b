//! VIDIOC_STREAMON, VIDIOC_STREAMOFF, and starting the driver.

use crate::kernel::driver::Driver;
use vidbuf::Errno;

use super::Queue;
use super::slot::State;

impl Queue {
    /// VIDIOC_STREAMON below the checks of the type. `other`: the source sends what does not fit the format.
    pub fn stream_on(&mut self, driver: &mut Driver, other: bool) -> Result<(), Errno> {
        if self.streaming {
            return Ok(());
        }
        if self.count == 0 || self.count < driver.profile.min_queued {
            return Err(Errno::EINVAL);
        }
        // A driver compares the two when everything else was found right.
        if other {
            return Err(Errno::EPIPE);
        }
        if let Some(error) = driver.inject.prepare_streaming.take() {
            return Err(error);
        }
        if self.queued_count() >= driver.profile.min_queued {
            self.start(driver)?;
        }
        self.streaming = true;
        Ok(())
    }

    /// VIDIOC_STREAMOFF below the checks of the type.
    pub fn stream_off(&mut self) {
        self.cancel();
        self.waiting_for_buffers = !self.is_output();
        self.last_dequeued = false;
    }

    /// Hands everything queued to the driver and starts it. On failure all come back, in their order.
    pub fn start(&mut self, driver: &mut Driver) -> Result<(), Errno> {
        if let Some(error) = driver.inject.start.take() {
            return Err(error);
        }
        self.started = true;
        self.sequence = driver.inject.first_sequence;
        self.give_to_driver();
        Ok(())
    }

    /// Queued buffers become active.
    pub fn give_to_driver(&mut self) {
        while let Some(index) = self.queued.pop(&self.slots) {
            self[index].state = State::Active;
            self.active.push(&mut self.slots, index);
        }
    }
}
