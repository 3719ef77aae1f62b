//! Buffer memory.

use std::os::fd::AsRawFd;

use vidbuf_sim::{Format, Picture, PixelFormat};

use super::node::{Map, Node, UNICAM, VIVID};

/// `V4L2_BUF_FLAG_MAPPED`.
const MAPPED: u32 = 1;

fn is_picture(bytes: &[u8], sequence: u32) -> bool {
    let format = Format::new(&PixelFormat::YUYV, 320, 240, [0; 3], 1, false);
    Picture::new(&format, sequence).is_in(0, bytes)
}

pub fn export_is_the_same_memory() {
    let node = Node::streaming(VIVID, 2);
    let frame = node.dequeue().unwrap();
    let export = node.export(frame.index, libc::O_RDWR | libc::O_CLOEXEC).unwrap();
    assert_eq!(node.query(frame.index).unwrap().flags & MAPPED, MAPPED, "an export counts as mapped");
    // SAFETY: asks for a number.
    let size = unsafe { libc::lseek(export.as_raw_fd(), 0, libc::SEEK_END) };
    assert_eq!(size as usize, (frame.length as usize).next_multiple_of(4096));
    let map = Map::new(export.as_raw_fd(), frame.length as usize, libc::PROT_READ, 0).unwrap();
    assert!(is_picture(&map.bytes(), frame.sequence));
    assert!(is_picture(&node.map(frame.index).bytes(), frame.sequence));
    drop(export);
    node.stream_off().unwrap();
    node.request(0).unwrap();
    // New buffers under the same numbers are other memory.
    node.request(2).unwrap();
    assert!(node.map(frame.index).bytes().iter().all(|byte| *byte == 0));
    drop(node);
    assert!(is_picture(&map.bytes(), frame.sequence), "outlives its buffer, its descriptor and its node");
}

pub fn export_keeps_its_access_mode() {
    let node = Node::open(VIVID);
    node.request(2).unwrap();
    let length = node.query(0).unwrap().length as usize;
    let export = node.export(0, libc::O_RDONLY).unwrap();
    let writable = libc::PROT_READ | libc::PROT_WRITE;
    assert_eq!(Map::new(export.as_raw_fd(), length, writable, 0).err(), Some(libc::EACCES));
    assert!(Map::new(export.as_raw_fd(), length, libc::PROT_READ, 0).is_ok());
    assert_eq!(node.export(0, libc::O_NONBLOCK).err(), Some(libc::EINVAL));
    assert_eq!(node.export(9, 0).err(), Some(libc::EINVAL));
}

pub fn child_shares_frames() {
    let node = Node::streaming(VIVID, 2);
    let maps = [node.map(0), node.map(1)];
    let frame = node.dequeue().unwrap();
    // SAFETY: the child does nothing but look at memory and end.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            libc::_exit(i32::from(!is_picture(&maps[frame.index as usize].bytes(), frame.sequence)));
        }
        let mut status = -1;
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
        assert_eq!(status, 0);
    }
    node.queue(frame.index).unwrap();
    assert!(node.dequeue().unwrap().sequence > frame.sequence, "the parent streams on");
}

pub fn mapping_holds_the_file() {
    let node = Node::streaming(UNICAM, 3);
    let map = node.map(0);
    drop(node);
    let other = Node::open(UNICAM);
    assert_eq!(other.request(2), Err(libc::EBUSY), "the closed file lives on in its mapping");
    map.unmap_part(4096, 8192);
    map.unmap_part(0, 4096);
    assert_eq!(other.request(2), Err(libc::EBUSY), "a piece is left");
    map.unmap_part(12288, map.length - 12288);
    assert!(other.request(2).is_ok());
}

pub fn read_takes_a_frame() {
    let node = Node::open(VIVID);
    let mut frame = vec![0u8; 320 * 240 * 2];
    let mut taken = 0;
    while taken < frame.len() {
        let rest = (frame.len() - taken).min(100_000);
        // SAFETY: inside the vector.
        let count = unsafe { libc::read(node.fd(), frame[taken..].as_mut_ptr().cast(), rest) };
        assert!(count > 0, "read: {}", std::io::Error::last_os_error());
        taken += count as usize;
    }
    assert!((0..1000).any(|sequence| is_picture(&frame, sequence)));
    assert_eq!(node.request(2), Err(libc::EBUSY));
}
