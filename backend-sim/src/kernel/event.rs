//! Events: who has asked for which, and what waits to be taken.

use heapless::Vec;
use vidbuf::Errno;
use vidbuf_abi::buffer::v4l2_timespec;
use vidbuf_abi::event::{
    V4L2_EVENT_ALL, V4L2_EVENT_CTRL, V4L2_EVENT_SOURCE_CHANGE, V4L2_EVENT_SRC_CH_RESOLUTION,
    V4L2_EVENT_SUB_FL_ALLOW_FEEDBACK, V4L2_EVENT_SUB_FL_SEND_INITIAL, v4l2_event, v4l2_event_ctrl,
    v4l2_event_src_change, v4l2_event_subscription, v4l2_event_u,
};

use super::NodeOf;
use super::room::Rooms;

/// Subscriptions of all open files, at most: more fail with ENOMEM. A program that subscribes to every control of vivid has 78.
const SUBSCRIPTIONS: usize = 96;

/// Events that wait in all open files, at most. Each subscription has a slot at least; when more slots are full than there is room for,
/// the oldest event of the subscription goes, as if it had fewer.
const EVENTS: usize = 96;

/// Bytes of a payload that are kept. The longest, of a control, has as many.
const PAYLOAD: usize = size_of::<v4l2_event_ctrl>();

#[derive(Clone, Copy, Debug)]
struct Subscription {
    file: u8,
    slots: u8,
    type_: u32,
    id: u32,
    flags: u32,
}

impl Subscription {
    fn is(&self, file: usize, type_: u32, id: u32) -> bool {
        usize::from(self.file) == file && (self.type_, self.id) == (type_, id)
    }
}

#[derive(Clone, Copy, Debug)]
struct Pending {
    file: u8,
    type_: u32,
    id: u32,
    sequence: u32,
    at_ns: u64,
    payload: [u8; PAYLOAD],
}

impl Pending {
    fn is(&self, file: usize, type_: u32, id: u32) -> bool {
        usize::from(self.file) == file && (self.type_, self.id) == (type_, id)
    }

    /// The first word of the payload, in which controls and sources have what has changed.
    fn changes(&mut self) -> Option<&mut [u8; 4]> {
        matches!(self.type_, V4L2_EVENT_CTRL | V4L2_EVENT_SOURCE_CHANGE).then(|| self.payload.first_chunk_mut())?
    }

    /// Takes over what an event that goes had changed.
    fn merge(&mut self, mut gone: Self) {
        if let (Some(own), Some(before)) = (self.changes(), gone.changes()) {
            *own = (u32::from_ne_bytes(*own) | u32::from_ne_bytes(*before)).to_ne_bytes();
        }
    }
}

/// The events of a node, of all its open files.
#[derive(Clone, Debug, Default)]
pub(super) struct Events {
    subscriptions: Vec<Subscription, SUBSCRIPTIONS>,
    /// In the order in which they came.
    pending: Vec<Pending, EVENTS>,
}

impl Events {
    fn has(&self, file: usize) -> bool {
        self.pending.iter().any(|event| usize::from(event.file) == file)
    }

    fn find(&self, file: usize, type_: u32, id: u32) -> Option<Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.is(file, type_, id)).copied()
    }

    /// Makes room for one more of a subscription, as the kernel does: the oldest goes, and what it had changed is in the next one, which
    /// is the new one if there is one slot.
    fn push(&mut self, slots: u8, mut event: Pending) {
        let (file, type_, id) = (usize::from(event.file), event.type_, event.id);
        let own = self.pending.iter().filter(|pending| pending.is(file, type_, id)).count();
        if own >= usize::from(slots.max(1)) || self.pending.is_full() {
            let Some(oldest) = self.pending.iter().position(|pending| pending.is(file, type_, id)) else { return };
            let gone = self.pending.remove(oldest);
            match self.pending.iter_mut().find(|pending| pending.is(file, type_, id)) {
                Some(next) => next.merge(gone),
                None => event.merge(gone),
            }
        }
        // There is room.
        let _ = self.pending.push(event);
    }

    fn end(&mut self, ends: impl Fn(usize, u32, u32) -> bool) {
        self.subscriptions.retain(|one| !ends(one.file.into(), one.type_, one.id));
        self.pending.retain(|one| !ends(one.file.into(), one.type_, one.id));
    }

    /// A file is closed.
    pub(super) fn forget(&mut self, file: usize) {
        self.end(|of, _, _| of == file);
    }
}

impl<R: Rooms> NodeOf<R> {
    /// Whether an event waits in an open file: poll returns POLLPRI.
    pub(super) fn has_event(&self, file: usize) -> bool {
        self.events.has(file)
    }

    /// Whether any file has asked for events.
    #[inline]
    pub(super) fn has_subscriptions(&self) -> bool {
        !self.events.subscriptions.is_empty()
    }

    /// How many slots a subscription of this type gets; `None`: the driver has no such events.
    fn slots(&self, type_: u32) -> Option<u8> {
        self.driver.profile.events.iter().find(|(offered, _)| *offered == type_).map(|(_, slots)| *slots)
    }

