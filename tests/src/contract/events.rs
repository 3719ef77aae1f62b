//! Events: subscriptions, order, loss, and one wait for a frame or an event.

use std::time::Duration;

use vidbuf::node::{
    ControlChange, ControlChanges, ControlFlags, ControlId, ControlType, ControlValue, Controls, EventData, EventType,
    Events, SourceChanges, Subscription,
};
use vidbuf::queue::{Capture, FrameOrEvent, Kind, Mmap, Planes};
use vidbuf::{Clock, Errno, Error, Queue, Request};

use super::connectors::{Connected, Signal};
use super::timings::with_hdmi;
use super::{Case, Fault, Outcome, cases, ensure, ok};

/// Every case; `P` is how the node's buffers are made.
pub fn cases<R: Connected, P: Planes>() -> Vec<Case<R>> {
    let mut all = cases![R:
        nobody_has_events_at_first,
        impossible_subscriptions_are_refused,
        source_change_is_an_event,
        unsubscribed_events_are_gone,
        second_subscription_is_the_first,
        overwritten_events_are_counted,
        events_belong_to_the_open_file,
        wait_for_an_event_ends_in_time,
        initial_event_of_a_control_is_as_it_is,
        change_of_a_control_is_an_event_for_other_files,
        same_value_is_no_event,
        automatic_mode_is_an_event_of_what_it_sets,
        unplugged_node_has_no_events,
    ];
    all.extend(cases![R, P:
        frames_and_events_come_from_one_wait,
        streaming_holds_controls_with_an_event,
        wait_for_either_ends_in_time,
        wait_for_either_on_an_unplugged_node_is_an_error,
    ]);
    all
}

const SOON: Duration = Duration::from_millis(200);

/// The source of the HDMI input.
const fn source<R: Connected>() -> Subscription {
    Subscription::source_change_of(R::HDMI)
}

fn nobody_has_events_at_first<R: Connected>(rig: &R) -> Outcome {
    // It is a blocking file.
    let node = rig.node();
    ensure!(ok!(node.event()).is_none(), "an event");
    ok!(node.unsubscribe(Subscription::ALL));
    ensure!(ok!(node.event()).is_none(), "an event");
    Ok(())
}

fn impossible_subscriptions_are_refused<R: Connected>(rig: &R) -> Outcome {
    let node = rig.node();
    let unknown = [
        Subscription::ALL,
        Subscription::new(EventType(7), 0),
        Subscription::new(EventType::PRIVATE_START, 0),
        Subscription::control(0),
        Subscription::control(0x0098_0fff).with_initial(),
    ];
    for subscription in unknown {
        let outcome = node.subscribe(subscription);
        ensure!(outcome.err() == Some(Errno::EINVAL), "{subscription:?}: {outcome:?}");
        // Ending what is not there, or cannot be, is no error.
        ok!(node.unsubscribe(subscription));
    }
    Ok(())
}

fn source_change_is_an_event<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        rig.signal(true, Signal::None);
        ensure!(ok!(node.event()).is_none(), "an event that nobody asked for");
        ok!(node.subscribe(source::<R>()));
        ensure!(ok!(node.event()).is_none(), "an event of before");
        let before = node.now();
        rig.signal(true, Signal::AsSet);
        let Some(event) = ok!(node.event_timeout(SOON)) else { return Err("no event".into()) };
        let after = node.now();
        ensure!(event.data == EventData::SourceChange(SourceChanges::RESOLUTION), "{event:?}");
        ensure!((event.id, event.pending) == (R::HDMI, 0), "{event:?}");
        ensure!(event.is_source_change(), "{event:?}");
        ensure!((before..=after).contains(&event.timestamp), "{before:?} {event:?} {after:?}");
        ensure!(ok!(node.event()).is_none(), "a second event");
        Ok(())
    })
}

fn unsubscribed_events_are_gone<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        for ended in [source::<R>(), Subscription::ALL] {
            ok!(node.subscribe(source::<R>()));
            rig.signal(true, Signal::None);
            rig.signal(true, Signal::AsSet);
            ok!(node.unsubscribe(ended));
            ensure!(ok!(node.event()).is_none(), "after {ended:?}");
            rig.signal(true, Signal::None);
            ensure!(ok!(node.event()).is_none(), "later, after {ended:?}");
        }
        Ok(())
    })
}

