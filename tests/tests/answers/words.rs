//! Errors in words and in kinds: each names the call, its numbers and what to do; a program's loop can go by the kind alone.

use super::driver::{Driver, errno};
use vidbuf::error::{DriverFault, ErrorKind as K, Operation as O, PayloadError};
use vidbuf::queue::CaptureQueue;
use vidbuf::v4l2::{BufferFlags, BufferType, Timestamp, TimestampClock};
use vidbuf::{Errno, Error, FourCc, Recovery, Request};
use vidbuf_sim::{Lie, Profile, Sim};

fn refused(operation: O, kind: K) -> Error {
    Error::Refused { operation, index: None, error: errno(kind) }
}

const OPERATIONS: [(O, &str); 10] = [
    (O::RequestBuffers, "VIDIOC_REQBUFS"),
    (O::QueryBuffer, "VIDIOC_QUERYBUF"),
    (O::Map, "mmap"),
    (O::Unmap, "munmap"),
    (O::Enqueue, "VIDIOC_QBUF"),
    (O::Dequeue, "VIDIOC_DQBUF"),
    (O::StreamOn, "VIDIOC_STREAMON"),
    (O::StreamOff, "VIDIOC_STREAMOFF"),
    (O::Wait, "poll"),
    (O::ReleaseBuffers, "VIDIOC_REQBUFS(0)"),
];

#[test]
fn refusal_names_the_call_the_buffer_and_the_backends_error() {
    for (operation, name) in OPERATIONS {
        assert_eq!(
            refused(operation, K::Other).to_string(),
            format!("{name}: EPROTO (71): the device broke the protocol")
        );
        let error = Error::Refused { operation, index: Some(7), error: Errno::EPROTO };
        assert_eq!(error.to_string(), format!("{name} of buffer 7: EPROTO (71): the device broke the protocol"));
        let gone = Error::Unplugged { operation };
        assert!(gone.to_string().starts_with(&format!("{name}: the device is gone: stop")), "{gone}");
    }
}

/// Operation, kind, and words that only this advice has.
const ADVICE: [(O, K, &str); 22] = [
    (O::Map, K::Access, "O_RDWR"),
    (O::Map, K::Invalid, "what VIDIOC_QUERYBUF returned"),
    (O::Map, K::NoMemory, "vm.max_map_count"),
    (O::Map, K::NotFound, "of this size"),
    (O::RequestBuffers, K::Busy, "polled or read before"),
    (O::RequestBuffers, K::Invalid, "no queue of this type"),
    (O::RequestBuffers, K::NoMemory, "CmaFree"),
    (O::RequestBuffers, K::NotSupported, "cannot stream"),
    (O::StreamOn, K::NotSupported, "cannot stream"),
    (O::ReleaseBuffers, K::Busy, "still on"),
    (O::StreamOn, K::BrokenPipe, "USB camera may have refused"),
    (O::StreamOn, K::NotLinked, "media-ctl -l"),
    (O::StreamOn, K::NoSpace, "bus bandwidth"),
    (O::StreamOn, K::Invalid, "did not start"),
    (O::StreamOn, K::Io, "no source"),
    (O::Enqueue, K::BrokenPipe, "may differ"),
    (O::Dequeue, K::BrokenPipe, "after its last buffer"),
    (O::Dequeue, K::Invalid, "stop and start again"),
    (O::QueryBuffer, K::Invalid, "request them again"),
    (O::Enqueue, K::Invalid, "did not take this buffer"),
    (O::Wait, K::Io, "stream off and on again"),
    (O::StreamOff, K::Busy, "another file handle owns"),
];

