//! What the lock guards: the node, its clock, its script and its memory.
//!
//! # Safety
//!
//! Pictures are drawn into, and sent bytes read from, memory that regions were handed out of. Only buffers in the driver's
//! hands (ACTIVE) are touched, whose bytes the program has promised not to borrow.
#![allow(unsafe_code)]

use crate::errno::SimErrno;
use crate::kernel::{Completion, File, Node, OpenMode, abi};
use crate::memory::Memory;
use crate::picture::Picture;
use crate::profile::{Kernel, Profile};
use crate::report::{Sent, SentRing, Violation, Violations};
use crate::script::{Event, Script};
use crate::trace::{Answer, Call, Trace};

/// Byte that a capture buffer is filled with when it is handed to the driver.
pub const POISON_ENQUEUED: u8 = 0xa5;
/// Byte that a region is filled with when it is unmapped.
pub const POISON_UNMAPPED: u8 = 0xde;

/// Choices made before the first call.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub profile: Profile,
    pub kernel: Kernel,
    pub page: usize,
    pub mode: OpenMode,
    pub pixelformat: Option<vidbuf::FourCc>,
    pub bytesperline: [u32; 3],
    pub interval_ns: u64,
    pub pictures: bool,
    pub poison: bool,
    pub strict: bool,
}

pub(crate) struct State<'m, const BUFFERS: usize, const QUEUES: usize> {
    pub settings: Settings,
    pub node: Node<BUFFERS, QUEUES>,
    pub file: Option<File>,
    pub memory: Memory<'m>,
    pub script: Script,
    pub trace: Trace<'m>,
    pub violations: Violations,
    pub sent: SentRing,
    /// When the next frame ends, for a driver that runs.
    next_ns: u64,
    running: bool,
}

impl<'m, const BUFFERS: usize, const QUEUES: usize> State<'m, BUFFERS, QUEUES> {
    pub fn new(settings: Settings, memory: Memory<'m>) -> Self {
        let node = Node::new(settings.profile, settings.kernel, settings.page, memory.length());
        let mut state = Self {
            settings,
            node,
            file: None,
            memory,
            script: Script::default(),
            trace: Trace::new(),
            violations: Violations::default(),
            sent: SentRing::default(),
            next_ns: 0,
            running: false,
        };
        state.rebuild();
        state
    }

    /// Makes the node anew after a setting changed.
    pub fn rebuild(&mut self) {
        let settings = &self.settings;
        self.memory.align(settings.page);
        self.node = Node::new(settings.profile, settings.kernel, settings.page, self.memory.length());
        self.node.set_now_ns(1_000_000_000);
        self.file = self.node.open(settings.mode).ok();
        let (width, height) = settings.profile.size;
        let buffer_type = self.node.buffer_type(0);
        if let Some(file) = self.file {
            let pixels = settings.pixelformat.or(settings.profile.formats.first().map(|format| format.fourcc));
            if let Some(pixels) = pixels {
                // Cannot fail: nothing is allocated and the type is the node's own.
                let _ = self.node.set_format(file, buffer_type, pixels, width, height, settings.bytesperline);
            }
        }
    }

    /// The beginning of every call: counts it, and lets a scripted fault strike.
    pub fn begin(&mut self, call: Call) -> Result<(), SimErrno> {
        self.trace.count(call);
        match self.script.strike(call) {
            Some(errno) => {
                if errno == SimErrno::ENODEV {
                    self.node.unplug();
                }
                Err(errno)
            }
            None => Ok(()),
        }
    }

    /// The end of every call.
    pub fn end(&mut self, call: Call, argument: u64, answer: Answer) {
        self.trace.push(self.node.now_ns(), call, argument, answer);
    }

