//! VIDIOC_DQBUF.

use vidbuf_abi::buffer::{V4L2_BUF_FLAG_DONE, V4L2_BUF_FLAG_LAST};

use crate::kernel::Returned;
use crate::kernel::arena::Arena;
use crate::kernel::driver::Driver;
use vidbuf::Errno;

use super::slot::State;
use super::{Argument, Queue};

impl Queue {
    /// VIDIOC_DQBUF below the checks of the file and the type, of a sleeper that looks again, and of file I/O. Inline, as all of a
    /// frame's way to the program.
    #[inline(always)]
    pub fn take(&mut self, argument: &mut Argument<'_>, driver: &Driver, arena: &Arena) -> Result<Returned, Errno> {
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
        let Some(index) = self.done.first() else { return Ok(Returned::WouldSleep) };
        self.check_planes(index, argument.buffer)?;
        self[index].prepared = false;
        let rate = self.timecode_rate;
        self[index].number_by_timecode(rate);
        self.fill(index, driver, arena, argument);
        self.done.pop(&self.slots);
        self[index].state = State::Dequeued;
        Ok(Returned::Done)
    }

    /// VIDIOC_DQBUF below the checks of the file and the type.
    #[inline(always)]
    pub fn dequeue(
        &mut self,
        nonblocking: bool,
        argument: &mut Argument<'_>,
        driver: &Driver,
        arena: &Arena,
    ) -> Result<Returned, Errno> {
        let outcome = self.take(argument, driver, arena).and_then(|returned| returned.unless(nonblocking));
        if outcome != Ok(Returned::WouldSleep) {
            self.look_for_last(argument.buffer.flags);
        }
        if outcome == Ok(Returned::Done) {
            argument.buffer.flags &= !V4L2_BUF_FLAG_DONE;
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
