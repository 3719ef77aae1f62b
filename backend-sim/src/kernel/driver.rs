//! The driver's side: finishing buffers, and things that go wrong inside it.

use vidbuf::{MAX_PLANES, PlanePayload};
use vidbuf_abi::buffer::V4L2_BUF_FLAG_LAST;

use crate::errno::SimErrno;

use super::Node;
use super::slot::{COMPUTED_FLAGS, State};

/// Failures to come, each used up by the first call that meets it, as vivid's error controls do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inject {
    /// The driver's queue set-up fails: `VIDIOC_REQBUFS` or `VIDIOC_CREATE_BUFS`.
    pub queue_setup: Option<SimErrno>,
    /// The driver refuses the next buffer that is prepared.
    pub buffer_prepare: Option<SimErrno>,
    /// The pipeline is found wrong before the driver starts: `VIDIOC_STREAMON`.
    pub prepare_streaming: Option<SimErrno>,
    /// The driver's start fails: `VIDIOC_STREAMON`, or `VIDIOC_QBUF` if the start waited for it.
    pub start: Option<SimErrno>,
    /// At most so many buffers are made at once. Stays.
    pub allocation_limit: Option<u32>,
    /// Sequence number of the first frame of a stream. Stays.
    pub first_sequence: u32,
}

impl Inject {
    /// Adopts what differs between the two: a failure that was used up meanwhile does not come back.
    pub(crate) fn adopt(&mut self, before: &Self, after: &Self) {
        fn one<T: Copy + PartialEq>(field: &mut T, before: T, after: T) {
            if before != after {
                *field = after;
            }
        }
        one(&mut self.queue_setup, before.queue_setup, after.queue_setup);
        one(&mut self.buffer_prepare, before.buffer_prepare, after.buffer_prepare);
        one(&mut self.prepare_streaming, before.prepare_streaming, after.prepare_streaming);
        one(&mut self.start, before.start, after.start);
        one(&mut self.allocation_limit, before.allocation_limit, after.allocation_limit);
        one(&mut self.first_sequence, before.first_sequence, after.first_sequence);
    }
}

