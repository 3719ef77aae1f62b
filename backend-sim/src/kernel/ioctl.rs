//! ioctl: the one way in for every call that has a number.
//!
//! What the V4L2 core does before and after a driver's function is done here: which calls there are, the priority that some need, and
//! copying the argument in and out, with the words that it clears on the way.

mod capability;
mod control;
mod edid;
mod event;
mod formats;
mod input;
mod node;
mod rate;
mod selection;
mod standard;
mod timings;

use vidbuf_abi::buffer::{
    v4l2_buffer, v4l2_create_buffers, v4l2_exportbuffer, v4l2_plane, v4l2_remove_buffers, v4l2_requestbuffers,
};
use vidbuf_abi::format::v4l2_format;
use vidbuf_abi::ioctl::{
    VIDIOC_CREATE_BUFS, VIDIOC_DQBUF, VIDIOC_EXPBUF, VIDIOC_G_FMT, VIDIOC_G_PRIORITY, VIDIOC_PREPARE_BUF, VIDIOC_QBUF,
    VIDIOC_QUERYBUF, VIDIOC_REMOVE_BUFS, VIDIOC_REQBUFS, VIDIOC_S_FMT, VIDIOC_S_PARM, VIDIOC_S_PRIORITY,
    VIDIOC_STREAMOFF, VIDIOC_STREAMON, VIDIOC_TRY_FMT,
};
use vidbuf_abi::value::Value;

use vidbuf::Errno;

use super::export::Export;
use super::format::sanitize;
use super::queue::Argument;
use super::queue::foreign::{Foreign, NoForeign};
use super::room::Rooms;
use super::{File, NodeOf};

/// How an ioctl returned, if it did not fail.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Returned {
    /// With 0; what it reports is in the argument.
    Done,
    /// Not yet: the caller of VIDIOC_DQBUF would sleep now, with the queue unlocked. Call again, or
    /// [`NodeOf::resume_dequeue`], when something has happened.
    WouldSleep,
    /// VIDIOC_EXPBUF, with a dma-buf. Its descriptor is the caller's to make, and to write into the argument;
    /// [`NodeOf::exported_memory`] is what it is a descriptor of.
    Exported(Export),
}

impl Returned {
    /// What the call returns on a file that is non-blocking, or is not.
    #[inline]
    pub(super) fn unless(self, nonblocking: bool) -> Result<Self, Errno> {
        if nonblocking && self == Self::WouldSleep { Err(Errno::EAGAIN) } else { Ok(self) }
    }
}

/// Where the last field of a `v4l2_buffer` ends; what pads it is behind. VIDIOC_QUERYBUF clears that, too.
const END_OF_BUFFER: usize = core::mem::offset_of!(v4l2_buffer, request_fd) + size_of::<i32>();

/// Bytes of the largest argument.
const LARGEST: usize = size_of::<v4l2_create_buffers>();

/// The same for an argument of which the program gives the first `given` bytes: the V4L2 core clears what is behind them, what is
/// between and behind the fields, too.
fn on_given<T: Value>(
    argument: &mut [u8],
    given: usize,
    call: impl FnOnce(&mut T) -> Result<(), Errno>,
) -> Result<(), Errno> {
    on_copy(argument, call)?;
    let copy = T::read(argument).ok_or(Errno::EFAULT)?;
    argument.get_mut(given..).unwrap_or_default().fill(0);
    copy.write(argument).ok_or(Errno::EFAULT)
}

/// Makes a call on a copy of the argument, and copies it back whether the call succeeds or not.
fn on_copy_always<T: Value>(argument: &mut [u8], call: impl FnOnce(&mut T) -> Result<(), Errno>) -> Result<(), Errno> {
    let mut copy = T::read(argument).ok_or(Errno::EFAULT)?;
    let returned = call(&mut copy);
    copy.write(argument).ok_or(Errno::EFAULT)?;
    returned
}

/// Makes a call on a copy of the argument, and copies it back if the call succeeds.
#[inline(always)]
fn on_copy<T: Value, R>(argument: &mut [u8], call: impl FnOnce(&mut T) -> Result<R, Errno>) -> Result<R, Errno> {
    let mut copy = T::read(argument).ok_or(Errno::EFAULT)?;
    let returned = call(&mut copy)?;
    copy.write(argument).ok_or(Errno::EFAULT)?;
    Ok(returned)
}