fn second_subscription_is_the_first<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        ok!(node.subscribe(source::<R>()));
        ok!(node.subscribe(source::<R>().with_initial().with_feedback()));
        ensure!(ok!(node.event()).is_none(), "an initial event");
        rig.signal(true, Signal::None);
        ensure!(ok!(node.event()).is_some(), "no event");
        ensure!(ok!(node.event()).is_none(), "one of each subscription");
        ok!(node.unsubscribe(source::<R>()));
        rig.signal(true, Signal::AsSet);
        ensure!(ok!(node.event()).is_none(), "one subscription is left");
        Ok(())
    })
}

fn overwritten_events_are_counted<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        ok!(node.subscribe(source::<R>()));
        rig.signal(true, Signal::None);
        let Some(first) = ok!(node.event()) else { return Err("no event".into()) };
        rig.signal(true, Signal::NoLock);
        rig.signal(true, Signal::None);
        rig.signal(true, Signal::AsSet);
        let Some(second) = ok!(node.event()) else { return Err("no event".into()) };
        ensure!(second.lost_since(first.sequence) == 2, "{first:?} {second:?}");
        ensure!(second.data == first.data && second.timestamp >= first.timestamp, "{first:?} {second:?}");
        ensure!(ok!(node.event()).is_none(), "one more");
        Ok(())
    })
}

fn events_belong_to_the_open_file<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let other = rig.node();
        ok!(node.subscribe(source::<R>()));
        rig.signal(true, Signal::None);
        ensure!(ok!(other.event()).is_none(), "of another file");
        ok!(other.subscribe(source::<R>()));
        rig.signal(true, Signal::AsSet);
        let (Some(ours), Some(theirs)) = (ok!(node.event()), ok!(other.event())) else { return Err("none".into()) };
        ensure!(ours.sequence == theirs.sequence + 1, "{ours:?} {theirs:?}");
        drop(other);
        rig.signal(true, Signal::None);
        ensure!(ok!(node.event()).is_some(), "none after the other file is closed");
        Ok(())
    })
}

fn wait_for_an_event_ends_in_time<R: Connected>(rig: &R) -> Outcome {
    let node = rig.node();
    ok!(node.subscribe(source::<R>()));
    let before = node.now();
    ensure!(ok!(node.event_timeout(SOON)).is_none(), "an event");
    ensure!(node.now() - before >= SOON, "{:?}", node.now() - before);
    Ok(())
}

const CONTRAST: Subscription = Subscription::control(ControlId::CONTRAST.0);
const GAIN: Subscription = Subscription::control(ControlId::GAIN.0);
const VALUE: ControlChanges = ControlChanges::VALUE;
const FLAGS: ControlChanges = ControlChanges::FLAGS;
const BOTH: ControlChanges = VALUE.union(FLAGS);

/// What the next event reports about a control, if there is one.
fn change(node: &impl Events, id: u32) -> Result<Option<ControlChange>, String> {
    match node.event().map_err(|error| error.to_string())? {
        None => Ok(None),
        Some(event) => match event.data {
            EventData::Control(change) if event.id == id => Ok(Some(change)),
            _ => Err(format!("{event:?}")),
        },
    }
}

fn initial_event_of_a_control_is_as_it_is<R: Connected>(rig: &R) -> Outcome {
    let node = rig.node();
    for listed in node.controls() {
        let control = ok!(listed);
        ok!(node.subscribe(Subscription::control(control.id.0).with_initial()));
        let event = change(&node, control.id.0)?;
        let changes = match control.control_type {
            ControlType::CTRL_CLASS => None,
            _ if control.is_readable() => Some(BOTH),
            _ => Some(FLAGS),
        };
        ensure!(event.map(|event| event.changes) == changes, "{event:?} of {control:?}");
        let Some(event) = event else { continue };
        ensure!(event.control_type == control.control_type.0, "{event:?} of {control:?}");
        ensure!(event.flags == control.flags.bits(), "{event:?} of {control:?}");
        let limits = [control.minimum, control.maximum, control.step as i64, control.default].map(|limit| limit as i32);
        ensure!([event.minimum, event.maximum, event.step, event.default] == limits, "{event:?} of {control:?}");
        let volatile = control.flags.contains(ControlFlags::VOLATILE);
        match (control.has_payload(), control.is_readable() && !volatile) {
            (true, _) => ensure!(event.value == 0, "{event:?} of {control:?}"),
            (false, true) => {
                let value = ok!(node.value(&control));
                ensure!(event.value == value, "{event:?}, {value}, of {control:?}");
            }
            (false, false) => {}
        }
        ok!(node.unsubscribe(Subscription::ALL));
    }
    Ok(())
}

