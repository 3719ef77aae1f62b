//! Events of open files: slots, merging, loss, and what a cable does.

use std::time::Duration;

use vidbuf::node::{
    ControlChange, ControlChanges, ControlFlags, ControlId, ControlValue, Controls as _, EventData, EventType, Events,
    InputStatus, SourceChanges, Subscription, SubscriptionFlags,
};
use vidbuf::queue::FrameOrEvent;
use vidbuf::{Queue, Request};
use vidbuf_sim::{Cable, Errno, Event, Profile, Sim, timings};

/// A driver with every type, and one or several slots for each.
const EVERY: Profile = Profile::HDMI_BRIDGE.edid(&[[0; 128]]).events(&[
    (EventType::END_OF_STREAM.0, 2),
    (EventType::FRAME_SYNC.0, 2),
    (EventType::SOURCE_CHANGE.0, 4),
    (EventType::MOTION.0, 1),
    (EventType::VERTICAL_SYNC.0, 1),
    (EventType::PRIVATE_START.0 + 1, 1),
]);

fn memory() -> Vec<u8> {
    vec![0; 8 << 20]
}

const fn sync(sequence: u32) -> EventData {
    EventData::FrameSync { sequence }
}

#[test]
fn slots_without_a_rule_lose_the_oldest() {
    let mut memory = memory();
    let sim = Sim::new(EVERY, &mut memory);
    let file = sim.open().unwrap();
    file.subscribe(Subscription::FRAME_SYNC).unwrap();
    (0..5).for_each(|number| sim.send_event(0, sync(number)));
    let first = file.event().unwrap().unwrap();
    assert_eq!((first.data, first.sequence, first.pending), (sync(3), 3, 1));
    let second = file.event().unwrap().unwrap();
    assert_eq!((second.data, second.sequence, second.pending), (sync(4), 4, 0));
    assert_eq!((second.lost_since(first.sequence), file.event()), (0, Ok(None)));
}

#[test]
fn single_slot_without_a_rule_has_the_newest() {
    let mut memory = memory();
    let sim = Sim::new(EVERY, &mut memory);
    let file = sim.open().unwrap();
    file.subscribe(Subscription::MOTION).unwrap();
    let motion = |regions| EventData::Motion { sequence: None, regions };
    sim.send_event(0, motion(1));
    sim.send_event(0, motion(2));
    let event = file.event().unwrap().unwrap();
    assert_eq!((event.data, event.sequence), (motion(2), 1));
}

#[test]
fn sources_merge_what_has_changed_into_the_next() {
    let mut memory = memory();
    let sim = Sim::new(EVERY, &mut memory);
    let file = sim.open().unwrap();
    file.subscribe(Subscription::SOURCE_CHANGE).unwrap();
    let change = |bits| EventData::SourceChange(SourceChanges::from_bits_retain(bits));
    for bits in [1, 2, 4, 8, 16, 32] {
        sim.send_event(0, change(bits));
    }
    let taken: Vec<_> =
        std::iter::from_fn(|| file.event().unwrap()).map(|event| (event.data, event.sequence)).collect();
    assert_eq!(taken, [(change(1 | 2 | 4), 2), (change(8), 3), (change(16), 4), (change(32), 5)]);
}

#[test]
fn events_of_several_subscriptions_come_in_order() {
    let mut memory = memory();
    let sim = Sim::new(EVERY, &mut memory);
    let file = sim.open().unwrap();
    let private = EventType(EventType::PRIVATE_START.0 + 1);
    for asked in [Subscription::FRAME_SYNC, Subscription::END_OF_STREAM, Subscription::new(private, 9)] {
        file.subscribe(asked).unwrap();
    }
    let mut bytes = [0; 64];
    bytes[..40].fill(7);
    let own = EventData::Other { event_type: private, data: bytes };
    let all = [sync(1), own, EventData::EndOfStream, sync(2)];
    for data in all {
        sim.send_event(if data == own { 9 } else { 0 }, data);
    }
    // Of another id, and of a type that was not asked for.
    sim.send_event(8, own);
    sim.send_event(0, EventData::VerticalSync { field: vidbuf::v4l2::Field::TOP });
    let taken: Vec<_> = std::iter::from_fn(|| file.event().unwrap()).collect();
    assert_eq!(taken.iter().map(|event| event.data).collect::<Vec<_>>(), all);
    assert!(taken.iter().zip([3, 2, 1, 0]).all(|(event, pending)| event.pending == pending), "{taken:?}");
    assert!(taken.iter().zip(0..).all(|(event, sequence)| event.sequence == sequence), "{taken:?}");
}

