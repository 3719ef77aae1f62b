//! Inputs, standards, rectangles, and who may change them.

use vidbuf::node::{ConnectorCapabilities, Priority, Rectangle, SelectionFlags, SelectionTarget, Standards};
use vidbuf::queue::{Capture, Kind, Mmap, Planes};
use vidbuf::{Errno, Queue, Request};

use super::connectors::{Connected, Connectors, Signal};
use super::timings::with_hdmi;
use super::{Case, Outcome, cases, ensure, ok};

/// Every case; `P` is how the node's buffers are made.
pub fn cases<R: Connected, P: Planes>() -> Vec<Case<R>> {
    let mut all = cases![R:
        inputs_are_listed_and_end,
        unknown_input_changes_nothing,
        input_without_standards_has_no_data,
        standards_are_listed_and_end,
        standard_sets_the_size,
        lost_signal_has_no_standard,
        camera_has_no_rectangles,
        rectangles_are_those_of_the_signal,
        rectangle_that_cannot_be_is_out_of_range,
        higher_priority_keeps_others_out,
    ];
    all.extend(cases![R, P: allocated_buffers_keep_the_input]);
    all
}

fn inputs_are_listed_and_end<R: Connected>(rig: &R) -> Outcome {
    let node = rig.node();
    let inputs = ok!(node.inputs());
    for (number, input) in inputs.iter().enumerate() {
        ensure!(input.index as usize == number, "{input:?}");
        ensure!(!input.name.as_bytes().is_empty(), "{input:?}");
        let has_standards = input.capabilities.contains(ConnectorCapabilities::STANDARDS);
        ensure!(input.standards.is_empty() != has_standards, "{input:?}");
    }
    let has =
        |number: u32, capabilities| inputs.get(number as usize).is_some_and(|input| input.capabilities == capabilities);
    ensure!(has(R::CAMERA, ConnectorCapabilities::empty()), "{inputs:?}");
    ensure!(has(R::ANALOG, ConnectorCapabilities::STANDARDS), "{inputs:?}");
    ensure!(has(R::HDMI, ConnectorCapabilities::DV_TIMINGS), "{inputs:?}");
    ensure!(ok!(node.input_description(inputs.len() as u32)).is_none(), "one behind the last");
    ensure!(ok!(node.input_description(u32::MAX)).is_none(), "number {}", u32::MAX);
    let none = node.outputs();
    ensure!(none.as_ref().err() == Some(&Errno::ENOTTY), "{none:?}");
    Ok(())
}

fn unknown_input_changes_nothing<R: Connected>(rig: &R) -> Outcome {
    let mut node = rig.node();
    let before = ok!(node.input());
    let picture = rig.picture();
    for unknown in [4, 1000, u32::MAX] {
        let outcome = node.set_input(unknown);
        ensure!(outcome.err() == Some(Errno::EINVAL), "{unknown}: {outcome:?}");
    }
    ensure!(ok!(node.input()) == before && rig.picture() == picture, "{:?}", node.input());
    ok!(node.set_input(before));
    ensure!(rig.picture() == picture, "{:?}", rig.picture());
    Ok(())
}

fn input_without_standards_has_no_data<R: Connected>(rig: &R) -> Outcome {
    let (mut node, nothing) = (rig.node(), Some(Errno::ENODATA));
    for input in [R::CAMERA, R::HDMI] {
        ok!(node.set_input(input));
        ensure!(node.standard().err() == nothing, "{:?}", node.standard());
        ensure!(node.query_standard().err() == nothing, "{:?}", node.query_standard());
        ensure!(node.standards().err() == nothing, "{:?}", node.standards());
        let set = node.set_standard(Standards::PAL);
        ensure!(set.err() == nothing, "{set:?}");
    }
    ok!(node.set_input(R::CAMERA));
    Ok(())
}

