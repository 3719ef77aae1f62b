//! What is in a frame: a picture drawn, or bytes sent.

use crate::kernel::{NodeOf, QueueId, Rooms, State};
use crate::report::Sent;

use super::Work;
use super::bytes::{Bytes, Place, Unreachable};
use super::picture::Picture;

impl<R: Rooms, B: Bytes + ?Sized> Work<'_, '_, R, B> {
    /// Draws a capture buffer's picture, or remembers what an output buffer held. Only of a buffer that the driver has, whose
    /// bytes the program has promised not to borrow; and of none that was also handed out (doubtful).
    pub fn contents(&mut self, queue: QueueId, index: u32, sequence: u32) -> Result<(), Unreachable> {
        let output = self.node.is_output(queue);
        if !(output || self.engine.pictures) || self.node.is_doubtful(queue, index) {
            return Ok(());
        }
        match self.node.state(queue, index) {
            State::Active if output => self.send(queue, index, sequence),
            State::Active => self.draw(queue, index, sequence),
            _ => Ok(()),
        }
    }

    fn draw(&mut self, queue: QueueId, index: u32, sequence: u32) -> Result<(), Unreachable> {
        let Some(format) = self.node.format(queue) else { return Ok(()) };
        let picture = Picture::new(format, sequence);
        places(self.node, queue, index).try_for_each(|place| self.bytes.draw(&place, &picture))
    }

    fn send(&mut self, queue: QueueId, index: u32, sequence: u32) -> Result<(), Unreachable> {
        let payload = self.node.payload(queue, index);
        let mut sent = Sent::new(index, sequence, self.node.now_ns());
        let mut outcome = Ok(());
        for place in places(self.node, queue, index) {
            let payload = payload[place.plane as usize];
            let from = (payload.data_offset as usize).min(place.length);
            let to = (payload.bytesused as usize).clamp(from, place.length);
            sent.bytes = sent.bytes.saturating_add((to - from) as u32);
            if self.engine.pictures && outcome.is_ok() {
                outcome = add(&mut sent, self.bytes, &place, from, to);
            }
        }
        self.engine.sent.push(sent);
        outcome
    }

    /// A driver without videobuf2 writes the frame that has just ended into the buffers that the program holds, too.
    pub fn scribble(&mut self) {
        if self.node.profile().exclusive || !self.engine.pictures {
            return;
        }
        let Some(format) = self.node.format(QueueId::FIRST) else { return };
        let picture = Picture::new(format, self.node.last_sequence(QueueId::FIRST));
        for index in 0..self.node.highest(QueueId::FIRST) as u32 {
            if self.node.state(QueueId::FIRST, index) != State::Dequeued {
                continue;
            }
            for place in places(self.node, QueueId::FIRST, index).take(1) {
                for band in picture.bands(0).into_iter().flatten() {
                    let lines = (0..band.lines).map(|line| band.start + line * band.stride);
                    for mut at in lines.take_while(|at| at + band.used <= place.length) {
                        picture.draw_line(&band, |piece| {
                            // Memory that is gone holds nothing that anybody could see.
                            let _ = self.bytes.write_shared(&place, at, piece);
                            at += piece.len();
                        });
                    }
                }
            }
        }
    }
}

/// Adds bytes to the checksum.
fn add<B: Bytes + ?Sized>(
    sent: &mut Sent,
    bytes: &mut B,
    place: &Place,
    from: usize,
    to: usize,
) -> Result<(), Unreachable> {
    let mut piece = [0; 64];
    for at in (from..to).step_by(piece.len()) {
        let piece = &mut piece[..(to - at).min(64)];
        bytes.read(place, at, piece)?;
        sent.add(piece);
    }
    Ok(())
}

/// The planes of a buffer that have memory.
fn places<R: Rooms>(node: &NodeOf<R>, queue: QueueId, index: u32) -> impl Iterator<Item = Place> {
    let planes = node.format(queue).map_or(0, |format| format.planes.min(8));
    (0..planes).filter_map(move |plane| {
        let (memory, length) = node.plane_bytes(queue, index, plane)?;
        Some(Place { index, plane, memory, length: length as usize })
    })
}
