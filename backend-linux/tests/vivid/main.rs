//! The crate against a real kernel's test driver `vivid`. Where there is none, each test prints SKIPPED.
//!
//! `tests/run guest` runs it on any machine:
//!
//! ```sh
//! RUSTFLAGS='-C target-feature=+crt-static' cargo test -p vidbuf-linux --test vivid --no-run --target x86_64-unknown-linux-gnu
//! tests/run guest amd64-6.1 --files target/x86_64-unknown-linux-gnu/debug/deps sh -c './vivid-*[!d] --nocapture'
//! ```

mod find;
mod node;

use std::ffi::CString;
use std::mem::MaybeUninit;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vidbuf::backend::{DequeuedBuffer as _, Enqueue, PlaneCount, PlaneLayout, PlanePayload, Wake};
use vidbuf::node::{ControlId, Controls as _, Formats, FrameIntervals, ListIntervals as _, Open, Traded, Wanted};
use vidbuf::queue::{CaptureMplaneQueue, CaptureQueue};
use vidbuf::v4l2::{BufferType, MemoryType, QueueType};
use vidbuf::{Backend, Clock as _, FourCc, Request};
use vidbuf_linux::find::{Finder, NodeKind, Which, nodes};
use vidbuf_linux::{CapabilityFlags, Device, Errno, Format, FrameInterval, FrameSize};

/// Controls of the driver that make it misbehave.
const PERCENTAGE_DROPPED: ControlId = ControlId(0x00f0_f040);
const DISCONNECT: ControlId = ControlId(0x00f0_f041);
const QUEUE_ERROR: ControlId = ControlId(0x00f0_f046);

const SINGLE: BufferType = BufferType::VideoCapture;
const MULTI: BufferType = BufferType::VideoCaptureMplane;

/// The driver's faults hit whichever stream comes next: one test at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path of the first node of the driver that captures in this way.
fn node(buffer_type: BufferType) -> Option<CString> {
    (0..64).map(|number| CString::new(format!("/dev/video{number}")).expect("no NUL")).find(|path| {
        Device::open(path.as_c_str()).and_then(|device| device.capabilities()).is_ok_and(|capabilities| {
            capabilities.driver.to_str() == Ok("vivid") && capabilities.capture_type() == Some(buffer_type)
        })
    })
}

/// Runs a test with the path of a node, or prints that there is none.
fn with_node(buffer_type: BufferType, test: impl FnOnce(CString)) {
    let _guard = alone();
    match node(buffer_type) {
        Some(path) => test(path),
        None => println!("SKIPPED: no vivid node of type {buffer_type:?} on this machine"),
    }
}

fn open(path: &CString) -> Device {
    Device::open(path.as_c_str()).expect("the node opened a moment ago")
}

fn queue(buffer_type: BufferType) -> QueueType {
    QueueType { buffer_type, memory: MemoryType::Mmap }
}

/// A stream without the typestate, so that the backend's own results are seen. Returns what to unmap.
fn start(device: &Device, buffer_type: BufferType, count: u32) -> Vec<vidbuf::backend::Region> {
    let queue = queue(buffer_type);
    let granted = device.request_buffers(queue, count).expect("buffers").count;
    let mut regions = Vec::new();
    for index in 0..granted {
        let mut layouts = [PlaneLayout::default(); 8];
        let planes = device.query_buffer(queue, index, &mut layouts).expect("a buffer");
        for layout in &layouts[..planes as usize] {
            regions.push(device.map(queue, *layout).expect("a mapping"));
        }
        enqueue(device, buffer_type, index).expect("a fresh buffer is taken");
    }
    device.stream_on(queue).expect("stream on");
    regions
}

fn enqueue(device: &Device, buffer_type: BufferType, index: u32) -> Result<(), Errno> {
    // SAFETY: no test here makes a slice of a region.
    unsafe {
        device.enqueue(queue(buffer_type), Enqueue::filled(index, PlaneCount::Eight, &[PlanePayload::default(); 8]))
    }
}

