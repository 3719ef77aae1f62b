//! The contract suite on the simulator: every profile kind, pages of 4, 16 and 64 KiB.

use vidbuf::queue::{MultiPlanar, SinglePlanar};
use vidbuf_sim::Profile;
use vidbuf_tests::contract::states::InState;
use vidbuf_tests::contract::{Case, Rig as _, controls, events, inputs, node, run, states, timings};
use vidbuf_tests::rig::simulator::Simulated;

fn check(name: &str, profile: Profile, page: usize, cases: &[Case<Simulated>]) {
    let rig = Simulated::new(profile, page);
    let (passed, failed) = run(name, &rig, cases);
    assert_eq!((failed, rig.violations()), (0, 0), "of {}", passed + failed);
    assert!(passed > 0);
}

#[test]
fn single_planar_capture_keeps_the_contract() {
    for page in [4096, 16384, 65536] {
        check(
            "simulated capture",
            Profile::VIVID,
            page,
            &[
                states::capture::<_, SinglePlanar>(),
                node::cases(),
                controls::cases::<_, SinglePlanar>(),
                timings::cases(),
                inputs::cases::<_, SinglePlanar>(),
                events::cases::<_, SinglePlanar>(),
            ]
            .concat(),
        );
    }
}

#[test]
fn multi_planar_capture_keeps_the_contract() {
    for page in [4096, 16384, 65536] {
        check(
            "simulated multi-planar capture",
            Profile::VIVID_MULTIPLANAR,
            page,
            &[
                states::capture::<_, MultiPlanar>(),
                node::cases(),
                controls::cases::<_, MultiPlanar>(),
                timings::cases(),
                inputs::cases::<_, MultiPlanar>(),
                events::cases::<_, MultiPlanar>(),
            ]
            .concat(),
        );
    }
}

#[test]
fn single_planar_output_keeps_the_contract() {
    for page in [4096, 16384, 65536] {
        check("simulated output", Profile::VIVID_OUTPUT, page, &states::output::<_, SinglePlanar>());
    }
}

#[test]
fn multi_planar_output_keeps_the_contract() {
    for page in [4096, 16384, 65536] {
        let profile = Profile::VIVID_OUTPUT_MULTIPLANAR;
        check("simulated multi-planar output", profile, page, &states::output::<_, MultiPlanar>());
    }
}

/// A file is a state: what it lists was seen to make a call there.
fn each_calls_in_its_state(rig: &Simulated, states: &[InState<Simulated>]) {
    for (state, cases) in states {
        let Some(state) = state else { continue };
        assert_eq!(run("by state", rig, cases).1, 0);
        for (name, _) in cases {
            let seen = rig.ledger().cells().iter().any(|(at, _, _, case)| (at, case) == (state, name));
            assert!(seen, "{name} is listed for {state:?}, where it makes no call");
        }
    }
}

#[test]
fn every_case_calls_the_driver_in_the_state_that_lists_it() {
    each_calls_in_its_state(&Simulated::new(Profile::VIVID, 4096), &states::capture_by_state::<_, SinglePlanar>());
    each_calls_in_its_state(
        &Simulated::new(Profile::VIVID_OUTPUT, 4096),
        &states::output_by_state::<_, SinglePlanar>(),
    );
}
