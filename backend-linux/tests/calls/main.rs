//! What each method hands to the kernel and what it makes of the answer, byte by byte. The C library's `ioctl` is defined here,
//! before the library's own, and stands in for a driver; hence the feature `use-libc`. 64-bit systems only: the offsets are
//! written out, so that this does not rest on the structures that it tests.
#![cfg(target_pointer_width = "64")]

mod buffers;
mod controls;
#[path = "../kernel/mod.rs"]
mod kernel;

use std::mem::MaybeUninit;

use kernel::{Argument, answers};
use vidbuf::backend::PlaneCount;
use vidbuf::node::{ControlId, Controls as _, FrameIntervals, ListIntervals as _};
use vidbuf::v4l2::{BufferType, Field, MemoryType, QueueType};
use vidbuf::{Backend as _, FourCc};
use vidbuf_linux::fd::{AsRawFd as _, OwnedFd};
use vidbuf_linux::{CapabilityFlags, Device, Errno, Format, FormatFlags, FrameInterval, FrameSize, PlaneFormat};

const TYPES: [BufferType; 4] =
    [BufferType::VideoCapture, BufferType::VideoOutput, BufferType::VideoCaptureMplane, BufferType::VideoOutputMplane];

fn device() -> Device {
    Device::open(c"/dev/null").expect("everybody may open it")
}

fn queue(buffer_type: BufferType) -> QueueType {
    QueueType { buffer_type, memory: MemoryType::Mmap }
}

#[test]
fn capabilities_are_those_of_the_node() {
    let (capabilities, calls) = answers(
        |argument| {
            assert_eq!((argument.number(), argument.size()), (0, 104));
            argument.bytes(0, b"driver");
            argument.bytes(16, b"card");
            argument.bytes(48, b"bus");
            argument.put(80, [0x06_0c_01, 0x8420_0001, 0x0420_0001]);
        },
        || device().capabilities(),
    );
    let capabilities = capabilities.expect("the answer above");
    assert_eq!(calls, 1);
    assert_eq!(capabilities.driver.to_str(), Ok("driver"));
    assert_eq!(capabilities.card.to_str(), Ok("card"));
    assert_eq!(format!("{:?}", capabilities.bus_info), "\"bus\"");
    assert_eq!(capabilities.version, 0x06_0c_01);
    assert_eq!(capabilities.device.bits(), 0x8420_0001);
    assert_eq!(capabilities.node, CapabilityFlags::from_bits_retain(0x0420_0001));
}

#[test]
fn what_a_node_can_do_follows_from_its_own_flags() {
    const OWN: u32 = 0x8000_0000;
    // Flags, then: captures, captures_mplane, outputs, outputs_mplane, is_mem2mem, can_stream, capture_type.
    let table = [
        (0, [false; 6], None),
        (0x1, [true, false, false, false, false, false], Some(BufferType::VideoCapture)),
        (0x2, [false, false, true, false, false, false], None),
        (0x1000, [false, true, false, false, false, false], Some(BufferType::VideoCaptureMplane)),
        (0x2000, [false, false, false, true, false, false], None),
        (0x4000, [false, true, false, true, true, false], Some(BufferType::VideoCaptureMplane)),
        (0x8000, [true, false, true, false, true, false], Some(BufferType::VideoCapture)),
        (0x400_0000, [false, false, false, false, false, true], None),
    ];
    for (flags, can, capture_type) in table {
        // What the whole device can do is everything, and does not matter.
        let (node, _) = answers(|argument| argument.put(84, [!0, OWN | flags]), || device().capabilities());
        let node = node.expect("the answer above");
        let does = [node.captures(), node.captures_mplane(), node.outputs(), node.outputs_mplane(), node.is_mem2mem()];
        assert_eq!((&does[..], node.can_stream()), (&can[..5], can[5]), "{flags:#x}");
        assert_eq!(node.capture_type(), capture_type, "{flags:#x}");
    }
}

/// The bytes of a format of one plane, as the kernel has them.
const SINGLE: [u32; 12] = [642, 482, 0x5659_5559, 4, 1300, 700_000, 8, 0xfeed_cafe, 1, 2, 3, 4];