    /// `VIDIOC_SUBSCRIBE_EVENT`.
    pub(super) fn subscribe(&mut self, file: usize, asked: &v4l2_event_subscription) -> Result<(), Errno> {
        let v4l2_event_subscription { type_, id, flags, .. } = *asked;
        if type_ == V4L2_EVENT_ALL {
            return Err(Errno::EINVAL);
        }
        let slots = self.slots(type_).ok_or(Errno::EINVAL)?;
        let control = match type_ {
            V4L2_EVENT_CTRL => Some(self.find_control(id).ok_or(Errno::EINVAL)?),
            _ => None,
        };
        if self.events.find(file, type_, id).is_some() {
            return Ok(());
        }
        let subscription = Subscription { file: file as u8, slots, type_, id, flags };
        self.events.subscriptions.push(subscription).map_err(|_| Errno::ENOMEM)?;
        let initial = control.filter(|_| flags & V4L2_EVENT_SUB_FL_SEND_INITIAL != 0);
        if let Some((place, state)) = initial.and_then(|place| Some((place, self.initial_event(place)?))) {
            // By the control's own number: an older number finds it, but has no events.
            self.offer(file, V4L2_EVENT_CTRL, place.control.id.0, v4l2_event_u::of_ctrl(state));
        }
        Ok(())
    }

    /// `VIDIOC_UNSUBSCRIBE_EVENT`, which never fails.
    pub(super) fn unsubscribe(&mut self, file: usize, asked: &v4l2_event_subscription) {
        let v4l2_event_subscription { type_, id, .. } = *asked;
        match type_ {
            V4L2_EVENT_ALL => self.events.forget(file),
            _ => self.events.end(|of, own_type, own_id| (of, own_type, own_id) == (file, type_, id)),
        }
    }

    /// `VIDIOC_DQEVENT`: the oldest event of a file; `None` if there is none.
    pub(super) fn take_event(&mut self, file: usize) -> Option<v4l2_event> {
        let at = self.events.pending.iter().position(|event| usize::from(event.file) == file)?;
        let taken = self.events.pending.remove(at);
        let mut event = v4l2_event { type_: taken.type_, id: taken.id, sequence: taken.sequence, ..Default::default() };
        for (to, from) in event.u.bytes.iter_mut().zip(taken.payload) {
            *to = from;
        }
        event.pending = self.events.pending.iter().filter(|event| usize::from(event.file) == file).count() as u32;
        let (seconds, nanoseconds) = (taken.at_ns / 1_000_000_000, taken.at_ns % 1_000_000_000);
        event.timestamp = v4l2_timespec { tv_sec: seconds as i64, tv_nsec: nanoseconds as i64 };
        Some(event)
    }

    /// Offers an event to one open file.
    fn offer(&mut self, file: usize, type_: u32, id: u32, payload: v4l2_event_u) {
        let Some(subscription) = self.events.find(file, type_, id) else { return };
        let Some(slot) = self.room.files_mut().get_mut(file) else { return };
        let sequence = slot.event_sequence;
        slot.event_sequence = sequence.wrapping_add(1);
        let mut event =
            Pending { file: file as u8, type_, id, sequence, at_ns: self.driver.now_ns, payload: [0; PAYLOAD] };
        for (to, from) in event.payload.iter_mut().zip(payload.bytes) {
            *to = from;
        }
        self.events.push(subscription.slots, event);
    }

    /// An event for every open file that has asked for it: of a driver's own type, or of one that the node does not make itself. The
    /// payload is cut to 40 bytes.
    ///
    /// ```
    /// use vidbuf_sim::kernel::abi::event::{V4L2_EVENT_FRAME_SYNC, v4l2_event, v4l2_event_subscription, v4l2_event_u};
    /// use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQEVENT, VIDIOC_SUBSCRIBE_EVENT};
    /// use vidbuf_sim::kernel::{Node, OpenMode};
    /// use vidbuf_sim::{Errno, Kernel, Profile};
    ///
    /// let mut node = Node::<8>::new(Profile::UNICAM, Kernel::V6_12, 4096, 16 << 20);
    /// let file = node.open(OpenMode::NONBLOCKING)?;
    /// let mut asked = v4l2_event_subscription { type_: V4L2_EVENT_FRAME_SYNC, ..Default::default() };
    /// node.call(file, VIDIOC_SUBSCRIBE_EVENT, &mut asked, &mut [])?;
    /// node.queue_event(V4L2_EVENT_FRAME_SYNC, 0, v4l2_event_u::default());
    /// let mut event = v4l2_event::default();
    /// node.call(file, VIDIOC_DQEVENT, &mut event, &mut [])?;
    /// assert_eq!((event.type_, event.sequence, event.pending), (V4L2_EVENT_FRAME_SYNC, 0, 0));
    /// assert_eq!(node.call(file, VIDIOC_DQEVENT, &mut event, &mut []).err(), Some(Errno::ENOENT));
    /// # Ok::<(), Errno>(())
    /// ```
    pub fn queue_event(&mut self, type_: u32, id: u32, payload: v4l2_event_u) {
        for file in 0..self.room.files().len() {
            self.offer(file, type_, id, payload);
        }
    }

    /// A control has changed: an event for every open file that has asked for it, except the one that changed it, unless it asked for
    /// those, too. `by`: the file, if its value was set by one.
    pub(super) fn control_changed(&mut self, by: Option<usize>, id: u32, change: v4l2_event_ctrl) {
        for file in 0..self.room.files().len() {
            let flags = self.events.find(file, V4L2_EVENT_CTRL, id).map_or(0, |subscription| subscription.flags);
            if by != Some(file) || flags & V4L2_EVENT_SUB_FL_ALLOW_FEEDBACK != 0 {
                self.offer(file, V4L2_EVENT_CTRL, id, v4l2_event_u::of_ctrl(change));
            }
        }
    }

    /// The source of an input has changed.
    pub(super) fn source_changed(&mut self, input: u32) {
        let change = v4l2_event_src_change { changes: V4L2_EVENT_SRC_CH_RESOLUTION };
        self.queue_event(V4L2_EVENT_SOURCE_CHANGE, input, v4l2_event_u::of_src_change(change));
    }
}

const _: () = assert!(PAYLOAD <= v4l2_event_u::ZERO.bytes.len());
