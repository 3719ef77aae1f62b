//! Events of an open file, and waiting for them.

use core::time::Duration;

use vidbuf::Errno;
use vidbuf::backend::Wake;
use vidbuf::node::{Event, EventData, Events, FrameWait, Subscription};
use vidbuf::v4l2::QueueType;
use vidbuf_abi::event::{
    V4L2_EVENT_CTRL, V4L2_EVENT_EOS, V4L2_EVENT_FRAME_SYNC, V4L2_EVENT_MD_FL_HAVE_FRAME_SEQ, V4L2_EVENT_MOTION_DET,
    V4L2_EVENT_SOURCE_CHANGE, V4L2_EVENT_VSYNC, v4l2_event, v4l2_event_ctrl, v4l2_event_ctrl_value,
    v4l2_event_frame_sync, v4l2_event_motion_det, v4l2_event_src_change, v4l2_event_u, v4l2_event_vsync,
};
use vidbuf_abi::ioctl::{VIDIOC_DQEVENT, VIDIOC_SUBSCRIBE_EVENT, VIDIOC_UNSUBSCRIBE_EVENT};

use crate::driver::script::nanos;
use crate::file::SimFile;
use crate::kernel::{File, QueueId, Returned, Rooms, events};
use crate::report::Violation;
use crate::sim::Sim;
use crate::sleep::{Sleep, Step};
use crate::state::State;
use crate::trace::{Answer, Call, Traced};

impl<const BUFFERS: usize, const QUEUES: usize> Events for SimFile<'_, '_, BUFFERS, QUEUES> {
    fn subscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        self.ask(VIDIOC_SUBSCRIBE_EVENT, to_kernel(subscription)).map(drop)
    }

    fn unsubscribe(&self, subscription: Subscription) -> Result<(), Errno> {
        self.ask(VIDIOC_UNSUBSCRIBE_EVENT, to_kernel(subscription)).map(drop)
    }

    fn event(&self) -> Result<Option<Event>, Errno> {
        self.sim.state.with(|state| if state.has_event(self.file) { state.take_event(self.file) } else { Ok(None) })
    }

    fn event_timeout(&self, timeout: Duration) -> Result<Option<Event>, Errno> {
        self.sim.state.with(|state| {
            let deadline = state.node.now_ns().saturating_add(nanos(timeout));
            loop {
                if state.has_event(self.file) {
                    return state.take_event(self.file);
                }
                if !state.pass_until_noticeable(deadline, timeout.is_zero()) {
                    return Ok(None);
                }
            }
        })
    }

    fn wait_frame_or_event(&self, queue: QueueType, timeout: Option<Duration>) -> Result<FrameWait, Errno> {
        let argument = timeout.map_or(u64::MAX, |timeout| nanos(timeout) / 1000);
        let mut deadline = None;
        self.sleeping_call(queue, Call::Wait, argument, |state, file, may_starve| {
            let node_queue = state.node.queue_of(file, queue.buffer_type as u32).unwrap_or(QueueId::FIRST);
            if !state.node.is_streaming(node_queue) && !state.node.is_gone(file) {
                state.break_rule(Violation::WaitBeforeStreaming)?;
            }
            let frame = if queue.buffer_type.is_output() { events::OUT } else { events::IN };
            let now = state.node.now_ns();
            deadline = deadline.or(timeout.map(|timeout| now.saturating_add(nanos(timeout))));
            loop {
                // As on Linux: an event comes before everything but a device that is gone.
                match state.node.poll(file, frame | events::PRI) {
                    reported if reported & events::HUP != 0 => return Err(Errno::ENODEV),
                    reported if reported & events::PRI != 0 => return Ok(Step::Done(FrameWait::Event)),
                    reported if reported & frame != 0 => return Ok(Step::Done(FrameWait::Frame)),
                    0 => {}
                    _ => return Err(Errno::EIO),
                }
                if may_starve && timeout != Some(Duration::ZERO) && state.is_starved(file, queue) {
                    return Ok(Step::Starved);
                }
                let Some(deadline) = deadline else {
                    match state.sleep() {
                        Sleep::Woken => continue,
                        Sleep::Interrupted => return Err(Errno::EINTR),
                        Sleep::Forever => return Err(Errno::EDEADLK),
                    }
                };
                if !state.pass_until_noticeable(deadline, timeout == Some(Duration::ZERO)) {
                    return Ok(Step::Done(FrameWait::TimedOut));
                }
            }
        })
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> Sim<'_, BUFFERS, QUEUES> {
    /// Something happens now: an event for every open file that has asked for this type and id ([`Profile::events`](crate::Profile::events)
    /// has the types that a driver offers). Changes of the cable send theirs by themselves: [`Sim::cable`].
    ///
    /// ```
    /// use vidbuf::node::{EventData, Events, Subscription};
    /// use vidbuf_sim::{Errno, Profile, Sim};
    ///
    /// let mut memory = vec![0; 1 << 20];
    /// let sim = Sim::new(Profile::UNICAM, &mut memory);
    /// let camera = sim.open()?;
    /// camera.subscribe(Subscription::FRAME_SYNC)?;
    /// sim.send_event(0, EventData::FrameSync { sequence: 7 });
    /// assert_eq!(camera.event()?.map(|event| event.data), Some(EventData::FrameSync { sequence: 7 }));
    /// # Ok::<(), Errno>(())
    /// ```
    pub fn send_event(&self, id: u32, data: EventData) {
        let (type_, payload) = payload(&data);
        self.state.with(|state| state.node.queue_event(type_, id, payload));
    }
}

