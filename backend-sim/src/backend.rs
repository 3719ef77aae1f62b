//! The simulator as a backend.
//!
//! # Safety
//!
//! `Backend` is an unsafe trait. A region is a piece of the memory that the simulator borrows for `'m`, which outlives every
//! [`SimFile`]; pieces are handed out by the node's book, one region a piece, and a piece is not given to another buffer before
//! it is unmapped. The driver writes into a buffer only while the node's book has it as the driver's. A file is not `Clone`, and
//! buffers that one file allocated are refused to every other.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::time::Duration;

use vidbuf::backend::{Dequeued, Enqueue, Granted, MAX_PLANES, PlaneCount, PlaneLayout, PlanePayload, Region, Wake};
use vidbuf::v4l2::{BufferCapabilities, BufferFlags, Field, QueueType, Timestamp};
use vidbuf::{Backend, Errno};
use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane, v4l2_requestbuffers, v4l2_timeval};
use vidbuf_abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};

use crate::driver::script::nanos;
use crate::file::SimFile;
use crate::kernel::{self, NoForeign, Protection, QueueId, Returned, events};
use crate::report::Violation;
use crate::sleep::{Sleep, Step};
use crate::state::{POISON_ENQUEUED, POISON_UNMAPPED};
use crate::trace::{Answer, Call, Layout};

// SAFETY: see the module's head; a profile that is not exclusive is granted as such, and held buffers are then only written byte
// by byte and atomically. Regions lie in memory borrowed for `'m`, which outlives this file; `map` refuses a
// second region of the same piece; only ACTIVE buffers are written (`driver::contents`), buffers become ACTIVE only by
// `enqueue`, and every buffer that `dequeue` returns is not ACTIVE (`Engine::false_index`). `stream_off` takes all back. Buffers are
// the file's that allocated them: the node refuses `enqueue` and `dequeue` of every other with EBUSY.
unsafe impl<const BUFFERS: usize, const QUEUES: usize> Backend for SimFile<'_, '_, BUFFERS, QUEUES> {
    type Dequeued = Dequeued;

    fn request_buffers(&self, queue: QueueType, count: u32) -> Result<Granted, Errno> {
        self.call(queue, Call::RequestBuffers, u64::from(count), |state, file| {
            let buffer_type = queue.buffer_type as u32;
            if count == 0
                && !state.node.is_gone(file)
                && state.node.may_use(file, buffer_type)
                && let Some(mappings) =
                    state.node.queue_of(file, buffer_type).map(|queue| state.node.mappings_of(queue))
                && mappings > 0
            {
                state.break_rule(Violation::ReleaseWhileMapped { mappings })?;
            }
            let memory = queue.memory as u32;
            let mut request = v4l2_requestbuffers { count, type_: buffer_type, memory, ..Default::default() };
            state.node.call(file, VIDIOC_REQBUFS, &mut request, &mut [])?;
            state.engine.falsify_request(&mut request);
            let capabilities = BufferCapabilities::from_bits_retain(request.capabilities);
            Ok(Granted::new(request.count, capabilities, state.settings.profile.exclusive))
        })
    }

    fn query_buffer(&self, queue: QueueType, index: u32, planes: &mut [PlaneLayout]) -> Result<u32, Errno> {
        let layout = self.call(queue, Call::QueryBuffer, u64::from(index), |state, file| {
            let mut array = [v4l2_plane::default(); MAX_PLANES];
            let mut buffer = buffer_of(queue, index);
            let multiplanar = queue.buffer_type.is_multiplanar();
            if multiplanar {
                buffer.length = MAX_PLANES as u32;
            }
            state.node.buffer_ioctl(file, VIDIOC_QUERYBUF, &mut buffer, &mut array, &mut NoForeign)?;
            let reported = state.engine.falsify_query(&mut state.node, file, &mut buffer, &mut array);
            if !multiplanar {
                array[0].length = buffer.length;
                array[0].m.set_mem_offset(buffer.m.offset());
            }
            let count = reported.unwrap_or(if multiplanar { buffer.length } else { 1 });
            for (to, from) in planes.iter_mut().zip(&array).take(count as usize) {
                *to = PlaneLayout { length: from.length, offset: from.m.mem_offset() };
            }
            let first = PlaneLayout { length: array[0].length, offset: array[0].m.mem_offset() };
            Ok(Layout { planes: count, first })
        });
        Ok(layout?.planes)
    }

