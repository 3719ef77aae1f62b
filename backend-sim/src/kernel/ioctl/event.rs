//! VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT, VIDIOC_DQEVENT.

use vidbuf::Errno;
use vidbuf_abi::event::{v4l2_event, v4l2_event_subscription};
use vidbuf_abi::ioctl::{VIDIOC_DQEVENT, VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT};
use vidbuf_abi::value::Value as _;

use super::super::NodeOf;
use super::super::room::Rooms;
use super::{Returned, on_copy};

impl<R: Rooms> NodeOf<R> {
    pub(super) const fn is_event_ioctl(number: u32) -> bool {
        matches!(number, VIDIOC_SUBSCRIBE_EVENT | VIDIOC_UNSUBSCRIBE_EVENT | VIDIOC_DQEVENT)
    }

    /// ENOTTY if the driver has no events. There is no priority.
    pub(super) fn event_ioctl(&mut self, file: usize, number: u32, argument: &mut [u8]) -> Result<Returned, Errno> {
        if self.driver.profile.events.is_empty() {
            return Err(Errno::ENOTTY);
        }
        match number {
            VIDIOC_SUBSCRIBE_EVENT => {
                on_copy(argument, |asked: &mut v4l2_event_subscription| self.subscribe(file, asked))?;
            }
            VIDIOC_UNSUBSCRIBE_EVENT => on_copy(argument, |asked: &mut v4l2_event_subscription| {
                self.unsubscribe(file, asked);
                Ok(())
            })?,
            _ => match self.take_event(file) {
                Some(event) if argument.len() >= size_of::<v4l2_event>() => {
                    // What is between the fields, too.
                    argument.fill(0);
                    event.write(argument).ok_or(Errno::EFAULT)?;
                }
                Some(_) => return Err(Errno::EFAULT),
                None if self.mode(file).nonblocking => return Err(Errno::ENOENT),
                None => return Ok(Returned::WouldSleep),
            },
        }
        Ok(Returned::Done)
    }
}
