//! Calls on buffers.

use super::kernel::{Argument, answers};
use super::{TYPES, device, queue};
use std::mem::MaybeUninit;
use vidbuf::Backend as _;
use vidbuf::backend::{DequeuedBuffer as _, Enqueue, PlaneCount, PlaneLayout, PlanePayload};
use vidbuf::v4l2::{BufferCapabilities, BufferFlags, BufferType, Field, Timestamp};
use vidbuf_linux::KernelBuffer;

#[test]
fn number_of_buffers_granted_is_the_drivers() {
    for buffer_type in TYPES {
        let (granted, calls) = answers(
            |argument| {
                assert_eq!((argument.number(), argument.size()), (8, 20));
                assert_eq!(argument.many(0), [5, buffer_type as u32, 1, 0, 0]);
                argument.put(0, [3]);
                argument.put(12, [0x11]);
            },
            || device().request_buffers(queue(buffer_type), 5),
        );
        let granted = granted.expect("the answer above");
        assert_eq!((granted.count, granted.capabilities.bits(), calls), (3, 0x11, 1));
        assert!(granted.capabilities.contains(BufferCapabilities::from_bits_retain(1)));
    }
}

#[test]
fn buffer_of_one_plane_is_where_the_driver_says() {
    for buffer_type in [BufferType::VideoCapture, BufferType::VideoOutput] {
        let mut planes = [PlaneLayout::default(); 2];
        let (count, _) = answers(
            |argument| {
                assert_eq!((argument.number(), argument.size()), (9, 88));
                assert_eq!((argument.many(0), argument.get(60), argument.get(72)), ([7, buffer_type as u32], 1, 0));
                argument.put(64, [0x4000]);
                argument.put(72, [614_400]);
            },
            || device().query_buffer(queue(buffer_type), 7, &mut planes),
        );
        assert_eq!((count, planes[0]), (Ok(1), PlaneLayout { length: 614_400, offset: 0x4000 }));
        assert_eq!(planes[1], PlaneLayout::default());
    }
}

#[test]
fn planes_of_a_buffer_are_where_the_driver_says() {
    for buffer_type in [BufferType::VideoCaptureMplane, BufferType::VideoOutputMplane] {
        let mut planes = [PlaneLayout::default(); 3];
        let (count, _) = answers(
            |argument| {
                assert_eq!((argument.many(0), argument.get(72)), ([7, buffer_type as u32], 8));
                argument.plane(0, [0, 1000, 0x4000]);
                argument.plane(1, [0, 500, 0x8000]);
                argument.put(72, [2]);
            },
            || device().query_buffer(queue(buffer_type), 7, &mut planes),
        );
        assert_eq!(count, Ok(2));
        let two = [PlaneLayout { length: 1000, offset: 0x4000 }, PlaneLayout { length: 500, offset: 0x8000 }];
        assert_eq!((&planes[..2], planes[2]), (&two[..], PlaneLayout::default()));
    }
}

/// QBUF of buffer 6 with two payloads, and what a driver sees of it.
fn enqueued(buffer_type: BufferType, look: impl Fn(&mut Argument)) {
    let payloads = [PlanePayload { bytesused: 900, data_offset: 16 }, PlanePayload { bytesused: 450, data_offset: 8 }];
    let mut buffer = Enqueue::filled(6, PlaneCount::Two, &payloads);
    buffer.field = Field::INTERLACED;
    buffer.timestamp = Timestamp { seconds: 5, microseconds: 6 };
    let (outcome, calls) = answers(
        |argument| {
            assert_eq!((argument.number(), argument.size()), (15, 88));
            assert_eq!((argument.many(0), argument.get(60)), ([6, buffer_type as u32], 1));
            // No flags, no request.
            assert_eq!((argument.get(12), argument.many(76)), (0, [0, 0]));
            look(argument);
        },
        // SAFETY: there is no buffer whose bytes could be borrowed.
        || unsafe { device().enqueue(queue(buffer_type), buffer) },
    );
    assert_eq!((outcome, calls), (Ok(()), 1));
}

#[test]
fn enqueue_hands_over_what_the_kernel_reads() {
    enqueued(BufferType::VideoCapture, |_| {});
    enqueued(BufferType::VideoOutput, |argument| {
        assert_eq!((argument.get(8), argument.get(16)), (900, 4));
        assert_eq!(argument.many(24), [5, 0, 6, 0]);
    });
    // Of a capture buffer the kernel reads no payload.
    enqueued(BufferType::VideoCaptureMplane, |argument| assert_eq!(argument.get(72), 2));
    {
        enqueued(BufferType::VideoOutputMplane, |argument| {
            assert_eq!(argument.get(72), 2);
            assert_eq!((argument.of_plane(0, 0), argument.of_plane(0, 16)), (900, 16));
            assert_eq!((argument.of_plane(1, 0), argument.of_plane(1, 16)), (450, 8));
        });
    }
}

fn dequeued(buffer_type: BufferType, look: impl Fn(&KernelBuffer), driver: impl Fn(&mut Argument)) {
    let (outcome, calls) = answers(
        |argument| {
            assert_eq!((argument.number(), argument.size()), (17, 88));
            // A flag left in here could end the stream.
            assert_eq!((argument.get(4), argument.get(12), argument.get(60)), (buffer_type as u32, 0, 1));
            argument.put(0, [6]);
            argument.put(12, [0x2001, 1, 0, 5, 0, 6, 0]);
            argument.put(56, [33]);
            driver(argument);
        },
        || device().dequeue(queue(buffer_type), PlaneCount::Two, &mut MaybeUninit::uninit()).map(look),
    );
    assert_eq!((outcome, calls), (Ok(()), 1));
}

#[test]
fn dequeue_returns_what_the_kernel_wrote() {
    for buffer_type in TYPES {
        let look = |buffer: &KernelBuffer| {
            assert_eq!((buffer.index(), buffer.sequence()), (6, 33));
            assert_eq!((buffer.flags(), buffer.field()), (BufferFlags::from_bits_retain(0x2001), Field(1)));
            assert_eq!(buffer.timestamp(), Timestamp { seconds: 5, microseconds: 6 });
            if buffer_type.is_multiplanar() {
                // SAFETY: two planes were asked for.
                let payloads = [0, 1].map(|plane| unsafe { buffer.payload(plane) });
                let two =
                    [PlanePayload { bytesused: 900, data_offset: 16 }, PlanePayload { bytesused: 450, data_offset: 8 }];
                assert_eq!((buffer.planes(), payloads), (2, two));
            } else {
                assert_eq!(buffer.bytesused(), 900);
            }
            assert!(format!("{buffer:?}").contains("index: 6"));
        };
        dequeued(buffer_type, look, |argument| {
            if buffer_type.is_multiplanar() {
                assert_eq!(argument.get(72), 2);
                argument.plane(0, [900, 1000, 0, 0, 16]);
                argument.plane(1, [450, 500, 0, 0, 8]);
            } else {
                argument.put(8, [900]);
            }
        });
    }
}

#[test]
fn stream_calls_take_a_pointer_to_the_type() {
    for buffer_type in TYPES {
        for on in [true, false] {
            let (outcome, calls) = answers(
                |argument| {
                    let number = if on { 18 } else { 19 };
                    assert_eq!((argument.number(), argument.size(), argument.get(0)), (number, 4, buffer_type as u32));
                },
                || {
                    let (device, queue) = (device(), queue(buffer_type));
                    if on { device.stream_on(queue) } else { device.stream_off(queue) }
                },
            );
            assert_eq!((outcome, calls), (Ok(()), 1));
        }
    }
}
