//! The largest numbers that a test can write down: no overflow, no panic, and what is limited is limited where a driver does.

use std::mem::MaybeUninit;
use std::time::Duration;

use vidbuf::backend::PlaneCount;
use vidbuf::error::ErrorKind;
use vidbuf::queue::{CaptureQueue, Streaming};
use vidbuf::v4l2::{BufferType, MemoryType, QueueType};
use vidbuf::{Backend as _, FourCc, Request};
use vidbuf_sim::kernel::abi::buffer::{V4L2_MEMORY_MMAP, v4l2_create_buffers, v4l2_requestbuffers};
use vidbuf_sim::kernel::abi::format::{v4l2_format, v4l2_format_fmt, v4l2_pix_format};
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_CREATE_BUFS, VIDIOC_REQBUFS};
use vidbuf_sim::kernel::{Node, OpenMode};
use vidbuf_sim::{Call, Errno, Event, Kernel, PixelFormat, Profile, Recording, Sim, SimFile};

const KERNELS: [Kernel; 3] = [Kernel::V6_1, Kernel::V6_12, Kernel::V6_19];

fn memory() -> Vec<u8> {
    vec![0; 2 << 20]
}

fn streaming<'s, 'm>(sim: &'s Sim<'m>) -> CaptureQueue<SimFile<'s, 'm>, Streaming> {
    CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).unwrap()
}

#[test]
fn numbers_of_buffers_that_no_driver_has() {
    let mut memory = memory();
    for kernel in KERNELS {
        let refused = |profile, memory: &mut Vec<u8>| {
            let sim = Sim::new(profile, memory).kernel(kernel);
            let error = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(4)).map(drop).unwrap_err();
            (error.kind(), sim.buffers(), sim.mappings())
        };
        // On 6.1 as many as there is room for are made, and the driver refuses to start with so few.
        let (kind, buffers, mappings) = refused(Profile::VIVID.min_queued(u32::MAX), &mut memory);
        assert!(kind.is_some() || kernel != Kernel::V6_12);
        assert_eq!((buffers, mappings), (0, 0));
        let (_, buffers, mappings) = refused(Profile::VIVID.min_requested(u32::MAX), &mut memory);
        assert_eq!((buffers, mappings), (0, 0));
        let sim = Sim::new(Profile::VIVID.keeps(u32::MAX), &mut memory).kernel(kernel);
        let queue = streaming(&sim);
        sim.script([Event::OutOfOrder(u32::MAX), Event::Drop(u32::MAX), Event::Stall(u32::MAX)]);
        assert!(queue.dequeue_timeout(Duration::from_secs(1)).unwrap().is_none());
        sim.advance(Duration::MAX);
        assert!(queue.dequeue_timeout(Duration::MAX).unwrap().is_none());
    }
}

#[test]
fn buffers_created_at_the_level_of_ioctls() {
    for kernel in KERNELS {
        let mut node =
            Node::<8>::new(Profile::VIVID.min_requested(u32::MAX).min_queued(u32::MAX), kernel, 4096, 1 << 20);
        let file = node.open(OpenMode::READ_WRITE).unwrap();
        let (count, memory) = (u32::MAX, V4L2_MEMORY_MMAP);
        let mut request = v4l2_requestbuffers { count, type_: 1, memory, ..Default::default() };
        assert!(node.call(file, VIDIOC_REQBUFS, &mut request, &mut []).is_err());
        let pix = v4l2_pix_format { sizeimage: u32::MAX, ..Default::default() };
        let format = v4l2_format { type_: 1, fmt: v4l2_format_fmt::of_pix(pix) };
        let mut create = v4l2_create_buffers { count, memory, format, ..Default::default() };
        assert_eq!(node.call(file, VIDIOC_CREATE_BUFS, &mut create, &mut []), Err(Errno::ENOMEM));
        assert_eq!(node.live_memory(), 0);
    }
}

#[test]
fn lines_of_four_gigabytes() {
    for profile in [Profile::UNICAM, Profile::RP1_CFE, Profile::VIVID_MULTIPLANAR, Profile::CODEC, Profile::UVC] {
        for bytes in [u32::MAX, u32::MAX - 31, u32::MAX / 2 + 1] {
            for pixels in profile.formats {
                let mut memory = memory();
                let sim =
                    Sim::<4, 2>::sized(profile, &mut memory).bytesperline([bytes; 3]).format(pixels.fourcc, 64, 48);
                let plane = sim.current_format().plane[0];
                assert_eq!(plane.bytesperline, 16_384 * u32::from(pixels.bits[0]) / 8 * u32::from(!pixels.compressed));
            }
        }
    }
    let format = vidbuf_sim::Format::new(&PixelFormat::NV12, u32::MAX, u32::MAX, [u32::MAX; 3], u32::MAX, true);
    assert_eq!(format.plane[0].sizeimage, u32::MAX);
}

#[test]
fn widths_of_the_largest_sensors_are_kept_and_wider_ones_cut_where_unicam_cuts() {
    let mut memory = memory();
    for (asked, width) in [(9248, 9248), (16_376, 16_376), (16_377, 16_376), (u32::MAX, 16_376), (0, 16)] {
        let sim = Sim::new(Profile::UNICAM, &mut memory).format(FourCc::GREY, asked, 16);
        assert_eq!(sim.current_format().width, width);
        assert_eq!(sim.set_format(FourCc::GREY, 16, asked).map(|format| format.height), Ok(width));
    }
    // A 64-megapixel sensor's line reaches the program whole.
    let sim = Sim::new(Profile::UNICAM.keeps(0), &mut memory).format(FourCc::GREY, 9248, 16);
    let queue = CaptureQueue::<_>::new(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    let frame = queue.dequeue().unwrap().unwrap();
    assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().unwrap()));
}

