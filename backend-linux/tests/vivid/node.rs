//! Formats, sizes, rates and controls.

use super::*;

#[test]
fn node_has_a_name_and_capabilities() {
    for buffer_type in [SINGLE, MULTI] {
        with_node(buffer_type, |path| {
            let capabilities = open(&path).capabilities().expect("a V4L2 device");
            assert!(capabilities.can_stream());
            assert!(capabilities.device.contains(CapabilityFlags::DEVICE_CAPS));
            assert!(!capabilities.node.contains(CapabilityFlags::VIDEO_OUTPUT), "the other node's capability");
            assert!(capabilities.bus_info.to_string().starts_with("platform:vivid-"));
            assert!(capabilities.version >= 5 << 16);
        });
    }
}

#[test]
fn every_format_can_be_set_and_comes_back_unchanged() {
    for buffer_type in [SINGLE, MULTI] {
        with_node(buffer_type, |path| {
            let mut device = open(&path);
            let formats: Vec<_> = device.formats(buffer_type).collect::<Result<_, _>>().expect("formats");
            assert!(formats.len() > 50, "{}", formats.len());
            for offered in formats {
                assert!(!offered.description.as_bytes().is_empty());
                let asked = Format::new(640, 360, offered.pixel_format);
                let tried = device.try_format(buffer_type, &asked).expect("an offered format");
                let set = device.set_format(buffer_type, &asked).expect("an offered format");
                assert_eq!((set, set.pixel_format, set.width), (tried, offered.pixel_format, 640));
                assert_eq!(device.format(buffer_type), Ok(set));
                assert_eq!(device.set_format(buffer_type, &set), Ok(set), "a round trip changes nothing");
                assert!(set.used_planes().iter().all(|plane| plane.sizeimage > 0));
                assert_eq!(device.bytes_per_buffer(queue(buffer_type)), Some(set.total_size()));
            }
        });
    }
}

#[test]
fn another_queue_type_is_refused() {
    with_node(SINGLE, |path| {
        // Most drivers return EINVAL; this one has both types, and returns ENOTTY for the one that is switched off.
        assert!(matches!(open(&path).format(MULTI), Err(Errno::EINVAL | Errno::ENOTTY)));
        assert_eq!(open(&path).request_buffers(queue(MULTI), 2), Err(Errno::EINVAL));
    });
}

#[test]
fn sizes_intervals_and_controls_can_be_read_and_set() {
    with_node(SINGLE, |path| {
        let mut device = open(&path);
        let sizes: Vec<_> = device.sizes(FourCc::YUYV).collect::<Result<_, _>>().expect("sizes");
        assert!(sizes.contains(&FrameSize::Discrete { width: 640, height: 360 }), "{sizes:?}");
        assert_eq!(device.sizes(FourCc::new(*b"none")).count(), 0);

        device.set_format(SINGLE, &Format::new(640, 360, FourCc::YUYV)).expect("a size of the webcam");
        let listed: Vec<_> = device.intervals(FourCc::YUYV, 640, 360).collect::<Result<_, _>>().expect("intervals");
        let wanted = FrameInterval { numerator: 1, denominator: 10 };
        assert!(listed.contains(&FrameIntervals::Discrete(wanted)), "{listed:?}");
        assert_eq!(device.intervals(FourCc::YUYV, 641, 360).count(), 0);
        assert_eq!(device.set_frame_interval(SINGLE, wanted), Ok(wanted));
        assert_eq!(device.frame_interval(SINGLE), Ok(wanted));

        assert_eq!(device.set_control(ControlId::BRIGHTNESS, 100), Ok(100));
        assert_eq!(device.control(ControlId::BRIGHTNESS), Ok(100));
        assert_eq!(device.set_control(ControlId::BRIGHTNESS, 10_000), Ok(255), "brought into range");
        assert_eq!(device.control(ControlId(0x0bad_0bad)), Err(Errno::EINVAL));
    });
}

#[test]
fn controls_of_every_type_are_listed_read_and_set() {
    with_node(SINGLE, |path| {
        let device = open(&path);
        let controls: Vec<_> = device.controls().collect::<Result<_, _>>().expect("controls");
        assert!(controls.len() > 60, "{}", controls.len());
        for control in &controls {
            assert_eq!(device.query_control(control.id).map(|found| found.map(|found| found.id)), Ok(Some(control.id)));
            let mut room = vec![0; control.size().expect("a size")];
            let value = device.value(control).map(|value| value.to_string());
            let bytes = device.bytes(control, &mut room).map(|bytes| format!("{bytes:?}"));
            let items: Vec<_> = device.menu(control).collect::<Result<_, _>>().expect("items");
            println!("{} {control:?} {value:?} {bytes:?} {items:?}", control.spelling());
            assert_eq!(value.is_ok() || bytes.is_ok(), control.is_readable(), "{control:?}");
            assert_eq!(items.is_empty(), !control.is_menu(), "{control:?}");
        }
    });
}

/// Generic over the node, as firmware that also runs on the simulator.
fn nearest(camera: &mut impl Formats, buffer_type: BufferType, wanted: &Wanted<'_>) -> String {
    let got = wanted.set(camera, buffer_type).expect("a webcam has formats, sizes and intervals");
    got.map_or("none".into(), |got| {
        assert_eq!(camera.format(buffer_type), Ok(got.format));
        assert_eq!(camera.frame_interval(buffer_type).ok(), got.interval.or(camera.frame_interval(buffer_type).ok()));
        got.to_string()
    })
}

#[test]
fn format_size_and_rate_are_negotiated() {
    for buffer_type in [SINGLE, MULTI] {
        with_node(buffer_type, |path| {
            let device = &mut open(&path);
            let both = &[FourCc::MJPEG, FourCc::YUYV];
            // Large pictures are slow on this driver, and were slower before Linux 6.4.
            let slow = device.capabilities().expect("a V4L2 device").version < (6 << 16 | 4 << 8);
            let by_kernel = |old, new| if slow { old } else { new };
            let table = [
                (Wanted::new(640, 360, both).at(30), "640x360 YUYV at 30/s instead of MJPG"),
                (Wanted::new(640, 350, &[FourCc::NV12]).at(26), "640x360 NV12 at 25/s instead of 640x350, 26/s"),
                (Wanted::new(320, 180, &[FourCc::GREY]).at(12), "320x180 GREY at 12.50/s instead of 12/s"),
                (
                    Wanted::new(1280, 720, both).at(30),
                    by_kernel(
                        "1280x720 YUYV at 12.50/s instead of MJPG, 30/s",
                        "1280x720 YUYV at 30/s instead of MJPG",
                    ),
                ),
                (
                    Wanted::new(10_000, 10_000, &[FourCc::YUYV]).at(60),
                    by_kernel(
                        "3840x2160 YUYV at 2/s instead of 10000x10000, 60/s",
                        "3840x2160 YUYV at 15/s instead of 10000x10000, 60/s",
                    ),
                ),
                (Wanted::new(320, 240, &[FourCc::MJPEG]), "none"),
            ];
            for (wanted, words) in table {
                assert_eq!(nearest(device, buffer_type, &wanted), words);
            }
            let got = Wanted::new(320, 180, &[]).set(device, buffer_type).expect("sizes").expect("its own format");
            assert_eq!((got.size_traded(), got.format_traded(), got.interval), (None, None, None));
            let got = Wanted::new(321, 180, both).set(device, buffer_type).expect("sizes").expect("YUYV");
            assert_eq!(got.size_traded(), Some(Traded { wanted: (321, 180), got: (320, 180) }));
        });
    }
}
