//! VIDIOC_EXPBUF, USERPTR and DMABUF buffers, read and write, at the level of ioctls.

use vidbuf_sim::kernel::{
    Buffer, Dequeue, DmaBuf, ExportBuffer, File, Foreign, Node, OpenMode, PlaneMemory, RequestBuffers, Transfer, abi,
};
use vidbuf_sim::{Kernel, Profile, SimErrno};

type Small = Node<4>;
const SIZE: u32 = 320 * 240 * 2;

fn node(profile: Profile) -> (Small, File) {
    let mut node = Small::new(profile, Kernel::V6_12, 4096, 8 << 20);
    let file = node.open(OpenMode::READ_WRITE).unwrap();
    (node, file)
}

fn request(node: &mut Small, file: File, memory: u32, count: u32) -> u32 {
    let mut request = RequestBuffers { count, buffer_type: node.buffer_type(0), memory, ..Default::default() };
    node.request_buffers(file, &mut request).unwrap();
    request.count
}

/// Memory that can be pinned from 0x10000 on, and one dma-buf.
struct Surroundings;

impl Foreign for Surroundings {
    fn pin(&mut self, address: u64, _length: u32, _write: bool) -> Result<(), SimErrno> {
        if address >= 0x10000 { Ok(()) } else { Err(SimErrno::EFAULT) }
    }

    fn dma_buf(&mut self, descriptor: i32) -> Result<DmaBuf, SimErrno> {
        if descriptor == 7 { Ok(DmaBuf { id: 9, size: u64::from(SIZE) }) } else { Err(SimErrno::EINVAL) }
    }
}

#[test]
fn export_outlives_its_buffer() {
    let (mut node, file) = node(Profile::VIVID);
    request(&mut node, file, abi::MEMORY_MMAP, 2);
    let mut ask = ExportBuffer { buffer_type: abi::TYPE_CAPTURE, index: 1, ..Default::default() };
    let export = node.export_buffer(file, &ask).unwrap();
    let mut buffer = Buffer::new(1, abi::TYPE_CAPTURE, abi::MEMORY_MMAP);
    node.query_buffer(file, &mut buffer, &mut []).unwrap();
    assert_eq!(buffer.flags & abi::flags::MAPPED, abi::flags::MAPPED);
    assert_eq!(node.exported_memory(&export).unwrap().1, (SIZE as usize).next_multiple_of(4096));
    request(&mut node, file, abi::MEMORY_MMAP, 0);
    assert_eq!(node.live_memory(), 1);
    node.release_export(export);
    assert_eq!(node.live_memory(), 0);

    ask.index = 0;
    assert_eq!(node.export_buffer(file, &ask), Err(SimErrno::EINVAL), "no buffers");
    request(&mut node, file, abi::MEMORY_MMAP, 2);
    for wrong in [
        ExportBuffer { index: 2, ..ask },
        ExportBuffer { plane: 1, ..ask },
        ExportBuffer { flags: 0o4000, ..ask },
        ExportBuffer { buffer_type: abi::TYPE_OUTPUT, ..ask },
    ] {
        assert_eq!(node.export_buffer(file, &wrong), Err(SimErrno::EINVAL), "{wrong:?}");
    }
    let other = node.open(OpenMode::READ_WRITE).unwrap();
    assert_eq!(node.export_buffer(other, &ask), Err(SimErrno::EBUSY));
}

