//! Finding nodes, and one that comes back.

use super::*;

/// Binds the driver to its device, or takes it away, as unplugging does: all nodes go, or come.
fn bind(how: &str) -> bool {
    std::fs::write(format!("/sys/bus/platform/drivers/vivid/{how}"), "vivid.0").is_ok()
}

#[test]
fn nodes_are_found_with_name_place_and_kind() {
    with_node(SINGLE, |path| {
        let found: Vec<_> = nodes().collect::<Result<_, _>>().expect("the folder of nodes");
        assert!(found.is_sorted_by_key(|node| node.number));
        let node = found.iter().find(|node| format!("/dev/video{}", node.number).as_bytes() == path.as_bytes());
        let node = node.expect("the node that was found by opening each");
        let about = node.capabilities.expect("it can be opened");
        assert_eq!((node.kind(), node.index, about.driver.to_str()), (NodeKind::Camera, 0, Ok("vivid")));
        assert!(node.name.to_string().starts_with("vivid-0"), "{node:?}");
        assert_eq!(Device::open(node).expect("a path").capabilities(), Ok(about));
        let outputs = found.iter().filter(|node| node.kind() == NodeKind::Output);
        assert!(outputs.clone().count() > 0 && outputs.clone().all(|node| node.index > 0), "{found:?}");

        let name = node.name.to_string();
        for which in [Which::Name(&name), Which::Name("vivid"), Which::Bus("platform:vivid-000"), Which::First] {
            let (device, other) = Finder::new(which).expect("inotify").find().expect("it is there");
            assert_eq!((device.capabilities(), &other), (Ok(about), node), "{which:?}");
        }
        let missing = Finder::new(Which::Name("no such camera")).expect("inotify");
        assert_eq!(missing.find().err(), Some(Errno::ENOENT));
        let soon = missing.now() + Duration::from_millis(50);
        assert!(missing.open_until(soon).expect("no signal").is_none());
        assert!(missing.now() >= soon && !missing.watch().changed().expect("inotify"));
    });
}

/// Generic over where the camera is: the same on the simulator.
fn frames_again<P: Open<Camera: Backend>>(place: &P, frames: u32) -> Result<u32, vidbuf::Error> {
    let Some(camera) = place.open_until(place.now() + Duration::from_secs(20))? else { return Ok(0) };
    let queue = vidbuf::Queue::capture(camera).start(Request::exactly(2))?;
    let mut taken = 0;
    while taken < frames {
        taken += u32::from(queue.dequeue()?.is_some());
    }
    queue.stop()?;
    Ok(taken)
}

#[test]
fn camera_that_comes_back_is_waited_for_and_opened_again() {
    with_node(SINGLE, |_| {
        let (device, node) = Finder::new(Which::Bus("platform:vivid-000")).expect("inotify").find().expect("a camera");
        let finder = Finder::new(Which::same(&node).expect("it has a place")).expect("inotify");
        assert_eq!(frames_again(&finder, 3), Ok(3));
        assert_eq!(finder.watch().wait(Some(Duration::ZERO)), Ok(false));
        assert!(bind("unbind"), "only root, in a guest, may do this");
        assert_eq!(device.capabilities(), Err(Errno::ENODEV));
        drop(device);
        assert_eq!(finder.watch().wait(Some(Duration::from_secs(5))), Ok(true));
        assert_eq!(finder.open().err(), Some(Errno::ENOENT));
        let back = std::thread::spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            bind("bind")
        });
        assert_eq!(frames_again(&finder, 3), Ok(3));
        assert!(back.join().expect("no panic"));
    });
}