/// Uses the analog input for a case, and puts everything back.
fn with_analog<R: Connected>(rig: &R, case: impl FnOnce(&mut R::Node) -> Outcome) -> Outcome {
    let mut node = rig.node();
    ok!(node.set_input(R::ANALOG));
    rig.signal(false, Signal::AsSet);
    let before = ok!(node.standard());
    let outcome = case(&mut node);
    rig.signal(false, Signal::AsSet);
    ok!(node.set_standard(before));
    ok!(node.set_input(R::CAMERA));
    outcome
}

fn standards_are_listed_and_end<R: Connected>(rig: &R) -> Outcome {
    with_analog(rig, |node| {
        let mut all = Standards::empty();
        for standard in ok!(node.standards()) {
            ensure!(!standard.name.as_bytes().is_empty(), "{standard:?}");
            ensure!(matches!(standard.total_lines, 525 | 625), "{standard:?}");
            ensure!(standard.frame_interval.duration().is_some(), "{standard:?}");
            all |= standard.standards;
        }
        let Some(input) = ok!(node.input_description(R::ANALOG)) else { return Err("no input".into()) };
        ensure!(all == input.standards, "{all:?} of {:?}", input.standards);
        ensure!(ok!(node.standard_description(u32::MAX)).is_none(), "number {}", u32::MAX);
        Ok(())
    })
}

fn standard_sets_the_size<R: Connected>(rig: &R) -> Outcome {
    with_analog(rig, |node| {
        for (standards, height) in [(Standards::PAL_I, 576), (Standards::NTSC_M, 480), (Standards::SECAM_L, 576)] {
            ok!(node.set_standard(standards));
            ensure!(ok!(node.standard()) == standards, "{:?}", node.standard());
            ensure!(ok!(node.query_standard()) == standards, "{:?}", node.query_standard());
            let (_, width, lines) = rig.picture();
            ensure!((width, lines) == (720, height), "{width}x{lines} of {standards:?}");
            ensure!(standards.visible_lines() == Some(height), "{standards:?}");
        }
        let none = node.set_standard(Standards::empty());
        ensure!(none.err() == Some(Errno::EINVAL), "{none:?}");
        ensure!(ok!(node.standard()) == Standards::SECAM_L, "{:?}", node.standard());
        Ok(())
    })
}

fn lost_signal_has_no_standard<R: Connected>(rig: &R) -> Outcome {
    with_analog(rig, |node| {
        for signal in [Signal::None, Signal::NoLock] {
            rig.signal(false, signal);
            ensure!(ok!(node.query_standard()).is_empty(), "{signal:?}: {:?}", node.query_standard());
            let Some(input) = ok!(node.input_description(R::ANALOG)) else { return Err("no input".into()) };
            ensure!(!input.status.has_signal(), "{signal:?}: {:?}", input.status);
        }
        Ok(())
    })
}

fn camera_has_no_rectangles<R: Connected>(rig: &R) -> Outcome {
    let (node, buffer_type) = (rig.node(), rig.buffer_type());
    for target in [SelectionTarget::CROP, SelectionTarget::COMPOSE_BOUNDS] {
        let outcome = node.selection(buffer_type, target);
        ensure!(outcome.err() == Some(Errno::ENODATA), "{target:?}: {outcome:?}");
    }
    let set =
        node.set_selection(buffer_type, SelectionTarget::CROP, SelectionFlags::empty(), Rectangle::of_size(64, 64));
    ensure!(set.err() == Some(Errno::ENODATA), "{set:?}");
    Ok(())
}

