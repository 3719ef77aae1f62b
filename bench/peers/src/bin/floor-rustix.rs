//! The floor in Rust: the same six calls over rustix, nothing checked and nothing remembered but where the buffers are.

use std::process::ExitCode;
use std::ptr::null_mut;

use rustix::fd::{AsFd as _, OwnedFd};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::ioctl::{Opcode, Setter, Updater, ioctl};
use rustix::mm::{MapFlags, ProtFlags, mmap};
use vidbuf_abi::buffer::{V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_requestbuffers};
use vidbuf_abi::format::{v4l2_format, v4l2_format_fmt, v4l2_pix_format};
use vidbuf_abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_S_FMT, VIDIOC_STREAMON};
use vidbuf_abi::pixel_format::V4L2_PIX_FMT_YUYV;
use vidbuf_peers::{BUFFERS, HEIGHT, Run, WIDTH, touch_pages};

const S_FMT: Opcode = VIDIOC_S_FMT as Opcode;
const REQBUFS: Opcode = VIDIOC_REQBUFS as Opcode;
const QUERYBUF: Opcode = VIDIOC_QUERYBUF as Opcode;
const QBUF: Opcode = VIDIOC_QBUF as Opcode;
const DQBUF: Opcode = VIDIOC_DQBUF as Opcode;
const STREAMON: Opcode = VIDIOC_STREAMON as Opcode;

#[inline]
fn update<const CALL: Opcode, T>(device: &OwnedFd, value: &mut T) -> Result<(), Errno> {
    // SAFETY: each number is used with its own structure, in which no pointer is set.
    unsafe { ioctl(device.as_fd(), Updater::<CALL, T>::new(value)) }
}

fn main() -> ExitCode {
    vidbuf_peers::main(capture)
}

fn buffer(index: u32) -> v4l2_buffer {
    v4l2_buffer { index, type_: V4L2_BUF_TYPE_VIDEO_CAPTURE, memory: V4L2_MEMORY_MMAP, ..v4l2_buffer::default() }
}

fn capture(run: &Run) -> Result<(), Errno> {
    let device = open(run.node.as_str(), OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?;
    let (width, height, pixelformat) = (WIDTH, HEIGHT, V4L2_PIX_FMT_YUYV);
    let picture = v4l2_pix_format { width, height, pixelformat, ..v4l2_pix_format::default() };
    let fmt = v4l2_format_fmt::of_pix(picture);
    update::<S_FMT, _>(&device, &mut v4l2_format { type_: V4L2_BUF_TYPE_VIDEO_CAPTURE, fmt })?;
    let mut request = v4l2_requestbuffers {
        count: BUFFERS,
        type_: V4L2_BUF_TYPE_VIDEO_CAPTURE,
        memory: V4L2_MEMORY_MMAP,
        ..v4l2_requestbuffers::default()
    };
    update::<REQBUFS, _>(&device, &mut request)?;
    let mut places = [null_mut::<u8>(); BUFFERS as usize];
    for (index, place) in (0..).zip(&mut places) {
        let mut answer = buffer(index);
        update::<QUERYBUF, _>(&device, &mut answer)?;
        let (protection, length) = (ProtFlags::READ | ProtFlags::WRITE, answer.length as usize);
        // SAFETY: a mapping at a place of the kernel's choice, which ends with the process.
        *place = unsafe { mmap(null_mut(), length, protection, MapFlags::SHARED, &device, answer.m.offset().into())? }
            .cast();
        update::<QBUF, _>(&device, &mut buffer(index))?;
    }
    // SAFETY: STREAMON reads one number.
    unsafe { ioctl(device.as_fd(), Setter::<STREAMON, u32>::new(V4L2_BUF_TYPE_VIDEO_CAPTURE)) }?;
    let mut touched = 0;
    run.frames(|| {
        let mut frame = buffer(0);
        update::<DQBUF, _>(&device, &mut frame)?;
        // SAFETY: assumed of the driver: the index is one of the four, and so many bytes are mapped there.
        let bytes = unsafe { std::slice::from_raw_parts(places[frame.index as usize], frame.bytesused as usize) };
        touched += touch_pages(bytes);
        update::<QBUF, _>(&device, &mut frame)
    })
}