#[test]
fn user_memory_is_pinned_when_it_is_queued() {
    let (mut node, file) = node(Profile::VIVID);
    request(&mut node, file, abi::MEMORY_USERPTR, 2);
    let mut buffer = Buffer::new(0, abi::TYPE_CAPTURE, abi::MEMORY_USERPTR);
    node.query_buffer(file, &mut buffer, &mut []).unwrap();
    assert_eq!((buffer.length, buffer.m), (SIZE, 0));
    assert_eq!(node.queue_buffer_with(file, &mut buffer, &mut [], &mut Surroundings), Err(SimErrno::EFAULT));
    buffer.m = 0x10000;
    buffer.length = SIZE - 1;
    assert_eq!(node.queue_buffer_with(file, &mut buffer, &mut [], &mut Surroundings), Err(SimErrno::EINVAL));
    buffer.length = SIZE;
    assert_eq!(node.plane_bytes(0, 0, 0), None);
    node.queue_buffer_with(file, &mut buffer, &mut [], &mut Surroundings).unwrap();
    assert_eq!(node.plane_bytes(0, 0, 0), Some((PlaneMemory::User(0x10000), SIZE)));
    node.stream_on(file, abi::TYPE_CAPTURE).unwrap();
    node.tick(0);
    let mut answer = Buffer::new(0, abi::TYPE_CAPTURE, abi::MEMORY_USERPTR);
    assert_eq!(node.dequeue_buffer(file, &mut answer, &mut []), Ok(Dequeue::Done));
    assert_eq!((answer.m, answer.bytesused), (0x10000, SIZE));
}

#[test]
fn dma_buf_is_attached_until_its_buffer_goes() {
    let (mut node, file) = node(Profile::VIVID);
    request(&mut node, file, abi::MEMORY_DMABUF, 2);
    let mut buffer = Buffer::new(0, abi::TYPE_CAPTURE, abi::MEMORY_DMABUF);
    buffer.m = 8;
    assert_eq!(node.prepare_buffer_with(file, &mut buffer, &mut [], &mut Surroundings), Err(SimErrno::EINVAL));
    (buffer.m, buffer.length) = (7, SIZE + 1);
    assert_eq!(node.prepare_buffer_with(file, &mut buffer, &mut [], &mut Surroundings), Err(SimErrno::EFAULT));
    buffer.length = 0;
    node.prepare_buffer_with(file, &mut buffer, &mut [], &mut Surroundings).unwrap();
    assert_eq!((buffer.length, buffer.m), (SIZE, 7));
    assert!(node.is_attached(9));
    // A prepared buffer keeps what it has, whatever the program says now.
    (buffer.m, buffer.length) = (u64::from(u32::MAX), 0);
    node.queue_buffer_with(file, &mut buffer, &mut [], &mut Surroundings).unwrap();
    assert_eq!(node.plane_bytes(0, 0, 0), Some((PlaneMemory::DmaBuf(9), SIZE)));
    request(&mut node, file, abi::MEMORY_DMABUF, 0);
    assert!(!node.is_attached(9));
}

#[test]
fn read_takes_a_frame_in_pieces() {
    let (mut node, file) = node(Profile::VIVID);
    assert_eq!(node.transfer(file, 1000), Ok(Transfer::WouldSleep));
    node.tick(0);
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
    assert_eq!(node.transfer(file, 1), Err(SimErrno::EAGAIN));
    let other = node.open(OpenMode::READ_WRITE).unwrap();
    assert_eq!(node.transfer(other, 1), Err(SimErrno::EBUSY));
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
    node.tick(0);
    assert_eq!(node.transfer(file, 1), Ok(Transfer::Bytes { index: 0, offset: 0, count: 1 }));
}

#[test]
fn write_of_a_whole_picture_is_refused_by_a_driver_that_looks_at_the_payload() {
    let (mut node, file) = node(Profile::VIVID_OUTPUT);
    let Ok(Transfer::Bytes { count, .. }) = node.transfer(file, usize::MAX) else { panic!() };
    assert_eq!(count, SIZE);
    assert_eq!(node.transferred(count), Err(SimErrno::EINVAL));
}

#[test]
fn read_that_finds_buffers_takes_their_owner_away_since_6_12() {
    for (kernel, disowns) in [(Kernel::V6_1, false), (Kernel::V6_12, true)] {
        let mut node = Small::new(Profile::VIVID, kernel, 4096, 8 << 20);
        let file = node.open(OpenMode::READ_WRITE).unwrap();
        request(&mut node, file, abi::MEMORY_MMAP, 2);
        assert_eq!(node.transfer(file, 1), Err(SimErrno::EBUSY));
        let other = node.open(OpenMode::READ_WRITE).unwrap();
        let mut release = RequestBuffers { buffer_type: abi::TYPE_CAPTURE, memory: 1, ..Default::default() };
        assert_eq!(node.request_buffers(other, &mut release).is_ok(), disowns);
    }
}
