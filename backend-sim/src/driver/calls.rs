//! Calls that are to fail, whatever makes them.

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane};
use vidbuf_abi::ioctl::VIDIOC_DQBUF;
use vidbuf_abi::value::Value as _;

use crate::kernel::{File, Foreign, NodeOf, Returned, Rooms};
use crate::trace::Call;
use vidbuf::Errno;

use super::Engine;

impl Engine<'_> {
    /// Fails so many calls of this kind (of every kind with `None`) in a row, beginning with the `nth` from now on; 1 is the
    /// next. False if there are too many already.
    ///
    /// `ENODEV` unplugs the device, and `EIO` of VIDIOC_DQBUF stays until the stream is stopped.
    pub fn fail(&mut self, call: Option<Call>, nth: u32, times: u32, errno: Errno) -> bool {
        self.script.fail(call, nth, times, errno)
    }

    /// How many calls were made to fail.
    pub fn faults_struck(&self) -> u32 {
        self.script.struck
    }

    /// The beginning of a call: whether it is to fail. `buffer_type` is that of its argument, if it has one.
    ///
    /// # Errors
    ///
    /// Whatever was planned; of a [seed](Self::seed), EINTR.
    #[inline(always)]
    pub fn strike<R: Rooms>(
        &mut self,
        node: &mut NodeOf<R>,
        call: Call,
        file: File,
        buffer_type: Option<u32>,
    ) -> Result<(), Errno> {
        if !self.script.has_faults() && self.source.is_steady() {
            return Ok(());
        }
        self.planned(node, call, file, buffer_type)
    }

    #[cold]
    fn planned<R: Rooms>(
        &mut self,
        node: &mut NodeOf<R>,
        call: Call,
        file: File,
        buffer_type: Option<u32>,
    ) -> Result<(), Errno> {
        let Some(errno) = self.script.strike(call).or_else(|| self.source.strike(call)) else { return Ok(()) };
        let queue = buffer_type.and_then(|buffer_type| node.queue_of(file, buffer_type));
        match (errno, call, queue) {
            (Errno::ENODEV, ..) => node.unplug(),
            // videobuf2 has one reason for this, and it stays until STREAMOFF.
            (Errno::EIO, Call::Dequeue, Some(queue)) if node.is_streaming(queue) => node.fail_queue(queue),
            _ => {}
        }
        Err(errno)
    }

    /// [`NodeOf::ioctl_with`], unless the call is to fail. Afterwards the engine has looked whether the stream was started or
    /// stopped.
    ///
    /// # Errors
    ///
    /// Whatever was planned, and as there.
    pub fn ioctl_with<R: Rooms>(
        &mut self,
        node: &mut NodeOf<R>,
        (file, number): (File, u32),
        argument: &mut [u8],
        planes: &mut [v4l2_plane],
        foreign: &mut dyn Foreign,
    ) -> Result<Returned, Errno> {
        let buffer_type = match number {
            VIDIOC_DQBUF => v4l2_buffer::read(argument).map(|buffer| buffer.type_),
            _ => None,
        };
        let struck = Call::of(number).map_or(Ok(()), |call| self.strike(node, call, file, buffer_type));
        let outcome = struck.and_then(|()| node.ioctl_with(file, number, argument, planes, foreign));
        self.follow(node);
        outcome
    }
}