    fn map(&self, queue: QueueType, plane: PlaneLayout) -> Result<Region, Errno> {
        self.call(queue, Call::Map, u64::from(plane.offset), |state, file| {
            let mut length = plane.length as usize;
            if state.node.is_codec() && (plane.offset & CAPTURE_COOKIE == 0) != queue.buffer_type.is_output() {
                return Err(Errno::EINVAL);
            }
            if let Some(bytes) = state.engine.short_mapping() {
                length = length.min(bytes as usize);
            }
            let mapping = state.node.map(file, u64::from(plane.offset), length as u64, Protection::SHARED)?;
            let (start, bytes) = state.node.mapped_memory(mapping).unwrap_or_default();
            let shared = state.node.mapping_at(start).1 > 1;
            let address = state.memory.address(start, length).filter(|_| length <= bytes && !shared);
            let Some(address) = address else {
                state.node.unmap(mapping)?;
                if shared && !state.node.has_misnamed() {
                    state.violate(Violation::MappedTwice { offset: plane.offset });
                }
                return Err(Errno::ENOMEM);
            };
            Ok(Region { address, length })
        })
    }

    unsafe fn unmap(&self, region: Region) -> Result<(), Errno> {
        self.sim.state.with(|state| {
            let offset = state.memory.offset_of(region.address).unwrap_or(usize::MAX);
            let outcome = state.begin(Call::Unmap, self.file, None).and_then(|()| {
                let Some(mapping) = state.node.mapping_at(offset).0 else {
                    state.violate(Violation::UnmapOfUnmapped { offset });
                    return Err(Errno::EINVAL);
                };
                let (start, mapped) = state.node.mapped_memory(mapping).unwrap_or_default();
                if region.length.next_multiple_of(state.node.page_size()) != mapped {
                    state.break_rule(Violation::UnmapLength { mapped, asked: region.length })?;
                }
                state.node.unmap(mapping)?;
                if state.settings.poison && !state.node.is_in_use(start) {
                    // SAFETY: the caller promises that nothing borrows the region's bytes, it was the only mapping, and the
                    // memory belongs to no buffer that is queued or finished.
                    unsafe { state.memory.set(start, mapped, POISON_UNMAPPED) };
                }
                Ok(())
            });
            state.end(Call::Unmap, offset as u64, outcome.err().map_or(Answer::Done, Answer::Refused));
            outcome
        })
    }

    unsafe fn enqueue(&self, queue: QueueType, buffer: Enqueue<'_>) -> Result<(), Errno> {
        self.call(queue, Call::Enqueue, u64::from(buffer.index), |state, file| {
            let index = buffer.index;
            let node_queue = state.node.queue_of(file, queue.buffer_type as u32).unwrap_or(QueueId::FIRST);
            match state.node.state(node_queue, index) {
                // Refused whatever the buffer is; a device that is gone has none, and other files' are none of this one's.
                _ if state.node.is_gone(file) || !state.node.may_use(file, queue.buffer_type as u32) => {}
                // Two threads may have it, by no fault of the program's.
                _ if state.node.is_doubtful(node_queue, index) => {}
                kernel::State::Dequeued if queue.memory == vidbuf::v4l2::MemoryType::Mmap => {
                    if !state.node.is_mapped(node_queue, index) {
                        state.break_rule(Violation::EnqueueUnmapped { index })?;
                    }
                }
                kernel::State::Dequeued | kernel::State::Absent => {}
                _ => state.break_rule(Violation::EnqueueTwice { index })?,
            }
            let mut room = PlaneRoom::EMPTY;
            let array = room.of(queue);
            for (to, from) in array.iter_mut().zip(buffer.payloads) {
                (to.bytesused, to.data_offset) = (from.bytesused, from.data_offset);
            }
            let mut raw = buffer_of(queue, index);
            raw.field = buffer.field.0;
            let Timestamp { seconds, microseconds } = buffer.timestamp;
            raw.timestamp = v4l2_timeval { tv_sec: seconds, tv_usec: microseconds };
            if queue.buffer_type.is_multiplanar() {
                raw.length = buffer.planes.get() as u32;
            } else {
                raw.bytesused = array[0].bytesused;
            }
            state.node.buffer_ioctl(file, VIDIOC_QBUF, &mut raw, array, &mut NoForeign)?;
            if state.settings.poison && !queue.buffer_type.is_output() && !state.node.is_doubtful(node_queue, index) {
                for plane in 0..MAX_PLANES as u32 {
                    let Some((start, length)) = state.node.plane_memory(node_queue, index, plane) else { break };
                    // SAFETY: the caller promises that nothing borrows the buffer's bytes, and it is the driver's now. It was
                    // not handed out to anybody else meanwhile (doubtful).
                    unsafe { state.memory.set(start, length, POISON_ENQUEUED) };
                }
            }
            Ok(())
        })
    }

