//! Drivers and kernels as data: floors, limits, cookies, calls there are, who may use a queue.

use vidbuf_sim::kernel::abi::buffer::{
    V4L2_MEMORY_MMAP, v4l2_create_buffers, v4l2_remove_buffers, v4l2_requestbuffers,
};
use vidbuf_sim::kernel::abi::format::{v4l2_format, v4l2_format_fmt, v4l2_pix_format};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_CREATE_BUFS, VIDIOC_REMOVE_BUFS, VIDIOC_REQBUFS};
use vidbuf_sim::kernel::{Node, OpenMode, QueueId, Returned};
use vidbuf_sim::{Errno, Kernel, Profile};

use super::Rig;

/// A capture format with room for so many bytes.
pub fn format(sizeimage: u32) -> v4l2_format {
    v4l2_format { type_: 1, fmt: v4l2_format_fmt::of_pix(v4l2_pix_format { sizeimage, ..Default::default() }) }
}

#[test]
fn floor_of_a_request_by_driver_and_kernel() {
    let cases = [
        (Profile::VIVID, 2, 2),
        (Profile::UNICAM, 1, 2),
        (Profile::RP1_CFE, 1, 3),
        (Profile::UVC, 1, 1),
        (Profile::UNICAM.min_queued(3), 3, 4),
    ];
    for (profile, before, since) in cases {
        assert_eq!(Rig::on(profile, Kernel::V6_1).request(1), Ok(before), "{} on 6.1", profile.name);
        assert_eq!(Rig::on(profile, Kernel::V6_12).request(1), Ok(since), "{} on 6.12", profile.name);
    }
}

#[test]
fn most_buffers_are_clamped_to_without_an_error() {
    for (kernel, most) in [(Kernel::V6_1, 32), (Kernel::V6_12, 64)] {
        let mut node = Node::<64>::new(Profile::VIVID, kernel, 4096, 64 << 20);
        let file = node.open(OpenMode::READ_WRITE).unwrap();
        let memory = V4L2_MEMORY_MMAP;
        let mut request = v4l2_requestbuffers { count: 1000, type_: 1, memory, ..Default::default() };
        node.call(file, VIDIOC_REQBUFS, &mut request, &mut []).unwrap();
        assert_eq!(request.count, most);
        let mut create = v4l2_create_buffers { count: 1, memory, format: format(1 << 20), ..Default::default() };
        assert_eq!(node.call(file, VIDIOC_CREATE_BUFS, &mut create, &mut []), Err(Errno::ENOBUFS));
        create.count = 0;
        node.call(file, VIDIOC_CREATE_BUFS, &mut create, &mut []).unwrap();
        let told = if kernel == Kernel::V6_12 { 64 } else { 0 };
        assert_eq!((create.index, create.max_num_buffers), (most, told));
    }
}

#[test]
fn cookies_by_kernel_and_page_size() {
    let step = |kernel, page| {
        let mut node = Node::<8>::new(Profile::UNICAM, kernel, page, 64 << 20);
        let file = node.open(OpenMode::READ_WRITE).unwrap();
        let memory = V4L2_MEMORY_MMAP;
        node.call(
            file,
            VIDIOC_REQBUFS,
            &mut v4l2_requestbuffers { count: 3, type_: 1, memory, ..Default::default() },
            &mut [],
        )
        .unwrap();
        node.cookie(QueueId::FIRST, 2, 0).unwrap().0
    };
    // A Raspberry Pi 5 has pages of 16 KiB.
    assert_eq!(step(Kernel::V6_12, 4096), 2 * 0x8000);
    assert_eq!(step(Kernel::V6_12, 16384), 2 * 0x2_0000);
    let format = Rig::new(Profile::UNICAM).node.format(QueueId::FIRST).unwrap().plane[0].sizeimage;
    assert_eq!(step(Kernel::V6_1, 4096), 2 * u64::from(format.next_multiple_of(4096)));
}

