//! The driver layer without [`Sim`](vidbuf_sim::Sim): on a clock that is not its own, and in memory that is not its own.

mod camera;
mod same;

use std::time::Duration;

use camera::{Camera, PAGES};
use vidbuf_sim::kernel::abi::buffer::{V4L2_BUF_FLAG_ERROR, V4L2_MEMORY_MMAP, V4L2_MEMORY_USERPTR, v4l2_timeval};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_QUERYBUF, VIDIOC_S_FMT, VIDIOC_STREAMOFF};
use vidbuf_sim::kernel::{QueueId, State, events};
use vidbuf_sim::{Call, Errno, Event, Lie, Picture, Profile, checksum};

const INTERVAL: Duration = Duration::from_millis(10);
const MS: u64 = 1_000_000;

fn nanoseconds(time: v4l2_timeval) -> u64 {
    (time.tv_sec * 1_000_000_000 + time.tv_usec * 1000) as u64
}

#[test]
fn frames_end_on_the_callers_clock_in_the_callers_memory() {
    let mut camera = Camera::new(Profile::VIVID, INTERVAL);
    camera.start(3);
    let began = camera.now;
    // A process that comes when it comes. Two intervals pass unseen in between, which three buffers hold.
    let mut frames = Vec::new();
    for pause in [3 * MS, 6 * MS, 2 * MS, 21 * MS, 1, 500] {
        camera.pass(pause);
        match camera.dequeue(V4L2_MEMORY_MMAP) {
            Ok(buffer) => {
                let format = *camera.node.format(QueueId::FIRST).unwrap();
                assert!(Picture::new(&format, buffer.sequence).is_in(0, camera.bytes(&buffer)), "{}", buffer.sequence);
                frames.push((buffer.sequence, nanoseconds(buffer.timestamp).div_ceil(1000)));
                camera.queue(&buffer).unwrap();
            }
            Err(error) => assert_eq!(error, Errno::EAGAIN),
        }
    }
    let at = |number: u64| (number as u32, (began + (number + 1) * 10 * MS) / 1000);
    assert_eq!(frames.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1, 2]);
    for (frame, wanted) in frames.iter().zip((0..).map(at)) {
        assert!(frame.1.abs_diff(wanted.1) <= 1, "{frame:?} is not at {wanted:?}");
    }
    assert_eq!(camera.engine.next_ns(&camera.node), Some(began + 40 * MS));
}

#[test]
fn a_script_loses_a_frame_and_unplugs_the_device() {
    let mut camera = Camera::new(Profile::UVC, INTERVAL);
    assert!(camera.engine.script([Event::Frame, Event::Drop(1), Event::Error, Event::Unplug]));
    camera.start(3);
    let mut seen = Vec::new();
    for _ in 0..2 {
        camera.pass_until_due().unwrap();
        let buffer = camera.dequeue(V4L2_MEMORY_MMAP).unwrap();
        seen.push((buffer.sequence, buffer.flags & V4L2_BUF_FLAG_ERROR != 0));
        camera.queue(&buffer).unwrap();
    }
    assert_eq!(seen, [(0, false), (2, true)]);
    assert!(!camera.node.is_unplugged());
    camera.pass_until_due().unwrap();
    assert_eq!(camera.dequeue(V4L2_MEMORY_MMAP).unwrap_err(), Errno::ENODEV);
    assert_ne!(camera.node.poll(camera.file, events::IN) & events::HUP, 0);
    assert_eq!(camera.engine.next_ns(&camera.node), None);
}

#[test]
fn a_planned_failure_strikes_and_eio_stays_until_the_stream_is_stopped() {
    let mut camera = Camera::new(Profile::VIVID, INTERVAL);
    assert!(camera.engine.fail(Some(Call::Dequeue), 2, 1, Errno::EIO));
    assert!(camera.engine.fail(Some(Call::StreamOn), 2, 1, Errno::ENOSPC));
    camera.start(3);
    camera.pass(15 * MS);
    camera.dequeue(V4L2_MEMORY_MMAP).unwrap();
    camera.pass(15 * MS);
    for _ in 0..2 {
        assert_eq!(camera.dequeue(V4L2_MEMORY_MMAP).unwrap_err(), Errno::EIO);
    }
    let mut type_ = camera.type_;
    camera.ioctl(VIDIOC_STREAMOFF, &mut type_).unwrap();
    assert_eq!(camera.stream_on(), Err(Errno::ENOSPC));
    camera.stream_on().unwrap();
    assert_eq!(camera.engine.faults_struck(), 2);
}