    fn dequeue<'r>(
        &self,
        queue: QueueType,
        planes: PlaneCount,
        room: &'r mut MaybeUninit<Dequeued>,
    ) -> Result<&'r Dequeued, Errno> {
        let dequeued = self.sleeping_call(queue, Call::Dequeue, 0, |state, file, may_starve| {
            let mut room = PlaneRoom::EMPTY;
            let array = room.of(queue);
            let raw = loop {
                let mut raw = buffer_of(queue, 0);
                if queue.buffer_type.is_multiplanar() {
                    raw.length = planes.get() as u32;
                }
                if let Some(index) = state.engine.false_index(&mut state.node, file, queue.buffer_type as u32) {
                    raw.index = index;
                    break raw;
                }
                match state.node.buffer_ioctl(file, VIDIOC_DQBUF, &mut raw, array, &mut NoForeign) {
                    Ok(Returned::WouldSleep) if may_starve && state.is_starved(file, queue) => {
                        return Ok(Step::Starved);
                    }
                    Ok(Returned::WouldSleep) => match state.sleep() {
                        Sleep::Woken => {}
                        Sleep::Interrupted => return Err(Errno::EINTR),
                        Sleep::Forever => return Err(Errno::EDEADLK),
                    },
                    Ok(_) => break raw,
                    Err(error) => {
                        if error == Errno::EAGAIN {
                            state.let_a_moment_pass();
                        }
                        return Err(error);
                    }
                }
            };
            let mut answer = Dequeued::default();
            answer.index = raw.index;
            answer.flags = BufferFlags::from_bits_retain(raw.flags);
            answer.field = Field(raw.field);
            answer.sequence = raw.sequence;
            answer.timestamp = Timestamp { seconds: raw.timestamp.tv_sec, microseconds: raw.timestamp.tv_usec };
            answer.planes = 1;
            if queue.buffer_type.is_multiplanar() {
                answer.planes = raw.length;
            } else {
                (array[0].bytesused, array[0].data_offset) = (raw.bytesused, 0);
            }
            if let Some(number) = state.engine.false_planes() {
                answer.planes = number;
            }
            for (to, from) in answer.payloads.iter_mut().zip(array.iter()) {
                *to = PlanePayload { bytesused: from.bytesused, data_offset: from.data_offset };
            }
            Ok(Step::Done(answer))
        })?;
        Ok(room.write(dequeued))
    }

    fn stream_on(&self, queue: QueueType) -> Result<(), Errno> {
        self.call(queue, Call::StreamOn, 0, |state, file| {
            let outcome = state.node.call(file, VIDIOC_STREAMON, &mut (queue.buffer_type as u32), &mut []);
            outcome.map(|_| ())
        })
    }

    fn stream_off(&self, queue: QueueType) -> Result<(), Errno> {
        self.call(queue, Call::StreamOff, 0, |state, file| {
            let outcome = state.node.call(file, VIDIOC_STREAMOFF, &mut (queue.buffer_type as u32), &mut []);
            outcome.map(|_| ())
        })
    }

    fn wait(&self, queue: QueueType, timeout: Option<Duration>) -> Result<Wake, Errno> {
        let argument = timeout.map_or(u64::MAX, |timeout| nanos(timeout) / 1000);
        let mut deadline = None;
        self.sleeping_call(queue, Call::Wait, argument, |state, file, may_starve| {
            let node_queue = state.node.queue_of(file, queue.buffer_type as u32).unwrap_or(QueueId::FIRST);
            if !state.node.is_streaming(node_queue) && !state.node.is_gone(file) {
                state.break_rule(Violation::WaitBeforeStreaming)?;
            }
            let wanted = if queue.buffer_type.is_output() { events::OUT } else { events::IN };
            let now = state.node.now_ns();
            deadline = deadline.or(timeout.map(|timeout| now.saturating_add(nanos(timeout))));
            loop {
                // As on Linux: ready is what DQBUF would not sleep for; anything else that poll reports is an error.
                let reported = state.node.poll(file, wanted);
                if reported & wanted != 0 {
                    return Ok(Step::Done(Wake::Ready));
                }
                if reported != 0 {
                    return Err(if reported & events::HUP != 0 { Errno::ENODEV } else { Errno::EIO });
                }
                if may_starve && timeout != Some(Duration::ZERO) && state.is_starved(file, queue) {
                    return Ok(Step::Starved);
                }
                let Some(deadline) = deadline else {
                    match state.sleep() {
                        Sleep::Woken => continue,
                        Sleep::Interrupted => return Err(Errno::EINTR),
                        Sleep::Forever => return Err(Errno::EDEADLK),
                    }
                };
                // Signals neither end nor prolong a wait that has a time-out.
                if let Some(next) = state.next_noticeable().filter(|next| *next <= deadline) {
                    state.run_until(next);
                    continue;
                }
                if timeout == Some(Duration::ZERO) {
                    state.let_a_moment_pass();
                }
                state.run_until(deadline);
                return Ok(Step::Done(Wake::TimedOut));
            }
        })
    }

    /// Calls the hook of [`yield_with`](crate::Sim::yield_with), outside of the lock; without one there is no thread to wait for.
    fn pause(&self) -> bool {
        let hook = self.sim.state.with(|state| state.settings.hook);
        if let Some(hook) = hook {
            (0..100).for_each(|_| hook());
        }
        hook.is_some()
    }

    fn is_nonblocking(&self) -> bool {
        self.sim.state.with(|state| state.node.is_nonblocking(self.file).unwrap_or(false))
    }

    fn bytes_per_buffer(&self, queue: QueueType) -> Option<u64> {
        self.sim.state.with(|state| {
            let node_queue = state.node.queue_of(self.file, queue.buffer_type as u32)?;
            state.node.format(node_queue).map(crate::Format::total)
        })
    }
}

/// A buffer as a program fills it in before a call.
fn buffer_of(queue: QueueType, index: u32) -> v4l2_buffer {
    v4l2_buffer { index, type_: queue.buffer_type as u32, memory: queue.memory as u32, ..Default::default() }
}

/// Room for an array of planes.
struct PlaneRoom {
    one: MaybeUninit<[v4l2_plane; 1]>,
    all: MaybeUninit<[v4l2_plane; MAX_PLANES]>,
}

impl PlaneRoom {
    const EMPTY: Self = Self { one: MaybeUninit::uninit(), all: MaybeUninit::uninit() };

    /// As many planes as a buffer of this queue may have. Only those are cleared: it is done for every frame.
    #[inline(always)]
    fn of(&mut self, queue: QueueType) -> &mut [v4l2_plane] {
        if queue.buffer_type.is_multiplanar() {
            self.all.write([v4l2_plane::ZERO; MAX_PLANES])
        } else {
            self.one.write([v4l2_plane::ZERO; 1])
        }
    }
}

/// Bit of a cookie of a memory-to-memory device's capture queue.
const CAPTURE_COOKIE: u32 = 1 << 30;
