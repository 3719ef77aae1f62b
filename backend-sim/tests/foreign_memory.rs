//! VIDIOC_EXPBUF, USERPTR and DMABUF buffers, read and write, at the level of ioctls.

use vidbuf_sim::kernel::abi::buffer::{
    V4L2_BUF_FLAG_MAPPED, V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_BUF_TYPE_VIDEO_OUTPUT, V4L2_MEMORY_DMABUF,
    V4L2_MEMORY_MMAP, V4L2_MEMORY_USERPTR, v4l2_buffer, v4l2_buffer_m, v4l2_exportbuffer, v4l2_requestbuffers,
};
use vidbuf_sim::kernel::abi::ioctl::{
    VIDIOC_DQBUF, VIDIOC_EXPBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_STREAMON,
};
use vidbuf_sim::kernel::{DmaBuf, File, Foreign, Node, OpenMode, PlaneMemory, QueueId, Returned, Transfer};
use vidbuf_sim::{Errno, Kernel, Profile};

type Small = Node<4>;
const SIZE: u32 = 320 * 240 * 2;

fn node(profile: Profile) -> (Small, File) {
    let mut node = Small::new(profile, Kernel::V6_12, 4096, 8 << 20);
    let file = node.open(OpenMode::READ_WRITE).unwrap();
    (node, file)
}

fn request(node: &mut Small, file: File, memory: u32, count: u32) -> u32 {
    let mut request =
        v4l2_requestbuffers { count, type_: node.buffer_type(QueueId::FIRST), memory, ..Default::default() };
    node.call(file, VIDIOC_REQBUFS, &mut request, &mut []).unwrap();
    request.count
}

fn capture(index: u32, memory: u32) -> v4l2_buffer {
    v4l2_buffer { index, type_: V4L2_BUF_TYPE_VIDEO_CAPTURE, memory, ..Default::default() }
}

/// A call where there is memory besides the node's own.
fn call(node: &mut Small, file: File, number: u32, buffer: &mut v4l2_buffer) -> Result<Returned, Errno> {
    node.buffer_ioctl(file, number, buffer, &mut [], &mut Surroundings)
}

fn export(node: &mut Small, file: File, ask: &v4l2_exportbuffer) -> Result<Returned, Errno> {
    node.call(file, VIDIOC_EXPBUF, &mut ask.clone(), &mut [])
}

/// Memory that can be pinned from 0x10000 on, and one dma-buf.
struct Surroundings;

impl Foreign for Surroundings {
    fn pin(&mut self, address: u64, _length: u32, _write: bool) -> Result<(), Errno> {
        if address >= 0x10000 { Ok(()) } else { Err(Errno::EFAULT) }
    }

    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, Errno> {
        if descriptor == 7 { Ok(DmaBuf { id: 9, size: u64::from(SIZE) }) } else { Err(Errno::EINVAL) }
    }
}

#[test]
fn export_outlives_its_buffer() {
    let (mut node, file) = node(Profile::VIVID);
    request(&mut node, file, V4L2_MEMORY_MMAP, 2);
    let mut ask = v4l2_exportbuffer { type_: V4L2_BUF_TYPE_VIDEO_CAPTURE, index: 1, ..Default::default() };
    let Ok(Returned::Exported(exported)) = export(&mut node, file, &ask) else { panic!("not exported") };
    let mut buffer = capture(1, V4L2_MEMORY_MMAP);
    node.call(file, VIDIOC_QUERYBUF, &mut buffer, &mut []).unwrap();
    assert_eq!(buffer.flags & V4L2_BUF_FLAG_MAPPED, V4L2_BUF_FLAG_MAPPED);
    assert_eq!(node.exported_memory(&exported).unwrap().1, (SIZE as usize).next_multiple_of(4096));
    request(&mut node, file, V4L2_MEMORY_MMAP, 0);
    assert_eq!(node.live_memory(), 1);
    node.release_export(exported);
    assert_eq!(node.live_memory(), 0);

    ask.index = 0;
    assert_eq!(export(&mut node, file, &ask), Err(Errno::EINVAL), "no buffers");
    request(&mut node, file, V4L2_MEMORY_MMAP, 2);
    for wrong in [
        v4l2_exportbuffer { index: 2, ..ask },
        v4l2_exportbuffer { plane: 1, ..ask },
        v4l2_exportbuffer { flags: 0o4000, ..ask },
        v4l2_exportbuffer { type_: V4L2_BUF_TYPE_VIDEO_OUTPUT, ..ask },
    ] {
        assert_eq!(export(&mut node, file, &wrong), Err(Errno::EINVAL), "{wrong:?}");
    }
    let other = node.open(OpenMode::READ_WRITE).unwrap();
    assert_eq!(export(&mut node, other, &ask), Err(Errno::EBUSY));
}