impl Traced for FrameWait {
    fn answer(&self) -> Answer {
        match self {
            Self::TimedOut => Wake::TimedOut.answer(),
            Self::Frame | Self::Event => Wake::Ready.answer(),
        }
    }
}

impl<R: Rooms> State<'_, R> {
    /// `poll(fd, POLLPRI)` at once. A device that is gone has one, too: taking it fails.
    fn has_event(&mut self, file: File) -> bool {
        self.node.poll(file, events::PRI) & events::PRI != 0
    }

    /// VIDIOC_DQEVENT of an event that is there.
    fn take_event(&mut self, file: File) -> Result<Option<Event>, Errno> {
        let mut event = v4l2_event::default();
        match self.node.call(file, VIDIOC_DQEVENT, &mut event, &mut []) {
            Ok(Returned::WouldSleep) | Err(Errno::ENOENT) => Ok(None),
            Ok(_) => Ok(Some(from_kernel(&event))),
            Err(error) => Err(error),
        }
    }

    /// Lets time pass until a sleeper would notice something, but not beyond the deadline: false if that is all there is. Signals do
    /// not end a wait that has a time-out.
    fn pass_until_noticeable(&mut self, deadline: u64, only_looks: bool) -> bool {
        let next = self.next_noticeable().filter(|next| *next <= deadline);
        if next.is_none() && only_looks {
            self.let_a_moment_pass();
        }
        self.run_until(next.unwrap_or(deadline));
        next.is_some()
    }
}

vidbuf_abi::event_conversions!(conversions);
use conversions::{from_kernel, to_kernel};

/// The kernel's type and payload.
fn payload(data: &EventData) -> (u32, v4l2_event_u) {
    match *data {
        EventData::VerticalSync { field } => {
            (V4L2_EVENT_VSYNC, v4l2_event_u::of_vsync(v4l2_event_vsync { field: field.0 as u8 }))
        }
        EventData::EndOfStream => (V4L2_EVENT_EOS, v4l2_event_u::default()),
        EventData::Control(change) => {
            let ctrl = v4l2_event_ctrl {
                changes: change.changes.bits(),
                type_: change.control_type,
                value: v4l2_event_ctrl_value::of_value64(change.value),
                flags: change.flags,
                minimum: change.minimum,
                maximum: change.maximum,
                step: change.step,
                default_value: change.default,
            };
            (V4L2_EVENT_CTRL, v4l2_event_u::of_ctrl(ctrl))
        }
        EventData::FrameSync { sequence } => {
            let sync = v4l2_event_frame_sync { frame_sequence: sequence };
            (V4L2_EVENT_FRAME_SYNC, v4l2_event_u::of_frame_sync(sync))
        }
        EventData::SourceChange(changes) => {
            let change = v4l2_event_src_change { changes: changes.bits() };
            (V4L2_EVENT_SOURCE_CHANGE, v4l2_event_u::of_src_change(change))
        }
        EventData::Motion { sequence, regions } => {
            let flags = if sequence.is_some() { V4L2_EVENT_MD_FL_HAVE_FRAME_SEQ } else { 0 };
            let frame_sequence = sequence.unwrap_or_default();
            let motion = v4l2_event_motion_det { flags, frame_sequence, region_mask: regions };
            (V4L2_EVENT_MOTION_DET, v4l2_event_u::of_motion_det(motion))
        }
        EventData::Other { event_type, data } => (event_type.0, v4l2_event_u::of_data(data)),
        // Of a later version of `vidbuf`: no driver here has it.
        _ => (0, v4l2_event_u::default()),
    }
}