fn change_of_a_control_is_an_event_for_other_files<R: Connected>(rig: &R) -> Outcome {
    let [own, feedback, other, nobody] = core::array::from_fn(|_| rig.node());
    let before = ok!(own.control(ControlId::CONTRAST));
    for node in [&own, &other] {
        ok!(node.subscribe(CONTRAST));
    }
    ok!(feedback.subscribe(CONTRAST.with_feedback()));
    ok!(nobody.subscribe(GAIN));
    let id = ControlId::CONTRAST.0;
    ok!(own.set_control(ControlId::CONTRAST, 7));
    let events = [change(&own, id)?, change(&feedback, id)?, change(&other, id)?, change(&nobody, id)?];
    let values = events.map(|event| event.map(|event| (event.changes, event.value)));
    ensure!(values == [None, Some((VALUE, 7)), Some((VALUE, 7)), None], "{events:?}");
    // By the file that has feedback, and by the call for several.
    ok!(feedback.set_controls(&mut [ControlValue::new(ControlId::CONTRAST, 9)]));
    let events = [change(&own, id)?, change(&feedback, id)?, change(&other, id)?];
    let values = events.map(|event| event.map(|event| (event.changes, event.value)));
    ensure!(values == [Some((VALUE, 9)); 3], "{events:?}");
    ok!(nobody.set_control(ControlId::CONTRAST, before));
    Ok(())
}

fn same_value_is_no_event<R: Connected>(rig: &R) -> Outcome {
    let (own, other) = (rig.node(), rig.node());
    let before = ok!(own.control(ControlId::CONTRAST));
    ok!(other.subscribe(CONTRAST));
    ok!(own.set_control(ControlId::CONTRAST, before));
    ok!(own.try_controls(&mut [ControlValue::new(ControlId::CONTRAST, before + 1)]));
    let event = ok!(other.event());
    ensure!(event.is_none(), "{event:?}");
    for value in [1, 2, 3] {
        ok!(own.set_control(ControlId::CONTRAST, value));
    }
    let Some(event) = ok!(other.event()) else { return Err("no event".into()) };
    ensure!((event.sequence, event.pending) == (2, 0), "{event:?}");
    ensure!(matches!(event.data, EventData::Control(ControlChange { value: 3, .. })), "{event:?}");
    ok!(own.set_control(ControlId::CONTRAST, before));
    Ok(())
}

fn automatic_mode_is_an_event_of_what_it_sets<R: Connected>(rig: &R) -> Outcome {
    let node = rig.node();
    ok!(node.set_control(ControlId::AUTOGAIN, 1));
    ok!(node.subscribe(GAIN));
    let following = ControlFlags::INACTIVE | ControlFlags::VOLATILE;
    // The file that makes the change has not asked for these.
    for (mode, changes) in [(0, BOTH), (1, FLAGS)] {
        ok!(node.set_control(ControlId::AUTOGAIN, mode));
        let Some(event) = change(&node, ControlId::GAIN.0)? else { return Err("no event".into()) };
        let flags = ControlFlags::from_bits_retain(event.flags);
        ensure!(event.changes == changes && flags.contains(following) == (mode == 1), "{mode}: {event:?}");
    }
    // What is volatile keeps its value.
    let other = rig.node();
    ok!(other.set_control(ControlId::GAIN, 9));
    let event = change(&node, ControlId::GAIN.0)?;
    ensure!(event.is_none(), "{event:?}");
    Ok(())
}

