//! Unplugging, in each state.

use vidbuf_sim::kernel::abi::buffer::v4l2_buffer;
use vidbuf_sim::kernel::abi::format::v4l2_format;
use vidbuf_sim::kernel::abi::ioctl::{VIDIOC_DQBUF, VIDIOC_G_FMT};
use vidbuf_sim::kernel::abi::value::Value as _;
use vidbuf_sim::kernel::events::{ERR, HUP, IN, PRI};
use vidbuf_sim::kernel::{OpenMode, Protection, QueueId, Returned};
use vidbuf_sim::{Errno, Profile};

use super::{Rig, flag};

/// Ways to bring a queue into a state.
const STATES: [(&str, fn(&mut Rig)); 5] = [
    ("idle", |_| {}),
    ("requested", |rig| assert_eq!(rig.request(3), Ok(3))),
    ("queued", |rig| {
        rig.request(3).unwrap();
        rig.queue(0).unwrap();
    }),
    ("streaming", |rig| rig.stream(3)),
    ("a frame is finished", |rig| {
        rig.stream(3);
        rig.node.tick(QueueId::FIRST);
    }),
];

#[test]
fn unplug_in_each_state_leaves_only_unmap_and_close() {
    for profile in [Profile::UVC, Profile::UNICAM, Profile::RP1_CFE, Profile::VIVID] {
        for (name, reach) in STATES {
            let mut rig = Rig::new(profile);
            reach(&mut rig);
            let cookie = rig.node.cookie(QueueId::FIRST, 0, 0);
            let map =
                |rig: &mut Rig, (cookie, length)| rig.node.map(rig.file, cookie, u64::from(length), Protection::SHARED);
            let mapping = cookie.map(|cookie| map(&mut rig, cookie).unwrap());
            rig.node.unplug();
            let gone = Errno::ENODEV;
            assert_eq!(rig.request(3), Err(gone), "{} {name}", profile.name);
            assert_eq!(rig.request(0), Err(gone));
            assert_eq!(rig.query(0), Err(gone));
            assert_eq!(rig.queue(0), Err(gone));
            assert_eq!(rig.dequeue(), Err(gone));
            assert_eq!((rig.on_off(true), rig.on_off(false)), (Err(gone), Err(gone)));
            assert_eq!(
                rig.node.call(rig.file, VIDIOC_G_FMT, &mut v4l2_format { type_: 1, ..Default::default() }, &mut []),
                Err(gone)
            );
            assert_eq!(rig.node.open(OpenMode::READ_WRITE), Err(gone));
            assert_eq!(cookie.map_or(Err(gone), |cookie| map(&mut rig, cookie)), Err(gone));
            assert_eq!(rig.node.poll(rig.file, IN | PRI), ERR | HUP | PRI);
            if let Some(mapping) = mapping {
                assert!(rig.node.mapped_memory(mapping).is_some());
                rig.node.unmap(mapping).unwrap();
            }
            rig.node.close(rig.file).unwrap();
            assert_eq!((rig.node.count(QueueId::FIRST), rig.node.live_memory(), rig.node.mappings()), (0, 0, 0));
        }
    }
}

#[test]
fn sleeper_finds_a_stopped_queue_first_and_no_device_next() {
    let mut rig = Rig::new(Profile::UVC);
    rig.stream(2);
    rig.node.set_nonblocking(rig.file, false).unwrap();
    let mut argument = [0; size_of::<v4l2_buffer>()];
    rig.buffer(0).write(&mut argument).unwrap();
    assert_eq!(rig.node.ioctl(rig.file, VIDIOC_DQBUF, &mut argument, &mut []), Ok(Returned::WouldSleep));
    rig.node.unplug();
    assert_eq!(rig.node.resume_dequeue(rig.file, &mut argument, &mut []), Err(Errno::EINVAL));
    assert_eq!(rig.node.ioctl(rig.file, VIDIOC_DQBUF, &mut argument, &mut []), Err(Errno::ENODEV));
}

#[test]
fn sleeper_of_a_driver_that_does_not_stop_its_queue_still_gets_its_frame() {
    let mut rig = Rig::new(Profile::VIVID);
    rig.stream(2);
    let mut argument = [0; size_of::<v4l2_buffer>()];
    rig.buffer(0).write(&mut argument).unwrap();
    rig.node.unplug();
    assert_eq!(rig.node.tick(QueueId::FIRST), Some(0));
    assert_eq!(rig.node.resume_dequeue(rig.file, &mut argument, &mut []), Ok(Returned::Done));
    assert_eq!(v4l2_buffer::read(&argument).unwrap().flags & flag::DONE, 0);
    assert_eq!(rig.dequeue(), Err(Errno::ENODEV));
}

#[test]
fn only_a_driver_like_vivid_is_back_after_the_last_close() {
    for (profile, back) in [(Profile::VIVID, true), (Profile::UVC, false)] {
        let mut rig = Rig::new(profile);
        rig.node.unplug();
        rig.node.close(rig.file).unwrap();
        assert_eq!(rig.node.open(OpenMode::READ_WRITE).is_ok(), back, "{}", profile.name);
    }
}
