//! Making a buffer ready for the driver, by kind of memory.

use vidbuf::{BufferCapabilities, Field};
use vidbuf_abi::buffer::{V4L2_MEMORY_DMABUF, V4L2_MEMORY_MMAP, V4L2_MEMORY_USERPTR};

use crate::errno::SimErrno;

use super::Node;
use super::foreign::Foreign;
use super::slot::GivenPlanes;

impl<const BUFFERS: usize, const QUEUES: usize, const FILES: usize> Node<BUFFERS, QUEUES, FILES> {
    /// Takes over what the program gave and asks the driver.
    pub(super) fn prepare(
        &mut self,
        queue: usize,
        index: usize,
        given: &mut GivenPlanes,
        foreign: &mut dyn Foreign,
    ) -> Result<(), SimErrno> {
        if self.queues[queue].is_output() {
            self.validate_field(queue, index)?;
        }
        if !self.queues[queue].copies_timestamps(&self.profile) {
            self.queues[queue].slots[index].timestamp_ns = 0;
        }
        match self.queues[queue].memory {
            V4L2_MEMORY_MMAP => self.take_over_payload(queue, index, given),
            V4L2_MEMORY_USERPTR => {
                let taken = self.take_user_memory(queue, index, given, foreign);
                taken.inspect_err(|_| self.let_go(queue, index))?;
            }
            V4L2_MEMORY_DMABUF => {
                let attached = self.attach(queue, index, given, foreign);
                attached.inspect_err(|_| self.let_go(queue, index))?;
            }
            _ => return Err(SimErrno::EINVAL),
        }
        let accepted = self.driver_prepare(queue, index);
        accepted.inspect_err(|_| self.let_go(queue, index))?;
        let slot = &mut self.queues[queue].slots[index];
        slot.prepared = true;
        slot.synced = true;
        Ok(())
    }

    fn take_over_payload(&mut self, queue: usize, index: usize, given: &GivenPlanes) {
        for (plane, given) in self.queues[queue].slots[index].planes_mut().iter_mut().zip(given) {
            plane.bytesused = given.bytesused;
            plane.data_offset = given.data_offset;
        }
    }

    /// Output drivers correct the field, except that of alternating ones.
    fn validate_field(&mut self, queue: usize, index: usize) -> Result<(), SimErrno> {
        let state = &mut self.queues[queue];
        let slot = &mut state.slots[index];
        if state.format.field != Field::ALTERNATE.0 {
            slot.field = state.format.field;
        } else if slot.field != Field::TOP.0 && slot.field != Field::BOTTOM.0 {
            return Err(SimErrno::EINVAL);
        }
        Ok(())
    }

    /// The driver's own look at the buffer.
    fn driver_prepare(&mut self, queue: usize, index: usize) -> Result<(), SimErrno> {
        if self.profile.capabilities.contains(BufferCapabilities::MMAP)
            && let Some(error) = self.inject.buffer_prepare.take()
        {
            return Err(error);
        }
        let profile = self.profile;
        let state = &mut self.queues[queue];
        let (output, format) = (state.is_output(), state.format);
        let slot = &mut state.slots[index];
        for (plane, wanted) in slot.planes_mut().iter_mut().zip(format.planes()) {
            if plane.length < wanted.sizeimage {
                return Err(SimErrno::EINVAL);
            }
            if output {
                let payload = wanted.sizeimage - wanted.data_offset;
                if profile.needs_full_payload && plane.bytesused < payload.saturating_add(plane.data_offset) {
                    return Err(SimErrno::EINVAL);
                }
            } else if profile.presets_bytesused {
                plane.bytesused = wanted.sizeimage;
                plane.data_offset = wanted.data_offset;
            }
        }
        Ok(())
    }
}
