//! The device node: its descriptor, and every call that is not about buffers.
//!
//! # Safety
//!
//! Two functions are `unsafe` to call: one because a duplicated descriptor can make buffer calls, one because not every driver
//! leaves a dequeued buffer alone. One block repeats to the compiler what the type of the descriptor guarantees.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use rustix::fs::{Mode, OFlags};
use vidbuf::FourCc;
use vidbuf::v4l2::BufferType;
use vidbuf_abi::format::v4l2_format;
use vidbuf_abi::frame::{v4l2_captureparm, v4l2_fract, v4l2_streamparm};

use crate::Errno;
use crate::capability::Capabilities;
use crate::enumeration;
use crate::errno::errno;
use crate::format::{Format, FormatDescription, FrameSize};
use crate::interval::FrameInterval;
use crate::ioctl;
use crate::node_path::NodePath;
use crate::plain::zero_in_place;

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
    /// V4L2 device. What is assumed about driver and other programs is under [Where trust ends](Self#where-trust-ends).
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

    /// `ioctl(fd, VIDIOC_QUERYCAP, &capability)`: returns what the node is and can do.
    ///
    /// # Errors
    ///
    /// - ENOTTY: not a V4L2 device.
    /// - ENODEV: the device is gone.
    ///
    /// # Kernel
    ///
    /// `vidioc-querycap.rst`.
    #[doc(alias = "VIDIOC_QUERYCAP")]
    pub fn capabilities(&self) -> Result<Capabilities, Errno> {
        let mut room = MaybeUninit::uninit();
        ioctl::query_capability(self.as_fd(), &mut room).map(Capabilities::from_kernel)
    }

    /// `ioctl(fd, VIDIOC_G_FMT, &format)`: returns the format in use.
    ///
    /// # Errors
    ///
    /// - EINVAL: the node has no queue of this type (ENOTTY from a few drivers), or no format yet: v4l2loopback has none until a
    ///   producer has set one.
    /// - ENOTTY: not a V4L2 device.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_G_FMT")]
    pub fn format(&self, buffer_type: BufferType) -> Result<Format, Errno> {
        let mut room = MaybeUninit::<v4l2_format>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.type_ = buffer_type as u32;
        ioctl::get_format(self.as_fd(), kernel)?;
        Ok(Format::read_from(buffer_type, kernel))
    }

    /// `ioctl(fd, VIDIOC_TRY_FMT, &format)`: returns the format that [`set_format`](Self::set_format) would set. Changes nothing.
    ///
    /// # Errors
    ///
    /// - EINVAL: the node has no queue of this type (or, few drivers, not this pixel format).
    /// - ENOTTY: the driver cannot try.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_TRY_FMT")]
    pub fn try_format(&self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        let mut room = MaybeUninit::<v4l2_format>::uninit();
        let kernel = zero_in_place(&mut room);
        format.write_to(buffer_type, kernel);
        ioctl::try_format(self.as_fd(), kernel)?;
        Ok(Format::read_from(buffer_type, kernel))
    }

    /// `ioctl(fd, VIDIOC_S_FMT, &format)`: sets the format and returns the one that is in use now.
    ///
    /// Drivers adjust what they cannot do, the pixel format included; compare before relying on it.
    ///
    /// # Errors
    ///
    /// - EBUSY: another program, or another handle, has buffers of this device.
    /// - EINVAL: the node has no queue of this type.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-fmt.rst`.
    #[doc(alias = "VIDIOC_S_FMT")]
    pub fn set_format(&mut self, buffer_type: BufferType, format: &Format) -> Result<Format, Errno> {
        let mut room = MaybeUninit::<v4l2_format>::uninit();
        let kernel = zero_in_place(&mut room);
        format.write_to(buffer_type, kernel);
        ioctl::set_format(self.as_fd(), kernel)?;
        Ok(Format::read_from(buffer_type, kernel))
    }

    /// `ioctl(fd, VIDIOC_ENUM_FMT, &description)`: the pixel format number `index`, counted from 0; `None` after the last
    /// (EINVAL, or a format of another number than `index`).
    ///
    /// # Errors
    ///
    /// - ENOTTY: not a V4L2 device.
    ///
    /// # Kernel
    ///
    /// `vidioc-enum-fmt.rst`.
    #[doc(alias = "VIDIOC_ENUM_FMT")]
    pub fn format_description(&self, buffer_type: BufferType, index: u32) -> Result<Option<FormatDescription>, Errno> {
        enumeration::format(index, ioctl::enumerate_formats(self.as_fd(), buffer_type, index))
    }

    /// All pixel formats, one after the other ([`format_description`](Self::format_description)). An error is the last item.
    ///
    /// Ends on every driver: a format that repeats the one before is left out, and numbers from 1024 on are not asked for.
    pub fn formats(&self, buffer_type: BufferType) -> impl Iterator<Item = Result<FormatDescription, Errno>> + use<'_> {
        enumeration::items(move |index| self.format_description(buffer_type, index))
    }

    /// `ioctl(fd, VIDIOC_ENUM_FRAMESIZES, &size)`: the size number `index` of a pixel format, counted from 0; `None` after
    /// the last (EINVAL, or a size of another number than `index`). A range of sizes has the number 0 and is the only one.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver does not list sizes.
    ///
    /// # Kernel
    ///
    /// `vidioc-enum-framesizes.rst`.
    #[doc(alias = "VIDIOC_ENUM_FRAMESIZES")]
    pub fn size(&self, pixel_format: FourCc, index: u32) -> Result<Option<FrameSize>, Errno> {
        enumeration::size(index, ioctl::enumerate_sizes(self.as_fd(), pixel_format.0, index))
    }

    /// All sizes of a pixel format, one after the other ([`size`](Self::size)). An error is the last item. Ends on every driver,
    /// as [`formats`](Self::formats) does.
    pub fn sizes(&self, pixel_format: FourCc) -> impl Iterator<Item = Result<FrameSize, Errno>> + use<'_> {
        enumeration::items(move |index| self.size(pixel_format, index))
    }

    /// `ioctl(fd, VIDIOC_G_PARM, &parameters)`: returns how long a frame takes. Some drivers return 0/0 or the like:
    /// [`FrameInterval::duration`] is `None` then.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver has no frame interval.
    /// - EINVAL: the node has no queue of this type.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-parm.rst`.
    #[doc(alias = "VIDIOC_G_PARM")]
    pub fn frame_interval(&self, buffer_type: BufferType) -> Result<FrameInterval, Errno> {
        let mut room = MaybeUninit::<v4l2_streamparm>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.type_ = buffer_type as u32;
        ioctl::get_parameters(self.as_fd(), kernel)?;
        Ok(FrameInterval::from_kernel(kernel.parm.capture().timeperframe))
    }

    /// `ioctl(fd, VIDIOC_S_PARM, &parameters)`: sets a frame interval and returns the nearest, now in use.
    ///
    /// # Errors
    ///
    /// - ENOTTY: the driver cannot change it here.
    /// - EBUSY: the driver cannot change it now.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-parm.rst`.
    #[doc(alias = "VIDIOC_S_PARM")]
    pub fn set_frame_interval(
        &mut self,
        buffer_type: BufferType,
        interval: FrameInterval,
    ) -> Result<FrameInterval, Errno> {
        let mut room = MaybeUninit::<v4l2_streamparm>::uninit();
        let kernel = zero_in_place(&mut room);
        kernel.type_ = buffer_type as u32;
        let timeperframe = v4l2_fract { numerator: interval.numerator, denominator: interval.denominator };
        // `v4l2_outputparm` has it at the same place.
        kernel.parm.set_capture(v4l2_captureparm { timeperframe, ..v4l2_captureparm::default() });
        ioctl::set_parameters(self.as_fd(), kernel)?;
        Ok(FrameInterval::from_kernel(kernel.parm.capture().timeperframe))
    }

    /// `ioctl(fd, VIDIOC_G_CTRL, &control)`: returns a control's value (`V4L2_CID_*`).
    ///
    /// # Errors
    ///
    /// - EINVAL: the device has no such control.
    /// - EACCES: it can only be written.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-ctrl.rst`.
    #[doc(alias = "VIDIOC_G_CTRL")]
    pub fn control(&self, id: u32) -> Result<i32, Errno> {
        ioctl::get_control(self.as_fd(), id)
    }

    /// `ioctl(fd, VIDIOC_S_CTRL, &control)`: sets a control (`V4L2_CID_*`) at any time, also while streaming, and returns the
    /// value it has now. The kernel brings numbers into range.
    ///
    /// # Errors
    ///
    /// - EINVAL: the device has no such control. ERANGE: not an item of its menu.
    /// - EBUSY: not now. EACCES: it can only be read.
    ///
    /// # Kernel
    ///
    /// `vidioc-g-ctrl.rst`.
    #[doc(alias = "VIDIOC_S_CTRL")]
    pub fn set_control(&self, id: u32, value: i32) -> Result<i32, Errno> {
        ioctl::set_control(self.as_fd(), id, value)
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
    use super::{Device, Errno, FourCc};
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
        let (buffer_type, format) = (BufferType::VideoCapture, super::Format::new(640, 480, FourCc::YUYV));
        assert_eq!(device.capabilities().err(), Some(Errno::ENOTTY));
        assert_eq!(device.format(buffer_type).err(), Some(Errno::ENOTTY));
        assert_eq!(device.try_format(buffer_type, &format).err(), Some(Errno::ENOTTY));
        assert_eq!(device.set_format(buffer_type, &format).err(), Some(Errno::ENOTTY));
        assert_eq!(device.frame_interval(buffer_type).err(), Some(Errno::ENOTTY));
        let interval = super::FrameInterval { numerator: 1, denominator: 30 };
        assert_eq!(device.set_frame_interval(buffer_type, interval).err(), Some(Errno::ENOTTY));
        assert_eq!(device.control(1).err(), Some(Errno::ENOTTY));
        assert_eq!(device.set_control(1, 1).err(), Some(Errno::ENOTTY));
        assert_eq!(device.formats(buffer_type).next(), Some(Err(Errno::ENOTTY)));
        assert_eq!(device.sizes(FourCc::YUYV).next(), Some(Err(Errno::ENOTTY)));
    }
}
