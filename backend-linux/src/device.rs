//! The device node: its descriptor.
//!
//! # Safety
//!
//! Two functions are `unsafe` to call: one because a duplicated descriptor can make buffer calls, one because not every driver
//! leaves a dequeued buffer alone. One block repeats to the compiler what the type of the descriptor guarantees.
#![allow(unsafe_code)]

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use rustix::fs::{Mode, OFlags};

use crate::Errno;
use crate::errno::errno;
use crate::node_path::NodePath;

/// A V4L2 device node, opened for reading and writing. Closed when dropped.
///
/// It is the backend of a queue, which then owns it: setting the format or the frame interval takes `&mut self`, and a queue
/// gives that out only while no buffer is allocated, so a format set at the wrong time does not compile.
///
/// An error is the number that the one system call of a method returned; the method's first line names the call.
///
/// # Where trust ends
///
/// A queue lends `&[u8]` of a buffer's memory on two assumptions:
///
/// - *The driver leaves a dequeued buffer alone* until it is enqueued again. Drivers built on the kernel's videobuf2 do. Since
///   Linux 4.20 they report capabilities at REQBUFS; without any (v4l2loopback, other drivers of their own making, older
///   kernels) the queue lends no bytes and only copies ([`Frame::copy_to`](vidbuf::Frame::copy_to)), until
///   [`assume_exclusive_buffers`](Self::assume_exclusive_buffers) vouches for the driver.
/// - *So does every other program that may open the node.* The kernel lets each of them map the buffers and write to them, as
///   with a shared mapping of a file. This library cannot see it, and [`open`](Self::open) assumes that none does. If you do
///   not trust them, take their permission to open the node away, or only copy.
#[derive(Debug)]
pub struct Device {
    descriptor: OwnedFd,
    /// The program vouches for the driver.
    pub(crate) exclusive: bool,
}

impl Device {
    /// `open(path, O_RDWR | O_CLOEXEC)`: opens a node whose DQBUF sleeps until a frame is there. `node` is a path, or the number
    /// `N` of `/dev/videoN` ([`NodePath`]).
    ///
    /// No other call is made: any file can be opened, and [`capabilities`](Self::capabilities) fails with ENOTTY if it is not a
    /// V4L2 device. A subdevice node, `/dev/v4l-subdevN`, is opened by its path for its controls ([`Controls`](vidbuf::node::Controls));
    /// its other calls fail with ENOTTY here. What is assumed about driver and other programs is under [Where trust ends](Self#where-trust-ends).
    ///
    /// # Errors
    ///
    /// - ENOENT: there is no such file. ENODEV or ENXIO: there is no device behind it.
    /// - EACCES: no permission (the group is often `video`).
    /// - EBUSY: the driver allows one user at a time.
    /// - EINVAL: a NUL byte inside the path. ENAMETOOLONG: a path of 4096 bytes or more. No call is made.
    ///
    /// # Kernel
    ///
    /// `func-open.rst`.
    ///
    /// ```no_run
    /// use vidbuf_linux::Device;
    ///
    /// let camera = Device::open(0)?; // /dev/video0
    /// let camera = Device::open("/dev/v4l/by-id/usb-Doorbell_Camera-video-index0")?;
    /// # Ok::<(), vidbuf_linux::Errno>(())
    /// ```
    pub fn open(node: impl NodePath) -> Result<Self, Errno> {
        Self::open_with(node, OFlags::empty())
    }

    /// `open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)`: opens a node whose DQBUF never sleeps; EAGAIN when nothing is ready.
    ///
    /// For event loops, and for several threads that dequeue with a time-out from one queue.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    #[doc(alias = "O_NONBLOCK")]
    pub fn open_nonblocking(node: impl NodePath) -> Result<Self, Errno> {
        Self::open_with(node, OFlags::NONBLOCK)
    }

    fn open_with(node: impl NodePath, more: OFlags) -> Result<Self, Errno> {
        // Read and write always: the kernel maps nothing shared on a descriptor without either.
        let flags = OFlags::RDWR.union(OFlags::CLOEXEC).union(more);
        let descriptor = node.with_path(|path| rustix::fs::open(path, flags, Mode::empty()).map_err(errno))?;
        Ok(Self { descriptor, exclusive: false })
    }

