//! The rows.

use super::Lane::{Guests, Host, Programs};
use super::{
    Step, any_program, api, bare_metal, bench, boards, boot, capture, compliance, declared, drivers, firmware,
    firmware_copy, fuzz, logs, loom, loopback, model, plain, sanitizers, sections, simulator, tree, vivid, words,
};
use crate::fetch::Thing::{Compliance, Cross, Driver, Guest, OlderRust};

const NOTHING: Step = Step {
    name: "",
    about: "",
    lane: Host,
    apart: false,
    quick: false,
    least: 1,
    needs: &[],
    fetches: &[],
    run: plain::docs,
};

/// Every step, in the order of its lane: what is soon through, then what shares folders with other steps, then what may run in any
/// lane, the longest first; but `boards` and `bare_metal` build in one folder, where one would wait for the other.
pub const ALL: &[Step] = &[
    Step { name: "format", about: "the code is formatted", quick: true, least: 10, run: plain::format, ..NOTHING },
    Step {
        name: "words",
        about: "what users read is plain English",
        quick: true,
        least: 2,
        needs: &["git"],
        run: words::words,
        ..NOTHING
    },
    Step {
        name: "lint",
        about: "no warning of clippy",
        quick: true,
        least: 6,
        needs: &["cc"],
        run: plain::lint,
        ..NOTHING
    },
    Step { name: "docs", about: "no warning of rustdoc", quick: true, least: 1, run: plain::docs, ..NOTHING },
    Step { name: "tree", about: "what the libraries depend on", least: 5, run: tree::tree, ..NOTHING },
    Step {
        name: "api",
        about: "what users of the libraries can rely on",
        least: 17,
        needs: &["cc"],
        run: api::api,
        ..NOTHING
    },
    Step {
        name: "host",
        about: "unit tests, the contract on the simulator, misuse, documentation",
        quick: true,
        least: 436,
        needs: &[
            "cc",
            "git",
            "xz",
            "arm-linux-gnueabihf-gcc",
            "/usr/arm-linux-gnueabihf/include/sys/time.h",
            "/usr/include/linux/videodev2.h",
            "/usr/include/x86_64-linux-gnu/gnu/stubs-32.h",
        ],
        run: plain::host,
        ..NOTHING
    },
    Step {
        name: "features",
        about: "the tests under critical sections",
        least: 11,
        needs: &["cc"],
        run: plain::features,
        ..NOTHING
    },
    Step {
        name: "capture",
        about: "the capture example on the simulator",
        lane: Programs,
        least: 29,
        needs: &["cc"],
        run: capture::capture,
        ..NOTHING
    },
    Step {
        name: "simulator_examples",
        about: "every example of the simulator",
        least: 35,
        needs: &["cc"],
        run: simulator::examples,
        ..NOTHING
    },
    Step {
        name: "simulator_speed",
        about: "instructions of a cycle on the simulator",
        lane: Programs,
        least: 4,
        needs: &["cc", "valgrind"],
        run: simulator::speed,
        ..NOTHING
    },
    Step {
        name: "compliance",
        about: "v4l2-compliance with its streams, on simulated cameras",
        lane: Programs,
        least: 801,
        needs: &["cc", "v4l2-compliance"],
        fetches: &[Compliance],
        run: compliance::compliance,
        ..NOTHING
    },
    Step {
        name: "loopback",
        about: "v4l2loopback, and drivers made odd",
        lane: Programs,
        least: 58,
        needs: &["cc", "v4l2-ctl"],
        fetches: &[Guest("amd64-6.1"), Driver("v4l2loopback", "amd64-6.1")],
        run: loopback::loopback,
        ..NOTHING
    },
    Step {
        name: "any_program",
        about: "any program sees simulated cameras",
        lane: Programs,
        least: 96,
        needs: &["cc", "v4l2-ctl"],
        run: any_program::any_program,
        ..NOTHING
    },
    Step {
        name: "model",
        about: "every interleaving, and broken copies of the library",
        apart: true,
        least: 32,
        needs: &["cc", "git"],
        run: model::model,
        ..NOTHING
    },
    Step {
        name: "declared",
        about: "what the published packages declare",
        apart: true,
        least: 15,
        needs: &["cc"],
        fetches: &[OlderRust],
        run: declared::declared,
        ..NOTHING
    },
    Step {
        name: "sanitizers",
        about: "AddressSanitizer and ThreadSanitizer",
        apart: true,
        least: 153,
        needs: &["cc"],
        run: sanitizers::sanitizers,
        ..NOTHING
    },
    Step {
        name: "fuzz",
        about: "any program, any driver, any kernel",
        apart: true,
        least: 3,
        needs: &["cc", "c++"],
        run: fuzz::fuzz,
        ..NOTHING
    },
    Step {
        name: "loom",
        about: "what threads may see of each other",
        apart: true,
        least: 17,
        needs: &["cc", "git"],
        run: loom::loom,
        ..NOTHING
    },
    Step {
        name: "boot",
        about: "guests themselves: statuses, files, clean ends",
        lane: Guests,
        least: 16,
        fetches: &[Guest("amd64-6.1")],
        run: boot::boot,
        ..NOTHING
    },
    Step {
        name: "vivid",
        about: "the contract, the capture example, recordings on vivid",
        lane: Guests,
        least: 150,
        needs: &["cc", "strace", "v4l2-ctl"],
        fetches: &[Guest("amd64-6.1")],
        run: vivid::vivid,
        ..NOTHING
    },
    Step {
        name: "drivers",
        about: "drivers other than vivid, in each guest that has them",
        lane: Guests,
        least: 197,
        needs: &["cc", "make"],
        fetches: &[
            Guest("amd64-6.1"),
            Guest("amd64-6.12"),
            Driver("vicodec", "amd64-6.1"),
            Driver("vicodec", "amd64-6.12"),
            Driver("vim2m", "amd64-6.1"),
            Driver("vim2m", "amd64-6.12"),
            Driver("vimc", "amd64-6.1"),
            Driver("vimc", "amd64-6.12"),
            Driver("visl", "amd64-6.12"),
        ],
        run: drivers::drivers,
        ..NOTHING
    },
    Step {
        name: "sections",
        about: "v4l2-compliance by section: simulated cameras beside real drivers",
        lane: Guests,
        least: 465,
        needs: &["cc", "v4l2-compliance"],
        fetches: &[Guest("amd64-6.1"), Guest("amd64-6.12"), Compliance],
        run: sections::sections,
        ..NOTHING
    },
    Step {
        name: "firmware",
        about: "the firmware example, its size and its ends",
        lane: Guests,
        least: 11,
        needs: &["cc", "size", "strace", "v4l2-ctl"],
        fetches: &[Guest("amd64-6.1")],
        run: firmware::firmware,
        ..NOTHING
    },
    Step {
        name: "logs",
        about: "logs, end to end",
        lane: Guests,
        least: 8,
        needs: &["cc", "nm", "size"],
        run: logs::logs,
        ..NOTHING
    },
    Step {
        name: "differential",
        about: "the same random system calls on vivid and on the simulator",
        lane: Guests,
        least: 16,
        needs: &["cc"],
        fetches: &[Guest("amd64-6.1"), Guest("amd64-6.12")],
        run: vivid::differential,
        ..NOTHING
    },
    Step {
        name: "budgets",
        about: "what a frame costs",
        lane: Guests,
        least: 58,
        needs: crate::bench::NEEDS,
        fetches: &[Guest("amd64-6.1")],
        run: bench::budgets,
        ..NOTHING
    },
    Step {
        name: "boards",
        about: "other processors with Linux, and what the firmware example takes there",
        apart: true,
        lane: Guests,
        least: 305,
        needs: &["cc", "nm", "size", "strace"],
        fetches: &[Guest("amd64-6.1"), Guest("arm64-6.1"), Guest("arm64-16k-6.12"), Guest("armhf-6.1"), Cross],
        run: boards::boards,
        ..NOTHING
    },
    Step {
        name: "firmware_copy",
        about: "the firmware example as its README describes it",
        apart: true,
        lane: Guests,
        least: 17,
        needs: &["cc", "qemu-aarch64-static", "qemu-arm-static"],
        fetches: &[Cross],
        run: firmware_copy::firmware_copy,
        ..NOTHING
    },
    Step {
        name: "bare_metal",
        about: "processors without an operating system, and what a queue takes there",
        apart: true,
        lane: Guests,
        least: 18,
        needs: &["cc", "nm", "size", "qemu-system-arm"],
        fetches: &[Cross],
        run: bare_metal::bare_metal,
        ..NOTHING
    },
];
