//! The driver: what it is, finishing buffers, and things that go wrong inside it.

use vidbuf::Errno;
use vidbuf::backend::{MAX_PLANES, PlanePayload};
use vidbuf::node::ControlId;
use vidbuf::node::FrameInterval;
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::V4L2_MEMORY_MMAP;

use crate::format::Format;
use crate::profile::{Kernel, Profile};

use super::NodeOf;
use super::queue::slot::State;
use super::room::{QueueId, Rooms};

/// A driver on a kernel, and what is about to happen inside it.
#[derive(Clone, Debug)]
pub struct Driver {
    pub profile: Profile,
    pub kernel: Kernel,
    /// Bytes of a page.
    pub page: usize,
    /// The device's clock.
    pub now_ns: u64,
    /// What the source sends, if it has changed: width and height.
    pub source_size: Option<(u32, u32)>,
    /// How long a frame takes, as VIDIOC_G_PARM reports.
    pub interval: FrameInterval,
    pub inject: Inject,
}

/// A thirtieth of a second.
const USUAL: FrameInterval = FrameInterval { numerator: 1, denominator: 30 };

impl Driver {
    pub fn new(profile: Profile, kernel: Kernel, page: usize) -> Self {
        let page = page.clamp(16, 1 << 16).next_power_of_two();
        Self { profile, kernel, page, now_ns: 0, source_size: None, interval: USUAL, inject: Inject::default() }
    }

    /// Whether the source sends another size than this format has: a driver refuses to start then.
    pub fn is_sent_other_than(&self, format: &Format) -> bool {
        self.source_size.is_some_and(|size| size != (format.width, format.height))
    }

    /// Least number of buffers that VIDIOC_REQBUFS allocates.
    pub fn request_floor(&self) -> u32 {
        if !self.kernel.separate_floor {
            self.profile.min_queued
        } else if self.profile.min_queued == 0 {
            self.profile.min_requested.max(1)
        } else {
            self.profile.min_requested.max(self.profile.min_queued.saturating_add(1))
        }
    }

    /// Most buffers of a queue, if there is room.
    pub fn max_buffers(&self) -> u32 {
        let any = self.kernel.tells_maximum || !self.profile.exclusive;
        if any { self.profile.max_buffers } else { 32 }
    }

    /// From one bit field cookie to the next: a page. No kernel has smaller ones than 4 KiB, and cookies closer than that are no
    /// kernel's.
    pub fn cookie_step(&self) -> u64 {
        self.page.max(4096) as u64
    }

    /// `capabilities` of REQBUFS and CREATE_BUFS; `flags` reduced to what the queue honours.
    pub fn capabilities(&self, memory: u32, flags: u32) -> (u32, u32) {
        use BufferCapabilities as Caps;
        if !self.profile.exclusive {
            return (0, 0);
        }
        let mut caps = self.profile.capabilities | Caps::ORPHANED_BUFS;
        if self.kernel.removes && self.profile.removes {
            caps |= Caps::REMOVE_BUFS;
        }
        let hints = caps.contains(Caps::MMAP_CACHE_HINTS) && memory == V4L2_MEMORY_MMAP;
        (caps.bits(), if hints { flags & 1 } else { 0 })
    }
}

/// Failures to come, each used up by the first call that meets it, as vivid's error controls do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inject {
    /// The driver's queue set-up fails: `VIDIOC_REQBUFS` or `VIDIOC_CREATE_BUFS`.
    pub queue_setup: Option<Errno>,
    /// The driver refuses the next buffer that is prepared.
    pub buffer_prepare: Option<Errno>,
    /// The pipeline is found wrong before the driver starts: `VIDIOC_STREAMON`.
    pub prepare_streaming: Option<Errno>,
    /// The driver's start fails: `VIDIOC_STREAMON`, or `VIDIOC_QBUF` if the start waited for it.
    pub start: Option<Errno>,
    /// The driver refuses to set this control, or to read it if it is volatile: once.
    pub control: Option<(ControlId, Errno)>,
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
        one(&mut self.control, before.control, after.control);
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