fn end(device: Device, buffer_type: BufferType, regions: Vec<vidbuf::backend::Region>) {
    device.stream_off(queue(buffer_type)).expect("stream off");
    for region in regions {
        // SAFETY: from `map`, unmapped once, never borrowed.
        unsafe { device.unmap(region) }.expect("unmap");
    }
    assert_eq!(device.request_buffers(queue(buffer_type), 0).map(|granted| granted.count), Ok(0));
}

#[test]
fn second_handle_is_busy_while_the_first_has_buffers() {
    with_node(SINGLE, |path| {
        let (first, mut second) = (open(&path), open(&path));
        let regions = start(&first, SINGLE, 2);
        assert_eq!(second.request_buffers(queue(SINGLE), 2), Err(Errno::EBUSY));
        assert_eq!(second.set_format(SINGLE, &Format::new(320, 180, FourCc::YUYV)), Err(Errno::EBUSY));
        end(first, SINGLE, regions);
        assert!(second.set_format(SINGLE, &Format::new(320, 180, FourCc::YUYV)).is_ok());
    });
}

#[test]
fn dequeue_on_a_nonblocking_device_would_block_and_then_has_a_frame() {
    with_node(SINGLE, |path| {
        let device = Device::open_nonblocking(path.as_c_str()).expect("opens");
        device.set_control(PERCENTAGE_DROPPED, 100).expect("a control");
        let regions = start(&device, SINGLE, 2);
        assert_eq!(
            device.dequeue(queue(SINGLE), PlaneCount::One, &mut MaybeUninit::uninit()).err(),
            Some(Errno::EAGAIN)
        );
        let began = Instant::now();
        assert_eq!(device.wait(queue(SINGLE), Some(Duration::from_millis(200))), Ok(Wake::TimedOut));
        assert!(began.elapsed() >= Duration::from_millis(200));
        device.set_control(PERCENTAGE_DROPPED, 0).expect("a control");
        assert_eq!(device.wait(queue(SINGLE), None), Ok(Wake::Ready));
        let mut room = MaybeUninit::uninit();
        let frame = device.dequeue(queue(SINGLE), PlaneCount::One, &mut room).expect("poll returned that one is there");
        assert!(frame.timestamp().as_micros() > 0 && frame.bytesused() > 0);
        end(device, SINGLE, regions);
    });
}

#[test]
fn wait_is_never_ready_when_dequeue_could_sleep() {
    for buffer_type in [SINGLE, MULTI] {
        with_node(buffer_type, |path| {
            let device = open(&path);
            let queue = queue(buffer_type);
            let regions = start(&device, buffer_type, 3);
            device.set_control(QUEUE_ERROR, 1).expect("a control");
            let began = Instant::now();
            assert_eq!(device.wait(queue, Some(Duration::from_secs(20))), Err(Errno::EIO), "queue error");
            assert_eq!(
                device.dequeue(queue, PlaneCount::Eight, &mut MaybeUninit::uninit()).err(),
                Some(Errno::EIO),
                "queue error"
            );
            device.stream_off(queue).expect("stream off");
            assert_eq!(device.wait(queue, Some(Duration::from_secs(20))), Err(Errno::EIO), "not streaming");
            // Started with nothing enqueued since: a blocking dequeue would sleep for ever here.
            device.stream_on(queue).expect("stream on");
            assert_eq!(device.wait(queue, Some(Duration::from_secs(20))), Err(Errno::EIO), "nothing enqueued");
            assert!(began.elapsed() < Duration::from_secs(10));
            end(device, buffer_type, regions);
        });
    }
}

