//! AddressSanitizer over the simulator's suite, ThreadSanitizer over the tests with several threads. Each first has to catch a program
//! with a fault of its kind. The standard library stays uninstrumented (rustup brings no instrumented one).

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};

use super::Asked;
use crate::cases::Cases;
use crate::place::{HOST, below_target};
use crate::process::{Go, nightly};
use crate::tools;

/// A sanitizer.
#[derive(Clone, Copy)]
struct Sanitizer {
    name: &'static str,
    flags: &'static str,
    /// What it reports of the faulty program.
    report: &'static str,
}

const ADDRESS: Sanitizer = Sanitizer { name: "address", flags: "", report: "AddressSanitizer: heap-use-after-free" };
const THREAD: Sanitizer =
    Sanitizer { name: "thread", flags: "-Cunsafe-allow-abi-mismatch=sanitizer", report: "ThreadSanitizer: data race" };

impl Sanitizer {
    fn cargo(self, words: &str) -> Command {
        let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
        let mut cargo = nightly(command);
        // Other people's crates are not what is looked for: quickly built.
        cargo.args(["--locked", "--target", HOST, "--config", "profile.dev.package.\"*\".opt-level=0"]).words(rest);
        // A target folder each: the flags are in every artifact. Line tables alone, for reports that name the line.
        cargo.env("CARGO_TARGET_DIR", below_target("sanitizers").join(self.name));
        cargo.env("RUSTFLAGS", format!("-Zsanitizer={} {}", self.name, self.flags));
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only").env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
        // The contract's devices live as long as their process, on purpose: a leak is no fault here. The standard library's
        // channels are not instrumented, so what they order looks like a race: what the test harness sends through one passes.
        let own = |name: &str| std::env::var(name).unwrap_or_default();
        cargo.env("ASAN_OPTIONS", format!("detect_leaks=0 {}", own("ASAN_OPTIONS")));
        let suppressions = below_target("sanitizers/harness");
        cargo.env(
            "TSAN_OPTIONS",
            format!("halt_on_error=1 suppressions='{}' {}", suppressions.display(), own("TSAN_OPTIONS")),
        );
        cargo
    }

    /// Expects the program with a fault to be stopped by the report that it deserves.
    fn catches_the_faulty_program(self) -> Result<()> {
        let seen = self.cargo("run -q -p vidbuf-tests --example faulty --").arg(self.name).seen()?;
        let words = seen.both();
        ensure!(seen.status != 0, "it let the faulty program pass: {words}");
        ensure!(words.contains(self.report), "it did not report {}: {words}", self.report);
        let lines = words.lines().filter(|line| line.contains(self.report) || line.contains("faulty.rs"));
        lines.take(2).for_each(|line| println!("{line}"));
        Ok(())
    }
}

/// The step.
pub fn sanitizers(asked: &Asked) -> Result<()> {
    tools::needs_nightly()?;
    nightly("fetch --locked").persist()?;
    fs::create_dir_all(below_target("sanitizers"))?;
    fs::write(below_target("sanitizers/harness"), "race:test::event::CompletedTest\nrace:test::run_test\n")?;
    let mut cases = Cases::new();
    for sanitizer in [ADDRESS, THREAD] {
        cases.add(format!("{}: a faulty program is caught", sanitizer.name), move || {
            sanitizer.catches_the_faulty_program()
        });
    }
    // Without its being awake, what it lets pass shows nothing.
    cases.run(None)?;
    let test = |sanitizer: Sanitizer, words: &str| sanitizer.cargo(words).args(asked.test_filter()).go();
    // The same in each command: the libraries get the same features, and are built once.
    let packages = "-p vidbuf -p vidbuf-sim -p vidbuf-tests";
    let tests = "--test contract --test hostile --test every_call_fails --test threads --test issue_9 --test races";
    test(ADDRESS, &format!("test {packages} --lib --bins {tests}"))?;
    for _ in 0..3 {
        test(THREAD, &format!("test -q {packages} --no-default-features --test threads --test contract --test races"))?;
    }
    // Buffers reported while they are being enqueued, drivers that write into held buffers, workers on virtual time.
    test(THREAD, &format!("test -q {packages} --no-default-features --test lies --test loopback --test signals"))
}
