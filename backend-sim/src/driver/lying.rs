//! What the driver reports that is not so: see [`Lie`].

use vidbuf_abi::buffer::{v4l2_buffer, v4l2_plane, v4l2_requestbuffers};

use crate::kernel::{File, NodeOf, Rooms, is_multiplanar};
use crate::trace::Call;

use super::Engine;
use super::script::Lie;

/// Whether a lie about VIDIOC_DQBUF is about the planes, not the index.
const fn is_about_planes(lie: Lie) -> bool {
    matches!(lie, Lie::DequeuedPlanes(_))
}

impl Engine<'_> {
    /// Makes the driver report this, once, in place of what is so. False if there are too many already.
    ///
    /// [`Lie::ShortMapping`] is for what surrounds the node, see [`short_mapping`](Self::short_mapping).
    pub fn lie(&mut self, lie: Lie) -> bool {
        self.script.lie(lie).is_ok()
    }

    /// How many bytes an mmap is to map, if not those that it asks for.
    pub fn short_mapping(&mut self) -> Option<u32> {
        match self.script.next_lie(Call::Map) {
            Some(Lie::ShortMapping(bytes)) => Some(bytes.max(1)),
            _ => None,
        }
    }

    /// VIDIOC_REQBUFS has allocated this.
    pub(crate) fn falsify_request(&mut self, request: &mut v4l2_requestbuffers) {
        if request.count > 0
            && let Some(Lie::Granted(number)) = self.script.next_lie(Call::RequestBuffers)
        {
            request.count = number;
        }
    }

    /// VIDIOC_QUERYBUF has reported this. Returns how many planes it is to report if that is not so: a single-planar structure has
    /// no place for it.
    pub(crate) fn falsify_query<R: Rooms>(
        &mut self,
        node: &mut NodeOf<R>,
        file: File,
        buffer: &mut v4l2_buffer,
        planes: &mut [v4l2_plane],
    ) -> Option<u32> {
        let multiplanar = is_multiplanar(buffer.type_);
        match self.script.next_lie(Call::QueryBuffer)? {
            Lie::Planes(number) => {
                if multiplanar {
                    buffer.length = number;
                }
                return Some(number);
            }
            Lie::Length { plane, length } => match planes.get_mut(plane as usize) {
                Some(plane) if multiplanar => plane.length = length,
                _ if plane == 0 && !multiplanar => buffer.length = length,
                _ => {}
            },
            Lie::Cookie { plane, offset } => report_cookie(node, file, buffer, planes, plane, offset.into()),
            Lie::CookieOf(other) => {
                let queue = node.queue_of(file, buffer.type_)?;
                // A single-planar buffer comes without planes, and has one.
                for plane in 0..planes.len().max(1) as u32 {
                    if let Some((cookie, _)) = node.cookie(queue, other, plane) {
                        report_cookie(node, file, buffer, planes, plane, cookie);
                    }
                }
            }
            _ => {}
        }
        None
    }

    /// The index that VIDIOC_DQBUF is to return, if there is one. Whatever it is, the driver does not have that buffer afterwards:
    /// the program is given the buffer's memory, so the engine must not touch it any more.
    #[inline(always)]
    pub(crate) fn false_index<R: Rooms>(&mut self, node: &mut NodeOf<R>, file: File, buffer_type: u32) -> Option<u32> {
        if self.script.has_lies() { self.wanted_index(node, file, buffer_type) } else { None }
    }

    #[cold]
    fn wanted_index<R: Rooms>(&mut self, node: &mut NodeOf<R>, file: File, buffer_type: u32) -> Option<u32> {
        let queue = node.queue_of(file, buffer_type)?;
        if !node.is_streaming(queue) || node.is_gone(file) || !node.may_use(file, buffer_type) {
            return None;
        }
        let lie = self.script.next_lie_if(Call::Dequeue, |lie| !is_about_planes(lie))?;
        let index = match lie {
            Lie::Index(index) => index,
            _ => node.held_buffer(queue).unwrap_or(node.count(queue)),
        };
        node.withdraw(queue, index);
        Some(index)
    }

    /// How many planes VIDIOC_DQBUF is to report, if that is not so.
    #[inline(always)]
    pub(crate) fn false_planes(&mut self) -> Option<u32> {
        match self.script.next_lie_if(Call::Dequeue, is_about_planes) {
            Some(Lie::DequeuedPlanes(number)) => Some(number),
            _ => None,
        }
    }
}

/// Reports another cookie for a plane of a buffer.
fn report_cookie<R: Rooms>(
    node: &mut NodeOf<R>,
    file: File,
    buffer: &mut v4l2_buffer,
    planes: &mut [v4l2_plane],
    plane: u32,
    cookie: u64,
) {
    let Some(queue) = node.queue_of(file, buffer.type_) else { return };
    if !is_multiplanar(buffer.type_) {
        if plane != 0 || buffer.m.offset() == cookie as u32 {
            return;
        }
        buffer.m.set_offset(cookie as u32);
    } else if let Some(plane) = planes.get_mut(plane as usize).filter(|plane| plane.m.mem_offset() != cookie as u32) {
        plane.m.set_mem_offset(cookie as u32);
    } else {
        return;
    }
    node.misname(queue, buffer.index, cookie);
}