#[test]
fn control_that_the_driver_has_not_and_too_many_subscriptions_are_refused() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let file = sim.open().unwrap();
    assert_eq!(file.subscribe(Subscription::control(1).with_initial()), Err(Errno::EINVAL));
    // Any input may be named.
    let taken = (0..100).map(|input| file.subscribe(Subscription::source_change_of(input)));
    assert_eq!(taken.filter(|outcome| *outcome == Err(Errno::ENOMEM)).count(), 100 - 96);
    file.unsubscribe(Subscription::ALL).unwrap();
    assert_eq!(file.subscribe(Subscription::SOURCE_CHANGE), Ok(()));
    let flags = Subscription::SOURCE_CHANGE.with_initial().with_feedback().flags;
    assert_eq!(flags, SubscriptionFlags::SEND_INITIAL | SubscriptionFlags::ALLOW_FEEDBACK);
    // Nobody has asked for it.
    sim.send_event(1, EventData::Control(ControlChange::of_value(1, 5)));
    assert_eq!(file.event(), Ok(None));
}

#[test]
fn driver_without_events_or_inputs_supports_no_call() {
    let mut memory = memory();
    let sim = Sim::new(Profile::LOOPBACK, &mut memory);
    let file = sim.open().unwrap();
    assert_eq!(file.subscribe(Subscription::SOURCE_CHANGE), Err(Errno::ENOTTY));
    assert_eq!(file.unsubscribe(Subscription::ALL), Err(Errno::ENOTTY));
    assert_eq!((file.event(), file.input()), (Ok(None), Err(Errno::ENOTTY)));
    assert_eq!(file.query_dv_timings(), Err(Errno::ENOTTY));
    assert_eq!(file.edid(0, 0, &mut []), Err(Errno::ENOTTY));
    assert_eq!(file.standards().next(), Some(Err(Errno::ENOTTY)));
    assert_eq!(file.outputs().next(), Some(Err(Errno::ENOTTY)));
}

#[test]
fn event_ends_a_wait_at_its_time_and_frames_go_on() {
    let mut memory = memory();
    let sim = Sim::new(EVERY, &mut memory).frame_interval(Duration::from_millis(10));
    let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(3)).unwrap();
    queue.backend().subscribe(Subscription::SOURCE_CHANGE).unwrap();
    assert!(sim.cable_after(Duration::from_millis(25), Cable::Out));
    let began = sim.now();
    let mut frames = 0;
    let event = loop {
        match queue.frame_or_event(None).unwrap() {
            FrameOrEvent::Frame(frame) => {
                frame.requeue().unwrap();
                frames += 1;
            }
            FrameOrEvent::Event(event) => break event,
            FrameOrEvent::TimedOut => panic!("without a time-out"),
        }
    };
    assert_eq!((frames, sim.now() - began), (2, Duration::from_millis(25)));
    assert_eq!(event.timestamp, sim.now());
    // Nothing arrives any more, and nothing is lost.
    let timeout = Duration::from_secs(1);
    assert!(matches!(queue.frame_or_event(Some(timeout)), Ok(FrameOrEvent::TimedOut)));
    assert_eq!(queue.backend().input_description(0).unwrap().unwrap().status, InputStatus::NO_SIGNAL);
    sim.cable(Cable::AsSet);
    assert!(matches!(queue.frame_or_event(Some(timeout)), Ok(FrameOrEvent::Event(_))));
    let FrameOrEvent::Frame(frame) = queue.frame_or_event(Some(timeout)).unwrap() else { panic!("no frame") };
    assert_eq!((frame.sequence(), frame.lost_before()), (2, Some(0)));
}