impl<R: Rooms> NodeOf<R> {
    /// `ioctl`: the call with this number of [`abi::ioctl`](super::abi::ioctl). `argument` is its structure's bytes, `planes` the array
    /// that a multi-planar buffer's `m.planes` points to (of other calls, empty). If it fails, both stay as they are, except an argument that
    /// [is always copied back](super::abi::ioctl::Ioctl::is_always_copied_back): of calls on several controls and on an EDID.
    ///
    /// ```
    /// use vidbuf_sim::kernel::abi::buffer::{V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_requestbuffers};
    /// use vidbuf_sim::kernel::abi::ioctl::VIDIOC_REQBUFS;
    /// use vidbuf_sim::kernel::abi::value::Value;
    /// use vidbuf_sim::kernel::{Node, OpenMode, Returned};
    /// use vidbuf_sim::{Errno, Kernel, Profile};
    ///
    /// let mut node = Node::<8>::new(Profile::VIVID, Kernel::V6_12, 4096, 16 << 20);
    /// let file = node.open(OpenMode::READ_WRITE)?;
    /// let request = v4l2_requestbuffers {
    ///     count: 1,
    ///     type_: V4L2_BUF_TYPE_VIDEO_CAPTURE,
    ///     memory: V4L2_MEMORY_MMAP,
    ///     ..Default::default()
    /// };
    /// let mut argument = [0; size_of::<v4l2_requestbuffers>()];
    /// request.write(&mut argument);
    /// assert_eq!(node.ioctl(file, VIDIOC_REQBUFS, &mut argument, &mut []), Ok(Returned::Done));
    /// assert_eq!(v4l2_requestbuffers::read(&argument).unwrap().count, 2);
    /// assert_eq!(node.ioctl(file, 0x1234, &mut [], &mut []), Err(Errno::ENOTTY));
    /// # Ok::<(), Errno>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - `EBADF`: not open.
    /// - `ENODEV`: unplugged.
    /// - `ENOTTY`: no such call, or not on this kernel or driver.
    /// - `EBUSY`: another file has priority, for calls that change something.
    /// - `EFAULT`: `argument` or `planes` is too short.
    /// - whatever the call fails with.
    #[inline]
    pub fn ioctl(
        &mut self,
        file: File,
        number: u32,
        argument: &mut [u8],
        planes: &mut [v4l2_plane],
    ) -> Result<Returned, Errno> {
        self.ioctl_with(file, number, argument, planes, &mut NoForeign)
    }

    /// [`ioctl`](Self::ioctl) with a structure in place of its bytes.
    ///
    /// # Errors
    ///
    /// As there.
    #[inline]
    pub fn call<T: Value>(
        &mut self,
        file: File,
        number: u32,
        argument: &mut T,
        planes: &mut [v4l2_plane],
    ) -> Result<Returned, Errno> {
        let mut bytes = [0; LARGEST];
        let bytes = bytes.get_mut(..size_of::<T>()).ok_or(Errno::EFAULT)?;
        argument.write(bytes).ok_or(Errno::EFAULT)?;
        let returned = self.ioctl(file, number, bytes, planes);
        *argument = T::read(bytes).ok_or(Errno::EFAULT)?;
        returned
    }