#[test]
fn what_is_not_so_is_reported_once() {
    let mut camera = Camera::new(Profile::VIVID, INTERVAL);
    let cookie = |offset| Lie::Cookie { plane: 0, offset };
    for lie in [Lie::Granted(7), Lie::Length { plane: 0, length: 12 }, cookie(4096), Lie::Index(2)] {
        assert!(camera.engine.lie(lie));
    }
    assert_eq!((camera.request(3, V4L2_MEMORY_MMAP), camera.node.count(QueueId::FIRST)), (7, 3));
    let query = |camera: &mut Camera<'_>| {
        let mut buffer = camera.buffer(1, V4L2_MEMORY_MMAP);
        camera.ioctl(VIDIOC_QUERYBUF, &mut buffer).unwrap();
        (buffer.length, buffer.m.offset())
    };
    let (length, offset) = (320 * 240 * 2, camera.node.cookie(QueueId::FIRST, 1, 0).unwrap().0 as u32);
    let seen = [(); 3].map(|()| query(&mut camera));
    assert_eq!(seen, [(12, offset), (length, 4096), (length, offset)]);
    for index in 0..3 {
        camera.queue(&camera.buffer(index, V4L2_MEMORY_MMAP)).unwrap();
    }
    camera.stream_on().unwrap();
    camera.pass(11 * MS);
    let seen = [(); 2].map(|()| camera.dequeue(V4L2_MEMORY_MMAP).map(|buffer| (buffer.index, buffer.bytesused)));
    assert_eq!(seen, [Ok((2, 0)), Ok((0, length))]);
    // It was given back to the program, so the driver does not have it.
    assert_eq!(camera.node.state(QueueId::FIRST, 2), State::Dequeued);
}

#[test]
fn pages_of_a_process_are_written_and_a_process_that_is_gone_makes_an_error() {
    let mut camera = Camera::new(Profile::VIVID, INTERVAL);
    let size = camera.node.format(QueueId::FIRST).unwrap().plane[0].sizeimage;
    camera.memory.pages = Some(vec![0x5a; 2 * size as usize + 4096]);
    camera.request(2, V4L2_MEMORY_USERPTR);
    for index in 0..2 {
        let mut buffer = camera.buffer(index, V4L2_MEMORY_USERPTR);
        buffer.length = size;
        buffer.m.set_userptr((PAGES + u64::from(index * size)) as usize);
        camera.queue(&buffer).unwrap();
    }
    camera.stream_on().unwrap();
    camera.pass(11 * MS);
    let buffer = camera.dequeue(V4L2_MEMORY_USERPTR).unwrap();
    assert_eq!((buffer.flags & V4L2_BUF_FLAG_ERROR, buffer.bytesused), (0, size));
    let pages = camera.memory.pages.take().unwrap();
    assert!(Picture::new(camera.node.format(QueueId::FIRST).unwrap(), 0).is_in(0, &pages[..size as usize]));
    assert!(pages[size as usize..].iter().all(|byte| *byte == 0x5a));
    // It dies while the driver has the other.
    camera.pass(10 * MS);
    let buffer = camera.dequeue(V4L2_MEMORY_USERPTR).unwrap();
    assert_eq!((buffer.index, buffer.flags & V4L2_BUF_FLAG_ERROR), (1, V4L2_BUF_FLAG_ERROR));
}

#[test]
fn what_an_output_device_is_sent_is_read_where_it_is() {
    let mut camera = Camera::new(Profile::VIVID_OUTPUT, INTERVAL);
    let size = camera.node.format(QueueId::FIRST).unwrap().plane[0].sizeimage;
    let picture: Vec<u8> = (0..size).map(|byte| (byte % 251) as u8).collect();
    camera.request(2, V4L2_MEMORY_MMAP);
    let (memory, length) = camera.node.plane_bytes(QueueId::FIRST, 0, 0).unwrap();
    camera.memory.at(memory, length as usize).unwrap()[..size as usize].copy_from_slice(&picture);
    for index in 0..2 {
        let mut buffer = camera.buffer(index, V4L2_MEMORY_MMAP);
        buffer.bytesused = size;
        camera.queue(&buffer).unwrap();
    }
    camera.stream_on().unwrap();
    camera.pass(11 * MS);
    camera.dequeue(V4L2_MEMORY_MMAP).unwrap();
    let sent = camera.engine.latest_sent(0).unwrap();
    assert_eq!((camera.engine.sent(), sent.bytes, sent.checksum), (1, size, checksum(&picture)));
}

#[test]
fn a_source_that_changes_its_size_is_refused_until_the_format_follows() {
    let mut camera = Camera::new(Profile::VIVID, INTERVAL);
    camera.engine.script([Event::SourceChange { width: 640, height: 480 }, Event::QueueError]);
    camera.start(3);
    camera.pass(15 * MS);
    assert_eq!(camera.dequeue(V4L2_MEMORY_MMAP).unwrap_err(), Errno::EIO);
    assert_eq!(camera.node.source_size(), Some((640, 480)));
    let mut type_ = camera.type_;
    camera.ioctl(VIDIOC_STREAMOFF, &mut type_).unwrap();
    assert_eq!(camera.stream_on(), Err(Errno::EPIPE));
    camera.request(0, V4L2_MEMORY_MMAP);
    let mut format = vidbuf_sim::kernel::abi::format::v4l2_format { type_, ..Default::default() };
    let mut pix = format.fmt.pix();
    (pix.width, pix.height, pix.pixelformat) = (640, 480, vidbuf::FourCc::YUYV.0);
    format.fmt.set_pix(pix);
    camera.ioctl(VIDIOC_S_FMT, &mut format).unwrap();
    camera.start(3);
}
