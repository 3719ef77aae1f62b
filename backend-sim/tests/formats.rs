//! What firmware asks a camera before it takes frames, written once for Linux and for the simulated device.

use std::time::Duration;

use vidbuf::node::{
    FormatFlags, Formats, FrameInterval, FrameSize, ListIntervals as _, Open, QueryCapabilities, Wanted,
};
use vidbuf::v4l2::BufferType;
use vidbuf::{Backend, Errno, FourCc, Queue, Recovery, Request};
use vidbuf_sim::kernel::abi::ioctl::{
    VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_ENUM_FRAMESIZES, VIDIOC_G_FMT, VIDIOC_S_FMT, VIDIOC_S_PARM,
};
use vidbuf_sim::{Event, Kernel, Profile, Sim};

const VIDEO: BufferType = BufferType::VideoCapture;

fn rate(frames: u32) -> FrameInterval {
    FrameInterval { numerator: 1, denominator: frames }
}

fn device(profile: Profile) -> Sim<'static> {
    Sim::new(profile, vec![0; 8 << 20].leak())
}

/// The firmware: any camera, 720 lines at 30 a second.
fn set_up(camera: &mut (impl Formats + QueryCapabilities)) -> Result<Option<String>, Errno> {
    let Some(buffer_type) = camera.capabilities()?.capture_type() else { return Ok(None) };
    let wanted = Wanted::new(1280, 720, &[FourCc::YUYV, FourCc::MJPEG, FourCc::SRGGB10P]).at(30);
    Ok(wanted.set(camera, buffer_type)?.map(|got| got.to_string()))
}

#[test]
fn one_program_sets_every_camera_up() {
    for (profile, words) in [
        (Profile::WEBCAM, "1280x720 MJPG at 30/s instead of YUYV"),
        (Profile::VIVID_WEBCAM, "1280x720 YUYV at 30/s"),
        (Profile::VIVID_WEBCAM_6_1, "1280x720 YUYV at 12.50/s instead of 30/s"),
        (Profile::VIVID, "1280x720 YUYV at 30/s"),
        (Profile::VIVID_MULTIPLANAR, "1280x720 YUYV at 30/s"),
        (Profile::UVC, "1280x720 YUYV at 30/s"),
        // Its rate is the sensor's.
        (Profile::UNICAM, "1280x720 YUYV instead of 30/s"),
        (Profile::RP1_CFE, "1280x720 YUYV instead of 30/s"),
    ] {
        let sim = device(profile);
        assert_eq!(set_up(&mut sim.open().unwrap()), Ok(Some(words.into())), "{}", profile.name);
    }
}

#[test]
fn frames_come_at_the_rate_that_was_set() {
    let sim = device(Profile::WEBCAM);
    let mut camera = sim.open().unwrap();
    assert_eq!(camera.frame_interval(VIDEO), Ok(rate(30)));
    assert_eq!(camera.set_frame_interval(VIDEO, rate(11)), Ok(rate(10)));
    let queue = Queue::capture(camera).start(Request::exactly(4)).unwrap();
    let stamps: Vec<_> = (0..3).map(|_| queue.dequeue().unwrap().unwrap().timestamp().as_micros()).collect();
    assert_eq!((stamps[1] - stamps[0], stamps[2] - stamps[1]), (100_000, 100_000));
}

#[test]
fn rate_of_the_test_is_reported_and_may_be_none_of_the_drivers() {
    for (interval, reported) in [
        (Duration::from_micros(16_666), FrameInterval { numerator: 8333, denominator: 500_000 }),
        (Duration::from_nanos(16_666_666), rate(60)),
        (Duration::from_secs(7), FrameInterval { numerator: 7, denominator: 1 }),
    ] {
        let sim = device(Profile::VIVID).frame_interval(interval).strict();
        let mut camera = sim.open().unwrap();
        assert_eq!(camera.frame_interval(VIDEO), Ok(reported));
        // The next that is not longer, of 12 that there are.
        assert_eq!(camera.set_frame_interval(VIDEO, rate(55)), Ok(rate(60)));
        assert_eq!(camera.set_frame_interval(VIDEO, FrameInterval { numerator: 0, denominator: 0 }), Ok(rate(60)));
        assert_eq!(camera.set_frame_interval(VIDEO, FrameInterval { numerator: 9, denominator: 1 }), Ok(rate(1)));
    }
}

