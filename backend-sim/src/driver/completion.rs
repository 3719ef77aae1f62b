//! The end of a frame: which buffer it is in, and what the driver reports of it.

use vidbuf::backend::PlanePayload;
use vidbuf_abi::buffer::V4L2_BUF_FLAG_LAST;

use crate::kernel::{Completion, QueueId, Rooms};
use crate::profile::Flow;

use super::Work;
use super::bytes::Bytes;
use super::picture::Picture;
use super::script::Event;

impl<R: Rooms, B: Bytes + ?Sized> Work<'_, '_, R, B> {
    /// Finishes one buffer, as planned; a codec finishes one of each queue.
    pub fn finish_one(&mut self, event: Event) {
        let queue = self.node.main_queue();
        let recorded = self.engine.source.recorded_frame();
        if let Some(frame) = &recorded {
            self.node.set_next_sequence(queue, frame.sequence);
        }
        if let Event::Sequence(sequence) = event {
            self.node.set_next_sequence(queue, sequence);
        }
        let Some(sequence) = self.node.next_sequence(queue) else { return };
        let skip = match event {
            Event::OutOfOrder(places) => {
                let kept = self.node.profile().keeps.saturating_add(1);
                places.min(self.node.active(queue).saturating_sub(kept))
            }
            _ => 0,
        };
        let Some(index) = self.node.active_buffer(queue, skip) else { return };
        let mut completion = self.node.good_frame(queue, sequence);
        match &recorded {
            Some(frame) => frame.describe(self.engine.started_ns, &mut completion),
            None => self.compress(queue, sequence, &mut completion),
        }
        if self.node.is_codec() {
            self.consume(&mut completion);
        }
        if event != Event::EmptyLast && self.contents(queue, index, sequence).is_err() {
            completion.error = true;
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
                    *payload = PlanePayload { bytesused, data_offset };
                });
            }
            _ => {}
        }
        if !self.node.profile().exclusive {
            completion.sequence = 0;
        }
        self.scribble();
        self.node.complete(queue, index, &completion);
    }

    /// A codec takes the oldest buffer of its output queue; the picture made of it has its timestamp.
    fn consume(&mut self, completion: &mut Completion) {
        let Some(index) = self.node.active_buffer(QueueId::FIRST, 0) else { return };
        let Some(sequence) = self.node.next_sequence(QueueId::FIRST) else { return };
        let timestamp_ns = self.node.timestamp_ns(QueueId::FIRST, index);
        completion.timestamp_ns = Some(timestamp_ns);
        let error = self.contents(QueueId::FIRST, index, sequence).is_err();
        let consumed =
            Completion { error, timestamp_ns: Some(timestamp_ns), ..self.node.good_frame(QueueId::FIRST, sequence) };
        self.node.complete(QueueId::FIRST, index, &consumed);
    }

    /// Changes what the driver reports of one plane's payload.
    fn claim(&self, completion: &mut Completion, index: u32, plane: usize, change: impl FnOnce(&mut PlanePayload)) {
        let mut payload = completion.payload.unwrap_or_else(|| self.node.payload(self.node.main_queue(), index));
        if let Some(plane) = payload.get_mut(plane) {
            change(plane);
        }
        completion.payload = Some(payload);
    }

    /// The payload of compressed frames differs from one to the next.
    fn compress(&self, queue: QueueId, sequence: u32, completion: &mut Completion) {
        if let Some(format) = self.node.format(queue)
            && self.node.profile().flow != Flow::Output
            && format.plane[0].bytesperline == 0
        {
            let picture = Picture::new(format, sequence);
            completion.payload.get_or_insert_default()[0].bytesused = picture.compressed_length();
        }
    }
}
