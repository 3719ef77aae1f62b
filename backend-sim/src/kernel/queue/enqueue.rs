//! VIDIOC_QBUF and VIDIOC_PREPARE_BUF.

use vidbuf::Errno;
use vidbuf::v4l2::BufferCapabilities;
use vidbuf_abi::buffer::{self as abi, v4l2_buffer, v4l2_plane};

use crate::profile::{Flow, Profile};

use super::slot::{BufferIndex, COMPUTED_FLAGS, GivenPlane, GivenPlanes, State};
use super::{Argument, Around, Queue};

/// Flags that a program gives on output queues only.
const OUTPUT_FLAGS: u32 = abi::V4L2_BUF_FLAG_KEYFRAME
    | abi::V4L2_BUF_FLAG_PFRAME
    | abi::V4L2_BUF_FLAG_BFRAME
    | abi::V4L2_BUF_FLAG_TIMECODE
    | abi::V4L2_BUF_FLAG_M2M_HOLD_CAPTURE_BUF;
const CACHE_FLAGS: u32 = abi::V4L2_BUF_FLAG_NO_CACHE_INVALIDATE | abi::V4L2_BUF_FLAG_NO_CACHE_CLEAN;

impl Queue {
    /// `VIDIOC_QBUF` below the checks of the file: EBUSY if file I/O is going on; EINVAL without such a buffer, with another memory, a
    /// plane array without room, a buffer that is already queued, an impossible payload, or if the driver refuses; EPERM with a
    /// request, on the capture side of a memory-to-memory device; EBADR with a request, on a driver without; EFAULT for unusable
    /// memory; EIO if the queue is in error; and whatever starting the driver may fail with, if it waited for this buffer.
    pub fn enqueue(&mut self, argument: &mut Argument<'_>, around: &mut Around<'_>) -> Result<(), Errno> {
        if self.refuses_request(argument.buffer, &around.driver.profile) {
            return Err(Errno::EPERM);
        }
        let mut given = [GivenPlane::default(); vidbuf::backend::MAX_PLANES];
        let index = self.accept(argument, false, &around.driver.profile, &mut given)?;
        let Around { driver, arena, foreign } = around;
        if argument.buffer.flags & abi::V4L2_BUF_FLAG_REQUEST_FD != 0 {
            return Err(self.refuse_request(&driver.profile));
        }
        if self.error {
            return Err(Errno::EIO);
        }
        self.uses_queueing = true;
        if self[index].state != State::Dequeued {
            return Err(Errno::EINVAL);
        }
        if !self[index].prepared {
            self.prepare(index, &mut given, driver, *foreign)?;
        }
        self.append(index);
        self.copy_timestamp(index, argument.buffer, &driver.profile);
        if self.started {
            self.give_to_driver();
            self.give_back_last(driver);
        } else if self.streaming && self.queued_count() >= driver.profile.min_queued {
            // A failed start leaves the buffer with the program, still prepared.
            self.start(driver).inspect_err(|_| self.take_back(index))?;
        }
        self.fill(index, driver, arena, argument);
        Ok(())
    }

    /// The capture side of a memory-to-memory device takes no requests.
    fn refuses_request(&self, buffer: &v4l2_buffer, profile: &Profile) -> bool {
        let given = buffer.flags & abi::V4L2_BUF_FLAG_REQUEST_FD != 0;
        given && profile.flow == Flow::MemoryToMemory && !self.is_output()
    }

    /// Requests are not modelled: no descriptor is one.
    fn refuse_request(&self, profile: &Profile) -> Errno {
        if !profile.capabilities.contains(BufferCapabilities::REQUESTS) {
            Errno::EBADR
        } else if self.uses_queueing {
            Errno::EBUSY
        } else {
            Errno::EINVAL
        }
    }

    /// `VIDIOC_PREPARE_BUF` below the checks of the file: as VIDIOC_QBUF, and EINVAL if the buffer is prepared already or a request
    /// was given.
    pub fn prepare_buffer(&mut self, argument: &mut Argument<'_>, around: &mut Around<'_>) -> Result<(), Errno> {
        let mut given = [GivenPlane::default(); vidbuf::backend::MAX_PLANES];
        let index = self.accept(argument, true, &around.driver.profile, &mut given)?;
        let Around { driver, arena, foreign } = around;
        let slot = &self[index];
        if slot.state != State::Dequeued || slot.prepared {
            return Err(Errno::EINVAL);
        }
        if self.error {
            return Err(Errno::EIO);
        }
        self.prepare(index, &mut given, driver, *foreign)?;
        self.fill(index, driver, arena, argument);
        Ok(())
    }

