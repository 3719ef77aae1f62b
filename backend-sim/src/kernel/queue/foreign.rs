//! Buffers in memory that is not the node's own: the program's (USERPTR) and other devices' (DMABUF).

use vidbuf_abi::buffer::{V4L2_MEMORY_DMABUF, V4L2_MEMORY_USERPTR};

use crate::kernel::driver::Driver;
use vidbuf::Errno;

use super::Queue;
use super::slot::{BufferIndex, GivenPlane, GivenPlanes, PlaneSlot};

/// Another device's memory, as the descriptor names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DmaBuf {
    /// The same for every descriptor of it, not 0, and not given to another while [`NodeOf::is_attached`](crate::kernel::NodeOf::is_attached) returns true.
    pub id: u32,
    /// Bytes.
    pub size: u64,
}

/// What a node has to ask its surroundings about memory that is not its own.
pub trait Foreign {
    /// Makes sure that the driver can reach the program's memory, and write it on capture queues.
    ///
    /// # Errors
    ///
    /// `EFAULT`: it cannot.
    fn pin(&mut self, address: u64, length: u32, write: bool) -> Result<(), Errno>;

    /// The dma-buf of a descriptor.
    ///
    /// # Errors
    ///
    /// `EINVAL`: it is none.
    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, Errno>;

    /// Reads the program's memory: what the argument of a call points to, such as the array of VIDIOC_S_EXT_CTRLS.
    ///
    /// # Errors
    ///
    /// `EFAULT`: it cannot be read; always so, if this is not implemented.
    fn read(&mut self, address: u64, bytes: &mut [u8]) -> Result<(), Errno> {
        let _ = (address, bytes);
        Err(Errno::EFAULT)
    }

    /// Writes the program's memory.
    ///
    /// # Errors
    ///
    /// `EFAULT`: it cannot be written; always so, if this is not implemented.
    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), Errno> {
        let _ = (address, bytes);
        Err(Errno::EFAULT)
    }
}

/// There is no memory but the node's own.
#[derive(Clone, Copy, Debug)]
pub struct NoForeign;

impl Foreign for NoForeign {
    fn pin(&mut self, _address: u64, _length: u32, _write: bool) -> Result<(), Errno> {
        Err(Errno::EFAULT)
    }

    fn dma_buf(&mut self, _descriptor: i32) -> Result<DmaBuf, Errno> {
        Err(Errno::EINVAL)
    }
}

/// Where the bytes of a plane are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PlaneMemory {
    /// In the node's own memory, from this byte on.
    Own(usize),
    /// In the program's.
    User(u64),
    /// In the dma-buf with this [`DmaBuf::id`].
    DmaBuf(u32),
}

impl Queue {
    /// Takes over the program's memory, or keeps what it is already. After a failure there is none.
    pub fn take_user_memory(
        &mut self,
        index: BufferIndex,
        given: &GivenPlanes,
        driver: &Driver,
        foreign: &mut dyn Foreign,
    ) -> Result<(), Errno> {
        let alignment = u64::from(driver.profile.user_alignment.max(1));
        // Forced pinning writes to a private copy of memory that the program may only read.
        let write = !self.is_output() && !driver.kernel.forces_pins;
        for (plane, given) in self[index].planes_mut().iter_mut().zip(given) {
            if plane.m != 0 && plane.m == given.m && plane.length == given.length {
                continue;
            }
            if given.length < plane.minimum {
                return Err(Errno::EINVAL);
            }
            *plane = PlaneSlot { minimum: plane.minimum, ..PlaneSlot::EMPTY };
            if !given.m.is_multiple_of(alignment) || !u64::from(given.length).is_multiple_of(alignment) {
                return Err(Errno::EINVAL);
            }
            foreign.pin(given.m, given.length, write)?;
        }
        self.take_over_all(index, given);
        Ok(())
    }

    /// Attaches the dma-bufs, or keeps what is attached already.
    pub fn attach(
        &mut self,
        index: BufferIndex,
        given: &mut GivenPlanes,
        driver: &Driver,
        foreign: &mut dyn Foreign,
    ) -> Result<(), Errno> {
        let planes = self[index].planes_mut();
        if driver.kernel.attaches_once {
            // Every plane is looked at before the first is attached.
            let mut anew = planes[0].attached == 0;
            let mut found = [DmaBuf { id: 0, size: 0 }; vidbuf::backend::MAX_PLANES];
            for ((plane, given), found) in planes.iter().zip(given.iter_mut()).zip(&mut found) {
                *found = look(plane, given, foreign)?;
                anew |= plane.attached != found.id || plane.length != given.length;
            }
            if anew {
                planes.iter_mut().for_each(detach);
                for number in 0..planes.len() {
                    let twice = planes[..number].iter().any(|other| other.attached == found[number].id);
                    if !twice && u64::from(given[number].length) > found[number].size {
                        return Err(Errno::EFAULT);
                    }
                    planes[number].attached = found[number].id;
                }
            }
        } else {
            for (plane, given) in planes.iter_mut().zip(given.iter_mut()) {
                let found = look(plane, given, foreign)?;
                if plane.attached == found.id && plane.length == given.length {
                    continue;
                }
                detach(plane);
                if u64::from(given.length) > found.size {
                    return Err(Errno::EFAULT);
                }
                plane.attached = found.id;
            }
        }
        self.take_over_all(index, given);
        Ok(())
    }

    fn take_over_all(&mut self, index: BufferIndex, given: &GivenPlanes) {
        for (plane, given) in self[index].planes_mut().iter_mut().zip(given) {
            plane.bytesused = given.bytesused;
            plane.length = given.length;
            plane.m = given.m;
            plane.data_offset = given.data_offset;
        }
    }

    /// What a failed preparation leaves: no memory.
    pub fn detach_planes(&mut self, index: BufferIndex) {
        let memory = self.memory;
        for plane in self[index].planes_mut() {
            match memory {
                V4L2_MEMORY_USERPTR => (plane.m, plane.length) = (0, 0),
                V4L2_MEMORY_DMABUF => detach(plane),
                _ => {}
            }
        }
    }
}

/// The dma-buf that the program named for a plane; its length is what the program gave, or all of it.
fn look(plane: &PlaneSlot, given: &mut GivenPlane, foreign: &mut dyn Foreign) -> Result<DmaBuf, Errno> {
    // A negative number is no descriptor, and neither is one that does not fit.
    let found = foreign.dma_buf(given.m as u32 as i32)?;
    if given.length == 0 {
        given.length = found.size.min(u64::from(u32::MAX)) as u32;
    }
    if given.length < plane.minimum { Err(Errno::EINVAL) } else { Ok(found) }
}

/// A plane that had a dma-buf is left without anything; one that had none stays as it is.
fn detach(plane: &mut PlaneSlot) {
    if plane.attached != 0 {
        *plane = PlaneSlot { minimum: plane.minimum, ..PlaneSlot::EMPTY };
    }
}
