//! The floor in Rust: the same six calls over rustix, nothing checked and nothing remembered but where the buffers are.

use std::process::ExitCode;
use std::ptr::null_mut;

use rustix::fd::{AsFd as _, OwnedFd};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::ioctl::{Opcode, Setter, Updater, ioctl, opcode};
use rustix::mm::{MapFlags, ProtFlags, mmap};
use vidbuf_peers::{BUFFERS, HEIGHT, Run, WIDTH, touch_pages};

/// `V4L2_BUF_TYPE_VIDEO_CAPTURE`, and `V4L2_MEMORY_MMAP`.
const CAPTURE: u32 = 1;
const MMAP: u32 = 1;

/// `struct v4l2_buffer` of a 64-bit kernel.
#[repr(C)]
#[derive(Default)]
struct Buffer {
    index: u32,
    kind: u32,
    bytesused: u32,
    flags: u32,
    field: u32,
    seconds: i64,
    microseconds: i64,
    timecode: [u32; 4],
    sequence: u32,
    memory: u32,
    offset: u64,
    length: u32,
    rest: [u32; 2],
}

/// `struct v4l2_format`: type, picture, and room for the other kinds.
#[repr(C)]
struct Format {
    kind: u64,
    width: u32,
    height: u32,
    pixel_format: [u8; 4],
    rest: [u32; 47],
}

const S_FMT: Opcode = opcode::read_write::<Format>(b'V', 5);
const REQBUFS: Opcode = opcode::read_write::<[u32; 5]>(b'V', 8);
const QUERYBUF: Opcode = opcode::read_write::<Buffer>(b'V', 9);
const QBUF: Opcode = opcode::read_write::<Buffer>(b'V', 15);
const DQBUF: Opcode = opcode::read_write::<Buffer>(b'V', 17);
const STREAMON: Opcode = opcode::write::<u32>(b'V', 18);

#[inline]
fn update<const CALL: Opcode, T>(device: &OwnedFd, value: &mut T) -> Result<(), Errno> {
    // SAFETY: each number is used with its own structure, which holds no pointers.
    unsafe { ioctl(device.as_fd(), Updater::<CALL, T>::new(value)) }
}

fn main() -> ExitCode {
    vidbuf_peers::main(capture)
}

fn buffer(index: u32) -> Buffer {
    Buffer { index, kind: CAPTURE, memory: MMAP, ..Buffer::default() }
}

fn capture(run: &Run) -> Result<(), Errno> {
    let device = open(run.node.as_str(), OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?;
    let mut format =
        Format { kind: u64::from(CAPTURE), width: WIDTH, height: HEIGHT, pixel_format: *b"YUYV", rest: [0; 47] };
    update::<S_FMT, _>(&device, &mut format)?;
    update::<REQBUFS, _>(&device, &mut [BUFFERS, CAPTURE, MMAP, 0, 0])?;
    let mut places = [null_mut::<u8>(); BUFFERS as usize];
    for (index, place) in (0..).zip(&mut places) {
        let mut answer = buffer(index);
        update::<QUERYBUF, _>(&device, &mut answer)?;
        let (protection, length) = (ProtFlags::READ | ProtFlags::WRITE, answer.length as usize);
        // SAFETY: a mapping at a place of the kernel's choice, which ends with the process.
        *place = unsafe { mmap(null_mut(), length, protection, MapFlags::SHARED, &device, answer.offset)? }.cast();
        update::<QBUF, _>(&device, &mut buffer(index))?;
    }
    // SAFETY: STREAMON reads one number.
    unsafe { ioctl(device.as_fd(), Setter::<STREAMON, u32>::new(CAPTURE)) }?;
    let mut touched = 0;
    run.frames(|| {
        let mut frame = buffer(0);
        update::<DQBUF, _>(&device, &mut frame)?;
        // SAFETY: believed of the driver: the index is one of the four, and so many bytes are mapped there.
        let bytes = unsafe { std::slice::from_raw_parts(places[frame.index as usize], frame.bytesused as usize) };
        touched += touch_pages(bytes);
        update::<QBUF, _>(&device, &mut frame)
    })
}
