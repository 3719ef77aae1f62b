//! The camera of the example `doorbell`, over a simulated device that misbehaves.

#[path = "../examples/doorbell/camera.rs"]
mod camera;
#[path = "../examples/doorbell/place.rs"]
mod place;

use std::time::Duration;

use camera::Camera;
use vidbuf::{Error, FourCc};
use vidbuf_sim::{Errno, Event, Mishap, Odds, Profile, Sim, SimFile};

type Opened<'s, 'm> = Result<SimFile<'s, 'm>, Error>;

/// Runs `test` on a device that `prepare` has prepared; nothing may be left of it.
fn on<'m>(sim: Sim<'m>, test: impl for<'s> FnOnce(&'s Sim<'m>, &mut dyn Doorbell)) {
    let mut camera = Camera::new(|| -> Opened<'_, 'm> { Ok(sim.open()?) });
    test(&sim, &mut camera);
    drop(camera);
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
}

fn device(memory: &mut [u8]) -> Sim<'_> {
    Sim::new(Profile::UVC, memory).format(FourCc::YUYV, 320, 240)
}

fn memory() -> Vec<u8> {
    vec![0; 1 << 20]
}

/// What the tests look at, whatever opens the device.
trait Doorbell {
    fn next(&mut self) -> Result<u32, Error>;
    /// Numbers of the kept frames, whose pictures are theirs.
    fn kept(&self, sim: &Sim<'_>) -> Vec<u32>;
    /// Frames lost, restarts, times opened.
    fn counts(&self) -> [u32; 3];
}

impl<'s, 'm: 's, O: FnMut() -> Opened<'s, 'm>> Doorbell for Camera<SimFile<'s, 'm>, O> {
    fn next(&mut self) -> Result<u32, Error> {
        Camera::next(self)
    }

    fn kept(&self, sim: &Sim<'_>) -> Vec<u32> {
        let mut seen = Vec::new();
        self.look(|frame| {
            assert!(sim.picture(frame.sequence()).is_in(0, frame.bytes().expect("good frames are kept")));
            seen.push(frame.sequence());
        });
        seen
    }

    fn counts(&self) -> [u32; 3] {
        [self.lost, self.restarts, self.opened]
    }
}

#[test]
fn last_two_frames_are_kept() {
    let mut memory = memory();
    on(device(&mut memory), |sim, camera| {
        for number in 0..100 {
            assert_eq!(camera.next(), Ok(number));
        }
        assert_eq!(camera.kept(sim), [98, 99]);
        assert_eq!(camera.kept(sim), [98, 99]);
    });
}

#[test]
fn stall_restarts_the_stream_and_a_short_one_does_not() {
    let mut memory = memory();
    on(device(&mut memory), |sim, camera| {
        sim.script([Event::Frame, Event::Stall(30), Event::Frame, Event::StallForever]);
        assert_eq!([camera.next(), camera.next(), camera.next()], [Ok(0), Ok(1), Ok(0)]);
        assert_eq!((camera.counts(), camera.kept(sim)), ([0, 1, 1], vec![0]));
    });
}

#[test]
fn queue_in_error_is_restarted() {
    let mut memory = memory();
    on(device(&mut memory), |sim, camera| {
        sim.script([Event::Frame, Event::QueueError]);
        assert_eq!([camera.next(), camera.next()], [Ok(0), Ok(0)]);
        assert_eq!(camera.counts(), [0, 1, 1]);
    });
}

#[test]
fn camera_that_is_plugged_in_again_goes_on() {
    let mut memory = memory();
    on(device(&mut memory), |sim, camera| {
        sim.script([Event::Frame, Event::Unplug]);
        assert_eq!(camera.next(), Ok(0));
        for _ in 0..2 {
            assert_eq!(camera.next(), Err(Error::Device(Errno::ENODEV)));
        }
        sim.replug();
        assert_eq!((camera.next(), camera.counts()), (Ok(0), [0, 0, 2]));
    });
}

#[test]
fn losses_are_counted_and_bad_frames_passed_over() {
    let mut memory = memory();
    on(device(&mut memory), |sim, camera| {
        sim.script([Event::Frame, Event::Drop(3), Event::Frame, Event::Error, Event::Drop(2)]);
        assert_eq!([camera.next(), camera.next(), camera.next()], [Ok(0), Ok(4), Ok(8)]);
        assert_eq!(camera.counts(), [5, 0, 1]);
    });
}

#[test]
fn signals_are_not_noticed_not_even_in_a_stall() {
    let mut memory = memory();
    let odds = Odds::NONE.with(Mishap::Interrupt, 100);
    on(device(&mut memory).seeded(1, odds), |sim, camera| {
        for number in 0..50 {
            assert_eq!(camera.next(), Ok(number));
        }
        sim.script([Event::StallForever]);
        assert_eq!((camera.next(), camera.counts()), (Ok(0), [0, 1, 1]));
    });
}

#[test]
fn any_call_may_fail_once() {
    for errno in [Errno::EINTR, Errno::EIO, Errno::ENOMEM, Errno::EBUSY] {
        for call in 1..60 {
            let mut memory = memory();
            on(device(&mut memory), |sim, camera| {
                sim.fail_call(call, errno);
                let good = (0..15).filter(|_| camera.next().is_ok()).count();
                assert!(good >= 14, "call {call} failed with {errno}: {good} of 15 frames");
            });
        }
    }
}

#[test]
fn camera_that_is_away_for_half_a_minute_is_waited_for_and_set_up_again() {
    let mut memory = vec![0; 4 << 20];
    let sim = &Sim::new(Profile::WEBCAM, &mut memory).format(FourCc::MJPEG, 1920, 1080);
    sim.script([Event::Frame, Event::Unplug, Event::Frame]);
    sim.replug_in(Duration::from_secs(30));
    let began = sim.now();
    let mut camera = Camera::new(|| place::open(&sim));
    assert_eq!((camera.next(), camera.next()), (Ok(0), Ok(0)));
    assert!((30..31).contains(&(sim.now() - began).as_secs()), "{:?}", sim.now() - began);
    assert_eq!((camera.opened, sim.current_format().width), (2, 640));
    drop(camera);
    sim.unplug();
    let mut camera = Camera::new(|| place::open(&sim));
    assert_eq!(camera.next(), Err(Errno::ENODEV.into()), "it has a minute to come back");
    assert_eq!((sim.mappings(), sim.buffers(), sim.violations()), (0, 0, 0));
}
