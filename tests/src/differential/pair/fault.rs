//! Faults, on both sides.

use super::super::operation::Fault;
use super::super::signal;
use super::super::world::{Outcome, World};
use super::{Failure, Pair, control};
use vidbuf_abi::buffer::{V4L2_BUF_FLAG_DONE, v4l2_buffer, v4l2_requestbuffers};
use vidbuf_abi::ioctl::{VIDIOC_QBUF, VIDIOC_REQBUFS, VIDIOC_STREAMOFF, VIDIOC_STREAMON};
use vidbuf_sim::kernel::{OpenMode, QueueId};

impl Pair {
    pub(super) fn inject(&mut self, fault: Fault) -> Result<(), Failure> {
        if self.simulated.node.is_unplugged() {
            return Ok(());
        }
        let id = match fault {
            Fault::QueueSetup => control::REQBUFS_ERROR,
            Fault::BufferPrepare => control::QBUF_ERROR,
            Fault::Start => control::STREAMON_ERROR,
            Fault::FlaggedFrame => control::BUFFER_ERROR,
            Fault::QueueError => control::FATAL_ERROR,
            Fault::Unplug => control::DISCONNECT,
        };
        match self.real.set_value(id, 1) {
            Ok(()) => {}
            Err(libc::EBUSY) => return Ok(()),
            Err(error) => return Err(Failure::BadFrame(format!("control {id:#x}: errno {error}"))),
        }
        let node = &mut self.simulated.node;
        let refused = Some(vidbuf_sim::Errno::EINVAL);
        match fault {
            Fault::QueueSetup => node.inject().queue_setup = refused,
            Fault::BufferPrepare => node.inject().buffer_prepare = refused,
            Fault::Start => node.inject().start = refused,
            Fault::FlaggedFrame => self.flags_next = true,
            Fault::QueueError if node.is_started(QueueId::FIRST) => node.fail_queue(QueueId::FIRST),
            Fault::QueueError => {}
            Fault::Unplug => {
                node.unplug();
                let left = self.real.set_control(false);
                let right = self.simulated.set_control(false);
                if left != right {
                    return Err(Failure::BadFrame(format!("close: kernel {left:?}, simulator {right:?}")));
                }
                self.reopen_if_back()?;
            }
        }
        Ok(())
    }

    /// A STREAMOFF forgets that a last buffer was dequeued: closing does not. Pending faults meet the call they wait for.
    pub(super) fn use_up_faults(&mut self) -> Result<(), i32> {
        let buffer_type = self.simulated.buffer_type();
        self.real.open(0, OpenMode::READ_WRITE)?;
        let inject = *self.simulated.node.inject();
        if inject.queue_setup.is_some() || inject.buffer_prepare.is_some() || inject.start.is_some() || self.flags_next
        {
            let type_ = buffer_type;
            twice(|| {
                let request = v4l2_requestbuffers { count: 2, type_, memory: 1, ..Default::default() };
                self.set_up(VIDIOC_REQBUFS, request, &mut [])
            })?;
            for index in 0..2 {
                let mut planes = self.whole_planes();
                let buffer = v4l2_buffer { bytesused: planes[0].bytesused, ..self.buffer(index) };
                twice(|| self.set_up(VIDIOC_QBUF, buffer, &mut planes))?;
            }
            twice(|| self.set_up(VIDIOC_STREAMON, buffer_type, &mut []))?;
            self.hold(false)?;
            signal::wait_until(2000, || self.real_buffer(0).flags & V4L2_BUF_FLAG_DONE != 0);
            self.hold(true)?;
        }
        self.set_up(VIDIOC_STREAMOFF, buffer_type, &mut [])?;
        self.real.close(0)
    }
}

fn twice(mut call: impl FnMut() -> Outcome) -> Outcome {
    call().or_else(|_| call())
}