impl<R: Rooms> NodeOf<R> {
    /// Failures to come.
    pub fn inject(&mut self) -> &mut Inject {
        &mut self.driver.inject
    }

    /// Width and height of what the source sends, if that has changed; until then it is what the format has.
    pub fn source_size(&self) -> Option<(u32, u32)> {
        self.driver.source_size
    }

    /// The source sends pictures of another size from now on: an event of the source, on drivers that have such. `VIDIOC_STREAMON` fails
    /// with EPIPE until the format has that size.
    pub fn set_source_size(&mut self, width: u32, height: u32) {
        self.driver.source_size = Some((width, height));
        self.source_changed(self.inputs.current);
    }

    /// Whether the driver runs: streaming, and started.
    pub fn is_started(&self, queue: QueueId) -> bool {
        self.get(queue).is_some_and(|queue| queue.started)
    }

    /// Whether `VIDIOC_STREAMON` was accepted.
    pub fn is_streaming(&self, queue: QueueId) -> bool {
        self.get(queue).is_some_and(|queue| queue.streaming)
    }

    /// Where a buffer is.
    pub fn state(&self, queue: QueueId, index: u32) -> State {
        let slot = self.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.map_or(State::Absent, |slot| slot.state)
    }

    /// Buffers allocated.
    pub fn count(&self, queue: QueueId) -> u32 {
        self.get(queue).map_or(0, |queue| queue.count)
    }

    /// One more than the highest index that a buffer has: `VIDIOC_REMOVE_BUFS` leaves holes.
    pub fn highest(&self, queue: QueueId) -> usize {
        let slots = self.get(queue).map(|queue| &queue.slots[..]).unwrap_or_default();
        slots.iter().rposition(|slot| slot.state != State::Absent).map_or(0, |index| index + 1)
    }

    /// The memory kind of a queue, `V4L2_MEMORY_*`; 0 while there is none.
    pub fn memory(&self, queue: QueueId) -> u32 {
        self.get(queue).map_or(0, |queue| queue.memory)
    }

    /// The mmap cookie and the length of a plane.
    pub fn cookie(&self, queue: QueueId, index: u32, plane: u32) -> Option<(u64, u32)> {
        let queue = self.get(queue)?;
        let plane = queue[queue.find(index)?].planes().get(plane as usize)?;
        Some((plane.m | queue.cookie_bit(&self.driver), plane.length))
    }

    /// Buffers in the driver's hands.
    pub fn active(&self, queue: QueueId) -> u32 {
        self.get(queue).map_or(0, |queue| u32::from(queue.active.count))
    }

    /// Buffers waiting to be dequeued.
    pub fn done(&self, queue: QueueId) -> u32 {
        self.get(queue).map_or(0, |queue| u32::from(queue.done.count))
    }

    /// Whether the driver would finish a buffer at its next frame: it has more than it keeps.
    pub fn can_complete(&self, queue: QueueId) -> bool {
        self.get(queue).is_some_and(|queue| queue.can_complete(&self.driver.profile))
    }

    /// The `skip`-th oldest buffer in the driver's hands.
    pub fn active_buffer(&self, queue: QueueId, skip: u32) -> Option<u32> {
        let queue = self.get(queue)?;
        queue.active.nth(&queue.slots, skip as usize).map(|index| index.short().into())
    }

    /// The number of the next frame, counted on: one frame time has passed for the driver. `None` if it does not run.
    pub fn next_sequence(&mut self, queue: QueueId) -> Option<u32> {
        self.get_mut(queue)?.next_sequence()
    }

    /// The number of the frame that ended last.
    pub(crate) fn last_sequence(&self, queue: QueueId) -> u32 {
        self.get(queue).map_or(0, |queue| queue.sequence.wrapping_sub(1))
    }

    /// The number of the next frame.
    pub fn set_next_sequence(&mut self, queue: QueueId, sequence: u32) {
        if let Some(queue) = self.get_mut(queue) {
            queue.sequence = sequence;
        }
    }

