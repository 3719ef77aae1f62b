//! Time passing: when the driver does something, and what.

use crate::kernel::Rooms;
use crate::recording::Happening;
use crate::script::Event;
use crate::source::{Player, Source};
use crate::state::State;

impl<R: Rooms> State<'_, R> {
    /// When the driver does the next thing that a sleeper would notice; `None`: never.
    pub fn next_noticeable(&self) -> Option<u64> {
        if !self.running || self.node.is_unplugged() {
            return None;
        }
        if let Source::Recording(player) = &self.source {
            return self.next_noticeable_recorded(player);
        }
        let mut at = self.next_ns;
        for event in &self.script.events {
            match event {
                Event::Drop(frames) | Event::Stall(frames) => {
                    at = at.saturating_add(self.settings.interval_ns.saturating_mul(u64::from(*frames)));
                }
                Event::SourceChange { .. } => {}
                Event::StallForever => return None,
                Event::QueueError | Event::Unplug => return Some(at),
                _ => break,
            }
        }
        // What a plan will draw is not known; if it is nothing after all, the sleeper looks again.
        (self.can_complete() || self.source.may_wake()).then_some(at)
    }

    /// The same for a recording: its lines give the times, the script what happens to the frames.
    fn next_noticeable_recorded(&self, player: &Player<'_>) -> Option<u64> {
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
                _ if self.can_complete() => return Some(at),
                _ => {}
            }
        }
        None
    }

    /// Lets time pass up to `until`, with all that the driver does meanwhile.
    pub fn run_until(&mut self, until: u64) {
        while self.running {
            if let Source::Recording(player) = &self.source {
                let Some(at_us) = player.next().and_then(|happening| happening.at_us()) else { break };
                self.next_ns = self.started_ns.saturating_add(at_us.saturating_mul(1000));
            }
            if self.next_ns > until {
                break;
            }
            let interval = self.settings.interval_ns.max(1);
            let due = if self.source.is_steady() { (until - self.next_ns) / interval + 1 } else { 1 };
            let passed = self.frames(due);
            if passed > 0 {
                self.source.advance();
            }
            self.next_ns = self.next_ns.saturating_add(interval.saturating_mul(passed));
            self.follow_driver();
            if self.next_ns == u64::MAX {
                break;
            }
        }
        if self.node.now_ns() < until {
            self.node.set_now_ns(until);
        }
        self.signals.pass(self.node.now_ns());
    }

    /// The end of one frame, or of up to `due` frames in which nothing happens. Answers how many.
    fn frames(&mut self, due: u64) -> u64 {
        match self.source.recorded() {
            Some(Happening::QueueError { .. }) => return self.happen(Event::QueueError),
            Some(Happening::Unplug { .. }) => return self.happen(Event::Unplug),
            _ => {}
        }
        let planned = if self.script.events.is_empty() {
            let bytes = self.node.format(self.main_queue()).map_or(0, |format| format.plane[0].sizeimage);
            self.source.draw(bytes)
        } else {
            None
        };
        if let Some(event) = planned {
            // There is room: it was empty.
            let _ = self.script.push(event);
        }
        let event = self.script.events.front().copied();
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
            Some(event @ (Event::QueueError | Event::Unplug | Event::SourceChange { .. })) => {
                self.script.events.pop_front();
                self.happen(event)
            }
            _ if !self.can_complete() => {
                // Nobody has a buffer for them, nor notices what chance makes of them. The script waits.
                if planned.is_some() {
                    self.script.events.pop_front();
                }
                self.skip_frames(due);
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

    /// Something that is no frame. Answers how many frame times it takes.
    fn happen(&mut self, event: Event) -> u64 {
        self.node.set_now_ns(self.next_ns);
        match event {
            Event::SourceChange { width, height } => {
                self.source_size = Some((width, height));
                return 0;
            }
            Event::Unplug => self.node.unplug(),
            _ => (0..=self.main_queue()).for_each(|queue| self.node.fail_queue(queue)),
        }
        1
    }

    /// Frames that nobody has a buffer for. A codec without work loses none.
    fn skip_frames(&mut self, frames: u64) {
        if !self.is_codec() {
            self.node.skip_frames(0, frames);
            self.scribble();
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
}