    pub fn violate(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// Looks whether the driver was started or stopped by the last call, and sets its clock.
    pub fn follow_driver(&mut self) {
        let started = self.node.is_started(0);
        if started && !self.running {
            self.next_ns = self.node.now_ns().saturating_add(self.settings.interval_ns);
        }
        self.running = started;
    }

    /// When the driver does the next thing that a sleeper would notice; `None`: never.
    pub fn next_noticeable(&self) -> Option<u64> {
        if !self.running || self.node.is_unplugged() {
            return None;
        }
        let mut at = self.next_ns;
        for event in &self.script.events {
            match event {
                Event::Drop(frames) | Event::Stall(frames) => {
                    at = at.saturating_add(self.settings.interval_ns.saturating_mul(u64::from(*frames)));
                }
                Event::StallForever => return None,
                Event::QueueError | Event::Unplug => return Some(at),
                _ => break,
            }
        }
        self.node.can_complete(0).then_some(at)
    }

    /// Lets time pass up to `until`, with all that the driver does meanwhile.
    pub fn run_until(&mut self, until: u64) {
        while self.running && self.next_ns <= until {
            let interval = self.settings.interval_ns.max(1);
            let due = (until - self.next_ns) / interval + 1;
            let passed = self.frames(due);
            self.next_ns = self.next_ns.saturating_add(interval.saturating_mul(passed));
            self.follow_driver();
            if self.next_ns == u64::MAX {
                break;
            }
        }
        if self.node.now_ns() < until {
            self.node.set_now_ns(until);
        }
    }

    /// The end of one frame, or of up to `due` frames in which nothing happens. Answers how many.
    fn frames(&mut self, due: u64) -> u64 {
        let event = self.script.events.front().copied();
        let bulk = |frames: u32| due.min(u64::from(frames));
        match event {
            Some(Event::Drop(frames)) => {
                self.node.skip_frames(0, bulk(frames));
                self.shorten(frames, bulk(frames), Event::Drop);
                bulk(frames)
            }
            Some(Event::Stall(frames)) => {
                self.shorten(frames, bulk(frames), Event::Stall);
                bulk(frames)
            }
            Some(Event::StallForever) => due,
            Some(Event::QueueError) => {
                self.script.events.pop_front();
                self.node.set_now_ns(self.next_ns);
                self.node.fail_queue(0);
                1
            }
            Some(Event::Unplug) => {
                self.script.events.pop_front();
                self.node.set_now_ns(self.next_ns);
                self.node.unplug();
                1
            }
            _ if !self.node.can_complete(0) => {
                // Nobody has a buffer for them.
                self.node.skip_frames(0, due);
                due
            }
            event => {
                self.script.events.pop_front();
                self.node.set_now_ns(self.next_ns);
                self.finish_one(event.unwrap_or(Event::Frame));
                1
            }
        }
    }

    fn shorten(&mut self, frames: u32, passed: u64, remake: fn(u32) -> Event) {
        self.script.events.pop_front();
        let left = frames - passed as u32;
        if left > 0 {
            // There is room: one was just taken.
            let _ = self.script.events.push_front(remake(left));
        }
    }

    /// Finishes one buffer as the event says.
    fn finish_one(&mut self, event: Event) {
        if let Event::Sequence(sequence) = event {
            self.node.set_next_sequence(0, sequence);
        }
        let Some(sequence) = self.node.next_sequence(0) else { return };
        let skip = match event {
            Event::OutOfOrder(places) => {
                places.min(self.node.active(0).saturating_sub(1 + self.settings.profile.keeps))
            }
            _ => 0,
        };
        let Some(index) = self.node.active_buffer(0, skip) else { return };
        let mut completion = self.node.good_frame(0, sequence);
        self.contents(index, sequence, &mut completion, event);
        match event {
            Event::Error => completion.error = true,
            Event::Short(bytes) => self.claim(&mut completion, index, 0, |payload| {
                payload.bytesused = payload.bytesused.min(bytes.saturating_add(payload.data_offset));
            }),
            Event::Last => completion.flags |= abi::flags::LAST,
            Event::EmptyLast => {
                completion.flags |= abi::flags::LAST;
                completion.payload = Some(Default::default());
            }
            Event::Payload { plane, bytesused, data_offset } => {
                self.claim(&mut completion, index, plane as usize, |payload| {
                    *payload = vidbuf::PlanePayload { bytesused, data_offset };
                });
            }
            _ => {}
        }
        self.node.complete(0, index, &completion);
    }

    /// Changes what the driver says of one plane's payload.
    fn claim(
        &self,
        completion: &mut Completion,
        index: u32,
        plane: usize,
        change: impl FnOnce(&mut vidbuf::PlanePayload),
    ) {
        let mut payload = completion.payload.unwrap_or_else(|| self.node.payload(0, index));
        if let Some(plane) = payload.get_mut(plane) {
            change(plane);
        }
        completion.payload = Some(payload);
    }

    /// Draws a capture buffer's picture, or remembers what an output buffer held.
    fn contents(&mut self, index: u32, sequence: u32, completion: &mut Completion, event: Event) {
        let Some(format) = self.node.format(0).copied() else { return };
        if self.settings.profile.flow == crate::profile::Flow::Output {
            let payload = self.node.payload(0, index);
            let mut sent = Sent::new(index, sequence, self.node.now_ns());
            for plane in 0..format.planes.min(8) {
                let Some((start, length)) = self.node.plane_memory(0, index, plane) else { continue };
                let from = (payload[plane as usize].data_offset as usize).min(length);
                let to = (payload[plane as usize].bytesused as usize).clamp(from, length);
                sent.bytes += (to - from) as u32;
                if self.settings.pictures {
                    // SAFETY: the buffer is the driver's (ACTIVE), so the program neither writes nor borrows its bytes.
                    unsafe { self.memory.read(start + from, to - from, |piece| sent.add(piece)) };
                }
            }
            self.sent.push(sent);
            return;
        }
        let picture = Picture::new(&format, sequence);
        if format.plane[0].bytesperline == 0 {
            completion.payload.get_or_insert_default()[0].bytesused = picture.compressed_length();
        }
        if !self.settings.pictures || event == Event::EmptyLast {
            return;
        }
        for plane in 0..format.planes.min(8) {
            let Some((start, length)) = self.node.plane_memory(0, index, plane) else { continue };
            for band in picture.bands(plane as usize).into_iter().flatten() {
                let first = start + band.start;
                let mut at = first;
                let end = start + length;
                if first + band.used > end {
                    continue;
                }
                picture.draw_line(&band, |piece| {
                    // SAFETY: the buffer is the driver's (ACTIVE); `at` stays inside its plane, see the check above.
                    unsafe { self.memory.write(at, piece) };
                    at += piece.len();
                });
                for line in 1..band.lines {
                    let to = first + line * band.stride;
                    if to + band.used > end {
                        break;
                    }
                    // SAFETY: as above; both lines are inside the plane.
                    unsafe { self.memory.repeat(first, to, band.used) };
                }
            }
        }
    }
}
