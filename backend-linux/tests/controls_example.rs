//! What the example `controls` does, on a simulated webcam.

#![allow(dead_code, reason = "the example opens a node")]

#[path = "../examples/controls.rs"]
mod controls;

use vidbuf::Errno;
use vidbuf::node::{ControlId, Controls as _};
use vidbuf_sim::{Profile, Sim};

#[test]
fn control_is_set_by_either_name_to_a_number_or_an_item() {
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::UVC, &mut memory);
    let camera = sim.open().unwrap();
    let set = |name: &str, value: &str| {
        let control = camera.find_control(name).unwrap().expect("a control of the webcam");
        controls::set(&camera, &control, value).map_err(|error| error.to_string())
    };
    assert_eq!(set("brightness", "1000"), Ok(()));
    assert_eq!(camera.control(ControlId::BRIGHTNESS), Ok(255));
    assert!(set("Exposure Time, Absolute", "50").unwrap_err().contains("EACCES"), "the camera sets it");
    assert_eq!(set("auto_exposure", "Manual Mode"), Ok(()));
    assert_eq!(set("Exposure Time, Absolute", "50"), Ok(()));
    assert_eq!(camera.control(ControlId::EXPOSURE_ABSOLUTE), Ok(50));
    assert!(set("auto_exposure", "0").unwrap_err().contains("EINVAL"), "a hole of the menu");
    assert!(set("auto_exposure", "Candlelight").unwrap_err().contains("EINVAL"));
    assert_eq!(set("white_balance_automatic", "0"), Ok(()));
}

#[test]
fn every_control_of_every_driver_can_be_listed() {
    for profile in [Profile::UVC, Profile::VIVID, Profile::VIVID_OUTPUT] {
        let mut memory = vec![0; 1 << 20];
        let sim = Sim::new(profile, &mut memory);
        let camera = sim.open().unwrap();
        assert!(camera.controls().count() > 10);
        for control in camera.controls() {
            assert_eq!(controls::list(&camera, &control.unwrap()), Ok(()));
        }
    }
    let mut memory = vec![0; 1 << 20];
    let sim = Sim::new(Profile::UNICAM, &mut memory);
    let listed: Vec<_> = sim.open().unwrap().controls().collect();
    assert_eq!(listed, [Err(Errno::ENOTTY)], "its sensor has them");
}