#[test]
fn every_format_call_hands_over_the_format_and_returns_the_drivers() {
    let mut asked = Format::new(640, 480, FourCc::YUYV);
    asked.field = Field::INTERLACED;
    asked.planes[0] = PlaneFormat { bytesperline: 1280, sizeimage: 614_400 };
    (asked.colorspace, asked.flags, asked.ycbcr_encoding, asked.quantization, asked.transfer_function) =
        (1, 2, 3, 4, 5);
    for buffer_type in [BufferType::VideoCapture, BufferType::VideoOutput] {
        for (number, name) in [(4, "G_FMT"), (5, "S_FMT"), (64, "TRY_FMT")] {
            let (format, calls) = answers(
                |argument| {
                    assert_eq!((argument.number(), argument.size()), (number, 208), "{name}");
                    assert_eq!(argument.get(0), buffer_type as u32, "{name}");
                    let given = [640, 480, FourCc::YUYV.0, 4, 1280, 614_400, 1, 0xfeed_cafe, 2, 3, 4, 5];
                    assert_eq!(argument.many(8), if number == 4 { [0; 12] } else { given }, "{name}");
                    argument.put(8, SINGLE);
                },
                || match number {
                    4 => device().format(buffer_type),
                    5 => device().set_format(buffer_type, &asked),
                    _ => device().try_format(buffer_type, &asked),
                },
            );
            let format = format.expect("the answer above");
            assert_eq!(calls, 1);
            assert_eq!((format.width, format.height, format.pixel_format), (642, 482, FourCc(0x5659_5559)));
            assert_eq!((format.field, format.num_planes), (Field::INTERLACED, 1));
            assert_eq!(format.used_planes(), [PlaneFormat { bytesperline: 1300, sizeimage: 700_000 }]);
            assert_eq!((format.colorspace, format.flags, format.ycbcr_encoding), (8, 1, 2));
            assert_eq!((format.quantization, format.transfer_function), (3, 4));
        }
    }
}

#[test]
fn extended_fields_are_read_only_from_a_driver_that_fills_them() {
    let mut old = SINGLE;
    old[7] = 0;
    let (format, _) = answers(|argument| argument.put(8, old), || device().format(BufferType::VideoCapture));
    let format = format.expect("the answer above");
    assert_eq!((format.colorspace, format.flags, format.ycbcr_encoding), (8, 0, 0));
    assert_eq!((format.quantization, format.transfer_function), (0, 0));
}

#[test]
fn format_of_a_plane_array_has_the_sizes_of_its_planes() {
    let (bytes, _) = answers(
        |argument| {
            assert_eq!((argument.number(), argument.get(0)), (4, BufferType::VideoCaptureMplane as u32));
            argument.put(8 + 20, [1000, 640]);
            argument.put(8 + 40, [500, 320]);
            argument.bytes(8 + 180, &[2, 1, 2, 3, 4]);
        },
        || device().bytes_per_buffer(queue(BufferType::VideoCaptureMplane)),
    );
    assert_eq!(bytes, Some(1500));
}

#[test]
fn lists_are_asked_by_number_until_the_driver_refuses_one() {
    let driver = |argument: &mut Argument| {
        assert_eq!((argument.number(), argument.size(), argument.get(4)), (2, 64, BufferType::VideoCapture as u32));
        match argument.get(0) {
            0 => {
                argument.put(8, [3]);
                argument.bytes(12, b"Motion-JPEG");
                argument.put(44, [FourCc::MJPEG.0]);
            }
            1 => argument.put(44, [FourCc::YUYV.0]),
            _ => argument.fail(Errno::EINVAL),
        }
    };
    let (formats, calls) = answers(driver, || {
        device().formats(BufferType::VideoCapture).map(|item| item.expect("an item")).collect::<Vec<_>>()
    });
    assert_eq!((formats.len(), calls), (2, 3));
    assert_eq!(
        (formats[0].pixel_format, formats[0].flags),
        (FourCc::MJPEG, FormatFlags::all() & FormatFlags::from_bits_retain(3))
    );
    assert_eq!(formats[0].description.to_string(), "Motion-JPEG");
    assert_eq!((formats[1].pixel_format, formats[1].flags), (FourCc::YUYV, FormatFlags::empty()));

    let driver = |argument: &mut Argument| {
        assert_eq!((argument.number(), argument.size(), argument.get(4)), (74, 44, FourCc::MJPEG.0));
        let index = argument.get(0);
        if index < 2 { argument.put(8, [1, 640 << index, 480 << index]) } else { argument.fail(Errno::EINVAL) }
    };
    let (sizes, calls) =
        answers(driver, || device().sizes(FourCc::MJPEG).map(|item| item.expect("an item")).collect::<Vec<_>>());
    let two = [FrameSize::Discrete { width: 640, height: 480 }, FrameSize::Discrete { width: 1280, height: 960 }];
    assert_eq!((&sizes[..], calls), (&two[..], 3));
}