#[test]
fn format_of_a_usb_camera_takes_its_rate_back() {
    let sim = device(Profile::WEBCAM);
    let mut camera = sim.open().unwrap();
    assert_eq!(camera.set_frame_interval(VIDEO, rate(5)), Ok(rate(5)));
    let wanted = Wanted::new(640, 480, &[FourCc::YUYV]);
    assert!(wanted.set(&mut camera, VIDEO).unwrap().is_some());
    assert_eq!(camera.frame_interval(VIDEO), Ok(rate(30)));
    // vivid keeps it where the size has it.
    let sim = device(Profile::VIVID_WEBCAM);
    let mut camera = sim.open().unwrap();
    assert_eq!(camera.set_frame_interval(VIDEO, rate(60)), Ok(rate(60)));
    for (height, kept) in [(480, 60), (720, 60), (1080, 30), (2160, 15), (360, 15)] {
        Wanted::new(height * 16 / 9, height, &[FourCc::YUYV]).set(&mut camera, VIDEO).unwrap().unwrap();
        assert_eq!(camera.frame_interval(VIDEO), Ok(rate(kept)), "{height} lines");
    }
}

#[test]
fn rate_of_a_usb_camera_is_busy_while_it_streams() {
    let sim = device(Profile::WEBCAM);
    let _queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert_eq!(sim.open().unwrap().set_frame_interval(VIDEO, rate(5)), Err(Errno::EBUSY));
    let sim = device(Profile::VIVID);
    let _queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert_eq!(sim.open().unwrap().set_frame_interval(VIDEO, rate(5)), Ok(rate(5)));
}

#[test]
fn lists_are_those_of_the_driver() {
    let sim = device(Profile::WEBCAM);
    let camera = sim.open().unwrap();
    let formats: Vec<_> = camera.formats(VIDEO).map(Result::unwrap).collect();
    assert_eq!(formats.len(), 2);
    assert_eq!((formats[1].pixel_format, formats[1].flags), (FourCc::MJPEG, FormatFlags::COMPRESSED));
    assert_eq!(formats[0].description.to_string(), "YUYV 4:2:2");
    let sizes: Vec<_> = camera.sizes(FourCc::MJPEG).map(Result::unwrap).collect();
    assert_eq!((sizes.len(), sizes[0]), (6, FrameSize::Discrete { width: 1920, height: 1080 }));
    assert_eq!(camera.intervals(FourCc::YUYV, 1280, 720).count(), 2);
    assert_eq!(camera.sizes(FourCc::GREY).count(), 0);
    assert_eq!(camera.formats(BufferType::VideoCaptureMplane).count(), 0);

    let sim = device(Profile::VIVID_WEBCAM);
    assert_eq!(sim.open().unwrap().formats(VIDEO).count(), 83);
    let sim = device(Profile::VIVID);
    assert_eq!(
        sim.open().unwrap().sizes(FourCc::YUYV).collect::<Vec<_>>(),
        [Ok(FrameSize::range((16, 16), (Profile::LARGEST, Profile::LARGEST), (2, 2)))]
    );
    let sim = device(Profile::UNICAM);
    let mut camera = sim.open().unwrap();
    // Every width is listed, and becomes a multiple of 4.
    let got = Wanted::new(642, 481, &[FourCc::YUYV]).set(&mut camera, VIDEO).unwrap().unwrap();
    assert_eq!(got.to_string(), "644x481 YUYV instead of 642x481");
    assert_eq!(camera.frame_interval(VIDEO), Err(Errno::ENOTTY));
    assert_eq!(camera.intervals(FourCc::YUYV, 640, 480).collect::<Vec<_>>(), [Err(Errno::ENOTTY)]);
    sim.unplug();
    assert_eq!(camera.capabilities(), Err(Errno::ENODEV));
    assert_eq!(camera.formats(VIDEO).next(), Some(Err(Errno::ENODEV)));
}

