//! [`Events`]: a node that reports them.

use core::time::Duration;

use super::{Errno, Event, Subscription};
use crate::v4l2::QueueType;

/// Why [`Events::wait_frame_or_event`] came back. A later version adds no variant: anything else is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum FrameWait {
    /// An event can be taken; perhaps a buffer as well.
    Event,
    /// A buffer can be dequeued, and there is no event.
    Frame,
    /// The time ran out; nothing has changed.
    TimedOut,
}

/// A node that reports events.
///
/// Subscriptions, events and their numbers belong to the open file. A driver keeps a fixed number of events of each subscription,
/// mostly one; a newer one takes the place of the oldest ([`Event::lost_since`]).
///
/// ```
/// use core::time::Duration;
/// use vidbuf::Errno;
/// use vidbuf::node::{EventData, Events, Subscription};
///
/// /// The value that a control is set to next, within a second.
/// fn next_value(camera: &impl Events, control: u32) -> Result<Option<i64>, Errno> {
///     camera.subscribe(Subscription::control(control))?;
///     let event = camera.event_timeout(Duration::from_secs(1))?;
///     camera.unsubscribe(Subscription::control(control))?;
///     Ok(match event.map(|event| event.data) {
///         Some(EventData::Control(change)) => Some(change.value),
///         _ => None,
///     })
/// }
/// ```
///
/// Kernel: `vidioc-subscribe-event.rst`, `vidioc-dqevent.rst`.
pub trait Events {
    /// `ioctl(fd, VIDIOC_SUBSCRIBE_EVENT, &subscription)`: has these events sent to this open file. A second subscription of the
    /// same type and id succeeds, and the flags of the first one stay.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no events.
    /// - EINVAL: it has none of this type, or no such control.
    /// - ENOMEM: no memory for another subscription.
    #[doc(alias = "VIDIOC_SUBSCRIBE_EVENT")]
    fn subscribe(&self, subscription: Subscription) -> Result<(), Errno>;

    /// `ioctl(fd, VIDIOC_UNSUBSCRIBE_EVENT, &subscription)`: ends a subscription, or with [`Subscription::ALL`] every one of this
    /// open file. Its events that still wait are gone. One that does not exist is no error.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no events.
    #[doc(alias = "VIDIOC_UNSUBSCRIBE_EVENT")]
    fn unsubscribe(&self, subscription: Subscription) -> Result<(), Errno>;

    /// `ioctl(fd, VIDIOC_DQEVENT, &event)`: takes the oldest event; `None` if there is none. It does not sleep, whether the file is
    /// blocking or not, as long as no other thread takes events of the same open file.
    ///
    /// # Errors
    ///
    /// - ENODEV: the device is gone.
    #[doc(alias = "VIDIOC_DQEVENT")]
    fn event(&self) -> Result<Option<Event>, Errno>;

    /// `poll(fd, POLLPRI)`, then VIDIOC_DQEVENT: takes the oldest event; `None` if none came within `timeout`. Frames do not end the
    /// wait, and signals neither end it nor lengthen it for good, as in [`Backend::wait`](crate::Backend::wait).
    ///
    /// # Errors
    ///
    /// As [`event`](Self::event).
    #[doc(alias = "poll")]
    fn event_timeout(&self, timeout: Duration) -> Result<Option<Event>, Errno>;

    /// `poll(fd, POLLPRI | POLLIN)`, or POLLOUT for an output queue: waits until there is an event, or a buffer of this queue can be
    /// dequeued; at most `timeout`, for ever with `None`. An event comes before an error of the queue, which it may be the reason
    /// of. [`Queue::frame_or_event`](crate::Queue::frame_or_event) is the call of a program.
    ///
    /// # Errors
    ///
    /// As [`Backend::wait`](crate::Backend::wait).
    #[doc(alias = "poll")]
    fn wait_frame_or_event(&self, queue: QueueType, timeout: Option<Duration>) -> Result<FrameWait, Errno>;
}

impl<T: Events + ?Sized> Events for &T {
    fn subscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        (**self).subscribe(subscription)
    }

    fn unsubscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        (**self).unsubscribe(subscription)
    }

    fn event(&self) -> Result<Option<Event>, Errno> {
        (**self).event()
    }

    fn event_timeout(&self, timeout: Duration) -> Result<Option<Event>, Errno> {
        (**self).event_timeout(timeout)
    }

    fn wait_frame_or_event(&self, queue: QueueType, timeout: Option<Duration>) -> Result<FrameWait, Errno> {
        (**self).wait_frame_or_event(queue, timeout)
    }
}