#[test]
fn times_that_never_end() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory).frame_interval(Duration::MAX);
    let queue = streaming(&sim);
    for _ in 0..3 {
        assert!(queue.dequeue().unwrap().unwrap().timestamp().as_micros() >= 0);
        sim.signal_every(Duration::MAX);
        sim.signal_in(Duration::MAX);
    }
    sim.advance(Duration::MAX);
    assert!(queue.dequeue_timeout(Duration::MAX).is_ok());
    assert!(queue.dequeue_timeout(Duration::ZERO).is_ok());
    drop(queue);

    let sim = Sim::new(Profile::VIVID, &mut memory).frame_interval(Duration::from_nanos(1)).without_pictures();
    let queue = streaming(&sim);
    sim.signal_every(Duration::from_nanos(1));
    sim.advance(Duration::MAX);
    for _ in 0..6 {
        assert!(queue.dequeue_timeout(Duration::from_millis(10)).is_ok());
    }
}

#[test]
fn queue_error_of_a_dequeue_stays_until_the_stream_is_stopped() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let queue = streaming(&sim);
    queue.dequeue().unwrap().unwrap().requeue().unwrap();
    let held = queue.dequeue().unwrap().unwrap();
    assert!(sim.fail(Call::Dequeue, 1, Errno::EIO));
    for _ in 0..3 {
        assert_eq!(queue.dequeue().unwrap_err().kind(), Some(ErrorKind::Io));
    }
    // VIDIOC_QBUF, too.
    let refused = held.try_requeue().unwrap_err();
    assert_eq!(refused.error.kind(), Some(ErrorKind::Io));
    drop(refused);
    let queue = queue.stream_off().unwrap().stream_on().unwrap();
    assert!(queue.dequeue().unwrap().is_some());
    // Of any other call, and before the stream, it is for once.
    queue.stop().unwrap();
    let file = sim.open().unwrap();
    let capture = QueueType { buffer_type: BufferType::VideoCapture, memory: MemoryType::Mmap };
    assert!(sim.fail(Call::Dequeue, 1, Errno::EIO));
    assert_eq!(file.dequeue(capture, PlaneCount::One, &mut MaybeUninit::uninit()), Err(Errno::EIO));
    assert_eq!(file.dequeue(capture, PlaneCount::One, &mut MaybeUninit::uninit()), Err(Errno::EINVAL));
}

const HEAD: &str = "vidbuf-trace 1
format pixelformat=0x56595559 width=64 height=48 field=1 bytesperline=128 sizeimage=6144
start
";

#[test]
fn recorded_timestamps_long_before_the_start_are_played_as_they_were() {
    let stamps = [-1_000_001, -5_000_000, -90_000_000_000, -1, 0, -100 * 365 * 24 * 3600 * 1_000_000];
    let frame = |(number, stamp): (usize, &i64)| {
        format!("frame at={} sequence={number} flags=0x2001 field=1 timestamp={stamp} bytesused=6144\n", number * 40)
    };
    let text = format!("{HEAD}{}", stamps.iter().enumerate().map(frame).collect::<String>());
    let mut memory = memory();
    let sim = Sim::new(Profile::UVC, &mut memory).replay(&Recording::parse(&text).unwrap());
    let queue = streaming(&sim);
    let began = i64::try_from(sim.now().as_micros()).unwrap();
    for stamp in stamps {
        let frame = queue.dequeue().unwrap().unwrap();
        assert_eq!(frame.timestamp().as_micros() - began, stamp);
        frame.requeue().unwrap();
    }
}

#[test]
fn recorded_times_that_cannot_be_played_are_refused() {
    for (at, stamp, field) in [
        ("5", "-9223372036854775808", "timestamp"),
        ("5", "9223372036854775807", "timestamp"),
        ("5", "-3153600000000001", "timestamp"),
        ("9223372036854775807", "5", "at"),
        ("3153600000000001", "5", "at"),
        ("-1", "5", "at"),
    ] {
        let line = format!("frame at={at} sequence=0 flags=0x2001 field=1 timestamp={stamp} bytesused=6144\n");
        let error = Recording::parse(&format!("{HEAD}{line}")).unwrap_err();
        assert_eq!(error.to_string(), format!("line 4: '{field}' is not a number in its range"));
    }
    assert!(Recording::parse(&format!("{HEAD}error at=3153600000000001\n")).is_err());
}

#[test]
fn small_pages_on_every_kernel() {
    for kernel in KERNELS {
        for page in [16, 64, 1024, 16_384, 65_536] {
            let mut memory = vec![0; 1 << 20];
            let sim = Sim::new(Profile::VIVID, &mut memory).kernel(kernel).page_size(page).format(FourCc::GREY, 64, 48);
            let queue = streaming(&sim);
            for _ in 0..8 {
                let frame = queue.dequeue().unwrap().unwrap();
                assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().unwrap()), "pages of {page}");
                frame.requeue().unwrap();
            }
            queue.stop().unwrap();
            assert_eq!((sim.mappings(), sim.violations()), (0, 0));
        }
    }
}
