//! Starting, preparing, failing.

use vidbuf_sim::kernel::abi::buffer::{V4L2_MEMORY_MMAP, v4l2_buffer_m, v4l2_create_buffers};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_CREATE_BUFS, VIDIOC_DQBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF};
use vidbuf_sim::kernel::events::{ERR, IN};
use vidbuf_sim::kernel::{QueueId, State};
use vidbuf_sim::{Errno, Kernel, Profile};

use super::{Rig, flag};

#[test]
fn stream_on_with_too_few_queued_succeeds_and_the_driver_starts_at_the_next_enqueue() {
    let mut rig = Rig::new(Profile::UNICAM);
    rig.request(3).unwrap();
    rig.on_off(true).unwrap();
    assert!(rig.node.is_streaming(QueueId::FIRST) && !rig.node.is_started(QueueId::FIRST));
    assert_eq!(rig.queue(1).unwrap().flags & flag::QUEUED, flag::QUEUED);
    assert!(rig.node.is_started(QueueId::FIRST));
    assert_eq!(rig.node.state(QueueId::FIRST, 1), State::Active);
}

#[test]
fn start_error_inside_enqueue_gives_the_buffer_back_prepared_and_the_queue_streams_on() {
    let mut rig = Rig::new(Profile::UNICAM.min_queued(2).min_requested(3));
    rig.request(3).unwrap();
    rig.on_off(true).unwrap();
    rig.queue(0).unwrap();
    rig.node.inject().start = Some(Errno::EPIPE);
    assert_eq!(rig.queue(1), Err(Errno::EPIPE));
    assert!(rig.node.is_streaming(QueueId::FIRST) && !rig.node.is_started(QueueId::FIRST));
    assert_eq!(rig.query(1).unwrap().flags & (flag::PREPARED | flag::QUEUED), flag::PREPARED);
    assert_eq!(rig.query(0).unwrap().flags & flag::QUEUED, flag::QUEUED);
    rig.queue(1).unwrap();
    assert!(rig.node.is_started(QueueId::FIRST));
    // The order is that of queueing.
    assert_eq!(
        (rig.node.active_buffer(QueueId::FIRST, 0), rig.node.active_buffer(QueueId::FIRST, 1)),
        (Some(0), Some(1))
    );
}

#[test]
fn start_error_inside_stream_on_leaves_the_buffers_queued_and_the_next_try_works() {
    let mut rig = Rig::new(Profile::UNICAM);
    rig.request(3).unwrap();
    rig.queue(0).unwrap();
    rig.node.inject().start = Some(Errno::ENOLINK);
    assert_eq!(rig.on_off(true), Err(Errno::ENOLINK));
    assert!(!rig.node.is_streaming(QueueId::FIRST));
    assert_eq!(rig.node.state(QueueId::FIRST, 0), State::Queued);
    rig.on_off(true).unwrap();
    assert_eq!(rig.node.state(QueueId::FIRST, 0), State::Active);
}

#[test]
fn stream_on_with_fewer_allocated_than_the_driver_needs_is_invalid() {
    let mut rig = Rig::on(Profile::UNICAM.min_queued(3), Kernel::V6_12);
    let format = super::profiles::format(rig.node.format(QueueId::FIRST).unwrap().plane[0].sizeimage);
    let mut create = v4l2_create_buffers { count: 2, memory: V4L2_MEMORY_MMAP, format, ..Default::default() };
    rig.node.call(rig.file, VIDIOC_CREATE_BUFS, &mut create, &mut []).unwrap();
    assert_eq!(rig.on_off(true), Err(Errno::EINVAL));
}

#[test]
fn newest_buffer_stays_with_a_driver_that_writes_into_it() {
    let mut rig = Rig::new(Profile::UNICAM);
    rig.request(3).unwrap();
    rig.queue(2).unwrap();
    rig.on_off(true).unwrap();
    assert_eq!(rig.node.tick(QueueId::FIRST), None);
    assert_eq!(rig.dequeue(), Err(Errno::EAGAIN));
    rig.queue(0).unwrap();
    assert_eq!(rig.node.tick(QueueId::FIRST), Some(2));
    // The frame that found no second buffer is a gap.
    assert_eq!(rig.dequeue().unwrap().sequence, 1);
}

#[test]
fn prepared_output_buffer_ignores_what_the_enqueue_says() {
    let mut rig = Rig::new(Profile::VIVID_OUTPUT);
    rig.request(2).unwrap();
    let whole = rig.query(0).unwrap().length;
    let mut said = rig.buffer(0);
    said.bytesused = whole;
    rig.make(VIDIOC_PREPARE_BUF, said).unwrap();
    let mut absurd = rig.buffer(0);
    (absurd.bytesused, absurd.field, absurd.m) = (u32::MAX, 7, v4l2_buffer_m::of_offset(0xdead_beef));
    let absurd = rig.make(VIDIOC_QBUF, absurd).unwrap();
    assert_eq!((absurd.bytesused, absurd.field), (whole, 1));
}