#[test]
fn receiver_starts_only_with_the_format_of_what_arrives() {
    let mut memory = memory();
    let sim = Sim::new(EVERY, &mut memory);
    let receiver = sim.open().unwrap();
    sim.script([Event::Frame]);
    sim.cable(Cable::Sends(&timings::P1280X720));
    let refused = Queue::capture(receiver).try_start(Request::exactly(2)).unwrap_err();
    assert_eq!(refused.error.kind(), Some(vidbuf::error::ErrorKind::BrokenPipe));
    let mut receiver = refused.value.into_backend().unwrap();
    let seen = receiver.query_dv_timings().unwrap();
    assert_eq!(receiver.set_dv_timings(&seen), Ok(timings::P1280X720));
    let mut wide = seen;
    wide.width = 4096;
    assert_eq!(receiver.set_dv_timings(&wide), Err(Errno::ERANGE));
    let queue = Queue::capture(receiver).start(Request::exactly(2)).unwrap();
    assert_eq!(queue.dequeue().unwrap().unwrap().bytes().unwrap().len(), 1280 * 720 * 2);
}

#[test]
fn planned_changes_are_bounded_and_can_be_forgotten() {
    let mut memory = memory();
    let sim = Sim::new(EVERY, &mut memory);
    let receiver = sim.open().unwrap();
    for number in 1..=8 {
        assert!(sim.cable_after(Duration::from_millis(number), Cable::Out));
    }
    assert!(!sim.cable_after(Duration::from_millis(9), Cable::Out));
    sim.clear_script();
    sim.advance(Duration::from_secs(1));
    assert!(receiver.query_dv_timings().is_ok());
}

/// The changes, value and flags that a file's next event has.
fn change(file: &impl Events) -> Option<(ControlChanges, i64, ControlFlags)> {
    match file.event().unwrap()?.data {
        EventData::Control(change) => {
            Some((change.changes, change.value, ControlFlags::from_bits_retain(change.flags)))
        }
        other => panic!("{other:?}"),
    }
}

const fn of(id: ControlId) -> Subscription {
    Subscription::control(id.0)
}

const VALUE: ControlChanges = ControlChanges::VALUE;
const FLAGS: ControlChanges = ControlChanges::FLAGS;
const BOTH: ControlChanges = VALUE.union(FLAGS);

#[test]
fn subscription_of_a_control_begins_with_it_as_it_is() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let file = sim.open().unwrap();
    let (title, button, text) = (ControlId(0x0098_0001), ControlId(0x0098_f900), ControlId(0x0098_f905));
    file.subscribe(of(ControlId::BRIGHTNESS).with_initial()).unwrap();
    let event = file.event().unwrap().unwrap();
    let EventData::Control(brightness) = event.data else { panic!("{event:?}") };
    assert_eq!((event.id, brightness.changes, brightness.value), (ControlId::BRIGHTNESS.0, BOTH, 128));
    assert_eq!((brightness.minimum, brightness.maximum, brightness.step, brightness.default), (0, 255, 1, 128));
    assert_eq!((brightness.control_type, brightness.flags), (1, ControlFlags::SLIDER.bits()));
    // Neither a title nor a control without a value to read has one.
    for (id, initial) in [(title, None), (button, Some(FLAGS)), (text, Some(BOTH)), (ControlId::GAIN, Some(BOTH))] {
        file.subscribe(of(id).with_initial()).unwrap();
        assert_eq!(change(&file).map(|(changes, ..)| changes), initial, "{id}");
    }
    assert_eq!(file.subscribe(of(ControlId(0x0098_0fff))), Err(Errno::EINVAL));
}

