//! Buffer calls: structures are translated, and the model answers.

use vidbuf::Timestamp;
use vidbuf_sim::SimErrno;
use vidbuf_sim::kernel::{Buffer, CreateBuffers, Dequeue, File, Plane, RemoveBuffers, RequestBuffers, Timecode};

use crate::abi::*;
use crate::device::Model;
use crate::errno::Errno;
use crate::foreign::Surroundings;
use crate::world::sleep;

use super::{Answer, Call, read_user, write_user};

const DMABUF: u32 = 4;

/// A buffer structure as the model knows it, with its plane array.
struct Given {
    buffer: Buffer,
    planes: [Plane; 8],
    /// Elements of the plane array that the program has.
    room: usize,
    /// Its address.
    array: u64,
}

fn is_multiplanar(type_: u32) -> bool {
    type_ == 9 || type_ == 10
}

impl Given {
    fn read(call: &Call) -> Result<Self, Errno> {
        let raw: v4l2_buffer = call.read()?;
        let mut given = Self { buffer: buffer(&raw), planes: [Plane::default(); 8], room: 0, array: raw.m };
        if is_multiplanar(raw.type_) && raw.length > 0 {
            if raw.length > 8 {
                return Err(Errno(libc::EINVAL));
            }
            given.room = raw.length as usize;
            for (place, plane) in given.planes.iter_mut().take(given.room).enumerate() {
                *plane = from_plane(&read_user(raw.m + (place * size_of::<v4l2_plane>()) as u64)?, raw.memory);
            }
        }
        Ok(given)
    }

    fn write(&self, call: &Call) -> Answer {
        let mut raw = raw_buffer(&self.buffer);
        if is_multiplanar(raw.type_) {
            raw.m = self.array;
            for (place, plane) in self.planes.iter().take(self.room.min(raw.length as usize)).enumerate() {
                let address = self.array + (place * size_of::<v4l2_plane>()) as u64;
                let before: v4l2_plane = read_user(address)?;
                write_user(address, &raw_plane(plane, &before, raw.memory))?;
            }
        }
        call.write(&raw)
    }
}

/// The union is 64 bits wide, and the kernel uses 32 of them for cookies and descriptors.
fn member(m: u64, memory: u32) -> u64 {
    if memory == DMABUF { u64::from(m as u32) } else { m }
}

fn from_plane(raw: &v4l2_plane, memory: u32) -> Plane {
    Plane { bytesused: raw.bytesused, length: raw.length, m: member(raw.m, memory), data_offset: raw.data_offset }
}

fn raw_plane(plane: &Plane, before: &v4l2_plane, memory: u32) -> v4l2_plane {
    // Cookies and descriptors are written to the lower half only.
    let m = if memory == 2 { plane.m } else { before.m >> 32 << 32 | plane.m & u64::from(u32::MAX) };
    v4l2_plane {
        bytesused: plane.bytesused,
        length: plane.length,
        m,
        data_offset: plane.data_offset,
        reserved: [0; 11],
    }
}

fn buffer(raw: &v4l2_buffer) -> Buffer {
    let timecode = &raw.timecode;
    Buffer {
        index: raw.index,
        buffer_type: raw.type_,
        bytesused: raw.bytesused,
        flags: raw.flags,
        field: raw.field,
        timestamp: Timestamp { seconds: raw.tv_sec, microseconds: raw.tv_usec as _ },
        timecode: Timecode {
            kind: timecode.type_,
            flags: timecode.flags,
            frames: timecode.frames,
            seconds: timecode.seconds,
            minutes: timecode.minutes,
            hours: timecode.hours,
            userbits: timecode.userbits,
        },
        sequence: raw.sequence,
        memory: raw.memory,
        m: member(raw.m, raw.memory),
        length: raw.length,
        reserved2: raw.reserved2,
        request_fd: raw.request_fd,
    }
}

fn raw_buffer(buffer: &Buffer) -> v4l2_buffer {
    let timecode = &buffer.timecode;
    v4l2_buffer {
        index: buffer.index,
        type_: buffer.buffer_type,
        bytesused: buffer.bytesused,
        flags: buffer.flags,
        field: buffer.field,
        tv_sec: buffer.timestamp.seconds,
        tv_usec: buffer.timestamp.microseconds as _,
        timecode: v4l2_timecode {
            type_: timecode.kind,
            flags: timecode.flags,
            frames: timecode.frames,
            seconds: timecode.seconds,
            minutes: timecode.minutes,
            hours: timecode.hours,
            userbits: timecode.userbits,
        },
        sequence: buffer.sequence,
        memory: buffer.memory,
        m: buffer.m,
        length: buffer.length,
        reserved2: buffer.reserved2,
        request_fd: buffer.request_fd,
    }
}

/// VIDIOC_REQBUFS.
pub fn request(call: &mut Call) -> Answer {
    let mut raw: v4l2_requestbuffers = call.read()?;
    let mut ask = RequestBuffers {
        count: raw.count,
        buffer_type: raw.type_,
        memory: raw.memory,
        flags: raw.flags,
        ..Default::default()
    };
    let file = call.file;
    let device = call.device();
    let outcome = device.node.request_buffers(file, &mut ask).map_err(Errno::from);
    device.sweep();
    let outcome = outcome.and_then(|()| {
        device.furnish(0, ask.count, true).inspect_err(|_| {
            // Cannot fail: this file has just allocated, so it is the owner and nothing streams.
            let _ = device.node.request_buffers(file, &mut RequestBuffers { count: 0, ..ask });
        })
    });
    call.world.settle_exports();
    call.changed();
    outcome?;
    raw.count = ask.count;
    raw.capabilities = ask.capabilities;
    raw.flags = ask.flags;
    raw.reserved = [0; 3];
    call.write(&raw)
}

