//! Calls that the model makes, and what this library has to do for it then: memory, descriptors, sleep.

use vidbuf_sim::kernel::abi::buffer::{
    V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE, V4L2_MEMORY_DMABUF, VIDEO_MAX_PLANES,
    v4l2_buffer, v4l2_create_buffers, v4l2_plane, v4l2_remove_buffers, v4l2_requestbuffers,
};
use vidbuf_sim::kernel::abi::ioctl::{
    VIDIOC_CREATE_BUFS, VIDIOC_DQBUF, VIDIOC_G_PRIORITY, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF,
    VIDIOC_REMOVE_BUFS, VIDIOC_REQBUFS,
};
use vidbuf_sim::kernel::abi::value::Value;
use vidbuf_sim::kernel::{QueueId, Returned};

use crate::foreign::Surroundings;
use crate::user;
use crate::world::sleep;
use vidbuf_sim::Errno;

use super::{Answer, Call};

/// The array of planes that a buffer points to, copied.
struct Planes {
    address: usize,
    array: [v4l2_plane; VIDEO_MAX_PLANES as usize],
    count: usize,
    /// `V4L2_MEMORY_*`.
    memory: u32,
}

impl Planes {
    const NONE: Self = Self { address: 0, array: [v4l2_plane::ZERO; VIDEO_MAX_PLANES as usize], count: 0, memory: 0 };

    fn read(argument: &[u8]) -> Result<Self, Errno> {
        let buffer = v4l2_buffer::get(argument, 0);
        let mut planes = Self { address: buffer.m.planes(), memory: buffer.memory, ..Self::NONE };
        if let V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE | V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE = buffer.type_ {
            // The model refuses more.
            planes.count = buffer.length.min(VIDEO_MAX_PLANES) as usize;
        }
        for (place, plane) in planes.array.iter_mut().take(planes.count).enumerate() {
            *plane = user::read(planes.address + place * size_of::<v4l2_plane>())?;
        }
        Ok(planes)
    }

    fn write(&self) -> Result<(), Errno> {
        for (place, plane) in self.array.iter().take(self.count).enumerate() {
            user::write(self.address + place * size_of::<v4l2_plane>(), *plane)?;
        }
        Ok(())
    }
}

/// Makes a call, with its sleep. The file stays open while a thread sleeps in here, even if another one closes its descriptor.
pub fn make(call: &mut Call, number: u32) -> Answer {
    let argument = user::bytes(call.argument as usize, (number >> 16) as usize & 0x3fff)?;
    let is_buffer = matches!(number, VIDIOC_QBUF | VIDIOC_DQBUF | VIDIOC_QUERYBUF | VIDIOC_PREPARE_BUF);
    let mut planes = if is_buffer { Planes::read(argument)? } else { Planes::NONE };
    let (place, file) = (call.device, call.file);
    loop {
        call.device();
        let world = &mut **call.world;
        let mut around = Surroundings { table: &world.table, exports: &world.exports };
        let node = &mut world.devices[place].node;
        let returned = node.ioctl_with(file, number, argument, &mut planes.array[..planes.count], &mut around);
        let furnished = follow(call, number, argument, returned.is_ok(), planes.memory);
        match returned? {
            Returned::Done => {
                furnished?;
                planes.write()?;
                return Ok(0);
            }
            Returned::Exported(export) => return super::export::export(call, argument, export),
            Returned::WouldSleep => {}
        }
        let device = call.device();
        device.node.dup(file)?;
        device.node.set_sleeper(QueueId::FIRST, true);
        let due = device.due();
        let woken = sleep(call.world, due);
        let device = call.device();
        device.node.set_sleeper(QueueId::FIRST, false);
        // It was open a moment ago, with the descriptor that was added for the sleep.
        let _ = device.node.close(file);
        woken?;
    }
}

/// Gives memory to new buffers, takes that of old ones back, and wakes who waits.
fn follow(call: &mut Call, number: u32, argument: &[u8], succeeded: bool, memory: u32) -> Result<(), Errno> {
    let file = call.file;
    let mut furnished = Ok(());
    match number {
        VIDIOC_QUERYBUF | VIDIOC_DQBUF | VIDIOC_G_PRIORITY => return Ok(()),
        VIDIOC_REQBUFS => {
            let request = v4l2_requestbuffers::get(argument, 0);
            let device = call.device();
            device.sweep();
            if succeeded {
                furnished = device.furnish(0, request.count, true).inspect_err(|_| {
                    let mut none = v4l2_requestbuffers { count: 0, ..request };
                    // Cannot fail: this file has just allocated, so it is the owner and nothing streams.
                    let _ = device.node.call(file, VIDIOC_REQBUFS, &mut none, &mut []);
                });
            }
            call.world.settle_exports();
        }
        VIDIOC_CREATE_BUFS if succeeded => {
            let create = v4l2_create_buffers::get(argument, 0);
            let (index, count, type_) = (create.index, create.count, create.format.type_);
            let device = call.device();
            furnished = device.furnish(index, count, true).inspect_err(|_| {
                let mut made = v4l2_remove_buffers { index, count, type_, ..Default::default() };
                // Where there is no such call the buffers stay, without memory: their mmap fails.
                let _ = device.node.call(file, VIDIOC_REMOVE_BUFS, &mut made, &mut []);
            });
        }
        VIDIOC_REMOVE_BUFS => {
            call.device().sweep();
            call.world.settle_exports();
        }
        VIDIOC_QBUF | VIDIOC_PREPARE_BUF if memory == V4L2_MEMORY_DMABUF => call.world.settle_exports(),
        _ => {}
    }
    call.changed();
    furnished
}
