//! Timings and EDID of a digital input.

use std::cmp::Ordering;
use vidbuf::Errno;

use vidbuf::node::{EDID_BLOCK, EdidBlock, InputStatus, Timings, edid_checksum};

use super::connectors::{Connected, Connectors, Signal};
use super::{Case, Outcome, cases, ensure, ok};

/// Every case.
pub fn cases<R: Connected>() -> Vec<Case<R>> {
    cases![R:
        input_without_timings_has_no_data,
        signal_has_the_timings_that_are_set,
        states_of_the_cable_are_errors_and_status_bits,
        listed_timings_are_in_range_and_end,
        every_listed_rate_is_a_rate,
        set_timings_are_the_format,
        impossible_timings_change_nothing,
        edid_is_read_as_it_was_set,
        edid_beyond_its_end_is_an_error,
        input_without_an_edid_finds_no_signal,
    ]
}

/// Uses the HDMI input for a case, and puts everything back.
pub(super) fn with_hdmi<R: Connected>(rig: &R, case: impl FnOnce(&mut R::Node) -> Outcome) -> Outcome {
    let mut node = rig.node();
    ok!(node.set_input(R::HDMI));
    rig.signal(true, Signal::AsSet);
    let before = ok!(node.dv_timings());
    let outcome = case(&mut node);
    rig.signal(true, Signal::AsSet);
    ok!(node.set_dv_timings(&before));
    ok!(node.set_input(R::CAMERA));
    outcome
}

fn input_without_timings_has_no_data<R: Connected>(rig: &R) -> Outcome {
    let mut node = rig.node();
    ensure!(ok!(node.input()) == R::CAMERA, "input {:?}", node.input());
    let nothing = Some(Errno::ENODATA);
    ensure!(node.dv_timings().err() == nothing, "{:?}", node.dv_timings());
    ensure!(node.query_dv_timings().err() == nothing, "{:?}", node.query_dv_timings());
    ensure!(node.dv_timings_list().err() == nothing, "{:?}", node.dv_timings_list());
    ensure!(node.dv_timings_range().err() == nothing, "{:?}", node.dv_timings_range());
    let set = node.set_dv_timings(&Timings::default());
    ensure!(set.err() == nothing, "{set:?}");
    Ok(())
}

fn signal_has_the_timings_that_are_set<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let (set, seen) = (ok!(node.dv_timings()), ok!(node.query_dv_timings()));
        ensure!(seen.is_like(&set, 0), "{seen:?} is not {set:?}");
        let (_, width, height) = rig.picture();
        ensure!((set.width, set.height) == (width, height), "{set:?} of {width}x{height}");
        Ok(())
    })
}

fn states_of_the_cable_are_errors_and_status_bits<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let states = [
            (Signal::None, Errno::ENOLINK, InputStatus::NO_SIGNAL),
            (Signal::NoLock, Errno::ENOLCK, InputStatus::NO_H_LOCK),
            (Signal::OutOfRange, Errno::ERANGE, InputStatus::NO_H_LOCK),
        ];
        for (signal, errno, status) in states {
            rig.signal(true, signal);
            let seen = node.query_dv_timings();
            ensure!(seen.err() == Some(errno), "{signal:?}: {seen:?}");
            let Some(input) = ok!(node.input_description(R::HDMI)) else { return Err("no input".into()) };
            ensure!(input.status.contains(status), "{signal:?}: {:?}", input.status);
            ensure!(!input.status.has_signal(), "{signal:?}: {:?}", input.status);
        }
        rig.signal(true, Signal::AsSet);
        ok!(node.query_dv_timings());
        let Some(input) = ok!(node.input_description(R::HDMI)) else { return Err("no input".into()) };
        ensure!(input.status.has_signal(), "{:?}", input.status);
        Ok(())
    })
}

fn listed_timings_are_in_range_and_end<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let (list, range) = (ok!(node.dv_timings_list()), ok!(node.dv_timings_range()));
        ensure!(!list.is_empty(), "no timings");
        for timings in &list {
            ensure!(range.contains(timings), "{timings:?} is not in {range:?}");
        }
        ensure!(ok!(node.dv_timings_at(u32::MAX)).is_none(), "number {}", u32::MAX);
        Ok(())
    })
}

fn every_listed_rate_is_a_rate<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        for timings in ok!(node.dv_timings_list()) {
            let Some(rate) = timings.refresh_millihertz() else { return Err(format!("no rate: {timings:?}")) };
            ensure!((11_000..=125_000).contains(&rate), "{rate} of {timings:?}");
            let Some(interval) = timings.frame_interval() else { return Err(format!("no interval: {timings:?}")) };
            let exact = 1000.0 * f64::from(interval.denominator) / f64::from(interval.numerator);
            let distance = (exact - f64::from(rate)).abs();
            ensure!(
                matches!(distance.partial_cmp(&0.5), Some(Ordering::Less | Ordering::Equal)),
                "{rate} is not {exact}"
            );
        }
        Ok(())
    })
}

fn set_timings_are_the_format<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let now = ok!(node.dv_timings());
        let mut others = ok!(node.dv_timings_list()).into_iter();
        let other = others.find(|other| (other.width, other.height) != (now.width, now.height) && !other.interlaced);
        let Some(other) = other else { return Err("no other size".into()) };
        ensure!(ok!(node.set_dv_timings(&other)).is_like(&other, 0), "{:?}", node.dv_timings());
        let (_, width, height) = rig.picture();
        ensure!((width, height) == (other.width, other.height), "{width}x{height} of {other:?}");
        // A signal that is another one again.
        ensure!(ok!(node.query_dv_timings()).is_like(&other, 0), "{:?}", node.query_dv_timings());
        Ok(())
    })
}

