//! Events: who subscribed to what, and what is waiting for them. Only controls change here by themselves.

use std::collections::VecDeque;

use vidbuf_sim::kernel::File;
use vidbuf_sim::kernel::abi::buffer::v4l2_timespec;
use vidbuf_sim::kernel::abi::event::{
    v4l2_event, v4l2_event_ctrl, v4l2_event_ctrl_value, v4l2_event_subscription, v4l2_event_u,
};

use super::controls::Controls;
use crate::system::timer::now_ns;
use vidbuf_sim::Errno;

/// `V4L2_EVENT_*`.
pub mod kind {
    pub const ALL: u32 = 0;
    pub const EOS: u32 = 2;
    pub const CTRL: u32 = 3;
}

const SEND_INITIAL: u32 = 1;
const ALLOW_FEEDBACK: u32 = 2;
const CHANGED_VALUE: u32 = 1;
const CHANGED_FLAGS: u32 = 2;
/// Events that wait at most for each file; the oldest is lost first.
const MOST: usize = 32;

#[derive(Clone)]
struct Subscription {
    file: File,
    kind: u32,
    id: u32,
    feedback: bool,
}

/// All subscriptions of a node.
#[derive(Clone)]
pub struct Events {
    subscriptions: Vec<Subscription>,
    waiting: VecDeque<(File, v4l2_event)>,
    /// Events sent to each file.
    sequence: Vec<(File, u32)>,
}

impl Events {
    /// None.
    pub const fn new() -> Self {
        Self { subscriptions: Vec::new(), waiting: VecDeque::new(), sequence: Vec::new() }
    }

    /// VIDIOC_SUBSCRIBE_EVENT.
    pub fn subscribe(&mut self, file: File, ask: &v4l2_event_subscription, controls: &Controls) -> Result<(), Errno> {
        let place = match ask.type_ {
            kind::CTRL => Some(controls.find(ask.id).ok_or(Errno::EINVAL)?),
            kind::EOS => None,
            _ => return Err(Errno::EINVAL),
        };
        if self.subscriptions.iter().any(|old| (old.file, old.kind, old.id) == (file, ask.type_, ask.id)) {
            return Ok(());
        }
        let feedback = ask.flags & ALLOW_FEEDBACK != 0;
        self.subscriptions.push(Subscription { file, kind: ask.type_, id: ask.id, feedback });
        if let Some(place) = place.filter(|_| ask.flags & SEND_INITIAL != 0)
            && controls.at(place).kind != super::controls::kind::CTRL_CLASS
        {
            self.send(file, control_event(place, controls, CHANGED_VALUE | CHANGED_FLAGS));
        }
        Ok(())
    }

    /// VIDIOC_UNSUBSCRIBE_EVENT.
    pub fn unsubscribe(&mut self, file: File, ask: &v4l2_event_subscription) {
        let all = ask.type_ == kind::ALL;
        let meant = |kind, id| all || (kind, id) == (ask.type_, ask.id);
        self.subscriptions.retain(|old| old.file != file || !meant(old.kind, old.id));
        self.waiting.retain(|(to, event)| *to != file || !meant(event.type_, event.id));
    }

    /// The file was closed.
    pub fn forget(&mut self, file: File) {
        self.subscriptions.retain(|old| old.file != file);
        self.waiting.retain(|(to, _)| *to != file);
        self.sequence.retain(|(to, _)| *to != file);
    }

    /// A control has another value.
    pub fn control_changed(&mut self, by: File, place: usize, controls: &Controls) {
        let id = controls.at(place).id;
        let meant = |old: &&Subscription| old.kind == kind::CTRL && old.id == id && (old.feedback || old.file != by);
        let files: Vec<File> = self.subscriptions.iter().filter(meant).map(|old| old.file).collect();
        for file in files {
            self.send(file, control_event(place, controls, CHANGED_VALUE));
        }
    }

    fn send(&mut self, file: File, mut event: v4l2_event) {
        event.sequence = match self.sequence.iter_mut().find(|(to, _)| *to == file) {
            Some((_, next)) => core::mem::replace(next, next.wrapping_add(1)),
            None => {
                self.sequence.push((file, 1));
                0
            }
        };
        if self.waiting.iter().filter(|(to, _)| *to == file).count() >= MOST
            && let Some(oldest) = self.waiting.iter().position(|(to, _)| *to == file)
        {
            self.waiting.remove(oldest);
        }
        self.waiting.push_back((file, event));
    }

    /// Whether there is anything at all.
    pub fn any(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether something waits.
    pub fn pending(&self, file: File) -> bool {
        self.waiting.iter().any(|(to, _)| *to == file)
    }

    /// VIDIOC_DQEVENT, if something waits.
    pub fn dequeue(&mut self, file: File) -> Option<v4l2_event> {
        let place = self.waiting.iter().position(|(to, _)| *to == file)?;
        let (_, mut event) = self.waiting.remove(place)?;
        event.pending = self.waiting.iter().filter(|(to, _)| *to == file).count() as u32;
        Some(event)
    }
}

fn control_event(place: usize, controls: &Controls, changes: u32) -> v4l2_event {
    let control = controls.at(place);
    let now = now_ns();
    v4l2_event {
        type_: kind::CTRL,
        u: v4l2_event_u::of_ctrl(v4l2_event_ctrl {
            changes,
            type_: control.kind,
            value: v4l2_event_ctrl_value::of_value64(controls.get(place).unwrap_or(0).into()),
            flags: control.flags,
            minimum: control.range.0,
            maximum: control.range.1,
            step: control.step,
            default_value: control.default,
        }),
        timestamp: v4l2_timespec { tv_sec: (now / 1_000_000_000) as i64, tv_nsec: (now % 1_000_000_000) as i64 },
        id: control.id,
        ..Default::default()
    }
}