#[test]
fn unplugged_device_is_gone_for_every_call_but_unmap() {
    with_node(SINGLE, |path| {
        let device = open(&path);
        let regions = start(&device, SINGLE, 2);
        device.set_control(DISCONNECT, 1).expect("a control");
        assert_eq!(device.wait(queue(SINGLE), Some(Duration::from_secs(20))), Err(Errno::ENODEV));
        assert_eq!(
            device.dequeue(queue(SINGLE), PlaneCount::One, &mut MaybeUninit::uninit()).err(),
            Some(Errno::ENODEV)
        );
        assert_eq!(enqueue(&device, SINGLE, 0), Err(Errno::ENODEV));
        assert_eq!(device.stream_off(queue(SINGLE)), Err(Errno::ENODEV));
        assert_eq!(device.request_buffers(queue(SINGLE), 0), Err(Errno::ENODEV));
        assert_eq!(device.capabilities().err(), Some(Errno::ENODEV));
        assert_eq!(device.map(queue(SINGLE), PlaneLayout { length: 4096, offset: 0 }), Err(Errno::ENODEV));
        for region in regions {
            // SAFETY: from `map`, unmapped once, never borrowed.
            assert_eq!(unsafe { device.unmap(region) }, Ok(()));
        }
    });
}

#[test]
fn mapping_of_what_was_not_granted_is_refused() {
    with_node(SINGLE, |path| {
        let device = open(&path);
        let nothing = PlaneLayout { length: 4096, offset: 0 };
        assert_eq!(device.map(queue(SINGLE), nothing), Err(Errno::EINVAL), "nothing requested");
        let regions = start(&device, SINGLE, 2);
        let mut layout = [PlaneLayout::default()];
        device.query_buffer(queue(SINGLE), 0, &mut layout).expect("a buffer");
        let [PlaneLayout { length, offset }] = layout;
        let longer = PlaneLayout { length: length + 0x1_0000, offset };
        assert_eq!(device.map(queue(SINGLE), longer), Err(Errno::EINVAL), "longer than the buffer");
        let between = PlaneLayout { length, offset: offset + 1 };
        assert_eq!(device.map(queue(SINGLE), between), Err(Errno::EINVAL), "between two pages");
        end(device, SINGLE, regions);
    });
}

#[test]
fn every_plane_has_its_own_payload() {
    with_node(MULTI, |path| {
        for name in [*b"YUYV", *b"NM12", *b"NM16", *b"NM61", *b"YM24"] {
            let mut device = open(&path);
            let format = device.set_format(MULTI, &Format::new(640, 360, FourCc::new(name))).expect("offered");
            assert_eq!(format.pixel_format, FourCc::new(name));
            let queue: CaptureMplaneQueue<Device> = CaptureMplaneQueue::new(device);
            let queue = queue.start(Request::up_to(3)).expect("starts");
            for _ in 0..3 {
                let frame = queue.dequeue_timeout(Duration::from_secs(10)).expect("no error").expect("a frame");
                assert_eq!(frame.planes(), format.num_planes as usize);
                for (number, plane) in format.used_planes().iter().enumerate() {
                    let range = frame.payload_range(number).expect("a plane");
                    let bytes = frame.payload(number).expect("a good frame");
                    assert_eq!(bytes.len(), (range.bytesused - range.data_offset) as usize);
                    assert!(bytes.len() as u32 + range.data_offset <= plane.sizeimage + 128);
                    println!("{} plane {number}: {range:?} of sizeimage {}", FourCc::new(name), plane.sizeimage);
                }
            }
            queue.stop().expect("stops");
        }
    });
}

#[test]
fn hundred_frames_come_in_order_with_times_that_grow() {
    with_node(SINGLE, |path| {
        let mut device = open(&path);
        device.set_format(SINGLE, &Format::new(320, 180, FourCc::YUYV)).expect("a size of the webcam");
        device.set_frame_interval(SINGLE, FrameInterval { numerator: 1, denominator: 60 }).expect("a rate");
        let queue: CaptureQueue<Device> = CaptureQueue::new(device);
        let queue = queue.start(Request::up_to(4)).expect("starts");
        let (mut last, mut seen) = (None, 0);
        while seen < 100 {
            let frame = queue.dequeue().expect("no error").expect("a blocking device");
            let now = (frame.sequence(), frame.timestamp());
            assert!(last < Some(now), "{last:?} then {now:?}");
            assert_eq!(frame.bytes().expect("a good frame").len(), 320 * 180 * 2);
            last = Some(now);
            seen += 1;
            if seen % 3 != 0 {
                frame.requeue().expect("taken back");
            }
        }
        queue.stop().expect("stops");
    });
}
