//! [`SimFile`]: the device as a program opens it.

use core::fmt;
use core::time::Duration;

use vidbuf::v4l2::QueueType;
use vidbuf::{Clock, Errno};

use crate::kernel::{File, OpenMode};
use crate::report::Violation;
use crate::sim::Sim;

/// An open file of a [`Sim`]: what a program has, and the [`Backend`](vidbuf::Backend) that a queue is made on.
///
/// As with a kernel's file, buffers are the file's that allocated them: VIDIOC_REQBUFS of a second file fails with EBUSY until
/// they are freed. Dropping the file closes it, which frees what it still has. It cannot be cloned: two queues on one file would
/// take each other's buffers.
///
/// ```
/// use vidbuf::error::ErrorKind;
/// use vidbuf::{Queue, Request};
/// use vidbuf_sim::{Profile, Sim};
///
/// let mut memory = vec![0; 4 << 20];
/// let sim = Sim::new(Profile::VIVID, &mut memory);
/// let first = Queue::capture(sim.open()?).start(Request::exactly(4)).unwrap();
/// let refused = Queue::capture(sim.open()?).try_start(Request::exactly(4)).unwrap_err();
/// assert_eq!(refused.error.kind(), Some(ErrorKind::Busy));
/// drop(first);
/// assert!(refused.value.start(Request::exactly(4)).is_ok());
/// # Ok::<(), vidbuf_sim::Errno>(())
/// ```
///
/// A reference to it is no backend, and neither is a reference to the device:
///
/// ```compile_fail,E0277
/// # use vidbuf::{Queue, Request};
/// # use vidbuf_sim::{Profile, Sim};
/// # let mut memory = vec![0; 4 << 20];
/// # let sim = Sim::new(Profile::VIVID, &mut memory);
/// let queue = Queue::capture(&sim).start(Request::exactly(4));
/// ```
pub struct SimFile<'s, 'm, const BUFFERS: usize = 32, const QUEUES: usize = 1> {
    pub(crate) sim: &'s Sim<'m, BUFFERS, QUEUES>,
    pub(crate) file: File,
    /// The one queue of a memory-to-memory device that it drives: the output queue (true) or the capture queue.
    only_output: Option<bool>,
}

impl<'m, const BUFFERS: usize, const QUEUES: usize> Sim<'m, BUFFERS, QUEUES> {
    /// Opens the device; blocking, that is, VIDIOC_DQBUF sleeps until there is a buffer.
    ///
    /// # Errors
    ///
    /// - `ENODEV`: the device is unplugged.
    /// - `ENFILE`: eight files are open; of a memory-to-memory device, one. A file whose memory is still mapped counts.
    /// - `ENOMEM`: a memory-to-memory device has two queues, and this `Sim` has room for one: make it with `Sim::<32, 2>::sized`.
    ///   It is counted as [`Violation::OneQueueForTwo`](crate::Violation::OneQueueForTwo).
    pub fn open(&self) -> Result<SimFile<'_, 'm, BUFFERS, QUEUES>, Errno> {
        self.open_as(OpenMode::READ_WRITE)
    }

    /// Opens the device with `O_NONBLOCK`: VIDIOC_DQBUF fails with EAGAIN when there is no buffer.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_nonblocking(&self) -> Result<SimFile<'_, 'm, BUFFERS, QUEUES>, Errno> {
        self.open_as(OpenMode::NONBLOCKING)
    }

    fn open_as(&self, mode: OpenMode) -> Result<SimFile<'_, 'm, BUFFERS, QUEUES>, Errno> {
        let file = self.state.with(|state| {
            if state.node.is_codec() && QUEUES < 2 {
                state.violate(Violation::OneQueueForTwo);
                return Err(Errno::ENOMEM);
            }
            state.node.open(mode)
        })?;
        Ok(SimFile { sim: self, file, only_output: None })
    }

    /// Opens a memory-to-memory device once and gives the open file out in two halves: one for its output queue, one for its
    /// capture queue. Each fails with EINVAL for the other's queue. The file is closed when both are dropped.
    ///
    /// ```
    /// use vidbuf::backend::PlanePayload;
    /// use vidbuf::{Queue, Request};
    /// use vidbuf_sim::{Profile, Sim};
    ///
    /// let mut memory = vec![0; 8 << 20];
    /// let sim = Sim::<8, 2>::sized(Profile::CODEC, &mut memory);
    /// let (output, capture) = sim.open_pair()?;
    /// let bitstream = Queue::output_mplane(output).request_buffers(Request::exactly(2)).unwrap();
    /// let bitstream = bitstream.query_buffers().unwrap().map().unwrap().stream_on().unwrap();
    /// let pictures = Queue::capture_mplane(capture).start(Request::exactly(2)).unwrap();
    ///
    /// let payload = PlanePayload { bytesused: 1000, data_offset: 0 };
    /// bitstream.take().unwrap().enqueue_planes(&[payload]).unwrap();
    /// let picture = pictures.dequeue().unwrap().unwrap();
    /// assert!(sim.picture(picture.sequence()).is_in(0, picture.payload(0).unwrap()));
    /// assert_eq!(sim.latest_sent(0).unwrap().bytes, 1000);
    /// # Ok::<(), vidbuf_sim::Errno>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and `EINVAL` for a device with one queue.
    pub fn open_pair(&self) -> Result<(SimFile<'_, 'm, BUFFERS, QUEUES>, SimFile<'_, 'm, BUFFERS, QUEUES>), Errno> {
        if !self.state.with(|state| state.node.is_codec()) {
            return Err(Errno::EINVAL);
        }
        let mut output = self.open()?;
        self.state.with(|state| state.node.dup(output.file))?;
        output.only_output = Some(true);
        let capture = SimFile { sim: self, file: output.file, only_output: Some(false) };
        Ok((output, capture))
    }
}

impl<'s, 'm, const BUFFERS: usize, const QUEUES: usize> SimFile<'s, 'm, BUFFERS, QUEUES> {
    /// The device.
    pub fn device(&self) -> &'s Sim<'m, BUFFERS, QUEUES> {
        self.sim
    }

    /// Whether it was opened with `O_NONBLOCK`.
    pub fn is_nonblocking(&self) -> bool {
        // It is open for as long as this value lives.
        self.sim.state.with(|state| state.node.is_nonblocking(self.file).unwrap_or(false))
    }

    /// Whether this file may be used for that queue.
    pub(crate) fn drives(&self, queue: QueueType) -> bool {
        self.only_output.is_none_or(|output| output == queue.buffer_type.is_output())
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> Clock for SimFile<'_, '_, BUFFERS, QUEUES> {
    /// The device's virtual time, which timestamps are read from.
    fn now(&self) -> Duration {
        self.sim.now()
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> Drop for SimFile<'_, '_, BUFFERS, QUEUES> {
    fn drop(&mut self) {
        self.sim.state.with(|state| {
            // It is open until now.
            let _ = state.node.close(self.file);
            state.follow_driver();
        });
    }
}

impl<const BUFFERS: usize, const QUEUES: usize> fmt::Debug for SimFile<'_, '_, BUFFERS, QUEUES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimFile").field("device", self.sim).field("file", &self.file).finish()
    }
}
