//! Time passing: when the driver does something, and what.

use crate::kernel::{NodeOf, QueueId, Rooms};
use crate::recording::Happening;

use super::bytes::Bytes;
use super::script::Event;
use super::source::{Player, Source};
use super::{Engine, Work};

impl Engine<'_> {
    /// Looks whether the stream was started or stopped by the last call, and sets the engine's clock. The node's clock is to
    /// show the time of the call.
    #[inline]
    pub fn follow<R: Rooms>(&mut self, node: &NodeOf<R>) {
        let started = node.is_started(QueueId::FIRST) && node.is_started(node.main_queue());
        if started != self.running {
            self.turn(started, node.now_ns());
        }
    }

    fn turn(&mut self, started: bool, now_ns: u64) {
        if started {
            self.started_ns = now_ns;
            self.next_ns = now_ns.saturating_add(self.interval_ns);
            self.source.start();
        } else if self.script.events.front() == Some(&Event::StallForever) {
            // Until the stream is started again: it ends with the stream.
            self.script.events.pop_front();
        }
        self.running = started;
    }

    /// When the device does the next thing that a sleeping program would notice, in nanoseconds of the node's clock; `None`: never,
    /// unless a call changes something.
    ///
    /// Chance may turn out to do nothing at that time; then there is a later one.
    pub fn next_ns<R: Rooms>(&self, node: &NodeOf<R>) -> Option<u64> {
        let frame = self.next_frame_ns(node);
        match self.next_cable_ns() {
            Some(cable) => Some(frame.map_or(cable, |frame| frame.min(cable))),
            None => frame,
        }
    }

    #[inline]
    fn next_frame_ns<R: Rooms>(&self, node: &NodeOf<R>) -> Option<u64> {
        if !self.running || node.is_unplugged() {
            return None;
        }
        if let Source::Recording(player) = &self.source {
            return self.next_recorded_ns(player, node);
        }
        let mut at = self.next_ns;
        for event in &self.script.events {
            match event {
                Event::Drop(frames) | Event::Stall(frames) => {
                    at = at.saturating_add(self.interval_ns.saturating_mul(u64::from(*frames)));
                }
                Event::StallForever => return None,
                Event::QueueError | Event::Unplug | Event::SourceChange { .. } | Event::Cable(_) => return Some(at),
                _ if node.is_silent() => return None,
                _ => break,
            }
        }
        if node.is_silent() {
            return None;
        }
        // What a plan will draw is not known; if it is nothing after all, the sleeper looks again.
        (Self::can_complete(node) || self.source.may_wake()).then_some(at)
    }

    /// The same for a recording: its lines give the times, the script what happens to the frames.
    fn next_recorded_ns<R: Rooms>(&self, player: &Player<'_>, node: &NodeOf<R>) -> Option<u64> {
        let mut events = self.script.events.iter().filter(|event| !matches!(event, Event::SourceChange { .. }));
        let mut skip = 0;
        for happening in player.ahead() {
            let at = self.started_ns.saturating_add(happening.at_us()?.saturating_mul(1000));
            if !matches!(happening, Happening::Frame(_)) {
                return Some(at);
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            match events.next() {
                Some(Event::Drop(frames) | Event::Stall(frames)) => skip = frames.saturating_sub(1),
                Some(Event::StallForever) => return None,
                Some(Event::QueueError | Event::Unplug) => return Some(at),
                _ if Self::can_complete(node) => return Some(at),
                _ => {}
            }
        }
        None
    }

    /// Lets time pass up to `until_ns`, with all that the device does meanwhile, and sets the node's clock.
    pub fn run_until<R: Rooms, B: Bytes + ?Sized>(&mut self, node: &mut NodeOf<R>, bytes: &mut B, until_ns: u64) {
        if !self.cables.is_empty() {
            self.turn_cables_until(node, bytes, until_ns);
        }
        self.run_frames_until(node, bytes, until_ns);
    }

    /// Changes of the cable that are due, and the frames before each.
    #[cold]
    fn turn_cables_until<R: Rooms, B: Bytes + ?Sized>(&mut self, node: &mut NodeOf<R>, bytes: &mut B, until_ns: u64) {
        while let Some(at_ns) = self.next_cable_ns().filter(|at_ns| *at_ns <= until_ns) {
            self.run_frames_until(node, bytes, at_ns);
            self.turn_cable(node);
        }
    }

    fn run_frames_until<R: Rooms, B: Bytes + ?Sized>(&mut self, node: &mut NodeOf<R>, bytes: &mut B, until_ns: u64) {
        if self.running {
            Work { engine: self, node, bytes }.run_until(until_ns);
        }
        if node.now_ns() < until_ns {
            node.set_now_ns(until_ns);
        }
    }
}