#[test]
fn user_memory_is_pinned_when_it_is_queued() {
    let (mut node, file) = node(Profile::VIVID);
    request(&mut node, file, V4L2_MEMORY_USERPTR, 2);
    let mut buffer = capture(0, V4L2_MEMORY_USERPTR);
    node.call(file, VIDIOC_QUERYBUF, &mut buffer, &mut []).unwrap();
    assert_eq!((buffer.length, buffer.m.userptr()), (SIZE, 0));
    assert_eq!(call(&mut node, file, VIDIOC_QBUF, &mut buffer), Err(Errno::EFAULT));
    buffer.m = v4l2_buffer_m::of_userptr(0x10000);
    buffer.length = SIZE - 1;
    assert_eq!(call(&mut node, file, VIDIOC_QBUF, &mut buffer), Err(Errno::EINVAL));
    buffer.length = SIZE;
    assert_eq!(node.plane_bytes(QueueId::FIRST, 0, 0), None);
    call(&mut node, file, VIDIOC_QBUF, &mut buffer).unwrap();
    assert_eq!(node.plane_bytes(QueueId::FIRST, 0, 0), Some((PlaneMemory::User(0x10000), SIZE)));
    node.call(file, VIDIOC_STREAMON, &mut { V4L2_BUF_TYPE_VIDEO_CAPTURE }, &mut []).unwrap();
    node.tick(QueueId::FIRST);
    let mut answer = capture(0, V4L2_MEMORY_USERPTR);
    assert_eq!(node.call(file, VIDIOC_DQBUF, &mut answer, &mut []), Ok(Returned::Done));
    assert_eq!((answer.m.userptr(), answer.bytesused), (0x10000, SIZE));
}

#[test]
fn dma_buf_is_attached_until_its_buffer_goes() {
    let (mut node, file) = node(Profile::VIVID);
    request(&mut node, file, V4L2_MEMORY_DMABUF, 2);
    let mut buffer = capture(0, V4L2_MEMORY_DMABUF);
    buffer.m = v4l2_buffer_m::of_fd(8);
    assert_eq!(call(&mut node, file, VIDIOC_PREPARE_BUF, &mut buffer), Err(Errno::EINVAL));
    (buffer.m, buffer.length) = (v4l2_buffer_m::of_fd(7), SIZE + 1);
    assert_eq!(call(&mut node, file, VIDIOC_PREPARE_BUF, &mut buffer), Err(Errno::EFAULT));
    buffer.length = 0;
    call(&mut node, file, VIDIOC_PREPARE_BUF, &mut buffer).unwrap();
    assert_eq!((buffer.length, buffer.m.fd()), (SIZE, 7));
    assert!(node.is_attached(9));
    // A prepared buffer keeps what it has, whatever the program says now.
    (buffer.m, buffer.length) = (v4l2_buffer_m::of_fd(-1), 0);
    call(&mut node, file, VIDIOC_QBUF, &mut buffer).unwrap();
    assert_eq!(node.plane_bytes(QueueId::FIRST, 0, 0), Some((PlaneMemory::DmaBuf(9), SIZE)));
    request(&mut node, file, V4L2_MEMORY_DMABUF, 0);
    assert!(!node.is_attached(9));
}

#[test]
fn read_takes_a_frame_in_pieces() {
    let (mut node, file) = node(Profile::VIVID);
    assert_eq!(node.transfer(file, 1000), Ok(Transfer::WouldSleep));
    node.tick(QueueId::FIRST);
    let mut taken = 0;
    while taken < SIZE {
        let Ok(Transfer::Bytes { index: 0, offset, count }) = node.transfer(file, 100_000) else {
            panic!("at {taken}")
        };
        assert_eq!(offset, taken);
        node.transferred(count).unwrap();
        taken += count;
    }
    assert_eq!(taken, SIZE);
    assert_eq!(node.transfer(file, 1), Ok(Transfer::WouldSleep));
    node.set_nonblocking(file, true).unwrap();
    assert_eq!(node.transfer(file, 1), Err(Errno::EAGAIN));
    let other = node.open(OpenMode::READ_WRITE).unwrap();
    assert_eq!(node.transfer(other, 1), Err(Errno::EBUSY));
    node.close(file).unwrap();
    assert_eq!(node.transfer(other, 1), Ok(Transfer::WouldSleep));
}

#[test]
fn write_fills_fresh_buffers_first() {
    // The payload that the driver sees is 0, which vivid would refuse.
    let mut profile = Profile::VIVID_OUTPUT;
    profile.needs_full_payload = false;
    let (mut node, file) = node(profile);
    for expected in 0..2 {
        let Ok(Transfer::Bytes { index, offset: 0, count }) = node.transfer(file, usize::MAX) else { panic!() };
        assert_eq!((index, count), (expected, SIZE));
        node.transferred(count).unwrap();
    }
    assert_eq!(node.transfer(file, 1), Ok(Transfer::WouldSleep));
    node.tick(QueueId::FIRST);
    assert_eq!(node.transfer(file, 1), Ok(Transfer::Bytes { index: 0, offset: 0, count: 1 }));
}

#[test]
fn write_of_a_whole_picture_is_refused_by_a_driver_that_looks_at_the_payload() {
    let (mut node, file) = node(Profile::VIVID_OUTPUT);
    let Ok(Transfer::Bytes { count, .. }) = node.transfer(file, usize::MAX) else { panic!() };
    assert_eq!(count, SIZE);
    assert_eq!(node.transferred(count), Err(Errno::EINVAL));
}

#[test]
fn read_that_finds_buffers_takes_their_owner_away_since_6_12() {
    for (kernel, disowns) in [(Kernel::V6_1, false), (Kernel::V6_12, true)] {
        let mut node = Small::new(Profile::VIVID, kernel, 4096, 8 << 20);
        let file = node.open(OpenMode::READ_WRITE).unwrap();
        request(&mut node, file, V4L2_MEMORY_MMAP, 2);
        assert_eq!(node.transfer(file, 1), Err(Errno::EBUSY));
        let other = node.open(OpenMode::READ_WRITE).unwrap();
        let (type_, memory) = (V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP);
        let mut release = v4l2_requestbuffers { type_, memory, ..Default::default() };
        assert_eq!(node.call(other, VIDIOC_REQBUFS, &mut release, &mut []).is_ok(), disowns);
    }
}
