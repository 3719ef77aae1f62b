//! Going up: request, query, map. A step that fails undoes itself and gives the queue back in its old state.
//!
//! # Safety
//!
//! A mapping of a wrong length is unmapped here, before anybody has seen it.
#![allow(unsafe_code)]

use super::raw::reclaim;
use super::{Idle, Mapped, Queried, Queue, Requested};
use crate::backend::{Backend, Granted, PlaneLayout};
use crate::error::{DriverFault, Error, ErrorKind, Failed, Operation};
use crate::log::debug;
use crate::plane_count::PlaneCount;
use crate::queue::cookies;
use crate::queue::failure::Failure;
use crate::queue::raw::{Flag, RawQueue};
use crate::queue::slots::{Slot, ends_with};
use crate::queue_kind::{Direction, Kind, Mmap, PerPlane, PlaneArray, Planes, QueueKind};
use crate::request::Request;

impl<B: Backend, K: QueueKind, const N: usize> Queue<B, Idle, K, N> {
    /// `ioctl(fd, VIDIOC_REQBUFS, &count)`: allocates buffers.
    ///
    /// Asks for the number wanted; when there is no memory for that many, for one less each time, down to the least. The
    /// number granted is [`granted`](Queue::granted): it may also be larger than wanted. A device that was gone is asked again.
    ///
    /// # Errors
    ///
    /// The queue comes back [`Idle`], with no buffer allocated.
    /// - [`Error::BadRequest`]: the least is 0, above the number wanted, or above the room; no call was made.
    /// - [`Error::NoMemoryForBuffers`], [`Error::TooFewGranted`]: not even the least.
    /// - [`Error::TooManyGranted`]: more than the queue has room for.
    /// - [`DriverFault::NothingGranted`]: a success with no buffer.
    /// - [`Error::Refused`]: EBUSY when another open file holds the buffers; EINVAL when the node has no such queue; ENOTTY when it
    ///   cannot stream; EINTR: call again.
    ///
    /// # Kernel
    ///
    /// `vidioc-reqbufs.rst`, `vb2_core_reqbufs`.
    #[doc(alias = "VIDIOC_REQBUFS")]
    pub fn request_buffers(mut self, request: Request) -> Result<Queue<B, Requested, K, N>, Failed<Self>> {
        match self.raw.request(request) {
            Ok(()) => Ok(self.become_state()),
            Err(error) => {
                use Error::{Driver, TooFewGranted, TooManyGranted};
                if let TooFewGranted { .. } | TooManyGranted { .. } | Driver(_) = error {
                    // Buffers that cannot be used; giving them back is tried again by the next request if it fails now.
                    let _ = self.raw.free();
                }
                Err(Failed { value: self, error })
            }
        }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    /// On an error there may be buffers, which the caller frees.
    #[inline(never)]
    pub(super) fn request(&mut self, request: Request) -> Result<(), Error> {
        let (wanted, least, capacity) = (request.wanted(), request.least(), N as u32);
        if least == 0 || least > wanted || least > capacity {
            return Err(Error::BadRequest { wanted, least, capacity });
        }
        let wanted = wanted.min(capacity);
        // A clean-up that failed earlier is caught up on first.
        let asked = self.clean_up().and_then(|()| {
            self.shared.tally.forget_unplugged();
            self.ask(wanted, least)
        });
        let Granted { count: granted, exclusive, .. } = asked?;
        self.holds.buffers = Flag::Yes;
        let fault = if granted == 0 {
            DriverFault::NothingGranted { asked: wanted }.into()
        } else if granted < least {
            Error::TooFewGranted { least, granted }
        } else if self.make_slots(granted) {
            self.shared.session = 0;
            self.shared.exclusive = exclusive;
            debug!("requested {=u32}, granted {=u32} buffers", wanted, granted);
            return Ok(());
        } else {
            Error::TooManyGranted { granted, capacity }
        };
        Err(fault)
    }

    /// Whether there is room for so many.
    fn make_slots(&mut self, granted: u32) -> bool {
        self.slots.clear();
        (0..granted).all(|index| self.slots.push(Slot::new(index)).is_ok())
    }

    fn ask(&self, wanted: u32, least: u32) -> Result<Granted, Failure> {
        let backend = &self.shared.backend;
        let mut count = wanted;
        loop {
            match backend.request_buffers(K::QUEUE, count) {
                Ok(granted) => return Ok(granted),
                Err(error) if error.kind() == ErrorKind::NoMemory => {
                    if count == least {
                        return Err(Failure::no_memory(least, error));
                    }
                    count -= 1;
                }
                Err(error) => return Err(self.shared.refused(Failure::new(Operation::RequestBuffers, error))),
            }
        }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> Queue<B, Requested, K, N> {
    /// `ioctl(fd, VIDIOC_QUERYBUF, &buffer)` for every buffer: learns length and offset of every plane.
    ///
    /// # Errors
    ///
    /// The queue comes back [`Requested`].
    /// - [`DriverFault::PlaneCount`], [`DriverFault::EmptyPlane`]: planes that cannot be.
    /// - [`DriverFault::SharedCookie`]: two planes that would be mapped from the same memory.
    /// - [`Error::Refused`]: EINTR: call again; ENODEV: unplugged.
    ///
    /// # Kernel
    ///
    /// `vidioc-querybuf.rst`, `vb2_querybuf`.
    #[doc(alias = "VIDIOC_QUERYBUF")]
    pub fn query_buffers(mut self) -> Result<Queue<B, Queried, K, N>, Failed<Self>> {
        match self.raw.query() {
            Ok(()) => Ok(self.become_state()),
            Err(error) => Err(Failed { value: self, error }),
        }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    #[inline(never)]
    pub(super) fn query(&mut self) -> Result<(), Error> {
        let mut expected: Option<PlaneCount> = None;
        for slot in self.slots.iter_mut() {
            let index = slot.index;
            let mut layouts: PerPlane<K, PlaneLayout> = PlaneArray::filled(PlaneLayout::default());
            let planes = match self.shared.backend.query_buffer(K::QUEUE, index, layouts.as_mut()) {
                Ok(planes) => planes,
                Err(error) => {
                    return Err(self.shared.error(Failure::of_buffer(Operation::QueryBuffer, index, error)));
                }
            };
            let room = layouts.as_ref().len() as u32;
            let count = PlaneCount::new(planes).filter(|_| planes <= room);
            if count.is_none() || expected.is_some() && expected != count {
                let expected = expected.map_or(room, |expected| expected.get() as u32);
                return Err(DriverFault::PlaneCount { index, planes, expected }.into());
            }
            expected = count;
            let mut number = 0;
            while let (Some(plane), Some(layout)) = (slot.planes_mut().get_mut(number), layouts.as_ref().get(number)) {
                if layout.length == 0 {
                    return Err(DriverFault::EmptyPlane { index, plane: number as u32 }.into());
                }
                plane.layout = *layout;
                number += 1;
                if ends_with::<K>(number, planes as usize) {
                    break;
                }
            }
        }
        let planes = expected.unwrap_or(PlaneCount::One);
        self.shared.set_planes(planes);
        debug!("queried {=usize} buffers of {=usize} planes", self.slots.len(), self.shared.planes());
        // Where no bytes are lent, buffers that share memory do no harm; v4l2loopback 0.12 has such buffers once another program
        // has asked it for fewer.
        if self.shared.exclusive { cookies::check(&self.slots, planes.get()) } else { Ok(()) }
    }
}

impl<B: Backend, D: Direction, P: Planes, const N: usize> Queue<B, Queried, Kind<D, P, Mmap>, N> {
    /// `mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset)` for every plane of every buffer.
    ///
    /// # Errors
    ///
    /// The queue comes back [`Queried`], with nothing mapped. [`DriverFault::MappingLength`]: the backend mapped another length
    /// than it was asked to. [`Error::Refused`] names the buffer:
    /// - EBADF: the descriptor is not open.
    /// - EACCES: it was not opened for reading and writing.
    /// - EINVAL: address, length or offset, flags or protection, or nothing requested.
    /// - ENOMEM: no memory, or too many mappings.
    /// - ENODEV: unplugged.
    ///
    /// # Kernel
    ///
    /// `func-mmap.rst`, `vb2_mmap`.
    #[doc(alias = "mmap")]
    pub fn map(mut self) -> Result<Queue<B, Mapped, Kind<D, P, Mmap>, N>, Failed<Self>> {
        match self.raw.map() {
            Ok(()) => Ok(self.become_state()),
            Err(error) => {
                // Unmapping what was just mapped can only fail if the backend lost track; the first error is the cause.
                let _ = self.raw.unmap(Ok(()));
                Err(Failed { value: self, error })
            }
        }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    /// On an error there may be mappings, which the caller unmaps.
    #[inline(never)]
    pub(super) fn map(&mut self) -> Result<(), Error> {
        let planes = self.shared.planes();
        for slot in self.slots.iter_mut() {
            let (index, mut number) = (slot.index, 0);
            while let Some(plane) = slot.planes_mut().get_mut(number) {
                // The compiler does not know that a system call leaves it as it is.
                let layout = plane.layout;
                let region = match self.shared.backend.map(K::QUEUE, layout) {
                    Ok(region) => region,
                    Err(error) => {
                        return Err(self.shared.error(Failure::of_buffer(Operation::Map, index, error)));
                    }
                };
                if region.length != layout.length as usize {
                    // SAFETY: it was mapped just now, with the length that the backend returned, and no reference to it exists.
                    let _ = unsafe { self.shared.backend.unmap(region) };
                    let (mapped, asked) = (region.length, layout.length);
                    return Err(DriverFault::MappingLength { index, mapped, asked }.into());
                }
                plane.address = Some(region.address);
                number += 1;
                if ends_with::<K>(number, planes) {
                    break;
                }
            }
        }
        // A STREAMOFF that was refused on the way down has left buffers with the kernel, mapped or not.
        reclaim(&mut self.shared, &self.slots, false);
        debug!("mapped {=usize} buffers", self.slots.len());
        Ok(())
    }
}

impl<B: Backend, S: super::Allocated, K: QueueKind, const N: usize> Queue<B, S, K, N> {
    /// Length and offset of each plane of buffer `index`, as the driver returned them; empty for an index that was not granted
    /// and before the query.
    pub fn layout(&self, index: usize) -> impl Iterator<Item = PlaneLayout> + '_ {
        let planes = self.raw.shared.planes();
        let slot = self.raw.slots.get(index);
        slot.into_iter()
            .flat_map(move |slot| slot.planes().iter().take(planes))
            .map(|plane| plane.layout)
            .filter(|layout| layout.length != 0)
    }
}
