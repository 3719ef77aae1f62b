//! Memory-to-memory: two queues a file, LAST, EPIPE, copied timestamps.

use vidbuf_sim::kernel::abi::buffer::v4l2_plane;
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQBUF, VIDIOC_QBUF, VIDIOC_QUERYBUF};
use vidbuf_sim::kernel::events::{ERR, IN, OUT, RDNORM};
use vidbuf_sim::kernel::{Completion, Node, OpenMode, Protection, QueueId};
use vidbuf_sim::{Errno, Kernel, Profile};

use super::{Rig, flag};

const CAPTURE: QueueId = QueueId::SECOND;

/// The capture side of a decoder, with both queues streaming and three capture buffers in the driver's hands.
fn decoder() -> Rig<4> {
    let mut node = Node::<8, 4>::new(Profile::CODEC, Kernel::V6_12, 4096, 64 << 20);
    let file = node.open(OpenMode::NONBLOCKING).unwrap();
    let mut rig = Rig { node, file, buffer_type: 10 };
    rig.stream(2);
    rig.buffer_type = 9;
    rig.stream(3);
    rig
}

fn finish(rig: &mut Rig<4>, index: u32, flags: u32) {
    let good = rig.node.good_frame(CAPTURE, 0);
    assert!(rig.node.complete(CAPTURE, index, &Completion { flags, timestamp_ns: None, ..good }));
}

#[test]
fn after_the_last_buffer_dequeue_is_a_broken_pipe_although_others_are_finished() {
    let mut rig = decoder();
    finish(&mut rig, 0, flag::LAST);
    finish(&mut rig, 1, 0);
    let last = rig.dequeue().unwrap();
    assert_eq!(last.flags & flag::LAST, flag::LAST);
    assert_eq!(rig.dequeue(), Err(Errno::EPIPE));
    assert_eq!(rig.node.done(CAPTURE), 1);
    // Poll says that something can be learned.
    assert_eq!(rig.node.poll(rig.file, IN | RDNORM), IN | RDNORM);
    rig.on_off(false).unwrap();
    assert_eq!(rig.dequeue(), Err(Errno::EINVAL));
    rig.on_off(true).unwrap();
    assert_eq!(rig.dequeue(), Err(Errno::EAGAIN));
}

#[test]
fn end_of_stream_takes_a_buffer_that_the_driver_has() {
    let mut rig = decoder();
    rig.node.end_of_stream(CAPTURE);
    let last = rig.dequeue().unwrap();
    assert_eq!((last.index, last.flags & flag::LAST), (0, flag::LAST));
    assert_eq!(rig.dequeue(), Err(Errno::EPIPE));
}

#[test]
fn end_of_stream_without_a_buffer_comes_with_the_next_one_before_its_enqueue_has_answered() {
    let mut rig = decoder();
    for index in 0..3 {
        finish(&mut rig, index, 0);
        rig.dequeue().unwrap();
    }
    rig.node.end_of_stream(CAPTURE);
    assert_eq!(rig.dequeue(), Err(Errno::EAGAIN));
    let answer = rig.queue(1).unwrap();
    assert_eq!(answer.flags & (flag::DONE | flag::QUEUED), flag::DONE);
    let last = rig.dequeue().unwrap();
    assert_eq!((last.index, last.flags & flag::LAST), (1, flag::LAST));
    assert_eq!(rig.dequeue(), Err(Errno::EPIPE));
    // Queueing still works.
    assert_eq!(rig.queue(2).unwrap().flags & flag::QUEUED, flag::QUEUED);
}

#[test]
fn caller_that_says_last_itself_and_fails_has_dequeued_the_last_buffer() {
    let mut rig = decoder();
    let mut buffer = rig.buffer(0);
    buffer.flags = flag::DONE | flag::LAST;
    assert_eq!(rig.make(VIDIOC_DQBUF, buffer), Err(Errno::EAGAIN));
    assert_eq!(rig.dequeue(), Err(Errno::EPIPE));
}

#[test]
fn each_open_file_has_queues_of_its_own() {
    let mut rig = decoder();
    let second = rig.node.open(OpenMode::NONBLOCKING).unwrap();
    let mut other = Rig { node: rig.node, file: second, buffer_type: 9 };
    assert_eq!(other.query(0), Err(Errno::EINVAL));
    // One is needed to start, and one more on kernels since 6.11.
    assert_eq!(other.request(1), Ok(2));
    assert_eq!(other.query(0).unwrap().index, 0);
}

#[test]
fn capture_cookies_carry_bit_thirty_and_mmap_goes_by_it() {
    let mut rig = decoder();
    let mut planes = [v4l2_plane::default(); 8];
    let mut cookies = Vec::new();
    for buffer_type in [10, 9] {
        rig.buffer_type = buffer_type;
        let mut buffer = rig.buffer(0);
        rig.node.call(rig.file, VIDIOC_QUERYBUF, &mut buffer, &mut planes).unwrap();
        cookies.push(planes[0]);
    }
    assert_eq!(cookies[1].m.mem_offset(), cookies[0].m.mem_offset() | 1 << 30);
    rig.node.map(rig.file, cookies[1].m.mem_offset().into(), u64::from(cookies[1].length), Protection::SHARED).unwrap();
    assert_eq!(rig.query(0).unwrap().flags & flag::MAPPED, flag::MAPPED);
    rig.buffer_type = 10;
    assert_eq!(rig.query(0).unwrap().flags & flag::MAPPED, 0);
}

#[test]
fn request_on_the_capture_side_is_not_permitted() {
    let mut rig = decoder();
    let mut buffer = rig.buffer(0);
    buffer.flags = 0x80_0000;
    assert_eq!(rig.make(VIDIOC_QBUF, buffer), Err(Errno::EPERM));
    buffer.type_ = 10;
    assert_eq!(rig.make(VIDIOC_QBUF, buffer), Err(Errno::EINVAL));
}

#[test]
fn poll_is_an_error_only_if_neither_queue_can_ever_be_ready() {
    let mut rig = decoder();
    assert_eq!(rig.node.poll(rig.file, IN | OUT), 0);
    rig.on_off(false).unwrap();
    assert_eq!(rig.node.poll(rig.file, IN | OUT), 0);
    rig.buffer_type = 10;
    rig.on_off(false).unwrap();
    assert_eq!(rig.node.poll(rig.file, IN | OUT), ERR);
}

#[test]
fn timestamp_of_an_output_buffer_is_kept_and_not_cleared() {
    let mut rig = decoder();
    rig.buffer_type = 10;
    rig.on_off(false).unwrap();
    let mut buffer = rig.buffer(0);
    (buffer.timestamp.tv_sec, buffer.timestamp.tv_usec) = (12, 345_678);
    let buffer = rig.make(VIDIOC_QBUF, buffer).unwrap();
    assert_eq!((buffer.timestamp.tv_sec, buffer.timestamp.tv_usec), (12, 345_678));
    assert_eq!(buffer.flags & 0xe000, 0x4000);
}
