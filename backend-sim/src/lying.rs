//! What the simulated driver reports that is not so, and rules that the program breaks.

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane};

use crate::driver::script::Lie;
use crate::kernel::{File, Rooms};
use crate::report::Violation;
use crate::state::State;
use crate::trace::Call;
use vidbuf::Errno;

/// Whether a lie about VIDIOC_DQBUF is about the planes, not the index.
pub(crate) const fn is_about_planes(lie: Lie) -> bool {
    matches!(lie, Lie::DequeuedPlanes(_))
}

impl<R: Rooms> State<'_, R> {
    /// Remembers a violation; strict simulators refuse it as well.
    pub fn break_rule(&mut self, violation: Violation) -> Result<(), Errno> {
        self.violate(violation);
        if self.settings.strict { Err(Errno::EINVAL) } else { Ok(()) }
    }

    /// Reports another cookie for a plane of a buffer.
    pub fn report_cookie(&mut self, file: File, buffer: &v4l2_buffer, plane: &mut v4l2_plane, cookie: u64) {
        if plane.m.mem_offset() != cookie as u32
            && let Some(queue) = self.node.queue_of(file, buffer.type_)
        {
            plane.m.set_mem_offset(cookie as u32);
            self.node.misname(queue, buffer.index, cookie);
        }
    }

    /// The index that the script wants DQBUF to return, if it wants one. Whatever it is, the driver does not have that buffer
    /// afterwards: the program is given the buffer's memory, so the simulator must not touch it any more.
    #[inline(always)]
    pub fn lying_index(&mut self, file: File, buffer_type: u32) -> Option<u32> {
        if self.engine.script.has_lies() { self.wanted_index(file, buffer_type) } else { None }
    }

    #[cold]
    fn wanted_index(&mut self, file: File, buffer_type: u32) -> Option<u32> {
        let queue = self.node.queue_of(file, buffer_type)?;
        if !self.node.is_streaming(queue) || self.node.is_gone(file) || !self.node.may_use(file, buffer_type) {
            return None;
        }
        let lie = self.engine.script.next_lie_if(Call::Dequeue, |lie| !is_about_planes(lie))?;
        let index = match lie {
            Lie::Index(index) => index,
            _ => self.node.held_buffer(queue).unwrap_or(self.node.count(queue)),
        };
        self.node.withdraw(queue, index);
        Some(index)
    }
}
