//! The end of a frame: which buffer, what the driver reports of it, and what is in it.
//!
//! # Safety
//!
//! Pictures are drawn into, and sent bytes read from, memory that regions were handed out of. Only buffers in the driver's
//! hands (ACTIVE) are touched, whose bytes the program has promised not to borrow; and none that was also handed out (doubtful).
#![allow(unsafe_code)]

use vidbuf_abi::buffer::V4L2_BUF_FLAG_LAST;

use crate::kernel::{self, Completion, Rooms};
use crate::picture::Picture;
use crate::profile::Flow;
use crate::report::Sent;
use crate::script::Event;
use crate::state::State;

impl<R: Rooms> State<'_, R> {
    /// Finishes one buffer, as planned; a codec finishes one of each queue.
    pub fn finish_one(&mut self, event: Event) {
        let queue = self.main_queue();
        let recorded = self.source.recorded_frame();
        if let Some(frame) = &recorded {
            self.node.set_next_sequence(queue, frame.sequence);
        }
        if let Event::Sequence(sequence) = event {
            self.node.set_next_sequence(queue, sequence);
        }
        let Some(sequence) = self.node.next_sequence(queue) else { return };
        let skip = match event {
            Event::OutOfOrder(places) => {
                let kept = self.settings.profile.keeps.saturating_add(1);
                places.min(self.node.active(queue).saturating_sub(kept))
            }
            _ => 0,
        };
        let Some(index) = self.node.active_buffer(queue, skip) else { return };
        let mut completion = self.node.good_frame(queue, sequence);
        match &recorded {
            Some(frame) => frame.describe(self.started_ns, &mut completion),
            None => self.compress(queue, sequence, &mut completion),
        }
        if self.is_codec() {
            self.consume(&mut completion);
        }
        if event != Event::EmptyLast {
            self.contents(queue, index, sequence);
        }
        match event {
            Event::Error => completion.error = true,
            Event::Short(bytes) => self.claim(&mut completion, index, 0, |payload| {
                payload.bytesused = payload.bytesused.min(bytes.saturating_add(payload.data_offset));
            }),
            Event::Last => completion.flags |= V4L2_BUF_FLAG_LAST,
            Event::EmptyLast => {
                completion.flags |= V4L2_BUF_FLAG_LAST;
                completion.payload = Some(Default::default());
            }
            Event::Payload { plane, bytesused, data_offset } => {
                self.claim(&mut completion, index, plane as usize, |payload| {
                    *payload = vidbuf::backend::PlanePayload { bytesused, data_offset };
                });
            }
            _ => {}
        }
        if !self.settings.profile.exclusive {
            completion.sequence = 0;
        }
        self.scribble();
        self.node.complete(queue, index, &completion);
    }

    /// A codec takes the oldest buffer of its output queue; the picture made of it has its timestamp.
    fn consume(&mut self, completion: &mut Completion) {
        let Some(index) = self.node.active_buffer(0, 0) else { return };
        let Some(sequence) = self.node.next_sequence(0) else { return };
        let timestamp_ns = self.node.timestamp_ns(0, index);
        completion.timestamp_ns = Some(timestamp_ns);
        self.contents(0, index, sequence);
        let consumed = Completion { timestamp_ns: Some(timestamp_ns), ..self.node.good_frame(0, sequence) };
        self.node.complete(0, index, &consumed);
    }

    /// Changes what the driver reports of one plane's payload.
    fn claim(
        &self,
        completion: &mut Completion,
        index: u32,
        plane: usize,
        change: impl FnOnce(&mut vidbuf::backend::PlanePayload),
    ) {
        let mut payload = completion.payload.unwrap_or_else(|| self.node.payload(self.main_queue(), index));
        if let Some(plane) = payload.get_mut(plane) {
            change(plane);
        }
        completion.payload = Some(payload);
    }

    /// The payload of compressed frames differs from one to the next.
    fn compress(&self, queue: usize, sequence: u32, completion: &mut Completion) {
        if let Some(format) = self.node.format(queue)
            && self.settings.profile.flow != Flow::Output
            && format.plane[0].bytesperline == 0
        {
            let picture = Picture::new(format, sequence);
            completion.payload.get_or_insert_default()[0].bytesused = picture.compressed_length();
        }
    }

    /// A driver without videobuf2 writes the frame that has just ended into the buffers that the program holds, too.
    pub fn scribble(&mut self) {
        if self.settings.profile.exclusive || !self.settings.pictures {
            return;
        }
        let Some(format) = self.node.format(0).copied() else { return };
        let picture = Picture::new(&format, self.node.last_sequence(0));
        for index in 0..self.node.highest(0) as u32 {
            if self.node.state(0, index) != kernel::State::Dequeued {
                continue;
            }
            let Some((start, length)) = self.node.plane_memory(0, index, 0) else { continue };
            for band in picture.bands(0).into_iter().flatten() {
                let lines = (0..band.lines).map(|line| band.start + line * band.stride);
                for mut at in lines.take_while(|at| at + band.used <= length) {
                    picture.draw_line(&band, |piece| {
                        self.memory.write_shared(start + at, piece);
                        at += piece.len();
                    });
                }
            }
        }
    }

    /// Draws a capture buffer's picture, or remembers what an output buffer held.
    fn contents(&mut self, queue: usize, index: u32, sequence: u32) {
        let Some(format) = self.node.format(queue).copied() else { return };
        if self.node.is_doubtful(queue, index) {
            return;
        }
        if self.node.is_output(queue) {
            let payload = self.node.payload(queue, index);
            let mut sent = Sent::new(index, sequence, self.node.now_ns());
            for plane in 0..format.planes.min(8) {
                let Some((start, length)) = self.node.plane_memory(queue, index, plane) else { continue };
                let from = (payload[plane as usize].data_offset as usize).min(length);
                let to = (payload[plane as usize].bytesused as usize).clamp(from, length);
                sent.bytes = sent.bytes.saturating_add((to - from) as u32);
                if self.settings.pictures {
                    // SAFETY: the buffer is the driver's (ACTIVE), so the program neither writes nor borrows its bytes.
                    unsafe { self.memory.read(start + from, to - from, |piece| sent.add(piece)) };
                }
            }
            self.sent.push(sent);
            return;
        }
        let picture = Picture::new(&format, sequence);
        if !self.settings.pictures {
            return;
        }
        for plane in 0..format.planes.min(8) {
            let Some((start, length)) = self.node.plane_memory(queue, index, plane) else { continue };
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