    /// The timestamp that a buffer has now.
    pub(crate) fn timestamp_ns(&self, queue: QueueId, index: u32) -> i64 {
        let slot = self.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.map_or(0, |slot| slot.timestamp_ns)
    }

    /// Whether the driver must leave a buffer's memory alone.
    pub(crate) fn is_doubtful(&self, queue: QueueId, index: u32) -> bool {
        let slot = self.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.is_some_and(|slot| slot.doubtful || slot.misnamed)
    }

    /// The payload that a buffer's planes have now.
    pub fn payload(&self, queue: QueueId, index: u32) -> [PlanePayload; MAX_PLANES] {
        let slot = self.get(queue).and_then(|queue| queue.slots.get(index as usize));
        slot.map_or([PlanePayload::default(); MAX_PLANES], |slot| {
            slot.plane.map(|plane| PlanePayload { bytesused: plane.bytesused, data_offset: plane.data_offset })
        })
    }

    /// A buffer that the program holds, if there is one.
    pub fn held_buffer(&self, queue: QueueId) -> Option<u32> {
        let slots = &self.get(queue)?.slots;
        slots.iter().position(|slot| slot.state == State::Dequeued).map(|index| index as u32)
    }

    /// Takes a buffer out of the driver's hands without finishing it: no correct driver does this.
    pub(crate) fn withdraw(&mut self, queue: QueueId, index: u32) {
        if let Some(queue) = self.get_mut(queue)
            && let Some(index) = queue.find(index)
        {
            queue.withdraw(index);
        }
    }

    /// Frames that no buffer is there for.
    pub fn skip_frames(&mut self, queue: QueueId, frames: u64) {
        if let Some(queue) = self.get_mut(queue).filter(|queue| queue.started) {
            queue.sequence = queue.sequence.wrapping_add(frames as u32);
        }
    }

    /// What the driver would report of the next good frame of a queue.
    pub fn good_frame(&self, queue: QueueId, sequence: u32) -> Completion {
        let none = Completion { error: false, flags: 0, sequence, timestamp_ns: None, field: None, payload: None };
        self.get(queue).map_or(none, |queue| queue.good_frame(sequence, self.driver.now_ns))
    }

    /// One frame: the driver finishes its oldest buffer, if it has more than it keeps. Returns which.
    pub fn tick(&mut self, queue: QueueId) -> Option<u32> {
        let Self { driver, room, .. } = self;
        let queue = room.get_mut(queue)?;
        let sequence = queue.next_sequence()?;
        if !queue.can_complete(&driver.profile) {
            return None;
        }
        let index = queue.active.first()?.short().into();
        let completion = queue.good_frame(sequence, driver.now_ns);
        queue.complete(index, &completion).then_some(index)
    }

    /// The driver finishes a buffer that it has. False if it does not have it.
    pub fn complete(&mut self, queue: QueueId, index: u32, completion: &Completion) -> bool {
        self.get_mut(queue).is_some_and(|queue| queue.complete(index, completion))
    }

    /// Ends the stream, as a decoder does after a stop command: a buffer that the driver has comes back empty and LAST, or
    /// else the next one that is enqueued, before `VIDIOC_QBUF` has returned.
    pub fn end_of_stream(&mut self, queue: QueueId) {
        let Self { driver, room, .. } = self;
        if let Some(queue) = room.get_mut(queue) {
            queue.last_pending = true;
            queue.give_back_last(driver);
        }
    }

    /// The driver gives up: a queue error until `VIDIOC_STREAMOFF`.
    pub fn fail_queue(&mut self, queue: QueueId) {
        if let Some(queue) = self.get_mut(queue) {
            queue.error = true;
        }
    }

    /// Marks that a thread sleeps in `VIDIOC_DQBUF` of this queue, or that it woke. A second one is refused meanwhile.
    pub fn set_sleeper(&mut self, queue: QueueId, sleeps: bool) {
        if let Some(queue) = self.get_mut(queue) {
            queue.sleeper = sleeps;
        }
    }
}
