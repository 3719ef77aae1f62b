//! Descriptors of a node.

use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt};

use super::node::{Node, UNICAM, VIVID};

pub fn duplicate_streams_on() {
    let node = Node::streaming(VIVID, 2);
    // SAFETY: makes a descriptor.
    let duplicate = unsafe { libc::fcntl(node.fd(), libc::F_DUPFD_CLOEXEC, 100) };
    assert!(duplicate >= 100);
    // SAFETY: it is new.
    let duplicate = Node(unsafe { OwnedFd::from_raw_fd(duplicate) });
    let other = Node::open(VIVID);
    assert_eq!(other.queue(0).err(), Some(libc::EBUSY), "another open file is another owner");
    drop(node);
    let frame = duplicate.dequeue().unwrap();
    duplicate.queue(frame.index).unwrap();
    drop(duplicate);
    assert!(other.request(2).is_ok(), "the last descriptor's close ends the stream");
}

extern "C" fn close_in_child(fd: *mut libc::c_void) -> libc::c_int {
    // SAFETY: the child's own descriptor.
    unsafe { libc::close(fd as i32) }
}

/// As `vfork` and `posix_spawn` make children.
pub fn borrowed_memory_is_the_parents() {
    let node = Node::streaming(VIVID, 2);
    let mut stack = vec![0u128; 4096];
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
    let fd = node.fd() as usize as *mut libc::c_void;
    // SAFETY: the child has a stack of its own, which outlives it: this thread sleeps until the child has ended.
    unsafe {
        let child = libc::clone(close_in_child, stack.as_mut_ptr_range().end.cast(), flags, fd);
        let mut status = -1;
        assert_eq!((libc::waitpid(child, &mut status, 0), status), (child, 0));
    }
    let frame = node.dequeue().unwrap();
    node.queue(frame.index).unwrap();
}

pub fn nonblocking_is_the_files() {
    let node = Node::open(UNICAM);
    node.request(2).unwrap();
    node.queue(0).unwrap();
    node.stream_on().unwrap();
    // One buffer is held back, so nothing ever is ready.
    let set = |flags: i32| {
        // SAFETY: sets flags of an open file.
        assert_eq!(unsafe { libc::fcntl(node.fd(), libc::F_SETFL, flags) }, 0);
    };
    set(libc::O_NONBLOCK);
    assert_eq!(node.dequeue().err(), Some(libc::EAGAIN));
    // SAFETY: reads flags of an open file.
    let flags = unsafe { libc::fcntl(node.fd(), libc::F_GETFL) };
    assert_eq!(flags & (libc::O_NONBLOCK | libc::O_ACCMODE), libc::O_NONBLOCK | libc::O_RDWR);
    set(0);
    node.queue(1).unwrap();
    assert!(node.dequeue().is_ok(), "and now it waits");
}

pub fn node_has_its_number() {
    let by_path = std::fs::metadata(VIVID).unwrap();
    let file = std::fs::OpenOptions::new().read(true).write(true).open(VIVID).unwrap();
    for metadata in [by_path, file.metadata().unwrap()] {
        assert!(metadata.file_type().is_char_device());
        assert_eq!((libc::major(metadata.rdev()), libc::minor(metadata.rdev())), (81, 40));
    }
    let uevent = std::fs::read_to_string("/sys/dev/char/81:40/uevent").unwrap();
    assert!(uevent.contains("DEVNAME=video40\n"));
    assert!(std::fs::metadata("/dev/video39").is_err());
}
