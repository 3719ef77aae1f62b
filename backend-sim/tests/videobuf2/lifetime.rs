//! Memory that outlives its buffer, files that outlive their descriptor.

use vidbuf_sim::kernel::abi::buffer::{V4L2_MEMORY_MMAP, v4l2_buffer, v4l2_requestbuffers};
use vidbuf_sim::kernel::abi::ioctl::VIDIOC_REQBUFS;
use vidbuf_sim::kernel::abi::value::Value as _;
use vidbuf_sim::kernel::{Mapping, OpenMode, Protection, QueueId};
use vidbuf_sim::{Errno, Kernel, Profile};

use super::{Rig, flag};

fn map(rig: &mut Rig, index: u32) -> Result<Mapping, Errno> {
    let (cookie, length) = rig.node.cookie(QueueId::FIRST, index, 0).ok_or(Errno::EINVAL)?;
    rig.node.map(rig.file, cookie, u64::from(length), Protection::SHARED)
}

#[test]
fn release_with_live_mappings_leaves_orphans_until_they_are_unmapped() {
    let mut rig = Rig::new(Profile::UNICAM);
    rig.request(3).unwrap();
    let mappings: Vec<_> = (0..3).map(|index| map(&mut rig, index).unwrap()).collect();
    assert_eq!(rig.request(0), Ok(0));
    assert_eq!((rig.node.count(QueueId::FIRST), rig.node.live_memory()), (0, 3));
    for mapping in mappings {
        assert!(rig.node.mapped_memory(mapping).is_some());
        rig.node.unmap(mapping).unwrap();
    }
    assert_eq!(rig.node.live_memory(), 0);
}

#[test]
fn new_allocation_reuses_the_cookies_with_other_memory() {
    for kernel in [Kernel::V6_1, Kernel::V6_12] {
        let mut rig = Rig::on(Profile::UNICAM, kernel);
        rig.request(2).unwrap();
        let cookie = rig.node.cookie(QueueId::FIRST, 1, 0);
        let old = map(&mut rig, 1).unwrap();
        rig.request(2).unwrap();
        assert_eq!(rig.node.cookie(QueueId::FIRST, 1, 0), cookie);
        // The old mapping shows the old memory, and does not count for the new buffer.
        assert_eq!(rig.query(1).unwrap().flags & flag::MAPPED, 0);
        let new = map(&mut rig, 1).unwrap();
        assert_ne!(rig.node.mapped_memory(old), rig.node.mapped_memory(new));
        assert_eq!(rig.query(1).unwrap().flags & flag::MAPPED, flag::MAPPED);
    }
}

#[test]
fn closing_while_mapped_keeps_the_stream_and_the_owner() {
    let mut rig = Rig::new(Profile::UNICAM);
    rig.stream(3);
    let mapping = map(&mut rig, 0).unwrap();
    rig.node.close(rig.file).unwrap();
    let other = rig.node.open(OpenMode::READ_WRITE).unwrap();
    assert_ne!(other, rig.file);
    assert!(rig.node.is_started(QueueId::FIRST));
    let mut request = v4l2_requestbuffers { count: 2, type_: 1, memory: V4L2_MEMORY_MMAP, ..Default::default() };
    assert_eq!(rig.node.call(other, VIDIOC_REQBUFS, &mut request, &mut []), Err(Errno::EBUSY));
    rig.node.unmap(mapping).unwrap();
    assert!(!rig.node.is_streaming(QueueId::FIRST));
    assert_eq!((rig.node.count(QueueId::FIRST), rig.node.live_memory()), (0, 0));
    rig.node.call(other, VIDIOC_REQBUFS, &mut request, &mut []).unwrap();
}

#[test]
fn closing_one_of_two_descriptors_changes_nothing() {
    let mut rig = Rig::new(Profile::VIVID);
    rig.stream(2);
    rig.node.dup(rig.file).unwrap();
    rig.node.close(rig.file).unwrap();
    assert!(rig.node.is_started(QueueId::FIRST));
    rig.node.close(rig.file).unwrap();
    assert!(!rig.node.is_started(QueueId::FIRST));
}

#[test]
fn failed_request_has_freed_the_old_buffers() {
    let mut rig = Rig::new(Profile::UNICAM);
    rig.request(3).unwrap();
    rig.node.inject().queue_setup = Some(Errno::EINVAL);
    assert_eq!(rig.request(4), Err(Errno::EINVAL));
    assert_eq!((rig.node.count(QueueId::FIRST), rig.node.memory(QueueId::FIRST)), (0, 0));
    assert_eq!(rig.query(0), Err(Errno::EINVAL));
    // The owner is who it was.
    let other = rig.node.open(OpenMode::READ_WRITE).unwrap();
    let mut request = v4l2_requestbuffers { count: 2, type_: 1, memory: V4L2_MEMORY_MMAP, ..Default::default() };
    assert_eq!(rig.node.call(other, VIDIOC_REQBUFS, &mut request, &mut []), Err(Errno::EBUSY));
}

#[test]
fn fewer_buffers_than_asked_if_memory_runs_out_and_none_if_fewer_than_the_floor() {
    let mut rig = Rig::new(Profile::RP1_CFE);
    rig.node.inject().allocation_limit = Some(4);
    assert_eq!(rig.request(6), Ok(4));
    rig.node.inject().allocation_limit = Some(2);
    assert_eq!(rig.request(6), Err(Errno::ENOMEM));
    assert_eq!(rig.node.live_memory(), 0);
}

#[test]
fn sleeper_in_dequeue_keeps_others_out_of_dequeue_and_allocation() {
    let mut rig = Rig::new(Profile::VIVID);
    rig.stream(2);
    rig.node.set_sleeper(QueueId::FIRST, true);
    assert_eq!(rig.dequeue(), Err(Errno::EBUSY));
    // STREAMOFF wakes it; until it is awake nothing is allocated anew.
    rig.on_off(false).unwrap();
    assert_eq!(rig.request(3), Err(Errno::EBUSY));
    let mut argument = [0; size_of::<v4l2_buffer>()];
    rig.buffer(0).write(&mut argument).unwrap();
    rig.node.set_sleeper(QueueId::FIRST, false);
    assert_eq!(rig.node.resume_dequeue(rig.file, &mut argument, &mut []), Err(Errno::EINVAL));
    assert_eq!(rig.request(3), Ok(3));
}