#[test]
fn frame_intervals_are_asked_for_a_format_and_size() {
    let driver = |argument: &mut Argument| {
        assert_eq!((argument.number(), argument.size(), argument.get(4)), (75, 52, FourCc::MJPEG.0));
        assert_eq!((argument.get(8), argument.get(12)), (640, 480));
        let index = argument.get(0);
        if index < 2 { argument.put(16, [1, 1, 30 << index]) } else { argument.fail(Errno::EINVAL) }
    };
    let (intervals, calls) = answers(driver, || {
        device().intervals(FourCc::MJPEG, 640, 480).map(|item| item.expect("an item")).collect::<Vec<_>>()
    });
    let two = [30, 60].map(|denominator| FrameIntervals::Discrete(FrameInterval { numerator: 1, denominator }));
    assert_eq!((&intervals[..], calls), (&two[..], 3));
}

#[test]
fn frame_interval_is_asked_and_set() {
    let driver = |argument: &mut Argument| {
        assert_eq!((argument.size(), argument.get(0)), (204, BufferType::VideoCapture as u32));
        let given = if argument.number() == 22 { [1, 50] } else { [0, 0] };
        assert_eq!(argument.many(12), given);
        argument.put(12, [1001, 30_000]);
    };
    let ntsc = FrameInterval { numerator: 1001, denominator: 30_000 };
    let (asked, _) = answers(driver, || device().frame_interval(BufferType::VideoCapture));
    assert_eq!(asked, Ok(ntsc));
    let wanted = FrameInterval { numerator: 1, denominator: 50 };
    let (set, calls) = answers(driver, || device().set_frame_interval(BufferType::VideoCapture, wanted));
    assert_eq!((set, calls), (Ok(ntsc), 1));
}

#[test]
fn control_is_asked_and_set() {
    let driver = |argument: &mut Argument| {
        assert_eq!((argument.size(), argument.get(0)), (8, 0x0098_0900));
        assert_eq!(argument.get(4), if argument.number() == 28 { 77 } else { 0 });
        argument.put(4, [42]);
    };
    assert_eq!(answers(driver, || device().control(ControlId::BRIGHTNESS)), (Ok(42), 1));
    assert_eq!(answers(driver, || device().set_control(ControlId::BRIGHTNESS, 77)), (Ok(42), 1));
}

#[test]
fn errors_of_the_kernel_come_back() {
    for errno in [Errno::EIO, Errno::ENODEV, Errno::EINVAL] {
        let refuse = |argument: &mut Argument| argument.fail(errno);
        let room = &mut MaybeUninit::uninit();
        let dequeue = |room| device().dequeue(queue(BufferType::VideoCapture), PlaneCount::One, room).map(drop);
        let (outcome, _) = answers(refuse, || dequeue(room));
        assert_eq!(outcome, Err(errno));
        assert_eq!(answers(refuse, || device().stream_on(queue(BufferType::VideoOutput))).0, Err(errno));
        assert_eq!(answers(refuse, || device().bytes_per_buffer(queue(BufferType::VideoCapture))).0, None);
    }
}

#[test]
fn error_has_the_name_that_manual_pages_use() {
    assert_eq!((Errno::EIO.name(), Errno::EPIPE.name()), (Some("EIO"), Some("EPIPE")));
    assert_eq!(format!("{} {:?}", Errno::ENODEV, Errno::ENODEV), "ENODEV (19): the device is gone ENODEV");
}

#[test]
fn descriptor_is_the_one_that_was_given() {
    let device = device();
    let number = device.as_raw_fd();
    assert!(number > 2);
    let descriptor: OwnedFd = device.into_fd();
    assert_eq!(descriptor.as_raw_fd(), number);
    // SAFETY: nobody else has it, and it allocates no buffers.
    let device = unsafe { Device::from_fd(descriptor) };
    let (outcome, _) = answers(
        |argument| assert_eq!(argument.descriptor(), number),
        || device.stream_on(queue(BufferType::VideoCapture)),
    );
    assert_eq!(outcome, Ok(()));
}