fn rectangles_are_those_of_the_signal<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let (buffer_type, timings) = (rig.buffer_type(), ok!(node.dv_timings()));
        let whole = Rectangle::of_size(timings.width, timings.height);
        for target in [SelectionTarget::CROP, SelectionTarget::CROP_DEFAULT, SelectionTarget::CROP_BOUNDS] {
            let rectangle = ok!(node.selection(buffer_type, target));
            ensure!(rectangle == whole, "{target:?}: {rectangle:?}");
        }
        let limits = ok!(node.crop_limits(buffer_type));
        ensure!((limits.bounds, limits.default, limits.pixel_aspect) == (whole, whole, (1, 1)), "{limits:?}");
        let part = Rectangle { left: 64, top: 32, width: 640, height: 360 };
        let set = ok!(node.set_selection(buffer_type, SelectionTarget::CROP, SelectionFlags::empty(), part));
        ensure!(set == part, "{set:?}");
        ensure!(ok!(node.selection(buffer_type, SelectionTarget::CROP)) == part, "not {part:?}");
        // What is too large is made to fit.
        let large = Rectangle { left: -8, top: 10_000, width: u32::MAX, height: u32::MAX };
        let set = ok!(node.set_selection(buffer_type, SelectionTarget::CROP, SelectionFlags::LE, large));
        ensure!(set == whole, "{set:?}");
        for target in [SelectionTarget::CROP_BOUNDS, SelectionTarget(0x1234)] {
            let set = node.set_selection(buffer_type, target, SelectionFlags::empty(), whole);
            ensure!(set.err() == Some(Errno::EINVAL), "{target:?}: {set:?}");
        }
        Ok(())
    })
}

fn rectangle_that_cannot_be_is_out_of_range<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let buffer_type = rig.buffer_type();
        let before = ok!(node.selection(buffer_type, SelectionTarget::CROP));
        // Exactly an odd size: pixels come in pairs.
        let odd = Rectangle { left: 0, top: 0, width: 641, height: 361 };
        let exactly = SelectionFlags::GE | SelectionFlags::LE;
        let set = node.set_selection(buffer_type, SelectionTarget::CROP, exactly, odd);
        ensure!(set.err() == Some(Errno::ERANGE), "{set:?}");
        ensure!(ok!(node.selection(buffer_type, SelectionTarget::CROP)) == before, "it was changed");
        let set = ok!(node.set_selection(buffer_type, SelectionTarget::CROP, SelectionFlags::GE, odd));
        ensure!(set.width >= 641 && set.height >= 361, "{set:?}");
        let set = ok!(node.set_selection(buffer_type, SelectionTarget::CROP, SelectionFlags::LE, odd));
        ensure!(set.width <= 641 && set.height <= 361, "{set:?}");
        Ok(())
    })
}

fn higher_priority_keeps_others_out<R: Connected>(rig: &R) -> Outcome {
    let (first, mut second) = (rig.node(), rig.node());
    ensure!(ok!(first.priority()) == Priority::Interactive, "{:?}", first.priority());
    ok!(first.set_priority(Priority::Record));
    ensure!(ok!(second.priority()) == Priority::Record, "{:?}", second.priority());
    let busy = Some(Errno::EBUSY);
    let outcomes = [
        second.set_input(R::CAMERA),
        second.set_standard(Standards::PAL),
        second.set_edid(R::HDMI, &mut []),
        second.set_priority(Priority::Record),
        second.set_dv_timings(&vidbuf::node::Timings::default()).map(drop),
    ];
    ensure!(outcomes.iter().all(|outcome| outcome.err() == busy), "{outcomes:?}");
    ok!(second.input());
    drop(first);
    ok!(second.set_input(R::CAMERA));
    Ok(())
}

fn allocated_buffers_keep_the_input<R: Connected, P: Planes>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let now = ok!(node.dv_timings());
        let queue = Queue::<_, _, Kind<Capture, P, Mmap>, 4>::new(rig.open(true));
        let queue = ok!(queue.request_buffers(Request::up_to(2)));
        let busy = node.set_input(R::CAMERA);
        ensure!(busy.err() == Some(Errno::EBUSY), "{busy:?}");
        // What is so already is no change.
        ok!(node.set_input(R::HDMI));
        ok!(node.set_dv_timings(&now));
        let other = ok!(node.dv_timings_list()).into_iter().find(|other| other.width != now.width);
        let Some(other) = other else { return Err("no other timings".into()) };
        let busy = node.set_dv_timings(&other);
        ensure!(busy.err() == Some(Errno::EBUSY), "{busy:?}");
        drop(ok!(queue.release()));
        Ok(())
    })
}
