//! Events.

use core::mem::MaybeUninit;
use core::time::Duration;

use rustix::fd::AsFd as _;
use vidbuf::backend::Wake;
use vidbuf::node::{Event, Events, FrameWait, Subscription};
use vidbuf::v4l2::QueueType;
use vidbuf_abi::event::{v4l2_event, v4l2_event_subscription};

use crate::ioctl::v4l2;
use crate::plain::{plain, zero_in_place};
use crate::{Device, Errno, wait};

plain!(v4l2_event_subscription);
plain!(v4l2_event);

impl Events for Device {
    fn subscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        v4l2!(self, VIDIOC_SUBSCRIBE_EVENT, &mut to_kernel(subscription))
    }

    fn unsubscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        v4l2!(self, VIDIOC_UNSUBSCRIBE_EVENT, &mut to_kernel(subscription))
    }

    /// `poll(fd, POLLPRI)` comes before it: VIDIOC_DQEVENT of a blocking file sleeps when there is no event, and goes on sleeping when
    /// the device is gone.
    fn event(&self) -> Result<Option<Event>, Errno> {
        if wait::event::is_there(self.as_fd())? { take(self) } else { Ok(None) }
    }

    fn event_timeout(&self, timeout: Duration) -> Result<Option<Event>, Errno> {
        match wait::event::wait(self.as_fd(), timeout)? {
            Wake::Ready => take(self),
            Wake::TimedOut => Ok(None),
        }
    }

    fn wait_frame_or_event(&self, queue: QueueType, timeout: Option<Duration>) -> Result<FrameWait, Errno> {
        wait::event::wait_frame_or_event(self.as_fd(), queue.buffer_type.is_output(), timeout)
    }
}

/// VIDIOC_DQEVENT of an event that is there. ENOENT: another thread has taken it, on a non-blocking file.
fn take(device: &Device) -> Result<Option<Event>, Errno> {
    let mut room = MaybeUninit::<v4l2_event>::uninit();
    let kernel = zero_in_place(&mut room);
    match dequeue(device, kernel) {
        Ok(()) => Ok(Some(from_kernel(kernel))),
        Err(Errno::ENOENT) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(target_pointer_width = "64")]
fn dequeue(device: &Device, kernel: &mut v4l2_event) -> Result<(), Errno> {
    v4l2!(device, VIDIOC_DQEVENT, kernel)
}

/// Kernels before 5.6 know the event with 32-bit time only, and fail with ENOTTY.
#[cfg(target_pointer_width = "32")]
fn dequeue(device: &Device, kernel: &mut v4l2_event) -> Result<(), Errno> {
    match v4l2!(device, VIDIOC_DQEVENT, kernel) {
        Err(Errno::ENOTTY) => crate::time32::dequeue_event(device.as_fd(), kernel),
        outcome => outcome,
    }
}

vidbuf_abi::event_conversions!(conversions);
use conversions::{from_kernel, to_kernel};

#[cfg(test)]
mod tests {
    use super::{Event, from_kernel};
    use core::time::Duration;
    use vidbuf::node::{ControlChanges, EventData, EventType, SourceChanges};
    use vidbuf::v4l2::Field;
    use vidbuf_abi::buffer::v4l2_timespec;
    use vidbuf_abi::event::{
        v4l2_event, v4l2_event_ctrl, v4l2_event_ctrl_value, v4l2_event_frame_sync, v4l2_event_motion_det,
        v4l2_event_src_change, v4l2_event_u, v4l2_event_vsync,
    };

    fn of(type_: u32, u: v4l2_event_u) -> EventData {
        from_kernel(&v4l2_event { type_, u, ..v4l2_event::default() }).data
    }

    #[test]
    fn every_type_is_read_where_the_kernel_puts_it() {
        let vsync = v4l2_event_u::of_vsync(v4l2_event_vsync { field: 4 });
        assert_eq!(of(1, vsync), EventData::VerticalSync { field: Field::INTERLACED });
        assert_eq!(of(2, v4l2_event_u::default()), EventData::EndOfStream);
        let sync = v4l2_event_u::of_frame_sync(v4l2_event_frame_sync { frame_sequence: 7 });
        assert_eq!(of(4, sync), EventData::FrameSync { sequence: 7 });
        let source = v4l2_event_u::of_src_change(v4l2_event_src_change { changes: 1 });
        assert_eq!(of(5, source), EventData::SourceChange(SourceChanges::RESOLUTION));
        let motion =
            |flags| v4l2_event_u::of_motion_det(v4l2_event_motion_det { flags, frame_sequence: 9, region_mask: 5 });
        assert_eq!(of(6, motion(1)), EventData::Motion { sequence: Some(9), regions: 5 });
        assert_eq!(of(6, motion(0)), EventData::Motion { sequence: None, regions: 5 });
    }

    #[test]
    fn unknown_type_keeps_its_bytes() {
        let data = core::array::from_fn(|at| at as u8);
        let expected = EventData::Other { event_type: EventType(0x0800_0001), data };
        assert_eq!(of(0x0800_0001, v4l2_event_u::of_data(data)), expected);
    }

    #[test]
    fn upper_half_of_a_32_bit_value_is_not_looked_at() {
        let change = |type_, value| {
            let kernel = v4l2_event_ctrl { changes: 3, type_, value, minimum: -1, ..v4l2_event_ctrl::default() };
            match of(3, v4l2_event_u::of_ctrl(kernel)) {
                EventData::Control(change) => (change.value, change.changes, change.minimum),
                other => panic!("{other:?}"),
            }
        };
        let mut rubbish = v4l2_event_ctrl_value::of_value64(i64::MIN);
        rubbish.set_value(-5);
        let both = ControlChanges::VALUE | ControlChanges::FLAGS;
        assert_eq!(change(1, rubbish), (-5, both, -1));
        assert_eq!(change(5, v4l2_event_ctrl_value::of_value64(i64::MIN)), (i64::MIN, both, -1));
    }

    #[test]
    fn time_and_numbers_are_the_kernels() {
        let at = |tv_sec, tv_nsec| {
            let timestamp = v4l2_timespec { tv_sec, tv_nsec };
            from_kernel(&v4l2_event { type_: 2, pending: 3, sequence: 4, id: 5, timestamp, ..v4l2_event::default() })
        };
        let Event { id, sequence, pending, timestamp, .. } = at(1, 500_000_000);
        assert_eq!((id, sequence, pending, timestamp), (5, 4, 3, Duration::from_millis(1500)));
        // Whatever the numbers, no panic.
        assert_eq!(at(-1, -1).timestamp, Duration::ZERO);
        assert!(at(i64::MAX, i64::MAX).timestamp > Duration::from_secs(1));
    }
}
