//! Making a buffer ready for the driver, by kind of memory.

use vidbuf::Errno;
use vidbuf::v4l2::{BufferCapabilities, Field};
use vidbuf_abi::buffer::{V4L2_MEMORY_DMABUF, V4L2_MEMORY_MMAP, V4L2_MEMORY_USERPTR};

use crate::kernel::driver::Driver;

use super::Queue;
use super::foreign::Foreign;
use super::slot::{BufferIndex, GivenPlanes};

impl Queue {
    /// Takes over what the program gave and asks the driver.
    pub fn prepare(
        &mut self,
        index: BufferIndex,
        given: &mut GivenPlanes,
        driver: &mut Driver,
        foreign: &mut dyn Foreign,
    ) -> Result<(), Errno> {
        if self.is_output() {
            self.validate_field(index)?;
        }
        if !driver.profile.copies_timestamps() {
            self[index].timestamp_ns = 0;
        }
        match self.memory {
            V4L2_MEMORY_MMAP => self.take_over_payload(index, given),
            V4L2_MEMORY_USERPTR => {
                let taken = self.take_user_memory(index, given, driver, foreign);
                taken.inspect_err(|_| self.detach_planes(index))?;
            }
            V4L2_MEMORY_DMABUF => {
                let attached = self.attach(index, given, driver, foreign);
                attached.inspect_err(|_| self.detach_planes(index))?;
            }
            _ => return Err(Errno::EINVAL),
        }
        let accepted = self.driver_prepare(index, driver);
        accepted.inspect_err(|_| self.detach_planes(index))?;
        let slot = &mut self[index];
        slot.prepared = true;
        slot.synced = true;
        Ok(())
    }

    fn take_over_payload(&mut self, index: BufferIndex, given: &GivenPlanes) {
        for (plane, given) in self[index].planes_mut().iter_mut().zip(given) {
            plane.bytesused = given.bytesused;
            plane.data_offset = given.data_offset;
        }
    }

    /// Output drivers correct the field, except that of alternating ones.
    fn validate_field(&mut self, index: BufferIndex) -> Result<(), Errno> {
        let field = self.format.field;
        let slot = &mut self[index];
        if field != Field::ALTERNATE.0 {
            slot.field = field;
        } else if slot.field != Field::TOP.0 && slot.field != Field::BOTTOM.0 {
            return Err(Errno::EINVAL);
        }
        Ok(())
    }

    /// The driver's own look at the buffer.
    fn driver_prepare(&mut self, index: BufferIndex, driver: &mut Driver) -> Result<(), Errno> {
        if driver.profile.capabilities.contains(BufferCapabilities::MMAP)
            && let Some(error) = driver.inject.buffer_prepare.take()
        {
            return Err(error);
        }
        let profile = &driver.profile;
        let output = self.is_output();
        let Self { format, slots, .. } = self;
        let Some(slot) = slots.get_mut(index.number()) else { return Err(Errno::EINVAL) };
        for (plane, wanted) in slot.planes_mut().iter_mut().zip(format.planes()) {
            if plane.length < wanted.sizeimage {
                return Err(Errno::EINVAL);
            }
            if output {
                let payload = wanted.sizeimage - wanted.data_offset;
                if profile.needs_full_payload && plane.bytesused < payload.saturating_add(plane.data_offset) {
                    return Err(Errno::EINVAL);
                }
            } else if profile.presets_bytesused {
                plane.bytesused = wanted.sizeimage;
                plane.data_offset = wanted.data_offset;
            }
        }
        Ok(())
    }
}
