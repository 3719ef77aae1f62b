//! The contract suite on the simulator: every profile kind, pages of 4, 16 and 64 KiB.

use vidbuf::queue::{MultiPlanar, SinglePlanar};
use vidbuf_sim::Profile;
use vidbuf_tests::contract::{Case, capture, events, faults, inputs, node, output, parked, run, timings};
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
                capture::cases::<_, SinglePlanar>(),
                parked::cases::<_, SinglePlanar>(),
                node::cases(),
                timings::cases(),
                inputs::cases::<_, SinglePlanar>(),
                events::cases::<_, SinglePlanar>(),
                faults::cases::<_, SinglePlanar>(),
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
                capture::cases::<_, MultiPlanar>(),
                parked::cases::<_, MultiPlanar>(),
                node::cases(),
                timings::cases(),
                inputs::cases::<_, MultiPlanar>(),
                events::cases::<_, MultiPlanar>(),
                faults::cases::<_, MultiPlanar>(),
            ]
            .concat(),
        );
    }
}

#[test]
fn single_planar_output_keeps_the_contract() {
    for page in [4096, 16384, 65536] {
        check("simulated output", Profile::VIVID_OUTPUT, page, &output::cases::<_, SinglePlanar>());
    }
}

#[test]
fn multi_planar_output_keeps_the_contract() {
    for page in [4096, 16384, 65536] {
        let profile = Profile::VIVID_OUTPUT_MULTIPLANAR;
        check("simulated multi-planar output", profile, page, &output::cases::<_, MultiPlanar>());
    }
}