/// VIDIOC_CREATE_BUFS.
pub fn create(call: &mut Call) -> Answer {
    let mut raw: v4l2_create_buffers = call.read()?;
    let mut sizes = [0; 8];
    let mut planes = 1;
    // SAFETY: integers, for which any bytes are a value.
    unsafe {
        if is_multiplanar(raw.format.type_) {
            planes = u32::from(raw.format.fmt.pix_mp.num_planes);
            sizes = raw.format.fmt.pix_mp.plane_fmt.map(|plane| plane.sizeimage);
        } else {
            sizes[0] = raw.format.fmt.pix.sizeimage;
        }
    }
    let mut ask = CreateBuffers {
        count: raw.count,
        memory: raw.memory,
        buffer_type: raw.format.type_,
        planes,
        sizes,
        flags: raw.flags,
        ..Default::default()
    };
    let file = call.file;
    let device = call.device();
    device.node.create_buffers(file, &mut ask)?;
    if raw.count > 0 {
        device.furnish(ask.index, ask.count, true).inspect_err(|_| {
            let made = RemoveBuffers { index: ask.index, count: ask.count, buffer_type: ask.buffer_type };
            // Where there is no such call the buffers stay, without memory: their mmap fails.
            let _ = device.node.remove_buffers(file, &made);
        })?;
    }
    raw.index = ask.index;
    raw.count = ask.count;
    raw.capabilities = ask.capabilities;
    raw.flags = ask.flags;
    raw.max_num_buffers = ask.max_num_buffers;
    raw.reserved = [0; 5];
    call.write(&raw)
}

/// VIDIOC_REMOVE_BUFS.
pub fn remove(call: &mut Call) -> Answer {
    let mut raw: v4l2_remove_buffers = call.read()?;
    let ask = RemoveBuffers { index: raw.index, count: raw.count, buffer_type: raw.type_ };
    let file = call.file;
    let device = call.device();
    device.node.remove_buffers(file, &ask)?;
    device.sweep();
    call.world.settle_exports();
    raw.reserved = [0; 13];
    call.write(&raw)
}

/// VIDIOC_QUERYBUF.
pub fn query(call: &mut Call) -> Answer {
    let mut given = Given::read(call)?;
    let file = call.file;
    call.device().node.query_buffer(file, &mut given.buffer, &mut given.planes[..given.room])?;
    given.write(call)
}

/// A call of the model that may have to look at memory which is not the node's own.
type Enqueue = fn(&mut Model, File, &mut Buffer, &mut [Plane], &mut Surroundings) -> Result<(), SimErrno>;

fn enqueue(call: &mut Call, function: Enqueue) -> Answer {
    let mut given = Given::read(call)?;
    let (device, file) = (call.device, call.file);
    call.device();
    let world = &mut **call.world;
    let mut around = Surroundings { table: &world.table, exports: &world.exports };
    let node = &mut world.devices[device].node;
    let outcome = function(node, file, &mut given.buffer, &mut given.planes[..given.room], &mut around);
    if given.buffer.memory == DMABUF {
        call.world.settle_exports();
    }
    call.changed();
    outcome?;
    given.write(call)
}

/// VIDIOC_QBUF.
pub fn queue(call: &mut Call) -> Answer {
    enqueue(call, |node, file, buffer, planes, around| node.queue_buffer_with(file, buffer, planes, around))
}

/// VIDIOC_PREPARE_BUF.
pub fn prepare(call: &mut Call) -> Answer {
    enqueue(call, |node, file, buffer, planes, around| node.prepare_buffer_with(file, buffer, planes, around))
}

/// VIDIOC_DQBUF. The file stays open while a thread sleeps in here, whoever closes its descriptor.
pub fn dequeue(call: &mut Call) -> Answer {
    let mut given = Given::read(call)?;
    let file = call.file;
    loop {
        let device = call.device();
        let outcome = device.node.dequeue_buffer(file, &mut given.buffer, &mut given.planes[..given.room])?;
        if outcome == Dequeue::Done {
            return given.write(call);
        }
        device.node.dup(file)?;
        device.node.set_sleeper(0, true);
        let due = device.due();
        let woken = sleep(call.world, due);
        let device = call.device();
        device.node.set_sleeper(0, false);
        // It was open a moment ago, with the descriptor that was added for the sleep.
        let _ = device.node.close(file);
        woken?;
    }
}

/// VIDIOC_STREAMON.
pub fn stream_on(call: &mut Call) -> Answer {
    let type_: u32 = call.read()?;
    let file = call.file;
    let outcome = call.device().node.stream_on(file, type_);
    call.changed();
    outcome?;
    Ok(0)
}

/// VIDIOC_STREAMOFF.
pub fn stream_off(call: &mut Call) -> Answer {
    let type_: u32 = call.read()?;
    let file = call.file;
    let outcome = call.device().node.stream_off(file, type_);
    call.changed();
    outcome?;
    Ok(0)
}