    /// [`ioctl`](Self::ioctl) where there is memory besides the node's own.
    ///
    /// # Errors
    ///
    /// As there, and what `foreign` fails with.
    pub fn ioctl_with(
        &mut self,
        file: File,
        number: u32,
        argument: &mut [u8],
        planes: &mut [v4l2_plane],
        foreign: &mut dyn Foreign,
    ) -> Result<Returned, Errno> {
        if let VIDIOC_QBUF | VIDIOC_DQBUF | VIDIOC_QUERYBUF | VIDIOC_PREPARE_BUF = number {
            let returned = on_copy(argument, |buffer| self.buffer_ioctl(file, number, buffer, planes, foreign))?;
            if let (VIDIOC_QUERYBUF, Some(rest)) = (number, argument.get_mut(END_OF_BUFFER..)) {
                rest.fill(0);
            }
            return Ok(returned);
        }
        let file = self.enter(file)?;
        self.check_call(file, number)?;
        let held = self.held();
        match number {
            VIDIOC_REQBUFS => {
                on_copy(argument, |request: &mut v4l2_requestbuffers| self.request_buffers(file, request))?;
            }
            VIDIOC_CREATE_BUFS => {
                on_copy(argument, |create: &mut v4l2_create_buffers| {
                    create.reserved = [0; 5];
                    sanitize(&mut create.format);
                    self.create_buffers(file, create)
                })?;
            }
            VIDIOC_REMOVE_BUFS => on_copy(argument, |remove: &mut v4l2_remove_buffers| {
                remove.reserved = [0; 13];
                self.remove_buffers(file, remove)
            })?,
            VIDIOC_EXPBUF => {
                return on_copy(argument, |export: &mut v4l2_exportbuffer| {
                    (export.fd, export.reserved) = (0, [0; 11]);
                    self.export_buffer(file, export).map(Returned::Exported)
                });
            }
            VIDIOC_STREAMON => on_copy(argument, |buffer_type: &mut u32| self.stream_on(file, *buffer_type))?,
            VIDIOC_STREAMOFF => on_copy(argument, |buffer_type: &mut u32| self.stream_off(file, *buffer_type))?,
            VIDIOC_G_FMT => on_copy(argument, |format: &mut v4l2_format| self.get_format(file, format))?,
            VIDIOC_TRY_FMT => on_copy(argument, |format: &mut v4l2_format| self.try_format(file, format))?,
            VIDIOC_S_FMT => on_copy(argument, |format: &mut v4l2_format| self.set_format(file, format))?,
            VIDIOC_G_PRIORITY => on_copy(argument, |priority: &mut u32| {
                *priority = self.priority();
                Ok(())
            })?,
            VIDIOC_S_PRIORITY => on_copy(argument, |priority: &mut u32| self.set_priority(file, *priority))?,
            _ if Self::is_control_ioctl(number) => self.control_ioctl(file, number, argument, foreign)?,
            _ if Self::is_event_ioctl(number) => return self.event_ioctl(file, number, argument),
            _ if Self::is_input_ioctl(number) => self.input_ioctl(file, number, argument, foreign)?,
            _ => self.node_ioctl(file, number, argument)?,
        }
        self.held_changed(held);
        Ok(Returned::Done)
    }

    /// [`ioctl_with`](Self::ioctl_with) for the calls that take a `v4l2_buffer`, on the structure itself: VIDIOC_QBUF and VIDIOC_DQBUF are made
    /// for every frame.
    ///
    /// # Errors
    ///
    /// As there; `ENOTTY` for every other number.
    #[inline(always)]
    pub fn buffer_ioctl(
        &mut self,
        file: File,
        number: u32,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
        foreign: &mut dyn Foreign,
    ) -> Result<Returned, Errno> {
        let file = self.enter(file)?;
        let mut argument = Argument { buffer, planes };
        match number {
            VIDIOC_QBUF => {
                let held = self.held();
                let (queue, mut around) = self.own_queue_and_around(file, &argument, foreign)?;
                queue.enqueue(&mut argument, &mut around)?;
                self.held_changed(held);
            }
            VIDIOC_DQBUF => return self.dequeue_buffer(file, &mut argument),
            VIDIOC_QUERYBUF => self.query_buffer(file, &mut argument)?,
            VIDIOC_PREPARE_BUF if self.driver.profile.prepares => {
                let (queue, mut around) = self.own_queue_and_around(file, &argument, foreign)?;
                queue.prepare_buffer(&mut argument, &mut around)?;
            }
            _ => return Err(Errno::ENOTTY),
        }
        Ok(Returned::Done)
    }

    /// Whether the kernel and the driver have the call, and the file the priority that it needs.
    fn check_call(&self, file: usize, number: u32) -> Result<(), Errno> {
        let (exists, needs_priority) = match number {
            VIDIOC_REQBUFS | VIDIOC_STREAMON | VIDIOC_STREAMOFF | VIDIOC_S_FMT | VIDIOC_S_PRIORITY => (true, true),
            VIDIOC_CREATE_BUFS => (self.driver.profile.creates, true),
            VIDIOC_REMOVE_BUFS => (self.driver.profile.removes && self.driver.kernel.removes, true),
            VIDIOC_EXPBUF => (self.driver.profile.exports, false),
            VIDIOC_S_PARM => (self.has_rate(), true),
            _ => (true, false),
        };
        if !exists {
            return Err(Errno::ENOTTY);
        }
        if needs_priority { self.check_priority(file) } else { Ok(()) }
    }
}
