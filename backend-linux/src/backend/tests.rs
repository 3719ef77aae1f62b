//! What can be tested without a camera: files that know no V4L2 call.

use super::{Device, Errno, blank_planes, granted, v4l2_requestbuffers};
use core::mem::MaybeUninit;
use core::time::Duration;
use vidbuf::Backend as _;
use vidbuf::backend::{Enqueue, PlaneCount, PlaneLayout, PlanePayload, Wake};
use vidbuf::v4l2::{BufferType, MemoryType, QueueType};

const TYPES: [BufferType; 4] =
    [BufferType::VideoCapture, BufferType::VideoOutput, BufferType::VideoCaptureMplane, BufferType::VideoOutputMplane];

fn null() -> Device {
    Device::open(c"/dev/null").expect("everybody may open it")
}

#[test]
fn every_buffer_call_on_a_file_without_v4l2_is_not_supported() {
    let device = null();
    for buffer_type in TYPES {
        let queue = QueueType { buffer_type, memory: MemoryType::Mmap };
        assert_eq!(device.request_buffers(queue, 4), Err(Errno::ENOTTY));
        assert_eq!(device.query_buffer(queue, 0, &mut [PlaneLayout::default(); 8]), Err(Errno::ENOTTY));
        let payloads = [PlanePayload::default(); 2];
        // SAFETY: there is no buffer whose bytes could be borrowed.
        let enqueued = unsafe { device.enqueue(queue, Enqueue::filled(0, PlaneCount::Two, &payloads)) };
        assert_eq!(enqueued, Err(Errno::ENOTTY));
        assert_eq!(device.dequeue(queue, PlaneCount::Two, &mut MaybeUninit::uninit()).err(), Some(Errno::ENOTTY));
        assert_eq!(device.stream_on(queue), Err(Errno::ENOTTY));
        assert_eq!(device.stream_off(queue), Err(Errno::ENOTTY));
        assert_eq!(device.bytes_per_buffer(queue), None);
    }
}

#[test]
fn file_that_is_always_ready_is_ready() {
    for buffer_type in TYPES {
        let queue = QueueType { buffer_type, memory: MemoryType::Mmap };
        assert_eq!(null().wait(queue, Some(Duration::from_secs(5))), Ok(Wake::Ready));
    }
}

#[test]
fn buffers_are_exclusive_on_videobuf2_or_when_the_program_vouches_for_the_driver() {
    // v4l2loopback and kernels before 4.20; vivid.
    for (capabilities, vouched, exclusive) in
        [(0, false, false), (0, true, true), (0x95, false, true), (0x95, true, true)]
    {
        let answer = v4l2_requestbuffers { count: 3, capabilities, ..v4l2_requestbuffers::default() };
        let granted = granted(&answer, vouched);
        assert_eq!((granted.count, granted.capabilities.bits(), granted.exclusive), (3, capabilities, exclusive));
    }
    assert!(!null().exclusive);
    // SAFETY: there is no buffer that anybody could write.
    assert!(unsafe { null().assume_exclusive_buffers() }.exclusive);
}

#[test]
fn nonblocking_is_what_the_open_file_is() {
    assert!(!null().is_nonblocking());
    let device = Device::open_nonblocking(c"/dev/null").expect("everybody may open it");
    assert!(device.is_nonblocking());
    // SAFETY: the file has no buffers.
    let again = unsafe { Device::from_fd(device.into_fd()) };
    assert!(again.is_nonblocking());
}

#[test]
fn mapping_of_nothing_is_refused() {
    let queue = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };
    let zero = Device::open(c"/dev/zero").expect("everybody may open it");
    assert_eq!(zero.map(queue, PlaneLayout { length: 0, offset: 0 }), Err(Errno::EINVAL));
    // An offset between two pages.
    assert_eq!(zero.map(queue, PlaneLayout { length: 4096, offset: 1 }), Err(Errno::EINVAL));
}

#[test]
fn mapping_survives_a_move_of_the_device_and_is_given_back_once() {
    let queue = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };
    let zero = Device::open(c"/dev/zero").expect("everybody may open it");
    let region = zero.map(queue, PlaneLayout { length: 5000, offset: 0 }).expect("/dev/zero can be mapped");
    assert_eq!(region.length, 5000);
    let device = std::boxed::Box::new(zero);
    // SAFETY: 5000 bytes are mapped for reading and writing, and nothing else knows their address.
    let bytes = unsafe { core::slice::from_raw_parts_mut(region.address.as_ptr(), region.length) };
    bytes[4999] = 7;
    assert_eq!(bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>(), 7);
    // SAFETY: from `map` above, for the first time, and the slice is not used again.
    assert_eq!(unsafe { device.unmap(region) }, Ok(()));
}

#[test]
fn blank_planes_are_as_many_as_asked_and_possible() {
    for (asked, given) in [(0, 0), (1, 1), (3, 3), (8, 8), (9, 8), (usize::MAX, 8)] {
        let mut room = [MaybeUninit::uninit(); 8];
        let planes = blank_planes(&mut room, asked);
        assert_eq!(planes.len(), given);
        for plane in planes {
            assert_eq!((plane.bytesused, plane.length, plane.data_offset, plane.reserved), (0, 0, 0, [0; 11]));
        }
    }
}