impl<R: Rooms, B: Bytes + ?Sized> Work<'_, '_, R, B> {
    fn run_until(&mut self, until: u64) {
        while self.engine.running {
            if let Source::Recording(player) = &self.engine.source {
                let Some(at_us) = player.next().and_then(|happening| happening.at_us()) else { break };
                self.engine.next_ns = self.engine.started_ns.saturating_add(at_us.saturating_mul(1000));
            }
            if self.engine.next_ns > until {
                break;
            }
            let interval = self.engine.interval_ns.max(1);
            let due = if self.engine.source.is_steady() { (until - self.engine.next_ns) / interval + 1 } else { 1 };
            let passed = self.frames(due);
            if passed > 0 {
                self.engine.source.advance();
            }
            self.engine.next_ns = self.engine.next_ns.saturating_add(interval.saturating_mul(passed));
            self.engine.follow(self.node);
            if self.engine.next_ns == u64::MAX {
                break;
            }
        }
    }

    /// The end of one frame, or of up to `due` frames in which nothing happens. Returns how many.
    fn frames(&mut self, due: u64) -> u64 {
        match self.engine.source.recorded() {
            Some(Happening::QueueError { .. }) => return self.happen(Event::QueueError),
            Some(Happening::Unplug { .. }) => return self.happen(Event::Unplug),
            _ => {}
        }
        let planned = if self.engine.script.events.is_empty() {
            let bytes = self.node.format(self.node.main_queue()).map_or(0, |format| format.plane[0].sizeimage);
            self.engine.source.draw(bytes)
        } else {
            None
        };
        if let Some(event) = planned {
            // There is room: it was empty.
            let _ = self.engine.script.push(event);
        }
        let event = self.engine.script.events.front().copied();
        let bulk = |frames: u32| due.min(u64::from(frames));
        match event {
            Some(Event::Drop(frames)) => {
                self.skip_frames(bulk(frames));
                self.shorten(frames, bulk(frames), Event::Drop);
                bulk(frames)
            }
            Some(Event::Stall(frames)) => {
                self.shorten(frames, bulk(frames), Event::Stall);
                bulk(frames)
            }
            Some(Event::StallForever) => due,
            Some(event @ (Event::QueueError | Event::Unplug | Event::SourceChange { .. } | Event::Cable(_))) => {
                self.engine.script.events.pop_front();
                self.happen(event)
            }
            _ if self.node.is_silent() || !Engine::can_complete(self.node) => {
                // No buffer is there for them, so random faults would have no effect. The script waits.
                if planned.is_some() {
                    self.engine.script.events.pop_front();
                }
                // Of a source that sends nothing, nothing is lost.
                if !self.node.is_silent() {
                    self.skip_frames(due);
                }
                due
            }
            event => {
                self.engine.script.events.pop_front();
                self.node.set_now_ns(self.engine.next_ns);
                self.finish_one(event.unwrap_or(Event::Frame));
                1
            }
        }
    }

    /// Something that is no frame. Returns how many frame times it takes.
    fn happen(&mut self, event: Event) -> u64 {
        self.node.set_now_ns(self.engine.next_ns);
        match event {
            Event::SourceChange { width, height } => {
                self.node.set_source_size(width, height);
                return 0;
            }
            Event::Cable(cable) => {
                self.node.set_cable(self.node.input(), cable);
                return 0;
            }
            Event::Unplug => self.node.unplug(),
            _ => {
                self.node.fail_queue(QueueId::FIRST);
                self.node.fail_queue(self.node.main_queue());
            }
        }
        1
    }

    /// Frames that no buffer is there for. A codec without work loses none.
    fn skip_frames(&mut self, frames: u64) {
        if !self.node.is_codec() {
            self.node.skip_frames(QueueId::FIRST, frames);
            self.scribble();
        }
    }

    fn shorten(&mut self, frames: u32, passed: u64, remake: fn(u32) -> Event) {
        self.engine.script.events.pop_front();
        let left = frames - passed as u32;
        if left > 0 {
            // There is room: one was just taken.
            let _ = self.engine.script.events.push_front(remake(left));
        }
    }
}
