//! Calls that are to fail, whatever makes them.

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane};
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS};
use vidbuf_abi::value::Value;

use crate::kernel::{File, Foreign, NodeOf, Returned, Rooms, is_multiplanar};
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

    /// [`NodeOf::ioctl_with`], unless the call is to fail, and with what is to be reported that is not so. Afterwards the engine
    /// has looked whether the stream was started or stopped.
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
        let outcome = match struck {
            Ok(()) if self.script.has_lies() => self.lying_ioctl(node, (file, number), argument, planes, foreign),
            Ok(()) => node.ioctl_with(file, number, argument, planes, foreign),
            Err(errno) => Err(errno),
        };
        self.follow(node);
        outcome
    }

    fn lying_ioctl<R: Rooms>(
        &mut self,
        node: &mut NodeOf<R>,
        (file, number): (File, u32),
        argument: &mut [u8],
        planes: &mut [v4l2_plane],
        foreign: &mut dyn Foreign,
    ) -> Result<Returned, Errno> {
        if let (VIDIOC_DQBUF, Some(asked)) = (number, v4l2_buffer::read(argument))
            && let Some(index) = self.false_index(node, file, asked.type_)
        {
            let v4l2_buffer { type_, memory, length, m, .. } = asked;
            v4l2_buffer { index, type_, memory, length, m, ..Default::default() }.write(argument);
            return Ok(Returned::Done);
        }
        let returned = node.ioctl_with(file, number, argument, planes, foreign)?;
        if returned != Returned::Done {
            return Ok(returned);
        }
        match number {
            VIDIOC_REQBUFS => rewrite(argument, |request| self.falsify_request(request)),
            VIDIOC_QUERYBUF => rewrite(argument, |buffer| {
                self.falsify_query(node, file, buffer, planes);
            }),
            VIDIOC_DQBUF => rewrite(argument, |buffer: &mut v4l2_buffer| {
                // A single-planar structure has no place for it.
                if is_multiplanar(buffer.type_)
                    && let Some(number) = self.false_planes()
                {
                    buffer.length = number;
                }
            }),
            _ => {}
        }
        Ok(returned)
    }
}

/// Changes an argument that a call has been made with, so it is as long as its structure.
fn rewrite<T: Value>(argument: &mut [u8], change: impl FnOnce(&mut T)) {
    if let Some(mut value) = T::read(argument) {
        change(&mut value);
        value.write(argument);
    }
}