    /// Takes a descriptor that is already open (O_RDWR), e.g. one from a privileged parent.
    ///
    /// # Safety
    ///
    /// As long as this device has buffers, no duplicate of the descriptor makes buffer calls or maps buffers: not one from `dup`
    /// or `try_clone`, not one sent to another process, not the one that a child has after `fork`. (Nor may a child use
    /// mappings that it inherited.) For the kernel all duplicates are one owner: it would let a second queue give memory to the
    /// driver that frames of the first still show.
    pub unsafe fn from_fd(descriptor: OwnedFd) -> Self {
        Self { descriptor, exclusive: false }
    }

    /// Vouches for the driver: queues of this device lend `&[u8]` and `&mut [u8]` of their buffers even if the kernel does not
    /// report a driver that is built on videobuf2. No effect on one that is.
    ///
    /// # Safety
    ///
    /// Nothing but the program writes a buffer's memory from its DQBUF (or before its first QBUF, or after STREAMOFF) until the
    /// next QBUF of the same buffer. That is true of videobuf2 drivers on kernels before 4.20, which do not report it. It is
    /// **not** true of v4l2loopback, whose producer writes buffers that a consumer holds.
    #[must_use]
    pub unsafe fn assume_exclusive_buffers(self) -> Self {
        Self { exclusive: true, ..self }
    }

    /// Gives the descriptor up, open.
    pub fn into_fd(self) -> OwnedFd {
        self.descriptor
    }
}

impl AsFd for Device {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: `OwnedFd` is never -1. With this the compiler leaves out borrowing's check, which every call would pay for.
        unsafe { core::hint::assert_unchecked(self.descriptor.as_raw_fd() != -1) };
        self.descriptor.as_fd()
    }
}

impl AsRawFd for Device {
    #[inline]
    fn as_raw_fd(&self) -> RawFd {
        self.descriptor.as_raw_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::{Device, Errno};
    use crate::{Format, FrameInterval};
    use vidbuf::FourCc;
    use vidbuf::node::{ControlId, Controls as _};
    use vidbuf::v4l2::BufferType;

    #[test]
    fn open_of_a_missing_node_is_enoent() {
        let error = Device::open(c"/dev/video-missing").err();
        assert_eq!(error, Some(Errno::ENOENT));
        assert_eq!(Device::open_nonblocking(c"/dev/video-missing").err(), Some(Errno::ENOENT));
    }

    #[test]
    fn file_that_is_no_video_device_opens_and_supports_no_call() {
        let mut device = Device::open(c"/dev/null").expect("everybody may open it");
        let (buffer_type, format) = (BufferType::VideoCapture, Format::new(640, 480, FourCc::YUYV));
        assert_eq!(device.capabilities().err(), Some(Errno::ENOTTY));
        assert_eq!(device.format(buffer_type).err(), Some(Errno::ENOTTY));
        assert_eq!(device.try_format(buffer_type, &format).err(), Some(Errno::ENOTTY));
        assert_eq!(device.set_format(buffer_type, &format).err(), Some(Errno::ENOTTY));
        assert_eq!(device.frame_interval(buffer_type).err(), Some(Errno::ENOTTY));
        let interval = FrameInterval { numerator: 1, denominator: 30 };
        assert_eq!(device.set_frame_interval(buffer_type, interval).err(), Some(Errno::ENOTTY));
        assert_eq!(device.control(ControlId::GAIN).err(), Some(Errno::ENOTTY));
        assert_eq!(device.set_control(ControlId::GAIN, 1).err(), Some(Errno::ENOTTY));
        assert_eq!(device.controls().next(), Some(Err(Errno::ENOTTY)));
        assert_eq!(device.formats(buffer_type).next(), Some(Err(Errno::ENOTTY)));
        assert_eq!(device.sizes(FourCc::YUYV).next(), Some(Err(Errno::ENOTTY)));
    }
}
