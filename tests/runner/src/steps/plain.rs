//! What cargo does by itself: format, lints, documentation, tests.

use std::process::Command;

use anyhow::Result;

use super::Asked;
use crate::cases::Cases;
use crate::process::{Go, cargo};
use crate::{place, workspace};

/// Packages outside of the workspace.
pub const OUTSIDE: &[&str] = &[
    "tests/api",
    "tests/bare",
    "tests/decode",
    "tests/declared/wrong",
    "tests/fuzz",
    "tests/runner",
    "backend-linux/examples/firmware",
    "backend-linux/examples/logging",
    "bench/peers",
];

/// The code is formatted.
pub fn format(asked: &Asked) -> Result<()> {
    let mut cases = Cases::new();
    cases.add("the workspace is formatted", || cargo("fmt --all --check").go());
    for package in OUTSIDE {
        cases.add(format!("{package} is formatted"), move || {
            cargo("fmt --check --manifest-path").arg(format!("{package}/Cargo.toml")).go()
        });
    }
    cases.run(asked.filter())
}

/// Clippy, warnings denied: plain, with every log statement compiled in, with each logger, and with critical sections.
pub fn lint(asked: &Asked) -> Result<()> {
    cargo("fetch --locked").persist()?;
    let libraries = "-p vidbuf -p vidbuf-linux -p vidbuf-sim";
    let mut cases = Cases::new();
    let mut clean = |name: &'static str, mut clippy: Command| {
        cases.add(name, move || clippy.words("-- -D warnings").go());
    };
    clean("the workspace, all targets", cargo("clippy --locked --workspace --all-targets"));
    let mut logs =
        cargo(&format!("clippy --locked {libraries} --features vidbuf/defmt-log,vidbuf-linux/defmt,vidbuf-sim/defmt"));
    logs.env("DEFMT_LOG", "trace");
    clean("the libraries with every log statement", logs);
    let mut both = cargo("clippy --locked -p vidbuf --features defmt-log,log");
    both.env("DEFMT_LOG", "trace");
    clean("vidbuf with both loggers", both);
    clean(
        "the test of messages through the crate log",
        workspace::unoptimised("clippy", "--features vidbuf-tests/log --test log"),
    );
    clean(
        "the libraries with critical sections",
        cargo(&format!("clippy --locked {libraries} --features vidbuf/critical-section,vidbuf-sim/critical-section")),
    );
    clean("vidbuf-linux through the C library", cargo("clippy --locked -p vidbuf-linux --features use-libc --tests"));
    clean("vidbuf-linux with std", cargo("clippy --locked -p vidbuf-linux --features std --examples"));
    clean("what runs the tests", runner("clippy --all-targets"));
    cases.run(asked.filter())
}

/// Cargo on this program's package. It builds apart from where this program was built.
fn runner(words: &str) -> Command {
    let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
    let mut cargo = cargo(command);
    cargo
        .words("--locked --quiet --manifest-path tests/runner/Cargo.toml --target-dir")
        .arg(place::below_target("runner"));
    cargo.words(rest);
    cargo
}

/// The documentation builds without a warning; every public item has some.
pub fn docs(asked: &Asked) -> Result<()> {
    let mut cases = Cases::new();
    cases.add("the documentation builds without a warning", || {
        cargo("doc --locked --workspace --no-deps --quiet").env("RUSTDOCFLAGS", "-D warnings").go()
    });
    cases.run(asked.filter())
}

/// Unit tests, the contract suite on the simulator, misuse that must not compile, documentation examples; and what this program
/// passes and fails by.
pub fn host(asked: &Asked) -> Result<()> {
    let all = cargo("test --locked --workspace --no-fail-fast").args(asked.test_filter()).go();
    runner("test").args(asked.test_filter()).go()?;
    all
}

/// The same tests with slot ownership and the simulator under critical sections, and the messages through the crate `log`.
pub fn features(asked: &Asked) -> Result<()> {
    let critical = "--features vidbuf-tests/critical-section --bin suite --test contract --test threads";
    workspace::unoptimised("test", critical).args(asked.test_filter()).go()?;
    workspace::unoptimised("test", "--no-default-features --features vidbuf-tests/log --test log")
        .args(asked.test_filter())
        .go()
}