#[test]
fn change_of_a_control_is_an_event_for_others_and_with_feedback_for_its_own() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let [own, feedback, other, nobody] = std::array::from_fn(|_| sim.open().unwrap());
    own.subscribe(of(ControlId::BRIGHTNESS)).unwrap();
    other.subscribe(of(ControlId::BRIGHTNESS)).unwrap();
    feedback.subscribe(of(ControlId::BRIGHTNESS).with_feedback()).unwrap();
    nobody.subscribe(of(ControlId::CONTRAST)).unwrap();
    own.set_control(ControlId::BRIGHTNESS, 7).unwrap();
    let set = Some((VALUE, 7, ControlFlags::SLIDER));
    assert_eq!([change(&own), change(&other), change(&feedback), change(&nobody)], [None, set, set, None]);
    // The same again, a try, and a failure are no changes.
    own.set_control(ControlId::BRIGHTNESS, 7).unwrap();
    own.try_controls(&mut [ControlValue::new(ControlId::BRIGHTNESS, 9)]).unwrap();
    sim.inject(|inject| inject.control = Some((ControlId::BRIGHTNESS, Errno::EIO)));
    own.set_control(ControlId::BRIGHTNESS, 8).unwrap_err();
    assert_eq!([change(&own), change(&other), change(&feedback)], [None; 3]);
    feedback.set_controls(&mut [ControlValue::new(ControlId::BRIGHTNESS, 9)]).unwrap();
    let set = Some((VALUE, 9, ControlFlags::SLIDER));
    assert_eq!([change(&own), change(&other), change(&feedback)], [set; 3]);
    // By the device itself: everybody's.
    assert!(sim.change_control(ControlId::BRIGHTNESS, 11) && sim.change_control(ControlId::BRIGHTNESS, 11));
    let set = Some((VALUE, 11, ControlFlags::SLIDER));
    assert_eq!([change(&own), change(&other), change(&feedback), change(&own)], [set, set, set, None]);
}

#[test]
fn button_is_an_event_each_time_and_bytes_have_no_value() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let (own, other) = (sim.open().unwrap(), sim.open().unwrap());
    let (button, text) = (ControlId(0x0098_f900), ControlId(0x0098_f905));
    other.subscribe(of(button)).unwrap();
    own.set_control(button, 1).unwrap();
    own.set_control(button, 1).unwrap();
    let event = other.event().unwrap().unwrap();
    assert_eq!((event.sequence, event.pending), (1, 0), "one replaced");
    other.subscribe(of(text)).unwrap();
    let described = own.query_control(text).unwrap().unwrap();
    own.set_bytes(&described, &mut b"ab\0".to_vec()).unwrap();
    assert_eq!(change(&other), Some((VALUE, 0, ControlFlags::HAS_PAYLOAD)));
    own.set_bytes(&described, &mut b"ab\0".to_vec()).unwrap();
    assert_eq!(change(&other), None);
}

#[test]
fn mode_that_switches_changes_the_flags_of_what_it_sets_for_everybody() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let (own, other) = (sim.open().unwrap(), sim.open().unwrap());
    own.subscribe(of(ControlId::GAIN)).unwrap();
    other.subscribe(of(ControlId::AUTOGAIN)).unwrap();
    own.set_control(ControlId::AUTOGAIN, 0).unwrap();
    assert_eq!(change(&other), Some((VALUE, 0, ControlFlags::UPDATE)));
    let (changes, _, flags) = change(&own).unwrap();
    assert_eq!((changes, flags), (BOTH, ControlFlags::empty()));
    own.set_control(ControlId::AUTOGAIN, 1).unwrap();
    let (changes, _, flags) = change(&own).unwrap();
    assert_eq!((changes, flags), (FLAGS, ControlFlags::INACTIVE | ControlFlags::VOLATILE));
    // What is volatile keeps its value, without an event.
    other.set_control(ControlId::GAIN, 9).unwrap();
    assert_eq!(change(&own), None);
}

#[test]
fn controls_that_streaming_holds_change_their_flags() {
    let mut memory = memory();
    let sim = Sim::new(Profile::VIVID, &mut memory);
    let (watcher, held) = (sim.open().unwrap(), ControlId(0x00f0_f01f));
    watcher.subscribe(of(held)).unwrap();
    let queue = Queue::capture(sim.open().unwrap()).start(Request::exactly(2)).unwrap();
    assert_eq!(change(&watcher), Some((FLAGS, 1, ControlFlags::GRABBED)));
    drop(queue);
    assert_eq!(change(&watcher), Some((FLAGS, 1, ControlFlags::empty())));
    assert_eq!(change(&watcher), None);
}