fn impossible_timings_change_nothing<R: Connected>(rig: &R) -> Outcome {
    with_hdmi(rig, |node| {
        let (before, range) = (ok!(node.dv_timings()), ok!(node.dv_timings_range()));
        let mut fast = before;
        fast.pixel_clock = range.max_pixel_clock.saturating_mul(2);
        let mut wide = before;
        wide.width = u32::MAX;
        for impossible in [Timings::default(), fast, wide] {
            let set = node.set_dv_timings(&impossible);
            ensure!(matches!(set, Err(Errno::EINVAL | Errno::ERANGE)), "{set:?} of {impossible:?}");
        }
        ensure!(ok!(node.dv_timings()).is_like(&before, 0), "{:?}", node.dv_timings());
        Ok(())
    })
}

/// Blocks that a driver takes: a header, no extension that announces an address.
fn some_edid<const BLOCKS: usize>() -> [EdidBlock; BLOCKS] {
    let mut blocks = [[0; EDID_BLOCK]; BLOCKS];
    for (number, block) in blocks.iter_mut().enumerate() {
        block[0] = if number == 0 { 0 } else { 0x10 };
        block[1..8].fill(if number == 0 { 0xff } else { number as u8 });
        block[7] = number as u8;
        block[EDID_BLOCK - 1] = edid_checksum(block);
    }
    blocks
}

/// Sets an EDID for a case, and puts the old one back.
fn with_edid<R: Connected>(rig: &R, case: impl FnOnce(&R::Node) -> Outcome) -> Outcome {
    with_hdmi(rig, |node| {
        let count = ok!(node.edid(R::HDMI, 0, &mut []));
        let mut before = vec![[0; EDID_BLOCK]; count as usize];
        if count > 0 {
            ensure!(ok!(node.edid(R::HDMI, 0, &mut before)) == count, "not {count} blocks");
        }
        let outcome = case(node);
        ok!(node.set_edid(R::HDMI, &mut before));
        outcome
    })
}

fn edid_is_read_as_it_was_set<R: Connected>(rig: &R) -> Outcome {
    with_edid(rig, |node| {
        let edid = some_edid::<2>();
        ok!(node.set_edid(R::HDMI, &mut { edid }));
        ensure!(ok!(node.edid(R::HDMI, 0, &mut [])) == 2, "{:?}", node.edid(R::HDMI, 0, &mut []));
        // More room than there are blocks, and the last one.
        let mut room = [[0xee; EDID_BLOCK]; 5];
        ensure!(ok!(node.edid(R::HDMI, 0, &mut room)) == 2, "of 5");
        ensure!(room[..2] == edid && room[2..] == [[0xee; EDID_BLOCK]; 3], "{room:?}");
        let mut room = [[0xee; EDID_BLOCK]; 1];
        ensure!(ok!(node.edid(R::HDMI, 1, &mut room)) == 1, "of 1");
        ensure!(room == edid[1..], "{room:?}");
        Ok(())
    })
}

fn edid_beyond_its_end_is_an_error<R: Connected>(rig: &R) -> Outcome {
    with_edid(rig, |node| {
        ok!(node.set_edid(R::HDMI, &mut some_edid::<2>()));
        let (one, invalid) = (&mut [[0; EDID_BLOCK]; 1], Some(Errno::EINVAL));
        let behind = node.edid(R::HDMI, 2, one);
        ensure!(behind.err() == invalid, "{behind:?}");
        for connector in [R::CAMERA, 1000, u32::MAX] {
            let other = node.edid(connector, 0, one);
            ensure!(other.err() == invalid, "of {connector}: {other:?}");
            let other = node.set_edid(connector, one);
            ensure!(other.err() == invalid, "set of {connector}: {other:?}");
        }
        for (blocks, errno) in [(R::MOST_BLOCKS + 1, Errno::E2BIG), (257, Errno::EINVAL)] {
            let set = node.set_edid(R::HDMI, &mut vec![[0; EDID_BLOCK]; blocks]);
            ensure!(set.err() == Some(errno), "{blocks} blocks: {set:?}");
        }
        let read = node.edid(R::HDMI, 0, &mut vec![[0; EDID_BLOCK]; 257]);
        ensure!(read.err() == invalid, "{read:?}");
        ensure!(ok!(node.edid(R::HDMI, 0, &mut [])) == 2, "it was changed");
        Ok(())
    })
}

fn input_without_an_edid_finds_no_signal<R: Connected>(rig: &R) -> Outcome {
    with_edid(rig, |node| {
        ok!(node.set_edid(R::HDMI, &mut []));
        ensure!(ok!(node.edid(R::HDMI, 0, &mut [])) == 0, "it has one");
        let read = node.edid(R::HDMI, 0, &mut [[0; EDID_BLOCK]; 1]);
        ensure!(read.err() == Some(Errno::ENODATA), "{read:?}");
        let seen = node.query_dv_timings();
        ensure!(seen.err() == Some(Errno::ENOLINK), "{seen:?}");
        Ok(())
    })
}