fn streaming_holds_controls_with_an_event<R: Connected, P: Planes>(rig: &R) -> Outcome {
    let node = rig.node();
    // vivid's "Enable Capture Cropping".
    let held = 0x00f0_f01f;
    ok!(node.subscribe(Subscription::control(held)));
    let queue = Queue::<_, _, Kind<Capture, P, Mmap>, 4>::new(rig.open(true));
    let queue = ok!(queue.start(Request::up_to(4)));
    let Some(event) = change(&node, held)? else { return Err("no event at the start".into()) };
    let grabbed = ControlFlags::from_bits_retain(event.flags).contains(ControlFlags::GRABBED);
    ensure!(event.changes == FLAGS && grabbed, "{event:?}");
    ok!(queue.stop());
    let Some(event) = change(&node, held)? else { return Err("no event at the end".into()) };
    let grabbed = ControlFlags::from_bits_retain(event.flags).contains(ControlFlags::GRABBED);
    ensure!(event.changes == FLAGS && !grabbed, "{event:?}");
    Ok(())
}

fn unplugged_node_has_no_events<R: Connected>(rig: &R) -> Outcome {
    let node = rig.node();
    ok!(node.subscribe(source::<R>()));
    ensure!(rig.inject(Fault::Unplug), "cannot be unplugged");
    let outcome = node.event();
    ensure!(outcome == Err(Errno::ENODEV), "{outcome:?}");
    let outcome = node.event_timeout(SOON);
    ensure!(outcome == Err(Errno::ENODEV), "{outcome:?}");
    let outcome = node.subscribe(source::<R>());
    ensure!(outcome == Err(Errno::ENODEV), "{outcome:?}");
    Ok(())
}

fn frames_and_events_come_from_one_wait<R: Connected, P: Planes>(rig: &R) -> Outcome {
    with_hdmi(rig, |_| {
        let queue = Queue::<_, _, Kind<Capture, P, Mmap>, 4>::new(rig.open(true));
        ok!(queue.backend().subscribe(source::<R>()));
        let queue = ok!(queue.start(Request::up_to(4)));
        let long = Some(rig.long());
        let FrameOrEvent::Frame(first) = ok!(queue.frame_or_event(long)) else { return Err("no frame".into()) };
        ok!(first.requeue());
        rig.signal(true, Signal::None);
        // Frames may be there as well: events come first.
        match ok!(queue.frame_or_event(long)) {
            FrameOrEvent::Event(event) if event.is_source_change() => {}
            other => return Err(format!("{other:?}")),
        }
        // vivid goes on, as some receivers do.
        let FrameOrEvent::Frame(next) = ok!(queue.frame_or_event(long)) else { return Err("no frame".into()) };
        drop(next);
        let queue = ok!(queue.stop());
        ok!(queue.backend().unsubscribe(Subscription::ALL));
        Ok(())
    })
}

fn wait_for_either_ends_in_time<R: Connected, P: Planes>(rig: &R) -> Outcome {
    let queue = Queue::<_, _, Kind<Capture, P, Mmap>, 4>::new(rig.open(true));
    let queue = ok!(queue.start(Request::up_to(4)));
    ensure!(rig.inject(Fault::DropAll), "frames cannot be held back");
    // What was on its way before.
    let mut outcome = Ok(());
    for _ in 0..20 {
        match queue.frame_or_event(Some(SOON)) {
            Ok(FrameOrEvent::Frame(frame)) => ok!(frame.requeue()),
            Ok(FrameOrEvent::TimedOut) => break,
            other => outcome = Err(format!("{other:?}")),
        }
    }
    let before = queue.backend().now();
    let waited = queue.frame_or_event(Some(SOON));
    let took = queue.backend().now() - before;
    ensure!(rig.inject(Fault::DropNone), "frames cannot be let go");
    ensure!(matches!(waited, Ok(FrameOrEvent::TimedOut)), "{waited:?}");
    ensure!(took >= SOON, "{took:?}");
    outcome
}

fn wait_for_either_on_an_unplugged_node_is_an_error<R: Connected, P: Planes>(rig: &R) -> Outcome {
    let queue = Queue::<_, _, Kind<Capture, P, Mmap>, 4>::new(rig.open(true));
    ok!(queue.backend().subscribe(source::<R>()));
    let queue = ok!(queue.start(Request::up_to(4)));
    ensure!(rig.inject(Fault::Unplug), "cannot be unplugged");
    match queue.frame_or_event(Some(SOON)) {
        Err(Error::Refused { error: Errno::ENODEV, .. }) => {}
        other => return Err(format!("{other:?}")),
    }
    ensure!(queue.is_unplugged(), "not known");
    Ok(())
}