#[test]
fn every_refusal_that_is_known_has_advice() {
    for (operation, kind, words) in ADVICE {
        let error = refused(operation, kind).to_string();
        assert!(error.contains(words), "{error}");
    }
    for operation in [O::Enqueue, O::Dequeue] {
        assert!(refused(operation, K::Io).to_string().contains("stream off and on again"));
        assert!(refused(operation, K::Busy).to_string().contains("another file handle owns"));
    }
    assert!(refused(O::StreamOn, K::Busy).to_string().contains("another file handle owns"));
    for (operation, _) in OPERATIONS {
        let anywhere = [
            (K::Interrupted, "a signal came first"),
            (K::WouldBlock, "wait and call again"),
            (K::Unplugged, "open the device again"),
            (K::BadDescriptor, "file descriptor is not open"),
        ];
        for (kind, words) in anywhere {
            let error = refused(operation, kind).to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}

#[test]
fn every_error_tells_its_numbers() {
    let table: [(Error, &str); 9] = [
        (Error::TooFewGranted { least: 11, granted: 12 }, "granted 12 buffers, at least 11 are needed"),
        (Error::TooManyGranted { granted: 12, capacity: 11 }, "granted 12 buffers, the queue has room for 11"),
        (
            Error::NoMemoryForBuffers { least: 11, error: Errno::ENOMEM },
            "ENOMEM (12): no memory: no memory for 11 buffers",
        ),
        (Error::BadRequest { wanted: 13, least: 12, capacity: 11 }, "12 buffers does not fit a queue with room for 11"),
        (Error::BadRequest { wanted: 10, least: 11, capacity: 11 }, "10 buffers, at least 11: the least must be"),
        (
            Error::BadPayload { plane: 1, bytesused: 12, data_offset: 13, length: 14 },
            "payload 13..12 does not fit plane 1 of 14 bytes",
        ),
        (Error::PayloadCount { given: 11, planes: 12 }, "11 payloads given for a buffer of 12 planes"),
        (Error::NothingQueued { buffers: 11 }, "none of the 11 buffers is with the driver"),
        (Error::Payload(PayloadError::NoSuchPlane { plane: 11, planes: 12 }), "no plane 11 in a buffer of 12"),
    ];
    for (error, words) in table {
        assert!(error.to_string().contains(words), "{error}");
        let memory = matches!(error, Error::NoMemoryForBuffers { .. });
        assert_eq!((error.kind(), error.is_unplugged()), (memory.then_some(K::NoMemory), false), "{error}");
    }
    let borrowed = PayloadError::NotExclusive { index: 11 }.to_string();
    assert!(borrowed.contains("buffer 11") && borrowed.ends_with("copy them"), "{borrowed}");
}

#[test]
fn every_fault_of_a_driver_tells_its_numbers() {
    let table = [
        (DriverFault::NothingGranted { asked: 11 }, "VIDIOC_REQBUFS succeeded with 0 of 11 buffers"),
        (
            DriverFault::PlaneCount { index: 11, planes: 12, expected: 13 },
            "12 planes for buffer 11 where 13 are expected",
        ),
        (DriverFault::EmptyPlane { index: 11, plane: 12 }, "0 bytes for plane 12 of buffer 11"),
        (
            DriverFault::SharedCookie { index: 11, other: 12, offset: 13 },
            "offset 0xd for buffer 12, which is memory of buffer 11",
        ),
        (
            DriverFault::MappingLength { index: 11, mapped: 12, asked: 13 },
            "buffer 11 was mapped with 12 bytes instead of 13",
        ),
        (DriverFault::IndexOutOfRange { index: 11, granted: 12 }, "VIDIOC_DQBUF returned buffer 11 of 12"),
        (DriverFault::NotQueued { index: 11, granted: 12 }, "buffer 11 of 12, which the driver does not hold"),
        (DriverFault::DequeuedPlanes { index: 11, planes: 12, expected: 13 }, "12 planes for buffer 11, which has 13"),
        (
            DriverFault::BytesusedBeyondLength { index: 11, plane: 12, bytesused: 13, length: 14 },
            "buffer 11 plane 12: bytesused 13 is beyond its length 14",
        ),
        (
            DriverFault::DataOffsetBeyondBytesused { index: 11, plane: 12, data_offset: 13, bytesused: 14 },
            "buffer 11 plane 12: data_offset 13 is beyond bytesused 14",
        ),
        (
            DriverFault::DequeuedWhileRefused { index: 11 },
            "VIDIOC_QBUF refused buffer 11, yet VIDIOC_DQBUF returned it",
        ),
    ];
    for (fault, words) in table {
        let error = Error::from(fault);
        assert!(error.to_string().starts_with("the driver returned an impossible value: "), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.kind(), None);
    }
}

#[test]
fn kinds_say_what_to_go_by() {
    assert_eq!(Errno::EBUSY.kind(), K::Busy);
    for (operation, _) in OPERATIONS {
        assert!(Error::Unplugged { operation }.is_unplugged());
        assert!(refused(operation, K::Unplugged).is_unplugged() && !refused(operation, K::Io).is_unplugged());
        assert!(refused(operation, K::Interrupted).is_retryable() && !refused(operation, K::Access).is_retryable());
        assert_eq!(refused(operation, K::BrokenPipe).is_end_of_stream(), operation == O::Dequeue);
        assert!(!refused(operation, K::Io).is_end_of_stream());
    }
}

#[test]
fn what_to_do_follows_from_the_call_and_the_kind() {
    let kinds = [
        K::WouldBlock,
        K::Interrupted,
        K::Unplugged,
        K::Busy,
        K::Invalid,
        K::NoMemory,
        K::Access,
        K::BadDescriptor,
        K::Io,
        K::BrokenPipe,
        K::NotLinked,
        K::NoSpace,
        K::NotSupported,
        K::NotFound,
        K::Fault,
        K::Other,
    ];
    for (operation, _) in OPERATIONS {
        for kind in kinds {
            let expected = match kind {
                K::WouldBlock | K::Interrupted => Recovery::Again,
                K::Busy if operation == O::Dequeue => Recovery::Again,
                K::Unplugged | K::BadDescriptor => Recovery::Reopen,
                K::Invalid if operation == O::Enqueue => Recovery::SkipFrame,
                _ if [O::Enqueue, O::Dequeue, O::Wait].contains(&operation) => Recovery::Restart,
                K::Invalid if [O::StreamOn, O::QueryBuffer, O::Map].contains(&operation) => Recovery::Restart,
                K::Io if operation == O::StreamOn => Recovery::Restart,
                _ => Recovery::GiveUp,
            };
            assert_eq!(refused(operation, kind).recovery(), expected, "{operation} {kind:?}");
        }
    }
    assert_eq!(Error::NothingQueued { buffers: 1 }.recovery(), Recovery::Again);
    assert_eq!(Error::Unplugged { operation: O::Wait }.recovery(), Recovery::Reopen);
    assert_eq!(Error::TooFewGranted { least: 2, granted: 1 }.recovery(), Recovery::GiveUp);
    assert_eq!(Error::from(PayloadError::NotExclusive { index: 0 }).recovery(), Recovery::GiveUp);
    let flagged = PayloadError::FlaggedBad { index: 0, sequence: 1 };
    assert_eq!(Error::from(flagged).recovery(), Recovery::SkipFrame);
    // A fault of one frame, and faults of the whole set-up.
    for fault in [
        DriverFault::IndexOutOfRange { index: 1, granted: 1 },
        DriverFault::NotQueued { index: 1, granted: 1 },
        DriverFault::BytesusedBeyondLength { index: 0, plane: 0, bytesused: 2, length: 1 },
        DriverFault::DataOffsetBeyondBytesused { index: 0, plane: 0, data_offset: 2, bytesused: 1 },
        DriverFault::DequeuedPlanes { index: 0, planes: 2, expected: 1 },
        DriverFault::DequeuedWhileRefused { index: 0 },
    ] {
        assert_eq!(Error::from(fault).recovery(), Recovery::SkipFrame, "{fault}");
    }
    for fault in [
        DriverFault::NothingGranted { asked: 1 },
        DriverFault::PlaneCount { index: 0, planes: 9, expected: 1 },
        DriverFault::EmptyPlane { index: 0, plane: 0 },
        DriverFault::SharedCookie { index: 0, other: 1, offset: 0 },
        DriverFault::MappingLength { index: 0, mapped: 1, asked: 2 },
    ] {
        assert_eq!(Error::from(fault).recovery(), Recovery::GiveUp, "{fault}");
    }
}

#[test]
fn failed_transition_says_how_much_memory_a_buffer_takes_where_that_is_known() {
    let mut driver = Driver::new();
    driver.granted = 1;
    let failed = CaptureQueue::<_>::new(driver).request_buffers(Request::exactly(3)).unwrap_err();
    assert_eq!(failed.to_string(), failed.error.to_string());
    assert!(failed.to_string().contains("granted 1 buffers, at least 3"), "{failed}");
    drop(failed);
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::VIVID, &mut memory);
    assert!(sim.lie(Lie::Granted(1)));
    let failed = CaptureQueue::<_>::new(sim.open().unwrap()).request_buffers(Request::exactly(3)).unwrap_err();
    assert!(failed.to_string().ends_with("(a buffer takes 153600 bytes)"), "{failed}");
    // Only where the bytes are the trouble.
    let failed =
        CaptureQueue::<_>::new(failed.value.into_backend().unwrap()).request_buffers(Request::exactly(9)).unwrap_err();
    assert_eq!(failed.to_string(), failed.error.to_string());
}

#[test]
fn plain_values_mean_what_the_kernel_means() {
    let types = [
        BufferType::VideoCapture,
        BufferType::VideoOutput,
        BufferType::VideoCaptureMplane,
        BufferType::VideoOutputMplane,
    ];
    assert_eq!(
        types.map(|kind| (kind as u32, kind.is_output(), kind.is_multiplanar())),
        [(1, false, false), (2, true, false), (9, false, true), (10, true, true)]
    );
    let clock = |bits| BufferFlags::from_bits_retain(bits).timestamp_clock();
    assert_eq!(
        [0, 0x2000, 0x4000, 0x6000, 0xa000].map(clock),
        [
            TimestampClock::Unknown,
            TimestampClock::Monotonic,
            TimestampClock::Copy,
            TimestampClock::Unknown,
            TimestampClock::Unknown
        ]
    );
    assert_eq!(Timestamp::from_micros(5_000_006), Timestamp { seconds: 5, microseconds: 6 });
    assert_eq!(Timestamp { seconds: 5, microseconds: 6 }.as_micros(), 5_000_006);
    assert_eq!(Timestamp { seconds: i64::MAX, microseconds: 0 }.as_micros(), i64::MAX);
    let big = FourCc(FourCc::new(*b"Y16 ").0 | 1 << 31);
    assert_eq!((big.to_string().as_str(), big.is_big_endian()), ("Y16 -BE", true));
    assert_eq!((format!("{:?}", FourCc::YUYV).as_str(), FourCc::YUYV.is_big_endian()), ("FourCc(YUYV)", false));
    assert_eq!(FourCc(0x0001_4159).to_string(), "0x00014159");
    let request = Request::up_to(4);
    assert_eq!((request.wanted(), request.least(), request.at_least(2).least()), (4, 1, 2));
    assert_eq!((Request::exactly(4).wanted(), Request::exactly(4).least()), (4, 4));
}

#[test]
fn error_outside_of_the_buffers_is_the_devices_and_what_is_not_there_may_come_back() {
    let table = [
        (Errno::EINTR, Recovery::Again),
        (Errno::EAGAIN, Recovery::Again),
        (Errno::ENODEV, Recovery::Reopen),
        (Errno::ENOENT, Recovery::Reopen),
        (Errno::ENXIO, Recovery::Reopen),
        (Errno::EBADF, Recovery::Reopen),
        (Errno::EBUSY, Recovery::GiveUp),
        (Errno::EINVAL, Recovery::GiveUp),
        (Errno::EACCES, Recovery::GiveUp),
    ];
    for (errno, recovery) in table {
        let error = Error::from(errno);
        assert_eq!((error.kind(), error.recovery()), (Some(errno.kind()), recovery), "{errno}");
        assert_eq!((error.to_string(), error.is_unplugged()), (errno.to_string(), errno == Errno::ENODEV));
    }
}
