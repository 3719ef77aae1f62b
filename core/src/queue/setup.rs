//! Going up: request, query, map. A step that fails undoes itself and gives the queue back in its old state.

use super::{Idle, Mapped, Queried, Queue, Requested};
use crate::backend::{Backend, Granted, PlaneLayout};
use crate::error::{DriverFault, Errno, Error, Failed, Operation};
use crate::log::debug;
use crate::queue::cookies;
use crate::queue::failure::{Call, Details, Failure, detailed};
use crate::queue::raw::RawQueue;
use crate::queue::shared::Flag;
use crate::queue::slots::Slot;
use crate::queue::step::Step;
use crate::queue::tally::Tally;
use crate::queue_kind::{Direction, Kind, Mmap, Planes, QueueKind};
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
        match detailed(|details| self.raw.request(request, details)) {
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
    pub(super) fn request(&mut self, request: Request, details: &mut Details) -> Result<(), Failure> {
        let (wanted, least, capacity) = (request.wanted(), request.least(), N as u32);
        if least == 0 || least > wanted || least > capacity {
            return Err(details.of(Error::BadRequest { wanted, least, capacity }));
        }
        let wanted = wanted.min(capacity);
        // A clean-up that failed earlier is caught up on first.
        self.clean_up()?;
        // A device that was gone is asked again.
        self.shared.tally = Tally::new();
        let Granted { count: granted, exclusive, .. } = self.ask(wanted, least)?;
        self.shared.holds.buffers = Flag::Yes;
        if granted < least {
            return Err(if granted == 0 {
                details.of(DriverFault::NothingGranted { asked: wanted })
            } else {
                details.of(Error::TooFewGranted { least, granted })
            });
        }
        if !self.make_slots(granted) {
            return Err(details.of(Error::TooManyGranted { granted, capacity }));
        }
        self.shared.exclusive = exclusive;
        debug!("requested {=u32}, granted {=u32} buffers", wanted, granted);
        Ok(())
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
                Err(error @ (Errno::ENOMEM | Errno::ENOBUFS)) => {
                    if count == least {
                        return Err(Failure::no_memory(least, error));
                    }
                    count -= 1;
                }
                Err(error) => return Err(self.shared.refused(Call::of_queue(Operation::RequestBuffers), error)),
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
        match detailed(|details| self.raw.query(details)) {
            Ok(()) => Ok(self.become_state()),
            Err(error) => Err(Failed { value: self, error }),
        }
    }
}

impl<B: Backend, K: QueueKind, const N: usize> RawQueue<B, K, N> {
    pub(super) fn query(&mut self, details: &mut Details) -> Result<(), Failure> {
        self.each(Step::Query, details)?;
        debug!("queried {=usize} buffers of {=usize} planes", self.slots.len(), self.shared.planes());
        // Where no bytes are lent, buffers that share memory do no harm; v4l2loopback 0.12 has such buffers once another program
        // has asked it for fewer.
        if self.shared.exclusive { cookies::check(&self.slots, self.shared.planes(), details) } else { Ok(()) }
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
        match detailed(|details| self.raw.map(details)) {
            Ok(()) => {
                // A STREAMOFF that was refused on the way down has left buffers with the kernel, mapped or not.
                self.raw.reclaim(false);
                Ok(self.become_state())
            }
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
    pub(super) fn map(&mut self, details: &mut Details) -> Result<(), Failure> {
        self.each(Step::Map, details)?;
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
