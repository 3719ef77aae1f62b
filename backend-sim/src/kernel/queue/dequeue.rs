//! VIDIOC_DQBUF.

use vidbuf_abi::buffer::{V4L2_BUF_FLAG_DONE, V4L2_BUF_FLAG_LAST, v4l2_buffer, v4l2_plane};

use crate::kernel::Returned;
use crate::kernel::arena::Arena;
use crate::kernel::driver::Driver;
use vidbuf::Errno;

use super::Queue;
use super::slot::State;

impl Queue {
    /// VIDIOC_DQBUF below the checks of the file and the type, of a sleeper that looks again, and of file I/O.
    pub fn take(
        &mut self,
        nonblocking: bool,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
        driver: &Driver,
        arena: &Arena,
    ) -> Result<Returned, Errno> {
        if self.sleeper {
            return Err(Errno::EBUSY);
        }
        if !self.streaming {
            return Err(Errno::EINVAL);
        }
        if self.error {
            return Err(Errno::EIO);
        }
        if self.last_dequeued {
            return Err(Errno::EPIPE);
        }
        let Some(index) = self.done.first() else {
            return if nonblocking { Err(Errno::EAGAIN) } else { Ok(Returned::WouldSleep) };
        };
        self.check_planes(index, buffer)?;
        self[index].prepared = false;
        self.fill(index, driver, arena, buffer, planes);
        self.done.pop(&mut self.slots);
        self[index].state = State::Dequeued;
        Ok(Returned::Done)
    }

    /// VIDIOC_DQBUF below the checks of the file and the type.
    pub fn dequeue(
        &mut self,
        nonblocking: bool,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
        driver: &Driver,
        arena: &Arena,
    ) -> Result<Returned, Errno> {
        let outcome = self.take(nonblocking, buffer, planes, driver, arena);
        if outcome != Ok(Returned::WouldSleep) {
            self.look_for_last(buffer.flags);
        }
        if outcome == Ok(Returned::Done) {
            buffer.flags &= !V4L2_BUF_FLAG_DONE;
        }
        outcome
    }

    /// Whether a caller that slept in VIDIOC_DQBUF sleeps on: not even that another caller has dequeued the last buffer wakes it.
    pub fn sleeps_on(&self) -> bool {
        self.streaming && !self.error && self.done.count == 0
    }

    /// The kernel looks at the flags that it returns, which after a failure still are the caller's own.
    pub fn look_for_last(&mut self, flags: u32) {
        let last = V4L2_BUF_FLAG_DONE | V4L2_BUF_FLAG_LAST;
        if !self.is_output() && flags & last == last {
            self.last_dequeued = true;
        }
    }
}
