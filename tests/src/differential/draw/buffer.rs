//! Buffers, and calls on one.

use super::super::operation::{Ioctl, Operation, Wake};
use super::super::simulated::Simulated;
use super::super::system::is_multiplanar;
use super::super::world::World;
use super::Draw;
use vidbuf_abi::buffer::{
    V4L2_BUF_FLAG_REQUEST_FD, V4L2_MEMORY_DMABUF, V4L2_MEMORY_USERPTR, v4l2_buffer, v4l2_buffer_m, v4l2_exportbuffer,
    v4l2_plane, v4l2_plane_m,
};
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_EXPBUF};
use vidbuf_sim::kernel::QueueId;

impl Draw<'_> {
    fn given(&mut self) -> (v4l2_buffer, Vec<v4l2_plane>) {
        let (index, type_, memory) = (self.index(), self.buffer_type(), self.memory());
        let mut buffer = v4l2_buffer { index, type_, memory, ..Default::default() };
        let bits = 1 << self.rng.u32(0..32);
        buffer.flags = self.usual(85, 0, &[bits, bits | 0x100, 0x1800, 0x14, !0x80_0000]);
        buffer.field = self.usual(90, 0, &[1, 2, 3, 4, 5, 7, 9, 10, u32::MAX]);
        buffer.sequence = self.usual(90, 0, &[1, 77]);
        buffer.timestamp.tv_sec = self.usual(90, 0, &[1, 1_000_000]);
        buffer.timestamp.tv_usec = self.usual(90, 0, &[1, 999_999]);
        buffer.timecode.frames = self.usual(90, 0, &[7]);
        buffer.timecode.userbits = self.noise();
        buffer.reserved2 = self.noise_word();
        if buffer.flags & V4L2_BUF_FLAG_REQUEST_FD == 0 {
            buffer.request_fd = self.noise_word() as i32;
        }
        let format = *self.simulated.node.format(QueueId::FIRST).unwrap_or_else(|| unreachable!("a node has a queue"));
        let payload = |draw: &mut Self, plane: usize| {
            let whole = format.plane[plane % 8].sizeimage;
            let some = draw.rng.u32(0..whole.max(1));
            draw.usual(80, whole, &[0, 1, some, whole + 1, u32::MAX])
        };
        let mut planes = Vec::new();
        if is_multiplanar(buffer.type_) {
            buffer.length = self.usual(93, format.planes, &[0, 1, 2, 3, 8, 9, u32::MAX]);
            for plane in 0..buffer.length.min(8) as usize {
                let bytesused = payload(self, plane);
                let data_offset = self.usual(85, 0, &[1, 128, bytesused, bytesused.wrapping_sub(1), u32::MAX]);
                let (m, length) = self.memory_of(buffer.memory, format.plane[plane].sizeimage);
                let m = v4l2_plane_m::of_userptr(m as usize);
                planes.push(v4l2_plane { bytesused, length, m, data_offset, reserved: self.noise_words() });
            }
            if self.chance(1) {
                planes.clear();
            }
        } else {
            buffer.bytesused = payload(self, 0);
            let (m, length) = self.memory_of(buffer.memory, format.plane[0].sizeimage);
            (buffer.m, buffer.length) = (v4l2_buffer_m::of_userptr(m as usize), length);
        }
        (buffer, planes)
    }

    /// Where a plane's bytes are and how many, for memory that the program brings. A few places, so that they come again.
    fn memory_of(&mut self, memory: u32, whole: u32) -> (u64, u32) {
        use super::super::memories::{FIRST_DESCRIPTOR, LENGTH, START};
        let length = self.usual(80, whole, &[0, 1, whole.wrapping_sub(1), whole + 1, whole + 8192, 460_800, u32::MAX]);
        match memory {
            V4L2_MEMORY_USERPTR => {
                let place = START + self.rng.u64(0..4) * 0x8_0000;
                let others =
                    [0, 1, place + 8, place + 4095, START - 4096, START + LENGTH, START + LENGTH - 4096, 1 << 63];
                (self.usual(88, place, &others), length)
            }
            V4L2_MEMORY_DMABUF => {
                let place = (FIRST_DESCRIPTOR + self.rng.i32(0..self.choice.dma_bufs.max(1) as i32)) as u64;
                let length = self.usual(70, 0, &[length]);
                (self.usual(88, place, &[0, 1, 199, 299, u64::from(u32::MAX), 1 << 31]), length)
            }
            _ => (self.usual(90, 0, &[1, u64::MAX]), self.usual(90, 0, &[1, u32::MAX])),
        }
    }

    pub(super) fn buffer(&mut self, descriptor: usize, number: u32) -> Operation {
        let (buffer, planes) = self.given();
        self.noisy(Ioctl { planes, ..Ioctl::new(descriptor, number, buffer) })
    }

    pub(super) fn dequeue(&mut self, descriptor: usize) -> Operation {
        let (buffer, planes) = self.given();
        let wake = if self.chance(70) { Wake::ByFrame } else { Wake::BySignal };
        self.noisy(Ioctl { planes, wake, ..Ioctl::new(descriptor, VIDIOC_DQBUF, buffer) })
    }

    pub(super) fn sleep(&mut self, descriptor: usize) -> Operation {
        let (buffer, planes) = self.given();
        self.noisy(Ioctl { planes, wake: Wake::Later, ..Ioctl::new(descriptor, VIDIOC_DQBUF, buffer) })
    }

    pub(super) fn transfer(&mut self, descriptor: usize) -> Operation {
        let whole = self.simulated.node.format(QueueId::FIRST).map_or(1, |format| format.plane[0].sizeimage) as usize;
        Operation::Transfer { descriptor, length: self.usual(60, whole, &[1, 4096, whole / 2, whole + 1]) }
    }

    pub(super) fn export(&mut self, descriptor: usize) -> Operation {
        if self.chance(40) {
            return Operation::CloseExported { place: self.place(Simulated::has_export, true) };
        }
        let export = v4l2_exportbuffer {
            type_: self.buffer_type(),
            index: self.index(),
            plane: self.usual(85, 0, &[1, 2, 3, 8, u32::MAX]),
            flags: self.usual(80, 0o2_000_002, &[0, 1, 2, 3, 0o2_000_000, 0o4000, u32::MAX]),
            fd: self.noise_word() as i32,
            reserved: self.noise_words(),
        };
        self.noisy(Ioctl::new(descriptor, VIDIOC_EXPBUF, export))
    }
}