/// How the driver finishes a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// State ERROR instead of DONE.
    pub error: bool,
    /// Flags of the driver's: KEYFRAME, PFRAME, BFRAME, LAST, TIMECODE.
    pub flags: u32,
    /// Frame counter.
    pub sequence: u32,
    /// When, in nanoseconds of the device's clock; `None` leaves what is there (memory-to-memory).
    pub timestamp_ns: Option<i64>,
    /// `V4L2_FIELD_*`; `None` leaves what is there.
    pub field: Option<u32>,
    /// Payload of each plane; `None` leaves what is there.
    pub payload: Option<[PlanePayload; MAX_PLANES]>,
}

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// Failures to come.
    pub fn inject(&mut self) -> &mut Inject {
        &mut self.inject
    }

    /// Whether the driver runs: streaming, and started.
    pub fn is_started(&self, queue: usize) -> bool {
        self.queues.get(queue).is_some_and(|queue| queue.started)
    }

    /// Whether `VIDIOC_STREAMON` was accepted.
    pub fn is_streaming(&self, queue: usize) -> bool {
        self.queues.get(queue).is_some_and(|queue| queue.streaming)
    }

    /// Where a buffer is.
    pub fn state(&self, queue: usize, index: u32) -> State {
        let slot = self.queues.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.map_or(State::Absent, |slot| slot.state)
    }

    /// Sets a format that the driver may not know, while nothing is allocated: a recorded device's.
    pub(crate) fn adopt_format(&mut self, queue: usize, format: crate::format::Format) {
        if let Some(queue) = self.queues.get_mut(queue).filter(|queue| queue.count == 0) {
            queue.format = format;
        }
    }

    /// Buffers allocated.
    pub fn count(&self, queue: usize) -> u32 {
        self.queues.get(queue).map_or(0, |queue| queue.count)
    }

    /// One more than the highest index that a buffer has: `VIDIOC_REMOVE_BUFS` leaves holes.
    pub fn highest(&self, queue: usize) -> usize {
        let slots = self.queues.get(queue).map(|queue| &queue.slots[..]).unwrap_or_default();
        slots.iter().rposition(|slot| slot.state != State::Absent).map_or(0, |index| index + 1)
    }

    /// The memory kind of a queue, `V4L2_MEMORY_*`; 0 while there is none.
    pub fn memory(&self, queue: usize) -> u32 {
        self.queues.get(queue).map_or(0, |queue| queue.memory)
    }

    /// The mmap cookie and the length of a plane.
    pub fn cookie(&self, queue: usize, index: u32, plane: u32) -> Option<(u64, u32)> {
        let state = self.queues.get(queue)?;
        let plane = state.slots[state.find(index)?].planes().get(plane as usize)?;
        Some((plane.m | self.cookie_bit(queue), plane.length))
    }

    /// Buffers in the driver's hands.
    pub fn active(&self, queue: usize) -> u32 {
        self.queues.get(queue).map_or(0, |queue| u32::from(queue.active.count))
    }

    /// Buffers waiting to be dequeued.
    pub fn done(&self, queue: usize) -> u32 {
        self.queues.get(queue).map_or(0, |queue| u32::from(queue.done.count))
    }

    /// Whether the driver would finish a buffer at its next frame: it has more than it keeps.
    pub fn can_complete(&self, queue: usize) -> bool {
        self.is_started(queue) && self.active(queue) > self.profile.keeps
    }

    /// The `skip`-th oldest buffer in the driver's hands.
    pub fn active_buffer(&self, queue: usize, skip: u32) -> Option<u32> {
        let queue = self.queues.get(queue)?;
        queue.active.nth(&queue.slots, skip as usize).map(|index| index as u32)
    }

    /// The number of the next frame, counted on: one frame time has passed for the driver. `None` if it does not run.
    pub fn next_sequence(&mut self, queue: usize) -> Option<u32> {
        let queue = self.queues.get_mut(queue).filter(|queue| queue.started)?;
        let sequence = queue.sequence;
        queue.sequence = sequence.wrapping_add(1);
        Some(sequence)
    }

    /// The number of the frame that ended last.
    pub(crate) fn last_sequence(&self, queue: usize) -> u32 {
        self.queues.get(queue).map_or(0, |queue| queue.sequence.wrapping_sub(1))
    }

    /// The number of the next frame.
    pub fn set_next_sequence(&mut self, queue: usize, sequence: u32) {
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.sequence = sequence;
        }
    }

    /// The timestamp that a buffer has now.
    pub(crate) fn timestamp_ns(&self, queue: usize, index: u32) -> i64 {
        let slot = self.queues.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.map_or(0, |slot| slot.timestamp_ns)
    }

    /// Whether the driver must leave a buffer's memory alone.
    pub(crate) fn is_doubtful(&self, queue: usize, index: u32) -> bool {
        let slot = self.queues.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.is_some_and(|slot| slot.doubtful || slot.misnamed)
    }

    /// The payload that a buffer's planes have now.
    pub fn payload(&self, queue: usize, index: u32) -> [PlanePayload; MAX_PLANES] {
        let slot = self.queues.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.map_or([PlanePayload::default(); MAX_PLANES], |slot| {
            slot.plane.map(|plane| PlanePayload { bytesused: plane.bytesused, data_offset: plane.data_offset })
        })
    }

    /// A buffer that the program holds, if there is one.
    pub fn held_buffer(&self, queue: usize) -> Option<u32> {
        let slots = &self.queues.get(queue)?.slots;
        slots.iter().position(|slot| slot.state == State::Dequeued).map(|index| index as u32)
    }

    /// Takes a buffer out of the driver's hands without finishing it: no correct driver does this. One that it has not got
    /// becomes doubtful: the program may be handing it over in another thread just now, and its VIDIOC_QBUF comes after the
    /// program has been given the buffer.
    pub(crate) fn withdraw(&mut self, queue: usize, index: u32) {
        let Some(state) = self.queues.get_mut(queue) else { return };
        let Some(index) = state.find(index) else { return };
        state.slots[index].doubtful |= state.slots[index].state == State::Dequeued;
        for list in [&mut state.queued, &mut state.active, &mut state.done] {
            list.remove(&mut state.slots, index);
        }
        state.slots[index].state = State::Dequeued;
        state.slots[index].prepared = false;
    }

    /// Frames that nobody has a buffer for.
    pub fn skip_frames(&mut self, queue: usize, frames: u64) {
        if let Some(queue) = self.queues.get_mut(queue).filter(|queue| queue.started) {
            queue.sequence = queue.sequence.wrapping_add(frames as u32);
        }
    }

    /// What the driver would report of the next good frame of a queue.
    pub fn good_frame(&self, queue: usize, sequence: u32) -> Completion {
        let mut completion = Completion {
            error: false,
            flags: 0,
            sequence,
            timestamp_ns: Some(i64::try_from(self.now_ns).unwrap_or(i64::MAX)),
            field: None,
            payload: None,
        };
        if let Some(queue) = self.queues.get(queue)
            && !queue.is_output()
        {
            let format = &queue.format;
            completion.field = Some(format.field);
            completion.payload = Some(core::array::from_fn(|plane| PlanePayload {
                bytesused: format.plane[plane].sizeimage,
                data_offset: format.plane[plane].data_offset,
            }));
        }
        completion
    }

    /// One frame: the driver finishes its oldest buffer, if it has more than it keeps. Answers which.
    pub fn tick(&mut self, queue: usize) -> Option<u32> {
        let sequence = self.next_sequence(queue)?;
        if !self.can_complete(queue) {
            return None;
        }
        let index = self.active_buffer(queue, 0)?;
        let completion = self.good_frame(queue, sequence);
        self.complete(queue, index, &completion).then_some(index)
    }

    /// The driver finishes a buffer that it has. False if it does not have it.
    pub fn complete(&mut self, queue: usize, index: u32, completion: &Completion) -> bool {
        let Some(state) = self.queues.get_mut(queue) else { return false };
        let index = index as usize;
        if state.slots.get(index).is_none_or(|slot| slot.state != State::Active) {
            return false;
        }
        state.active.remove(&mut state.slots, index);
        let slot = &mut state.slots[index];
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
        state.done.push(&mut state.slots, index);
        true
    }

    /// The driver has come to its end (a decoder that was told to stop): a buffer that it has comes back empty and LAST, or
    /// else the next one that it gets, before `VIDIOC_QBUF` has answered.
    pub fn end_of_stream(&mut self, queue: usize) {
        if let Some(state) = self.queues.get_mut(queue) {
            state.last_pending = true;
            self.give_back_last(queue);
        }
    }

    pub(super) fn give_back_last(&mut self, queue: usize) {
        if !self.queues[queue].last_pending {
            return;
        }
        let Some(index) = self.active_buffer(queue, 0) else { return };
        let sequence = self.next_sequence(queue).unwrap_or(0);
        let mut completion = self.good_frame(queue, sequence);
        completion.flags = V4L2_BUF_FLAG_LAST;
        completion.payload = Some([PlanePayload::default(); MAX_PLANES]);
        self.complete(queue, index, &completion);
        self.queues[queue].last_pending = false;
    }

    /// The driver gives up: a queue error until `VIDIOC_STREAMOFF`.
    pub fn fail_queue(&mut self, queue: usize) {
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.error = true;
        }
    }
}