    /// The checks that both calls begin with, and reading what the program gave if the buffer is not prepared yet.
    fn accept(
        &mut self,
        argument: &Argument<'_>,
        preparing: bool,
        profile: &Profile,
        given: &mut GivenPlanes,
    ) -> Result<BufferIndex, Errno> {
        let Argument { buffer, planes } = argument;
        if self.file_io {
            return Err(Errno::EBUSY);
        }
        self.check_type(buffer.type_)?;
        let request = buffer.flags & abi::V4L2_BUF_FLAG_REQUEST_FD != 0;
        let index = self.find(buffer.index).ok_or(Errno::EINVAL)?;
        if buffer.memory != self.memory || (preparing && request) {
            return Err(Errno::EINVAL);
        }
        self.check_planes(index, buffer)?;
        if request && self[index].state != State::Dequeued {
            return Err(Errno::EINVAL);
        }
        if !self[index].prepared {
            self.read_given(index, buffer, planes, profile, given)?;
        }
        Ok(index)
    }

    /// Reads the program's fields.
    fn read_given(
        &mut self,
        index: BufferIndex,
        buffer: &v4l2_buffer,
        planes: &[v4l2_plane],
        profile: &Profile,
        given_planes: &mut GivenPlanes,
    ) -> Result<(), Errno> {
        let (output, multiplanar, memory) = (self.is_output(), self.is_multiplanar(), self.memory);
        let copies = profile.copies_timestamps();
        let slot = &mut self[index];
        let hints = profile.capabilities.contains(BufferCapabilities::MMAP_CACHE_HINTS);
        let ignored = if hints && memory == abi::V4L2_MEMORY_MMAP { 0 } else { CACHE_FLAGS };
        for (number, (plane, accepted)) in slot.planes().iter().zip(given_planes.iter_mut()).enumerate() {
            let given = match planes.get(number) {
                Some(plane) if multiplanar => {
                    let v4l2_plane { bytesused, length, data_offset, .. } = *plane;
                    GivenPlane { bytesused, length, data_offset, m: plane.m.userptr() as u64 }
                }
                _ => {
                    let v4l2_buffer { bytesused, length, .. } = *buffer;
                    GivenPlane { bytesused, length, data_offset: 0, m: buffer.m.userptr() as u64 }
                }
            };
            // What bytesused is compared with, and what 0 stands for.
            let (limit, whole) = match memory {
                abi::V4L2_MEMORY_MMAP => (plane.length, plane.length),
                abi::V4L2_MEMORY_DMABUF if !multiplanar => (plane.length, given.length),
                _ => (given.length, given.length),
            };
            if output {
                let end = if given.bytesused == 0 { limit } else { given.bytesused };
                if given.bytesused > limit || (given.data_offset > 0 && given.data_offset >= end) {
                    return Err(Errno::EINVAL);
                }
            }
            let bytesused = match (output, given.bytesused, profile.allows_zero_bytesused) {
                (false, ..) => 0,
                (true, 0, false) => whole,
                (true, bytes, _) => bytes,
            };
            let data_offset = if output { given.data_offset } else { 0 };
            let length = if memory == abi::V4L2_MEMORY_MMAP { plane.length } else { given.length };
            let m = if memory == abi::V4L2_MEMORY_MMAP { plane.m } else { given.m };
            *accepted = GivenPlane { bytesused, length, m, data_offset };
        }
        if output && buffer.field == vidbuf::v4l2::Field::ALTERNATE.0 {
            return Err(Errno::EINVAL);
        }
        slot.sequence = 0;
        let mut kept = buffer.flags & !(COMPUTED_FLAGS | ignored);
        if !copies || !output {
            kept &= !abi::V4L2_BUF_FLAG_TSTAMP_SRC_MASK;
        }
        if output {
            kept &= !(abi::V4L2_BUF_FLAG_TIMECODE | abi::V4L2_BUF_FLAG_M2M_HOLD_CAPTURE_BUF);
            slot.field = buffer.field;
        } else {
            kept &= !(OUTPUT_FLAGS | abi::V4L2_BUF_FLAG_LAST);
        }
        slot.flags = kept;
        Ok(())
    }

    pub fn append(&mut self, index: BufferIndex) {
        self.queued.push(&mut self.slots, index);
        self[index].state = State::Queued;
        self.waiting_for_buffers = false;
    }

    /// A failed start: the buffer that caused it goes back to the program, still prepared.
    fn take_back(&mut self, index: BufferIndex) {
        self.queued.remove(&mut self.slots, index);
        self[index].state = State::Dequeued;
    }

    /// Output queues take over timestamp (if they copy it) and timecode, even of a prepared buffer.
    fn copy_timestamp(&mut self, index: BufferIndex, buffer: &v4l2_buffer, profile: &Profile) {
        if !self.is_output() {
            return;
        }
        let slot = &mut self[index];
        if profile.copies_timestamps() {
            let micros = i64::from(buffer.timestamp.tv_usec as u32).wrapping_mul(1000);
            slot.timestamp_ns = buffer.timestamp.tv_sec.wrapping_mul(1_000_000_000).wrapping_add(micros);
        }
        if buffer.flags & abi::V4L2_BUF_FLAG_TIMECODE != 0 {
            slot.flags |= abi::V4L2_BUF_FLAG_TIMECODE;
            slot.timecode = buffer.timecode;
        }
    }
}