/// The firmware: takes frames, opens the device again when it was unplugged. Returns how many frames came each time.
fn doorbell<P: Open<Camera: Backend + Formats>>(place: &P, times: usize) -> Result<Vec<u32>, vidbuf::Error> {
    let mut taken = Vec::new();
    while taken.len() < times {
        let minute = place.now() + Duration::from_secs(60);
        let Some(mut camera) = place.open_until(minute)? else { break };
        Wanted::new(320, 240, &[FourCc::YUYV]).at(30).set(&mut camera, VIDEO)?;
        let queue = Queue::capture(camera).start(Request::exactly(4))?;
        taken.push(0);
        while let Some(frames) = taken.last_mut() {
            match queue.dequeue() {
                Ok(frame) => *frames += u32::from(frame.is_some()),
                Err(error) if error.recovery() == Recovery::Reopen => break,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(taken)
}

#[test]
fn camera_that_comes_back_is_opened_again_in_virtual_time() {
    let sim = &device(Profile::WEBCAM);
    sim.script([Event::Frame, Event::Frame, Event::Unplug, Event::Frame, Event::Unplug, Event::Unplug]);
    sim.unplug();
    sim.replug_in(Duration::from_secs(5));
    let began = sim.now();
    assert_eq!(doorbell(&sim, 1), Ok(vec![2]));
    assert!((5_000..5_500).contains(&(sim.now() - began).as_millis()), "{:?}", sim.now() - began);
    sim.replug_in(Duration::from_secs(30));
    assert_eq!(doorbell(&sim, 2), Ok(vec![1]), "it is not back a second time");
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
    assert!(sim.open_until(sim.now()).unwrap().is_none());
    sim.replug();
    assert_eq!(sim.wait_for_change(sim.now()), Ok(true));
    assert_eq!(sim.wait_for_change(sim.now() + Duration::from_secs(1)), Ok(false));
    assert!(sim.open_until(sim.now()).unwrap().is_some());
}

#[test]
fn every_call_of_a_negotiation_may_fail_and_the_next_one_works() {
    for number in
        [VIDIOC_ENUM_FMT, VIDIOC_ENUM_FRAMESIZES, VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_S_FMT, VIDIOC_S_PARM, VIDIOC_G_FMT]
    {
        for errno in [Errno::EIO, Errno::EPIPE, Errno::ETIMEDOUT, Errno::EBUSY] {
            let sim = device(Profile::WEBCAM);
            let mut camera = sim.open().unwrap();
            assert!(sim.fail_ioctl(number, 1, errno));
            assert_eq!(set_up(&mut camera), Err(errno), "{number:#x}");
            assert_eq!(set_up(&mut camera), Ok(Some("1280x720 MJPG at 30/s instead of YUYV".into())));
        }
        // What a driver does not have is not asked for; only its format has to be set.
        let sim = device(Profile::WEBCAM);
        let mut camera = sim.open().unwrap();
        assert!(sim.fail_ioctl(number, 1000, Errno::ENOTTY) && !sim.fail_ioctl(number, 0, Errno::EIO));
        let outcome = set_up(&mut camera);
        let needed = matches!(number, VIDIOC_S_FMT | VIDIOC_G_FMT);
        assert_eq!(outcome.err(), needed.then_some(Errno::ENOTTY), "{number:#x}");
    }
    let sim = device(Profile::WEBCAM);
    let mut camera = sim.open().unwrap();
    sim.fail_ioctl(VIDIOC_S_FMT, 1, Errno::ENODEV);
    assert_eq!((set_up(&mut camera), set_up(&mut camera)), (Err(Errno::ENODEV), Err(Errno::ENODEV)));
    assert!(sim.is_unplugged());
}

#[test]
fn capabilities_are_the_nodes_and_the_devices() {
    for (profile, kernel, node, whole) in [
        // As real ones report.
        (Profile::VIVID, Kernel::V6_1, 0x0523_0005, 0x8523_0007),
        (Profile::VIVID, Kernel::V6_12, 0x0523_0001, 0x8523_0003),
        (Profile::VIVID_MULTIPLANAR, Kernel::V6_1, 0x0523_1000, 0x8523_3000),
        (Profile::VIVID_OUTPUT, Kernel::V6_12, 0x0522_0002, 0x8523_0003),
        (Profile::VIVID_OUTPUT_MULTIPLANAR, Kernel::V6_1, 0x0522_2000, 0x8523_3000),
        (Profile::WEBCAM, Kernel::V6_12, 0x0420_0001, 0x84a0_0001),
    ] {
        let sim = device(profile).kernel(kernel);
        let reported = sim.open().unwrap().capabilities().unwrap();
        assert_eq!((reported.node.bits(), reported.device.bits()), (node, whole), "{reported:?}");
        assert_eq!(reported.driver.to_string(), profile.name);
        assert_eq!(reported.version, kernel.version);
    }
}

/// vivid has one word for the encoding of hue and of other colours: a format that has no encoding sets it to 0.
#[test]
fn how_hue_is_counted_follows_the_last_format() {
    let sim = device(Profile::VIVID_WEBCAM);
    let mut camera = sim.open().unwrap();
    let mut set =
        |pixels| camera.set_format(VIDEO, &vidbuf::node::Format::new(640, 360, pixels)).unwrap().ycbcr_encoding;
    assert_eq!(set(FourCc::HSV32), vidbuf_sim::kernel::abi::color::V4L2_HSV_ENC_180);
    assert_eq!((set(FourCc::YUYV), set(FourCc::HSV24)), (0, 128));
    assert_eq!((set(FourCc::RGB24), set(FourCc::HSV24)), (0, 0));
}