#[test]
fn prepare_is_once_and_only_for_buffers_in_the_programs_hands() {
    let mut rig = Rig::new(Profile::VIVID);
    rig.request(2).unwrap();
    assert_eq!(rig.prepare(0).unwrap().flags & flag::PREPARED, flag::PREPARED);
    assert_eq!(rig.prepare(0), Err(Errno::EINVAL));
    rig.queue(1).unwrap();
    assert_eq!(rig.prepare(1), Err(Errno::EINVAL));
    assert_eq!(rig.prepare(8), Err(Errno::EINVAL));
    // STREAMOFF is the only undo.
    rig.on_off(false).unwrap();
    assert_eq!(rig.query(0).unwrap().flags & flag::PREPARED, 0);
    rig.prepare(0).unwrap();
}

#[test]
fn queue_error_hides_finished_buffers_until_stream_off() {
    let mut rig = Rig::new(Profile::UNICAM);
    rig.stream(3);
    rig.node.tick(QueueId::FIRST);
    assert_eq!(rig.node.done(QueueId::FIRST), 1);
    rig.node.fail_queue(QueueId::FIRST);
    assert_eq!(rig.dequeue(), Err(Errno::EIO));
    assert_eq!(rig.node.poll(rig.file, IN), ERR);
    rig.on_off(false).unwrap();
    assert_eq!(rig.dequeue(), Err(Errno::EINVAL));
    for index in 0..3 {
        assert_eq!(rig.node.state(QueueId::FIRST, index), State::Dequeued);
    }
    rig.queue(0).unwrap();
    rig.on_off(true).unwrap();
}

#[test]
fn queue_error_refuses_enqueue_and_prepare() {
    let mut rig = Rig::new(Profile::VIVID);
    rig.request(3).unwrap();
    rig.queue(0).unwrap();
    rig.on_off(true).unwrap();
    rig.node.fail_queue(QueueId::FIRST);
    assert_eq!(rig.queue(1), Err(Errno::EIO));
    assert_eq!(rig.prepare(1), Err(Errno::EIO));
    // What is queued already is refused for that, after the error.
    assert_eq!(rig.queue(0), Err(Errno::EIO));
}

#[test]
fn dequeue_with_a_bad_plane_array_keeps_the_buffer() {
    let mut rig = Rig::new(Profile::VIVID_MULTIPLANAR);
    rig.stream(2);
    rig.node.tick(QueueId::FIRST);
    for length in [0, 9] {
        let mut buffer = rig.buffer(0);
        buffer.length = length;
        assert_eq!(rig.make(VIDIOC_DQBUF, buffer), Err(Errno::EINVAL));
        assert_eq!(rig.node.done(QueueId::FIRST), 1);
    }
    let dequeued = rig.dequeue().unwrap();
    assert_eq!((dequeued.index, dequeued.length), (0, 1));
}

#[test]
fn error_buffer_is_dequeued_with_its_flag_and_may_be_queued_again() {
    let mut rig = Rig::new(Profile::UVC);
    rig.stream(2);
    let mut completion = rig.node.good_frame(QueueId::FIRST, 5);
    completion.error = true;
    completion.payload = Some(Default::default());
    // Out of order: the driver may finish whichever it has.
    assert!(rig.node.complete(QueueId::FIRST, 1, &completion));
    assert_eq!(rig.query(1).unwrap().flags & (flag::DONE | flag::ERROR), flag::DONE | flag::ERROR);
    let bad = rig.dequeue().unwrap();
    assert_eq!((bad.index, bad.sequence, bad.bytesused), (1, 5, 0));
    assert_eq!(bad.flags & (flag::DONE | flag::ERROR), flag::ERROR);
    // The state is back, the flag with it.
    assert_eq!(rig.query(1).unwrap().flags & flag::ERROR, 0);
    assert_eq!(rig.queue(1).unwrap().sequence, 0);
}

#[test]
fn stale_answers_of_a_dequeued_buffer_are_those_of_its_last_frame() {
    let mut rig = Rig::new(Profile::UVC);
    rig.stream(2);
    rig.node.set_now_ns(7_000_000);
    rig.node.tick(QueueId::FIRST);
    let frame = rig.dequeue().unwrap();
    let stale = rig.query(frame.index).unwrap();
    assert_eq!((stale.timestamp, stale.bytesused), (frame.timestamp, frame.bytesused));
    let again = rig.queue(frame.index).unwrap();
    assert_eq!((again.timestamp.tv_usec, again.bytesused), (0, 0));
}
