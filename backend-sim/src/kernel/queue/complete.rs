//! The driver's side: the next frame, and finishing the buffer that it is in.

use vidbuf::backend::{MAX_PLANES, PlanePayload};
use vidbuf_abi::buffer::V4L2_BUF_FLAG_LAST;

use crate::kernel::driver::{Completion, Driver};

use super::Queue;
use super::slot::{BufferIndex, COMPUTED_FLAGS, State};

impl Queue {
    /// The number of the next frame, counted on: one frame time has passed for the driver. `None` if it does not run.
    pub fn next_sequence(&mut self) -> Option<u32> {
        if !self.started {
            return None;
        }
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        Some(sequence)
    }

    /// What the driver would report of the next good frame.
    pub fn good_frame(&self, sequence: u32, now_ns: u64) -> Completion {
        let mut completion = Completion {
            error: false,
            flags: 0,
            sequence,
            timestamp_ns: Some(i64::try_from(now_ns).unwrap_or(i64::MAX)),
            field: None,
            payload: None,
        };
        if !self.is_output() {
            completion.field = Some(self.format.field);
            completion.payload = Some(core::array::from_fn(|plane| {
                let plane = &self.format.plane[plane];
                PlanePayload { bytesused: plane.sizeimage, data_offset: plane.data_offset }
            }));
        }
        completion
    }

    /// The driver finishes a buffer that it has. False if it does not have it.
    pub fn complete(&mut self, index: u32, completion: &Completion) -> bool {
        let Some(index) = self.find(index).filter(|index| self[*index].state == State::Active) else { return false };
        self.active.remove(&mut self.slots, index);
        let slot = &mut self[index];
        slot.state = if completion.error || slot.doubtful || slot.misnamed { State::Error } else { State::Done };
        slot.synced = false;
        slot.flags |= completion.flags & !COMPUTED_FLAGS;
        slot.sequence = completion.sequence;
        if let Some(timestamp) = completion.timestamp_ns {
            slot.timestamp_ns = timestamp;
        }
        if let Some(field) = completion.field {
            slot.field = field;
        }
        if let Some(payload) = &completion.payload {
            for (plane, payload) in slot.planes_mut().iter_mut().zip(payload) {
                plane.bytesused = payload.bytesused;
                plane.data_offset = payload.data_offset;
            }
        }
        self.done.push(&mut self.slots, index);
        true
    }

    /// The driver has come to its end: a buffer that it has, or else gets, comes back empty and LAST.
    pub fn give_back_last(&mut self, driver: &Driver) {
        if !self.last_pending {
            return;
        }
        let Some(index) = self.active.first() else { return };
        let sequence = self.next_sequence().unwrap_or(0);
        let mut completion = self.good_frame(sequence, driver.now_ns);
        completion.flags = V4L2_BUF_FLAG_LAST;
        completion.payload = Some([PlanePayload::default(); MAX_PLANES]);
        self.complete(index.short().into(), &completion);
        self.last_pending = false;
    }

    /// Takes a buffer out of the driver's hands without finishing it: no correct driver does this. One that it has not got
    /// becomes doubtful: the program may be handing it over in another thread just now, and its VIDIOC_QBUF comes after the
    /// program has been given the buffer.
    pub fn withdraw(&mut self, index: BufferIndex) {
        let doubtful = self[index].state == State::Dequeued;
        let Self { queued, active, done, slots, .. } = self;
        for list in [queued, active, done] {
            list.remove(slots, index);
        }
        let slot = &mut self[index];
        slot.doubtful |= doubtful;
        slot.state = State::Dequeued;
        slot.prepared = false;
    }
}