#[test]
fn calls_that_a_driver_or_a_kernel_has_not_are_no_calls() {
    let remove = v4l2_remove_buffers { index: 0, count: 0, type_: 1, ..Default::default() };
    for (profile, kernel, answer) in [
        (Profile::VIVID, Kernel::V6_12, Ok(Returned::Done)),
        (Profile::VIVID, Kernel::V6_1, Err(Errno::ENOTTY)),
        (Profile::UNICAM, Kernel::V6_12, Err(Errno::ENOTTY)),
    ] {
        let mut rig = Rig::on(profile, kernel);
        assert_eq!(rig.node.call(rig.file, VIDIOC_REMOVE_BUFS, &mut remove.clone(), &mut []), answer);
    }
    let mut uvc = Rig::new(Profile::UVC);
    uvc.request(2).unwrap();
    assert_eq!(uvc.prepare(0), Err(Errno::ENOTTY));
}

#[test]
fn removing_leaves_holes_that_creating_fills() {
    let mut rig = Rig::new(Profile::VIVID);
    rig.request(4).unwrap();
    let remove = |index, count| v4l2_remove_buffers { index, count, type_: 1, ..Default::default() };
    rig.queue(3).unwrap();
    assert_eq!(rig.node.call(rig.file, VIDIOC_REMOVE_BUFS, &mut remove(2, 2), &mut []), Err(Errno::EBUSY));
    assert_eq!(rig.node.call(rig.file, VIDIOC_REMOVE_BUFS, &mut remove(4, 1), &mut []), Err(Errno::EINVAL));
    rig.node.call(rig.file, VIDIOC_REMOVE_BUFS, &mut remove(1, 2), &mut []).unwrap();
    assert_eq!(rig.query(1), Err(Errno::EINVAL));
    assert_eq!(rig.query(3).unwrap().index, 3);
    let length = rig.query(0).unwrap().length + 4096;
    let (memory, format) = (V4L2_MEMORY_MMAP, format(length));
    let mut create = v4l2_create_buffers { count: 2, memory, format, ..Default::default() };
    rig.node.call(rig.file, VIDIOC_CREATE_BUFS, &mut create, &mut []).unwrap();
    assert_eq!((create.index, create.count), (1, 2));
    assert_eq!(rig.query(2).unwrap().length, length);
}

#[test]
fn uvcvideo_before_the_helpers_serves_only_the_active_file() {
    let mut rig = Rig::on(Profile::UVC, Kernel::V6_12);
    // Nobody is active yet: not even looking is allowed.
    assert_eq!(rig.query(0), Err(Errno::EBUSY));
    rig.request(2).unwrap();
    rig.query(0).unwrap();
    let first = rig.file;
    rig.file = rig.node.open(OpenMode::NONBLOCKING).unwrap();
    assert_eq!(rig.query(0), Err(Errno::EBUSY));
    assert_eq!(rig.request(1), Err(Errno::EBUSY));
    let second = rig.file;
    rig.file = first;
    assert_eq!(rig.request(0), Ok(0));
    rig.file = second;
    assert_eq!(rig.request(1), Ok(1));

    let mut since = Rig::on(Profile::UVC, Kernel::V6_19);
    since.request(2).unwrap();
    since.file = since.node.open(OpenMode::NONBLOCKING).unwrap();
    since.query(0).unwrap();
}

#[test]
fn timestamps_and_sources_by_driver() {
    for (profile, flags) in [(Profile::VIVID, 0x2000), (Profile::UNICAM, 0x2000), (Profile::UVC, 0x1_2000)] {
        let mut rig = Rig::new(profile);
        rig.request(2).unwrap();
        assert_eq!(rig.query(0).unwrap().flags, flags, "{}", profile.name);
    }
}

#[test]
fn memory_kinds_succeed_exactly_when_their_bit_is_set() {
    for profile in [Profile::VIVID, Profile::UNICAM, Profile::RP1_CFE, Profile::UVC] {
        for (memory, bit) in [(0, 0), (1, 1), (2, 2), (3, 0), (4, 4), (5, 0)] {
            let mut rig = Rig::new(profile);
            let mut request = v4l2_requestbuffers { count: 2, type_: 1, memory, ..Default::default() };
            let works = rig.node.call(rig.file, VIDIOC_REQBUFS, &mut request, &mut []).is_ok();
            assert_eq!(works, profile.capabilities.bits() & bit != 0, "{} memory {memory}", profile.name);
        }
    }
}
